import { GraderError, interpolate, messageOf } from '../../message';
import { openArchive } from '../../submission/archive';
import { isArchive, type ListedFile } from '../../submission/which-files';
import type { GradedClass } from '../results/graded-class';
import type { FilePlace } from './shown';

// Files that were handed in, for a page that shows them.

/** A file that was handed in, or why it cannot be shown. */
export interface ReadFile extends FilePlace {
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** The paths inside, if it is an archive. */
  readonly inside?: readonly string[];
  readonly why?: string;
}

/** The largest file that is shown or saved, in bytes. */
const maxShown = 20 * 1024 ** 2;

/** Reads a file that was handed in, perhaps from an archive in it. */
export async function fileIn(
  graded: GradedClass | undefined,
  { submission, path }: FilePlace,
  largest = maxShown,
): Promise<ReadFile> {
  try {
    const handedIn = graded?.submissions.get(submission);
    if (handedIn !== opened.of) opened = { of: handedIn, archives: new Map() };
    const file = await fileAt(handedIn?.files() ?? [], path);
    const content = await file?.read(largest);
    if (!file || !content) return { submission, path, why: 'It is no longer there.' };
    if (!(content instanceof Uint8Array)) return { submission, path, why: interpolate(content.reason) };
    // An archive that is broken can still be saved.
    const listed = isArchive(path) ? await filesIn(file, path).catch(() => []) : [];
    const inside = listed.slice(0, maxInside).map((one) => `${path}/${one.path}`);
    return { submission, path, bytes: new Uint8Array(content), inside };
  } catch (error) {
    return { submission, path, why: errorLines(error).join(' ') };
  }
}

/** The text of an error for the person who uses a page. */
export const errorLines = (error: unknown) =>
  error instanceof GraderError ? error.linesOnPage : [messageOf(error)];

/** How many files of an archive are listed. */
const maxInside = 100;

/** A file in a list, or in an archive in that list. */
async function fileAt(
  files: readonly ListedFile[],
  path: string,
  folder = '',
): Promise<ListedFile | undefined> {
  const around = files.find((one) => isArchive(one.path) && path.startsWith(`${folder}${one.path}/`));
  if (!around) return files.find((one) => folder + one.path === path);
  const archive = folder + around.path;
  return fileAt(await filesIn(around, archive), path, `${archive}/`);
}

/** The archives of one submission that were opened, by path: a person may look at several of 100,000 files in one. */
let opened: { readonly of: object | undefined; readonly archives: Map<string, readonly ListedFile[]> } = {
  of: undefined,
  archives: new Map(),
};

async function filesIn(archive: ListedFile, path: string): Promise<readonly ListedFile[]> {
  const known = opened.archives.get(path);
  if (known) return known;
  const content = await archive.read(maxShown);
  const files = content instanceof Uint8Array ? await openArchive(content) : [];
  opened.archives.set(path, files);
  return files;
}
