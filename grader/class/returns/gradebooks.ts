import { type CsvCell, csvRows, own, untrusted } from '../../render/escape/csv';
import { groupBy, joinNames } from '../../system/lists';
import { decimalIn } from '../members/csv-table';
import { wordFor } from '../members/people';
import type { OtherGrade } from '../pages/follow-up';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import { questionsIn } from '../results/to-decide';
import { type Cell, type ClassHost, type Gradebook, type HostGrade, keyIn } from './class-host';

/**
 * Makes every gradebook of a class. A gradebook leaves out a student whom its host cannot find by any key, or whose
 * first key another student has too: one grade would overwrite the other.
 *
 * @returns the files by name, the students with a line in one, a line for each gradebook that leaves out somebody, and
 *   the grades that the roster's host has and that differ from ours.
 */
export function gradebookFiles(graded: GradedClass, hosts: readonly ClassHost[]) {
  const ofRoster = hosts.find(({ id }) => id === graded.roster?.host?.id);
  const hostGrade = ofRoster?.hostGrades?.(graded);
  const made = hosts.flatMap((host) => {
    const staysAtHost = (row: StudentResult) => host === ofRoster && hostGrade?.(row)?.stays === true;
    return Object.entries(host.gradebooks ?? {}).flatMap(([name, make]) => {
      const gradebook = make(graded);
      return gradebook ? { name, host, ...filledGradebook(gradebook, graded, staysAtHost) } : [];
    });
  });
  const files = made.flatMap(({ name, text }) => (text === undefined ? [] : [[name, text] as const]));
  const written = new Set(made.flatMap(({ inIt }) => inIt));
  const uploaded = new Set(made.flatMap(({ host, inIt }) => (host === ofRoster ? inIt : [])));
  const leftOut = made.flatMap(({ name, notFound }) => {
    const names = joinNames(notFound.map(({ student }) => wordFor(student)));
    return notFound.length > 0
      ? `${name} leaves out ${names}: the roster does not have what it finds users by, or has the same for two of them.`
      : [];
  });
  const others = ofRoster && hostGrade ? gradesThatDiffer(graded, ofRoster, hostGrade, uploaded) : [];
  return { files, written, leftOut, others };
}

/**
 * Lists the grades that a host has and that differ from ours.
 *
 * @param uploaded the students whose grade a gradebook sets there.
 */
function gradesThatDiffer(
  { students }: GradedClass,
  { title }: ClassHost,
  hostGrade: ReturnType<NonNullable<ClassHost['hostGrades']>>,
  uploaded: ReadonlySet<StudentResult>,
): OtherGrade[] {
  return students.flatMap((row) => {
    const grade = hostGrade(row);
    return (grade && differingGrade(row, grade, title, uploaded.has(row))) ?? [];
  });
}

function differingGrade(
  row: StudentResult,
  { text, stays, maximum = Number.POSITIVE_INFINITY }: HostGrade,
  host: string,
  isUploaded: boolean,
): OtherGrade | undefined {
  const { points } = row;
  if (isUploaded && (points ?? 0) > maximum)
    return { row, text: `${points} here, capped at ${maximum} in ${host}`, becomes: 'capped' };
  // An equal grade is listed only if it stays there and is not uploaded.
  const isSame = (decimalIn(text) ?? null) === points;
  if (isSame && (isUploaded || points === null)) return undefined;
  // If the host has no grade yet, the upload sets the first.
  const hasGrade = /[\p{L}\d]/u.test(text);
  if (!hasGrade && (isUploaded || !stays || points === null)) return undefined;
  const both = `${text.replace(/^-?$/, 'none')} in ${host}, ${points ?? 'none'} here`;
  return { row, text: both, becomes: becomesOf(row, !isUploaded) };
}

/** A grade that was changed by hand waits until a person decides what becomes of it. */
function becomesOf(row: StudentResult, stays: boolean): OtherGrade['becomes'] {
  if (questionsIn(row).some(({ kind }) => kind === 'changedAtHost')) return 'waits';
  return stays ? 'stays' : 'changes';
}

/**
 * Fills in a gradebook.
 *
 * @param staysAtHost whether the grade at the host stays as it is.
 * @returns its text, unless the host already has all of it; the students whose grade the host has after the upload; and
 *   the students whom the host cannot find.
 */
function filledGradebook(
  { columns, leavesOut, isAtHost }: Gradebook,
  graded: GradedClass,
  staysAtHost: (row: StudentResult) => boolean,
) {
  const lines = graded.students.map((row) => {
    const cells = columns.map(([, cellOf]) => cellOf(row, graded));
    const keys = cells.map((cell, index) => keyIn(cell) && `${index} ${keyIn(cell).toLowerCase()}`);
    return { row, cells, keys: keys.filter(Boolean) };
  });
  const allKeys = lines.flatMap(({ keys }) => keys);
  const owners = groupBy(allKeys, (key) => key);
  // If nobody has a key, the table is for people to read, and includes everybody.
  const canBeFound = ({ keys: [first = ''] }: (typeof lines)[number]) =>
    allKeys.length === 0 || owners.get(first)?.length === 1;
  const inIt = lines.filter(
    (line) =>
      canBeFound(line) &&
      !leavesOut?.has(line.row) &&
      !staysAtHost(line.row) &&
      // An empty cell would remove a grade that is there.
      line.row.points !== null,
  );
  const rows = inIt.filter(({ row }) => !isAtHost?.(row)).map(({ cells }) => cells);
  const isAllAtHost = rows.length === 0 && inIt.length > 0;
  const top = columns.map(([, , cell]) => cell);
  if (top.some(Boolean)) rows.unshift(top);
  const notFound = lines.filter((line) => !canBeFound(line));
  return {
    text: isAllAtHost ? undefined : tableText(columns, rows, graded),
    inIt: inIt.map(({ row }) => row),
    notFound: notFound.map(({ row }) => row),
  };
}

/** Whether a run writes a host's files: if a source or the roster comes from it. */
export function isUsed({ id }: ClassHost, { roster, hostsGiven }: GradedClass): boolean {
  return roster?.host?.id === id || hostsGiven.has(id);
}

/** The text of a table: the headings of its columns, and rows of cells. */
export function tableText(
  columns: readonly (readonly [heading: string, ...unknown[]])[],
  rows: readonly (readonly Cell[])[],
  graded: GradedClass,
) {
  const table = rows.map((cells) => cells.map((cell) => csvCell(cell, graded)));
  return csvRows([columns.map(([heading]) => own(heading)), ...table]);
}

/** A key from a roster is written verbatim; a key from a download is untrusted text. */
function csvCell(cell: Cell, { roster }: GradedClass): CsvCell {
  const text = roster ? cell : keyIn(cell) || cell;
  return typeof text === 'string' ? untrusted(text) : (text ?? null);
}
