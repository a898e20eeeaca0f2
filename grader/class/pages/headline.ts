import { isSameAnswer } from '../../course/vote';
import { isTellable } from '../../grading/judge';
import type { GradedRow } from '../../grading/report.schema';
import type { GradedTables } from '../../grading/score';
import type { Answer } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import { misconceptionIn } from '../../render/status';
import { allRowsOf, type Rubric, type RubricRow, type RubricTable } from '../../rubric/rubric';
import { groupBy } from '../../system/lists';
import type { StudentResult } from '../results/student-result.schema';

/** A student whose answers were read and count: the only ones of whom a page says what they know. */
export interface KnownStudent {
  readonly result: StudentResult;
  /** The worksheet as it counts. */
  readonly now: GradedTables;
  /** The second table, if all of it is filled in. */
  readonly again: GradedTables | undefined;
  /** The first complete answers of a student who changed one, and answered every cell then and now. */
  readonly first: GradedTables | undefined;
}

/** A wrong answer of a row, or one mistake in all of a table, with those who wrote it in what counts now. */
export interface SharedAnswer {
  /** In the second table, a row of its own. Of a mistake in all of a table, the row in which most wrote the same. */
  readonly row: RubricRow;
  readonly isOfTable: boolean;
  /** Whether it is in the table that is marked only once it is complete. */
  readonly isAgain: boolean;
  /** The answers that were written in the row, by column. */
  readonly values: Readonly<Record<string, Answer>>;
  /** The ids of the misconceptions that it shows. */
  readonly ideas: readonly string[];
  /** Where it shows none: each wrong number that has a meaning, with that. */
  readonly meanings: readonly (readonly [value: Answer, meaning: string])[];
  readonly students: ReadonlySet<KnownStudent>;
  /** How many students have any cell of the row wrong; of a mistake in all of a table, any cell of that. */
  readonly haveWrong: number;
  /** How many students are counted: in the second table, those who filled it in. */
  readonly counted: number;
  /** How many students wrote the most frequent of the other wrong answers there. */
  readonly next: number;
}

/** The wrong row of one student. */
interface WrongRow extends Pick<SharedAnswer, 'row' | 'isOfTable' | 'isAgain' | 'ideas' | 'meanings'> {
  readonly student: KnownStudent;
  /** Missing if a cell is blank or not read, for that is no answer. */
  readonly values: SharedAnswer['values'] | undefined;
}

/** Lists every wrong answer: the one that most students wrote first, and of equals that of the higher row. */
export function sharedAnswersOf(rubric: Rubric, students: readonly KnownStudent[]): SharedAnswer[] {
  const rows = allRowsOf(rubric);
  const answers = rubric.tables.flatMap((table) => {
    const sheets = students.flatMap((student) => {
      const graded = table.marks === 'complete' ? student.again : student.now;
      return graded ? { student, graded } : [];
    });
    const wrong = sheets.flatMap(({ student, graded }) => wrongRowsIn(table, student, graded));
    return answersAmong(table, wrong, sheets.length);
  });
  const placeOf = ({ row }: SharedAnswer) => rows.findIndex(({ id }) => id === row.id);
  return answers.sort(
    (a, b) =>
      b.students.size - a.students.size ||
      placeOf(a) - placeOf(b) ||
      Number(b.isOfTable) - Number(a.isOfTable),
  );
}

function wrongRowsIn(table: RubricTable, student: KnownStudent, graded: GradedTables): WrongRow[] {
  return table.rows.flatMap((row) => {
    const written = graded.rows.find(({ id }) => id === row.id);
    if (!written?.cells.some(({ outcome }) => outcome === 'wrong')) return [];
    const filled = written.cells.flatMap(({ id, value }) => (value === undefined ? [] : [[id, value]]));
    const meanings = written.cells.flatMap(({ value, cause }) =>
      value !== undefined && cause?.kind === 'quantity' ? [[value, cause.name] as const] : [],
    );
    const ofTable = misconceptionOfTable(written, graded);
    return {
      student,
      row,
      isOfTable: ofTable !== undefined,
      isAgain: table.marks === 'complete',
      values: filled.length === row.cells.length ? Object.fromEntries(filled) : undefined,
      ideas: ofTable === undefined ? [...new Set(misconceptionsOf(written, graded).values())] : [ofTable],
      meanings,
    };
  });
}

