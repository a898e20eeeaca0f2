import { groupBy } from '../../system/lists';
import {
  assertHeading,
  assertNoProblems,
  type CsvTable,
  readTable,
  type TableFile,
  type TableRow,
} from './csv-table';
import { loginHeadings, moodleWorksheet } from './moodle-worksheet';
import { type Student, wordFor } from './people';

export type Roster = ReturnType<typeof readRoster>;

/** A column of Canvas's gradebook: `Shapes (123)`. */
export interface CanvasAssignment {
  readonly title: string;
  readonly possible?: number;
}

/** Headings that identify students of a download who have no login. */
const otherHeadings = ['email', 'email_address', 'sid', 'sis_user_id', 'sis_login_id', 'student_id', 'id'];

/**
 * Reads a roster: from GitHub Classroom, Classroom 50, Canvas or Gradescope, Moodle's offline grading worksheet, or
 * any table whose first line has a login or another identifier of students. It is separated by commas, semicolons
 * or tabs.
 *
 * @throws {GraderError} if it cannot be read or has no such heading, or that lists every line that cannot be used.
 */
export function readRoster(file: TableFile) {
  const table = readTable(file);
  const worksheet = moodleWorksheet(table);
  if (!worksheet) assertHeading(file, table.headings, [...loginHeadings, ...otherHeadings]);
  // Harmless oddities in the file.
  const notes: string[] = [];
  const problems: string[] = [];
  const students: Student[] = [];
  for (const { line, cells } of worksheet?.students ?? table.rows) {
    const student = studentOf(cells, line);
    // Canvas has a row of points at the top, and a student for tests at the end.
    if (student.key === '()' || /^(?:points possible|student, test)$/i.test(cells.student ?? '')) continue;
    if (!/^(?:|student|member|learner)s?$/i.test(cells.role ?? ''))
      notes.push(`${file.name}, line ${line}: ${wordFor(student)} is ${cells.role} and is left out.`);
    else students.push(student);
    if (!/^$|@/.test(student.email))
      problems.push(
        `line ${line}: “${student.email}” is not an e-mail address. Are the cells under the right headings?`,
      );
  }
  const told = [...groupBy(students, ({ key }) => key).values()].flatMap((same) => {
    const [first, ...duplicates] = same;
    if (duplicates.length === 0) return same;
    for (const { line, login, userId, studentId, email } of duplicates) {
      const word = login || userId || studentId || email;
      if (word)
        problems.push(`line ${line}: ${word} is in line ${first?.line} already. Give each student one line.`);
    }
    // Two may have the same name, and are told apart by the line.
    return same.map((one) => ({ ...one, key: one.key.replace(/\)$/, `, line ${one.line})`) }));
  });
  assertNoProblems(file, problems);
  return {
    students: told,
    // Of Canvas's gradebook, with their points, if that is the roster.
    assignments: worksheet ? [] : assignmentsOf(table),
    // Moodle's offline grading worksheet, if that is the roster.
    worksheet,
    notes,
  };
}

/** The assignments of Canvas's gradebook. Each heading ends with a number in parentheses. */
function assignmentsOf({ headings, titles, rows }: CsvTable): CanvasAssignment[] {
  if (!headings.includes('student')) return [];
  const possible = rows.find(({ cells }) => /^points possible$/i.test(cells.student ?? ''));
  return titles.flatMap((title, index) =>
    / \(\d+\)$/.test(title) ? { title, possible: Number(possible?.record[index]) || undefined } : [],
  );
}

/** The student whom the cells of a row describe. */
export function studentOf(columns: TableRow['cells'], line: number): Student {
  const cell = (...names: string[]) => names.map((name) => columns[name]).find(Boolean) ?? '';
  // Another column may hold the name of a user elsewhere.
  const login = columns[loginHeadings.find((name) => Object.hasOwn(columns, name)) ?? ''] ?? '';
  const loginId = cell('sis_login_id');
  const name = cell('name', 'student', 'full_name') || `${cell('first_name')} ${cell('last_name')}`.trim();
  const email = cell('email', 'email_address') || (loginId.includes('@') ? loginId : '');
  const userId = cell('id', 'user_id');
  const studentId = cell('identifier', 'student_id', 'sis_user_id', 'sid', 'id_number');
  const participant = cell('participant');
  return {
    key: login.toLowerCase() || `(${(userId || studentId || participant || email || name).toLowerCase()})`,
    login,
    line,
    name,
    email,
    userId,
    studentId,
    participant,
    section: cell('section'),
    group: cell('group', 'group_name', 'team'),
    columns,
  };
}

/** Whether a student is in a section. Canvas lists the sections of a student: `A, B, and C`. */
export function isInSection({ section }: Student, wanted: string) {
  const linesOf = (list: string) => `\n${list.toLowerCase().replace(/, *(?:and )?| and /g, '\n')}\n`;
  return linesOf(section).includes(linesOf(wanted));
}
