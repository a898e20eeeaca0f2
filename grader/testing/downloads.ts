import { zipSync } from 'fflate';
import { partly, work } from './classes';
import { blankAnswers, rightAnswers } from './worksheet';

/** A student of an invented class, with everything that hosts know about one. */
export interface Enrolled {
  readonly login: string;
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly userId: string;
  readonly participant: string;
  readonly studentId: string;
  /** Answers and notes, as handed in side by side; undefined if nothing was handed in. */
  readonly handedIn: Readonly<Record<string, string>> | undefined;
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

const kinds = [
  { files: work(rightAnswers, 'Pears', 'Lemons'), points: 10 },
  { files: work(partly, 'Pears', 'Lemons'), points: 9 },
  { files: work(partly, 'Pears'), points: 6 },
  { files: work(blankAnswers), points: 0 },
  { files: undefined, points: null },
] as const;

/** Thirty students with all kinds of names, whose work is worth different numbers of points. */
export const class30: readonly Enrolled[] = Array.from({ length: 30 }, (_, index) => {
  const [first, last] = names[index % names.length] ?? ['', ''];
  const kind = kinds[(index * 7 + Math.floor(index / 10)) % kinds.length] ?? kinds[0];
  const number = String(index).padStart(2, '0');
  // Three students share each name; two of them have a letter after it.
  const mark = ['', ' B', ' C'][Math.floor(index / names.length)] ?? '';
  const files = kind.files && {
    'answers.ts': kind.files['work/boxes.ts'],
    'notes.md': kind.files['work/notes.md'],
  };
  return {
    login: `s-${number}`,
    first,
    last: `${last}${mark}`,
    email: `s${number}@example.org`,
    userId: `${7000 + index}`,
    participant: `${100 + index}`,
    studentId: `A${number}9`,
    handedIn: files && { 'boxes.ts': files['answers.ts'], 'notes.md': files['notes.md'] },
    points: kind.points,
  };
});

export type Files = Readonly<Record<string, string | Buffer>>;

export function zip(files: Files): Buffer {
  return Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, Buffer.from(content)]))),
  );
}

/** Canvas's flat names: the sortable name and the number of a user before each file's own name. */
export function canvasFiles(
  students: readonly Enrolled[],
  { isLate = () => false }: { isLate?: (student: Enrolled) => boolean } = {},
): Files {
  return Object.fromEntries(
    students.flatMap((student, index) =>
      Object.entries(student.handedIn ?? {}).map(([name, content], attachment) => [
        `${canvasPrefix(student, isLate(student))}_${9000 + index * 10 + attachment}_${name}`,
        content,
      ]),
    ),
  );
}

function canvasPrefix({ first, last, userId }: Enrolled, isLate: boolean): string {
  const sortable = `${last}, ${first}`.replace(/_(\d+)_/g, '$1').toLowerCase();
  return [sortable, ...(isLate ? ['LATE'] : []), userId].join('_').replace(/[^\p{L}\p{M}\p{N}\p{Pc}]/gu, '');
}

