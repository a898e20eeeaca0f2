import path from 'node:path';
import { makeRepository } from '../authoring/demo/demo';
import { partly, work } from './classes';
import {
  canvasFiles,
  canvasGradebook,
  type Enrolled,
  type Files,
  gradescopeFiles,
  gradescopeRoster,
  loginRoster,
  moodleFiles,
  moodleWorksheet,
  zip,
} from './downloads';
import { fileOf, newFolder, writeFiles } from './folders';
import { blankAnswers, rightAnswers } from './worksheet';

export const full = work(rightAnswers, 'Pears', 'Lemons');
export const stub = work(blankAnswers);
const [answers, notes] = [full['work/boxes.ts'], full['work/notes.md']];

/** Corrupts a byte of the content of an archive. */
function damaged(packed: Buffer): Buffer {
  const bytes = Buffer.from(packed);
  const at = bytes.indexOf('PK\x01\x02') - 4;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
  return bytes;
}

/** Makes the end record of a zip count fewer entries than its directory has. */
function miscounted(packed: Buffer): Buffer {
  const bytes = Buffer.from(packed);
  const end = bytes.lastIndexOf('PK\x05\x06');
  for (const at of [8, 10]) bytes.writeUInt16LE(1, end + at);
  return bytes;
}

/** Replaces an entry's name in a zip with another of the same length. */
function renamed(packed: Buffer, from: string, to: string): Buffer {
  return Buffer.from(packed.toString('latin1').replaceAll(from, to), 'latin1');
}

/** Packs files as a Mac does: names in UTF-8 without the flag that says so, and an extra `._` file for each. */
function packedByMac(files: Files): Buffer {
  const around = Object.entries(files).flatMap(([name, content]) => [
    [`Über uns/${name}`, content],
    [`__MACOSX/Über uns/._${path.posix.basename(name)}`, 'Mac OS X'],
  ]);
  const bytes = zip(Object.fromEntries(around));
  for (const [start, at] of [
    ['PK\x03\x04', 6],
    ['PK\x01\x02', 8],
  ] as const)
    for (let entry = bytes.indexOf(start); entry >= 0; entry = bytes.indexOf(start, entry + 1))
      bytes.writeUInt16LE(bytes.readUInt16LE(entry + at) & ~0x800, entry + at);
  return bytes;
}

/** Packs files as some programs for Windows do: with backslashes. */
function packedByWindows(files: Files): Buffer {
  return zip(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name.replaceAll('/', '\\'), text])),
  );
}

const many = Object.fromEntries(
  Array.from({ length: 2500 }, (_, index) => [`fruit/node_modules/m${index}/index.ts`, 'x']),
);

const pictures = Object.fromEntries(
  Array.from({ length: 2500 }, (_, index) => [`a/picture-${index}.png`, 'x']),
);

/** A submission, and the result that a fair person would give it. */
export interface Case {
  readonly name: string;
  readonly files: Files;
  /** Null if there are none yet, and nobody can give any before a person has looked. */
  readonly points: number | null;
  /** What a student's own run and a host say, if not the same: that a file is missing is no grade of a class. */
  readonly own?: number;
  readonly status?: string;
  /** The codes of the warnings. */
  readonly said?: readonly string[];
}

