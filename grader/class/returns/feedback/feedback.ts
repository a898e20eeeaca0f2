import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Course } from '../../../course';
import { joinNames } from '../../../files';
import type { GradedRow, Report } from '../../../grading/report.schema';
import { groupBy } from '../../../key/group-by';
import { rightAnswers } from '../../../key/hints';
import { expectedIn, expectedRows } from '../../../key/plain';
import { kindOf } from '../../../kinds/registry';
import { type HtmlText, html, page } from '../../../render/escape/html';
import type { MarkdownText } from '../../../render/escape/markdown';
import { printHtml } from '../../../render/html';
import { printFitting, shorterAndShorter } from '../../../render/markdown';
import { printPlain } from '../../../render/plain';
import { valueText } from '../../../render/status';
import { type Block, type View, type ViewOptions, viewOf } from '../../../render/view';
import { momentOf, momentText } from '../../../rubric/moment';
import { labelInRow, type RubricRow, rowsOf } from '../../../rubric/rubric';
import { dueOf, toIsoSeconds } from '../../histories/deadline';
import { wordFor } from '../../members/people';
import { style } from '../../pages/layout';
import { commentsFile } from '../../results/by-hand';
import type { FeedbackPolicy, GradedClass } from '../../results/run';
import type { StudentResult } from '../../results/student-result.schema';
import { headlineOf } from './headline';
import { type Returned, returnsFor } from './returns';

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
  const without = { hasAnswers: false };
  if (solution === 'never')
    return { ...without, why: 'without the answers: rubric.yaml does not say solution: after_due' };
  if (openUntil === undefined)
    return { ...without, why: 'without the answers: there is no deadline that could have passed' };
  if (!Number.isFinite(openUntil))
    return {
      ...without,
      why: 'without the answers: late work counts without end; write until under late in rubric.yaml',
    };
  if (earlier !== undefined && Date.parse(earlier) > now)
    return {
      ...without,
      why: `without the answers: for the earlier run here, work counts until ${earlier}; give its extensions.csv, or another --out`,
    };
  const moment = toIsoSeconds(openUntil);
  return now > openUntil
    ? {
        hasAnswers: true,
        why: `with the answers: every deadline and extension had passed by ${moment}`,
      }
    : { ...without, why: `without the answers: work still counts until ${moment}` };
}

export const feedbackFolder = 'feedback';

/**
 * Writes a page and a text for each student, and the files that hosts take back.
 *
 * @param place the final place of the folder.
 * @returns what to do with the files written for hosts, and who does not get a comment.
 */
export function writeFeedback(
  out: string,
  place: string,
  graded: GradedClass,
  { hasAnswers }: FeedbackPolicy,
): string[] {
  const { rows, comments } = graded;
  const folder = path.join(out, feedbackFolder);
  mkdirSync(folder, { mode: 0o700 });
  const pages = new Map<string, HtmlText>();
  for (const row of rows) {
    const own = contentsOf([row], true, hasAnswers, graded);
    const texts = { txt: printPlain(viewFor(own, 'brief')), html: feedbackPage(own) };
    for (const [extension, text] of Object.entries(texts))
      writeFileSync(path.join(folder, `${fileNameOf(row.key)}.${extension}`), text, { mode: 0o600 });
    pages.set(row.key, texts.html);
  }
  const bySubmission = groupBy(
    rows.filter(({ folder: name }) => name !== undefined),
    ({ source, folder: name }) => JSON.stringify([source, name]),
  );
  const returned = [...bySubmission.values()].map((all): Returned => {
    const isAlone = all.length === 1 && !all[0]?.shared;
    const contents = contentsOf(all, isAlone, hasAnswers, graded);
    return {
      rows: all,
      page: isAlone ? (pages.get(all[0]?.key ?? '') ?? feedbackPage(contents)) : feedbackPage(contents),
      markdown: () => feedbackMarkdown(contents),
      pages,
    };
  });
  const { said, unreached } = returnsFor(folder, path.join(place, feedbackFolder), returned, graded);
  const unheard = unreached.filter(({ key }) => comments.has(key)).map(wordFor);
  if (unheard.length > 0)
    said.push(
      `${commentsFile}: what you wrote to ${joinNames(unheard)} is only on their own pages in ${path.join(place, feedbackFolder)}, which no host gives them. Do it yourself.`,
    );
  return said;
}

/** Matches names that are safe on every system. Others may be refused, or taken for another file. */
const isPlainName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9][a-z0-9_.-]{0,60}(?<!\.)$/;

