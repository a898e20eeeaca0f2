import {
  closeSync,
  constants,
  type Dirent,
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
import { fileTooLarge, maxFile } from './decode';

const maxFolder = 1000;

export type FileResult<Bytes extends Uint8Array = Buffer> =
  | { readonly kind: 'file'; readonly bytes: Bytes }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: Message }
  /** The system failed to read it, or it was replaced in the meantime. That is nobody's fault. */
  | { readonly kind: 'failed'; readonly reason: Message };

const { O_RDONLY } = constants;
// Windows has neither flag: there lstat, realpath and the second fstat are the only checks.
const noFollow = constants.O_NOFOLLOW ?? 0;
const nonBlocking = constants.O_NONBLOCK ?? 0;

/** The entry at a path below a root, once every step to it has been checked. */
type WalkResult =
  | { readonly kind: 'found'; readonly target: string; readonly stats: Stats }
  | Exclude<FileResult, { kind: 'file' }>;

/**
 * Walks from a student's root to a path below it. Refuses links at the root and at every step.
 *
 * @param steps names below the root; none for the root itself.
 * @throws errors of the file system.
 */
function walk(root: string, steps: readonly string[]): WalkResult {
  // Throwing an error for a missing file would take longer than everything else.
  let stats = lstatSync(root, { throwIfNoEntry: false });
  if (!stats) return { kind: 'missing' };
  if (stats.isSymbolicLink())
    return refused('link', 'The folder of the submission is a link. Give the folder itself.');
  for (let depth = 1; depth <= steps.length; depth++) {
    const parent = steps.slice(0, depth - 1).join('/') || 'The submission';
    if (!stats.isDirectory()) return refused('not-a-folder', `${parent} has to be a folder.`);
    const here = steps.slice(0, depth).join('/');
    stats = lstatSync(path.join(root, here), { throwIfNoEntry: false });
    if (!stats) return { kind: 'missing' };
    if (stats.isSymbolicLink())
      return refused('link', `${here} is a link. Put a plain file or folder in its place.`);
  }
  const target = path.join(root, ...steps);
  // On a file system that ignores case, a file with another spelling opens here and is missing elsewhere. No step is a
  // link, so the real path ends in the steps as they are actually spelled.
  const isSpelled = realpathSync.native(target).endsWith(steps.map((step) => path.sep + step).join(''));
  return isSpelled ? { kind: 'found', target, stats } : { kind: 'missing' };
}

/**
 * Opens one file below a student's root, and nothing else: everything there is hostile. Reads only a regular file
 * within its limit, and only the file that was examined.
 *
 * @param file path below the root, with forward slashes.
 * @param largest in bytes.
 */
export function readFile(root: string, file: string, largest = maxFile): FileResult {
  let descriptor: number | undefined;
  try {
    const walked = walk(root, file.split('/'));
    if (walked.kind !== 'found') return walked;
    const { target, stats } = walked;
    if (stats.isDirectory()) return refused('folder', `${file} is a folder. It has to be a file.`);
    if (!stats.isFile()) return refused('special', `${file} is a special file. It has to be a plain one.`);

    descriptor = openSync(target, O_RDONLY | noFollow | nonBlocking);
    const opened = fstatSync(descriptor);
    if (!opened.isFile() || opened.ino !== stats.ino || opened.dev !== stats.dev) {
      return failedRead('changed', `${file} was replaced while it was read. Run again.`);
    }
    // Read one byte more than the stated size, to check that the file ends there.
    const bytes = readUpTo(descriptor, Math.min(opened.size, largest) + 1);
    if (opened.size > largest || bytes.length > largest) {
      return { kind: 'refused', reason: fileTooLarge(file, largest) };
    }
    if (bytes.length > opened.size)
      return failedRead('changed', `${file} grew while it was read. Run again.`);
    return { kind: 'file', bytes };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === 'ELOOP') return refused('link', `${file} is a link. Put a plain file in its place.`);
    return failedRead('unreadable', `${file} could not be read (${code}).`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function refused(code: string, text: string): FileResult & { kind: 'refused' } {
  return { kind: 'refused', reason: message(`file/${code}`, text) };
}

function failedRead(code: string, text: string): FileResult {
  return { kind: 'failed', reason: message(`file/${code}`, text) };
}

function readUpTo(descriptor: number, most: number): Buffer {
  const buffer = Buffer.alloc(most);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, length, most - length, null);
    length += read;
    // A plain file ends where a read returns less than was asked for.
    if (length === most || read < most - (length - read)) return buffer.subarray(0, length);
  }
}

