import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onInterrupt } from './interrupt';
import { msPerDay } from './rubric/moment';

/** The prefix of all temporary folders of this package. */
const prefix = 'worksheet-grader-';

/** Calls a function with an empty folder, and removes the folder afterwards, even after an error. */
export async function withTempDir<Result>(
  use: (folder: string) => Result | Promise<Result>,
): Promise<Result> {
  removeAbandoned();
  const folder = mkdtempSync(path.join(tmpdir(), prefix));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const off = onInterrupt(remove);
  try {
    return await use(folder);
  } finally {
    off();
    remove();
  }
}

/** Removes the folders of processes that were killed: those of an earlier day. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = path.join(tmpdir(), name);
    try {
      if (Date.now() - statSync(folder).mtimeMs > msPerDay) rmSync(folder, { recursive: true, force: true });
    } catch {
      // It belongs to another user, or is already gone.
    }
  }
}
