import path from 'node:path';
import { type Message, message } from '../message';
import { listInside } from './inside';

const longestName = 60;

/**
 * A file that was probably meant to be `file`, and lies under another name or in another place: it
 * is named, and never read. `answers.ts.txt`, `Answers.ts`, `answers (1).ts`, a copy at the root.
 */
export function findMisplaced(root: string, file: string): Message | undefined {
  const { dir, base } = path.posix.parse(file);
  const wanted = stem(base);
  for (const folder of new Set([dir, capitalised(dir), 'src', ''])) {
    for (const name of listInside(root, folder)) {
      if (name.length > longestName) continue;
      const found = folder ? `${folder}/${name}` : name;
      if (found !== file && stem(name) === wanted) {
        const fix = isDocument(name) ? 'copy its text into' : 'move or rename it to';
        return message('file/misplaced', `There is a file {0}. If it is yours, ${fix} ${file}.`, found);
      }
    }
  }
  return undefined;
}

/** `Answers (1).ts.txt` -> `answers` */
function stem(name: string): string {
  const [first = ''] = name.normalize('NFKC').toLowerCase().split('.');
  return first
    .replace(/^copy of /, '')
    .replace(/(?:[\s_-]|\(\d\)|copy|kopie|final|new|\d)+$/, '')
    .trim();
}

/** Whether a file holds its text in a way of its own, so that renaming it is of no use. */
function isDocument(name: string): boolean {
  return /\.(?:docx?|odt|pages|pdf|rtf|ipynb|html?)$/i.test(name);
}

function capitalised(folder: string): string {
  return folder.slice(0, 1).toUpperCase() + folder.slice(1);
}
