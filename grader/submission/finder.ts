import { message } from '../message';
import type { Rubric } from '../rubric/rubric';
import { ArchiveError, failed } from './decode';
import {
  findFiles,
  type HandedInFile,
  isArchive,
  type ListedFile,
  limitsOf,
  mayMatter,
  plainReaders,
  type Readers,
} from './find';

/** How much of a submission is read in all, archives and what is in them; in bytes. */
const maxSize = 64 * 1024 * 1024;
/** What counts for one that cannot be read, for finding that out may take as long as reading it. */
const unreadSize = 64 * 1024;
/** How deep archives may be nested: one that the host made, the student's own, and one in that. */
const maxNesting = 3;
export type WorkFinder = ReturnType<typeof workFinder>;

/**
 * Finds the files of a worksheet in whatever lists files: a folder, a download, a commit.
 *
 * @returns `matters`, whether a path may have a say, whatever is in the file; `limitsOf`, the paths whose contents decide,
 *   each with the size up to which it is read, in bytes; and `find`, which reads those and finds the files that count,
 *   and tells of each how large it was.
 */
export function workFinder(rubric: Rubric, readers: Readers = plainReaders) {
  return {
    matters: (path: string) => mayMatter(path, rubric),
    limitsOf: (paths: readonly string[]) => limitsOf(paths, rubric),
    find: async (listed: readonly ListedFile[], onRead?: (bytes: number) => void) =>
      findFiles(await readListed(listed, rubric, onRead), rubric, readers),
  };
}

/** Reads the files whose contents decide which ones count, also in archives. */
async function readListed(
  files: readonly ListedFile[],
  rubric: Rubric,
  onRead?: (bytes: number) => void,
): Promise<HandedInFile[]> {
  const read: HandedInFile[] = [];
  let size = 0;
  const readAll = async (listedFiles: readonly ListedFile[], nesting: number): Promise<void> => {
    const names = listedFiles.map(({ path }) => path);
    const limits = limitsOf(names, rubric);
    for (const file of listedFiles) {
      const { path, order } = file;
      const before = read.length;
      const isZip = isArchive(path);
      const limit = limits.get(path);
      try {
        if (size > maxSize) throw new ArchiveError('all files together are too large');
        const content = limit === undefined ? undefined : await file.read(limit);
        if (content) {
          const sizeRead = content instanceof Uint8Array ? content.length : unreadSize;
          size += sizeRead;
          onRead?.(sizeRead);
        }
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
        // What is too large costs all of its archive, and is not read to its end.
        if (!(error instanceof ArchiveError) || (nesting > 0 && size > maxSize)) throw error;
        read.length = before;
        const reason = message('file/archive', `{name} was not opened: ${error.message}.`, { name: path });
        read.push({ path, order, content: failed(reason) });
      }
    }
  };
  await readAll(files, 0);
  return read;
}
