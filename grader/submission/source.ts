import path from 'node:path';
import { type Message, message } from '../message';
import { fileNames, folderNames, readFile } from './sandboxed-fs';
import type { Source } from './submission';

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
