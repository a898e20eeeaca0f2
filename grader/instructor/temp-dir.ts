import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onInterrupt } from './interrupt';
import { isAlive, takeLock } from './lock';

/** What all temporary folders of this package begin with, and the lock of each ends in. */
const prefix = 'worksheet-grader-';
const lockSuffix = '.lock';

/**
 * Lets something use an empty folder that is gone afterwards, however it ends. A process that is killed
 * leaves its folder behind; the next one that wants a folder removes it.
 */
export async function withTempDir<Result>(
  use: (folder: string) => Result | Promise<Result>,
): Promise<Result> {
  const around = path.join(tmpdir(), `${prefix}${randomUUID()}`);
  // The lock comes first: a folder without one is of nobody who lives.
  const lock = await takeLock(`${around}${lockSuffix}`);
  const remove = () => {
    rmSync(around, { recursive: true, force: true });
    if ('release' in lock) lock.release();
  };
  const off = onInterrupt(remove);
  const removal = removeAbandoned(path.basename(around));
  try {
    const folder = path.join(around, 'files');
    mkdirSync(around, { mode: 0o700 });
    mkdirSync(folder);
    return await use(folder);
  } finally {
    await removal;
    off();
    remove();
  }
}

/** Removes the folders of processes that are gone. */
async function removeAbandoned(own: string): Promise<void> {
  const folders = new Set(abandonable().map((name) => name.replace(lockSuffix, '')));
  folders.delete(own);
  await Promise.all(
    [...folders].map(async (name) => {
      const folder = path.join(tmpdir(), name);
      if (await isAlive(`${folder}${lockSuffix}`)) return;
      try {
        rmSync(folder, { recursive: true, force: true });
        rmSync(`${folder}${lockSuffix}`, { force: true });
      } catch {
        // It is another user's, who will remove it.
      }
    }),
  );
}

function abandonable(): string[] {
  try {
    return readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}
