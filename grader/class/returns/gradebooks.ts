import { completeSecond } from '../../grading/parts';
import { interpolate } from '../../message';
import { type CsvCell, csvRows, own, untrusted } from '../../render/escape/csv';
import { gradedCells } from '../../render/status';
import { groupBy, joinNames } from '../../system/lists';
import { decimalIn } from '../members/csv-table';
import { byKey, wordFor } from '../members/people';
import type { OtherGrade } from '../pages/follow-up';
import { notesIn } from '../results/by-hand';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult, UnmatchedResult } from '../results/student-result.schema';
import {
  type Cell,
  type CellOf,
  type ClassHost,
  type Gradebook,
  type GradebookColumn,
  keyIn,
  type PathOf,
} from './class-host';
import { adjustmentsOf } from './feedback';

/** A student, or a submission that is nobody's. */
type AnyResult = StudentResult | UnmatchedResult;
const studentOf = (row: AnyResult) => ('student' in row ? row.student : undefined);

/** Everything about each student's grade in one table. Notes about the whole run are in `run.json`. */
export const gradesColumns: readonly GradebookColumn<AnyResult>[] = Object.entries<CellOf<AnyResult>>({
  // A student without a login gets the word that stands for it in the tables that are filled in by hand.
  login: (row, { people }) => row.login || ('student' in row ? people.wordFor(row.student) : ''),
  name: (row) => studentOf(row)?.name,
  email: (row) => studentOf(row)?.email,
  section: (row) => studentOf(row)?.section,
  status: ({ status }) => status,
  points: (row) => row.points,
  possible: (_, { course }) => course.rubric.possible,
  worksheet: ({ report }) => report && gradedCells(report).reduce((sum, cell) => sum + (cell.points ?? 0), 0),
  reflection: ({ report }) => report?.reflection?.points,
  adjustments: adjustmentsOf,
  override: (row) => ('override' in row && row.override ? 'yes' : ''),
  again: rowsRight,
  submitted: ({ submitted }) => submitted,
  folder: ({ folder }) => folder,
  source: ({ source }) => source,
  matched_by: ({ matched }) => matched,
  repository: ({ repository }) => repository,
  group: ({ group }) => group,
  needs_review: (row) => {
    const notes = 'beside' in row ? notesIn(row).map(({ note }) => note) : row.notes;
    return notes.map((note) => interpolate(note, String)).join(' ');
  },
});

/** Every row of a run, for people. */
export const gradesFile = 'grades.csv';

/**
 * Makes every gradebook of a class. One leaves out a student whom its host cannot find by any key, or whose first key
 * another has too: one grade would overwrite the other.
 *
 * @returns the files by name, a line for each that leaves out somebody, what to do with them, and the grades that the host
 *   of the roster has and that are not those here.
 */
export function gradebookFiles(graded: GradedClass, hosts: readonly ClassHost[], at: PathOf) {
  const everybody = [...graded.students, ...graded.unmatched].sort(byKey);
  const grades = everybody.map((row) => gradesColumns.map(([, cellOf]) => cellOf(row, graded)));
  const used = hosts.filter((host) => isUsed(host, graded));
  const ofRoster = hosts.find(({ id }) => id === graded.roster?.host?.id);
  const there = ofRoster?.gradesThere?.(graded);
  const made = used.flatMap((host) => {
    const staysThere = (row: StudentResult) => host === ofRoster && there?.(row)?.stays === true;
    return Object.entries(host.gradebooks ?? {}).flatMap(([name, make]) => {
      const gradebook = make(graded);
      return gradebook ? { name, host, ...filledIn(gradebook, graded, staysThere) } : [];
    });
  });
  const files = [
    [gradesFile, tableOf(gradesColumns, grades, graded)] as const,
    ...made.map(({ name, text }) => [name, text] as const),
  ];
  const uploaded = new Set(made.flatMap(({ host, inIt }) => (host === ofRoster ? inIt : [])));
  const leftOut = made.flatMap(({ name, notFound }) => {
    const names = joinNames(notFound.map(({ student }) => wordFor(student)));
    return notFound.length > 0
      ? `${name} leaves out ${names}: the roster lacks what it finds users by, or has it for two of them.`
      : [];
  });
  const steps = used.flatMap((host) => host.stepsFor?.(graded, at) ?? []);
  const others = graded.students.flatMap((row): OtherGrade[] => {
    const grade = there?.(row);
    if (!grade || !ofRoster) return [];
    const stays = !uploaded.has(row);
    // Of equal grades, one that is not uploaded is named all the same.
    const isSame = (decimalIn(grade.text) ?? null) === row.points;
    if (isSame && !(stays && row.points !== null)) return [];
    // Where there is none yet, the upload is the first.
    if (!/[\p{L}\d]/u.test(grade.text) && !(stays && grade.stays && row.points !== null)) return [];
    return [
      {
        row,
        text: `${grade.text.replace(/^-?$/, 'none')} in ${ofRoster.title}, ${row.points ?? 'none'} here`,
        stays,
      },
    ];
  });
  return { files, leftOut, steps, others };
}

