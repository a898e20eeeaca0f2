import { mkdirSync, rmSync, statSync } from 'node:fs';
import { GraderError } from './error';
import { onInterrupt } from './interrupt';

/** A folder that only one process at a time can make. */
export interface Lock {
  release(): void;
}

/**
 * Takes a lock. What a killed process left is a person's to delete: nothing else tells whether it still runs.
 *
 * @param folder the lock itself; its parent folder must exist.
 * @param busy says what another process is doing if it holds the lock.
 * @throws {GraderError} that says since when it is held, and what to delete if nobody holds it any more.
 */
export function holdLock(folder: string, busy: string): Lock {
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = statSync(folder, { throwIfNoEntry: false })?.mtime.toISOString() ?? 'a moment ago';
    throw new GraderError(
      'folder',
      'lock-held',
      `${busy}, since ${since}. Wait until that ends. If it was killed and no longer runs, delete ${folder} and run this again.`,
    );
  }
  const off = onInterrupt(remove);
  return {
    release: () => {
      off();
      remove();
    },
  };
}
