import stringWidth from 'string-width';
import type { GradedCell, GradedRow, GradedTable, Report } from '../grading/report.schema';
import { worksheetPart } from '../grading/score';
import { type Excerpt, firstSentence, type Message } from '../message';
import type { Changes } from './changes';
import { escapeInvisible } from './escape/safe';
import { alsoText, laterText, nextStep, type Reason, reasonsOf } from './reasons';
import {
  byYourself,
  completeAgain,
  explanationsOf,
  firstSteps,
  isComplete,
  locationText,
  reflectionMessages,
  reflectionScore,
  remarksOnTables,
  scoreLine,
  startedAgain,
  tableProblem,
  tablesOf,
  tableTitle,
  unreadableTableText,
  unreadableText,
} from './status';

/** A part of a line: the course's words, a message with its quotes, or styled text. Printers escape all of it. */
export type LinePart = string | Message | { readonly tone: Tone; readonly text: string };
type Tone = 'strong' | 'faint' | 'good' | 'bad';

/** A list item, possibly with a line of the student's file below it. */
export interface ListItem {
  /** Joined with spaces. */
  readonly parts: readonly LinePart[];
  readonly excerpt?: Excerpt | undefined;
}

export interface TableView {
  readonly kind: 'table';
  readonly title: string | undefined;
  readonly table: GradedTable & { readonly rows: readonly GradedRow[] };
  readonly isScored: boolean;
}

