import { existsSync, readFileSync } from 'node:fs';
import { stateDigest } from './authoring/check/memory';
import { type Course, verifyKey } from './course';
import { jsonFile, resolvePath, writeFile } from './files';

/** Where a course remembers with which files its key held. */
const verifiedFile = '.graded/verified.json';

/**
 * Runs what a course's answers are measured on, unless they held with these very files before.
 *
 * @param state the digest of the course from before it was loaded; see `stateDigest`.
 * @throws {GraderError} where the key says otherwise.
 */
export function verifyOnce(course: Course, state: string | undefined): void {
  const { root } = course;
  if (state !== undefined && state === stateBefore(root)) return;
  verifyKey(course);
  try {
    // What changed meanwhile was not seen.
    if (state !== undefined && state === stateDigest(root))
      writeFile(root, verifiedFile, jsonFile({ state }));
  } catch {
    // A course that cannot be written to remembers nothing.
  }
}

function stateBefore(root: string): unknown {
  const file = resolvePath(root, verifiedFile);
  if (!existsSync(file)) return undefined;
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { state?: unknown }).state;
  } catch {
    return undefined;
  }
}
