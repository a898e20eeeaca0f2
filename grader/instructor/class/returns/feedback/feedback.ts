import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GradedRow, Report } from '../../../../grading/report.schema';
import { rightAnswers } from '../../../../key/hints';
import { expectedIn } from '../../../../key/plain';
import { kindOf } from '../../../../kinds/registry';
import { type HtmlText, html, page, text, textLines } from '../../../../render/escape/html';
import {
  code,
  escapeMarkdown,
  join,
  type MarkdownText,
  markdown,
  row,
  rule,
} from '../../../../render/escape/markdown';
import { escapeTerminal, lines, type TerminalText } from '../../../../render/escape/terminal';
import { renderHtml } from '../../../../render/html';
import { renderMarkdown } from '../../../../render/markdown';
import { valueText } from '../../../../render/status';
import { paragraph, renderTerminal } from '../../../../render/terminal';
import { labelInRow, type RubricRow, rowsOf } from '../../../../rubric/rubric';
import type { Course } from '../../../course';
import { second } from '../../histories/history';
import type { Download } from '../../members/downloads/download';
import type { MoodleWorksheet } from '../../members/moodle-worksheet';
import type { Student } from '../../members/roster';
import { grid } from '../../pages/grid';
import { style } from '../../pages/style';
import type { StudentResult } from '../../results/student-result.schema';
import { adjustmentsOf } from '../gradebooks/grades';
import { type Return, returnsFor } from './returns';

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

/** What feedback is made with, beside the results. */
export interface FeedbackContext {
  readonly course: Course;
  readonly policy: FeedbackPolicy;
  /** What the instructor adds, by key. */
  readonly comments: ReadonlyMap<string, string>;
  /** By key; see `Member`. */
  readonly students: ReadonlyMap<string, Student>;
  readonly download?: Download;
  readonly worksheet?: MoodleWorksheet;
}

/** Writes a page and a text for each student, and what hosts take back. */
export class Feedback {
  private readonly folder: string;
  private readonly context: FeedbackContext;
  private readonly returns: readonly Return[];

  constructor(out: string, context: FeedbackContext) {
    this.context = context;
    this.folder = path.join(out, feedbackFolder);
    mkdirSync(this.folder, { mode: 0o700 });
    this.returns = returnsFor(this.folder, context);
  }

  /** @returns the feedback as plain text. */
  add(result: StudentResult): TerminalText {
    const { course, comments, policy, students } = this.context;
    const { hasAnswers } = policy;
    const comment = comments.get(result.key);
    const own = contentsOf(result, course, {
      ...{ hasAnswers, isPersonal: true },
      ...(comment !== undefined && { comment }),
    });
    const everybodys = result.shared ? contentsOf(result, course, { hasAnswers, isPersonal: false }) : own;
    const texts = { txt: feedbackText(own), html: feedbackPage(own) };
    for (const [extension, text] of Object.entries(texts)) {
      const file = path.join(this.folder, `${fileNameOf(result.key)}.${extension}`);
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    }
    for (const one of this.returns)
      one.add({
        result,
        student: students.get(result.key),
        page: one.isShared && result.shared ? feedbackPage(everybodys) : texts.html,
        markdown: () => feedbackMarkdown(everybodys),
      });
    return texts.txt;
  }

