import { zipSync } from 'fflate';
import { blankAnswers, notesOf, partly, rightAnswers } from './worksheet';

/** A student of an invented class, with everything that hosts know about the student. */
export interface Enrolled {
  readonly login: string;
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly userId: string;
  readonly participant: string;
  readonly studentId: string;
  /** Answers and notes, as handed in side by side; undefined if nothing was handed in. */
  readonly handedIn: Files | undefined;
  /** The points that the work is worth; null if there is none. */
  readonly points: number | null;
}

const names = [
  ['Jörg', 'Müller'],
  ['Ada', 'Lovelace'],
  ['Siobhán', "O'Brien"],
  ['Nguyễn', 'Văn An'],
  ['Ada', 'Byron'],
  ['李', '小龙'],
  ['Łukasz', 'Żak'],
  ['Mary Ann', 'Smith-Jones'],
  ['X_7_', 'Æ'],
  ['=cmd', '|calc'],
] as const;

const handIn = (answers: string, ...responses: string[]) => ({
  'boxes.ts': answers,
  'notes.md': notesOf(...responses),
});

const works = [
  { handedIn: handIn(rightAnswers, 'Pears', 'Lemons'), points: 10 },
  { handedIn: handIn(partly, 'Pears', 'Lemons'), points: 9 },
  { handedIn: handIn(partly, 'Pears'), points: 6 },
  { handedIn: handIn(blankAnswers), points: 0 },
  { handedIn: undefined, points: null },
] as const;

/** Thirty students with all kinds of names, whose work earns different points. */
export const class30: readonly Enrolled[] = Array.from({ length: 30 }, (_, index) => {
  const [first, last] = names[index % names.length] ?? ['', ''];
  const number = String(index).padStart(2, '0');
  // Three students share each name; two of them have a letter after it.
  const mark = ['', ' B', ' C'][Math.floor(index / names.length)] ?? '';
  return {
    ...{ login: `s-${number}`, first, last: `${last}${mark}`, email: `s${number}@example.org` },
    ...{ userId: `${7000 + index}`, participant: `${100 + index}`, studentId: `A${number}9` },
    ...(works[(index * 7 + Math.floor(index / 10)) % works.length] ?? works[0]),
  };
});

export type Files = Readonly<Record<string, string | Buffer>>;

/** An archive like those of hosts, but without compression, which takes longer than reading the result. */
export function zip(files: Files): Buffer {
  const entries = Object.entries(files).map(([name, content]) => [name, Buffer.from(content)]);
  return Buffer.from(zipSync(Object.fromEntries(entries), { level: 0 }));
}

/** Every file of a class, under the name that a host gives it. */
function named(
  students: readonly Enrolled[],
  nameOf: (student: Enrolled, file: string, index: number, attachment: number) => string,
): Files {
  return Object.fromEntries(
    students.flatMap((student, index) =>
      Object.entries(student.handedIn ?? {}).map(([file, content], attachment) => [
        nameOf(student, file, index, attachment),
        content,
      ]),
    ),
  );
}

/** Canvas's flat names: the user's sortable name and number before each file's own name. */
export function canvasFiles(students: readonly Enrolled[]): Files {
  return named(students, ({ first, last, userId }, file, index, attachment) => {
    const sortable = `${last}, ${first}`.replace(/_(\d+)_/g, '$1').toLowerCase();
    const prefix = `${sortable}_${userId}`.replace(/[^\p{L}\p{M}\p{N}\p{Pc}]/gu, '');
    // Text that was typed in is not an attachment.
    return `${prefix}_${file === 'text.html' ? '' : `${9000 + index * 10 + attachment}_`}${file}`;
  });
}

