import type {
  GradedCell,
  GradedReflection,
  GradedRow,
  GradedTable,
  Outcome,
  Report,
} from '../grading/report.schema';
import { againPart, type GradedTables, isUngradable, worksheetPart } from '../grading/score';
import { countWord, type Location, type Message, message } from '../message';
import type { Safe } from './escape/safe';

/** Renders a Report in one format. Pure, and never recomputes a grade. */
export type Renderer<Sink extends string, Context = undefined> = (
  report: Report,
  context: Context,
) => Safe<Sink>;

// Wording that all formats of a Report share.

/** Every cell of some rows. */
export function allCells({ rows }: Pick<Report, 'rows'>): GradedCell[] {
  return rows.flatMap(({ cells }) => cells);
}

/** The cells that points depend on: those of every table that is marked as it is filled in. */
export function gradedCells({ tables, rows }: GradedTables): GradedCell[] {
  return allCells(worksheetPart({ tables, rows }));
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

/** The hint for the whole table that a wrong cell is in, if there is one. */
export function tableHint(report: Report, cell: GradedCell): GradedTable['hint'] {
  if (cell.outcome !== 'wrong') return undefined;
  const name = tableNameOf(report, cell);
  return report.tables.find((table) => table.export === name)?.hint;
}

/** The problem that keeps one table from being read, while others can be. */
export function tableProblem({ problems }: Report, name: string): Report['problems'][number] | undefined {
  return problems.find(({ table }) => table === name);
}

/** The text in place of a table that could not be read, while others could. */
export function unreadableTableText(table: GradedTable): string {
  return `The table ${tableName(table)} could not be read, so none of its cells counts yet.`;
}

/** The title above a table; the only table of a worksheet may have none. */
export function tableTitle(table: GradedTable, { tables }: Report): string | undefined {
  return tables.length > 1 ? tableName(table) : table.label;
}

/** The label of a table, or else the name that it is exported by. */
export function tableName({ label, export: name }: GradedTable): string {
  return label ?? name;
}

/** The cells of a row, one for each column of its table; undefined where the row has none. */
export function inColumns({ cells }: GradedRow, { columns }: GradedTable): (GradedCell | undefined)[] {
  return columns.map(({ id }) => cells.find((cell) => cell.id === id));
}

/** The name of a cell within its row. */
export function cellNameOf({ id, name }: GradedCell, { columns }: Pick<GradedTable, 'columns'>): string {
  return name ?? columns.find((column) => column.id === id)?.label ?? id;
}

/** Shown in place of a cell that a row does not have. */
export const noCell = '–';

/** The value of a cell, formatted for people. */
export function valueText({ value, shown }: Pick<GradedCell, 'value' | 'shown'>): string | undefined {
  return shown ?? (value === undefined ? undefined : String(value));
}

/** The tables that are marked only once they are complete, as a Report of their own, if anything in them is filled in. */
export function startedAgain(report: Report): Report | undefined {
  const { reflection: _, ...again } = againPart(report);
  const isBlank = again.problems.length === 0 && allCells(again).every(({ outcome }) => outcome === 'blank');
  return report.unreadable || isBlank ? undefined : again;
}

/** These tables as a Report of their own, once all of their cells are filled in. */
export function completeAgain(report: Report): Report | undefined {
  const again = startedAgain(report);
  return again?.tables.every(({ complete }) => complete) ? again : undefined;
}

/** Instructions for a table that is marked only once it is complete, shown until it is. */
export const byYourself: readonly string[] = [
  'This one by yourself, please. It is worth no points.',
  'You will see marks once every cell in it is filled in.',
];

/** Whether everything asked for is there and nothing is known to be wrong. */
export function isComplete(report: Report): boolean {
  return gradedCells(report).every(isSettled) && report.reflection?.reason === undefined;
}

function isSettled({ outcome, reason }: GradedCell): boolean {
  return outcome === 'correct' || (outcome === 'ungraded' && reason === undefined);
}

/** `3 of 4`: the points that some cells earned, and could have earned. */
export function pointsText(cells: readonly GradedCell[]): string {
  const possible = cells.reduce((sum, cell) => sum + cell.possible, 0);
  return `${cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0)} of ${possible}`;
}

/** `3 of 4 points` */
function pointsOutOf(points: number, possible: number): string {
  return `${points} of ${possible} point${possible === 1 ? '' : 's'}`;
}

/** The points, or how much is filled in if nothing here can tell right from wrong. */
export function scoreLine(report: Report): string {
  const { points, possible, started } = report;
  if (points !== null) return `${started ? '' : 'Not started yet: '}${pointsOutOf(points, possible)}`;
  if (isUngradable(report)) return 'No points yet: it is not clear which work to grade.';
  if (!started) return 'Not started yet';
  const cells = gradedCells(report);
  const filled = cells.filter(({ outcome }) => outcome === 'ungraded').length;
  return `Checked for form only: ${filled} of ${cells.length} cells are filled in and well-formed.`;
}

/** The points of a reflection, or the number of its responses if no points are given here. */
export function reflectionScore(reflection: GradedReflection): string {
  const { points, possible, choose } = reflection;
  if (points !== null) return pointsOutOf(points, possible);
  return `${countedResponses(reflection)} of ${choose} responses`;
}

/** The number of responses that count. */
export function countedResponses({ choose, responses, unsorted }: GradedReflection): number {
  return Math.min(choose, responses.filter(({ answered }) => answered).length + unsorted.length);
}

/** The messages about a reflection as a whole. */
export function reflectionMessages({ remark, reason, disputed }: GradedReflection): Message[] {
  const heard = 'Your instructors will read this and check the mark. It costs nothing to ask.';
  return [
    ...(remark ? [remark] : []),
    ...(reason ? [reason] : []),
    ...(disputed ? [message('reflection/disputed', heard)] : []),
  ];
}

/** How an outcome is shown: a sign for people who cannot see colors, and a word. */
export const outcomes: Readonly<Record<Outcome, { readonly sign: string; readonly word: string }>> = {
  correct: { sign: '✓', word: 'correct' },
  wrong: { sign: '✗', word: 'wrong' },
  ungraded: { sign: '·', word: 'filled in' },
  blank: { sign: '○', word: 'blank' },
  invalid: { sign: '!', word: 'not read' },
};

/** `file:line:column`, which editors turn into a link. */
export function locationText({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

/** The title above a line in which a slip is corrected. */
export const correctedTitle = 'Corrected line (not graded yet):';

/** The misconception that a cell shows; several that fit equally well are joined by +. */
export function misconceptionIn({ cause }: Pick<GradedCell, 'cause'>): string | undefined {
  return cause?.kind === 'misconception' ? cause.name : undefined;
}

/** Explanations of why rows are right, each text once with the labels of its rows. */
export function explanationsOf({
  rows,
}: Pick<Report, 'rows'>): { readonly labels: readonly string[]; readonly text: string }[] {
  const labels = new Map<string, string[]>();
  for (const { label, explanation } of rows)
    if (explanation !== undefined) labels.set(explanation, [...(labels.get(explanation) ?? []), label]);
  return [...labels].map(([text, all]) => ({ labels: all, text }));
}

/** Remarks on whole tables, in addition to the problems of the file. */
export function remarksOnTables({ tables }: Report): string[] {
  return tables.flatMap((table) => {
    const name = tables.length > 1 ? ` ${tableName(table)}` : '';
    return table.hint ? [`Hint for the whole table${name}: ${table.hint.text}`] : [];
  });
}

/** The text in place of a worksheet that could not be read at all. */
export function unreadableText({ file }: Report): string {
  return `${file} could not be read, so no cell counts yet.`;
}

/** The steps to take before anything is filled in. */
export function firstSteps({ file, reflection }: Report): string[] {
  return [
    `Open ${file} and fill in each cell.`,
    ...(reflection
      ? [`Open ${reflection.file} and react to ${countWord(reflection.choose)} of its questions.`]
      : []),
  ];
}

/** A label without the part in parentheses at its end. */
export function shortLabel(label: string): string {
  return label.replace(/ \(.*\)$/, '');
}

/** Shortens the label of a row, unless another row would end up with the same label. */
export function shortLabelIn(
  rows: readonly { readonly label: string }[],
  { label }: { readonly label: string },
): string {
  const short = shortLabel(label);
  return rows.filter((row) => shortLabel(row.label) === short).length > 1 ? label : short;
}
