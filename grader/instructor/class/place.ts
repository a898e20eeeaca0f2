import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { onInterrupt } from '../interrupt';
import { rowsFile } from './rows';
import { runFile } from './run';

/** Points given by hand. It is the instructor's, and goes along with every run. */
export const overridesFile = 'overrides.csv';

/**
 * Where a run is written before it takes its place: a folder beside that, which nobody takes for one.
 * A run that was killed leaves at most such a folder, and the next one takes it away.
 */
export interface Draft {
  readonly folder: string;
  /** Whether an earlier run is in the place. */
  readonly replaces: boolean;
  discard(): void;
  /** Puts the draft in its place. @returns where the earlier run is kept, if there was one. */
  put(): string | undefined;
}

/**
 * Starts a run whose results are to be in a folder.
 *
 * @throws {GraderError} where something else lies there, or nothing can be written.
 */
export function startDraft(out: string): Draft {
  try {
    recover(out);
    refuseForeign(out);
    const stamp = `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-${process.pid}`;
    const folder = `${out}.draft-${stamp}`;
    mkdirSync(path.dirname(out), { recursive: true });
    // Student records: nobody but the one who grades has to read them.
    mkdirSync(folder, { mode: 0o700 });
    const overrides = path.join(out, overridesFile);
    if (existsSync(overrides)) copyFileSync(overrides, path.join(folder, overridesFile));
    const remove = () => rmSync(folder, { recursive: true, force: true });
    const takeBack = onInterrupt(remove);
    return {
      folder,
      replaces: hasRun(out),
      discard: () => {
        takeBack();
        remove();
      },
      put: () => {
        takeBack();
        return put(out, folder, stamp);
      },
    };
  } catch (error) {
    throw error instanceof GraderError ? error : unwritable(out, error);
  }
}

function hasRun(out: string): boolean {
  return existsSync(path.join(out, runFile));
}

function put(out: string, folder: string, stamp: string): string | undefined {
  const kept = `${out}.before-${stamp}`;
  try {
    if (!existsSync(out)) {
      renameSync(folder, out);
      return undefined;
    }
    // Whoever wrote overrides while this ran keeps them.
    const overrides = path.join(out, overridesFile);
    if (existsSync(overrides)) copyFileSync(overrides, path.join(folder, overridesFile));
    const isRun = hasRun(out);
    renameSync(out, kept);
    renameSync(folder, out);
    if (isRun) return kept;
    rmSync(kept, { recursive: true });
    return undefined;
  } catch (error) {
    if (!existsSync(out) && existsSync(kept)) renameSync(kept, out);
    throw unwritable(out, error);
  }
}

/** Takes up what a run that was killed left: it is put in its place, or taken away. */
function recover(out: string): void {
  const folder = path.dirname(out);
  const prefix = `${path.basename(out)}.draft-`;
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(prefix))) {
    const stamp = name.slice(prefix.length);
    const [, pid] = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-(\d+)$/.exec(stamp) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    // It was killed between the two renames: the draft is whole, and its place is empty.
    if (!existsSync(out) && existsSync(`${out}.before-${stamp}`)) renameSync(path.join(folder, name), out);
    else rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** All that may lie in the folder where no run is yet. */
const ours = new Set([overridesFile, '.DS_Store', 'Thumbs.db']);

function refuseForeign(out: string): void {
  const stats = statSync(out, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isDirectory()) throw inTheWay(out, 'is no folder');
  const foreign = readdirSync(out).filter((name) => !ours.has(name));
  if (foreign.length > 0 && !(hasRun(out) && foreign.includes(rowsFile))) {
    throw inTheWay(out, `holds ${foreign[0]}, which no grading put there`);
  }
}

function inTheWay(out: string, reason: string): GraderError {
  return new GraderError(
    'folder',
    `${out} ${reason}. It is left as it is. Choose another folder with --out.`,
  );
}

export function unwritable(out: string, error: unknown): GraderError {
  const { code = error } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOSPC' ? 'the disk is full' : String(code);
  return new GraderError(
    'folder',
    `Nothing can be written to ${out} (${reason}). What was there before is as it was.`,
  );
}
