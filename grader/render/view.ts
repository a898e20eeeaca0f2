import stringWidth from 'string-width';
import type { GradedRow, GradedTable, Outcome, Report } from '../grading/report.schema';
import {
  type Excerpt,
  firstSentence,
  type Message,
  type Problem,
  piecesOf,
  type Untrusted,
} from '../message';
import { groupBy, joinNames } from '../system/lists';
import { escapeInvisible } from './escape/safe';
import { maxNamed, nextStep, type Reason, reasonsOf, type Workplace } from './reasons-shown';
import {
  cellNameOf,
  isComplete,
  locationText,
  noCell,
  problemsShown,
  readablePart,
  reflectionMessages,
  reflectionScore,
  scoreLine,
  shortLabelIn,
  tableHints,
  valueText,
} from './status';

// The content of a Report is decided here once for every medium; a printer only lays it out.

/** The course's own words, perhaps emphasized, or words that a student wrote. Printers escape both. */
export type Piece =
  | { readonly words: string; readonly tone?: 'strong' | 'faint' | 'good' | 'bad' }
  | { readonly quote: Untrusted };

/** A list item, possibly with a line of the student's file below it. */
export interface ListItem {
  readonly pieces: readonly Piece[];
  readonly excerpt?: Excerpt | undefined;
}

/** A cell of the worksheet with its mark. */
export interface MarkedCell {
  readonly name: string;
  readonly outcome: Outcome;
  /** `Moons: `, if the cell has a name that is not just the column's. */
  readonly prefix: string;
  readonly value: string | undefined;
}

/** The head of the column with the right answers. */
export const rightHead = 'What is right';

export interface TableView {
  readonly kind: 'table';
  readonly title: string | undefined;
  readonly heads: readonly string[];
  readonly rows: readonly {
    /** The heading above the row. */
    readonly heading?: string | undefined;
    readonly label: string;
    readonly cells: readonly (MarkedCell | string)[];
  }[];
  /** Whether the cells are too long to be side by side in a terminal. */
  readonly isWide?: boolean | undefined;
}

/** One block of a Report, independent of the medium that shows it. */
export type Block =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'grade'; readonly text: string }
  | { readonly kind: 'line'; readonly pieces: readonly Piece[] }
  | {
      readonly kind: 'list';
      readonly title: string | undefined;
      readonly items: readonly ListItem[];
    }
  | TableView;

/** Blocks that belong together. */
export type Section = readonly Block[];

/** A Report in the order in which a medium shows it. */
export type View = readonly Section[];

export interface ViewOptions {
  /**
   * How many reasons to show at once: with more to read, nobody thinks about the first. Three by default; with one,
   * because there is little room, the reflection shows only its points.
   */
  readonly maxReasons?: number;
  /** How to explain why right rows are right: in a sentence each, in full, or not at all. */
  readonly explanations: 'brief' | 'whole' | 'none';
  /**
   * Whether it is read from the bottom, as in a terminal; then the next step comes last, and answered questions are
   * left out.
   */
  readonly isReadFromBelow?: boolean;
  /** The changes since the previous Report, if they are known; then only rows that are newly right are explained. */
  readonly changes?: Changes | undefined;
  /**
   * The grade that counts instead of the Report's points, with the text about it, and the text below the responses.
   * Reasons then come before the table. A caller that knows the grade also knows when this student's work was due.
   */
  readonly grade?: { readonly top: Section; readonly below: Section };
  /** Where the reader works: places in files are for people who edit files, which is the default. */
  readonly way?: Workplace;
  /** The right answers of each row by its id, if they may be shown. */
  readonly answers?: ReadonlyMap<string, string> | undefined;
  /** Whether a person decided the points, regardless of what the grader could read. */
  readonly isByHand?: boolean;
  /** Whether it is too late for any work to count, so that there is nothing left to do. */
  readonly isOver?: boolean;
}

