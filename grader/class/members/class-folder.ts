import { type Dirent, readdirSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { joinNames } from '../../files';
import { type Rubric, studentFiles } from '../../rubric/rubric';
import { isArchive, isOtherArchive } from '../../submission/container';
import { mayHoldWork } from '../../submission/find';
import { exists, fileNames, stat } from '../../submission/sandboxed-fs';
import type { Member } from './matching';

/** The folders and archives of a class, sorted by name, and anything else beside them. */
export interface ClassFolder {
  readonly root: string;
  readonly folders: readonly string[];
  /** Links. They are never followed, but listed so that no student is lost. */
  readonly links: readonly string[];
  readonly otherFiles: number;
}

/**
 * Lists a folder of submissions: one folder or archive per student.
 *
 * @throws {GraderError} if it holds none, or cannot be read.
 */
export function listClass(root: string): ClassFolder {
  const entries = readEntries(root).filter(({ name }) => !name.startsWith('.'));
  const namesOf = (list: readonly Dirent[]) => list.map(({ name }) => name).sort();
  const others = entries.filter((entry) => entry.isFile() && !isArchive(entry.name));
  const links = namesOf(entries.filter((entry) => entry.isSymbolicLink()));
  const folders = namesOf(entries.filter((entry) => !entry.isSymbolicLink() && !others.includes(entry)));
  if (folders.length + links.length === 0) {
    const archive = others.find(({ name }) => isOtherArchive(name));
    const found = archive ? `no folders, and ${archive.name}, which cannot be read: unpack it` : 'no folders';
    throw new GraderError('folder', 'no-submissions', `${root} has ${found} in it. ${giveFolder}`);
  }
  return { root, folders, links, otherFiles: others.length };
}

const giveFolder = 'Give the folder that holds one folder per student.';

function readEntries(root: string): Dirent[] {
  try {
    return readdirSync(root, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isFile = code === 'ENOTDIR';
    const other = isFile ? 'This is neither a folder nor an archive:' : `(${code}) This cannot be read:`;
    const reason = code === 'ENOENT' ? 'There is no folder' : other;
    throw new GraderError('folder', 'class-folder-unreadable', `${reason} ${root}. ${giveFolder}`);
  }
}

/**
 * Refuses a folder that is not the class: grading it would give everybody a wrong grade.
 *
 * @param roster the name of the roster file, if there is one.
 * @returns a note if fewer than half of the roster have a folder.
 * @throws {GraderError} that says what was expected, what is there and what was probably meant.
 */
export function assertSubmissions(
  { root, folders, links }: ClassFolder,
  students: readonly Member[],
  rubric: Rubric,
  roster: string | undefined,
): string[] {
  const [top = ''] = rubric.file.split('/');
  if (
    studentFiles(rubric).some((file) => exists(root, file)) ||
    folders.some((name) => name !== top && name.toLowerCase() === top.toLowerCase())
  )
    throw new GraderError(
      'folder',
      'single-submission',
      `${root} is a single submission. Nothing was graded.`,
      `Give the folder around it (${path.dirname(root)}), or grade it alone: npm run grade -- ${root}`,
    );
  const onRoster = students.filter(({ student, hasNoLogin }) => student && !hasNoLogin);
  const [withLogin] = onRoster.filter(({ login }) => login !== '');
  const who = onRoster.every(({ login }) => login !== '') ? 'students with a login' : 'students';
  const found = onRoster.filter((student) => student.work.length > 0).length;
  const isEmptyHanded = onRoster.length > 0 && found === 0;
  // A failed fetch leaves an empty folder, so one that looks like a submission is enough.
  if (isEmptyHanded || !folders.some((name) => looksLikeSubmission(path.join(root, name), rubric))) {
    const expected = isEmptyHanded
      ? `None of the ${onRoster.length} ${who} in ${roster} has a folder in ${root}. Expected one folder per student, named by the login (${withLogin?.login}, or with the same prefix for all)`
      : `No folder in ${root} looks like a submission. Expected one folder per student, with ${rubric.file} in it`;
    const there = `found ${joinNames([...folders, ...links], 5)}. Nothing was graded.`;
    throw new GraderError(
      'folder',
      'not-the-class',
      `${expected}; ${there}`,
      folderSuggestion(root, folders, rubric),
    );
  }
  return found * 2 < onRoster.length
    ? [`Only ${found} of the ${onRoster.length} ${who} in ${roster} have a folder. Is this the right folder?`]
    : [];
}

function folderSuggestion(root: string, folders: readonly string[], rubric: Rubric): string {
  const inner = folders
    .map((name) => path.join(root, name))
    .find((folder) => !looksLikeSubmission(folder, rubric) && holdsSubmissions(folder, rubric));
  if (inner !== undefined) return `Did you mean ${inner}?`;
  if (looksLikeSubmission(root, rubric)) return `Did you mean the folder around it, ${path.dirname(root)}?`;
  return `${giveFolder} npm run fetch:class makes one.`;
}

function holdsSubmissions(folder: string, rubric: Rubric): boolean {
  return whether(() => {
    const { folders } = listClass(folder);
    return folders.slice(0, 200).some((name) => looksLikeSubmission(path.join(folder, name), rubric));
  });
}

/** Whether a path is an archive, or a folder with a repository, a student file, or a file meant as one. */
function looksLikeSubmission(folder: string, rubric: Rubric): boolean {
  return whether(
    () =>
      isArchive(folder) ||
      findRepository(folder) !== undefined ||
      studentFiles(rubric).some((file) => exists(folder, file)) ||
      fileNames(folder, '').some((name) => mayHoldWork(name, rubric)),
  );
}

/** Where a repository is in a student's root: in `.git`, or in the root itself for a bare or mirror clone. */
export type GitFolder = '.git' | '';

/** Finds the repository of a student, if there is one. */
export function findRepository(root: string): GitFolder | undefined {
  if (stat(root, '.git') !== undefined) return '.git';
  const isBare = ['HEAD', 'objects', 'refs'].every((name) => stat(root, name) !== undefined);
  return isBare ? '' : undefined;
}

/** Evaluates a condition on a folder. Returns false if the folder cannot be read. */
function whether(is: () => boolean): boolean {
  try {
    return is();
  } catch {
    return false;
  }
}
