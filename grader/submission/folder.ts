import { lstatSync } from 'node:fs';
import { type Rubric, studentFiles } from '../rubric/rubric';
import { type Container, isClutter, type OpenArchive } from './container';
import { type FoundFiles, findIn, isOutside, maxDepth, maxFiles } from './find';
import { type ListingLimits, listUntrustedFiles, readFile } from './sandboxed-fs';

/**
 * Finds the files of a worksheet below a folder.
 *
 * @param root a student's root folder; everything in it is treated as hostile.
 */
export function findInFolder(root: string, rubric: Rubric): Promise<FoundFiles> {
  const limits = { maxDepth, maxEntries: 10 * maxFiles, isOutside };
  return findIn(openFolder(root, limits, studentFiles(rubric)), rubric, archiveOpener);
}

/** Loads the archive libraries only when there is an archive. */
const archiveOpener: OpenArchive = (name, bytes) => {
  const archive = require('./archive') as typeof import('./archive');
  return archive.openArchive(name, bytes);
};

/**
 * Opens the files below a folder. Links are listed, and reading one reports that it is a link.
 *
 * @param wanted paths to check even if they are not listed: such a path may be a folder, or lead through
 *   a link.
 */
export function openFolder(root: string, limits: ListingLimits, wanted: readonly string[] = []): Container {
  const { files, unlisted } = listUntrustedFiles(root, limits);
  const isBlocked = (file: string) => !files.includes(file) && readFile(root, file).kind !== 'missing';
  const isThere = lstatSync(root, { throwIfNoEntry: false }) !== undefined;
  const others = isThere ? wanted.filter(isBlocked) : [];
  return {
    entries: [...files.filter((file) => !isClutter(file)), ...others].map((path) => ({ path })),
    unsafe: [],
    unlisted,
    async *read(entries) {
      for (const [entry, largest] of entries) yield [entry, readFile(root, entry.path, largest)];
    },
    close: () => {},
  };
}
