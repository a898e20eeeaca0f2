import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../grading/report.schema';
import { hasSolution } from '../key/solution';
import type { Rubric } from '../rubric/rubric';
import { attemptsFile, completeRows, dayOf, withAttempts } from '../submission/attempts';
import { decodeProse } from '../submission/decode';
import { readFile } from '../submission/sandboxed-fs';

/** Set for the runs of npm run watch: an editor saves numbers that are half typed, so these keep nothing by themselves. */
const watchVariable = 'GRADER_IS_WATCHING';

export const watchEnvironment: Readonly<Record<string, string>> = { [watchVariable]: '1' };

type Environment = Readonly<Record<string, string | undefined>>;

export function isWatched(environment: Environment): boolean {
  return environment[watchVariable] !== undefined;
}

/** Whether a machine runs this for others, as hosts and their runners say of themselves. */
function isOnCi({ CI, GITHUB_ACTIONS }: Environment): boolean {
  return GITHUB_ACTIONS !== undefined || !['', '0', 'false', undefined].includes(CI);
}

/**
 * Keeps the answers for which a student asked for marks, in a students' copy on a student's machine. Where that fails it
 * is left: no grade depends on it.
 *
 * @param isMeant whether a row is to be kept yet.
 */
export function keepAttempts(
  courseRoot: string,
  rubric: Rubric,
  report: Report,
  isMeant?: (row: string) => boolean,
): void {
  const file = attemptsFile(rubric);
  // A copy that only looks at form tells no marks.
  const hasMarks = rubric.selfCheck === 'scored';
  if (file === undefined || !hasMarks || hasSolution(courseRoot) || isOnCi(process.env)) return;
  const found = readFile(courseRoot, file);
  const decoded = found.kind === 'file' ? decodeProse(found.bytes, file) : undefined;
  const text = decoded && 'text' in decoded ? decoded.text : undefined;
  if (found.kind !== 'missing' && text === undefined) return;
  const kept = withAttempts(text, report, rubric, dayOf(new Date()), isMeant);
  if (kept === undefined) return;
  const place = path.join(courseRoot, ...file.split('/'));
  const beside = `${place}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(beside, kept, { flag: 'wx' });
    try {
      renameSync(beside, place);
    } finally {
      rmSync(beside, { force: true });
    }
  } catch {
    // What cannot be kept is left.
  }
}

/** How long a row stays as it is before it is taken for meant, in milliseconds. */
const meantAfter = 20_000;

/** A timer may end so much before its time, in milliseconds. */
const clockError = 20;

/** Keeps attempts while a student works: a row once it has been as it is for some time. */
export class WatchedAttempts {
  private readonly courseRoot: string;
  private readonly rubric: Rubric;
  private readonly wait: number;
  /** Since when each complete row is as it is. */
  private readonly since = new Map<string, { readonly values: string; readonly at: number }>();

  constructor(courseRoot: string, rubric: Rubric, wait = meantAfter) {
    this.courseRoot = courseRoot;
    this.rubric = rubric;
    this.wait = wait;
  }

  /** Takes note of what a run has graded. */
  see(report: Report, now = Date.now()): void {
    const complete = new Map(completeRows(report).map(({ row, values }) => [row, JSON.stringify(values)]));
    for (const row of this.since.keys()) if (!complete.has(row)) this.since.delete(row);
    for (const [row, values] of complete)
      if (this.since.get(row)?.values !== values) this.since.set(row, { values, at: now });
    setTimeout(() => this.keep(report), this.wait);
  }

  /** What has changed since is of a later Report. */
  private keep(report: Report): void {
    const now = Date.now();
    const values = new Map(completeRows(report).map((one) => [one.row, JSON.stringify(one.values)]));
    keepAttempts(this.courseRoot, this.rubric, report, (row) => {
      const known = this.since.get(row);
      return (
        known !== undefined && known.values === values.get(row) && now - known.at >= this.wait - clockError
      );
    });
  }
}