export const cases: readonly Case[] = [
  { name: 'both files in their places', files: full, points: 10 },
  { name: 'the two files alone', files: { 'boxes.ts': answers, 'notes.md': notes }, points: 10 },
  { name: 'a folder around all', files: inside('my work', full), points: 10 },
  { name: 'one zip', files: { 'worksheet.zip': zip(full) }, points: 10 },
  { name: 'a zip in a zip', files: { 'a.zip': zip({ 'b.zip': zip(inside('fruit', full)) }) }, points: 10 },
  { name: 'a zip that a Mac made', files: { 'mac.zip': packedByMac(full) }, points: 10 },
  { name: 'a zip that Windows made', files: { 'windows.zip': packedByWindows(full) }, points: 10 },
  {
    name: 'a zip of a repository with its packages',
    files: { 'all.zip': zip({ ...many, ...inside('fruit', full) }) },
    points: 10,
  },
  {
    name: 'filled in beside the untouched stub, at the root',
    files: { ...full, 'work/boxes.ts': blankAnswers, 'boxes.ts': answers },
    points: 10,
    said: ['found/elsewhere'],
  },
  {
    name: 'filled in under the name of a second download',
    files: { ...full, 'work/boxes.ts': blankAnswers, 'work/boxes (1).ts': answers },
    points: 10,
    said: ['found/elsewhere'],
  },
  {
    name: 'filled in under names of one’s own beside the untouched stub',
    files: { ...stub, 'work/boxes_v2 (12).ts': answers, 'Kopie von notes.md': notes },
    points: 10,
    said: ['found/elsewhere', 'found/elsewhere'],
  },
  {
    name: 'filled in under any name beside the untouched stub',
    files: {
      ...stub,
      'ann-lee.ts': answers,
      'exit-ann.md': notes,
      'README.md': '# Read me',
      'types.ts': 'x',
    },
    points: 10,
    said: ['found/elsewhere', 'found/elsewhere'],
  },
  {
    name: 'an archive with many pictures before the work',
    files: { 'all.zip': zip({ ...pictures, ...inside('work of mine', full) }) },
    points: 10,
  },
  {
    name: 'a Word document that is called as the answers',
    files: { 'boxes.ts': zip({ 'word/document.xml': '<w/>' }), 'notes.md': notes },
    points: 6,
    said: ['file/word'],
  },
  {
    name: 'JavaScript beside the untouched stub',
    files: { ...stub, 'work/boxes.js': answers },
    points: null,
    own: 0,
    status: 'failed',
    said: ['class/instead'],
  },
  {
    name: 'with an end that a system hid',
    files: { 'boxes.ts.txt': answers, 'notes.md': notes },
    points: 10,
    said: ['found/elsewhere'],
  },
  {
    name: 'twice the same',
    files: { ...full, 'copy/boxes.ts': answers.replaceAll('\n', '\r\n') },
    points: 10,
  },
  {
    name: 'two versions that differ',
    files: { ...full, 'boxes (1).ts': partly },
    points: null,
    status: 'undecided',
    said: ['class/versions'],
  },
  {
    name: 'versions in two archives',
    files: { 'a.zip': zip(full), 'b.zip': zip({ ...full, 'work/boxes.ts': partly }) },
    points: null,
    status: 'undecided',
    said: ['class/versions'],
  },
  {
    name: 'one name twice in a zip',
    files: { 'a.zip': renamed(zip({ ...full, 'work/boxes.xs': partly }), 'work/boxes.xs', 'work/boxes.ts') },
    points: null,
    status: 'undecided',
    said: ['class/versions'],
  },
  {
    name: 'a damaged archive beside two good files',
    files: { ...full, 'again.zip': zip(full).subarray(0, 100) },
    points: 10,
    said: ['file/archive'],
  },
  {
    name: 'a damaged archive alone',
    files: { 'only.zip': zip(full).subarray(0, 100) },
    points: null,
    status: 'failed',
    said: ['file/archive', 'file/archive'],
  },
  {
    name: 'an archive with a wrong checksum',
    files: { 'only.zip': damaged(zip({ 'boxes.ts': answers })) },
    points: null,
    status: 'failed',
    said: ['file/missing', 'file/unread'],
  },
  {
    name: 'an archive with more than it counts',
    files: { 'only.zip': miscounted(zip(full)) },
    points: null,
    status: 'failed',
    said: ['file/archive', 'file/archive'],
  },
  {
    name: 'an archive of another kind',
    files: { 'only.rar': 'Rar!' },
    points: null,
    status: 'failed',
    said: ['file/archive', 'file/archive'],
  },
  {
    name: 'a PDF alone',
    files: { 'answers.pdf': '%PDF' },
    points: null,
    own: 0,
    status: 'failed',
    said: ['class/instead', 'file/missing', 'file/missing'],
  },
  {
    name: 'the files in a folder that a course has too',
    files: inside('solution', full),
    points: 10,
  },
  {
    name: 'in a copy of the whole course, with answers of its own',
    files: { ...stub, 'rubric.yaml': 'title: Fruit', ...inside('solution/reference', full) },
    points: 0,
    status: 'not started',
  },
  {
    name: 'called as another download, in capital letters',
    files: { ...stub, 'work/BOXES-1.TS': answers, 'Notes-1.md': notes },
    points: 10,
    said: ['found/elsewhere', 'found/elsewhere'],
  },
  { name: 'beside six equal backups of the stub', files: { ...full, ...backups(blankAnswers) }, points: 10 },
  {
    name: 'six equal backups',
    files: { 'notes.md': notes, ...backups(answers) },
    points: 10,
    said: ['found/elsewhere'],
  },
  { name: 'in five folders', files: inside('a/b/c/d', full), points: 10 },
  {
    name: 'in six folders',
    files: inside('a/b/c/d/e', full),
    points: null,
    status: 'failed',
    said: ['file/limits', 'file/limits'],
  },
  {
    name: 'in hidden folders and among packages',
    files: {
      'package.json': '{}',
      ...inside('.old', full),
      ...inside('node_modules/x', full),
      ...inside('__MACOSX', full),
    },
    points: null,
    own: 0,
    status: 'no submission',
    said: ['file/missing', 'file/missing'],
  },
  {
    name: 'a file far too large beside the other',
    files: { 'boxes.ts': 'x'.repeat(70_000), 'notes.md': notes },
    points: 6,
    said: ['file/too-large'],
  },
  {
    name: 'a file far too large alone',
    files: { 'boxes.ts': 'x'.repeat(70_000) },
    points: null,
    own: 0,
    status: 'failed',
    said: ['file/missing', 'file/too-large'],
  },
  {
    name: 'two versions of both files',
    files: { ...full, 'boxes (1).ts': partly, 'notes (1).md': work('', 'Plums')['work/notes.md'] },
    points: null,
    status: 'undecided',
    said: ['class/versions'],
  },
  { name: 'the untouched stub', files: stub, points: 0, status: 'not started' },
  {
    name: 'a document beside the untouched stub',
    files: { ...stub, 'work/boxes.docx': 'PK' },
    points: null,
    own: 0,
    status: 'failed',
    said: ['class/instead'],
  },
  {
    name: 'another week’s answers beside these',
    files: { ...full, 'week 2/boxes.ts': 'export const layers = { first: { size: 7 } };\n' },
    points: 10,
  },
  {
    name: 'in capital letters',
    files: { 'Work/Boxes.TS': answers, 'WORK/NOTES.MD': notes },
    points: 10,
    said: ['found/elsewhere', 'found/elsewhere'],
  },
  {
    name: 'called as Windows calls a copy',
    files: { ...stub, 'work/boxes - Copy.ts': answers, 'work/notes - Copy (2).md': notes },
    points: 10,
    said: ['found/elsewhere', 'found/elsewhere'],
  },
  {
    name: 'each file in a folder of its own',
    files: { 'a/boxes.ts': answers, 'b c/notes.md': notes },
    points: 10,
    said: ['found/elsewhere', 'found/elsewhere'],
  },
  {
    name: 'beside what editors keep',
    files: { ...full, 'work/boxes.ts~': partly, 'work/boxes.ts.bak': partly, 'work/.boxes.ts.swp': 'b0VIM' },
    points: 10,
  },
  {
    name: 'a zip beside the untouched stub',
    files: { ...stub, 'hand in/week 1.zip': zip(full) },
    points: 10,
    said: ['found/elsewhere', 'found/elsewhere'],
  },
  { name: 'an empty zip beside both files', files: { ...full, 'empty.zip': zip({}) }, points: 10 },
  {
    name: 'filled in beside an empty file of the right name',
    files: { ...full, 'work/boxes.ts': '', 'boxes.ts': answers },
    points: 10,
    said: ['found/elsewhere'],
  },
  {
    name: 'as Windows saves text',
    files: {
      'work/boxes.ts': `\ufeff${answers.replaceAll('\n', '\r\n')}`,
      'work/notes.md': `\ufeff${notes.replaceAll('\n', '\r\n')}`,
    },
    points: 10,
  },
  {
    name: 'as PowerShell writes text',
    files: { ...full, 'work/boxes.ts': Buffer.from(`\ufeff${answers}`, 'utf16le') },
    points: 6,
    said: ['file/utf-16'],
  },
  { name: 'one of the two files', files: { 'work/boxes.ts': answers }, points: 4, said: ['file/missing'] },
];

