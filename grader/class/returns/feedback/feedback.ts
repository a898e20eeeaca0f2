import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Course } from '../../../course';
import type { GradedRow, Report } from '../../../grading/report.schema';
import { rightAnswers } from '../../../key/hints';
import { expectedIn, expectedRows } from '../../../key/plain';
import { kindOf } from '../../../kinds/registry';
import { type HtmlText, html, page } from '../../../render/escape/html';
import type { MarkdownText } from '../../../render/escape/markdown';
import type { TerminalText } from '../../../render/escape/terminal';
import { printHtml } from '../../../render/html';
import { printFitting, shorterAndShorter } from '../../../render/markdown';
import { valueText } from '../../../render/status';
import { printTerminal } from '../../../render/terminal';
import { type Block, type View, type ViewOptions, viewOf } from '../../../render/view';
import { momentOf, momentText } from '../../../rubric/moment';
import { labelInRow, type RubricRow, rowsOf } from '../../../rubric/rubric';
import { dueOf } from '../../histories/deadline';
import { toIsoSeconds } from '../../histories/history';
import type { Download } from '../../members/downloads/download';
import type { MoodleWorksheet } from '../../members/moodle-worksheet';
import type { Student } from '../../members/people';
import { style } from '../../pages/layout';
import type { StudentResult } from '../../results/student-result.schema';
import { headlineOf } from './headline';
import { type FeedbackExport, returnsFor } from './returns';

/** The rules for what the feedback of a run may tell. */
export interface FeedbackPolicy {
  /** Whether the feedback includes the answers. */
  readonly hasAnswers: boolean;
  /** Whether it is too late for any work to count. */
  readonly isOver: boolean;
  /** The reason, for the instructor who made the run. */
  readonly why: string;
}

/**
 * Tells the answers once no more work can count, and only if the rubric says so.
 *
 * @param openUntil the last moment at which anybody's work may still count, in milliseconds since 1970.
 * @param earlier that moment for the run being replaced, which may have known of an extension.
 */
export function feedbackPolicy(
  { file: { solution = 'never' } }: Pick<Course, 'file'>,
  openUntil: number | undefined,
  now: number,
  earlier?: string,
): FeedbackPolicy {
  const isOver =
    openUntil !== undefined && now > Math.max(openUntil, earlier === undefined ? 0 : Date.parse(earlier));
  const without = { hasAnswers: false, isOver };
  if (solution === 'never')
    return { ...without, why: 'without the answers: rubric.yaml does not say solution: after_due' };
  if (openUntil === undefined)
    return { ...without, why: 'without the answers: there is no deadline that could have passed' };
  if (!Number.isFinite(openUntil))
    return {
      ...without,
      why: 'without the answers: late work counts without end; write a cutoff into rubric.yaml',
    };
  if (earlier !== undefined && Date.parse(earlier) > now)
    return {
      ...without,
      why: `without the answers: for the earlier run here, work counts until ${earlier}; give its --extensions, or another --out`,
    };
  const moment = toIsoSeconds(openUntil);
  return isOver
    ? {
        hasAnswers: true,
        isOver,
        why: `with the answers: every deadline and extension had passed by ${moment}`,
      }
    : { ...without, why: `without the answers: work still counts until ${moment}` };
}

export const feedbackFolder = 'feedback';

/** The data for making feedback, apart from the results. */
export interface FeedbackContext {
  readonly course: Course;
  readonly policy: FeedbackPolicy;
  /** The instructor's comments, by key. */
  readonly comments: ReadonlyMap<string, string>;
  /** By key; see `Member`. */
  readonly students: ReadonlyMap<string, Student>;
  readonly download?: Download;
  readonly worksheet?: MoodleWorksheet;
}

/** Writes a page and a text for each student, and the files that hosts take back. */
export class Feedback {
  private readonly folder: string;
  private readonly context: FeedbackContext;
  private readonly returns: readonly FeedbackExport[];

  constructor(out: string, context: FeedbackContext) {
    this.context = context;
    this.folder = path.join(out, feedbackFolder);
    mkdirSync(this.folder, { mode: 0o700 });
    this.returns = returnsFor(this.folder, context);
  }

