import type { Course } from '../../course/course';
import type { Report } from '../../grading/report.schema';
import { expectedIn } from '../../key/judge';
import { printedRights } from '../../key/known-answers';
import { html, page } from '../../render/escape/html';
import { feedbackAttribute } from '../../render/feedback-mark';
import { readablePart, scoreLine, separatorIn } from '../../render/status';
import {
  type Block,
  item,
  line,
  listOf,
  problemItem,
  rightHead,
  type Section,
  type TableView,
  type View,
  viewOf,
} from '../../render/view';
import { printHtml } from '../../render/view-html';
import type { Deadline } from '../../rubric/file.schema';
import { timeText } from '../../rubric/moment';
import { type Rubric, rowsOf } from '../../rubric/rubric';
import { joinNames } from '../../system/lists';
import { correctionsOf } from '../results/corrections';
import { dueOfResult } from '../results/deadline';
import type { GradedClass } from '../results/graded-class';
import type { OtherVersion, StudentResult, UnmatchedResult } from '../results/student-result.schema';
import { questionsIn } from '../results/to-decide';

/** Whether feedback gives the answers, and why: only once no more work can count, and only if the rubric says so. */
export function feedbackPolicy({ course, started, openUntil, holds }: GradedClass) {
  const { solution, deadline } = course.file;
  const end = openUntil ?? Number.POSITIVE_INFINITY;
  const hasAnswers = solution === 'after_due' && started.getTime() > end;
  const until = Number.isFinite(end) ? `until ${timeText(end, deadline)}` : 'without end';
  const forLack = Number.isFinite(end) || holds.length > 0 ? '' : ', because late.until is not set';
  const [hold] = hasAnswers || solution !== 'after_due' ? [] : holds;
  const heldBy = hold ? `, because of ${joinNames(holds.map(({ what }) => what))}` : '';
  const ends = hold ? `; ${hold.endedBy} would change that` : '';
  const begin = `${hasAnswers ? 'with' : 'without'} the answers:`;
  const setting = solution === undefined ? 'does not say solution: after_due' : `says solution: ${solution}`;
  const told = solution === 'after_due' ? 'tells them once no work counts any more' : 'never tells them';
  return {
    hasAnswers,
    why: {
      command: `${begin} rubric.yaml ${setting}, and work counts ${until}${forLack}${heldBy}${ends}`,
      page: `${begin} this worksheet ${told}, and work counts ${until}${heldBy}`,
    },
  };
}

/** The changes to the points of a result, on one line: `Late by 1 day (9 to 8)`. */
export function adjustmentsOf({ adjustments }: StudentResult | UnmatchedResult) {
  return adjustments
    .map(({ reason, before, after }) => `${reason} (${before ?? 'no points'} to ${after})`)
    .join('; ');
}

/** The points that count, `9 of 16 points`, and how they came about: the only number that a student gets. */
export interface Headline {
  readonly grade: string;
  readonly how: string;
}

export function headlineOf(row: StudentResult, { possible }: Pick<Rubric, 'possible'>): Headline {
  const { report, points, status, onlyAtHost } = row;
  const how = adjustmentsOf(row);
  const lookedFor = onlyAtHost && onlyAtHostText(onlyAtHost);
  if (points === null) return { grade: 'No points yet', how: lookedFor ?? withoutPoints[status] };
  return { grade: report && how === '' ? scoreLine(report) : `${points} of ${possible} points`, how };
}

function onlyAtHostText({ host, handedIn, state }: NonNullable<StudentResult['onlyAtHost']>): string {
  if (state === 'reopened') return `${host} opened another attempt for you on ${handedIn}`;
  const what = state === 'draft' ? 'saved a draft' : 'handed in';
  return `${host} says that you ${what} on ${handedIn}; your instructors are looking for it`;
}

/** `9 of 16 points: Late by 1 day (10 to 9)` */
export function headlineText(...of: Parameters<typeof headlineOf>): string {
  const { grade, how } = headlineOf(...of);
  return how === '' ? grade : `${grade}: ${how}`;
}

