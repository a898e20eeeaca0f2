import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../grading/report.schema';
import { hasSolution } from '../key/solution';
import type { Rubric } from '../rubric/rubric';
import { attemptsFile, completeRows, dayOf, withAttempts } from '../submission/attempts';
import { decodeProse } from '../submission/decode';
import { readFile } from '../submission/sandboxed-fs';

/**
 * Set for the runs of npm run watch. They do not keep attempts themselves, because an editor saves half-typed numbers.
 */
const watchVariable = 'GRADER_IS_WATCHING';

export const watchEnvironment: Readonly<Record<string, string>> = { [watchVariable]: '1' };

type Environment = Readonly<Record<string, string | undefined>>;

export function isWatched(environment: Environment): boolean {
  return environment[watchVariable] !== undefined;
}

/** Whether this runs on a CI machine, as hosts and their runners report it. */
function isOnCi({ CI, GITHUB_ACTIONS }: Environment): boolean {
  return GITHUB_ACTIONS !== undefined || !['', '0', 'false', undefined].includes(CI);
}

/**
 * Keeps the answers for which a student asked for marks, in a students' copy on a student's machine. Ignores failures,
 * because no grade depends on it.
 *
 * @param isMeant whether to keep a row yet.
 */
export function keepAttempts(
  courseRoot: string,
  rubric: Rubric,
  report: Report,
  isMeant?: (row: string) => boolean,
): void {
  const file = attemptsFile(rubric);
  // A copy that checks only form shows no marks.
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
    // Attempts that cannot be kept are dropped.
  }
}

/** How long a row must stay unchanged to count as meant, in milliseconds. */
const meantAfter = 20_000;

/** How much too early a timer may fire, in milliseconds. */
const clockError = 20;

/** Keeps attempts while a student works: each row once it has been unchanged for some time. */
export class WatchedAttempts {
  private readonly courseRoot: string;
  private readonly rubric: Rubric;
  private readonly wait: number;
  /** The values of each complete row, and the time since when it has had them. */
  private readonly since = new Map<string, { readonly values: string; readonly at: number }>();

  constructor(courseRoot: string, rubric: Rubric, wait = meantAfter) {
    this.courseRoot = courseRoot;
    this.rubric = rubric;
    this.wait = wait;
  }

  /** Records the complete rows of a report, to keep them later if they stay unchanged. */
  see(report: Report, now = Date.now()): void {
    const complete = new Map(completeRows(report).map(({ row, values }) => [row, JSON.stringify(values)]));
    for (const row of this.since.keys()) if (!complete.has(row)) this.since.delete(row);
    for (const [row, values] of complete)
      if (this.since.get(row)?.values !== values) this.since.set(row, { values, at: now });
    setTimeout(() => this.keep(report), this.wait);
  }

  /** Keeps the rows that are unchanged since. A later report covers the others. */
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
