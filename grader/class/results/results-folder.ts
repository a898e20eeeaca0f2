import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { removeFolder, rename } from '../../atomic-folder';
import { GraderError } from '../../error';
import { onInterrupt } from '../../interrupt';
import { holdLock } from '../../lock';
import { matchesFile } from '../members/matching';
import { emptyTables } from './by-hand';
import { runFile } from './results-file';

/** The results of a run in progress. The folder in its place holds the earlier run or the new one, never half of either. */
export interface ResultsFolder {
  /** Where the new results are written, beside their place. */
  readonly folder: string;
  /** Whether an earlier run is in its place. */
  readonly replaces: boolean;
  /** Removes what was written, unless it has been put in its place. */
  close(): void;
  /**
   * Puts the new results in their place.
   *
   * @returns where the earlier run is kept, if there was one.
   * @throws {GraderError} if a table was filled in meanwhile: the person would assume that it counts.
   */
  commit(): string | undefined;
}

/** The tables that an instructor fills in. A folder that holds nothing else counts as new. */
const byHand = [...Object.keys(emptyTables), matchesFile];

/** Files that operating systems leave in a folder that somebody opened. */
const harmless = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/**
 * Starts to write results. What a killed run left beside the folder is deleted, or put in place if it was complete.
 *
 * @throws {GraderError} where another run is active there, something else is in the way, or nothing can be written.
 */
export function openResults(out: string): ResultsFolder {
  return orUnwritable(out, () => {
    mkdirSync(path.dirname(out), { recursive: true });
    const lock = holdLock(`${out}.lock`, `Another run writes to ${out}`);
    const folder = `${out}.new`;
    const hasRun = (place: string) => existsSync(path.join(place, runFile));
    const close = () => {
      off();
      removeFolder(folder);
      lock.release();
    };
    const off = onInterrupt(close);
    try {
      // A run that was killed between its two renames was complete.
      if (!existsSync(out) && hasRun(folder)) rename(folder, out);
      removeFolder(folder);
      assertOurs(out, hasRun(out));
      // These are student records: only the user who grades has to read them.
      mkdirSync(folder, { mode: 0o700 });
      for (const name of byHand)
        if (existsSync(path.join(out, name))) copyFileSync(path.join(out, name), path.join(folder, name));
    } catch (error) {
      close();
      throw error;
    }
    const textOf = (place: string, name: string) =>
      existsSync(path.join(place, name)) ? readFileSync(path.join(place, name), 'utf8') : undefined;
    const tables = new Map(byHand.map((name) => [name, textOf(out, name)]));
    const commit = () => {
      for (const [name, text] of tables)
        if (textOf(out, name) !== text)
          throw new GraderError(
            'folder',
            'by-hand-changed',
            `${path.join(out, name)} was changed while the class was graded. Nothing was replaced; run it again.`,
          );
      const isKept = hasRun(out);
      const earlier = freeName(`${out}.before-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`);
      if (existsSync(out)) rename(out, earlier);
      rename(folder, out);
      if (isKept) return earlier;
      removeFolder(earlier);
      return undefined;
    };
    return { folder, replaces: hasRun(out), close, commit: () => orUnwritable(out, commit) };
  });
}

function freeName(wanted: string): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!existsSync(name)) return name;
  }
}

function assertOurs(out: string, hasRun: boolean): void {
  const stats = statSync(out, { throwIfNoEntry: false });
  const foreign = stats?.isDirectory()
    ? readdirSync(out).find((name) => !harmless.has(name) && !byHand.includes(name))
    : undefined;
  if (stats?.isDirectory() !== false && (foreign === undefined || hasRun)) return;
  const reason = foreign === undefined ? 'is not a folder' : `holds ${foreign}, which no grading put there`;
  throw new GraderError(
    'folder',
    foreign === undefined ? 'out-not-a-folder' : 'out-holds-other-files',
    `${out} ${reason}. It was not changed. Choose another folder with --out.`,
  );
}

/** @throws {GraderError} in place of an error of the file system. */
function orUnwritable<Result>(out: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    throw unwritable(out, error);
  }
}

/** What to throw for an error: a system's own becomes one that names the folder. */
export function unwritable(out: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof GraderError || code === undefined) return error;
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EPERM: 'not allowed; close files of it that are open in another program',
    EBUSY: 'in use; close files of it that are open in another program',
  };
  return new GraderError(
    'folder',
    'out-unwritable',
    `Nothing can be written to ${out} (${reasons[code] ?? code}). What was there before is unchanged.`,
  );
}