/** The view of a Report: first what cannot be read, then the points, the tables, and what to look at. */
export function viewOf(report: Report, options: ViewOptions): View {
  const { grade, changes, isReadFromBelow, isOver = false, isByHand } = options;
  const { title, due = [], started } = report;
  // A student who runs it again already knows the title.
  const news = started && changes?.text;
  const top = news ? line({ words: news, tone: 'strong' }) : { kind: 'title' as const, text: title };
  const faults = faultBlocks(report, isOver, isByHand);
  const notes = report.remarks.map((remark) => line(withoutLateStep(remark, isOver)));
  const points = [line({ words: scoreLine(report), tone: isComplete(report) ? 'good' : 'strong' })];
  if (due.length > 0) points.push(line(...due));
  points.push(...notes);
  const next = stepLine(report, options);
  // The next step comes last, except where there is a grade: nobody looks for it below that.
  const isWithReasons = grade !== undefined || isReadFromBelow;
  const { toLookAt, responses, explanations, tables } = started
    ? sectionsOf(report, options, isWithReasons ? next : [])
    : { toLookAt: isWithReasons ? next : [], responses: [], explanations: [], tables: [] };
  const isShown = (section: Section) => section.length > 0;
  if (grade)
    return [
      [top, ...grade.top],
      faults,
      notes,
      toLookAt,
      ...tables,
      responses,
      grade.below,
      explanations,
    ].filter(isShown);
  const start = faults.length > 0 ? [[top, ...faults], points] : [[top, ...points]];
  const below = [toLookAt, responses, explanations];
  const end = isReadFromBelow ? below.reverse() : [...below, next];
  return [...start, ...tables, ...end].filter(isShown);
}

/** The line that says what to do next; nothing if it is too late, or if a grade has all points. */
function stepLine(report: Report, { grade, isOver, way }: ViewOptions): Section {
  const isDone = isOver || (grade !== undefined && isComplete(report));
  return isDone ? [] : [line({ words: 'Next:', tone: 'strong' }, nextStep(report, way).text)];
}

/** The problems that each cost a file or a table, with their lines and what to write. */
function faultBlocks(report: Report, isOver: boolean, isByHand?: boolean): Section {
  const counts = isOver ? 'counts.' : 'counts yet.';
  return problemsShown(report).flatMap(({ part, problem }) => [
    line({ words: `No cell of ${part} ${isByHand ? 'could be read.' : counts}`, tone: 'bad' }),
    listOf(undefined, [problemItem(problem, isOver)]),
  ]);
}

/** The sections of work that has been started. */
function sectionsOf(report: Report, options: ViewOptions, next: Section) {
  const { grade, isOver = false } = options;
  const remarks = remarksOn(report, isOver);
  return {
    toLookAt: [...reasonList(report, options, grade ? remarks : []), ...next],
    responses: reflectionList(report, options),
    explanations: explanationList(report, options),
    tables: tableSections(report, options, grade ? [] : remarks),
  };
}

type Part = string | Message | Piece;

/** A line of texts, messages and emphasized words, joined with spaces. */
export function line(...parts: readonly Part[]): Block {
  return { kind: 'line', ...item(...parts) };
}

/** A list item made from the same parts. */
export function item(...parts: readonly Part[]): ListItem {
  const pieces = parts.flatMap((part, index) => {
    return index > 0 ? [{ words: ' ' }, ...piecesOfPart(part)] : piecesOfPart(part);
  });
  return { pieces };
}

function piecesOfPart(part: Part): readonly Piece[] {
  if (typeof part === 'string') return [{ words: part }];
  return 'code' in part ? piecesOf(part) : [part];
}

export function listOf(title: string | undefined, items: readonly ListItem[]): Block {
  return { kind: 'list', title, items };
}

/** A message without its next step if it is too late for one. */
function withoutLateStep(message: Message, isOver: boolean): Message {
  return isOver ? { ...message, next: undefined } : message;
}

