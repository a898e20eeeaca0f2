import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { GraderError } from '../../error';

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
  /** Columns that a gradebook may want back as they came, by name. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface Roster {
  readonly students: readonly Student[];
  /** What is odd in the file, and what was made of it. */
  readonly remarks: readonly string[];
}

const largestRoster = 16 * 1024 * 1024;

/** Headings that name the login, the most telling first. */
const loginHeadings = ['github_username', 'login', 'github', 'username'];

/**
 * Reads a roster: of GitHub Classroom, of Classroom 50, or any table whose first line names a login,
 * separated by commas, semicolons or tabs.
 *
 * @throws {GraderError} where it cannot be read or names no login.
 */
export function readRoster(file: string): Roster {
  return rosterOf(readTable(file, loginHeadings), file);
}

/** A table of text with a heading over each column. */
export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/**
 * Reads a table whose first line has one of some headings.
 *
 * @param wanted headings in lower case, of which it has to have one.
 * @throws {GraderError} that echoes the headings found, where none of them is among these.
 */
export function readTable(file: string, wanted: readonly string[]): Table {
  const text = readText(file);
  const found: string[] = [];
  for (const delimiter of [',', ';', '\t']) {
    const records = records_(text, delimiter, file);
    const headings = (records[0] ?? []).map(heading);
    if (headings.some((name) => wanted.includes(name))) {
      const rows = records.slice(1).map((cells) => {
        const row: Record<string, string> = Object.create(null);
        for (const [index, name] of headings.entries()) row[name] ??= (cells[index] ?? '').trim();
        return row;
      });
      return { headings, rows };
    }
    if (found.length < headings.length) found.splice(0, found.length, ...headings);
  }
  const said = found.length > 0 ? `has the headings ${found.slice(0, 12).join(', ')}` : 'is empty';
  throw new GraderError(
    'folder',
    `${file} ${said}. Its first line has to name a column ${wanted.join(' or ')}.`,
  );
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > largestRoster)
      throw new GraderError('folder', `${file} is far larger than any roster.`);
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof GraderError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT'
        ? 'is missing'
        : code?.startsWith('E') && code !== 'ERR_ENCODING_INVALID_ENCODED_DATA'
          ? `cannot be read (${code})`
          : 'is not in UTF-8; save it as “CSV UTF-8”';
    throw new GraderError('folder', `${file} ${reason}.`);
  }
}

function records_(text: string, delimiter: string, file: string): string[][] {
  try {
    return parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    throw new GraderError(
      'folder',
      `${file} is no table: ${error instanceof Error ? error.message : error}.`,
    );
  }
}

function heading(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function rosterOf({ headings, rows }: Table, file: string): Roster {
  const loginHeading = loginHeadings.find((name) => headings.includes(name)) ?? '';
  const students: Student[] = [];
  const remarks: string[] = [];
  const entries = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const entry = index + 1;
    const student = studentOf(row, loginHeading, entry);
    const { login, key, name } = student;
    const earlier = entries.get(key);
    if (/^points possible$/i.test(name) && login === '') continue; // Canvas has this row above the students
    if (login === '' && name === '' && student.identifier === '' && student.email === '') {
      remarks.push(`${file}: entry ${entry} names nobody and is left out.`);
    } else if (earlier !== undefined) {
      remarks.push(`${file}: entry ${entry} is ${shown(student)} again; entry ${earlier} counts.`);
    } else {
      entries.set(key, entry);
      students.push(student);
      if (login === '') remarks.push(`${file}: ${shown(student)} has no login yet.`);
    }
  }
  return { students, remarks };
}

function studentOf(row: Readonly<Record<string, string>>, loginHeading: string, entry: number): Student {
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
    columns: row,
  };
  return { ...student, key: keyOf(student, entry) };
}

/**
 * What tells one student from another: the login in lower case, as hosts compare it; else, in brackets,
 * for no login has any, what the course calls the student by. Names alone may be two students'.
 */
function keyOf({ login, identifier, email }: Omit<Student, 'key'>, entry: number): string {
  return login ? login.toLowerCase() : `(${(identifier || email).toLowerCase() || `entry ${entry}`})`;
}

function shown({ login, identifier, name, email }: Student): string {
  return login || identifier || name || email;
}