/** A folder for each student, with Moodle's name for it. */
export function moodleFiles(students: readonly Enrolled[], { isBlind = false } = {}): Files {
  return named(students, ({ first, last, participant }, file) => {
    const name = isBlind ? 'Teilnehmer/in' : `${first} ${last}`;
    // Moodle cleans the name for files like this.
    const clean = name.replaceAll('_', ' ').replace(/["*:<>?|\\/`'&]/g, '');
    return `${clean.trim()}_${participant}_assignsubmission_file/${file}`;
  });
}

const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
const csv = (...rows: readonly (readonly string[])[]) => rows.map(quoted).join('\n');

const moodleHeadings = {
  english:
    'Identifier;Full name;ID number;Email address;Status;Group;Grade;Maximum grade;Grade can be changed;Last modified (submission);Last modified (grade);Feedback comments',
  german:
    'Bezeichner;Vollständiger Name;ID-Nummer;E-Mail-Adresse;Status;Gruppe;Bewertung;Bestwertung;Bewertung kann geändert werden;Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar',
};

/** Moodle's offline grading worksheet, in German or English. */
export function moodleWorksheet(
  students: readonly Enrolled[],
  {
    isGerman = false,
    isBlind = false,
    groupOf,
    gradeOf,
    lockedOf,
    commentOf,
  }: {
    isGerman?: boolean;
    isBlind?: boolean;
    groupOf?: (student: Enrolled) => string;
    gradeOf?: (student: Enrolled) => string;
    lockedOf?: (student: Enrolled) => boolean;
    commentOf?: (student: Enrolled) => string;
  } = {},
): string {
  const words = isGerman
    ? { participant: 'Teilnehmer/in', yes: 'Ja', no: 'Nein', most: '10,00' }
    : { participant: 'Participant ', yes: 'Yes', no: 'No', most: '10.00' };
  const lines = students.map((student) => [
    `${words.participant}${student.participant}`,
    ...[`${student.first} ${student.last}`, student.studentId, student.email],
    student.handedIn ? 'Submitted for grading -  - ' : 'No submission -  - ',
    ...[groupOf?.(student) ?? '', gradeOf?.(student) ?? '', words.most],
    lockedOf?.(student) ? words.no : words.yes,
    ...[student.handedIn ? 'Monday, 2 November 2026, 9:14 AM' : '-', '-', commentOf?.(student) ?? ''],
  ]);
  // After the first column come three that identify the student, which are missing in blind marking, then status and group.
  const isThere = (_: string, index: number) => (index === 5 ? groupOf : !isBlind || index < 1 || index > 3);
  const table = [moodleHeadings[isGerman ? 'german' : 'english'].split(';'), ...lines];
  return `\ufeff${table.map((cells) => quoted(cells.filter(isThere))).join('\r\n')}\r\n`;
}

/** Canvas's gradebook as it exports it, including the rows that are not students. */
export function canvasGradebook(
  students: readonly Enrolled[],
  sectionOf = (_: number) => 'Section 1',
): string {
  return csv(
    ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'Fruit (55)'],
    ['', '', '', '', '', 'Manual Posting'],
    ['    Points Possible', '', '', '', '', '10'],
    ...students.map((one, at) => [
      ...[`${one.last}, ${one.first}`, one.userId, one.studentId, one.email, sectionOf(at), ''],
    ]),
    ['Student, Test', '9999', '', 'abcdef0123456789', 'Section 1', ''],
  );
}

/** Gradescope's export. The students of each group hand in together. */
export function gradescopeFiles(
  groups: readonly (readonly Enrolled[])[],
  factsOf = (index: number) => ({
    id: `${index + 500}`,
    createdAt: `2026-10-0${1 + (index % 5)} 12:00:00.123456000 Z`,
  }),
): Files {
  const firsts = groups.flatMap((group) => group.slice(0, 1));
  const metadata = groups.flatMap((group, index) => [
    `submission_${factsOf(index).id}:`,
    '  :submitters:',
    ...group.flatMap(({ first, last, studentId, email }) => [
      `  - :name: ${JSON.stringify(`${first} ${last}`)}`,
      `    :sid: ${studentId}`,
      `    :email: ${email}`,
    ]),
    `  :created_at: ${factsOf(index).createdAt}`,
    '  :score: 0.0\n  :status: processed\n  :results: {}\n  :history: []',
  ]);
  return {
    'assignment_12_export/submission_metadata.yml': `---\n${metadata.join('\n')}\n`,
    ...named(firsts, (_, file, index) => `assignment_12_export/submission_${factsOf(index).id}/${file}`),
  };
}

/** Classroom 50's zip of zips. Each is a zipball of a repository, with the files at their paths. */
export function classroom50Zips(students: readonly Enrolled[]): Files {
  const handedIn = students.filter((student) => student.handedIn);
  return Object.fromEntries(
    handedIn.map((student) => [
      `${student.login}.zip`,
      zip(named([student], ({ login }, file) => `org-course-fruit-${login}-abc1234/work/${file}`)),
    ]),
  );
}

export function gradescopeRoster(students: readonly Enrolled[]): string {
  return csv(
    ['First Name', 'Last Name', 'SID', 'Email', 'Role'],
    ...students.map(({ first, last, studentId, email }) => [first, last, studentId, email, 'Student']),
    ['Tea', 'Cher', '', 'cher@example.org', 'Instructor'],
  );
}

export function loginRoster(students: readonly Enrolled[]): string {
  return csv(
    ['username', 'first_name', 'last_name', 'email', 'section', 'github_id', 'role'],
    ...students.map(({ login, first, last, email }) => [login, first, last, email, '', '1', 'student']),
  );
}
