import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { message } from '../message';
import { type Rubric, studentFiles } from '../rubric/rubric';
import { ArchiveError, failed, fileTooLarge, linkAt, maxFile, refused, type Unreadable } from './decode';
import {
  type FoundFiles,
  findFiles,
  gitFolder,
  type HandedInFile,
  isArchive,
  isLeftOut,
  type ListedFile,
  limitsOf,
  mayMatter,
  plainReaders,
  type Readers,
} from './find';

// Everything below a student's root is hostile: links, pipes, files that change while they are read.

/** How much of a submission is read in all, archives and what is in them; in bytes. */
const maxSize = 64 * 1024 * 1024;
/** How deep archives may be nested: one that the host made, the student's own, and one in that. */
const maxNesting = 3;
/** The most entries that are listed below a student's root. */
const maxEntries = 10_000;

export type WorkFinder = ReturnType<typeof workFinder>;

/**
 * Finds the files of a worksheet in whatever lists files: a folder, a download, a commit.
 *
 * @returns `matters`, whether a path may have a say, whatever is in the file; `limitsOf`, the paths whose contents decide,
 *   each with the size up to which it is read, in bytes; and `find`, which reads those and finds the files that count.
 */
export function workFinder(rubric: Rubric, readers: Readers = plainReaders) {
  return {
    matters: (path: string) => mayMatter(path, rubric),
    limitsOf: (paths: readonly string[]) => limitsOf(paths, rubric),
    find: async (listed: readonly ListedFile[]) =>
      findFiles(await readListed(listed, rubric), rubric, readers),
  };
}

/**
 * Finds the files of a worksheet below a folder, or in a zip.
 *
 * @param isCourse whether the folder is a whole course, in which the work is where `rubric.yaml` says, and nowhere else:
 *   other folders hold the work of a class.
 */
export function findInFolder(root: string, rubric: Rubric, isCourse = false): Promise<FoundFiles> {
  const { dir, base } = path.parse(root);
  const zip = { path: base, read: (largest: number) => readFile(dir, base, largest) };
  const ofWork = isCourse ? studentFiles(rubric).map((file) => file.replace(/\/.*/, '')) : undefined;
  const isZip = isArchive(root) && lstatSync(root).isFile();
  return workFinder(rubric).find(isZip ? [zip] : listFolder(root, ofWork));
}

/**
 * Lists all files below a folder, in order, with links and whatever else is there.
 *
 * @param only the names in the folder itself to list, if not all.
 * @throws errors of the file system.
 */
export function listFolder(root: string, only?: readonly string[]): ListedFile[] {
  const files: ListedFile[] = [];
  const visit = (steps: readonly string[]) => {
    const entries = readdirSync(path.join(root, ...steps), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = [...steps, entry.name].join('/');
      if (steps.length === 0 && only && !only.includes(entry.name)) continue;
      if (files.length > maxEntries) throw new Error('there are too many files in the folder');
      // One at the root is that of the work itself.
      if (entry.name === gitFolder && steps.length > 0) files.push({ path: file, read: () => undefined });
      else if (!entry.isDirectory())
        files.push({ path: file, read: (largest) => readFile(root, file, largest) });
      else if (!isLeftOut(entry.name)) visit([...steps, entry.name]);
    }
  };
  if (exists(root, '.')) visit([]);
  return files;
}

/** Reads the files whose contents decide which ones count, also in archives. */
async function readListed(files: readonly ListedFile[], rubric: Rubric): Promise<HandedInFile[]> {
  const read: HandedInFile[] = [];
  let size = 0;
  const readAll = async (listedFiles: readonly ListedFile[], nesting: number): Promise<void> => {
    const names = listedFiles.map(({ path }) => path);
    const limits = limitsOf(names, rubric);
    for (const file of listedFiles) {
      const { path, order } = file;
      const isZip = isArchive(path);
      const limit = limits.get(path);
      const content = limit === undefined ? undefined : await file.read(limit);
      if (content instanceof Uint8Array) size += content.length;
      try {
        if (size > maxSize) throw new ArchiveError('all files together are too large');
        if (isZip && content instanceof Uint8Array) {
          if (nesting === maxNesting)
            throw new ArchiveError('it is in too many archives; make one zip of the folder');
          // The archive library is loaded only where there is an archive.
          const { openArchive } = require('./archive') as typeof import('./archive');
          const inside = await openArchive(content);
          const within = inside.map((one) => ({ ...one, path: `${path}/${one.path}`, order }));
          await readAll(within, nesting + 1);
        } else read.push({ path, order, content });
      } catch (error) {
        if (!(error instanceof ArchiveError)) throw error;
        const reason = message('file/archive', `{name} was not opened: ${error.message}.`, { name: path });
        read.push({ path, order, content: failed(reason) });
      }
    }
  };
  await readAll(files, 0);
  return read;
}

/**
 * Reads one file below a student's root: only a regular file within its limit, to which no link leads.
 *
 * @param largest in bytes.
 * @returns why it cannot be read, or undefined if it is missing.
 */
export function readFile(root: string, file: string, largest = maxFile): Uint8Array | Unreadable | undefined {
  let descriptor: number | undefined;
  const steps = file.split('/');
  try {
    for (let depth = 0; depth < steps.length; depth++) {
      const here = steps.slice(0, depth + 1).join('/');
      const stats = lstatSync(path.join(root, here), { throwIfNoEntry: false });
      if (stats?.isSymbolicLink()) return linkAt(here);
      if (!stats || stats.isDirectory() === (here === file)) return undefined;
    }
    // Windows has neither flag: there lstat is the only check.
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

/** Whether a name exists in a student's root folder. */
export function exists(root: string, name: string): boolean {
  try {
    return lstatSync(path.join(root, name), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // the root is a file, or cannot be looked into
  }
}
