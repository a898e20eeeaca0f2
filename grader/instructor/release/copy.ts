import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { sealedKeyFile } from '../../key/sealed-file';
import { type Course, studentFiles } from '../course';
import { at, copyFile, filesBelow, jsonFile, readFile, writeFile } from '../files';
import { handoutFile } from '../handout';
import { importsOf } from '../imports';
import { linkedFiles, movedToRoot } from '../links';
import { pruneLock } from './npm';
import { writtenFiles } from './repository';
import { seal } from './seal';

/**
 * Writes a student's copy of a course into an empty folder: a complete repository that grades itself
 * and holds no answer. Everything in it is the same each time but for the sealed key.
 *
 * @throws {GraderError} where a part of the course cannot be copied.
 */
export async function writeCopy(course: Course, folder: string): Promise<void> {
  for (const file of copiedFiles(course)) copyFile(course.root, folder, file);
  const handout = readFile(course.root, handoutFile);
  writeFile(folder, 'README.md', movedToRoot(handout, path.posix.dirname(handoutFile)));
  for (const [file, text] of Object.entries(writtenFiles(course))) writeFile(folder, file, text);
  copyFile(course.root, folder, 'package-lock.json');
  pruneLock(folder);
  if (course.rubric.selfCheck === 'scored') {
    const sealed = await seal(course.rubric, course.solution);
    writeFile(folder, sealedKeyFile, jsonFile(sealed));
  }
}

/** What goes over as it is. */
export function copiedFiles(course: Course): string[] {
  const files = [
    ...['LICENSE', '.github/workflows/classroom.yml'].filter((file) => existsSync(at(course.root, file))),
    'tsconfig.json',
    ...assignmentFiles(course),
    ...filesBelow(course.root, 'grader').filter(isForStudents),
  ];
  return [...new Set(files)].sort();
}

/** What only other hosts and the instructor use, tests and what they are made with. */
const notForStudents = [
  /^grader\/(?:hosts|instructor|testing)\//,
  /^grader\/report\/(?:classroom50|gradescope|escape\/csv|escape\/html)\.ts$/,
  /\.test\.ts$/,
];

function isForStudents(file: string): boolean {
  return /\.(?:ts|js|schema\.json)$/.test(file) && !notForStudents.some((kind) => kind.test(file));
}

/** What students edit, what that imports, and what the handout links to; nothing lands here by chance. */
function assignmentFiles(course: Course): string[] {
  const handout = readFile(course.root, handoutFile);
  const linked = linkedFiles(handout, path.posix.dirname(handoutFile)).filter(
    (file) =>
      file.startsWith('assignment/') && statSync(at(course.root, file), { throwIfNoEntry: false })?.isFile(),
  );
  return [...stubFiles(course), ...linked];
}

/** The files that students edit, and all that these import. */
export function stubFiles({ root, rubric }: Course): string[] {
  const files = studentFiles(rubric);
  // The list grows while it is gone through.
  for (const file of files) {
    if (!file.endsWith('.ts')) continue;
    for (const imported of importsOf(root, file).files) if (!files.includes(imported)) files.push(imported);
  }
  return files;
}
