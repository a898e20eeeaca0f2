import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeFolder } from './atomic-folder';
import { isAbandoned, makeLock } from './lock';

/** What all temporary folders of this package begin with. */
const prefix = 'worksheet-grader-';

/**
 * Lets something use an empty folder that is gone afterwards, however it ends. The folder is in a lock, so
 * what a process that was killed leaves is known for that, and the next one that wants a folder removes it.
 */
export async function withTempDir<Result>(
  use: (folder: string) => Result | Promise<Result>,
): Promise<Result> {
  removeAbandoned();
  const around = path.join(tmpdir(), `${prefix}${randomUUID()}`);
  const lock = makeLock(around);
  try {
    const folder = path.join(around, 'files');
    mkdirSync(folder);
    return await use(folder);
  } finally {
    lock?.release();
  }
}

/** Removes the folders of processes that are gone. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = path.join(tmpdir(), name);
    try {
      if (isAbandoned(folder)) removeFolder(folder);
    } catch {
      // It is another user's, who will remove it, or gone by now.
    }
  }
}
