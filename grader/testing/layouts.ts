import path from 'node:path';
import type { StudentResult } from '../class/results/student-result.schema';
import { codesOf } from './classes';
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
import { makeHistory } from './histories';
import { full, stub } from './history-cases';
import { blankAnswers, partly } from './worksheet';

const [answers, notes] = [full['work/boxes.ts'], full['work/notes.md']];

/** Corrupts a byte in the content of an archive. */
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

/** Packs files as a Mac does: with names in UTF-8 but no flag that says so, and an extra `._` file for each. */
function packedByMac(files: Files): Buffer {
  const around = Object.entries(files).flatMap(([name, content]) => [
    [`Über uns/${name}`, content],
    [`__MACOSX/Über uns/._${path.posix.basename(name)}`, 'Mac OS X'],
  ]);
  const bytes = zip(Object.fromEntries(around));
  for (const [start, at] of [['PK\x03\x04', 6] as const, ['PK\x01\x02', 8] as const])
    for (let entry = bytes.indexOf(start); entry >= 0; entry = bytes.indexOf(start, entry + 1))
      bytes.writeUInt16LE(bytes.readUInt16LE(entry + at) & ~0x800, entry + at);
  return bytes;
}

/** Packs files as some programs for Windows do: with backslashes. */
function packedByWindows(files: Files): Buffer {
  const named = Object.entries(files).map(([name, text]) => [name.replaceAll('/', '\\'), text]);
  return zip(Object.fromEntries(named));
}

