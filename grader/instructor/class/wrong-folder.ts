import { readdirSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import type { Rubric } from '../../rubric/rubric';
import { isInside, listInside } from '../../submission/inside';
import { findMisplaced } from '../../submission/misplaced';
import { studentFiles } from '../course';
import { named } from '../named';
import { findRepository } from './repository';
import type { ClassFolder, Enrolled } from './students';

/**
 * Refuses a folder that is not the class: it would give everybody a grade, and a wrong one.
 *
 * @param roster the name of the roster's file, where there is one.
 * @returns a note, where fewer than half of the roster have a folder.
 * @throws {GraderError} that says what was expected, what is there and what was probably meant.
 */
export function assertSubmissions(
  { root, folders, links }: ClassFolder,
  students: readonly Enrolled[],
  rubric: Rubric,
  roster: string | undefined,
): string[] {
  const [top = ''] = rubric.table.file.split('/');
  if (
    studentFiles(rubric).some((file) => isInside(root, file)) ||
    folders.some((name) => name !== top && name.toLowerCase() === top.toLowerCase())
  )
    throw refused(
      `${root} is a single submission`,
      `Give the folder around it (${path.dirname(root)}), or grade it alone: npm run grade -- ${root}`,
    );
  const onRoster = students.filter(({ student }) => student?.login);
  const found = onRoster.filter((student) => student.folders.length > 0).length;
  const isEmptyHanded = onRoster.length > 0 && found === 0;
  // What failed to be fetched is empty, so one folder that looks like a submission is enough.
  if (isEmptyHanded || !folders.some((name) => looksLikeSubmission(path.join(root, name), rubric))) {
    const there = named([...folders, ...links], 5);
    const expected = isEmptyHanded
      ? `None of the ${onRoster.length} students with a login in ${roster} has a folder in ${root}. Expected one folder a student, named by the login (${onRoster[0]?.login}, or with the same prefix for all)`
      : `No folder in ${root} looks like a submission. Expected one folder a student, with ${rubric.table.file} in it`;
    throw refused(`${expected}; found ${there}`, suggestion(root, folders, rubric));
  }
  return found * 2 < onRoster.length
    ? [
        `Only ${found} of the ${onRoster.length} students with a login in ${roster} have a folder. Is this the right folder?`,
      ]
    : [];
}

function refused(reason: string, advice: string): GraderError {
  return new GraderError('folder', `${reason}.`, advice, 'Nothing was graded.');
}

function suggestion(root: string, folders: readonly string[], rubric: Rubric): string {
  const inner = folders.find((name) => {
    const folder = path.join(root, name);
    return !looksLikeSubmission(folder, rubric) && holdsSubmissions(folder, rubric);
  });
  if (inner !== undefined) return `Did you mean ${path.join(root, inner)}?`;
  if (looksLikeSubmission(root, rubric)) return `Did you mean the folder around it, ${path.dirname(root)}?`;
  const archive = folders
    .flatMap((name) => listInside(root, name).map((file) => path.join(name, file)))
    .find((file) => /\.(?:zip|tar|t?gz|7z|rar)$/i.test(file));
  if (archive !== undefined) return `There are archives, such as ${archive}. Unpack them first.`;
  return 'Give the folder that holds one folder a student, as gh classroom clone leaves it.';
}

function holdsSubmissions(folder: string, rubric: Rubric): boolean {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .slice(0, 200)
      .some(({ name }) => looksLikeSubmission(path.join(folder, name), rubric));
  } catch {
    return false;
  }
}

/** Whether a folder holds a repository, a file that students edit, or what was probably meant to be one. */
function looksLikeSubmission(folder: string, rubric: Rubric): boolean {
  try {
    return (
      isInside(folder, '.git') ||
      findRepository(folder) !== undefined ||
      studentFiles(rubric).some(
        (file) =>
          isInside(folder, file) ||
          findMisplaced(file, (inner) => listInside(folder, inner), []) !== undefined,
      )
    );
  } catch {
    return false;
  }
}