/** Why there are no points, in words for the student. */
const withoutPoints: Readonly<Record<StudentResult['status'], string>> = {
  'no submission': 'no work from you was found',
  'not started': 'nothing is filled in',
  'after cutoff': 'your work came after the cutoff',
  graded: 'they are not known',
  'not readable': 'your work could not be read',
  'not fetched': 'your work could not be fetched',
  undecided: 'your versions differ, and none counts until one is chosen',
};

/**
 * The headline that a team reads together: what is true for each of them, with the reason if they all have the same.
 *
 * @returns undefined if nothing is known to be true for all.
 */
export function sharedHeadline(
  team: readonly StudentResult[],
  rubric: Pick<Rubric, 'possible'>,
): Headline | undefined {
  // If only one member of a team is known, anything set for that member may not apply to the others.
  const isOfOne = team.length === 1 && team.some(({ override, extension }) => override || extension);
  if (isOfOne) return undefined;
  const [headline, ...different] = team.map((row) => headlineOf(row, rubric));
  if (different.every((own) => own.grade === headline?.grade && own.how === headline.how)) return headline;
  const [points, ...otherPoints] = new Set(team.map((row) => row.points));
  if (points === null || otherPoints.length > 0) return undefined;
  const [reason = '', ...otherReasons] = new Set(
    team.map(({ adjustments }) => adjustments.map(({ reason }) => reason).join('; ')),
  );
  return { grade: `${points} of ${rubric.possible} points`, how: otherReasons.length === 0 ? reason : '' };
}

/**
 * The feedback on a student's work.
 *
 * @param team everybody who handed it in, if others read it too. Anything not true for all of them is left out.
 */
export function feedbackOn(
  row: StudentResult,
  { course, comments, started, feedback }: Pick<GradedClass, 'course' | 'comments' | 'started' | 'feedback'>,
  team?: readonly StudentResult[],
): View {
  const { rubric, file } = course;
  const { deadline } = file;
  const readers = team ?? [row];
  // After a person has decided, there is nothing left to do about the earlier state.
  const isOver = readers.every((reader) => reader.override || isClosed(reader, deadline, started));
  const hasAnswers = feedback?.hasAnswers === true && !readers.some(mustBeAsked);
  const top = [...gradeBlocks(row, rubric, team), ...toDoBlocks(row, readers, file, isOver)];
  const comment = comments.get(row.key);
  if (comment !== undefined && !team) {
    const lines = comment.split(/\r\n?|\n/).map((text) => item(text));
    top.push(listOf('From your instructor', lines));
  }
  const below = [...(team ? [] : timesOf(row, file)), contactLine(readers, file)];
  const handedIn = readers.filter(({ folder }) => folder === row.folder);
  const isOneReport = isSame(handedIn, (reader) => reader.report);
  const report = row.report && isOneReport ? withoutDecided(row.report, readers) : undefined;
  const answers = hasAnswers ? answersIn(course) : undefined;
  const view: View = report
    ? viewOf(report, {
        grade: { top, below },
        answers,
        // Students who hand in through a repository edit files; all others may have used the page.
        way: row.repository === undefined ? 'page' : 'files',
        isOver,
        isByHand: readers.every(({ override }) => override !== undefined),
        maxReasons: Number.POSITIVE_INFINITY,
        explanations: answers ? 'none' : 'whole',
      })
    : [[{ kind: 'title', text: rubric.title }, ...top], below];
  return answers ? [...view, answersBeside(rubric, answers, rowsShown(report)), whyOf(course)] : view;
}

/** The rows that a view of a Report shows, with their answers. */
function rowsShown(report: Report | undefined): string[] {
  if (!report?.started || report.unreadable) return [];
  return readablePart(report).rows.map(({ id }) => id);
}

/** The grade and how it came about, if all readers have the same. */
function gradeBlocks(row: StudentResult, rubric: Rubric, team?: readonly StudentResult[]): Block[] {
  const headline = team ? sharedHeadline(team, rubric) : headlineOf(row, rubric);
  const { grade, how } = headline ?? { grade: 'Your grade: see your own', how: '' };
  const blocks: Block[] = [{ kind: 'grade', text: grade }];
  if (how !== '') blocks.push(line({ words: sentenceOf(how), tone: 'strong' }));
  return blocks;
}