/** A problem of a file, with its place and its line. */
export function problemItem({ reason, location, excerpt }: Problem, isOver: boolean): ListItem {
  const parts: Part[] = location ? [`${locationText(location)}:`] : [];
  return { ...item(...parts, withoutLateStep(reason, isOver)), excerpt };
}

/** The tables with marks and points, and remarks on them. */
function tableSections(report: Report, { answers }: ViewOptions, remarks: readonly ListItem[]): Section[] {
  const { tables } = readablePart(report);
  const sections = tables.map((table): Block[] => [tableView(table, report, answers)]);
  const last = sections.pop() ?? [];
  if (remarks.length > 0) last.push(listOf(undefined, remarks));
  return [...sections, last];
}

/** Remarks on the tables as a whole. */
function remarksOn(report: Report, isOver: boolean): ListItem[] {
  const problems = report.unreadable ? [] : report.problems.filter(({ table }) => table === undefined);
  return [
    ...[...problems, ...(report.outside ? [report.outside] : [])].map((problem) =>
      problemItem(problem, isOver),
    ),
    ...tableHints(report).map((remark) => item(remark)),
  ];
}

function tableView(
  table: GradedTable,
  { rows: allRows, points }: Report,
  answers: ViewOptions['answers'],
): TableView {
  const rows = allRows.filter((row) => row.table === table.export);
  const columns = table.columns.map(
    ({ id, label }): TableColumn => [label, (row) => markedCell(row, id, table)],
  );
  if (answers && rows.some(({ id }) => answers.has(id)))
    columns.push([rightHead, ({ id }) => answers.get(id) ?? '']);
  if (points !== null && rows.some((row) => sumOf(row, 'possible') > 0))
    columns.push(['Points', (row) => `${sumOf(row, 'points')} of ${sumOf(row, 'possible')}`]);
  return {
    kind: 'table',
    title: table.label,
    heads: ['Worksheet', ...columns.map(([head]) => head)],
    rows: rows.map((row) => {
      return { heading: row.heading, label: row.label, cells: columns.map(([, cellOf]) => cellOf(row)) };
    }),
    isWide: table.wide,
  };
}

type TableColumn = readonly [head: string, cellOf: (row: GradedRow) => MarkedCell | string];

function sumOf({ cells }: GradedRow, part: 'points' | 'possible'): number {
  return cells.reduce((sum, cell) => sum + (cell[part] ?? 0), 0);
}

function markedCell({ cells }: GradedRow, column: string, table: GradedTable): MarkedCell | string {
  const cell = cells.find(({ id }) => id === column);
  if (!cell) return noCell;
  const prefix = cell.name === undefined ? '' : `${cell.name}: `;
  return { name: cellNameOf(cell, table), outcome: cell.outcome, prefix, value: valueText(cell) };
}

/** The first few things to look at, and how many more there are. */
function reasonList(
  report: Report,
  { maxReasons = 3, way }: ViewOptions,
  first: readonly ListItem[],
): Section {
  const allItems = [...first, ...reasonsOf(report).map((reason) => reasonItem(reason, way))];
  const items = allItems.slice(0, maxReasons);
  const left = allItems.length - items.length;
  if (left > 0) items.push(item(`${left} more to look at after ${items.length === 1 ? 'this' : 'these'}.`));
  return items.length === 0 ? [] : [listOf('What to look at', items)];
}

function reasonItem({ labels, also, reason, cell }: Reason, way: Workplace = 'files'): ListItem {
  const { outcome, location, excerpt } = cell;
  const tone = outcome === 'wrong' ? 'bad' : 'strong';
  const parts: Part[] = [{ words: `${joinNames(labels, maxNamed)}:`, tone }, reason];
  if (also.length > 0) parts.push(`The same goes for ${joinNames(also, maxNamed)}.`);
  if (location && way === 'files') parts.push({ words: `(${locationText(location)})`, tone: 'faint' });
  return { ...item(...parts), excerpt };
}

