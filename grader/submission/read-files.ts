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
} from './which-files';

/** How much of a submission is read in total, including archives and their contents; in bytes. */
const maxSize = 64 * 1024 * 1024;
/**
 * The least that any file counts for, even an empty or unreadable one, because opening it takes as long as reading this
 * many bytes.
 */
const leastSize = 32 * 1024;
/** How deep archives may be nested: the host's, the student's own, and one more inside that. */
const maxNesting = 3;
export type WorkFinder = ReturnType<typeof workFinder>;

/**
 * Finds the files of a worksheet in anything that lists files: a folder, a download, a commit.
 *
 * @returns `matters`, which tells whether a path alone may affect the result; `limitsOf`, the paths whose contents
 *   decide, each with the size up to which it is read, in bytes; and `find`, which reads those, reports the size of
 *   each to `onRead`, and finds the files that count.
 */
export function workFinder(rubric: Rubric, readers: Readers = plainReaders) {
  return {
    matters: (path: string) => mayMatter(path, rubric),
    limitsOf: (paths: readonly string[]) => limitsOf(paths, rubric),
    find: async (listed: readonly ListedFile[], onRead?: (bytes: number) => void) => {
      const reading = new Reading(rubric, onRead);
      await reading.readAll(listed, 0);
      return findFiles(reading.files, rubric, readers);
    },
  };
}

/** Reads the files whose contents decide which ones count, including files in archives. */
class Reading {
  readonly files: HandedInFile[] = [];
  private readonly rubric: Rubric;
  private readonly onRead: ((bytes: number) => void) | undefined;
  /** The size of everything that was read, in bytes. */
  private size = 0;

  constructor(rubric: Rubric, onRead?: (bytes: number) => void) {
    this.rubric = rubric;
    this.onRead = onRead;
  }

  /** @param nesting in how many archives the files are. */
  async readAll(listed: readonly ListedFile[], nesting: number): Promise<void> {
    const limits = limitsOf(
      listed.map(({ path }) => path),
      this.rubric,
    );
    for (const file of listed) {
      const before = this.files.length;
      try {
        await this.read(file, limits.get(file.path), nesting);
      } catch (error) {
        // An entry that is too large makes its whole archive unreadable, and reading stops there.
        if (!(error instanceof ArchiveError) || (nesting > 0 && this.size > maxSize)) throw error;
        this.files.length = before;
        const { path } = file;
        const reason = message('file/archive', `{name} was not opened: ${error.message}.`, { name: path });
        this.files.push({ ...file, content: failed(reason) });
      }
    }
  }

  /** @param limit the size up to which it is read, in bytes; undefined if only its path matters. */
  private async read(file: ListedFile, limit: number | undefined, nesting: number): Promise<void> {
    const { path, order } = file;
    if (this.size > maxSize) throw new ArchiveError('all files together are too many or too large');
    const content = limit === undefined ? undefined : await file.read(limit);
    if (content) {
      const size = Math.max(content instanceof Uint8Array ? content.length : 0, leastSize);
      this.size += size;
      this.onRead?.(size);
    }
    if (!isArchive(path) || !(content instanceof Uint8Array)) {
      this.files.push({ ...file, content });
      return;
    }
    if (nesting === maxNesting)
      throw new ArchiveError('it is in too many archives; make one zip of the folder');
    // Load the archive library only if there is an archive.
    const { openArchive } = require('./archive') as typeof import('./archive');
    const inside = await openArchive(content);
    const within = inside.map((one) => ({ ...one, path: `${path}/${one.path}`, order }));
    await this.readAll(within, nesting + 1);
  }
}
