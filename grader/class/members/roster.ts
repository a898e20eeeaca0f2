import { createHash } from 'node:crypto';
import { joinNames } from '../../files';
import { groupBy } from '../../key/group-by';
import { assertNoProblems, type CsvTable, readTable, type TableProblem } from './csv-table';
import { type MoodleWorksheet, participantHeading, readMoodleWorksheet } from './moodle-worksheet';
import { comparable, keysWithoutLogin, type Student } from './people';

export interface Roster {
  readonly students: readonly Student[];
  /** The assignments of Canvas's gradebook and their points, if that is the roster. */
  readonly assignments: readonly CanvasAssignment[];
  /** Moodle's offline grading worksheet, if that is the roster. */
  readonly worksheet?: MoodleWorksheet;
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
  return { ...rosterOf(table, file), worksheet };
}

function rosterOf(table: CsvTable, file: string): Roster {
  const { headings, rows } = table;
  const loginHeading = loginHeadings.find((name) => headings.includes(name)) ?? '';
  const students: Unkeyed[] = [];
  const notes: string[] = [];
  const problems: TableProblem[] = [];
  const known = new Map<string, Unkeyed>();
  for (const { line, cells } of rows) {
    const student = studentOf(cells, loginHeading, line);
    const { login, name, email, group } = student;
    if (isNobody(student)) {
      if (name !== '' && cells.id)
        notes.push(`${file}, line ${line}: ${name} is no student and is left out.`);
      continue;
    }
    const role = cells.role ?? '';
    if (role !== '' && !/^(?:student|member|learner)s?$/i.test(role)) {
      notes.push(`${file}, line ${line}: ${identifierOf(student)} is ${role} and is left out.`);
      continue;
    }
    const id = login ? `login ${login.toLowerCase()}` : idOf(student) || `line ${line}`;
    const earlier = known.get(id);
    const isSame = earlier !== undefined && earlier.name === name && earlier.email === email;
    if (login === '' && name === '' && idOf(student) === '') {
      notes.push(`${file}, line ${line}: names nobody and is left out.`);
    } else if (email !== '' && !email.includes('@')) {
      problems.push({
        line,
        text: `“${email}” is not an e-mail address. Are the cells under the right headings?`,
      });
    } else if (/[\s,;]/.test(login)) {
      problems.push({ line, text: `“${login}” is not a login. Are the cells under the right headings?` });
    } else if (earlier && (login !== '' || isSame) && comparable(earlier.group) !== comparable(group)) {
      problems.push({
        line,
        text: `${identifierOf(student)} is in another group in line ${earlier.line} (${earlier.group || 'none'}, and here ${group || 'none'}). Keep one.`,
      });
    } else if (isSame) {
      notes.push(`${file}, line ${line}: ${identifierOf(student)} is in line ${earlier.line} already.`);
    } else if (earlier && login !== '') {
      problems.push({
        line,
        text: `${identifierOf(student)} is in line ${earlier.line} already, for ${studentNameOf(earlier)} and not for ${studentNameOf(student)}. Give each student a login of their own.`,
      });
    } else {
      known.set(id, student);
      students.push(student);
    }
  }
  assertNoProblems(file, problems);
  const odd = [...withoutLogin(students), ...sharing(students).map((text) => `${file}: ${text}`)];
  return { students: withKeys(students), assignments: assignmentsOf(table), notes: [...notes, ...odd] };
}

type Unkeyed = Omit<Student, 'key'>;

/** Returns the course's identifier for a student who has no login. */
function idOf({ identifier, email }: Unkeyed): string {
  return identifier || email;
}

/**
 * Adds a key that tells one student from another: the login in lower case, as hosts compare it; else the course's
 * identifier; else the name, if it is nobody else's.
 */
function withKeys(students: readonly Unkeyed[]): Student[] {
  const without = students.filter(({ login }) => login === '');
  const byId = groupBy(without, idOf);
  const byName = groupBy(students, ({ name }) => comparable(name));
  const textOf = (student: Unkeyed) => {
    const [id, { name, line }] = [idOf(student), student];
    if (id !== '' && byId.get(id)?.length === 1) return id;
    const isOnly = byName.get(comparable(name))?.length === 1 && !byId.has(name);
    return name !== '' && isOnly ? name : `${name || id}, line ${line}`;
  };
  const keys = keysWithoutLogin(without.map(textOf));
  return students.map((student) => ({
    ...student,
    key: student.login ? student.login.toLowerCase() : (keys.get(textOf(student)) ?? ''),
  }));
}

/**
 * Returns notes on identifiers that several students share, which a gradebook that goes by them cannot tell apart.
 */
function sharing(students: readonly Unkeyed[]): string[] {
  const kinds: readonly (readonly [string, (student: Unkeyed) => string])[] = [
    ['e-mail address', ({ email }) => comparable(email)],
    ['identifier', ({ identifier }) => identifier],
  ];
  return kinds.flatMap(([kind, of]) =>
    [...groupBy(students, of)].flatMap(([text, all]) =>
      text === '' || all.length === 1
        ? []
        : `the ${kind} ${text} is that of ${all.map((one) => `${studentNameOf(one)} (line ${one.line})`).join(' and ')}. No gradebook that goes by it has them: give each their own.`,
    ),
  );
}

/** Returns Canvas's assignments. Each heading ends with a number in parentheses. */
function assignmentsOf({ headings, titles, rows }: CsvTable): CanvasAssignment[] {
  if (!headings.includes('sis_login_id') && !headings.includes('student')) return [];
  const possible = rows.find(({ cells }) => /^points possible$/i.test(cells.student ?? ''));
  return headings.flatMap((heading, index) => {
    const title = titles[index] ?? '';
    if (!/ \(\d+\)$/.test(title)) return [];
    const points = Number(possible?.cells[heading] || Number.NaN);
    return [{ title, ...(!Number.isNaN(points) && { possible: points }) }];
  });
}

/** Whether a row of Canvas's is not a student: two rows at the top, and a test student at the end. */
function isNobody({ login, name, columns }: Unkeyed): boolean {
  if (login !== '' || columns.student === undefined) return false;
  const isTest = /^student, test$/i.test(name) && !columns.sis_user_id;
  return isTest || /^points possible$/i.test(name) || (name === '' && !columns.id);
}

function withoutLogin(students: readonly Unkeyed[]): string[] {
  const found = students.filter(({ login }) => login === '').map(identifierOf);
  // A roster without any logins is for downloads that tell students apart in another way.
  if (found.length === 0 || found.length === students.length) return [];
  return [`No login in the roster, so no folder can be theirs until one is added: ${joinNames(found)}.`];
}

function studentOf(row: Readonly<Record<string, string>>, loginHeading: string, line: number): Unkeyed {
  const cell = (...names: string[]) =>
    names.map((name) => row[name] ?? '').find((content) => content !== '') ?? '';
  const [firstName, lastName] = [cell('first_name'), cell('last_name')];
  const login = cell(loginHeading);
  const email = cell('email', 'email_address', 'sis_login_id');
  return {
    login,
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

function identifierOf({ login, identifier, name, email }: Unkeyed): string {
  return login || identifier || name || email;
}

function studentNameOf({ name, email, identifier }: Unkeyed): string {
  return name || email || identifier || 'nobody';
}

/** Returns the SHA-256 of the students on a roster and all their columns. */
export function rosterDigest(students: readonly Student[]): string {
  return createHash('sha256')
    .update(JSON.stringify(students.map(({ columns }) => columns)))
    .digest('hex');
}