/** Why right rows are right: each text once, with all of its rows. */
function explanationList(report: Report, { explanations, changes }: ViewOptions): Section {
  if (explanations === 'none') return [];
  const rows = report.rows.filter((row) => !changes || changes.risen.has(row));
  const items = [...groupBy(rows, ({ explanation = '' }) => explanation)].flatMap(([text, alike]) => {
    if (text === '') return [];
    const labels = alike.map(({ label }) => label).join(', ');
    const shown = explanations === 'brief' ? firstSentence(text) : text;
    return item({ words: `${labels}:`, tone: 'strong' }, shown);
  });
  return items.length === 0 ? [] : [listOf('Why these are right', items)];
}

function reflectionList(
  { reflection }: Report,
  { isReadFromBelow, maxReasons, way, isOver = false }: ViewOptions,
): Section {
  if (!reflection) return [];
  const answered = reflection.responses.filter((response) => response.answered && !isReadFromBelow);
  const messages = maxReasons === 1 ? [] : reflectionMessages(reflection);
  const items = [
    ...answered.map(({ label }) => item({ words: 'answered:', tone: 'good' }, label)),
    ...messages.map((message) => item(withoutLateStep(message, isOver))),
  ];
  const title = way === 'page' ? 'Reflection' : `Reflection (${reflection.file})`;
  return [listOf(`${title}: ${reflectionScore(reflection)}`, items)];
}

/** The title above a line of a student's file without its slip. The line may still be wrong. */
export const correctedTitle = 'The same line, corrected:';

/** A caret below the place of a slip, for its line as it is displayed. */
export function caretLine({ line: text, column }: Excerpt): string {
  return `${' '.repeat(stringWidth(escapeInvisible(text.slice(0, column - 1))))}^`;
}

/** The differences from the previous Report. */
export interface Changes {
  /** `+2: Basket is right.`; missing where points cannot be compared. */
  readonly text?: string;
  /** Rows that have just become right. */
  readonly risen: ReadonlySet<GradedRow>;
}

/**
 * Compares a Report with the previous one. If there is none, or it is for another worksheet, rows count as
 * newly right only if every row is right.
 */
export function newsSince(earlier: Report | undefined, report: Report): Changes {
  const { rows } = report;
  if (earlier?.rubric !== report.rubric) return { risen: new Set(rows.every(isRight) ? rows : []) };
  // A row that cannot be read is not wrong, and one that is readable again has not just become right.
  if (!canCompare(earlier) || !canCompare(report)) return { risen: new Set() };
  const before = earlier.rows.filter(isRight);
  const wasRight = (row: GradedRow) => before.some(({ table, id }) => table === row.table && id === row.id);
  const risen = rows.filter((row) => isRight(row) && !wasRight(row));
  const fallen = rows.filter((row) => !isRight(row) && wasRight(row));
  if (report.points === null || earlier.points === null) return { risen: new Set(risen) };
  const gained = report.points - earlier.points;
  const sum = gained === 0 ? '' : `${gained > 0 ? '+' : '−'}${Math.abs(gained)}`;
  const moves = [changeOf(risen, rows, 'right'), changeOf(fallen, rows, 'no longer right')];
  const text = [sum, moves.filter(Boolean).join('; ')].filter(Boolean).join(': ');
  return { risen: new Set(risen), text: `${text || 'Same points as before'}.` };
}

/** `Basket and Crate are right`, or nothing if there are none. */
function changeOf(changed: readonly GradedRow[], rows: readonly GradedRow[], how: string): string {
  const names = changed.map((row) => shortLabelIn(rows, row));
  if (names.length === 0) return '';
  return `${new Intl.ListFormat('en').format(names)} ${names.length === 1 ? 'is' : 'are'} ${how}`;
}

/** Whether all answers of a Report could be read. */
function canCompare(report: Report): boolean {
  return report.state === 'read' && readablePart(report).tables.length === report.tables.length;
}

function isRight({ cells }: GradedRow): boolean {
  return cells.length > 0 && cells.every(({ outcome }) => outcome === 'correct');
}
