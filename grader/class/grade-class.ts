import path from 'node:path';
import { Option } from 'commander';
import { type Configure, type Context, fromCaller } from '../command';
import { askAgainOf } from '../course/ask-again';
import { type Course, loadCourse } from '../course/course';
import { differencesFrom, readManifest } from '../course/released';
import { solve } from '../key/solution';
import { GraderError } from '../message';
import { openSources, tableAt } from './disk';
import { classHosts } from './downloads/class-hosts';
import { type Roster, readRoster, withGroups } from './members/roster';
import type { ClassInput, Release } from './open-class';
import { type Before, type OutputOptions, openResults, writeResults } from './outputs';

/** The options that decide what a class is graded from. */
export interface ClassOptions
  extends Pick<ClassInput, 'roster' | 'from' | 'due' | 'feedback' | 'canvasColumn'> {
  /** A table with the groups of the roster's students. */
  readonly groups?: Roster;
  /** Grade a list that lacks more than half of the earlier run's students, on purpose. */
  readonly part?: boolean;
  /** The folder of the release that students started from. */
  readonly release?: string;
  /** Grade with a key or rubric that differs from the released one, on purpose. */
  readonly keyChanged?: boolean;
}

export interface GradeOptions extends OutputOptions, ClassOptions {}

/** `npm run grade:class` */
export const configureGradeClass: Configure = (command, context) =>
  command
    .argument(
      '<submissions...>',
      'a folder with one folder per student, as npm run fetch:class makes it; or a host’s download; or several of these',
    )
    .option(
      '--roster <file.csv>',
      "the class: the host's own roster, Canvas's gradebook, Moodle's grading worksheet, or a table login,name,email",
      (file) => readRoster(tableAt(fromCaller(file)), classHosts),
    )
    .option(
      '--groups <file.csv>',
      "Canvas's groups, which its gradebook lacks: the group set's Course Roster CSV",
      (file) => readRoster(tableAt(fromCaller(file)), classHosts),
    )
    .option('--out <folder>', 'where the results go (default: out/)', fromCaller)
    .option(
      '--canvas-column <title>',
      "Canvas's column: its heading, number or title (default: that of hand_in.upload, of the rubric's title, or of its points)",
    )
    .option(
      '--feedback',
      'also write feedback/ for each student, with the answers once rubric.yaml allows it',
    )
    .option('--apply', 'replace an earlier run, which is kept')
    .option('--part', "grade a list that lacks more than half of the earlier run's students")
    .option('--json', 'print only a summary of the run, as JSON')
    .option('--due <moment>', 'when work is due, instead of the due date in rubric.yaml')
    .option('--release <folder>', 'the release that students started from (default: dist/)', fromCaller)
    .option('--key-changed', 'grade with a key or rubric other than the released one')
    .addOption(
      new Option('--from <host>', 'the format of a download that is not recognized').choices(
        classHosts.flatMap(({ id, entriesOf }) => (entriesOf ? id : [])),
      ),
    )
    .addOption(new Option('--section <name>').argParser(refuseSection).hideHelp())
    .addHelpText(
      'after',
      '\nExit status: 0 if the class was graded, whatever the grades; 2 if it could not be.',
    )
    .action(async (sources: string[], options: GradeOptions) => {
      await gradeToFolder(context, loadCourse(context.courseRoot, false), sources, options);
    });

/** Says what to use in place of an option that is gone. */
function refuseSection(name: string): never {
  throw new GraderError(
    'usage',
    'section-gone',
    'There is no option --section: a run is the whole class.',
    `For another due date, write a line “section ${name}” in extensions.csv. To decide or show one section, choose it on the page; each has its own report-….html. To grade a list of your own, give it with --roster and a folder of its own with --out.`,
  );
}

/**
 * Grades a class into a folder.
 *
 * @throws {GraderError} if some of it cannot be used.
 */
export async function gradeToFolder(
  context: Context,
  course: Course,
  sources: readonly string[],
  options: GradeOptions,
): Promise<void> {
  const results = openResults(options.out ?? path.join(course.root, 'out'));
  try {
    const input = await classInput(course, sources, options, results);
    await writeResults(context, course, input, results, options);
  } finally {
    results.close();
  }
}

/** Reads the input of a run: sources on a disk, and the tables that an instructor filled in. */
export async function classInput(
  course: Course,
  sources: readonly string[],
  options: ClassOptions,
  { place, tables, decisions, earlier }: Before,
): Promise<ClassInput> {
  const { roster, groups, part } = options;
  return {
    ...options,
    isPart: part,
    tables,
    decisions,
    earlier,
    roster: roster && groups ? withGroups(roster, groups) : roster,
    release: compareWithRelease(course, options),
    sources: await openSources(sources, place),
    askAgain: askAgainOf(course),
    started: new Date(),
  };
}

/**
 * Compares the key and the rubric with the released ones. If no release says that the key was compared with a real run,
 * makes that comparison now.
 *
 * @throws {GraderError} if a released key or rubric would give other grades than the current one.
 */
export function compareWithRelease(
  course: Course,
  { release, keyChanged }: Pick<ClassOptions, 'release' | 'keyChanged'>,
): Release | undefined {
  const folder = release ?? path.join(course.root, 'dist');
  const manifest = readManifest(folder);
  if (!manifest && release !== undefined)
    throw new GraderError(
      'folder',
      'no-release',
      `${folder} holds no release.json. Give the folder that npm run release made.`,
    );
  const differences = manifest
    ? differencesFrom(manifest, course)
    : { grades: [], words: [], due: undefined };
  const { grades } = differences;
  if (grades.length > 0 && !keyChanged)
    throw new GraderError(
      'key',
      'other-than-released',
      `The answer key or rubric may not be the one released in ${folder}:`,
      ...grades.map((change) => `    ${change}`),
      'Put rubric.yaml and solution/ back, or name another release with --release.',
      'To grade with these on purpose, add --key-changed.',
    );
  // The measurement takes a few tenths of a second. A released key has already been measured.
  if (!manifest || grades.length > 0) solve(course.root, course.file, true);
  return manifest && { made: manifest.made, ...differences };
}
