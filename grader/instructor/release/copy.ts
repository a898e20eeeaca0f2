import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { sealedKeyFile } from '../../key/sealed-file';
import type { SealedFile } from '../../key/sealed-file.schema';
import { type OpenCourse, studentFiles } from '../course';
import { at, copyFile, filesBelow, jsonFile, readFile, writeFile } from '../files';
import { handoutFile } from '../handout';
import { importsOf } from '../imports';
import { linkedFiles, movedToRoot } from '../links';
import { pruneLock } from './npm';
import { writtenFiles } from './repository';

/**
 * Writes a student's copy of a course into an empty folder: a complete repository that grades itself
 * and holds no answer. Everything in it is the same each time but for the sealed key.
 *
 * @param key what `keyForStudents` gives; nothing else here comes of an expected value.
 * @throws {GraderError} where a part of the course cannot be copied.
 */
export function writeCopy(course: OpenCourse, folder: string, key: SealedFile | undefined): void {
  for (const file of copiedFiles(course)) copyFile(course.root, folder, file);
  const handout = readFile(course.root, handoutFile);
  writeFile(folder, 'README.md', movedToRoot(handout, path.posix.dirname(handoutFile)));
  for (const [file, text] of Object.entries(writtenFiles(course))) writeFile(folder, file, text);
  copyFile(course.root, folder, 'package-lock.json');
  pruneLock(folder);
  if (key) writeFile(folder, sealedKeyFile, jsonFile(key));
}

/** What goes over as it is. */
export function copiedFiles(course: OpenCourse): string[] {
  const files = [
    ...['LICENSE', '.github/workflows/classroom.yml'].filter((file) => existsSync(at(course.root, file))),
    'tsconfig.json',
    ...assignmentFiles(course),
    ...filesBelow(course.root, 'grader').filter(isForStudents),
  ];
  return [...new Set(files)].sort();
}

/** The folders of the grader that students have, but for what only hosts and the instructor use of them. */
const folders = new Set([
  'grader',
  ...['actions', 'answers', 'jest', 'key', 'report', 'report/escape', 'rubric', 'submission'].map(
    (name) => `grader/${name}`,
  ),
]);
const notForStudents =
  /^grader\/report\/(?:classroom50|gradescope|escape\/csv|escape\/html)\.ts$|\.test\.ts$/;

function isForStudents(file: string): boolean {
  const isProgram = folders.has(path.posix.dirname(file)) && /\.(?:ts|js|schema\.json)$/.test(file);
  return isProgram && !notForStudents.test(file);
}

/** What students edit, what that imports, and what the handout links to; nothing lands here by chance. */
function assignmentFiles(course: OpenCourse): string[] {
  const handout = readFile(course.root, handoutFile);
  const linked = linkedFiles(handout, path.posix.dirname(handoutFile)).filter(
    (file) =>
      file.startsWith('assignment/') && statSync(at(course.root, file), { throwIfNoEntry: false })?.isFile(),
  );
  return [...stubFiles(course), ...linked];
}

/** The files that students edit, and all that these import. */
export function stubFiles({ root, rubric }: OpenCourse): string[] {
  const files = studentFiles(rubric);
  // The list grows while it is gone through.
  for (const file of files) {
    if (!file.endsWith('.ts')) continue;
    for (const imported of importsOf(root, file).files) if (!files.includes(imported)) files.push(imported);
  }
  return files;
}
