import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GradedRow, Report } from '../../grading/report.schema';
import { rightAnswers } from '../../key/hints';
import { expectedIn } from '../../key/plain';
import { kindOf } from '../../kinds/registry';
import { type HtmlText, html, page, text, textLines } from '../../render/escape/html';
import { escapeTerminal, lines, type TerminalText } from '../../render/escape/terminal';
import { renderHtml } from '../../render/html';
import { valueText } from '../../render/status';
import { paragraph, renderTerminal } from '../../render/terminal';
import { labelInRow, type RubricRow, rowsOf } from '../../rubric/rubric';
import type { Course } from '../course';
import { adjustmentsOf } from './gradebooks/grades';
import { second } from './history';
import { grid } from './page/grid';
import { style } from './page/page';
import type { StudentResult } from './student-result.schema';

/** What the feedback of a run may tell. */
export interface FeedbackPolicy {
  /** Whether it tells the answers. */
  readonly hasAnswers: boolean;
  /** Why, for whoever made the run. */
  readonly why: string;
}

/**
 * Answers are told once no work can count any more, and only if the rubric says so.
 *
 * @param openUntil the last moment at which anybody's work may still count, in milliseconds since 1970.
 * @param earlier the same of the run that is replaced, which may have known an extension.
 */
export function feedbackPolicy(
  { file: { solution = 'never' } }: Pick<Course, 'file'>,
  openUntil: number | undefined,
  now: number,
  earlier?: string,
): FeedbackPolicy {
  if (solution === 'never')
    return { hasAnswers: false, why: 'without the answers: rubric.yaml does not say solution: after_due' };
  if (openUntil === undefined)
    return { hasAnswers: false, why: 'without the answers: there is no deadline that could have passed' };
  if (!Number.isFinite(openUntil))
    return {
      hasAnswers: false,
      why: 'without the answers: late work counts without end; write a cutoff into rubric.yaml',
    };
  if (earlier !== undefined && Date.parse(earlier) > now)
    return {
      hasAnswers: false,
      why: `without the answers: for the earlier run here, work counts until ${earlier}; name its --extensions, or another --out`,
    };
  const moment = second(openUntil);
  return now > openUntil
    ? { hasAnswers: true, why: `with the answers: every deadline and extension had passed by ${moment}` }
    : { hasAnswers: false, why: `without the answers: work still counts until ${moment}` };
}

export const feedbackFolder = 'feedback';

/** Writes a page and a text for each student: the worksheet with reasons, and after the deadline the answers. */
export class Feedback {
  private readonly folder: string;
  private readonly course: Course;
  private readonly policy: FeedbackPolicy;
  private readonly comments: ReadonlyMap<string, string>;

  /** @param comments what the instructor adds, by key. */
  constructor(out: string, course: Course, policy: FeedbackPolicy, comments: ReadonlyMap<string, string>) {
    this.comments = comments;
    this.folder = path.join(out, feedbackFolder);
    this.course = course;
    this.policy = policy;
    mkdirSync(this.folder, { mode: 0o700 });
  }

  add(result: StudentResult): void {
    const comment = this.comments.get(result.key);
    const told = { hasAnswers: this.policy.hasAnswers, ...(comment !== undefined && { comment }) };
    const texts = {
      txt: `${feedbackText(result, this.course, told)}\n`,
      html: feedbackPage(result, this.course, told),
    };
    for (const [extension, text] of Object.entries(texts)) {
      const file = path.join(this.folder, `${fileNameOf(result.key)}.${extension}`);
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    }
  }
}

/** Names that a system may not take for a file, or take for another one. */
const isPlainName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9][a-z0-9_.-]{0,60}(?<!\.)$/;

