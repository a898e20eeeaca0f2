import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Course, studentFiles } from '../course';
import { filesBelow, sha256 } from '../files';
import { type GradingFacts, gradingFacts } from './changes';

/** What a release was made of. It stays with the instructor. */
export interface Manifest {
  readonly about: string;
  readonly version: 1;
  readonly rubric: string;
  /** Digest of the key that the release was made from. */
  readonly key: string;
  readonly selfCheck: 'scored' | 'form';
  /** What grades depend on; an older release does not have it. */
  readonly grading?: GradingFacts;
  /** The files that students edit; every other is protected. */
  readonly edited: readonly string[];
  /** SHA-256 of each file that was released, by its path below the output folder. */
  readonly files: Readonly<Record<string, string>>;
}

export const manifestName = 'release.json';

/** @param folder what is released, with nothing else in it. */
export function manifestOf(course: Course, folder: string): Manifest {
  const { rubric, key } = course;
  return {
    about:
      "What the students' copy beside this file was made of. Keep it: it tells which files were changed later.",
    version: 1,
    rubric: rubric.digest,
    key: key.digest,
    selfCheck: rubric.selfCheck,
    edited: studentFiles(rubric),
    grading: gradingFacts(course, randomBytes(16).toString('hex')),
    files: Object.fromEntries(filesBelow(folder).map((file) => [file, sha256(folder, file)])),
  };
}

/** The manifest of an earlier release, or undefined where there is none that can be read. */
export function readManifest(out: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(path.join(out, manifestName), 'utf8')) as Partial<Manifest>;
    const digests = Object.values(manifest.files ?? { none: null });
    const isOurs = manifest.version === 1 && digests.every((digest) => /^[0-9a-f]{64}$/.test(String(digest)));
    return isOurs ? (manifest as Manifest) : undefined;
  } catch {
    return undefined;
  }
}