/** One block of a Report, independent of the medium that shows it. */
export type Block =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'status'; readonly text: string; readonly isComplete: boolean }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'line'; readonly parts: readonly LinePart[] }
  | { readonly kind: 'quote'; readonly text: string }
  | {
      readonly kind: 'list';
      readonly items: readonly ListItem[];
      readonly isOrdered?: boolean;
      /** The line that stands for the list in a medium that can fold it. */
      readonly summary?: string;
    }
  | {
      readonly kind: 'grid';
      readonly caption: string;
      readonly heads: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | TableView;

/** Blocks that belong together. */
export type Section = readonly Block[];

/** A Report in the order in which every medium shows it. */
export type View = readonly Section[];

export interface ViewOptions {
  /** How to show wrong rows beyond the first few: only their number, folded away, or like the others. */
  readonly later: 'counted' | 'folded' | 'shown';
  /** How to explain why right rows are right: in a sentence each, in full, or not at all. */
  readonly explanations: 'brief' | 'whole' | 'none';
  /** Whether it is read from the bottom, as in a terminal; the things to look at then come last. */
  readonly isReadFromBelow?: boolean;
  /**
   * The changes since the previous Report, if that is known; then only rows that have just become right are explained.
   */
  readonly changes?: Changes | undefined;
  /** Whether to tell the next step; false once it is too late for any work to count. */
  readonly hasNext: boolean;
  /**
   * The score that counts instead of the Report's points, and how it came about. Who knows that knows also when this
   * student's work was due, so the Report does not say it.
   */
  readonly headline?: string;
  /** Whether it is too late for any work to count, so that there is nothing left to do. */
  readonly isOver?: boolean;
}

export function viewOf(
  report: Report,
  { later, explanations, hasNext, headline, isOver = false, isReadFromBelow, changes }: ViewOptions,
): View {
  const next: Section = hasNext
    ? [{ kind: 'line', parts: [{ tone: 'strong', text: 'Next:' }, nextStep(report)] }]
    : [];
  const sheet = worksheetPart(report);
  const reasons = reasonLines(sheet, later);
  const explained = why(sheet, explanations, changes);
  const ofReflection = reflection(report, { isOver, isBrief: isReadFromBelow });
  const changed: Section = changes?.text
    ? [{ kind: 'line', parts: [{ tone: 'strong', text: changes.text }] }]
    : [];
  const again = againSections(report, isOver);
  // A reason already tells what to do next.
  const end = isReadFromBelow
    ? [explained, ofReflection, ...again, reasons.length > 0 ? reasons : next]
    : [reasons, explained, ...again, ofReflection, next];
  // A student who runs it again knows the title, so the changes take its place.
  const [title, ...below] = heading(report, headline);
  const start = changed.length > 0 || !title ? [...changed, ...below] : [title, ...below];
  const isLost = isReadFromBelow && report.unreadable;
  const sections = report.started
    ? isLost
      ? [start, ofReflection, ...worksheet(sheet), next]
      : [start, ...worksheet(sheet), ...end]
    : [heading(report, headline), hasNext ? steps(report) : []];
  return sections.filter((section) => section.length > 0);
}

function heading(report: Report, headline?: string): Section {
  const { due } = report;
  return [
    { kind: 'title', text: report.title },
    { kind: 'status', text: headline ?? scoreLine(report), isComplete: isComplete(report) },
    ...(due && headline === undefined ? [{ kind: 'line', parts: due } as const] : []),
    ...report.remarks.map((remark) => ({ kind: 'line', parts: [remark] }) as const),
  ];
}

function steps(report: Report): Section {
  const items = [...firstSteps(report), 'Save, and run again.'].map((step) => ({ parts: [step] }));
  return [
    { kind: 'heading', text: 'What to do:' },
    { kind: 'list', items, isOrdered: true },
  ];
}

/** The worksheet with marks and points, in file order, and the problems that keep parts of it from being read. */
function worksheet(report: Report): Section[] {
  if (report.unreadable) return [[bad(unreadableText(report)), listOf(report.problems.map(problemItem))]];
  const tables = tablesOf(report).map((table): Section => {
    const title = tableTitle(table, report);
    const problem = tableProblem(report, table.export);
    const isScored = report.points !== null && table.rows.some(({ cells }) => cells.some(hasPoints));
    if (!problem) return [{ kind: 'table', title, table, isScored }];
    return [
      ...(title === undefined ? [] : [{ kind: 'heading', text: title } as const]),
      bad(unreadableTableText(table)),
      listOf([problemItem(problem)]),
    ];
  });
  const others = report.problems.filter(({ table }) => table === undefined).map(problemItem);
  const whole = [...others, ...remarksOnTables(report).map((remark) => ({ parts: [remark] }))];
  return [...tables, whole.length > 0 ? [listOf(whole)] : []];
}

/** The tables that are marked only once they are complete, if anything in them is filled in. */
function againSections(report: Report, isOver: boolean): Section[] {
  const again = startedAgain(report);
  if (!again) return [];
  const { slips, first, later, absent } = reasonsOf(again);
  const items = [...slips, ...first, ...later.reasons, ...absent].map(reasonItem);
  const below: Section = [
    ...(completeAgain(report) || isOver ? [] : [{ kind: 'line', parts: byYourself } as const]),
    ...(items.length > 0 ? [listOf(items)] : []),
  ];
  return [...worksheet(again), below];
}

function hasPoints({ possible }: GradedCell): boolean {
  return possible > 0;
}

function bad(text: string): Block {
  return { kind: 'line', parts: [{ tone: 'bad', text }] };
}

function listOf(items: readonly ListItem[]): Block {
  return { kind: 'list', items };
}

function problemItem({ reason, location, excerpt }: Report['problems'][number]): ListItem {
  return { parts: [...(location ? [`${locationText(location)}:`] : []), reason], excerpt };
}

/** The first few reasons, and as much of the later ones as `laterOption` asks for. */
function reasonLines(report: Report, laterOption: ViewOptions['later']): Section {
  const { slips, first, later, absent } = reasonsOf(report);
  const items = [...slips, ...first, ...(laterOption === 'shown' ? later.reasons : []), ...absent].map(
    reasonItem,
  );
  const more = { parts: [`${laterText(later)}: npm run grade -- --all shows them.`] };
  const isMore = later.rows > 0;
  if (items.length === 0 && !isMore) return [];
  return [
    { kind: 'heading', text: 'What to look at' },
    listOf([...items, ...(isMore && laterOption === 'counted' ? [more] : [])]),
    ...(isMore && laterOption === 'folded'
      ? [{ kind: 'list', summary: laterText(later), items: later.reasons.map(reasonItem) } as const]
      : []),
  ];
}

function reasonItem(one: Reason): ListItem {
  const { labels, reason, location, excerpt } = one;
  const also = alsoText(one).trim();
  const place = location ? [{ tone: 'faint', text: `(${locationText(location)})` } as const] : [];
  return { parts: [strong(labels), reason, ...(also === '' ? [] : [also]), ...place], excerpt };
}

function strong(labels: readonly string[]): LinePart {
  return { tone: 'strong', text: `${labels.join(', ')}:` };
}

/** Explains why right rows are right, after the reasons for wrong ones. */
function why(report: Report, explanationsOption: ViewOptions['explanations'], changes?: Changes): Section {
  const isNew = (row: Report['rows'][number]) => !changes || changes.risen.has(row);
  if (explanationsOption === 'none') return [];
  const rows = report.rows.filter(isNew);
  const all = explanationsOf({ rows });
  if (all.length === 0) {
    const hasMore = changes && explanationsOf(report).length > 0;
    return hasMore ? [{ kind: 'line', parts: ['To see why right rows are right: npm run grade'] }] : [];
  }
  const title = 'Why these are right';
  const items = all.map(({ labels, text }) => ({
    parts: [strong(labels), explanationsOption === 'brief' ? firstSentence(text) : text],
  }));
  return [
    { kind: 'heading', text: title },
    { kind: 'list', items, summary: title },
  ];
}

function reflection(
  { reflection: graded }: Report,
  { isOver, isBrief = false }: { readonly isOver: boolean; readonly isBrief: boolean | undefined },
): Section {
  if (!graded) return [];
  const { file, present, responses } = graded;
  const items: ListItem[] = [
    ...(isBrief ? [] : [{ parts: [`Started: ${present ? 'yes' : 'not yet'} (${file})`] }]),
    ...responses
      .filter(({ answered }) => answered)
      .map(({ label }) => ({ parts: [{ tone: 'good', text: 'answered:' } as const, label] })),
    ...reflectionMessages(graded)
      .map(({ next, ...message }) => (isOver ? message : { ...message, next }))
      .map((message) => ({ parts: [message] })),
  ];
  const where = isBrief ? ` (${file})` : '';
  return [
    { kind: 'heading', text: `Reflection${where}: ${reflectionScore(graded)}` },
    ...(items.length > 0 ? [listOf(items)] : []),
  ];
}

/** A caret below the place of a slip, for its line as it is displayed. */
export function caretLine({ line, column }: Excerpt): string {
  return `${' '.repeat(stringWidth(escapeInvisible(line.slice(0, column - 1))))}^`;
}