/** Counts the different wrong answers of a table, by students. */
function answersAmong(table: RubricTable, wrong: readonly WrongRow[], counted: number): SharedAnswer[] {
  const ofRows = table.rows.flatMap((row) => {
    const inRow = wrong.filter((answer) => answer.row === row);
    return sharedAmong(inRow, inRow.length, counted).map((answer) => ({ ...answer, isOfTable: false }));
  });
  const haveWrong = new Set(wrong.map(({ student }) => student)).size;
  const inTable = wrong.filter(({ isOfTable }) => isOfTable);
  const besides = sharedAmong(
    wrong.filter(({ isOfTable }) => !isOfTable),
    haveWrong,
    counted,
  );
  // In each row it shows in numbers of its own: those that most wrote stand for all.
  const [example] = sharedAmong(inTable, haveWrong, counted).sort(byStudents);
  if (!example) return ofRows;
  const students = new Set(inTable.map(({ student }) => student));
  const next = Math.max(0, ...besides.map((answer) => answer.students.size));
  return [{ ...example, students, next }, ...ofRows];
}

const byStudents = (a: SharedAnswer, b: SharedAnswer) => b.students.size - a.students.size;

/** Groups wrong rows by what was written; answers that count as each other are one. */
function sharedAmong(wrong: readonly WrongRow[], haveWrong: number, counted: number): SharedAnswer[] {
  const groups: (WrongRow & Pick<SharedAnswer, 'values'> & { readonly students: Set<KnownStudent> })[] = [];
  const alike = groupBy(wrong, ({ row, values }) => JSON.stringify([row.id, values]));
  for (const [first, ...more] of alike.values()) {
    if (!first?.values) continue;
    const { row, values } = first;
    const students = new Set([first, ...more].map(({ student }) => student));
    // Where all is compared exactly, no two groups are the same, and a large class has many.
    const isExact = row.cells.every((cell) => kindOf(cell).isExact);
    const group = isExact
      ? undefined
      : groups.find((known) => known.row === row && isSameAnswer(row, values, known.values));
    if (group) for (const student of students) group.students.add(student);
    else groups.push({ ...first, values, students });
  }
  const [most, ...others] = groups.map(({ students }) => students).sort((a, b) => b.size - a.size);
  const [second] = others;
  return groups.map((group) => {
    const next = (group.students === most ? second : most)?.size ?? 0;
    return { ...group, haveWrong, counted, next };
  });
}

/**
 * Whether a wrong answer is worth the time of all: at least three students wrote it, a tenth of those counted, and a
 * third of those who are wrong there. A quarter is enough where four wrote it and no other answer comes near.
 */
export function isForAll({ students: { size }, counted, haveWrong, next }: SharedAnswer): boolean {
  if (size < 3 || size < counted / 10) return false;
  return size >= haveWrong / 3 || (size >= 4 && size >= haveWrong / 4 && next <= size / 2);
}

/** Returns the misconception that each wrong cell of a row shows, by column: its own, or that of the whole table. */
export function misconceptionsOf(row: GradedRow, graded: GradedTables): ReadonlyMap<string, string> {
  const whole = misconceptionOfTable(row, graded);
  const misconceptions = new Map<string, string>();
  for (const cell of row.cells) {
    const id = misconceptionIn(cell) ?? (cell.outcome === 'wrong' ? whole : undefined);
    if (id !== undefined) misconceptions.set(cell.id, id);
  }
  return misconceptions;
}

/** Returns the misconception that all of a row's table shows, if the row shows it too. */
function misconceptionOfTable(row: GradedRow, { tables }: GradedTables): string | undefined {
  // A row with blank cells, or the same number in every cell, does not show which way the table runs.
  const hint = tables.find(({ export: name }) => name === row.table)?.hint;
  return hint && isTellable(row) ? hint.misconception : undefined;
}
