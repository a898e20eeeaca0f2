import { noteHtml, sectionsAbout, setBy, sharedReason, slipsHtml } from '../class/pages/decision-rows';
import { correctionsOf } from '../class/results/corrections';
import type { GradedClass } from '../class/results/graded-class';
import { type Line, type NoteKindName, noteKindEntries } from '../class/results/note';
import type { OtherVersion, StudentResult, UnmatchedResult } from '../class/results/student-result.schema';
import {
  type Case,
  casesIn,
  isAsked,
  type NotedWork,
  notLookedAt,
  questionsIn,
  wasOf,
} from '../class/results/to-decide';
import { correctedReport } from '../class/results/worth';
import { answersIn } from '../class/returns/feedback';
import { interpolate, linesText, type piecesOf, pointsText, quote } from '../message';
import { type HtmlText, html, textHtml, textLines } from '../render/escape/html';
import { reflectionScore } from '../render/status';
import { viewOf } from '../render/view';
import { printHtml } from '../render/view-html';
import { timeText } from '../rubric/moment';
import { cellsOf } from '../rubric/rubric';
import { isArchive, type ListedFile } from '../submission/which-files';
import { groupBy } from '../system/lists';
import { type GradedRow, sheetTables } from './sheet-table';

// Turns what the page shows of a graded class into plain values that a worker can send.

/** A decision that a button makes. */
interface ShownChoice {
  readonly label: string;
  /** The lines for each person in the row. */
  readonly lines: readonly (readonly Line[])[];
}

/** A student, team members who share a submission, or a submission that is nobody's, with everything that is open. */
export interface ShownCase {
  /** The id of the first of them. */
  readonly id: string;
  readonly kind: NoteKindName;
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly submission: string | undefined;
  readonly now: string;
  readonly could: string;
  /** As HTML, in which each file is a button with its number in `files`. */
  readonly notes: readonly string[];
  readonly files: readonly FilePlace[];
  readonly choices: readonly ShownChoice[];
  /** The lines that a form fills in, for each of them. */
  readonly own: readonly Line[];
  readonly isNobodys: boolean;
  /** The sections of the people, or of those who may own it; a case without any is shown with every section. */
  readonly sections: readonly string[];
  /** Equal for cases that may be decided together; empty for others. */
  readonly sharedReason: string;
}

/** The cases of one kind, in the order of the class. */
export interface ShownKind {
  readonly kind: NoteKindName;
  readonly heading: string;
  readonly whatToDo: string;
  readonly cases: readonly ShownCase[];
}

/** The cases to decide, by kind, and those that are only for information. */
export function shownCases(graded: GradedClass): {
  readonly open: readonly ShownKind[];
  readonly settled: readonly ShownCase[];
  /** The students whose line does not say what was looked at. */
  readonly notLookedAt: readonly string[];
} {
  const all = casesIn(graded);
  const [asked, settled] = [true, false].map((wanted) =>
    shownRows(
      all.filter((one) => isAsked(one) === wanted),
      graded,
    ),
  ) as [ShownCase[], ShownCase[]];
  const open = noteKindEntries.flatMap(([kind, { heading, whatToDo }]) => {
    const cases = asked.filter((one) => one.kind === kind);
    return cases.length === 0 ? [] : { kind, heading, whatToDo, cases };
  });
  return { open, settled, notLookedAt: notLookedAt(all).map(({ about }) => about.key) };
}

/** A row for each case; members who share a submission share a row if their codes, points and choices are equal. */
function shownRows(cases: readonly Case[], graded: GradedClass): ShownCase[] {
  const keyOf = ({ about, choices }: Case) =>
    about.status === 'unmatched' || about.folder === undefined
      ? about.key
      : JSON.stringify([
          about.source,
          about.folder,
          wasOf(about),
          about.points,
          choices.map(({ label }) => label),
        ]);
  return [...groupBy(cases, keyOf).values()].map((alike): ShownCase => {
    const [first, ...others] = alike;
    const { about, kind, points, noted } = first;
    const files: FilePlace[] = [];
    return {
      id: about.key,
      kind,
      people: [first, ...others].map(({ who, about: one }) => ({ id: one.key, name: who })),
      submission: about.folder,
      now: points.now,
      could: points.could === points.now ? '' : points.could,
      notes: noted.map((one) => {
        const named = filesOf(one.work, about, graded);
        return noteHtml(about, one, (piece) => withButtons(piece, named, files));
      }),
      files,
      choices: first.choices.map(({ label }, at) => ({
        label,
        lines: alike.map(({ choices }) => choices[at]?.lines ?? []),
      })),
      own: alike.map(({ ownLine }) => ownLine),
      isNobodys: kind === 'unmatched',
      sections: alike.flatMap(({ about: one }) => sectionsAbout(one, graded)),
      sharedReason: sharedReason(first),
    };
  });
}

