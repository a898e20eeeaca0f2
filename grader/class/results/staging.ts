import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { goBack, removeFolder, startDraft } from '../../atomic-folder';
import { GraderError } from '../../error';
import { emptyMatches, matchesFile } from '../members/matches';
import { commentsFile, emptyComments } from './comments';
import { emptyOverrides, overridesFile } from './overrides';
import { resultsFile, runFile } from './results-file';

/** A run in progress. The folder in its place is the earlier run or the new one, and never half of either. */
export interface RunStaging {
  readonly folder: string;
  /** Whether an earlier run is in the output folder. */
  readonly replaces: boolean;
  /** Notes about a run that was interrupted, and what was recovered. */
  readonly notes: readonly string[];
  discard(): void;
  /**
   * Puts the new run in its place.
   *
   * @returns where the earlier run is kept, if there was one.
   * @throws {GraderError} if it cannot. The earlier contents then stay as they were.
   */
  commit(): string | undefined;
}

/** The folders beside an output folder while a run is made. Each run writes to a folder of its own. */
const beside = (out: string, token = '') => ({
  target: out,
  made: `${out}.staging-${token.slice(0, 8)}`,
  earlier: `${out}.previous`,
});

/**
 * Starts a run that puts its results into a folder.
 *
 * @throws {GraderError} where another run is active there, something else is in the way, or nothing can be written.
 */
export function startRunStaging(out: string): RunStaging {
  const notes: string[] = [];
  return orUnwritable(out, () => {
    mkdirSync(path.dirname(out), { recursive: true });
    const draft = startDraft({
      another: 'Another run',
      does: 'writes to',
      place: out,
      lock: `${out}.lock`,
      folder: ({ token }) => beside(out, token).made,
      prepare: (folder) => {
        notes.push(...recover(out));
        assertOurs(out);
        // These are student records: only the user who grades has to read them.
        mkdirSync(folder, { mode: 0o700 });
        copyByHand(out, folder);
      },
    });
    const { folder, discard } = draft;
    return {
      folder,
      discard,
      notes,
      replaces: hasRun(out),
      commit: () =>
        orUnwritable(out, () => {
          draft.commit([{ ...beside(out), made: folder }], ({ made, earlier }) => {
            // Somebody who edited one during this run would assume that the edit counted.
            for (const name of lostByHand(earlier, made))
              throw new GraderError(
                'folder',
                'by-hand-changed',
                `${path.join(out, name)} was changed while the class was graded. Nothing was replaced; run it again.`,
              );
          });
          const kept = keepPrevious(out);
          discard();
          return kept;
        }),
    };
  });
}

function orUnwritable<Result>(out: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    throw error instanceof GraderError ? error : outUnwritable(out, error);
  }
}

function hasRun(out: string): boolean {
  return existsSync(path.join(out, runFile));
}

/**
 * Keeps the replaced run under a name of its own. Removes it if it held only by-hand files that the new run also has.
 */
function keepPrevious(out: string): string | undefined {
  const { earlier } = beside(out);
  if (!existsSync(earlier)) return undefined;
  if (isByHand(earlier) && lostByHand(earlier, out).length === 0) {
    removeFolder(earlier);
    return undefined;
  }
  const kept = freeName(`${out}.before-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`);
  try {
    renameSync(earlier, kept);
    return kept;
  } catch {
    // The new run is in place. The next run renames this one.
    return earlier;
  }
}

/**
 * Recovers from a run that was killed. We hold the lock now, so nothing beside the folder belongs to an active run.
 * The files that are there show between which two steps it was killed.
 */
function recover(out: string): string[] {
  const { earlier } = beside(out);
  const notes: string[] = [];
  if (existsSync(earlier)) {
    if (!hasRun(earlier) && !isByHand(earlier))
      throw outConflict('previous-in-the-way', earlier, 'is not a run of this grader');
    if (!existsSync(out)) {
      // Killed between the two renames: put the earlier run back, with the overrides in it.
      goBack([beside(out)]);
      notes.push(
        'An earlier run was interrupted before its results were in place; the run before it is back.',
      );
    } else {
      const kept = keepPrevious(out);
      if (kept) notes.push(`An earlier run was interrupted; what it replaced is kept in ${kept}.`);
    }
  }
  const around = path.dirname(out);
  const prefix = path.basename(beside(out).made);
  for (const entry of readdirSync(around)) {
    if (!entry.startsWith(prefix) || !/^[0-9a-f]{8}$/.test(entry.slice(prefix.length))) continue;
    const staging = path.join(around, entry);
    for (const name of lostByHand(staging, out)) {
      const kept = freeName(`${out}.${path.basename(name, '.csv')}-recovered.csv`);
      renameSync(path.join(staging, name), kept);
      notes.push(`An earlier run was interrupted; the ${name} that it had is kept in ${kept}.`);
    }
    removeFolder(staging);
  }
  return notes;
}

/** The files that the instructor fills in, with the contents of each when empty. Every run carries them over. */
export const byHand: ReadonlyMap<string, string> = new Map([
  [overridesFile, emptyOverrides],
  [commentsFile, emptyComments],
  [matchesFile, emptyMatches([])],
]);

/** Whether a folder holds nothing of a run except files filled in by hand. */
function isByHand(folder: string): boolean {
  return readdirSync(folder).every((name) => harmless.has(name) || byHand.has(name));
}

/** The files filled in by hand in one folder that another folder lacks or has with other contents. */
function lostByHand(folder: string, other: string): string[] {
  return [...byHand].flatMap(([name, empty]) => {
    const [one, two] = [path.join(folder, name), path.join(other, name)];
    const isKept =
      !existsSync(one) ||
      readFileSync(one, 'utf8') === empty ||
      (existsSync(two) && readFileSync(one).equals(readFileSync(two)));
    return isKept ? [] : [name];
  });
}

function copyByHand(from: string, to: string): void {
  for (const name of byHand.keys()) {
    const file = path.join(from, name);
    if (existsSync(file)) copyFileSync(file, path.join(to, name));
  }
}

function freeName(wanted: string): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!existsSync(name)) return name;
  }
}

/** Files that operating systems leave in a folder that somebody opened. */
const harmless = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

function assertOurs(out: string): void {
  const stats = statSync(out, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isDirectory()) throw outConflict('out-not-a-folder', out, 'is not a folder');
  const foreign = readdirSync(out).filter((name) => !harmless.has(name) && !byHand.has(name));
  if (foreign.length > 0 && !(hasRun(out) && foreign.includes(resultsFile))) {
    throw outConflict('out-holds-other-files', out, `holds ${foreign[0]}, which no grading put there`);
  }
}

function outConflict(code: string, out: string, reason: string): GraderError {
  return new GraderError(
    'folder',
    code,
    `${out} ${reason}. It was not changed. Choose another folder with --out.`,
  );
}

export function outUnwritable(out: string, error: unknown): GraderError {
  const { code = error } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EPERM: 'not allowed; close files of it that are open in another program',
    EBUSY: 'in use; close files of it that are open in another program',
  };
  const reason = reasons[String(code)] ?? String(code);
  return new GraderError(
    'folder',
    'out-unwritable',
    `Nothing can be written to ${out} (${reason}). What was there before is unchanged.`,
  );
}