function backups(text: string): Files {
  return Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`backup ${index}/boxes.ts`, text]));
}

function inside(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
}

/** Makes a student for each case, in the order of the cases. */
export function classOfCases(list: readonly Case[] = cases): Student[] {
  return list.map(({ name, files }, index) => {
    const number = String(index).padStart(2, '0');
    return {
      name,
      login: `s-${number}`,
      first: 'Ann',
      last: `Lee ${number}`,
      email: `s${number}@x.org`,
      userId: `${7000 + index}`,
      participant: `${100 + index}`,
      studentId: `A${number}`,
      points: null,
      handedIn: files,
    };
  });
}

/** What a class run gives a student. */
interface Outcome {
  readonly points: number | null;
  readonly status: string;
  readonly warnings: readonly { readonly code: string }[];
}

/**
 * The outcome of each student, in their order: points, status and the codes of the warnings, without those that depend
 * on the download (an earlier attempt, the archive around it).
 */
export function outcomesOf(
  students: readonly Student[],
  rows: readonly (Outcome & { readonly key: string })[],
) {
  return students.map(({ login, userId, studentId, name }) => {
    const keys = [login, `(${userId})`, `(${studentId.toLowerCase()})`];
    const row = rows.find(({ key }) => keys.includes(key));
    const ofDownload = row?.status === 'no submission' ? /^class\/instead$/ : /^download\//;
    const said = row?.warnings.flatMap(({ code }) => (ofDownload.test(code) ? [] : code)).sort();
    return { name, points: row?.points, status: row?.status, said };
  });
}

