import stringWidth from 'string-width';
import type { GradedCell, GradedRow, GradedTable, Report } from '../grading/report.schema';
import { type Excerpt, firstSentence, type Message } from '../message';
import type { Changes } from './changes';
import { escapeInvisible } from './escape/safe';
import { alsoText, laterText, nextStep, type Reason, reasonsOf } from './reasons';
import {
  byYourself,
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

/** A part of a line: words of the course, a message with its quotes, or what is stressed. Every printer escapes all of it. */
export type LinePart = string | Message | { readonly tone: Tone; readonly text: string };
type Tone = 'strong' | 'faint' | 'good' | 'bad';

/** An entry of a list, perhaps with a line of a student's below it. */
export interface ListItem {
  /** Set apart by spaces. */
  readonly parts: readonly LinePart[];
  readonly excerpt?: Excerpt | undefined;
}

/** A table of the worksheet. */
export interface TableView {
  readonly kind: 'table';
  readonly title: string | undefined;
  readonly table: GradedTable & { readonly rows: readonly GradedRow[] };
  readonly isScored: boolean;
}

/** What is shown of a Report, before it has a medium. */
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
      /** What stands for it where a medium can fold it. */
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

/** A Report as every medium shows it, in order. */
export type View = readonly Section[];

export interface ViewOptions {
  /** Of the rows that are wrong, beyond the first few: only that there are more, folded away, or all alike. */
  readonly later: 'counted' | 'folded' | 'shown';
  /** Why right rows are right: a sentence each, or all there is to say; of all, or of those that have just become right. */
  readonly explanations: 'brief' | 'whole' | 'none';
  /** Where it is to be read from below, as in a terminal: what to look at comes last. */
  readonly isReadFromBelow?: boolean;
  /** How it differs from the Report before, where that is known; rows that were right already are not explained again. */
  readonly changes?: Changes | undefined;
  /** Whether to say what is to be done next; not where no work can count any more. */
  readonly hasNext: boolean;
  /** What counts in place of the points of the Report, and how that came about. */
  readonly headline?: string;
  /** Whether no work can count any more, so that there is nothing to do. */
  readonly isOver?: boolean;
}

export function viewOf(
  report: Report,
  { later, explanations, hasNext, headline, isOver = false, isReadFromBelow, changes }: ViewOptions,
): View {
  const next: Section = hasNext
    ? [{ kind: 'line', parts: [{ tone: 'strong', text: 'Next:' }, nextStep(report)] }]
    : [];
  const reasons = reasonLines(report, later);
  const explained = why(report, explanations, changes);
  const ofReflection = reflection(report, { isOver, isBrief: isReadFromBelow });
  const changed: Section = changes?.text
    ? [{ kind: 'line', parts: [{ tone: 'strong', text: changes.text }] }]
    : [];
  const again = report.unreadable ? [] : againSections(report, isOver);
  // A reason says what is next by itself.
  const end = isReadFromBelow
    ? [explained, ofReflection, ...again, reasons.length > 0 ? reasons : next]
    : [reasons, explained, ...again, ofReflection, next];
  // A student who runs it again knows the title, and wants the news in its place.
  const [title, ...below] = heading(report, headline);
  const start = changed.length > 0 || !title ? [...changed, ...below] : [title, ...below];
  const isLost = isReadFromBelow && report.unreadable;
  const sections = report.started
    ? isLost
      ? [start, ofReflection, ...worksheet(report), next]
      : [start, ...worksheet(report), ...end]
    : [heading(report, headline), hasNext ? steps(report) : []];
  return sections.filter((section) => section.length > 0);
}

function heading(report: Report, headline = scoreLine(report)): Section {
  return [
    { kind: 'title', text: report.title },
    { kind: 'status', text: headline, isComplete: isComplete(report) },
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

/** The worksheet with marks and points, in the order of the file, and what keeps parts of it from being read. */
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

/** What is filled in where rows are asked again. */
function againSections(report: Report, isOver: boolean): Section[] {
  const again = startedAgain(report);
  if (!again || !report.again) return [];
  const { slips, first, later, absent } = reasonsOf(again);
  const items = [...slips, ...first, ...later.reasons, ...absent].map(reasonItem);
  const below: Section = [
    ...(report.again.complete || isOver ? [] : [{ kind: 'line', parts: byYourself } as const]),
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

/** What to look at: the first few reasons, and of those after them as much as is asked for. */
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

/** After what is wrong: why the rest is right. */
function why(report: Report, explanationsOption: ViewOptions['explanations'], changes?: Changes): Section {
  const isNew = (row: Report['rows'][number]) => !changes || changes.risen.has(row);
  if (explanationsOption === 'none') return [];
  const rows = report.rows.filter(isNew);
  const all = explanationsOf({ rows });
  if (all.length === 0) {
    const hasMore = changes && explanationsOf(report).length > 0;
    return hasMore ? [{ kind: 'line', parts: ['Why right rows are right: npm run grade.'] }] : [];
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

/** A caret under the place in a line as it is shown. */
export function caretLine({ line, column }: Excerpt): string {
  return `${' '.repeat(stringWidth(escapeInvisible(line.slice(0, column - 1))))}^`;
}