/** Where to find a file that was handed in. */
export interface FilePlace {
  readonly submission: string;
  readonly path: string;
}

type AnyWork = NotedWork['work'];

/**
 * The submission that work belongs to. Work that does not count may be from another submission, which its name says.
 */
function submissionOf(work: AnyWork, { folder }: Case['about'], { submissions }: GradedClass): string {
  return 'label' in work && submissions.has(work.label) ? work.label : (folder ?? '');
}

/** The files of the submission that some work belongs to, and those in its archives that a text may name. */
function filesOf(work: AnyWork, about: Case['about'], graded: GradedClass): FilePlace[] {
  const { report, choices = [], notes } = work;
  const submission = submissionOf(work, about, graded);
  const files = graded.submissions.get(submission)?.files() ?? [];
  const archives = files.filter(({ path }) => isArchive(path));
  const reports = [report, ...choices.map((choice) => choice.report)];
  const named = [
    ...reports.flatMap((one) => [one?.file, one?.reflection?.file]),
    ...choices.flatMap((choice) => choice.files),
    ...notes.flatMap(({ quotes }) => Object.values(quotes)),
  ];
  const isInside = (path = '') => archives.some((archive) => path.startsWith(`${archive.path}/`));
  const paths = new Set([
    ...files.map(({ path }) => path),
    ...named.flatMap((path) => (path && isInside(path) ? path : [])),
  ]);
  return [...paths].map((path) => ({ submission, path }));
}

/**
 * A part of a note, in which the name of a file of the submission becomes a button that opens it.
 *
 * @param numbered collects the files that have a button. The button has its file's number in this list.
 */
function withButtons(
  piece: ReturnType<typeof piecesOf>[number],
  files: readonly FilePlace[],
  numbered: FilePlace[],
): HtmlText {
  const fileButton = (file: FilePlace) =>
    html`<button type="button" class="file" data-file="${textHtml(numbered.push(file) - 1)}">${textHtml(file.path)}</button>`;
  if ('quote' in piece) {
    // A quote cuts a long name.
    const meant = files.find(({ path }) => quote(path) === piece.quote);
    return meant === undefined ? textHtml(`“${piece.quote}”`) : fileButton(meant);
  }
  const [named] = files.filter(({ path }) => piece.words.includes(path)).sort(byLength);
  if (named === undefined) return textHtml(piece.words);
  const parts = piece.words.split(named.path).map((words) => withButtons({ words }, files, numbered));
  return html`${parts.map((part, at) => html`${at > 0 && fileButton(named)}${part}`)}`;
}

/** A longer name may contain a shorter one. */
const byLength = (one: FilePlace, other: FilePlace) => other.path.length - one.path.length;

