import { existsSync, renameSync, rmSync } from 'node:fs';
import { GraderError } from './error';
import { onInterrupt } from './interrupt';
import { holdLock } from './lock';

/** A folder or file that replaces an earlier one. */
export interface Replacement {
  readonly target: string;
  /** Where the new one is made. */
  readonly made: string;
  /** Where the earlier one is kept until all new ones are in place. */
  readonly earlier: string;
}

/** Files that are written beside their place and then moved there by renames: all of them, or none. */
export interface Draft {
  readonly folder: string;
  /** Removes the draft. */
  discard(): void;
  /**
   * Puts everything in place. The last replacement is the sign that nothing is missing. If this fails,
   * everything is put back.
   *
   * @param assertUnchanged called for each one that was moved away, because somebody may have worked there
   *   meanwhile.
   */
  commit(replacements: readonly Replacement[], assertUnchanged?: (moved: Replacement) => void): void;
}

/** Where and how a draft is made. */
interface DraftOptions {
  readonly lock: string;
  /** The folder or file to replace, and the words for another process at work there: `Another run`, `writes to`. */
  readonly place: string;
  readonly another: string;
  readonly does: string;
  readonly folder: string;
  /** Recovers from a killed process, refuses anything that is in the way, and makes the folder. */
  readonly prepare: (folder: string) => void;
}

/** @throws {GraderError} if another process is at work in the place, or if `prepare` throws one. */
export function startDraft({ place, another, does, folder, prepare, ...options }: DraftOptions): Draft {
  const lock = holdLock(options.lock, `${another} ${does} ${place}`);
  const discard = () => {
    off();
    removeFolder(folder);
    lock.release();
  };
  const off = onInterrupt(discard);
  try {
    prepare(folder);
  } catch (error) {
    discard();
    throw error;
  }
  return {
    folder,
    discard,
    commit: (replacements, assertUnchanged) => {
      try {
        for (const replacement of replacements) {
          const { target, made, earlier } = replacement;
          if (existsSync(target)) {
            rename(target, earlier);
            assertUnchanged?.(replacement);
          }
          rename(made, target);
        }
      } catch (error) {
        goBack(replacements);
        throw error;
      }
    },
  };
}

/** Moves the new ones back out, and restores the ones that they replaced. */
function goBack(replacements: readonly Replacement[]): void {
  for (const { target, made, earlier } of replacements) {
    if (existsSync(target) && !existsSync(made)) rename(target, made);
    if (existsSync(earlier)) rename(earlier, target);
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** How long to wait for another program to close a file, in milliseconds; only Windows needs it. */
const patience = process.platform === 'win32' ? 2000 : 0;

/** Blocks this thread for that many milliseconds. */
function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Renames a folder; on Windows, retries while one of its files is open. */
export function rename(from: string, to: string): void {
  for (const start = performance.now(); ; sleepSync(100)) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const isInUse = ['EPERM', 'EBUSY'].includes(String((error as NodeJS.ErrnoException).code));
      if (!isInUse || performance.now() - start >= patience) throw error;
    }
  }
}

/** The error to throw for one of the system's: it names the folder. */
export function unwritable(out: string, error: unknown) {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof GraderError || code === undefined) return error;
  return new GraderError(
    'folder',
    'out-unwritable',
    `Nothing can be written to ${out} (${code}): the disk may be full, or a file there open in another program. What was there before is unchanged.`,
  );
}
