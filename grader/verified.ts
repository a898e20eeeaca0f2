import { existsSync, readFileSync } from 'node:fs';
import { type Course, compareKeyWithMeasurement } from './course';
import { graderRoot, jsonFile, listFiles, resolvePath, writeFile } from './files';
import { isCurrent, stateOf } from './key/course-module';
import { solutionFiles } from './key/solution';

/** File states, by full path. */
type FileStates = Readonly<Record<string, string>>;

/** Where a course records the states of the files with which its key was last verified. */
const verifiedFile = '.graded/verified.json';

/** The files besides the solution that a verification depends on. Call this before the course is loaded. */
export function verificationFiles(root: string): FileStates {
  const ofKeys = ['grader/rubric', 'grader/kinds', 'grader/key'].flatMap((folder) =>
    listFiles(graderRoot, folder),
  );
  const grader = [...ofKeys, 'node_modules/.package-lock.json'].map((file) => resolvePath(graderRoot, file));
  const files = [resolvePath(root, 'rubric.yaml')];
  return Object.fromEntries([...files, ...grader, process.execPath].map((file) => [file, stateOf(file)]));
}

/**
 * Compares a course's key with its measurement, unless they agreed before and no file that they depend on has
 * changed: those that the solution loads and reads, in any folder, and some others.
 *
 * @param others their states before the course was loaded.
 * @throws {GraderError} if the key and the measurement disagree.
 */
export function verifyOnce(course: Course, others: FileStates): void {
  const { root } = course;
  const solution = [...(solutionFiles(root) ?? [])];
  const known = verifiedBefore(root);
  const isKnown = [...Object.entries(others), ...solution].every(([file, state]) => known[file] === state);
  if (solution.length > 0 && isKnown && isCurrent(Object.entries(known))) return;
  compareKeyWithMeasurement(course);
  const files = solutionFiles(root);
  try {
    // Record nothing if one of the others has changed meanwhile: the comparison did not see that.
    if (files && isCurrent(Object.entries(others)))
      writeFile(root, verifiedFile, jsonFile({ ...others, ...Object.fromEntries(files) }));
  } catch {
    // A course that cannot be written to keeps no record.
  }
}

function verifiedBefore(root: string): FileStates {
  const file = resolvePath(root, verifiedFile);
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FileStates) : {};
  } catch {
    return {};
  }
}
