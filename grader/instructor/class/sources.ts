import { lstatSync, readdirSync } from 'node:fs';
import type { Rubric } from '../../rubric/rubric';
import { isInside, openInside } from '../../submission/inside';
import { findMisplaced } from '../../submission/misplaced';
import { folderSource, type Source } from '../../submission/read';
import { studentFiles } from '../course';
import type { Commit, History, Version } from './history';
import { findRepository } from './repository';

/** The students' files as one commit has them, and the names around them. */
export function versionOf(history: History, commit: Commit, rubric: Rubric): Promise<Version> {
  return history.version(commit, studentFiles(rubric), true);
}

/**
 * The files in a folder, or of its newest commit where nothing is checked out.
 *
 * @throws where there is nothing at all: whoever handed in nothing has no folder, so fetching it failed.
 */
export async function sourceIn(root: string, rubric: Rubric, history: History | undefined): Promise<Source> {
  if (isCheckedOut(root, rubric)) return folderSource(root);
  const newest = history?.mainline[0];
  if (history && newest) return versionSource(await versionOf(history, newest, rubric));
  if (findRepository(root) === '')
    throw new Error('this is a bare clone whose history cannot be read; fetch it again');
  throw new Error('the folder is empty; fetch it again');
}

/** @throws where a student's root is a link: what it leads to may be anybody's. */
export function assertFolder(root: string): void {
  if (lstatSync(root).isSymbolicLink())
    throw new Error('the folder is a link; put the folder itself in its place');
}

/** Whether the folder holds more than a repository. */
export function isCheckedOut(root: string, { table }: Rubric): boolean {
  const [top = ''] = table.file.split('/');
  if (isInside(root, top)) return true;
  return findRepository(root) !== '' && readdirSync(root).some((name) => name !== '.git');
}

export function versionSource({ files, names }: Version): Source {
  return {
    open: (file) => files.get(file) ?? { is: 'missing' },
    misplaced: (file) => findMisplaced(file, (folder) => names.get(folder) ?? [], [...names.keys()]),
  };
}

/** Files that are checked out and differ from what each of some commits has. */
export function uncommitted(root: string, versions: readonly Version[], rubric: Rubric): string[] {
  if (!isCheckedOut(root, rubric)) return [];
  return studentFiles(rubric).filter((file) => {
    const found = plain(openInside(root, file));
    return versions.every(({ files }) => plain(files.get(file)) !== found);
  });
}

/** Whether two commits have the same files. */
export function haveSameFiles(one: Version, other: Version, files: readonly string[]): boolean {
  return files.every((file) => plain(one.files.get(file)) === plain(other.files.get(file)));
}

/** What a file says, whatever its line ends, which git may have changed. */
function plain(opened: ReturnType<typeof openInside> | undefined): string | undefined {
  return opened?.is === 'file' ? opened.bytes.toString('latin1').replaceAll('\r\n', '\n') : undefined;
}