/** Cleans a name for a file, as Moodle does. */
function moodleName(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replace(/["*:<>?|\\/`'&]/g, '')
    .trim();
}

/** A folder for each student, or the folder's name as a prefix of each file. */
export function moodleFiles(
  students: readonly Enrolled[],
  {
    after = '',
    isFlat = false,
    isBlind = false,
  }: { after?: string; isFlat?: boolean; isBlind?: boolean } = {},
): Files {
  return Object.fromEntries(
    students.flatMap((student) => {
      const name = moodleName(isBlind ? 'Teilnehmer/in' : `${student.first} ${student.last}`);
      const prefix = `${name}_${student.participant}_assignsubmission_file`;
      return Object.entries(student.handedIn ?? {}).map(([file, content]) => [
        isFlat ? `${prefix}_${file}` : `${prefix}${after}/${file}`,
        content,
      ]);
    }),
  );
}

const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');

/** Moodle's offline grading worksheet, in German or English. */
export function moodleWorksheet(
  students: readonly Enrolled[],
  {
    isGerman = false,
    isBlind = false,
    groupOf,
  }: {
    isGerman?: boolean;
    isBlind?: boolean;
    groupOf?: (student: Enrolled) => string;
  } = {},
): string {
  const who = isGerman
    ? ['Vollständiger Name', 'ID-Nummer', 'E-Mail-Adresse']
    : ['Full name', 'ID number', 'Email address'];
  const rest = isGerman
    ? [
        'Bewertung',
        'Bestwertung',
        'Bewertung kann geändert werden',
        'Zuletzt geändert (Abgabe)',
        'Zuletzt geändert (Bewertung)',
        'Feedback als Kommentar',
      ]
    : [
        'Grade',
        'Maximum grade',
        'Grade can be changed',
        'Last modified (submission)',
        'Last modified (grade)',
        'Feedback comments',
      ];
  const head = [
    ...[isGerman ? 'Bezeichner' : 'Identifier', ...(isBlind ? [] : who), 'Status'],
    ...(groupOf ? [isGerman ? 'Gruppe' : 'Group'] : []),
    ...rest,
  ];
  const lines = students.map((student) => [
    `${isGerman ? 'Teilnehmer/in' : 'Participant '}${student.participant}`,
    ...(isBlind ? [] : [`${student.first} ${student.last}`, student.studentId, student.email]),
    student.handedIn ? 'Submitted for grading' : 'No submission',
    ...(groupOf ? [groupOf(student)] : []),
    ...['', isGerman ? '10,00' : '10.00', 'Yes'],
    ...[student.handedIn ? 'Monday, 2 November 2026, 9:14 AM' : '-', '-', ''],
  ]);
  return `\ufeff${[head, ...lines].map(quoted).join('\r\n')}\r\n`;
}

/** Canvas's gradebook as exported, including the rows that are not students. */
export function canvasGradebook(students: readonly Enrolled[]): string {
  return [
    ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'Fruit (55)'],
    ['', '', '', '', '', 'Manual Posting'],
    ['    Points Possible', '', '', '', '', '10'],
    ...students.map(({ first, last, userId, studentId, email }) => [
      ...[`${last}, ${first}`, userId, studentId, email, 'Section 1', ''],
    ]),
    ['Student, Test', '9999', '', 'abcdef0123456789', 'Section 1', ''],
  ]
    .map(quoted)
    .join('\n');
}

/** Gradescope's export. Some students hand in together. */
export function gradescopeFiles(groups: readonly (readonly Enrolled[])[]): Files {
  const entries = groups.flatMap((group, index) => {
    const [first] = group;
    return Object.entries(first?.handedIn ?? {}).map(([file, content]) => [
      `assignment_12_export/submission_${index + 500}/${file}`,
      content,
    ]);
  });
  const metadata = groups
    .map((group, index) =>
      [
        `submission_${index + 500}:`,
        '  :submitters:',
        ...group.flatMap(({ first, last, studentId, email }) => [
          `  - :name: ${JSON.stringify(`${first} ${last}`)}`,
          `    :sid: ${studentId}`,
          `    :email: ${email}`,
        ]),
        `  :created_at: 2026-10-0${1 + (index % 5)} 12:00:00.123456000 Z`,
        '  :score: 0.0',
        '  :status: processed',
        '  :results: {}',
        '  :history: []',
      ].join('\n'),
    )
    .join('\n');
  return {
    'assignment_12_export/submission_metadata.yml': `---\n${metadata}\n`,
    ...Object.fromEntries(entries),
  };
}

/** Classroom 50's zip of zips. Each is a zipball of a repository, with its files in their places. */
export function classroom50Zips(students: readonly Enrolled[]): Files {
  return Object.fromEntries(
    students
      .filter(({ handedIn }) => handedIn)
      .map(({ login, handedIn = {} }) => {
        const files = Object.entries(handedIn).map(([file, content]) => [
          `org-course-fruit-${login}-abc1234/work/${file}`,
          content,
        ]);
        return [`${login}.zip`, zip(Object.fromEntries(files))];
      }),
  );
}

export function gradescopeRoster(students: readonly Enrolled[]): string {
  return [
    ['First Name', 'Last Name', 'SID', 'Email', 'Role'],
    ...students.map(({ first, last, studentId, email }) => [first, last, studentId, email, 'Student']),
    ['Tea', 'Cher', '', 'cher@example.org', 'Instructor'],
  ]
    .map(quoted)
    .join('\n');
}

export function loginRoster(students: readonly Enrolled[]): string {
  return [
    ['username', 'first_name', 'last_name', 'email', 'section', 'github_id', 'role'],
    ...students.map(({ login, first, last, email }) => [login, first, last, email, '', '1', 'student']),
  ]
    .map(quoted)
    .join('\n');
}