/**
 * Fills in a gradebook.
 *
 * @param staysThere whether a grade that its host has stays as it is.
 * @returns its text, those who have a line in it, and those whom its host cannot find.
 */
function filledIn(
  { columns, leavesOut }: Gradebook,
  graded: GradedClass,
  staysThere: (row: StudentResult) => boolean,
) {
  const lines = graded.students.map((row) => {
    const cells = columns.map(([, cellOf]) => cellOf(row, graded));
    const keys = cells.map((cell, index) => keyIn(cell) && `${index} ${keyIn(cell).toLowerCase()}`);
    return { row, cells, keys: keys.filter(Boolean) };
  });
  const allKeys = lines.flatMap(({ keys }) => keys);
  const owners = groupBy(allKeys, (key) => key);
  // A table in which nobody has a key is for people, and holds everybody.
  const canBeFound = ({ keys: [first = ''] }: (typeof lines)[number]) =>
    allKeys.length === 0 || owners.get(first)?.length === 1;
  const inIt = lines.filter(
    (line) =>
      canBeFound(line) &&
      !leavesOut?.has(line.row) &&
      !staysThere(line.row) &&
      // An empty cell would take back a grade that is there.
      line.row.points !== null,
  );
  const rows = inIt.map(({ cells }) => cells);
  const top = columns.map(([, , cell]) => cell);
  if (top.some(Boolean)) rows.unshift(top);
  const notFound = lines.filter((line) => !canBeFound(line));
  return {
    text: tableOf(columns, rows, graded),
    inIt: inIt.map(({ row }) => row),
    notFound: notFound.map(({ row }) => row),
  };
}

/** Whether a run writes the files of a host: one that a source or the roster is of, or any where the roster is of none. */
function isUsed({ id }: ClassHost, { roster, students }: GradedClass): boolean {
  return !roster?.host || roster.host.id === id || students.some(({ host }) => host === id);
}

function tableOf(
  columns: readonly (readonly [heading: string, ...unknown[]])[],
  rows: readonly (readonly Cell[])[],
  graded: GradedClass,
) {
  const table = rows.map((cells) => cells.map((cell) => csvCell(cell, graded)));
  return csvRows([columns.map(([heading]) => own(heading)), ...table]);
}

/** A key is verbatim from a roster, and untrusted text if only a download has it. */
function csvCell(cell: Cell, { roster }: GradedClass): CsvCell {
  const text = roster ? cell : keyIn(cell) || cell;
  return typeof text === 'string' ? untrusted(text) : (text ?? null);
}

/** `2 of 3`: how many rows of the second table are right, once it is complete. It is not part of the points. */
function rowsRight({ report }: AnyResult) {
  const rows = report && completeSecond(report)?.rows;
  const right = rows?.filter(({ cells }) => cells.every(({ outcome }) => outcome === 'correct'));
  return right && `${right.length} of ${rows?.length}`;
}