  /** @returns the feedback as plain text. */
  add(result: StudentResult): TerminalText {
    const { course, comments, policy, students } = this.context;
    const { hasAnswers, isOver } = policy;
    const comment = comments.get(result.key);
    const own = contentsOf(result, course, { hasAnswers, isOver, isPersonal: true, comment });
    const everybodys = result.shared
      ? contentsOf(result, course, { hasAnswers, isOver, isPersonal: false })
      : own;
    const texts = { txt: feedbackText(own), html: feedbackPage(own) };
    for (const [extension, text] of Object.entries(texts)) {
      const file = path.join(this.folder, `${fileNameOf(result.key)}.${extension}`);
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    }
    for (const one of this.returns)
      one.add({
        result,
        student: students.get(result.key),
        headline: own.headline,
        page: one.isShared && result.shared ? feedbackPage(everybodys) : texts.html,
        markdown: () => feedbackMarkdown(everybodys),
      });
    return texts.txt;
  }

  /**
   * @param place the final location of the folder.
   * @returns what to do with the files written for hosts.
   */
  end(place: string): string[] {
    return this.returns.map((one) => one.end(place)).filter((said) => said !== '');
  }
}

/** Matches names that are safe on every system. Others may be refused, or taken for another file. */
const isPlainName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9][a-z0-9_.-]{0,60}(?<!\.)$/;