/** Returns the stats of a path below a student's root; undefined if it is missing, refused or unreadable. */
export function stat(root: string, file: string): Stats | undefined {
  try {
    const walked = walk(root, file.split('/'));
    return walked.kind === 'found' ? walked.stats : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** Whether a name exists in a student's root folder. Fast where most names do not. */
export function exists(root: string, name: string): boolean {
  return lstatSync(path.join(root, name), { throwIfNoEntry: false }) !== undefined;
}

/** Names of all entries directly in a student's root folder; undefined if there are too many. */
export function namesIn(root: string): ReadonlySet<string> | undefined {
  const entries = entriesInside(root, [], maxFolder);
  return entries && new Set(entries.map(({ name }) => name));
}

/**
 * Names of the plain files directly in a folder below the root ('' is the root), in order. Links are left out. A folder
 * of more than a thousand entries lists none, because the list might differ each time.
 */
export function fileNames(root: string, folder: string): string[] {
  const found = entriesInside(root, folder === '' ? [] : folder.split('/'), maxFolder) ?? [];
  return found.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Limits for listing a folder. */
export interface ListingLimits {
  /** Levels of folders below the root. */
  readonly maxDepth: number;
  /** The most entries that are listed, and that a single folder may have. */
  readonly maxEntries: number;
  /** Whether to skip a folder, by path. */
  readonly isOutside: (folder: string) => boolean;
}

/**
 * Paths of everything below a student's root except folders, in order. Links are included, so that reading them reports
 * what they are.
 *
 * @returns the files, and the first path that was not listed because of a limit.
 */
export function listUntrustedFiles(
  root: string,
  { maxDepth, maxEntries, isOutside }: ListingLimits,
): { readonly files: readonly string[]; readonly unlisted?: string } {
  const files: string[] = [];
  let unlisted: string | undefined;
  const visit = (steps: readonly string[]) => {
    const entries = entriesInside(root, steps, maxEntries);
    if (!entries) unlisted ??= steps.join('/');
    for (const entry of entries ?? []) {
      const file = [...steps, entry.name].join('/');
      const isWanted = !entry.isDirectory() || !isOutside(file);
      const isWithin = entry.isDirectory() ? steps.length < maxDepth : files.length < maxEntries;
      if (isWanted && !isWithin) unlisted ??= file;
      else if (!entry.isDirectory()) files.push(file);
      else if (isWanted) visit([...steps, entry.name]);
    }
  };
  visit([]);
  return unlisted === undefined ? { files } : { files, unlisted };
}

/** Entries of a folder, sorted by name; undefined if there are too many, empty if a step to it is a link. */
function entriesInside(root: string, steps: readonly string[], most: number): Dirent[] | undefined {
  try {
    for (let depth = 0; depth <= steps.length; depth++)
      if (!lstatSync(path.join(root, ...steps.slice(0, depth)), { throwIfNoEntry: false })?.isDirectory())
        return [];
    const entries: Dirent[] = [];
    const directory = opendirSync(path.join(root, ...steps));
    try {
      for (let entry = directory.readSync(); entry; entry = directory.readSync()) {
        if (entries.length === most) return undefined;
        entries.push(entry);
      }
    } finally {
      directory.closeSync();
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}