/** A file name for a student, which no other student's key has. */
export function fileNameOf(key: string): string {
  if (isPlainName.test(key)) return key;
  const plain = key.replace(/[^a-z0-9_-]+/g, '_').slice(0, 40);
  return `student-${plain}-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

/** The content of feedback, before it is formatted. */
interface Contents {
  readonly title: string;
  readonly report: Report | undefined;
  /** The points that count; see `headlineOf`. */
  readonly headline: string;
  /** What to do, when the work was handed in, and the instructor's comment. */
  readonly notes: View;
  /** Empty where the answers are not told. */
  readonly answers: View;
  /** Whether to show the next step. */
  readonly hasNext: boolean;
  /** Whether it is too late for any work to count. */
  readonly isOver: boolean;
}

/**
 * @param rows everybody who reads it. What is not so for all of them is left out.
 * @param isPersonal whether nobody else reads it.
 * @param hasAnswers whether it tells the answers.
 */
export function contentsOf(
  rows: readonly StudentResult[],
  isPersonal: boolean,
  hasAnswers: boolean,
  { course, comments, started }: Pick<GradedClass, 'course' | 'comments' | 'started'>,
): Contents {
  const [first, ...others] = rows;
  const { rubric, file } = course;
  const line = (part: Extract<Block, { kind: 'line' }>['parts'][number]): Block => ({
    kind: 'line',
    parts: [part],
  });
  const isSame = (of: (row: StudentResult) => unknown) =>
    others.every((other) => first && JSON.stringify(of(other)) === JSON.stringify(of(first)));
  const report = isSame((row) => row.report?.rows) ? first?.report : undefined;
  const comment = isPersonal ? comments.get(first?.key ?? '') : undefined;
  const closesAt = rows.map(
    ({ extension }) =>
      file.deadline &&
      dueOf(file.deadline, extension === undefined ? undefined : momentOf(extension)).closesAt,
  );
  const isOver = closesAt.every((moment) => moment !== undefined && started.getTime() > moment);
  // What is set or moved for one of them is nobody else's, and other members may be on no roster.
  const isOwn = ({ overridden, extension }: StudentResult) => overridden || extension !== undefined;
  const everybodys =
    isSame(({ points, status }) => [points, status]) && !rows.some(isOwn)
      ? `${first?.points ?? ''}`
      : undefined;
  const shared =
    everybodys === undefined
      ? 'Your grade: see your own.'
      : first?.points === null
        ? `Not graded: ${first?.status}.`
        : `${everybodys} of ${rubric.possible} points`;
  return {
    title: rubric.title,
    report,
    headline: first && isPersonal ? headlineOf(first, rubric, file.deadline) : shared,
    notes: [
      (isSame(({ advice }) => advice) ? (first?.advice ?? []) : []).map(line),
      first && isPersonal ? whenText(first, course, isOver).map(line) : [],
      comment === undefined
        ? []
        : [
            { kind: 'heading', text: 'From your instructor' },
            { kind: 'quote', text: comment },
          ],
    ],
    answers: hasAnswers ? [[{ kind: 'heading', text: theAnswers }], [answersOf(course, report)]] : [],
    // A student who handed in elsewhere than in a repository has no next step there.
    hasNext: first?.repository !== undefined && !isOver,
    isOver,
  };
}

function optionsFor(
  { answers, hasNext, headline, isOver }: Contents,
  options: Pick<ViewOptions, 'later' | 'explanations'>,
): ViewOptions {
  // The answers already say why.
  return { ...options, ...(answers.length > 0 && { explanations: 'none' }), hasNext, headline, isOver };
}

function viewFor(contents: Contents, explanations: ViewOptions['explanations']): View {
  const { report, notes, answers } = contents;
  const work = report
    ? viewOf(report, optionsFor(contents, { later: 'shown', explanations }))
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

/** Formats feedback as a page that loads nothing. */
export function feedbackPage(contents: Contents): HtmlText {
  return page(contents.title, style, html`<main>${printHtml(viewFor(contents, 'whole'))}</main>`);
}

/** Formats feedback as a comment on GitHub, shortened if GitHub would refuse it as too long. */
function feedbackMarkdown(contents: Contents): MarkdownText {
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

/** States when the work was handed in, which version counts, until when work counts, and what the student can do. */
function whenText(
  { submitted, extension, earlier }: StudentResult,
  { file }: Course,
  isOver: boolean,
): string[] {
  const { deadline, contact } = file;
  const question = `If you think a mark is wrong, ${contact === undefined ? 'tell your instructors' : `write to ${contact}`}.`;
  const text = (moment: number) => (deadline ? momentText(moment, deadline) : toIsoSeconds(moment));
  const when = submitted === undefined ? '' : text(Date.parse(submitted));
  const counts = earlier
    ? [`An earlier version counts, the one with the most points${when ? `: that of ${when}` : ''}.`]
    : [];
  if (!deadline) return when ? [`Handed in ${when}.`, ...counts] : counts;
  const { dueAt, closesAt } = dueOf(deadline, extension === undefined ? undefined : momentOf(extension));
  const until = Number.isFinite(closesAt) ? `; work counted until ${text(closesAt)}` : '';
  const price = deadline.late?.per_day;
  const late =
    price === undefined
      ? ''
      : `, late by ${typeof price === 'number' ? `${price} point${price === 1 ? '' : 's'}` : price} a day`;
  const again = Number.isFinite(closesAt) ? `until ${text(closesAt)}${late}` : `at any time${late}`;
  return [
    `${when ? `Handed in ${when}. ` : ''}Due ${text(dueAt)}${isOver ? until : ''}.`,
    ...counts,
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
