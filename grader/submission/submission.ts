import path from 'node:path';
import { type Message, message } from '../message';
import type { Rubric } from '../rubric/rubric';
import { type Answers, isUntouched, readAnswers, unreadAnswers } from './cells';
import { type Reflection, readReflection, responseCount, unreadReflection } from './reflection';
import { decode, type FileResult, fileNames, folderNames, readFile } from './sandboxed-fs';
/**
 * What became of a file: read, or not there, or not in its place, or such that it is never read, or not
 * to be read at the time for a reason that lies with the machine.
 */
export const fileStates = ['read', 'missing', 'misplaced', 'refused', 'failed'] as const;

export type FileState = (typeof fileStates)[number];

/** One student's two files, as data. */
export interface Submission {
  readonly answers: Answers & { readonly state: FileState };
  readonly reflection?: Reflection & { readonly state: FileState };
}

/** Where one student's files lie. All of it is taken to be hostile. */
export interface Source {
  open(file: string): FileResult;
  /** What is said of a file that was probably meant to be this one. */
  misplaced(file: string): Message | undefined;
}

/** The files below a student's root folder. */
export function folderSource(root: string): Source {
  return {
    open: (file) => readFile(root, file),
    misplaced: (file) => findMisplaced(file, (folder) => fileNames(root, folder), folderNames(root)),
  };
}

/** Files of our own, by path with forward slashes. */
export function ownSource(files: Readonly<Record<string, string | Buffer>>): Source {
  const names = Object.keys(files);
  const inFolder = (folder: string) =>
    names
      .filter((name) => path.posix.dirname(name) === (folder || '.'))
      .map((name) => path.posix.basename(name));
  const folders = [
    ...new Set(names.flatMap((name) => (name.includes('/') ? (name.split('/')[0] ?? '') : []))),
  ];
  return {
    open: (file) => {
      const content = files[file];
      return content === undefined ? { kind: 'missing' } : { kind: 'file', bytes: Buffer.from(content) };
    },
    misplaced: (file) => findMisplaced(file, inFolder, folders),
  };
}

/**
 * Reads one student's two files as data. Whatever lies there, there is a Submission: a file that is
 * missing or cannot be read becomes a problem with its reason.
 *
 * @param read reads the text of the answers; whoever reads many can remember what several hand in alike.
 */
export function readSubmission(
  source: Source,
  rubric: Rubric,
  read: (text: string) => Answers = (text) => readAnswers(text, rubric),
): Submission {
  const { reflection } = rubric;
  return {
    answers: readAnswersFile(source, rubric, read),
    ...(reflection && { reflection: readReflectionFile(source, reflection) }),
  };
}

function readAnswersFile(
  source: Source,
  rubric: Rubric,
  readWith: (text: string) => Answers,
): Submission['answers'] {
  const read = readText(source, rubric.file);
  if (read.state !== 'read') return { ...unreadAnswers(rubric, { reason: read.reason }), state: read.state };
  const answers = readWith(read.text);
  const misplaced = isUntouched(answers) ? source.misplaced(rubric.file) : undefined;
  return misplaced
    ? { ...answers, problems: [{ reason: misplaced }], state: 'misplaced' }
    : { ...answers, state: 'read' };
}

function readReflectionFile(
  source: Source,
  rubric: NonNullable<Rubric['reflection']>,
): NonNullable<Submission['reflection']> {
  const read = readText(source, rubric.file);
  if (read.state !== 'read') return { ...unreadReflection(read.reason), state: read.state };
  const reflection = readReflection(read.text, rubric);
  const misplaced = responseCount(reflection) === 0 ? source.misplaced(rubric.file) : undefined;
  return misplaced
    ? { ...unreadReflection(misplaced), state: 'misplaced' }
    : { ...reflection, state: 'read' };
}

type ReadText =
  | { readonly state: 'read'; readonly text: string }
  | { readonly state: Exclude<FileState, 'read'>; readonly reason: Message };

function readText(source: Source, file: string): ReadText {
  const opened = source.open(file);
  switch (opened.kind) {
    case 'file': {
      const decoded = decode(opened.bytes, file);
      return 'text' in decoded ? { state: 'read', ...decoded } : { state: 'refused', ...decoded };
    }
    case 'refused':
    case 'failed':
      return { state: opened.kind, reason: opened.reason };
    case 'missing': {
      const found = source.misplaced(file);
      if (found) {
        const text = `${file} is missing. ${found.text}`;
        return { state: 'misplaced', reason: message(found.code, text, found.quotes) };
      }
      const text = `${file} is missing. Take it from the original assignment, or undo its deletion.`;
      return { state: 'missing', reason: message('file/missing', text) };
    }
  }
}

const longestName = 60;

/**
 * A file that was probably meant to be `file`, and lies under another name or in another place: it
 * is named, and never read. `answers.ts.txt`, `Answers.ts`, `answers (1).ts`, a copy at the root.
 *
 * @param list names of the plain files in a folder below the submission's root; '' is the root.
 * @param folders names of the folders at the root.
 */
export function findMisplaced(
  file: string,
  list: (folder: string) => readonly string[],
  folders: readonly string[],
): Message | undefined {
  const wanted = stem(path.posix.basename(file));
  for (const folder of likelyFolders(file, folders)) {
    for (const name of list(folder)) {
      if (name.length > longestName) continue;
      const found = folder ? `${folder}/${name}` : name;
      if (found !== file && stem(name) === wanted) {
        const fix = isDocument(name) ? 'copy its text into' : 'move or rename it to';
        return message('file/misplaced', `There is a file {found}. If it is yours, ${fix} ${file}.`, {
          found,
        });
      }
    }
  }
  return undefined;
}

/** Where a file may have got to: its own folder, the root, and every folder there. */
function likelyFolders(file: string, folders: readonly string[]): string[] {
  const { dir } = path.posix.parse(file);
  const isThere = (name: string) => name.includes('/') || folders.includes(name);
  const own = [dir, capitalised(dir)].filter(isThere);
  return [...new Set([...own, '', ...folders.filter((name) => !name.startsWith('.'))])];
}

/** `Answers (1).ts.txt` -> `answers` */
export function stem(name: string): string {
  const [first = ''] = name.normalize('NFKC').toLowerCase().split('.');
  return first
    .replace(/^copy of /, '')
    .replace(/(?:[\s_-]|\(\d\)|copy|kopie|final|new|\d)+$/, '')
    .trim();
}

/** Whether a file holds its text in a way of its own, so that renaming it is of no use. */
export function isDocument(name: string): boolean {
  return /\.(?:docx?|odt|pages|pdf|rtf|ipynb|html?)$/i.test(name);
}

function capitalised(folder: string): string {
  return folder.slice(0, 1).toUpperCase() + folder.slice(1);
}
