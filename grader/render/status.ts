import type {
  GradedCell,
  GradedReflection,
  GradedRow,
  GradedTable,
  Outcome,
  Report,
} from '../grading/report.schema';
import { isUngradable } from '../grading/score';
import { type Location, type Message, message } from '../message';
import type { Safe } from './escape/safe';

/** Shows a Report in one format. Pure, and never computes a grade anew. */
export type Renderer<Sink extends string, Context = undefined> = (
  report: Report,
  context: Context,
) => Safe<Sink>;

// What every format says of a Report in the same words.

/** The cells of all rows. */
export function gradedCells({ rows }: Pick<Report, 'rows'>): GradedCell[] {
  return rows.flatMap(({ cells }) => cells);
}

/** The tables with their rows. */
export function tablesOf({
  tables,
  rows,
}: Report): (GradedTable & { readonly rows: readonly GradedRow[] })[] {
  return tables.map((table) => ({ ...table, rows: rows.filter((row) => row.table === table.export) }));
}

/** The name of the table that a cell is in. */
export function tableNameOf({ rows }: Report, cell: GradedCell): string | undefined {
  return rows.find(({ cells }) => cells.includes(cell))?.table;
}

/** What is said of the whole table that a wrong cell is in. */
export function tableHint(report: Report, cell: GradedCell): GradedTable['hint'] {
  if (cell.outcome !== 'wrong') return undefined;
  const name = tableNameOf(report, cell);
  return report.tables.find((table) => table.export === name)?.hint;
}

/** Why a table cannot be read, where others can. */
export function tableProblem({ problems }: Report, name: string): Report['problems'][number] | undefined {
  return problems.find(({ table }) => table === name);
}

/** What is said in place of a table that could not be read, while others could. */
export function unreadableTableText(table: GradedTable): string {
  return `The table ${tableName(table)} could not be read, so none of its cells counts yet.`;
}

/** What stands above a table; one that is alone may do without. */
export function tableTitle(table: GradedTable, { tables }: Report): string | undefined {
  return tables.length > 1 ? tableName(table) : table.label;
}

/** What a table is called. */
export function tableName({ label, export: name }: GradedTable): string {
  return label ?? name;
}

/** A row with its cells in all columns of its table; undefined where it does not have one. */
export function inColumns({ cells }: GradedRow, { columns }: GradedTable): (GradedCell | undefined)[] {
  return columns.map(({ id }) => cells.find((cell) => cell.id === id));
}

/** What a cell is called in its row. */
export function cellNameOf({ id, name }: GradedCell, { columns }: Pick<GradedTable, 'columns'>): string {
  return name ?? columns.find((column) => column.id === id)?.label ?? id;
}

/** What stands for a cell that a row does not have. */
export const noCell = '–';

/** The value of a cell as people read it. */
export function valueText({ value, shown }: Pick<GradedCell, 'value' | 'shown'>): string | undefined {
  return shown ?? (value === undefined ? undefined : String(value));
}

/** What is asked again as a Report of its own, where anything is filled in there. */
export function startedAgain(report: Report): Report | undefined {
  const { again, reflection: _, ...rest } = report;
  if (!again || report.unreadable) return undefined;
  const { problems, tables, rows } = again;
  const isBlank = problems.length === 0 && gradedCells(again).every(({ outcome }) => outcome === 'blank');
  return isBlank ? undefined : { ...rest, problems, tables, rows };
}

/** The first cell that is not filled in where rows are asked again, once every other cell is right. */
export function nextAgain(report: Report): GradedCell | undefined {
  if (!report.again || report.again.complete || !gradedCells(report).every(isSettled)) return undefined;
  return gradedCells(report.again).find(({ outcome }) => outcome === 'blank' || outcome === 'invalid');
}

/** What to know of a table that asks again, before anything is filled in there. */
export const byYourself: readonly string[] = [
  'This one by yourself, please. It has no points.',
  'You will see marks once every cell of it is filled in.',
];

/** Whether everything asked for is there and nothing is known to be wrong. */
export function isComplete(report: Report): boolean {
  return gradedCells(report).every(isSettled) && report.reflection?.reason === undefined;
}

function isSettled({ outcome, reason }: GradedCell): boolean {
  return outcome === 'correct' || (outcome === 'ungraded' && reason === undefined);
}

/** `3 of 4`: what some cells earned, and could. */
export function pointsText(cells: readonly GradedCell[]): string {
  const possible = cells.reduce((sum, cell) => sum + cell.possible, 0);
  return `${cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0)} of ${possible}`;
}