  /**
   * @param place where it will be in the end.
   * @returns what to do with what was written for hosts.
   */
  end(place: string): string[] {
    return this.returns.map((one) => one.end(place)).filter((said) => said !== '');
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

/** What a student is told, before it has a form. */
interface Contents {
  readonly title: string;
  readonly report: Report | undefined;
  /** What counts, and what changed it. */
  readonly points: readonly string[];
  /** What the instructor adds. */
  readonly comment: string | undefined;
  /** Missing where they are not told. */
  readonly answers: readonly ToldAnswer[] | undefined;
  /** Whether to say what is to be done next. */
  readonly hasNext: boolean;
}

/** @param told what may be told beside the worksheet; personal is what one student alone reads. */
export function contentsOf(
  result: StudentResult,
  course: Course,
  told: { readonly hasAnswers: boolean; readonly isPersonal: boolean; readonly comment?: string },
): Contents {
  const { report, repository } = result;
  return {
    ...{ title: course.rubric.title, report, comment: told.comment },
    points: pointsOf(result, course, told.isPersonal),
    answers: told.hasAnswers ? answersOf(course, report) : undefined,
    // Whoever handed in elsewhere than in a repository does not go on in one.
    hasNext: repository !== undefined && !told.hasAnswers,
  };
}

/** What a student is told, as plain text. */
export function feedbackText({ title, report, points, comment, answers, hasNext }: Contents): TerminalText {
  const blank = escapeTerminal('');
  const told = (answers ?? []).flatMap(({ label, right, own, why }) => [
    paragraph([escapeTerminal(`${label}: ${right}`)], 0),
    ...[own, why].flatMap((text) => (text === undefined ? [] : [paragraph([escapeTerminal(text)])])),
  ]);
  return lines([
    report
      ? renderTerminal(report, {
          ...{ hasColors: false, isWhole: true, isFinal: answers !== undefined, hasNext },
        })
      : escapeTerminal(title),
    ...points.map(escapeTerminal),
    ...(comment === undefined
      ? []
      : [blank, escapeTerminal(fromInstructor), paragraph([escapeTerminal(comment)])]),
    ...(answers ? [blank, escapeTerminal(theAnswers), blank, ...told] : []),
  ]);
}

/** The same as a page that loads nothing. */
export function feedbackPage({ title, report, points, comment, answers, hasNext }: Contents): HtmlText {
  const rows = (answers ?? []).map(
    ({ label, right, own = '', why = '' }) =>
      html`<tr><th scope="row">${text(label)}</th><td>${text(right)}</td><td>${text(own)}</td><td>${text(why)}</td></tr>\n`,
  );
  const told = html`<h2>${text(theAnswers)}</h2>\n${grid(theAnswers, heads, rows)}`;
  const body = html`<main>${report ? renderHtml(report, { isFinal: answers !== undefined, hasNext }) : html`<h1>${text(title)}</h1>\n`}
${points.map((line) => html`<p>${text(line)}</p>\n`)}${
  comment === undefined ? html`` : html`<h2>${text(fromInstructor)}</h2>\n<p>${textLines(comment)}</p>\n`
}${answers ? told : html``}</main>`;
  return page(title, style, body);
}

/** The same as a comment on GitHub, which it refuses where it is too long. */
export function feedbackMarkdown({ title, report, points, comment, answers }: Contents): MarkdownText {
  const rows = (answers ?? []).map(({ label, right, own = '', why = '' }) =>
    row([
      escapeMarkdown(label),
      escapeMarkdown(right),
      own === '' ? escapeMarkdown('') : code(own),
      escapeMarkdown(why),
    ]),
  );
  const told = [
    report
      ? renderMarkdown(report, { besideKey: false, isFinal: answers !== undefined })
      : markdown`## ${escapeMarkdown(title)}`,
    ...points.map(escapeMarkdown),
    ...(comment === undefined
      ? []
      : [markdown`**${escapeMarkdown(fromInstructor)}:** ${escapeMarkdown(comment)}`]),
  ];
  const table = [
    markdown`### ${escapeMarkdown(theAnswers)}`,
    join([row(heads.map(escapeMarkdown)), rule(heads.length), ...rows], '\n'),
  ];
  const whole = join([...told, ...(answers ? table : [])], '\n\n');
  return whole.length <= largestComment ? whole : join(told, '\n\n');
}

/** In UTF-16 units; GitHub takes 65,536, and what it is marked with comes on top. */
const largestComment = 65_000;

const theAnswers = 'The answers, and why';
const heads = ['Worksheet', 'Right', 'Yours', 'Why'];
const fromInstructor = 'From your instructor';

function pointsOf(result: StudentResult, { rubric }: Course, isPersonal: boolean): string[] {
  const { report, status, points, submitted } = result;
  const changed = adjustmentsOf(result);
  const common = [
    ...(report ? [] : [`Nothing is graded: ${status}.`]),
    ...(submitted === undefined ? [] : [`Graded as it was handed in at ${submitted}`]),
  ];
  if (!isPersonal) return common;
  return [
    ...common,
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
