import { createHash } from 'node:crypto';
import { joinNames } from '../../files';
import { groupBy } from '../../key/group-by';
import { assertNoProblems, type CsvTable, readTable, type TableProblem } from './csv-table';
import { type MoodleWorksheet, participantHeading, readMoodleWorksheet } from './moodle-worksheet';
import { comparable, keysFor, type Student } from './people';

export interface Roster {
  readonly students: readonly Student[];
  /** The assignments of Canvas's gradebook and their points, if that is the roster. */
  readonly assignments: readonly CanvasAssignment[];
  /** Moodle's offline grading worksheet, if that is the roster. */
  readonly worksheet?: MoodleWorksheet | undefined;
  /** Harmless oddities in the file. */
  readonly notes: readonly string[];
}

/** A column of Canvas's gradebook: `Shapes (123)`. */
export interface CanvasAssignment {
  readonly title: string;
  readonly possible?: number;
}

/** Headings of the login, the most specific first. */
const loginHeadings = ['github_username', 'login', 'github', 'username'];

/** Headings that identify students of a download who have no login. */
const otherHeadings = ['email', 'email_address', 'sid', 'sis_user_id', 'sis_login_id', 'student_id', 'id'];

/**
 * Reads a roster: from GitHub Classroom, Classroom 50, Canvas or Gradescope, Moodle's offline grading worksheet, or
 * any table whose first line has a login or another identifier of students. It is separated by commas, semicolons
 * or tabs.
 *
 * @throws {GraderError} if it cannot be read or has no such heading, or that lists every line that cannot be used.
 */
export function readRoster(file: string): Roster {
  const worksheet = readMoodleWorksheet(file);
  const table = worksheet?.table ?? readTable(file, [...loginHeadings, ...otherHeadings]);
  const loginHeading = loginHeadings.find((name) => table.headings.includes(name)) ?? '';
  const students: Unkeyed[] = [];
  const notes: string[] = [];
  const problems: TableProblem[] = [];
  const known = new Map<string, Unkeyed>();
  for (const { line, cells } of table.rows) {
    const student = studentOf(cells, loginHeading, line);
    const { login, name, email, group, section } = student;
    const leave = (why: string) => notes.push(`${file}, line ${line}: ${why}`);
    const problem = (text: string) => problems.push({ line, text });
    if (isNobody(student)) {
      if (name !== '' && cells.id) leave(`${name} is no student and is left out.`);
      continue;
    }
    const role = cells.role ?? '';
    const id = login ? `login ${login.toLowerCase()}` : idOf(student) || `line ${line}`;
    const earlier = known.get(id);
    const isSame = earlier !== undefined && earlier.name === name && earlier.email === email;
    const isMoved =
      earlier !== undefined &&
      JSON.stringify([earlier.group, earlier.section]) !== JSON.stringify([group, section]);
    if (role !== '' && !/^(?:student|member|learner)s?$/i.test(role))
      leave(`${wordOf(student)} is ${role} and is left out.`);
    else if (login === '' && name === '' && idOf(student) === '') leave('names nobody and is left out.');
    else if (email !== '' && !email.includes('@'))
      problem(`“${email}” is not an e-mail address. Are the cells under the right headings?`);
    else if (/[\s,;]/.test(login))
      problem(`“${login}” is not a login. Are the cells under the right headings?`);
    else if (isSame && isMoved)
      problem(`${wordOf(student)} is in another group or section in line ${earlier.line}. Keep one.`);
    else if (isSame) leave(`${wordOf(student)} is in line ${earlier.line} already.`);
    else if (earlier && login !== '')
      problem(
        `${wordOf(student)} is in line ${earlier.line} already, for ${nameOf(earlier)} and not for ${nameOf(student)}. Give each student a login of their own.`,
      );
    else {
      known.set(id, student);
      students.push(student);
    }
  }
  assertNoProblems(file, problems);
  return {
    students: withKeys(students),
    assignments: assignmentsOf(table),
    worksheet,
    notes: [...notes, ...withoutLogin(students), ...sharing(students).map((text) => `${file}: ${text}`)],
  };
}

type Unkeyed = Omit<Student, 'key'>;