const hundreds = (folder: string, name: string) =>
  Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${folder}/${index}${name}`, 'x']));

/** The result that a fair person would give for a submission. */
interface Result {
  /** Null if there are none yet, and a person has to look first. */
  readonly points: number | null;
  readonly status?: string;
  /** The points in a student's own run and on a host, if different: a class gives no grade for a missing file. */
  readonly own?: number | null;
  /** The codes of the notes. */
  readonly said?: readonly string[];
}

export interface Case extends Result {
  readonly name: string;
  readonly files: Files;
}

const left = { ...stub, 'boxes.ts': answers };
const named = { ...stub, 'work/boxes_v2 (12).ts': answers, 'Kopie von notes.md': notes };
const anyName = {
  ...stub,
  'ann-lee.ts': answers,
  'exit-ann.md': notes,
  'README.md': '# Read me',
  'types.ts': 'x',
};
const twice = zip({ ...full, 'work/boxes.xs': partly });
const other = { ...full, 'work/boxes.ts': partly };
const cut = zip(full).subarray(0, 100);
const large = 'x'.repeat(70_000);
const ofCourse = {
  ...stub,
  'rubric.yaml': 'title: Fruit',
  ...inside('solution/reference', full),
  ...inside('examples/fruit', full),
};
const hidden = {
  'package.json': '{}',
  ...inside('.old', full),
  ...inside('node_modules/x', full),
  ...inside('__MACOSX', full),
};
const otherWeek = 'export const layers = { first: { size: 7 } };\n';
const kept = { 'work/boxes.ts~': partly, 'work/boxes.ts.bak': partly, 'work/.boxes.ts.swp': 'b0VIM' };
const wrongSum = { 'only.zip': damaged(zip({ 'boxes.ts': answers })) };
const windows = (text = '') => `\ufeff${text.replaceAll('\n', '\r\n')}`;
const packages = hundreds('node_modules', '.ts');
const pictures = hundreds('a', '.png');
const copies = { 'work/boxes - Copy.ts': answers, 'work/notes - Copy (2).md': notes };
const utf16 = Buffer.from(`\ufeff${answers}`, 'utf16le');
const word = zip({ 'word/document.xml': '<w/>' });

const moved: Result = { points: 10, said: ['found/elsewhere'] };
const bothMoved: Result = { points: 10, said: ['found/elsewhere', 'found/elsewhere'] };
const undecided: Result = { points: null, status: 'undecided', said: ['class/versions'] };
const unopened: Result = { points: null, status: 'not readable', said: ['file/archive', 'file/archive'] };
/** In a student's own run, a stub earns 0 points; in a class run, it has none. */
const instead: Result = { points: null, status: 'not readable', own: 0, said: ['class/instead'] };
const notStarted: Result = { points: 0, status: 'not started' };
const graded = (points: number, ...said: string[]): Result => ({ points, said });
const failed = (...said: string[]): Result => ({ points: null, status: 'not readable', said });

const table: readonly (readonly [name: string, files: Files, result: Result])[] = [
  ['both files in their places', full, graded(10)],
  ['the two files alone', { 'boxes.ts': answers, 'notes.md': notes }, graded(10)],
  ['a zip in a zip', { 'a.zip': zip({ 'b.zip': zip(inside('fruit', full)) }) }, graded(10)],
  ['a zip that a Mac made', { 'mac.zip': packedByMac(full) }, graded(10)],
  ['a zip that Windows made', { 'windows.zip': packedByWindows(full) }, graded(10)],
  ['a zip with packages', { 'a.zip': zip({ ...packages, ...inside('my', full) }) }, graded(10)],
  [
    'a zip with pictures',
    { 'a.zip': zip({ ...pictures, ...inside('my work', full) }) },
    graded(10, 'found/beside'),
  ],
  ['at the root beside the stub', { ...left, 'work/notes.md': notes }, moved],
  ['as a second download', { ...full, 'work/boxes.ts': blankAnswers, 'work/boxes (1).ts': answers }, moved],
  ['under names of one’s own', named, bothMoved],
  ['under any name', anyName, bothMoved],
  [
    'a Word document under the answers’ name',
    { 'boxes.ts': word, 'notes.md': notes },
    graded(6, 'file/word'),
  ],
  ['JavaScript beside the stub', { ...stub, 'work/boxes.js': answers }, instead],
  ['with an end that a system hid', { 'boxes.ts.txt': answers, 'notes.md': notes }, moved],
  ['twice the same', { ...full, 'copy/boxes.ts': answers.replaceAll('\n', '\r\n') }, graded(10)],
  ['two versions that differ', { ...full, 'boxes (1).ts': partly }, undecided],
  ['versions in two archives', { 'a.zip': zip(full), 'b.zip': zip(other) }, undecided],
  ['one name twice in a zip', { 'a.zip': renamed(twice, 'work/boxes.xs', 'work/boxes.ts') }, undecided],
  ['a damaged archive beside two good files', { ...full, 'again.zip': cut }, graded(10, 'file/archive')],
  ['a damaged archive alone', { 'only.zip': cut }, unopened],
  ['an archive with a wrong checksum', wrongSum, failed('file/missing', 'file/unread')],
  ['an archive with more than it counts', { 'only.zip': miscounted(zip(full)) }, unopened],
  [
    'a PDF alone',
    { 'answers.pdf': '%PDF' },
    { ...failed('class/instead', 'file/missing', 'file/missing'), own: 0 },
  ],
  [
    'the files in a folder that a course elsewhere has too',
    { ...inside('solution', full), 'old/rubric.yaml': 'title: Fruit' },
    graded(10),
  ],
  ['in a copy of the course, with its own answers', ofCourse, notStarted],
  ['in capitals, as a download', { ...stub, 'work/BOXES-1.TS': answers, 'Notes-1.md': notes }, bothMoved],
  ['in five folders', inside('a/b/c/d', full), graded(10)],
  ['in six folders', inside('a/b/c/d/e', full), failed('file/limits', 'file/limits')],
  [
    'hidden, and among packages',
    hidden,
    { ...failed('file/missing', 'file/missing'), status: 'no submission', own: 0 },
  ],
  [
    'a file far too large beside the other',
    { 'boxes.ts': large, 'notes.md': notes },
    graded(6, 'file/too-large'),
  ],
  [
    'a file far too large alone',
    { 'boxes.ts': large },
    { ...failed('file/missing', 'file/too-large'), own: 0 },
  ],
  ['two versions of both files', { ...full, 'boxes (1).ts': partly, 'notes (1).md': '# Plums' }, undecided],
  ['the untouched stub', stub, notStarted],
  ['a document beside the stub', { ...stub, 'work/boxes.docx': 'PK' }, instead],
  ['another week’s answers beside these', { ...full, 'week 2/boxes.ts': otherWeek }, graded(10)],
  ['in capital letters', { 'Work/Boxes.TS': answers, 'WORK/NOTES.MD': notes }, bothMoved],
  ['as Windows calls a copy', { ...stub, ...copies }, bothMoved],
  ['each file in a folder of its own', { 'a/boxes.ts': answers, 'b c/notes.md': notes }, bothMoved],
  ['beside what editors keep', { ...full, ...kept }, graded(10)],
  ['a zip beside the untouched stub', { ...stub, 'hand in/week 1.zip': zip(full) }, bothMoved],
  ['an empty zip beside both files', { ...full, 'empty.zip': zip({}) }, graded(10)],
  ['beside an empty file of its name', { ...full, 'work/boxes.ts': '', 'boxes.ts': answers }, moved],
  [
    'as Windows saves text',
    { 'work/boxes.ts': windows(answers), 'work/notes.md': windows(notes) },
    graded(10),
  ],
  ['as PowerShell writes text', { ...full, 'work/boxes.ts': utf16 }, graded(10)],
  ['one of the two files', { 'work/boxes.ts': answers }, graded(4, 'file/missing')],
];

export const cases: readonly Required<Case>[] = table.map(([name, files, result]) => {
  const { points, status = 'graded', own = points, said = [] } = result;
  return { name, files, points, status, own, said: [...said].sort() };
});

function inside(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
}

/** Makes one student per case, in the order of the cases. */
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

/**
 * The outcome of each student, in order: points, status and the codes of the notes, except those that depend on the
 * download (an earlier attempt, the archive around it).
 */
export function outcomesOf(students: readonly Student[], rows: readonly StudentResult[]) {
  return students.map(({ login, userId, studentId, name }) => {
    const keys = [login, `(${userId})`, `(${studentId.toLowerCase()})`];
    const row = rows.find(({ key }) => keys.includes(key));
    const ofDownload = row?.status === 'no submission' ? /^class\/instead$/ : /^download\//;
    const said =
      row &&
      codesOf(row)
        .filter((code) => !ofDownload.test(code))
        .sort();
    return { name, points: row?.points, status: row?.status, said };
  });
}

/** The outcome that a case must have, in the form of `outcomesOf`. */
export function expectedOutcome({ name, points, status = 'graded', said = [] }: Case) {
  return { name, points, status, said };
}

export type Student = Omit<Enrolled, 'handedIn'> & { readonly name: string; readonly handedIn: Files };

/** Packs files that are in folders into a zip, for a host that takes only files. */
export function flat(files: Files): Files {
  const isFlat = Object.keys(files).every((name) => !name.includes('/'));
  return isFlat ? files : { 'upload.zip': zip(files) };
}

export const asText = (students: readonly Student[]) => students as unknown as readonly Enrolled[];
export const unpacked = (files: Files, name = 'fruit-submissions') => {
  const root = path.join(newFolder(), name);
  writeFiles(root, files);
  return root;
};
type Form = (students: readonly Student[]) => readonly [download: string, roster: string];

const flatStudent = (student: Enrolled): Enrolled => ({
  ...student,
  handedIn: flat(student.handedIn ?? {}) as Enrolled['handedIn'],
});

const inFolders = (all: readonly Student[]): Files =>
  Object.assign({}, ...all.map(({ login, handedIn }) => inside(`fruit-${login}`, handedIn)));

const roots: Readonly<Record<string, (students: readonly Student[]) => string>> = {
  'Classroom 50’s zip of zips': (all) => {
    const zips = all.map(({ login, handedIn }) => [`${login}.zip`, zip(handedIn)]);
    return fileOf('all.zip', zip(Object.fromEntries(zips)));
  },
  'folders and archives side by side': (all) => {
    const zips = all.filter((_, index) => index % 3 === 0);
    const archives = zips.map(({ login, handedIn }) => [`fruit-${login}.zip`, zip(handedIn)]);
    const folders = inFolders(all.filter((one) => !zips.includes(one)));
    return unpacked({ ...folders, ...Object.fromEntries(archives) });
  },
  repositories: (all) => {
    const root = path.join(newFolder(), 'fruit-submissions');
    for (const { login, handedIn: files } of all)
      makeHistory(path.join(root, `fruit-${login}`), { commits: { last: { time: 1, files } } });
    return root;
  },
};

/** Every form in which a class can arrive, and its roster. */
export const forms: Readonly<Record<string, Form>> = {
  'Canvas’s zip': (all) => [
    fileOf('all.zip', zip(canvasFiles(asText(all).map(flatStudent)))),
    canvasGradebook(asText(all)),
  ],
  'Moodle’s folders, unpacked': (all) => [unpacked(moodleFiles(asText(all))), moodleWorksheet(asText(all))],
  'Gradescope’s export': (all) => [
    fileOf('e.zip', zip(gradescopeFiles(asText(all).map((student) => [student])))),
    gradescopeRoster(asText(all)),
  ],
  ...Object.fromEntries(
    Object.entries(roots).map(
      ([name, rootOf]) => [name, (all) => [rootOf(all), loginRoster(asText(all))]] as [string, Form],
    ),
  ),
};
