import type { GradedCell, GradedRow, GradedTables, Report } from '../../grading/report.schema';
import { isTellable } from '../../grading/why-wrong';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import type { RowValues } from '../../render/status';
import { type Rubric, type RubricRow, rowsOf } from '../../rubric/rubric';
import { groupBy } from '../../system/lists';
import type { StudentResult } from '../results/student-result.schema';

/** A student whose answers were read and count. Pages describe what students know from these students only. */
export type KnownStudent = StudentResult & { readonly report: Report };

/** A row with a wrong answer. */
export interface WrongRow {
  readonly row: RubricRow;
  /** Its place among all rows. */
  readonly position: number;
  /** The answers that were written in the row, by column; undefined if a cell is blank or not read. */
  readonly values: RowValues;
  /** The ids of the misconceptions that it shows. */
  readonly ideas: readonly string[];
  /** Each wrong number that has a meaning, with that meaning. */
  readonly meanings: readonly (readonly [value: Answer, meaning: string])[];
}

/** The wrong row of one student. */
export interface ShownRow extends WrongRow {
  readonly student: KnownStudent;
}

/** A wrong answer and the students who wrote it. */
interface Group extends WrongRow {
  readonly students: ReadonlySet<KnownStudent>;
}

/** A wrong answer to a row, with the students who wrote it in the work that counts now. */
export interface SharedAnswer extends Group {
  /** How many students have any cell of the row wrong. */
  readonly haveWrong: number;
}

/** Lists the rows with a wrong answer. */
export function wrongRowsIn(rubric: Rubric, graded: GradedTables): WrongRow[] {
  return rowsOf(rubric).flatMap((row, position) => {
    const written = graded.rows.find(({ id }) => id === row.id);
    if (!written?.cells.some(({ outcome }) => outcome === 'wrong')) return [];
    const { cells } = written;
    return {
      row,
      position,
      values: Object.fromEntries(cells.map(({ id, value }) => [id, value])),
      ideas: [...new Set(cells.flatMap((cell) => misconceptionOf(cell, written, graded) ?? []))],
      meanings: cells.flatMap(({ value, cause }) =>
        value !== undefined && cause?.kind === 'quantity' ? [[value, cause.name] as const] : [],
      ),
    };
  });
}

/** Lists every wrong answer, most frequent first; of equally frequent ones, the one in the higher row. */
export function sharedAnswersOf(rubric: Rubric, shown: readonly ShownRow[]): SharedAnswer[] {
  const ofRow = (row: RubricRow) => answersAmong(shown.filter((answer) => answer.row === row));
  return rowsOf(rubric).flatMap(ofRow).sort(byFrequency);
}

const byFrequency = (a: Group, b: Group) => b.students.size - a.students.size || a.position - b.position;

/** Counts the different wrong answers of a row, by students. */
function answersAmong(wrong: readonly ShownRow[]): SharedAnswer[] {
  // A row with a blank cell is wrong, but not an answer.
  const whole = wrong.filter(({ row, values }) => row.cells.every(({ id }) => values[id] !== undefined));
  return groupsAmong(whole).map((group) => ({ ...group, haveWrong: wrong.length }));
}

/** Whether two answers to a row count as one: they are alike, or within a tolerance. */
function isSameAnswer({ cells }: RubricRow, answer: RowValues, other: RowValues): boolean {
  return cells.every((cell) => {
    const [value, known] = [answer[cell.id], other[cell.id]];
    return value !== undefined && known !== undefined && kindOf(cell).matches(value, known);
  });
}

/** Groups wrong rows by what was written, the most frequent first; answers that count as the same are one. */
export function groupsAmong(wrong: readonly ShownRow[]): Group[] {
  const groups: (WrongRow & { readonly students: Set<KnownStudent> })[] = [];
  const alike = groupBy(wrong, ({ position, values }) => JSON.stringify([position, values]));
  for (const [first, ...more] of alike.values()) {
    const { row, values } = first;
    const students = new Set([first, ...more].map(({ student }) => student));
    // If everything is compared exactly, no two groups are the same, and a large class has many.
    const isExact = row.cells.every((cell) => kindOf(cell).isExact);
    const group = isExact
      ? undefined
      : groups.find((known) => known.row === row && isSameAnswer(row, values, known.values));
    if (group) for (const student of students) group.students.add(student);
    else groups.push({ ...first, students });
  }
  return groups.sort(byFrequency);
}

/** If fewer students wrote the same, it may be chance. */
export const fewestForAll = 3;

/** Whether a wrong answer is worth everybody's time: at least three students wrote it, and 5 % of those counted. */
export function isForAll({ students: { size } }: SharedAnswer, counted: number): boolean {
  return size >= fewestForAll && size >= counted / 20;
}

/**
 * Returns the misconception that a cell shows: its own, or if it is wrong, that of the whole table. Several that fit
 * equally well are joined by +.
 */
export function misconceptionOf(
  cell: GradedCell,
  row: GradedRow,
  { tables }: GradedTables,
): string | undefined {
  const ownIdea = cell.cause?.kind === 'misconception' ? cell.cause.name : undefined;
  // A row with blank cells, or the same number in every cell, does not show which way the table runs.
  if (ownIdea !== undefined || cell.outcome !== 'wrong' || !isTellable(row)) return ownIdea;
  return tables.find(({ export: name }) => name === row.table)?.hint?.misconception;
}