/** The course's identifier for a student who has no login. */
function idOf({ identifier, email }: Unkeyed): string {
  return identifier || email;
}

/** Adds a key that tells one student from another: the login, else the course's identifier, else the name. */
function withKeys(students: readonly Unkeyed[]): Student[] {
  const without = students.filter(({ login }) => login === '');
  const keys = keysFor(
    without,
    (student) => idOf(student) || student.name,
    ({ line }) => `line ${line}`,
  );
  const byStudent = new Map(without.map((student, at) => [student, keys[at] ?? '']));
  return students.map((student) => ({
    ...student,
    key: byStudent.get(student) ?? student.login.toLowerCase(),
  }));
}

/** Notes on identifiers that several students share, which a gradebook that goes by them cannot tell apart. */
function sharing(students: readonly Unkeyed[]): string[] {
  const kinds: readonly (readonly [string, (student: Unkeyed) => string])[] = [
    ['e-mail address', ({ email }) => comparable(email)],
    ['identifier', ({ identifier }) => identifier],
  ];
  return kinds.flatMap(([kind, of]) =>
    [...groupBy(students, of)].flatMap(([text, all]) =>
      text === '' || all.length === 1
        ? []
        : `the ${kind} ${text} is that of ${all.map((one) => `${nameOf(one)} (line ${one.line})`).join(' and ')}. No gradebook that goes by it has them: give each their own.`,
    ),
  );
}

/** Canvas's assignments. Each heading ends with a number in parentheses. */
function assignmentsOf({ headings, titles, rows }: CsvTable): CanvasAssignment[] {
  if (!headings.includes('sis_login_id') && !headings.includes('student')) return [];
  const possible = rows.find(({ cells }) => /^points possible$/i.test(cells.student ?? ''));
  return headings.flatMap((heading, index) => {
    const title = titles[index] ?? '';
    const points = possible?.cells[heading];
    return / \(\d+\)$/.test(title) ? [{ title, ...(points && { possible: Number(points) }) }] : [];
  });
}

/** Whether a row of Canvas's is not a student: two rows at the top, and a test student at the end. */
function isNobody({ login, name, columns }: Unkeyed): boolean {
  if (login !== '' || columns.student === undefined) return false;
  const isTest = /^student, test$/i.test(name) && !columns.sis_user_id;
  return isTest || /^points possible$/i.test(name) || (name === '' && !columns.id);
}

function withoutLogin(students: readonly Unkeyed[]): string[] {
  const found = students.filter(({ login }) => login === '').map(wordOf);
  // A roster without any logins is for downloads that tell students apart in another way.
  if (found.length === 0 || found.length === students.length) return [];
  return [`No login in the roster, so no folder can be theirs until one is added: ${joinNames(found)}.`];
}

function studentOf(row: Readonly<Record<string, string>>, loginHeading: string, line: number): Unkeyed {
  const cell = (...names: string[]) =>
    names.map((name) => row[name] ?? '').find((content) => content !== '') ?? '';
  const [firstName, lastName] = [cell('first_name'), cell('last_name')];
  const email = cell('email', 'email_address', 'sis_login_id');
  return {
    login: cell(loginHeading),
    line,
    name: cell('name', 'student', 'full_name') || `${firstName} ${lastName}`.trim(),
    firstName,
    lastName,
    email: email.includes('@') || row.email ? email : '',
    userId: cell('id', 'user_id'),
    studentId: cell('sid', 'sis_user_id', 'student_id', 'id_number', 'identifier'),
    participant: cell(participantHeading),
    identifier: cell('identifier', 'student_id', 'id', 'sis_user_id', 'sid', 'id_number', participantHeading),
    section: cell('section'),
    group: cell('group', 'group_name', 'team'),
    columns: row,
  };
}

function wordOf({ login, identifier, name, email }: Unkeyed): string {
  return login || identifier || name || email;
}

function nameOf({ name, email, identifier }: Unkeyed): string {
  return name || email || identifier || 'nobody';
}

/** The SHA-256 of the students on a roster and all their columns. */
export function rosterDigest({ students }: Roster): string {
  return createHash('sha256')
    .update(JSON.stringify(students.map(({ columns }) => columns)))
    .digest('hex');
}
