import { GraderError } from '../../message';
import { groupBy } from '../../system/lists';
import {
  assertHeading,
  assertNoProblems,
  readTable,
  shortName,
  type TableFile,
  type TableRow,
} from './csv-table';
import type { Download } from './download';
import { type Student, toldApart, wordFor } from './people';

export type Roster = ReturnType<typeof readRoster>;

/** Headings of the login in a roster, the most specific first. */
export const loginHeadings = ['github_username', 'login', 'github', 'username'];

/** Headings that identify students in a download that has no logins. */
const otherHeadings = ['sid', 'sis_user_id', 'sis_login_id', 'student_id', 'id'];

const emailHeadings = ['email', 'e_mail', 'email_address', 'e_mail_address'];

/**
 * Reads a roster: a host's own table of its students, or any table with a login or another identifier of students in
 * its first line. It is separated by commas, semicolons or tabs.
 *
 * @throws {GraderError} if it cannot be read or has no such heading, or with a list of all lines that cannot be used.
 */
export function readRoster(file: TableFile, hosts: readonly Download[]) {
  const table = readTable(file);
  const [hostTable] = hosts.flatMap((host) => {
    const rows = host.rowsOf?.(table);
    return rows ? { host, rows } : [];
  });
  if (!hostTable) assertHeading(file, table.headings, [...loginHeadings, ...emailHeadings, ...otherHeadings]);
  // Harmless oddities in the file.
  const notes: string[] = [];
  const problems: string[] = [];
  const students: Student[] = [];
  for (const { line, cells } of hostTable?.rows ?? table.rows) {
    const ofRow = studentOf(cells, line);
    // A host's groups belong to the course, across sections.
    const student = hostTable ? { ...ofRow, groupSection: '' } : ofRow;
    if (student.key === '()') continue;
    if (!/^(?:|student|member|learner)s?$/i.test(cells.role ?? ''))
      notes.push(`${shortName(file)}, line ${line}: ${wordFor(student)} is ${cells.role} and is left out.`);
    else students.push(student);
    if (!/^$|@/.test(student.email))
      problems.push(
        `line ${line}: “${student.email}” is not an e-mail address. Are the cells under the right headings?`,
      );
  }
  const withKeys = [...groupBy(students, ({ key }) => key).values()].flatMap((same) => {
    const [first, ...duplicates] = same;
    for (const duplicate of duplicates) {
      // A number may be one student's login and another's ID.
      const kind = (['login', 'userId', 'studentId', 'email'] as const).find((field) => duplicate[field]);
      if (kind && first[kind].toLowerCase() === duplicate[kind].toLowerCase())
        problems.push(
          `line ${duplicate.line}: ${duplicate[kind]} is in line ${first.line} already. Give each student one line.`,
        );
    }
    return toldApart(same);
  });
  assertNoProblems(file, problems);
  return {
    students: withKeys,
    // The host whose table it is, and what else the table contains besides the students.
    host: hostTable?.host,
    table,
    notes,
  };
}

/**
 * Takes the groups of a roster from another table of the same students.
 *
 * @throws {GraderError} if no student on the roster is in that table, by the host's number of a user.
 */
export function withGroups(roster: Roster, { students }: Roster): Roster {
  const groups = new Map(students.map(({ userId, group }) => [userId, group]));
  groups.delete('');
  if (!roster.students.some(({ userId }) => groups.has(userId)))
    throw new GraderError(
      'folder',
      'groups-of-nobody',
      'No user in the table of groups is on the roster. Are both from this course? Nothing was graded.',
    );
  const grouped = roster.students.map((one) => {
    const group = groups.get(one.userId);
    return group === undefined ? one : { ...one, group, groupSection: '' };
  });
  return { ...roster, students: grouped };
}

/** The student that the cells of a row describe. */
export function studentOf(columns: TableRow['cells'], line: number): Student {
  const cell = (...names: string[]) => names.map((name) => columns[name]).find(Boolean) ?? '';
  // Another column may contain the same person's user name on another site.
  const login = columns[loginHeadings.find((name) => Object.hasOwn(columns, name)) ?? ''] ?? '';
  const loginId = cell('sis_login_id');
  const name =
    cell('name', 'student', 'full_name') ||
    `${cell('first_name', 'firstname', 'given_name')} ${cell('last_name', 'lastname', 'surname')}`.trim();
  const email = cell(...emailHeadings) || (loginId.includes('@') ? loginId : '');
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
    groupSection: cell('section'),
    columns,
  };
}