/** The outcome that a case must have, as `outcomesOf` gives it. */
export function expectedOutcome({ name, points, status = 'graded', said = [] }: Case) {
  return { name, points, status, said: [...said].sort() };
}

export type Student = Omit<Enrolled, 'handedIn'> & { readonly name: string; readonly handedIn: Files };

/** Packs files that are in folders, for a host that takes only files. */
export function flat(files: Files): Files {
  const isFlat = Object.keys(files).every((name) => !name.includes('/'));
  return isFlat ? files : { 'upload.zip': zip(files) };
}

const flatStudent = (student: Student): Student => ({ ...student, handedIn: flat(student.handedIn) });

export const asText = (students: readonly Student[]) => students as unknown as readonly Enrolled[];
export const eachIn = (students: readonly Student[], name: (student: Student) => string): Files =>
  Object.fromEntries(
    students.flatMap((student) =>
      Object.entries(student.handedIn).map(([file, content]) => [`${name(student)}/${file}`, content]),
    ),
  );
export const unpacked = (files: Files, name = 'fruit-submissions') => {
  const root = path.join(newFolder(), name);
  writeFiles(root, files);
  return root;
};
export const gitTime = Date.parse('2026-09-01T12:00Z');

/** Every form in which a class can arrive, and its roster. */
export const forms: Readonly<
  Record<string, (students: readonly Student[]) => Promise<readonly [string, string]>>
> = {
  'Canvas’s zip': async (students) => [
    fileOf('subs.zip', zip(canvasFiles(asText(students.map(flatStudent))))),
    canvasGradebook(asText(students)),
  ],
  'Canvas’s zip, unpacked': async (students) => [
    unpacked(canvasFiles(asText(students.map(flatStudent)))),
    canvasGradebook(asText(students)),
  ],
  'Moodle’s folders': async (students) => [
    fileOf('c.zip', zip(moodleFiles(asText(students)))),
    moodleWorksheet(asText(students)),
  ],
  'Moodle’s folders, unpacked': async (students) => [
    unpacked(moodleFiles(asText(students))),
    moodleWorksheet(asText(students)),
  ],
  'Gradescope’s export': async (students) => [
    fileOf('e.zip', zip(gradescopeFiles(asText(students).map((student) => [student])))),
    gradescopeRoster(asText(students)),
  ],
  'Classroom 50’s zip of zips': async (students) => [
    fileOf(
      'all.zip',
      zip(Object.fromEntries(students.map(({ login, handedIn }) => [`${login}.zip`, zip(handedIn)]))),
    ),
    loginRoster(asText(students)),
  ],
  'plain folders': async (students) => [
    unpacked(eachIn(students, ({ login }) => `fruit-${login}`)),
    loginRoster(asText(students)),
  ],
  'folders and archives side by side': async (students) => [
    unpacked(
      Object.assign(
        {},
        ...students.map((student, index) =>
          index % 3 === 0
            ? { [`fruit-${student.login}.zip`]: zip(student.handedIn) }
            : eachIn([student], ({ login }) => `fruit-${login}`),
        ),
      ),
    ),
    loginRoster(asText(students)),
  ],
  repositories: async (students) => {
    const root = path.join(newFolder(), 'fruit-submissions');
    for (const { login, handedIn } of students)
      makeRepository(path.join(root, `fruit-${login}`), login, [
        { time: gitTime, message: 'Hand in', files: handedIn },
      ]);
    return [root, loginRoster(asText(students))];
  },
};
