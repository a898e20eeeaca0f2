import { createHash } from 'node:crypto';
import { named } from '../files';
import { assertNoProblems, type Problem, readTable, type Table } from './csv-table';

/** One student of a roster. What it does not tell is an empty text. */
export interface Student {
  /** Unique in a class, in lower case: the login, or what stands for it while there is none. */
  readonly key: string;
  /** The name that a repository carries; empty while nobody knows it. */
  readonly login: string;
  readonly name: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** What the course calls the student by, where that is not the login. */
  readonly identifier: string;
  readonly section: string;
  /** Whose submission counts for this student as well, as for everybody of the group. */
  readonly group: string;
  /** Columns that a gradebook may want back as they came, by name. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface Roster {
  readonly students: readonly Student[];
  /** What is odd in the file and costs nobody anything. */
  readonly notes: readonly string[];
}

/** Headings that name the login, the most telling first. */
const loginHeadings = ['github_username', 'login', 'github', 'username'];

const mostNamed = 10;

/**
 * Reads a roster: of GitHub Classroom, of Classroom 50, or any table whose first line names a login,
 * separated by commas, semicolons or tabs.
 *
 * @throws {GraderError} where it cannot be read or names no login, and that lists every line that
 *   cannot be used.
 */
export function readRoster(file: string): Roster {
  return rosterOf(readTable(file, loginHeadings), file);
}

function rosterOf({ headings, rows }: Table, file: string): Roster {
  const loginHeading = loginHeadings.find((name) => headings.includes(name)) ?? '';
  const students: Student[] = [];
  const notes: string[] = [];
  const problems: Problem[] = [];
  const known = new Map<string, { readonly student: Student; readonly line: number }>();
  for (const { line, cells } of rows) {
    const student = studentOf(cells, loginHeading, line);
    const { login, key, name } = student;
    if (/^points possible$/i.test(name) && login === '') continue; // Canvas has this row above the students
    const earlier = known.get(key);
    if (login === '' && name === '' && student.identifier === '' && student.email === '') {
      notes.push(`${file}, line ${line}: names nobody and is left out.`);
    } else if (student.email !== '' && !student.email.includes('@')) {
      problems.push({
        line,
        text: `“${student.email}” is not an e-mail address. Are the cells under the right headings?`,
      });
    } else if (/[\s,;]/.test(login)) {
      problems.push({ line, text: `“${login}” is not a login. Are the cells under the right headings?` });
    } else if (earlier && earlier.student.group.toLowerCase() !== student.group.toLowerCase()) {
      problems.push({
        line,
        text: `${shown(student)} is in another group in line ${earlier.line} (${earlier.student.group || 'none'}, and here ${student.group || 'none'}). Keep one.`,
      });
    } else if (!earlier) {
      known.set(key, { student, line });
      students.push(student);
    } else if (earlier.student.name === name && earlier.student.email === student.email) {
      notes.push(`${file}, line ${line}: ${shown(student)} is in line ${earlier.line} already.`);
    } else {
      problems.push({
        line,
        text: `${shown(student)} is in line ${earlier.line} already, for ${nameOf(earlier.student)} and not for ${nameOf(student)}. Give each student a login of their own.`,
      });
    }
  }
  for (const { student, line } of known.values()) {
    const { group } = student;
    const other = known.get(group.toLowerCase());
    if (group !== '' && other)
      problems.push({ line, text: `the group ${group} is called as ${shown(other.student)} is. Rename it.` });
  }
  assertNoProblems(file, problems);
  return { students, notes: [...notes, ...withoutLogin(students)] };
}

function withoutLogin(students: readonly Student[]): string[] {
  const found = students.filter(({ login }) => login === '').map(shown);
  if (found.length === 0) return [];
  return [
    `No login in the roster, so no folder can be theirs until one is added: ${named(found, mostNamed)}.`,
  ];
}

function studentOf(row: Readonly<Record<string, string>>, loginHeading: string, line: number): Student {
  const cell = (...names: string[]) =>
    names.map((name) => row[name] ?? '').find((content) => content !== '') ?? '';
  const [firstName, lastName] = [cell('first_name'), cell('last_name')];
  const student = {
    login: cell(loginHeading),
    name: cell('name', 'student') || `${firstName} ${lastName}`.trim(),
    firstName,
    lastName,
    email: cell('email'),
    identifier: cell('identifier', 'student_id', 'id', 'sis_user_id'),
    section: cell('section'),
    group: cell('group', 'group_name', 'team'),
    columns: row,
  };
  return { ...student, key: keyOf(student, line) };
}

/**
 * What tells one student from another: the login in lower case, as hosts compare it; else, in brackets,
 * for no login has any, what the course calls the student by. Names alone may be two students'.
 */
function keyOf({ login, identifier, email }: Omit<Student, 'key'>, line: number): string {
  return login ? login.toLowerCase() : `(${(identifier || email).toLowerCase() || `line ${line}`})`;
}

function shown({ login, identifier, name, email }: Student): string {
  return login || identifier || name || email;
}

function nameOf({ name, email, identifier }: Student): string {
  return name || email || identifier || 'nobody';
}

/** SHA-256 of who is on a roster and what it says of them. */
export function rosterDigest(students: readonly Student[]): string {
  return createHash('sha256')
    .update(JSON.stringify(students.map(({ columns }) => columns)))
    .digest('hex');
}
