import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { GraderError } from '../message';
import type { RubricFile } from '../rubric/file.schema';
import { type Rubric, rowsOf, rubricOf } from '../rubric/rubric';
import { fileDigest, listFiles, readText } from '../system/files';
import { sha256 } from '../system/platform';
import type { Course } from './course';

/**
 * The file beside a release that records what it was made from. It stays with the instructor and contains no expected
 * value.
 */
export const manifestName = 'release.json';

/** The version of the manifest; other versions are not read. */
const manifestVersion = 6;

/** The folder of the students' copy within a release. */
export const studentPart = 'student';

/** The folder of the page that needs no install. */
export const pagePart = 'page';

/** A record of what a release was made from. */
export interface Manifest {
  readonly about: string;
  readonly version: typeof manifestVersion;
  /** When it was made, in ISO format; older releases do not say. */
  readonly made?: string;
  /** The text of `rubric.yaml`. */
  readonly rubric: string;
  /** Salts the digests of the key, so that nobody can have computed them in advance. */
  readonly salt: string;
  /** Salted SHA-256 of the expected values of each row, by its id. */
  readonly expected: Readonly<Record<string, string>>;
  /** SHA-256 of each file that was released, by its path below the output folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** @param folder contains the released files and nothing else. */
export function manifestOf(course: Course, folder: string): Manifest {
  const salt = randomBytes(16).toString('hex');
  return {
    about:
      "What the students' copy beside this file was made of. Keep it: it tells which files were changed later.",
    version: manifestVersion,
    made: new Date().toISOString(),
    rubric: readText(course.root, 'rubric.yaml'),
    salt,
    expected: rowDigests(course, salt),
    files: Object.fromEntries(listFiles(folder).map((file) => [file, fileDigest(folder, file)])),
  };
}

function rowDigests({ solution }: Course, salt: string): Manifest['expected'] {
  const digest = (value: unknown) => sha256(`${salt}${JSON.stringify(value)}`);
  return Object.fromEntries(solution.expected.map(({ id, cells }) => [id, digest(cells)]));
}

/**
 * The manifest of the release in a folder, or undefined if there is none.
 *
 * @throws {GraderError} if another version of the grader made it, or it is not a manifest.
 */
export function readManifest(out: string): Manifest | undefined {
  const file = path.join(out, manifestName);
  if (!existsSync(file)) return undefined;
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    if (manifest.version === manifestVersion) return manifest;
  } catch {
    // Treat an unreadable manifest like one of another version.
  }
  throw new GraderError(
    'folder',
    'release-manifest-foreign',
    `${file} was not made by a release of this version. Keep it, and release the course as students have it to another folder: npm run release -- --out <folder>`,
  );
}

/**
 * Compares what a release was made from with the current course.
 *
 * @returns changes that can lead to other grades, without any expected value; changes in texts that people only read;
 *   and the lines about the due date that students with this release read.
 */
export function differencesFrom(release: Manifest, course: Course) {
  const expected = rowDigests(course, release.salt);
  const otherRows = rowsOf(course.rubric).filter(
    ({ id }) => id in release.expected && release.expected[id] !== expected[id],
  );
  // No need to validate it: the release did.
  const was = rubricOf(parse(release.rubric) as RubricFile);
  const now = course.rubric;
  return {
    grades: [
      ...otherRows.map(({ id, label }) => `The expected values of ${label} (${id}).`),
      ...differences(gradedParts(was), gradedParts(now)),
    ],
    words: was.digest === now.digest ? [] : ['The text of the worksheet differs.'],
    due: was.due,
  };
}

type Parts = Readonly<Record<string, unknown>>;

/** The parts that a grade depends on besides the key, by names for people. */
function gradedParts({ selfCheck, file, reflection, tables }: Rubric): Parts {
  const ofRows = tables.flatMap(({ export: name, rows }) =>
    rows.map((row) => [
      `The row ${row.id} of ${name}`,
      row.cells.map(({ id, points, kind, settings }) => ({ id, points, kind, settings })),
    ]),
  );
  // All text of a reflection affects what counts as a response.
  return { self_check: selfCheck, file, 'The reflection': reflection, ...Object.fromEntries(ofRows) };
}

/** `The row crate of boxes differs.`, for each part that has changed, or that only one of the two has. */
function differences(was: Parts, now: Parts): string[] {
  const names = Object.keys({ ...was, ...now }).filter((name) => !isDeepStrictEqual(was[name], now[name]));
  return names.map((name) => {
    if (!(name in was)) return `${name} is not in the release.`;
    return name in now ? `${name} differs.` : `${name} is only in the release.`;
  });
}