/** Groups of cases that share one reason and one proposal, and may be decided together. */
export function alikeIn(cases: readonly ShownCase[]): readonly (readonly [ShownCase, ...ShownCase[]])[] {
  const groups = groupBy(cases, ({ sharedReason }) => sharedReason);
  groups.delete('');
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Everything about one student, or about a submission that is nobody's. */
export interface Sheet {
  readonly id: string;
  readonly name: string;
  /** The tables, with everything to see in them. */
  readonly html: string;
  /** Facts, and the reflection. */
  readonly below: string;
  /** The files that were handed in: those with work first, those of other submissions last. */
  readonly files: readonly FilePlace[];
  /** Slips, each with its file and line, the corrected line if it is known, and the message about it. */
  readonly slips: readonly Slip[];
  readonly canReveal: boolean;
}

interface Slip extends FilePlace {
  readonly line: number;
  readonly corrected: string | undefined;
  readonly why: string;
}

/** How many files of a submission are listed. */
const maxFiles = 100;

/** @param isRevealed whether to show the right answers beside the student's. */
export async function sheetOf(
  graded: GradedClass,
  id: string,
  isRevealed: boolean,
): Promise<Sheet | undefined> {
  const result: StudentResult | UnmatchedResult | undefined = [...graded.students, ...graded.unmatched].find(
    ({ key }) => key === id,
  );
  if (!result) return undefined;
  const { report, folder } = result;
  const files = graded.submissions.get(folder ?? '')?.files() ?? [];
  const ownFiles = filesOf(result, result, graded);
  const name = 'student' in result && result.student ? graded.people.nameOf(result.student) : result.login;
  const wanted = [report?.file, report?.reflection?.file];
  const slips = slipsIn(report, folder);
  const withFix = slips.filter((slip) => slip.corrected !== undefined);
  const corrected = withFix.length > 0 ? await correctedIn(graded, files) : undefined;
  const isWork = ({ path }: FilePlace) => wanted.includes(path) || ownFiles.length < 5;
  const others = othersOf(result, graded);
  const otherFiles = others.flatMap((work) => filesOf(work, result, graded));
  return {
    id,
    name,
    html: html`${corrected !== undefined && slipHtml(result, corrected, withFix)}${result.choices?.length ? choicesHtml(result, graded, isRevealed) : tablesHtml(corrected ?? report, result, graded, isRevealed, corrected && `With ${linesText(linesIn(withFix))} corrected`)}${others.map((work) => otherHtml(work, graded, isRevealed))}`,
    below: html`${factsHtml(result, graded)}${reflectionHtml(result, graded)}`,
    files: [
      ...ownFiles.toSorted((one, other) => Number(isWork(other)) - Number(isWork(one))),
      ...otherFiles,
    ].slice(0, maxFiles),
    slips: [...slips, ...others.flatMap((work) => slipsIn(work.report, submissionOf(work, result, graded)))],
    canReveal: [corrected ?? report, ...others.map((work) => work.report)].some(
      (one) => one !== undefined && cellsOf(one).some(({ outcome }) => outcome !== 'correct'),
    ),
  };
}

/** The Report of what was handed in, with every correction that the student is shown. */
async function correctedIn({ grader, course }: GradedClass, files: readonly ListedFile[]) {
  const found = await grader.finder.find(files, () => undefined);
  return correctedReport(grader.read(found), { grader, course });
}

/** The slips of a file with their corrections, above the corrected table. */
function slipHtml(
  { report, points }: StudentResult | UnmatchedResult,
  { file }: NonNullable<StudentResult['report']>,
  slips: Sheet['slips'],
): HtmlText {
  const lines = linesIn(slips);
  const reasons = [...new Set(slips.map(({ why }) => why))].map((why) => html`<p>${textHtml(why)}</p>`);
  const head = `▲ A slip in ${file}: as it is, ${pointsText(points)}.`;
  return html`<p class="open">${textHtml(head)}</p>${reasons}${report !== undefined && slipsHtml(report, lines)}`;
}

const linesIn = (slips: readonly Slip[]) => [...new Set(slips.map(({ line }) => line))];

/** @param caption how the tables differ from what was filled in, if they do. */
function tablesHtml(
  report: StudentResult['report'],
  { dispute }: Pick<StudentResult | UnmatchedResult, 'dispute'>,
  { course }: GradedClass,
  isRevealed: boolean,
  caption = '',
): HtmlText {
  const isRead = report?.started && !report.unreadable;
  const none = html`<p class="open">○ Nothing here could be read as a table.</p>`;
  if (!report) return none;
  const view = viewOf(
    // The tables already show the reasons, and the whole reflection is shown below.
    { ...report, rows: report.rows.map(withoutReasons), reflection: undefined },
    {
      grade: { top: [], below: [] },
      maxReasons: Number.POSITIVE_INFINITY,
      explanations: 'none',
      isOver: true,
    },
  );
  const blocks = view.flat().filter(({ kind }) => kind !== 'title' && kind !== 'table');
  const answers = isRevealed ? answersIn(course) : undefined;
  return isRead
    ? html`${printHtml([blocks])}${sheetTables(report, { caption, answers, dispute })}`
    : html`${none}${printHtml([blocks])}`;
}

/** A row without the reasons of its cells, except those that say why a cell is not in the file. */
function withoutReasons(row: GradedRow): GradedRow {
  const cells = row.cells.map((cell) => (cell.outcome === 'blank' ? cell : { ...cell, reason: undefined }));
  return { ...row, cells };
}

/** The tables of versions while none of them counts yet. */
function choicesHtml(result: StudentResult | UnmatchedResult, graded: GradedClass, isRevealed: boolean) {
  return html`${(result.choices ?? []).map(
    ({ files, points, report }) =>
      html`<h3>${textHtml(`${files.join(' and ')}: ${pointsText(points)}`)}</h3>${tablesHtml(report, result, graded, isRevealed)}`,
  )}`;
}

/** Work that does not count, from other submissions of a student than the one that counts. */
function othersOf(result: StudentResult | UnmatchedResult, graded: GradedClass): readonly OtherVersion[] {
  const others = 'otherVersions' in result ? result.otherVersions : [];
  return others.filter((work) => submissionOf(work, result, graded) !== result.folder);
}

/** The tables of work besides what counts. */
function otherHtml(work: OtherVersion, graded: GradedClass, isRevealed: boolean): HtmlText {
  return html`<h3>${textHtml(`${work.label}: ${pointsText(work.points)}`)}</h3>${tablesHtml(work.report, work, graded, isRevealed)}`;
}

function factsHtml(result: StudentResult | UnmatchedResult, { course }: GradedClass): HtmlText {
  const { deadline } = course.file;
  const { possible } = course.rubric;
  const { folder, submitted, points } = result;
  const when = submitted === undefined ? '' : `, ${timeText(Date.parse(submitted), deadline)}`;
  const facts: (readonly [head: string, text: string])[] = [
    ['Handed in', folder === undefined ? 'nothing' : `${folder}${when}`],
    ['Points', points === null ? 'none' : `${points} of ${possible}`],
  ];
  if ('otherVersions' in result) {
    for (const { label, points: other } of result.otherVersions)
      facts.push(['Other work', `${label}: ${pointsText(other)}`]);
    for (const { reason } of correctionsOf(result)) facts.push(['Could be', reason]);
    const decided = setBy(result).trim();
    const isWaiting = questionsIn(result).length > 0;
    facts.push(['Decided', decided || (isWaiting ? '○ open' : 'nothing to decide')]);
  }
  return html`<dl class="facts">${facts.map(([head, text]) => html`<dt>${textHtml(head)}</dt><dd${text === '○ open' && html` class="open"`}>${textHtml(text)}</dd>`)}</dl>`;
}

function reflectionHtml(
  { dispute, report, ...result }: StudentResult | UnmatchedResult,
  { course }: GradedClass,
): HtmlText {
  const { questions = [] } = course.rubric.reflection ?? {};
  const labelOf = (question: string) => questions.find(({ id }) => id === question)?.label ?? question;
  const said = 'responses' in result ? result.responses : [];
  const items = said.map(
    ({ question, text }) =>
      html`<dt>${textHtml(labelOf(question) || 'Under no question')}</dt><dd>${textLines(text)}</dd>`,
  );
  const disputed =
    dispute !== undefined && html`<dt>About a mark</dt><dd class="disputed">${textLines(dispute)}</dd>`;
  const points = report?.reflection ? `: ${reflectionScore(report.reflection)}` : '';
  return items.length === 0 && !disputed
    ? html``
    : html`<h3>Reflection${textHtml(points)}</h3><dl class="qa">${disputed}${items}</dl>`;
}

function slipsIn(report: StudentResult['report'], submission = ''): Sheet['slips'] {
  if (!report) return [];
  return [...report.problems, ...cellsOf(report)].flatMap(({ reason, location, excerpt }) =>
    reason && location && excerpt
      ? [
          {
            submission,
            path: location.file,
            line: location.line,
            corrected: excerpt.corrected,
            why: interpolate({ ...reason, next: undefined }),
          },
        ]
      : [],
  );
}