/** Whether nothing that a student hands in now can count. */
function isClosed(reader: StudentResult, deadline: Deadline | undefined, started: Date): boolean {
  return deadline !== undefined && started.getTime() > dueOfResult(reader, deadline).closesAt;
}

/** Students who have to hand in again, or whom somebody has to ask, get no answers before that. */
function mustBeAsked({ points, status }: StudentResult): boolean {
  return points === null && (status === 'not readable' || status === 'not fetched' || status === 'undecided');
}

/** Lines on other work, a disputed mark, and work that cannot be read, each only if it is true for all readers. */
function toDoBlocks(
  row: StudentResult,
  readers: readonly StudentResult[],
  file: Course['file'],
  isOver: boolean,
): Block[] {
  const shared = (of: (reader: StudentResult) => Block[]) => (isSame(readers, of) ? of(row) : []);
  return [
    ...shared((reader) => workBeside(reader, file, isOver)),
    ...shared(decidedDispute),
    ...shared(adviceLines),
  ];
}

/** Whether something is the same for all readers. */
function isSame(readers: readonly StudentResult[], of: (reader: StudentResult) => unknown): boolean {
  return new Set(readers.map((reader) => JSON.stringify(of(reader)))).size === 1;
}

function adviceLines({ advice = [] }: Pick<StudentResult, 'advice'>): Block[] {
  return advice.map((message) => line(message));
}

function contactLine(readers: readonly StudentResult[], { contact = 'your instructors' }: Course['file']) {
  const hasGrade = readers.some(({ points }) => points !== null);
  return line(
    `If you think that ${hasGrade ? 'the grade is wrong' : 'this is a mistake'}, write to ${contact}.`,
  );
}

