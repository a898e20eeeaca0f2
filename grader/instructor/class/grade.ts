import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { refuseUnreadable } from '../../grade';
import type { AnswerKey } from '../../key/key';
import { plainKey } from '../../key/plain';
import type { Solution } from '../../key/solution';
import { type Message, message } from '../../message';
import type { Report } from '../../report/report.schema';
import type { Deadline } from '../../rubric/file.schema';
import type { Rubric } from '../../rubric/rubric';
import { score } from '../../score';
import { isInside } from '../../submission/inside';
import { readSubmission, type Source } from '../../submission/read';
import { isUntouchedReflection, type Submission } from '../../submission/submission';
import { studentFiles } from '../course';
import { type Adjustment, type Due, dueOf, lateness } from './deadline';
import { firstAnswers } from './first';
import type { Graded } from './graded.schema';
import { type History, readHistory } from './history';
import { differences, sourceIn, versionSource, versionsThatCount } from './sources';
import type { Enrolled } from './students';
import { edits, mismatches, type Protected } from './trust';

/** What a class is graded by: plain data, so that other threads can be given it. */
export interface Terms {
  readonly rubric: Rubric;
  readonly solution: Solution;
  readonly deadline: Deadline | undefined;
  /** The folder with one folder a student. */
  readonly root: string;
  readonly hasRoster: boolean;
  /** By key; see `Enrolled`. */
  readonly extensions: ReadonlyMap<string, number>;
  /** Where it is known what was released. */
  readonly released?: Protected;
  /** Whether commits are looked at. */
  readonly readsHistory: boolean;
}

/** Grades students one by one: there is a row for each, whatever breaks. */
export function studentGrader(terms: Terms): (enrolled: Enrolled) => Promise<Graded> {
  const key = plainKey(terms.solution);
  return (enrolled) => bestOf(enrolled, { ...terms, key });
}

/** The same with the key at hand. */
interface KeyTerms extends Terms {
  readonly key: AnswerKey;
}

/** The better of a student's folders, which are one but for a mistake. */
async function bestOf(enrolled: Enrolled, terms: KeyTerms): Promise<Graded> {
  const rows: Graded[] = [];
  for (const folder of enrolled.folders) rows.push(await gradeFolder(enrolled, folder, terms));
  const [first, ...others] = rows.sort((a, b) => (b.points ?? -1) - (a.points ?? -1));
  if (!first) return { ...emptyRow(enrolled, terms), status: 'no submission', points: 0 };
  if (others.length === 0) return first;
  const twice = message(
    'class/twice',
    `There are ${rows.length} folders of this student; the one with the most points counts. The others: ${others.map((_, index) => `{${index}}`).join(', ')}.`,
    ...others.map(({ folder = '' }) => folder),
  );
  return { ...first, warnings: [twice, ...first.warnings] };
}

async function gradeFolder(enrolled: Enrolled, folder: string, terms: KeyTerms): Promise<Graded> {
  try {
    const row = { ...emptyRow(enrolled, terms), folder };
    return { ...row, ...(await gradeRoot(path.join(terms.root, folder), enrolled, terms)) };
  } catch (error) {
    return { ...failedRow(enrolled, terms, error), folder };
  }
}

/** The row of a student whose work could not be graded. */
export function failedRow(enrolled: Enrolled, terms: Pick<Terms, 'hasRoster'>, error: unknown): Graded {
  const said = stripVTControlCharacters(String(error instanceof Error ? error.message : error));
  const why = message('class/failed', 'This could not be graded, which is no zero: {0}', said);
  return { ...emptyRow(enrolled, terms), status: 'failed', points: null, warnings: [why] };
}

function emptyRow({ key, login, student }: Enrolled, { hasRoster }: Pick<Terms, 'hasRoster'>): Graded {
  return {
    key,
    login,
    status: 'graded',
    enrolled: !hasRoster || student !== undefined,
    points: null,
    adjustments: [],
    responses: [],
    first: [],
    warnings:
      hasRoster && !student ? [message('class/unknown', 'The roster does not know this folder.')] : [],
  };
}

/** One way that a student's work can be counted. */
interface Candidate {
  readonly submission: Submission;
  readonly report: Report;
  readonly adjustments: readonly Adjustment[];
  readonly points: number;
  readonly submitted?: number;
}

async function gradeRoot(root: string, enrolled: Enrolled, terms: KeyTerms): Promise<Partial<Graded>> {
  const { rubric, key, deadline, extensions, released } = terms;
  const files = studentFiles(rubric);
  const hasGit = isInside(root, '.git');
  const history =
    terms.readsHistory && hasGit ? await readHistory(root, files) : { versions: [], remarks: [] };
  const due = deadline && dueOf(deadline, extensions.get(enrolled.key));
  const counted = due ? versionsThatCount(history.versions, due) : [];
  const candidates: Candidate[] = [];
  for (const version of counted)
    candidates.push(await candidateOf(versionSource(version), terms, due, version.time));
  if (counted.length === 0)
    candidates.push(await candidateOf(sourceIn(root, rubric, history), terms, undefined));
  // What was on time comes first, so that it counts where both are worth the same.
  const best = candidates.reduce((one, other) => (other.points > one.points ? other : one));

  const { report, submission, adjustments, points, submitted } = best;
  refuseUnreadable(report);
  const { reflection } = submission;
  return {
    status: report.started ? 'graded' : 'not started',
    points,
    adjustments: [...adjustments, ...tooLate(history.versions, due)],
    report,
    ...(submitted !== undefined && { submitted: second(submitted) }),
    ...(history.repository && { repository: history.repository }),
    responses: [...(reflection?.responses ?? [])].map(([question, { text }]) => ({ question, text })),
    ...(reflection && isUntouchedReflection(reflection) && { untouched: true }),
    first: await firstAnswers(history, rubric, key),
    warnings: [
      ...emptyRow(enrolled, terms).warnings,
      ...history.remarks,
      ...(due && history.versions.length === 0 ? [unknownTime(hasGit, terms.readsHistory)] : []),
      ...(due ? differences(root, history.versions[0], files) : []),
      ...(released ? edits(root, released) : []),
      ...mismatches(root, report.points ?? 0),
    ],
  };
}

/** That there is work which came too late to count, so that nobody takes what counts for all there is. */
function tooLate([newest]: History['versions'], due: Due | undefined): Adjustment[] {
  if (!due || !newest || newest.time <= due.cutoff) return [];
  return [{ is: 'late', why: 'What came after the cutoff does not count', points: 0 }];
}

/** A moment as hosts write it. */
function second(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function unknownTime(hasGit: boolean, isRead: boolean): Message {
  const reason = !isRead
    ? 'commits were not looked at'
    : hasGit
      ? 'the history cannot be read'
      : 'there is no history';
  return message(
    'class/no-time',
    `When this was handed in is not known, for ${reason}: no lateness is counted.`,
  );
}

async function candidateOf(
  source: Source,
  { rubric, key }: KeyTerms,
  due: Due | undefined,
  submitted?: number,
): Promise<Candidate> {
  const submission = readSubmission(source, rubric);
  const report = await score(rubric, submission, key);
  const earned = report.points ?? 0;
  const adjustments = due && submitted !== undefined ? lateness(due, submitted, earned) : [];
  const points = adjustments.reduce((sum, adjustment) => sum + adjustment.points, earned);
  return { submission, report, adjustments, points, ...(submitted !== undefined && { submitted }) };
}
