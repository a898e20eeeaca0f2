import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { Course } from '../../course';
import { GraderError } from '../../error';
import { fileDigest, listFiles, readText } from '../../files';
import { expectedRows } from '../../key/plain';
import { sha256 } from '../../platform';
import { dueLines } from '../../rubric/due';
import type { RubricFile } from '../../rubric/file.schema';
import { allRowsOf, type Rubric, rubricOf } from '../../rubric/rubric';

/** The file beside a release that says what it was made of. It stays with the instructor, and holds no expected value. */
export const manifestName = 'release.json';

/** The version of the manifest; no other is read. */
const manifestVersion = 5;

/** The folder of the students' copy within a release. */
export const studentPart = 'student';

/** The folder of the page that needs no install. */
export const pagePart = 'page';

/** What a release was made of. */
export interface Manifest {
  readonly about: string;
  readonly version: typeof manifestVersion;
  /** The text of `rubric.yaml`. */
  readonly rubric: string;
  /** Salts the digests of the key, so that nobody can have computed them before. */
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
    rubric: readText(course.root, 'rubric.yaml'),
    salt,
    expected: rowDigests(course, salt),
    files: Object.fromEntries(listFiles(folder).map((file) => [file, fileDigest(folder, file)])),
  };
}

function rowDigests({ solution }: Course, salt: string): Manifest['expected'] {
  const digest = (value: unknown) => sha256(`${salt}${JSON.stringify(value)}`);
  return Object.fromEntries(expectedRows(solution).map(({ id, cells }) => [id, digest(cells)]));
}

/**
 * The manifest of the release in a folder, or undefined if there is none.
 *
 * @throws {GraderError} if another version of the grader made it, or no release.
 */
export function readManifest(out: string): Manifest | undefined {
  const file = path.join(out, manifestName);
  if (!existsSync(file)) return undefined;
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    if (manifest.version === manifestVersion) return manifest;
  } catch {
    // It is refused, as that of another version is.
  }
  throw new GraderError(
    'folder',
    'release-manifest-foreign',
    `${file} was not made by a release of this version. Keep it, and release the course as students have it to another folder: npm run release -- --out <folder>`,
  );
}

/** The rubric that students have. The release checked it. */
function releasedRubric({ rubric }: Manifest): Rubric {
  return rubricOf(parse(rubric) as RubricFile);
}

/**
 * Compares what a release was made of with the current course.
 *
 * @returns changes that can lead to other grades, without any expected value, and those of what only people read.
 */
export function changesSince(release: Manifest, course: Course): { grades: string[]; words: string[] } {
  const expected = rowDigests(course, release.salt);
  const otherRows = allRowsOf(course.rubric).filter(
    ({ id }) => id in release.expected && release.expected[id] !== expected[id],
  );
  const released = releasedRubric(release);
  const found = differences(gradedBy(released), gradedBy(course.rubric));
  // The command line can give another deadline than rubric.yaml.
  const { deadline } = course.file;
  const [was, now] = [released.due, deadline && dueLines(deadline)].map(
    (due) => due?.join(' ') ?? 'No due date.',
  );
  return {
    grades: [
      ...otherRows.map(({ id, label }) => `The expected values of ${label} (${id}).`),
      ...found.filter((change) => !isOfWords.test(change)),
    ],
    words: [
      ...found.filter((change) => isOfWords.test(change)),
      ...(was === now ? [] : [`The due date: “${was}” in the release, “${now}” now.`]),
    ],
  };
}

/** A difference in what only people read. All text of a reflection decides what counts as a response. */
const isOfWords = /^tables\.[^:]*\.(?:label|name|heading|guidingQuestion): /;

/** All that a grade depends on besides the key, and the labels. */
function gradedBy({ selfCheck, file, tables, reflection }: Rubric): object {
  return { selfCheck, file, tables, reflection };
}

/** `tables.boxes.rows.crate.cells.down.points: 1 in the release, 2 now.` */
function differences(was: object, now: object, above = ''): string[] {
  const [before, after] = [byName(was), byName(now)];
  return Object.keys({ ...before, ...after }).flatMap((name) => {
    // These are made of other labels, and of the handout.
    if ((name === 'label' && 'kind' in now) || name === 'stated') return [];
    const [old, current] = [before[name], after[name]];
    if (old === current) return [];
    if (typeof old === 'object' && typeof current === 'object')
      return differences(old, current, `${above}${name}.`);
    const [then, today] = [old, current].map((one) => (typeof one === 'object' ? 'there' : (one ?? 'none')));
    return [`${above}${name}: ${then} in the release, ${today} now.`];
  });
}

type Value = object | string | number | undefined;

/** A part of a rubric, in which an entry of a list is called by its id. */
function byName(part: object): Readonly<Record<string, Value>> {
  if (!Array.isArray(part)) return { ...part };
  return Object.fromEntries(part.map((entry) => [entry.id ?? entry.export ?? entry, entry]));
}
