import { existsSync, readFileSync } from 'node:fs';
import { isCurrent, stateOf } from '../key/course-module';
import { solutionFiles } from '../key/solution';
import { type Course, compareKeyWithMeasurement } from './course';
import { graderRoot, jsonFile, listFiles, resolvePath, writeFile } from './files';

/** States of files, by full path. */
type FileStates = Readonly<Record<string, string>>;

/** Where a course remembers with which files its key held. */
const verifiedFile = '.graded/verified.json';

/** The files that a verification depends on beside the solution, to be asked for before a course is loaded. */
export function verificationFiles(root: string): FileStates {
  const ofKeys = ['grader/rubric', 'grader/kinds', 'grader/key'].flatMap((folder) =>
    listFiles(graderRoot, folder),
  );
  const grader = [...ofKeys, 'node_modules/.package-lock.json'].map((file) => resolvePath(graderRoot, file));
  const files = [resolvePath(root, 'rubric.yaml')];
  return Object.fromEntries([...files, ...grader, process.execPath].map((file) => [file, stateOf(file)]));
}

/**
 * Runs what a course's answers are measured on, unless they held before and nothing has changed that they come from:
 * what the solution loads and reads, wherever it lies, and some other files.
 *
 * @param others as they were before the course was loaded.
 * @throws {GraderError} where the key says otherwise.
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
    // A change meanwhile was not seen.
    if (files && isCurrent(Object.entries(others)))
      writeFile(root, verifiedFile, jsonFile({ ...others, ...Object.fromEntries(files) }));
  } catch {
    // A course that cannot be written to remembers nothing.
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
