import type { GradedCell, GradedReflection, GradedTable, Outcome, Report } from '../grading/report.schema';
import { isUngradable } from '../grading/score';
import type { Answer } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { counted, type Location, type Message, message } from '../message';
import { cellsOf, type Rubric, type RubricCell, type RubricRow } from '../rubric/rubric';

// Words and facts that every view of a Report shares.

/** Whether everything asked for is there and nothing is known to be wrong. */
export function isComplete(report: Report): boolean {
  const isSettled = ({ outcome, reason }: GradedCell) =>
    outcome === 'correct' || (outcome === 'ungraded' && reason === undefined);
  return cellsOf(report).every(isSettled) && report.reflection?.reason === undefined;
}

/** The points, or how much is filled in if nothing here can tell right from wrong. */
export function scoreLine(report: Report): string {
  const { points, possible, started } = report;
  if (points !== null) return `${started ? '' : 'Not started yet: '}${outOf(points, possible, 'point')}`;
  if (isUngradable(report)) return 'No points yet: it is not clear which work to grade';
  if (!started) return 'Not started yet';
  const cells = cellsOf(report);
  const filled = cells.filter(({ outcome }) => outcome === 'ungraded').length;
  return `Checked for form only: ${filled} of ${cells.length} cells are filled in and well-formed`;
}

/** The points of a reflection, or the number of its responses if no points are given here. */
export function reflectionScore(reflection: GradedReflection): string {
  const { points, possible } = reflection;
  return points === null ? responsesScore(reflection) : outOf(points, possible, 'point');
}

/** `1 of 2 responses` */
export function responsesScore(reflection: GradedReflection): string {
  return outOf(countedResponses(reflection), reflection.choose, 'response');
}

function outOf(count: number, possible: number, what: string): string {
  return `${count} of ${counted(possible, what)}`;
}

/** The number of responses that count. */
export function countedResponses({ choose, responses, unsorted }: GradedReflection): number {
  return Math.min(choose, responses.filter(({ answered }) => answered).length + unsorted.length);
}

/** The messages about a reflection as a whole. */
export function reflectionMessages({ remark, reason, disputed }: GradedReflection): Message[] {
  const heard = 'Your instructors will read this and check the mark. It costs nothing to ask.';
  const messages = [remark, reason, disputed && message('reflection/disputed', heard)];
  return messages.filter((one) => one !== undefined);
}

/** How an outcome is shown: a sign for people who cannot see colors, and a word. */
export const outcomes: Readonly<Record<Outcome, { readonly sign: string; readonly word: string }>> = {
  correct: { sign: '✓', word: 'correct' },
  wrong: { sign: '✗', word: 'wrong' },
  ungraded: { sign: '·', word: 'filled in' },
  blank: { sign: '○', word: 'blank' },
  invalid: { sign: '!', word: 'not read' },
};

/** `✗ wrong` */
export function markOf(outcome: Outcome): string {
  const { sign, word } = outcomes[outcome];
  return `${sign} ${word}`;
}

/** Shown in place of a cell that a row does not have. */
export const noCell = '–';

/** The value of a cell, formatted for people. */
export function valueText({ value, shown }: Pick<GradedCell, 'value' | 'shown'>): string | undefined {
  return shown ?? (value === undefined ? undefined : String(value));
}

/** `file:line:column`, which editors turn into a link. */
export function locationText({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

/** The label of a table, or else the name that it is exported by. */
export function tableName({ label, export: name }: Pick<GradedTable, 'label' | 'export'>): string {
  return label ?? name;
}

/** The name of a cell within its row. */
export function cellNameOf(
  { id, name }: Pick<GradedCell, 'id' | 'name'>,
  { columns }: Pick<GradedTable, 'columns'>,
): string {
  return name ?? columns.find((column) => column.id === id)?.label ?? id;
}

/** The hints for whole tables. */
export function tableHints(report: Report): string[] {
  const { tables } = report;
  return tables.flatMap((table) => {
    const name = tables.length === 1 ? '' : ` ${tableName(table)}`;
    return table.hint ? [`Hint for the whole table${name}: ${table.hint.text}`] : [];
  });
}

/** The problems that kept cells from being read, and what each costs: the whole file, or one of its tables. */
export function problemsShown({ problems, tables, file, unreadable }: Report) {
  return problems.flatMap((problem) => {
    if (unreadable) return { problem, part: file };
    const table = tables.find(({ export: name }) => name === problem.table);
    return table ? { problem, part: `the table ${tableName(table)}` } : [];
  });
}

/** A Report without the tables that could not be read. */
export function readablePart(report: Report): Report {
  const isRead = (name: string) => !report.unreadable && !report.problems.some(({ table }) => table === name);
  const tables = report.tables.filter((table) => isRead(table.export));
  return { ...report, tables, rows: report.rows.filter(({ table }) => isRead(table)) };
}

/** A label without the part in parentheses at its end. */
function shortLabel(label: string): string {
  return label.replace(/ \(.*\)$/, '');
}

/** Shortens the label of a row, unless it would then equal the label of another row. */
export function shortLabelIn(
  rows: readonly { readonly label: string }[],
  { label }: { readonly label: string },
): string {
  const short = shortLabel(label);
  return rows.filter((row) => shortLabel(row.label) === short).length > 1 ? label : short;
}

/** Answers to a row, by column. */
export type RowValues = Readonly<Record<string, Answer | undefined>>;

/** `100 × 128` if a row is a matrix, otherwise `7 and 24`; a dash stands for a blank cell. */
export function rowText(rubric: Pick<Rubric, 'tables'>, row: RubricRow, values: RowValues): string {
  return row.cells.map((cell) => answerText(cell, values[cell.id])).join(separatorIn(rubric, row));
}

/** The text between the answers of a row. */
export function separatorIn({ tables }: Pick<Rubric, 'tables'>, { id, cells }: RubricRow): string {
  const table = tables.find(({ rows }) => rows.some((row) => row.id === id));
  return table?.draw && cells.length > 1 && cells.every((cell) => kindOf(cell).isWholeNumber)
    ? ' × '
    : ' and ';
}

/** Longer answers are cut. */
const maxLength = 60;

/** An answer for people; digits are grouped, as on all pages about a class. */
export function answerText(cell: RubricCell, value: Answer | undefined): string {
  if (value === undefined) return noCell;
  if (typeof value === 'number' && kindOf(cell).isWholeNumber) return value.toLocaleString('en');
  const text = kindOf(cell).print(value);
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}
