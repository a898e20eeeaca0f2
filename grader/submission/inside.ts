import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { type Message, message } from '../message';

/** No student file needs more; what is larger is refused unread. */
export const largestFile = 64 * 1024;
const largestFolder = 1000;

export type Opened =
  | { readonly is: 'file'; readonly bytes: Buffer }
  | { readonly is: 'missing' }
  | { readonly is: 'refused'; readonly why: Message };

const { O_RDONLY } = constants;
// Windows has neither flag: there lstat, realpath and the second fstat stand alone.
const noFollow = constants.O_NOFOLLOW ?? 0;
const nonBlocking = constants.O_NONBLOCK ?? 0;

/**
 * Opens one file below a student's root, and nothing else: everything there is hostile. The root,
 * each folder on the way and the file itself must be what they say they are, no link is followed,
 * and only a regular file of at most 64 KiB is read.
 *
 * @param file path below the root, with forward slashes.
 */
export function openInside(root: string, file: string): Opened {
  const refused = (code: string, text: string): Opened => ({
    is: 'refused',
    why: message(`file/${code}`, text),
  });
  const steps = file.split('/');
  const target = path.join(root, ...steps);
  let descriptor: number | undefined;
  try {
    let stats: Stats = lstatSync(root);
    if (stats.isSymbolicLink())
      return refused('link', 'The folder of the submission is a link. Give the folder itself.');
    if (!stats.isDirectory()) return refused('not-a-folder', 'The submission is not a folder.');
    for (let depth = 1; depth <= steps.length; depth++) {
      const here = steps.slice(0, depth).join('/');
      stats = lstatSync(path.join(root, ...steps.slice(0, depth)));
      if (stats.isSymbolicLink())
        return refused('link', `${here} is a link. Put a plain file or folder in its place.`);
      if (depth < steps.length && !stats.isDirectory())
        return refused('not-a-folder', `${here} has to be a folder.`);
    }
    if (stats.isDirectory()) return refused('folder', `${file} is a folder. It has to be a file.`);
    if (!stats.isFile()) return refused('special', `${file} is a special file. It has to be a plain one.`);
    // Where upper and lower case count as one, a file of another spelling opens here and is missing elsewhere.
    if (path.relative(realpathSync.native(root), realpathSync.native(target)) !== path.join(...steps))
      return { is: 'missing' };

    descriptor = openSync(target, O_RDONLY | noFollow | nonBlocking);
    const opened = fstatSync(descriptor);
    if (!opened.isFile() || opened.ino !== stats.ino || opened.dev !== stats.dev) {
      return refused('changed', `${file} was replaced while it was read. Run again.`);
    }
    const bytes = readUpTo(descriptor, largestFile + 1);
    if (opened.size > largestFile || bytes.length > largestFile) {
      return refused(
        'too-large',
        `${file} is larger than ${largestFile / 1024} KiB, far more than it needs. Start again from the original file.`,
      );
    }
    return { is: 'file', bytes };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT') return { is: 'missing' };
    if (code === 'ELOOP') return refused('link', `${file} is a link. Put a plain file in its place.`);
    return refused('unreadable', `${file} could not be read (${code}).`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function readUpTo(descriptor: number, most: number): Buffer {
  const buffer = Buffer.alloc(most);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, length, most - length, null);
    length += read;
    if (read === 0 || length === most) return buffer.subarray(0, length);
  }
}

/** Names of the plain files directly in a folder below the root ('' is the root); links are left out. */
export function listInside(root: string, folder: string): string[] {
  const target = path.join(root, folder);
  try {
    if (!lstatSync(target).isDirectory()) return [];
    const names: string[] = [];
    const directory = opendirSync(target);
    try {
      for (let count = 0; count < largestFolder; count++) {
        const entry = directory.readSync();
        if (!entry) break;
        if (entry.isFile()) names.push(entry.name);
      }
    } finally {
      directory.closeSync();
    }
    return names.sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}
