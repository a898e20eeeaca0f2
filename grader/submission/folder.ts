import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { message } from '../message';
import { type Rubric, studentFiles } from '../rubric/rubric';
import { failed, fileTooLarge, linkAt, maxFile, type NotRead, refused } from './decode';
import { workFinder } from './read-files';
import { type FoundFiles, gitFolder, isArchive, isLeftOut, type ListedFile } from './which-files';

// Everything below a student's root may be hostile: links, pipes, files that change while they are read.

/** The most entries that are listed below a student's root. */
const maxEntries = 10_000;

/**
 * Finds the files of a worksheet below a folder, or in a zip.
 *
 * @param isCourse whether the folder is a whole course, where the work is only at the paths that `rubric.yaml` names:
 *   other folders contain the work of a class.
 */
export function findInFolder(root: string, rubric: Rubric, isCourse = false): Promise<FoundFiles> {
  const { dir, base } = path.parse(root);
  const zip = { path: base, read: (largest: number) => readFile(dir, base, largest) };
  const ofWork = isCourse ? studentFiles(rubric).map((file) => file.replace(/\/.*/, '')) : undefined;
  const isZip = isArchive(root) && lstatSync(root).isFile();
  return workFinder(rubric).find(isZip ? [zip] : listFolder(root, ofWork));
}

/**
 * Lists all files below a folder, in order, including links and other kinds of entries.
 *
 * @param only the names in the folder itself to list; all if undefined.
 * @throws errors of the file system.
 */
export function listFolder(root: string, only?: readonly string[]): ListedFile[] {
  const isWanted = (file: string) => file.includes('/') || !only || only.includes(file);
  const files: ListedFile[] = [];
  const visit = (steps: readonly string[]) => {
    const entries = readdirSync(path.join(root, ...steps), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = [...steps, entry.name].join('/');
      if (!isWanted(file)) continue;
      if (files.length > maxEntries) throw new Error('there are too many files in the folder');
      // A repository at the root is the submission's own.
      const isNested = file.endsWith(`/${gitFolder}`);
      const isFolder = !isNested && entry.isDirectory();
      if (!isFolder) files.push(listed(file, isNested));
      else if (!isLeftOut(entry.name)) visit([...steps, entry.name]);
    }
  };
  const listed = (file: string, isNested: boolean): ListedFile => ({
    path: file,
    read: (largest) => (isNested ? undefined : readFile(root, file, largest)),
    stamp: () => lengthOf(root, file),
  });
  if (exists(root, '.')) visit([]);
  return files;
}

/**
 * Reads one file below a student's root, but only a regular file within the size limit, and only if no link leads to
 * it.
 *
 * @param largest in bytes.
 * @returns the reason if it cannot be read, or undefined if it is missing.
 */
export function readFile(root: string, file: string, largest = maxFile): Uint8Array | NotRead | undefined {
  let descriptor: number | undefined;
  const steps = file.split('/');
  try {
    for (let depth = 0; depth < steps.length; depth++) {
      const here = steps.slice(0, depth + 1).join('/');
      const stats = lstatSync(path.join(root, here), { throwIfNoEntry: false });
      if (stats?.isSymbolicLink()) return linkAt(here);
      if (!stats || stats.isDirectory() === (here === file)) return undefined;
    }
    // Windows has neither flag, so lstat is the only check there.
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    descriptor = openSync(path.join(root, file), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile())
      return refused(
        message('file/special', '{name} is a special file. It has to be a plain one.', { name: file }),
      );
    if (stats.size > largest) return fileTooLarge(file, largest);
    const bytes = Buffer.alloc(stats.size);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, stats.size, 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failed(message('file/unreadable', `{name} could not be read (${code}).`, { name: file }));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The length of a file in bytes, from its folder entry; empty if access is denied. */
export function lengthOf(root: string, file: string): string {
  try {
    return String(lstatSync(path.join(root, file)).size);
  } catch {
    return '';
  }
}

/** Whether a name exists in a student's root folder. */
export function exists(root: string, name: string): boolean {
  try {
    return lstatSync(path.join(root, name), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // the root is a file, or cannot be looked into
  }
}
