import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { AnswerKey } from '../../key/key';
import { plainKey } from '../../key/plain';
import type { Solution } from '../../key/solution';
import { type Message, message } from '../../message';
import type { Report } from '../../report/report.schema';
import type { Deadline } from '../../rubric/file.schema';
import type { Rubric } from '../../rubric/rubric';
import { score } from '../../score';
import { readAnswers } from '../../submission/answers/read';
import { isInside, largestFile, type Opened, openInside } from '../../submission/inside';
import { folderSource, readSubmission, type Source } from '../../submission/read';
import { cellId, isUntouchedReflection, type Submission } from '../../submission/submission';
import { decode } from '../../submission/text';
import { studentFiles } from '../course';
import { type Adjustment, type Due, dueOf, lateness } from './deadline';
import type { Graded } from './graded.schema';
import { type History, readHistory, type Version } from './history';
import type { Override } from './overrides';
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
  readonly overrides: ReadonlyMap<string, Override>;
  /** Where it is known what was released. */
  readonly released?: Protected;
  /** Whether commits are looked at. */
  readonly readsHistory: boolean;
}

/** Grades students one by one: there is a row for each, whatever breaks. */
export function studentGrader(terms: Terms): (enrolled: Enrolled) => Promise<Graded> {
  const key = plainKey(terms.solution);
  return (enrolled) => gradeStudent(enrolled, { ...terms, key });
}

/** The same with the key at hand. */
interface KeyTerms extends Terms {
  readonly key: AnswerKey;
}

async function gradeStudent(enrolled: Enrolled, terms: KeyTerms): Promise<Graded> {
  const row = await bestOf(enrolled, terms);
  const override = terms.overrides.get(enrolled.key);
  if (!override) return row;
  const by = override.points - (row.points ?? 0);
  const why = `Override: ${override.reason}`;
  return {
    ...row,
    points: override.points,
    adjustments: [...row.adjustments, { is: 'override', why, points: by }],
    overridden: true,
  };
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
  const { reflection } = submission;
  return {
    status: report.started ? 'graded' : 'not started',
    points,
    adjustments: [...adjustments],
    report,
    ...(submitted !== undefined && { submitted: second(submitted) }),
    ...(history.repository && { repository: history.repository }),
    responses: [...(reflection?.responses ?? [])].map(([question, { text }]) => ({ question, text })),
    ...(reflection && isUntouchedReflection(reflection) && { untouched: true }),
    first: await firstAnswers(history, rubric, key),
    warnings: [
      ...emptyRow(enrolled, terms).warnings,
      ...history.remarks,
      ...(due && history.versions.length === 0 ? [unknownTime(hasGit)] : []),
      ...(due ? differences(root, history.versions[0], files) : []),
      ...(released ? edits(root, released) : []),
      ...mismatches(root, report.points ?? 0),
    ],
  };
}

/** A moment as hosts write it. */
function second(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function unknownTime(hasGit: boolean): Message {
  const reason = hasGit ? 'the history cannot be read' : 'there is no history';
  return message(
    'class/no-time',
    `When this was handed in is not known, for ${reason}: no lateness is counted.`,
  );
}

/** The files in the folder count for nothing where commits do; where they say something else, that is told. */
function differences(root: string, newest: Version | undefined, files: readonly string[]): Message[] {
  if (!newest) return [];
  const plain = (bytes: Buffer | undefined) => bytes?.toString('latin1').replaceAll('\r\n', '\n');
  const differing = files.filter((file) => {
    const opened = openInside(root, file);
    return plain(opened.is === 'file' ? opened.bytes : undefined) !== plain(newest.files.get(file));
  });
  return differing.map((file) =>
    message(
      'class/uncommitted',
      `${file} in the folder is not what was committed last; what was committed counts.`,
    ),
  );
}

/** The last version on time, and the last that may be late. */
function versionsThatCount(versions: readonly Version[], { grace, cutoff }: Due): Version[] {
  const onTime = versions.find(({ time }) => time <= grace);
  const last = versions.find(({ time }) => time <= cutoff) ?? versions[0];
  return [...new Set([onTime, last])].filter((version) => version !== undefined);
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

/**
 * The files in a folder, or of its last commit where nothing is checked out.
 *
 * @throws where there is nothing at all: whoever handed in nothing has no folder, so fetching it failed.
 */
function sourceIn(root: string, { table }: Rubric, { versions: [newest] }: History): Source {
  const stats = lstatSync(root);
  if (stats.isSymbolicLink()) throw new Error('the folder is a link; put the folder itself in its place');
  const [top = ''] = table.file.split('/');
  if (isInside(root, top) || readdirSync(root).some((name) => name !== '.git')) return folderSource(root);
  if (newest) return versionSource(newest);
  throw new Error('the folder is empty; fetch it again');
}

function versionSource({ files }: Version): Source {
  return {
    open: (file): Opened => {
      const bytes = files.get(file);
      if (!bytes) return { is: 'missing' };
      if (bytes.length <= largestFile) return { is: 'file', bytes };
      return {
        is: 'refused',
        why: message('file/too-large', `${file} is larger than ${largestFile / 1024} KiB.`),
      };
    },
    misplaced: () => undefined,
  };
}

/** For each row, the first answer that was complete when it was committed: what was thought before any feedback. */
async function firstAnswers({ versions }: History, rubric: Rubric, key: AnswerKey): Promise<Graded['first']> {
  const { table } = rubric;
  const found = new Map<string, Map<string, number>>();
  const seen = new Set<Buffer>();
  for (const { files } of [...versions].reverse()) {
    const bytes = files.get(table.file);
    if (!bytes || seen.has(bytes) || bytes.length > largestFile || found.size === table.rows.length) continue;
    seen.add(bytes);
    const decoded = decode(bytes, table.file);
    if (!('text' in decoded)) continue;
    const { cells } = readAnswers(decoded.text, table);
    for (const { id: row } of table.rows) {
      const reads = table.columns.map(({ id }) => [id, cells.get(cellId(row, id))] as const);
      const values = reads.flatMap(([column, read]) =>
        read?.is === 'value' ? [[column, read.value] as const] : [],
      );
      if (values.length === table.columns.length && !found.has(row)) found.set(row, new Map(values));
    }
  }
  const first = table.rows.map(async ({ id: row }): Promise<Graded['first']> => {
    const values = found.get(row);
    if (!values) return [];
    const { cells, hints } = await key.judge(row, values);
    const [hint] = hints;
    return [
      {
        row,
        cells: [...values].map(([column, value]) => ({
          column,
          value,
          right: cells.get(column) === 'right',
        })),
        ...(hint && { hint: { misconception: hint.misconception, text: hint.text } }),
      },
    ];
  });
  return (await Promise.all(first)).flat();
}
