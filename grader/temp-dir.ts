import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeFolder } from './atomic-folder';
import { isAbandoned, makeLock } from './lock';

/** The prefix of all temporary folders of this package. */
const prefix = 'worksheet-grader-';

/**
 * Calls a function with an empty folder, and removes the folder afterwards, even after an error. The folder is inside a
 * lock, so the next process that needs one recognizes and removes the folders of processes that were killed.
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
      // The folder belongs to another user, who will remove it, or is already gone.
    }
  }
}