/** A name for the file of a student, which no other student's key has. */
export function fileNameOf(key: string): string {
  if (isPlainName.test(key)) return key;
  const plain = key.replace(/[^a-z0-9_-]+/g, '_').slice(0, 40);
  return `student-${plain}-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

/** What a student may be told beside the worksheet. */
interface Told {
  readonly hasAnswers: boolean;
  /** What the instructor adds. */
  readonly comment?: string;
}

/** What a student is told, as plain text. */
export function feedbackText(
  result: StudentResult,
  course: Course,
  { hasAnswers, comment }: Told,
): TerminalText {
  const { report } = result;
  const blank = escapeTerminal('');
  const answers = answersOf(course, report).flatMap(({ label, right, own, why }) => [
    paragraph([escapeTerminal(`${label}: ${right}`)], 0),
    ...[own, why].flatMap((text) => (text === undefined ? [] : [paragraph([escapeTerminal(text)])])),
  ]);
  return lines([
    report
      ? renderTerminal(report, { hasColors: false, isWhole: true, isFinal: hasAnswers })
      : escapeTerminal(course.rubric.title),
    ...pointsOf(result, course).map(escapeTerminal),
    ...(comment === undefined
      ? []
      : [blank, escapeTerminal(fromInstructor), paragraph([escapeTerminal(comment)])]),
    ...(hasAnswers ? [blank, escapeTerminal(theAnswers), blank, ...answers] : []),
  ]);
}

/** The same as a page that loads nothing. */
export function feedbackPage(result: StudentResult, course: Course, { hasAnswers, comment }: Told): HtmlText {
  const { report } = result;
  const heads = ['Worksheet', 'Right', 'Yours', 'Why'];
  const rows = answersOf(course, report).map(
    ({ label, right, own = '', why = '' }) =>
      html`<tr><th scope="row">${text(label)}</th><td>${text(right)}</td><td>${text(own)}</td><td>${text(why)}</td></tr>\n`,
  );
  const answers = html`<h2>${text(theAnswers)}</h2>\n${grid(theAnswers, heads, rows)}`;
  const body = html`<main>${report ? renderHtml(report, { isFinal: hasAnswers }) : html`<h1>${text(course.rubric.title)}</h1>\n`}
${pointsOf(result, course).map((line) => html`<p>${text(line)}</p>\n`)}${
  comment === undefined ? html`` : html`<h2>${text(fromInstructor)}</h2>\n<p>${textLines(comment)}</p>\n`
}${hasAnswers ? answers : html``}</main>`;
  return page(course.rubric.title, style, body);
}

const theAnswers = 'The answers, and why';
const fromInstructor = 'From your instructor';

/** What counts, and what changed it. */
function pointsOf(result: StudentResult, { rubric }: Course): string[] {
  const { report, status, points, submitted } = result;
  const changed = adjustmentsOf(result);
  return [
    ...(report ? [] : [`Nothing is graded: ${status}.`]),
    ...(submitted === undefined ? [] : [`Graded as it was committed at ${submitted}`]),
    ...(points === null ? [] : [`Points that count: ${points} of ${rubric.possible}`]),
    ...(changed === '' ? [] : [changed]),
  ];
}

/** One row of the worksheet, as it is told after the deadline. */
interface ToldAnswer {
  readonly label: string;
  readonly right: string;
  /** What the student wrote in its place. */
  readonly own?: string;
  readonly why?: string;
}

function answersOf({ rubric, solution }: Course, report: Report | undefined): ToldAnswer[] {
  const turned = report?.tables.filter(({ transposed }) => transposed).map((table) => table.export) ?? [];
  return rowsOf(rubric).map((row) => {
    const graded = report?.rows.find(({ id }) => id === row.id);
    const isTurned = graded !== undefined && turned.includes(graded.table);
    const right = row.cells.flatMap((cell) => {
      // In a table that counts transposed, each of the two is right in the place of the other.
      const place = isTurned ? row.cells.find(({ id }) => id !== cell.id) : cell;
      const expected = place && expectedIn(solution, row.id, place.id);
      const answers = expected ? rightAnswers(expected).map((answer) => kindOf(cell).print(answer)) : [];
      return answers.length > 0 ? [`${labelInRow(cell, row)} ${answers.join(' or ')}`] : [];
    });
    const own = ownText(row, graded);
    const why = solution.explanations[row.id];
    return {
      label: row.label,
      right: right.join(', '),
      ...(own !== undefined && { own }),
      ...(why !== undefined && { why }),
    };
  });
}

/** `You wrote columns 4096, and left rows blank.` */
function ownText(row: RubricRow, graded: GradedRow | undefined): string | undefined {
  const cells = graded?.cells ?? [];
  const wrong = cells.flatMap((cell) => {
    if (cell.outcome !== 'wrong' && cell.outcome !== 'invalid') return [];
    const written = valueText(cell) ?? cell.sourceText;
    return written === undefined ? [] : [`${labelInRow(cell, row)} ${written}`];
  });
  const blank = cells.filter(({ outcome }) => outcome === 'blank').map((cell) => labelInRow(cell, row));
  const said = [
    ...(wrong.length > 0 ? [`wrote ${wrong.join(', ')}`] : []),
    ...(blank.length > 0 ? [`left ${blank.join(' and ')} blank`] : []),
  ];
  return said.length === 0 ? undefined : `You ${said.join(', and ')}.`;
}