/** A file name for a student, which no other student's key has. */
export function fileNameOf(key: string): string {
  if (isPlainName.test(key)) return key;
  const plain = key.replace(/[^a-z0-9_-]+/g, '_').slice(0, 40);
  return `student-${plain}-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

/** The content of a student's feedback, before it is formatted. */
interface Contents {
  readonly title: string;
  readonly report: Report | undefined;
  /** The points that count; see `headlineOf`. */
  readonly headline: string;
  /** When the work was handed in, and the instructor's comment. */
  readonly notes: View;
  /** Empty where the answers are not told. */
  readonly answers: View;
  /** Whether to show the next step. */
  readonly hasNext: boolean;
  /** Whether it is too late for any work to count. */
  readonly isOver: boolean;
}

/** @param disclosed what may be told besides the worksheet. Personal feedback is read by one student alone. */
export function contentsOf(
  result: StudentResult,
  course: Course,
  disclosed: {
    readonly hasAnswers: boolean;
    readonly isOver: boolean;
    readonly isPersonal: boolean;
    readonly comment?: string;
  },
): Contents {
  const { report, repository } = result;
  const line = (text: string): Block => ({ kind: 'line', parts: [text] });
  const { comment, isOver, isPersonal } = disclosed;
  return {
    title: course.rubric.title,
    report,
    headline: headlineOf(
      isPersonal ? result : { ...result, ...ofEverybody(result) },
      course.rubric,
      course.file.deadline,
    ),
    notes: [
      whenText(result, course, isOver).map(line),
      comment === undefined
        ? []
        : [
            { kind: 'heading', text: 'From your instructor' },
            { kind: 'quote', text: comment },
          ],
    ],
    answers: disclosed.hasAnswers
      ? [[{ kind: 'heading', text: theAnswers }], [answersOf(course, report)]]
      : [],
    // A student who handed in elsewhere than in a repository has no next step there.
    hasNext: repository !== undefined && !isOver,
    isOver,
  };
}

/** Leaves out points that only one of several students was given or lost. */
function ofEverybody({ report }: StudentResult): Pick<StudentResult, 'points' | 'adjustments'> {
  return { points: report?.points ?? null, adjustments: [] };
}

function optionsFor(
  { answers, hasNext, headline, isOver }: Contents,
  { later, explanations }: Pick<ViewOptions, 'later' | 'explanations'>,
): ViewOptions {
  // The answers already say why.
  return { later, explanations: answers.length > 0 ? 'none' : explanations, hasNext, headline, isOver };
}

function viewFor(contents: Contents, viewOptions: Pick<ViewOptions, 'explanations'>): View {
  const { report, notes, answers } = contents;
  const work: View = report
    ? viewOf(report, optionsFor(contents, { later: 'shown', ...viewOptions }))
    : withoutWork(contents);
  return [...work, ...notes, ...answers].filter((section) => section.length > 0);
}

function withoutWork({ title, headline }: Contents): View {
  return [
    [
      { kind: 'title', text: title },
      { kind: 'status', text: headline, isComplete: false },
    ],
  ];
}

/** Formats a student's feedback as plain text. */
export function feedbackText(contents: Contents): TerminalText {
  return printTerminal(viewFor(contents, { explanations: 'brief' }));
}

/** Formats a student's feedback as a page that loads nothing. */
export function feedbackPage(contents: Contents): HtmlText {
  const body = html`<main>${printHtml(viewFor(contents, { explanations: 'whole' }))}</main>`;
  return page(contents.title, style, body);
}

/** Formats a student's feedback as a comment on GitHub, shortened if GitHub would refuse it as too long. */
export function feedbackMarkdown(contents: Contents): MarkdownText {
  const { report, notes, answers } = contents;
  const options = optionsFor(contents, { later: 'folded', explanations: 'whole' });
  const works: View[] = report ? shorterAndShorter(report, options) : [withoutWork(contents)];
  const [whole = []] = works;
  return printFitting(
    [[...whole, ...notes, ...answers], ...works.map((work) => [...work, ...notes])],
    maxComment,
  );
}

/** In UTF-16 units. GitHub takes 65,536, and our marker comes on top. */
const maxComment = 65_000;

const theAnswers = 'The answers, and why';

/** States when the work was handed in, until when work counts, and what the student can do. */
function whenText({ submitted, extension }: StudentResult, { file }: Course, isOver: boolean): string[] {
  const { deadline, contact } = file;
  const question = `If you think a mark is wrong, ${contact === undefined ? 'tell your instructors' : `write to ${contact}`}.`;
  if (!deadline) return submitted === undefined ? [] : [`Handed in ${submitted}.`];
  const { dueAt, closesAt, penaltyPerDay } = dueOf(
    deadline,
    extension === undefined ? undefined : momentOf(extension),
  );
  const text = (moment: number) => momentText(moment, deadline);
  const until = Number.isFinite(closesAt) ? `; work counted until ${text(closesAt)}` : '';
  const late =
    penaltyPerDay > 0 ? `, late by ${penaltyPerDay} point${penaltyPerDay === 1 ? '' : 's'} a day` : '';
  const again = Number.isFinite(closesAt) ? `until ${text(closesAt)}${late}` : `at any time${late}`;
  return [
    [
      ...(submitted === undefined ? [] : [`Handed in ${text(Date.parse(submitted))}.`]),
      `Due ${text(dueAt)}${isOver ? until : ''}.`,
    ].join(' '),
    isOver ? `The worksheet is closed. ${question}` : `You can hand in again ${again}.`,
  ];
}

/** The worksheet with its answers, as shown after the deadline. */
function answersOf({ rubric, solution }: Course, report: Report | undefined): Block {
  const expectedOf = { expected: expectedRows(solution) };
  const rows = rowsOf(rubric).map((row) => {
    const graded = report?.rows.find(({ id }) => id === row.id);
    const right = row.cells.flatMap((cell) => {
      const expected = expectedIn(expectedOf, row.id, cell.id);
      const answers = expected ? rightAnswers(expected).map((answer) => kindOf(cell).print(answer)) : [];
      return answers.length > 0 ? [`${labelInRow(cell, row)} ${answers.join(' or ')}`] : [];
    });
    const why = solution.explanations[row.id] ?? '';
    return [row.label, right.join(', '), ownText(row, graded), why];
  });
  return { kind: 'grid', caption: theAnswers, heads: ['Worksheet', 'Right', 'Yours', 'Why'], rows };
}

/** `You wrote columns 4096, and left rows blank.` */
function ownText(row: RubricRow, graded: GradedRow | undefined): string {
  const cells = graded?.cells ?? [];
  const wrong = cells.flatMap((cell) => {
    if (cell.outcome !== 'wrong' && cell.outcome !== 'invalid') return [];
    const written = valueText(cell) ?? cell.sourceText;
    return written === undefined ? [] : [`${labelInRow(cell, row)} ${written}`];
  });
  const blank = cells.filter(({ outcome }) => outcome === 'blank').map((cell) => labelInRow(cell, row));
  const sentences = [
    ...(wrong.length > 0 ? [`wrote ${wrong.join(', ')}`] : []),
    ...(blank.length > 0 ? [`left ${blank.join(' and ')} blank`] : []),
  ];
  return sentences.length === 0 ? '' : `You ${sentences.join(', and ')}.`;
}