/** A text that begins with a capital letter and ends with a period. */
function sentenceOf(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** Says why work that we look at does not count, with its slip, the line and the fix. */
function workBeside(row: StudentResult, { deadline }: Course['file'], isOver: boolean): Block[] {
  // A person's decision may be about that work.
  if (row.override || row.points === null) return [];
  return row.otherVersions.flatMap((work): Block[] => {
    const { why, submitted, label } = work;
    const when = submitted === undefined ? `, ${label},` : ` of ${timeText(Date.parse(submitted), deadline)}`;
    if (why === 'after cutoff') return [line(`Your work${when} came after the cutoff.`)];
    const isCounted = row.status === 'graded';
    const subject =
      why === 'last' && isCounted
        ? `An earlier version counts. Your last work${when}`
        : `Other work of yours${when}`;
    return otherVersionLines(work, subject, isOver);
  });
}

/**
 * Says why work does not count: its slip, anything else that keeps it from being read, something that a person has to
 * judge, or nothing more.
 */
function otherVersionLines(work: OtherVersion, subject: string, isOver: boolean): Block[] {
  const { report, advice, dispute, points, most } = work;
  const [problem] = report?.problems ?? [];
  if (problem) {
    const shown = listOf(undefined, [problemItem(problem, isOver)]);
    return [line(`${subject} does not count, because it cannot be read as a whole:`), shown];
  }
  if (advice?.length)
    return [line(`${subject} does not count, because it cannot be read as it is:`), ...adviceLines(work)];
  if (dispute !== undefined && most > (points ?? 0))
    return [line(`${subject} does not count yet: your instructors will read what you say about a mark.`)];
  return [line(`${subject} does not count, because it earns no more.`)];
}

/** The decision on a mark that the student called wrong. A line that only corrects a typo is not such a decision. */
function decidedDispute(row: StudentResult): Block[] {
  const { lookedAt, override, points } = row;
  const isDisputed = row.report?.reflection?.disputed || row.otherVersions.some(({ dispute }) => dispute);
  const isCorrection = override && correctionsOf(row).some((correction) => correction.points === points);
  return isDisputed && lookedAt && isDisputeClosed(row) && !isCorrection
    ? [line(`Your instructors have decided about the mark that you asked about: ${lookedAt.reason}.`)]
    : [];
}

/** Whether a person has looked at a student's remark about a mark. */
function isDisputeClosed(row: StudentResult): boolean {
  return row.lookedAt !== undefined && questionsIn(row).every(({ kind }) => kind !== 'disputed');
}

/** A Report that no longer promises to read something already decided. */
function withoutDecided(report: Report, readers: readonly StudentResult[]): Report {
  const { reflection } = report;
  if (!reflection?.disputed || !readers.every(isDisputeClosed)) return report;
  return { ...report, reflection: { ...reflection, disputed: undefined } };
}

/** Formats feedback as a page that loads nothing. */
export function feedbackPage(title: string, view: View) {
  return page(title, feedbackStyle, html`<main ${feedbackAttribute}>${printHtml(view)}</main>`);
}

/** The grade is the largest item. A sheet with few mistakes fits on a screen, and on a page. */
const feedbackStyle = `
body { max-width: 60rem; }
h1 { font-size: 1rem; font-weight: normal; color: var(--faint); }
h2 { margin: var(--s5) 0 var(--s1); font-size: var(--large); }
.grade { margin: 0; font-size: var(--huge); line-height: 1.2; font-weight: bold; }
.wide { margin-top: var(--s5); }
td { white-space: nowrap; }
@media screen and (width < 40rem) {
  .wide :is(table, caption, tbody, tr, th) { display: block; border: 0; padding: 0; }
  .wide td { display: inline-block; max-width: 100%; border: 0; padding: 0 var(--s3) 0 0; white-space: normal; }
  .wide thead { display: none; }
  .wide tr { padding: var(--s2) 0; border-bottom: 1px solid var(--rule); }
  .wide td::before { content: attr(data-head) ": "; color: var(--faint); }
}
`;

/** When the work was handed in, and how long work counts. */
function timesOf(row: StudentResult, { deadline }: Course['file']): Section {
  const at = (moment: number) => timeText(moment, deadline);
  const lines: string[] = [];
  if (row.submitted !== undefined && row.status !== 'not started')
    lines.push(`Handed in ${at(Date.parse(row.submitted))}.`);
  if (deadline) {
    const { dueAt, closesAt } = dueOfResult(row, deadline);
    const until = Number.isFinite(closesAt) ? `until ${at(closesAt)}` : 'at any time';
    lines.push(`Due ${at(dueAt)}; work counts ${until}.`);
  }
  return lines.map((text) => line(text));
}

/** The right answers by row. */
export function answersIn({ rubric, solution }: Course): ReadonlyMap<string, string> {
  const rows = rowsOf(rubric).map((row) => {
    const texts = row.cells.map((cell) => {
      const answer = expectedIn(solution, row.id, cell.id);
      return answer ? printedRights(cell, answer).join(' or ') : '';
    });
    return [row.id, texts.join(separatorIn(rubric, row))] as const;
  });
  return new Map(rows);
}

/** The answers to rows that are not shown with what was written there. */
function answersBeside(
  rubric: Rubric,
  answers: ReadonlyMap<string, string>,
  shown: readonly string[],
): Section {
  const rows = rowsOf(rubric).filter(({ id }) => !shown.includes(id));
  const table: TableView = {
    kind: 'table',
    title: 'The answers',
    heads: ['Worksheet', rightHead],
    rows: rows.map(({ id, label }) => ({ label, cells: [answers.get(id) ?? ''] })),
  };
  return rows.length === 0 ? [] : [table];
}

/** Why the right answers are right, row by row. */
function whyOf({ rubric, solution: { explanations } }: Course): Section {
  const items = rowsOf(rubric).flatMap(({ id, label }) => {
    const text = explanations[id];
    return text === undefined ? [] : item({ words: `${label}:`, tone: 'strong' }, text);
  });
  return items.length === 0 ? [] : [listOf('Why the answers are right', items)];
}
