import { groupBy } from '../../system/lists';
import { sha256 } from '../../system/platform';
import {
  assertHeading,
  assertNoProblems,
  type CsvTable,
  readTable,
  type TableProblem,
  type TableRow,
} from './csv-table';
import { type Student, wordFor } from './people';

export type Roster = ReturnType<typeof readRoster>;

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
export function readRoster(file: string) {
  const table = readTable(file);
  const worksheet = moodleWorksheet(table);
  if (!worksheet) assertHeading(file, table.headings, [...loginHeadings, ...otherHeadings]);
  // Harmless oddities in the file.
  const notes: string[] = [];
  const problems: TableProblem[] = [];
  const students: Student[] = [];
  for (const { line, cells } of worksheet?.students ?? table.rows) {
    const student = studentOf(cells, line);
    // Canvas has a row of points at the top, and a student for tests at the end.
    if (student.key === '()' || /^(?:points possible|student, test)$/i.test(cells.student ?? '')) continue;
    if (!/^(?:|student|member|learner)s?$/i.test(cells.role ?? ''))
      notes.push(`${file}, line ${line}: ${wordFor({ key: '', student })} is ${cells.role} and is left out.`);
    else students.push(student);
    if (!/^$|@/.test(student.email))
      problems.push({
        line,
        text: `“${student.email}” is not an e-mail address. Are the cells under the right headings?`,
      });
  }
  const told = [...groupBy(students, ({ key }) => key).values()].flatMap((same) => {
    const [first, ...others] = same;
    if (others.length === 0) return same;
    for (const { line, login, userId, studentId, email } of others) {
      const word = login || userId || studentId || email;
      if (word)
        problems.push({
          line,
          text: `${word} is in line ${first?.line} already. Give each student one line.`,
        });
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
  const firstName = cell('first_name');
  const lastName = cell('last_name');
  const loginId = cell('sis_login_id');
  const name = cell('name', 'student', 'full_name') || `${firstName} ${lastName}`.trim();
  const email = cell('email', 'email_address') || (loginId.includes('@') ? loginId : '');
  const userId = cell('id', 'user_id');
  const studentId = cell('identifier', 'student_id', 'sis_user_id', 'sid', 'id_number');
  const participant = cell('participant');
  return {
    key: login.toLowerCase() || `(${(userId || studentId || participant || email || name).toLowerCase()})`,
    login,
    line,
    name,
    firstName,
    lastName,
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

/** The SHA-256 of the students on a roster and all their columns. */
export function rosterDigest({ students }: Roster) {
  return sha256(JSON.stringify(students.map(({ columns }) => columns)));
}

/**
 * Reads Moodle's offline grading worksheet for one assignment. Once filled in, with its headings unchanged, it can be
 * uploaded again. It cannot name a user whom Moodle does not know. Its headings are in the language of the site, and
 * which facts identify users is a setting of the site, so its columns are recognized by what they hold.
 *
 * @returns undefined if the file is another table.
 * @see mod/assign/gradingtable.php and mod/assign/feedback/offline of Moodle 4.5
 */
function moodleWorksheet({ headings, titles, rows }: CsvTable) {
  const column = (index: number) => rows.map(({ record }) => record[index] ?? '');
  const isEach = (index: number, form: RegExp) => column(index).every((text) => form.test(text));
  // Every row begins with the same word and its own number: `Participant 123`, `Teilnehmer/in123`. So may a login.
  const identifier = /^(\p{L}\D{2,}?)\s*(\d+)$/u;
  const words = new Set(column(0).map((text) => identifier.exec(text)?.[1]));
  // The maximum grade is the same number for everybody, and follows the grade.
  const most = titles.findLastIndex((_, index) => {
    const [first = '', ...others] = new Set(column(index));
    return others.length === 0 && numberOf(first) > 0 && isEach(index - 1, /^[-\d.,]*$/);
  });
  const isLogin = loginHeadings.includes(headings[0] ?? '');
  if (words.size !== 1 || words.has(undefined) || isLogin || most === -1) return undefined;
  // The status has several parts, most of them empty: `Submitted for grading -  - `.
  const status = titles.findIndex((_, index) => index < most && isEach(index, / -(?: |$)/));
  // With blind marking, the status follows at once, which is the same for many.
  const isBlind = status === 1 || new Set(column(1)).size * 2 <= rows.length;
  const identity = titles.flatMap((title, index) => (index > 1 && index < most - 1 ? { title, index } : []));
  const email = identity.find(({ index }) => column(index).some((text) => /^\S+@\S+$/.test(text)));
  const number = identity.find(({ title }) => numberHeading.test(title));
  const group = titles.findIndex((title) => groupHeading.test(title));
  // A login that somebody added for another host is not a user name of the site's.
  const login = headings.findIndex((name, index) => index > most && loginHeadings.includes(name));
  // Columns that somebody added at the end are not Moodle's.
  const last = titles.findLastIndex((_, index) => index !== group && index !== login);
  const students = rows.map(({ line, record }) => {
    const cell = (index = -1) => record[index] ?? '';
    const [, word = '', participant = ''] = identifier.exec(cell(0)) ?? [];
    const cells: TableRow['cells'] = {
      participant,
      // In blind marking everybody has one name, by which a team is told from the participant of its number.
      full_name: isBlind ? word : cell(1),
      id_number: cell(number?.index),
      email: cell(email?.index),
      group: cell(group),
      login: cell(login),
    };
    return { line, record, cells };
  });
  return {
    students,
    headings: titles,
    // As in the file, by participant.
    rows: new Map(students.map(({ cells, record }) => [cells.participant ?? '', record])),
    // The indexes of columns.
    grade: most - 1,
    // Without comments, the last column is when the grade was modified, a date and time in any language.
    comments: isEach(last, /^-$|\d[:.]\d\d/) ? undefined : last,
    possible: numberOf(column(most)[0] ?? ''),
  };
}

function numberOf(cell: string) {
  return Number(cell.replace(',', '.'));
}

/** `ID number` in languages of many sites; in another, students are known by what else the site shows. */
const numberHeading =
  /^(?:ID[ -](?:number|nummer)|num(?:é|e)ro d.identification|n(?:ú|u)mero (?:de )?id|numero id)/iu;

/** `Group` in the languages of most sites; in another language, a column called group may be added. */
const groupHeading =
  /^(?:groups?|team|gruppen?|groupes?|grupos?|grupp[oi]|groep|grupp|grupa|grup|skupina|csoport|ryhmä|ομάδα|группа|група|グループ|小组|群組|組別|그룹)$/iu;
