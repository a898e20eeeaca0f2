import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GraderError } from '../message';

// Cleans up unfinished work, so that an interrupted run leaves nothing behind.

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The actions to run if the process is interrupted, newest last. */
const cleanups: (() => void)[] = [];

/**
 * Registers an action to run if the process is interrupted, just before it ends. The newest action runs first.
 *
 * @returns a function that unregisters it.
 */
export function onInterrupt(act: () => void): () => void {
  if (cleanups.length === 0) for (const signal of signals) process.on(signal, interrupted);
  cleanups.push(act);
  return () => {
    const index = cleanups.indexOf(act);
    if (index >= 0) cleanups.splice(index, 1);
    if (cleanups.length === 0) for (const signal of signals) process.off(signal, interrupted);
  };
}

/** Runs the actions if the process ends in any other way before its work is finished. */
export function cleanUp(): void {
  for (const act of cleanups.splice(0).reverse()) {
    try {
      act();
    } catch {
      // The next run deals with anything that cannot be undone here.
    }
  }
}

function interrupted(signal: NodeJS.Signals): void {
  cleanUp();
  for (const each of signals) process.off(each, interrupted);
  process.kill(process.pid, signal);
}

/** Calls a function with an empty folder, and removes the folder afterwards, even after an error. */
export async function withTempDir<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), 'worksheet-grader-'));
  const off = onInterrupt(() => removeFolder(folder));
  try {
    return await use(folder);
  } finally {
    // Remove the folder first: if that is interrupted, the action above still removes the rest.
    removeFolder(folder);
    off();
  }
}

/**
 * Takes a lock: a folder that only one process at a time can make. Only a person may delete the lock of a killed
 * process, because there is no other way to tell whether it is still running.
 *
 * @param folder the lock itself; its parent folder must exist.
 * @param busy says what another process is doing if it holds the lock.
 * @returns a function that releases the lock.
 * @throws {GraderError} that says how long it has been held, and what to delete if nobody holds it any more.
 */
export function holdLock(folder: string, busy: string): () => void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const began = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    const minutes = Math.max(0, Math.round((Date.now() - began) / 60_000));
    throw new GraderError(
      'folder',
      'lock-held',
      `${busy}, for ${minutes < 2 ? 'a minute or less' : `${minutes} minutes`}. Wait until it ends. If it was killed and is no longer running, delete ${folder} and run this again.`,
    );
  }
  const off = onInterrupt(() => removeFolder(folder));
  return () => {
    off();
    removeFolder(folder);
  };
}

/** A new folder that is made beside its final place, and then moved there as a whole. */
export interface Draft {
  readonly folder: string;
  /** Removes the draft. */
  readonly discard: () => void;
  /**
   * Moves the earlier folder away and the new one into its place. If this fails, puts the earlier one back.
   *
   * @param made the new folder: the draft, or a folder in it.
   * @param earlier where to keep the earlier folder.
   * @param assertUnchanged called once the earlier folder is there, because somebody may have changed it meanwhile.
   */
  readonly commit: (made: string, earlier: string, assertUnchanged: () => void) => void;
}

/**
 * @param out the final place.
 * @param busy says what another process is doing if it works there.
 * @param prepare recovers what a killed process left in the folder, refuses anything that is in the way, and makes the
 *   folder.
 * @throws {GraderError} if another process is working in that place, or if `prepare` throws one.
 */
export function startDraft(out: string, busy: string, prepare: (folder: string) => void): Draft {
  const folder = `${out}.new`;
  mkdirSync(path.dirname(out), { recursive: true });
  const release = holdLock(`${out}.lock`, busy);
  const discard = () => {
    off();
    removeFolder(folder);
    release();
  };
  const off = onInterrupt(discard);
  try {
    prepare(folder);
  } catch (error) {
    discard();
    throw error;
  }
  const commit: Draft['commit'] = (made, earlier, assertUnchanged) => {
    try {
      if (existsSync(out)) {
        rename(out, earlier);
        assertUnchanged();
      }
      rename(made, out);
    } catch (error) {
      if (existsSync(earlier)) rename(earlier, out);
      throw error;
    }
  };
  return { folder, discard, commit };
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** How long to wait for another program to close a file, in milliseconds. Only Windows needs this. */
const patience = process.platform === 'win32' ? 2000 : 0;

/** Renames a folder; on Windows, retries while one of its files is open. */
export function rename(from: string, to: string): void {
  for (const start = performance.now(); ; ) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const isInUse = ['EPERM', 'EBUSY'].includes(String((error as NodeJS.ErrnoException).code));
      if (!isInUse || performance.now() - start >= patience) throw error;
      // Blocks this thread for a tenth of a second.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}

/** The error to throw if the system cannot write to a folder. Its message names the folder. */
export function unwritable(out: string, error: unknown) {
  const { code, path: from = '', dest: to = '' } = error as NodeJS.ErrnoException & { dest?: string };
  // A full disk's error names no path.
  const isElsewhere = from !== '' && ![from, to].some((folder) => folder.startsWith(out));
  if (error instanceof GraderError || code === undefined || isElsewhere) return error;
  const isOthers = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  const why = isOthers
    ? 'you may not write there. Choose another place with --out <folder>.'
    : 'the disk may be full, or a file there may be open in another program.';
  return new GraderError(
    'folder',
    'out-unwritable',
    `Nothing can be written to ${out} (${code}): ${why} What was there before is unchanged.`,
  );
}