/** `3 of 4 points` */
function pointsOutOf(points: number, possible: number): string {
  return `${points} of ${possible} point${possible === 1 ? '' : 's'}`;
}

/** The points, or how much is filled in where nothing here can tell what is right. */
export function scoreLine(report: Report): string {
  const { points, possible, started } = report;
  if (points !== null) return `${started ? '' : 'Not started yet: '}${pointsOutOf(points, possible)}`;
  if (isUngradable(report)) return 'No points yet: it is not clear what to grade.';
  if (!started) return 'Not started yet';
  const cells = gradedCells(report);
  const filled = cells.filter(({ outcome }) => outcome === 'ungraded').length;
  return `Checked for form only: ${filled} of ${cells.length} cells are filled in and well-formed.`;
}

/** The points of a reflection, or how many responses there are where none are given here. */
export function reflectionScore({ points, possible, choose, responses, unsorted }: GradedReflection): string {
  if (points !== null) return pointsOutOf(points, possible);
  const count = responses.filter(({ answered }) => answered).length + unsorted.length;
  return `${Math.min(count, choose)} of ${choose} responses`;
}

/** What is said of a reflection as a whole. */
export function reflectionMessages({ remark, reason, disputed }: GradedReflection): Message[] {
  const heard = 'Your instructors read what you say is marked wrong, and look at it.';
  return [
    ...(remark ? [remark] : []),
    ...(reason ? [reason] : []),
    ...(disputed ? [message('reflection/disputed', heard)] : []),
  ];
}

/** How an outcome is shown: a sign for those who see no colors, and a word. */
export const outcomes: Readonly<Record<Outcome, { readonly sign: string; readonly word: string }>> = {
  correct: { sign: '✓', word: 'correct' },
  wrong: { sign: '✗', word: 'wrong' },
  ungraded: { sign: '·', word: 'filled in' },
  blank: { sign: '○', word: 'blank' },
  invalid: { sign: '!', word: 'not read' },
};

/** `file:line:column`, which editors make a link of. */
export function locationText({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

/** What stands above a line with a slip as it should be. */
export const correctedTitle = 'Without the slip (not judged yet):';

/** The misconception that a cell shows; several that fit it alike are joined by +. */
export function misconceptionIn({ cause }: Pick<GradedCell, 'cause'>): string | undefined {
  return cause?.kind === 'misconception' ? cause.name : undefined;
}

/** Why rows are right, each text once with the rows that it is of. */
export function explanationsOf({
  rows,
}: Pick<Report, 'rows'>): { readonly labels: readonly string[]; readonly text: string }[] {
  const labels = new Map<string, string[]>();
  for (const { label, explanation } of rows)
    if (explanation !== undefined) labels.set(explanation, [...(labels.get(explanation) ?? []), label]);
  return [...labels].map(([text, all]) => ({ labels: all, text }));
}

/** What is said of whole tables, beside the problems of the file. */
export function remarksOnTables({ tables }: Report): string[] {
  return tables.flatMap((table) => {
    const { hint, transposed } = table;
    const name = tables.length > 1 ? tableName(table) : undefined;
    const exchanged = 'Graded with rows and columns exchanged throughout, which this course accepts.';
    return [
      ...(hint ? [`Hint for the whole table${name === undefined ? '' : ` ${name}`}: ${hint.text}`] : []),
      ...(transposed ? [name === undefined ? exchanged : `${name}: ${exchanged}`] : []),
    ];
  });
}

/** What is said in place of a table of which nothing could be read. */
export function unreadableText({ file }: Report): string {
  return `${file} could not be read, so no cell counts yet.`;
}

/** What to do before anything is filled in, a step each. */
export function firstSteps({ file, reflection }: Report): string[] {
  return [
    `Open ${file} and fill in each cell.`,
    ...(reflection
      ? [
          `Open ${reflection.file} and react to ${reflection.choose === 1 ? 'one' : reflection.choose} of its questions.`,
        ]
      : []),
  ];
}

/** A label without what it says in brackets at its end. */
export function shortLabel(label: string): string {
  return label.replace(/ \(.*\)$/, '');
}

/** Shortens the label of a row, unless another row of its worksheet would be called the same. */
export function shortLabelIn(
  rows: readonly { readonly label: string }[],
  { label }: { readonly label: string },
): string {
  const short = shortLabel(label);
  return rows.filter((row) => shortLabel(row.label) === short).length > 1 ? label : short;
}
