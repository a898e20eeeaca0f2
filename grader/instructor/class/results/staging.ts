import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../../error';
import { onInterrupt } from '../../interrupt';
import { holdLock } from '../../lock';
import { emptyMatches, matchesFile } from '../members/matches';
import { commentsFile, emptyComments } from './comments';
import { emptyOverrides, overridesFile } from './overrides';
import { resultsFile, runFile } from './results-file';

/**
 * A run in the making. It is written beside its place and then put there by two renames; the folder in
 * its place is the earlier run or the new one, and never half of either.
 */
export interface Staging {
  readonly folder: string;
  /** Whether an earlier run is in the place. */
  readonly replaces: boolean;
  /** What was found and put right of a run that was interrupted. */
  readonly notes: readonly string[];
  discard(): void;
  /**
   * Puts the new run in its place.
   *
   * @returns where the earlier run is kept, if there was one.
   * @throws {GraderError} where it cannot; what was there before is as it was.
   */
  commit(): string | undefined;
}

/** The run that is written; whoever lost the lock has another folder than who took it. */
function stagingName(out: string, token = ''): string {
  return `${out}.staging-${token.slice(0, 8)}`;
}

function isStaging(name: string, out: string): boolean {
  const prefix = path.basename(stagingName(out));
  return name.startsWith(prefix) && /^[0-9a-f]{8}$/.test(name.slice(prefix.length));
}

/** What lies beside an output folder while a run is made, and for how long. */
function namesBeside(out: string) {
  return {
    /** One run at a time. */
    lock: `${out}.lock`,
    /** The earlier run, between the two renames. */
    previous: `${out}.previous`,
  };
}

/**
 * Starts a run whose results are to be in a folder.
 *
 * @throws {GraderError} where another run is under way there, something else lies there, or nothing can
 *   be written.
 */
export async function startStaging(out: string): Promise<Staging> {
  try {
    mkdirSync(path.dirname(out), { recursive: true });
    const names = namesBeside(out);
    const lock = await holdLock(names.lock, `Another run writes to ${out}`);
    const staging = stagingName(out, lock.token);
    const off = onInterrupt(() => {
      remove(staging);
      lock.release();
    });
    const end = () => {
      off();
      lock.release();
    };
    try {
      const notes = recover(out);
      assertOurs(out);
      // Student records: nobody but the one who grades has to read them.
      mkdirSync(staging, { mode: 0o700 });
      copyByHand(out, staging);
      return {
        folder: staging,
        replaces: hasRun(out),
        notes,
        discard: () => {
          remove(staging);
          end();
        },
        commit: () => {
          if (!lock.isHeld())
            throw new GraderError('folder', `Another run has taken over ${out}. Nothing was replaced.`);
          const kept = commit(out, staging);
          end();
          return kept;
        },
      };
    } catch (error) {
      end();
      throw error;
    }
  } catch (error) {
    throw error instanceof GraderError ? error : unwritable(out, error);
  }
}

function hasRun(out: string): boolean {
  return existsSync(path.join(out, runFile));
}

function commit(out: string, staging: string): string | undefined {
  const { previous } = namesBeside(out);
  try {
    if (existsSync(out)) {
      // Whoever wrote into one while this ran would take it for counted.
      for (const name of lostByHand(out, staging))
        throw new GraderError(
          'folder',
          `${path.join(out, name)} was changed while the class was graded. Nothing was replaced; run it again.`,
        );
      renameSync(out, previous);
    }
    renameSync(staging, out);
  } catch (error) {
    if (!existsSync(out) && existsSync(previous)) renameSync(previous, out);
    throw error instanceof GraderError ? error : unwritable(out, error);
  }
  return keepPrevious(out);
}

/** Gives the run that was replaced a name of its own; where it was none, only what was filled in by hand was there. */
function keepPrevious(out: string): string | undefined {
  const { previous } = namesBeside(out);
  if (!existsSync(previous)) return undefined;
  if (isByHand(previous) && lostByHand(previous, out).length === 0) {
    remove(previous);
    return undefined;
  }
  const kept = freeName(`${out}.before-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`);
  try {
    renameSync(previous, kept);
    return kept;
  } catch {
    // The new run is in place; the next one gives this its name.
    return previous;
  }
}

/**
 * Puts right what a run left that was killed. It held the lock then, so everything beside the folder is
 * of no living run, and each state between two steps is known by what is there.
 */
function recover(out: string): string[] {
  const { previous } = namesBeside(out);
  const notes: string[] = [];
  if (existsSync(previous)) {
    if (!hasRun(previous) && !isByHand(previous)) throw conflict(previous, 'is not a run of this grader');
    if (!existsSync(out)) {
      // Killed between the two renames: the earlier run goes back, with the overrides in it.
      renameSync(previous, out);
      notes.push(
        'An earlier run was interrupted before its results were in place; the run before it is back.',
      );
    } else {
      const kept = keepPrevious(out);
      if (kept) notes.push(`An earlier run was interrupted; what it replaced is kept in ${kept}.`);
    }
  }
  const around = path.dirname(out);
  for (const name of readdirSync(around).filter((entry) => isStaging(entry, out))) {
    const staging = path.join(around, name);
    for (const name of lostByHand(staging, out)) {
      const kept = freeName(`${out}.${path.basename(name, '.csv')}-recovered.csv`);
      renameSync(path.join(staging, name), kept);
      notes.push(`An earlier run was interrupted; the ${name} that it had is kept in ${kept}.`);
    }
    remove(staging);
  }
  return notes;
}

/** What the instructor fills in, which goes along with every run, and how it is left to be filled in. */
export const byHand: ReadonlyMap<string, string> = new Map([
  [overridesFile, emptyOverrides],
  [commentsFile, emptyComments],
  [matchesFile, emptyMatches([])],
]);

/** Whether nothing of a run is in a folder, but what was filled in by hand. */
function isByHand(folder: string): boolean {
  return readdirSync(folder).every((name) => harmless.has(name) || byHand.has(name));
}

/** What was filled in by hand in one folder, and is not in another as well. */
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

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** What systems leave in a folder that somebody looked at. */
const harmless = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

function assertOurs(out: string): void {
  const stats = statSync(out, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isDirectory()) throw conflict(out, 'is not a folder');
  const foreign = readdirSync(out).filter((name) => !harmless.has(name) && !byHand.has(name));
  if (foreign.length > 0 && !(hasRun(out) && foreign.includes(resultsFile))) {
    throw conflict(out, `holds ${foreign[0]}, which no grading put there`);
  }
}

function conflict(out: string, reason: string): GraderError {
  return new GraderError(
    'folder',
    `${out} ${reason}. It is left as it is. Choose another folder with --out.`,
  );
}

export function unwritable(out: string, error: unknown): GraderError {
  const { code = error } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EPERM: 'not allowed; close files of it that are open in another program',
    EBUSY: 'in use; close files of it that are open in another program',
  };
  const reason = reasons[String(code)] ?? String(code);
  return new GraderError(
    'folder',
    `Nothing can be written to ${out} (${reason}). What was there before is unchanged.`,
  );
}
