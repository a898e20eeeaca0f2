import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { changesSince, readManifest } from '../authoring/release/release-json';
import { type Configure, type Context, fromCaller } from '../command';
import { type Course, compareKeyWithMeasurement, loadCourse, withDeadline } from '../course';
import { GraderError } from '../message';
import { momentForm, momentOf } from '../rubric/moment';
import { hasGit } from '../system/github';
import { joinNames, thoseSo } from '../system/lists';
import { sha256 } from '../system/platform';
import { dueOf } from './histories/deadline';
import { formats } from './members/formats';
import {
  type Member,
  matchesFile,
  matchSubmissions,
  openOf,
  readMatches,
  withOpenMatches,
} from './members/matching';
import { described, People } from './members/people';
import type { Roster } from './members/roster';
import { readSource, type Submission } from './members/source';
import { type OutputOptions, withOutputOptions, writeResults } from './outputs';
import { gradeMember } from './results/best-version';
import { assertNothingByHand, readExtensions, withTables } from './results/by-hand';
import { graderOf, type Run, type Shard } from './results/run';
import type { StudentResult } from './results/student-result.schema';

interface Options extends OutputOptions, ClassOptions {
  readonly due?: string;
  readonly shard?: Shard;
}

/** `npm run grade:class` */
export const configureGradeClass: Configure = (command, context) =>
  withOutputOptions(
    command.argument(
      '<submissions...>',
      'a folder of one per student, as npm run fetch:class makes it, or a host’s download; or several',
    ),
  )
    .option('--due <moment>', 'when work is due, instead of the rubric’s due')
    .option('--release <folder>', 'the release that students started from (default: dist/)', fromCaller)
    .option('--key-changed', 'grade with a key or rubric other than the released')
    .option(
      '--shard <i/n>',
      'grade only every nth student, from the ith on; npm run grade:merge joins the parts',
      shardOption,
    )
    .addOption(
      new Option('--from <host>', 'the format of a download that is not recognized').choices(
        formats.map(({ id }) => id),
      ),
    )
    .option('--section <name>', 'grade only this section of the roster')
    .addHelpText(
      'after',
      '\nExit status: 0 if the class was graded, whatever the grades; 2 if it could not be.',
    )
    .action((sources: string[], options: Options) => gradeClass(context, sources, options));

async function gradeClass(context: Context, sources: string[], options: Options) {
  const { shard } = options;
  const course = withDue(loadCourse(context.courseRoot, false), options.due);
  await writeResults(context, course, options, async (out) => {
    if (shard) assertNothingByHand(out);
    const { members, run } = await openClass(course, sources, out, options);
    const wanted = shard ? members.filter((_, index) => index % shard.of === shard.index - 1) : members;
    const rows = await gradeAll(wanted, run);
    assertClock(rows);
    return { ...withTables(run, rows, out), shard };
  });
}

/** How often a long run says how far it is, in milliseconds. */
const pause = 10_000;

/** Grades as many students at once as there are cores: git reads histories in processes of its own. */
export async function gradeAll(members: readonly Member[], run: Run) {
  const rows = new Map<Member, StudentResult>();
  const waiting = members.values();
  let told = Date.now();
  const work = async () => {
    for (const member of waiting) {
      rows.set(member, await gradeMember(member, run));
      if (Date.now() - told < pause) continue;
      told = Date.now();
      process.stderr.write(`${rows.size} of ${members.length} graded\n`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return members.flatMap((member) => rows.get(member) ?? []);
}

/** @throws {GraderError} if so much work is from the future that the clock of this machine has to be wrong. */
function assertClock(rows: readonly StudentResult[]) {
  const future = rows.filter(({ warnings }) => warnings.some(({ topic }) => topic === 'clock'));
  const all = rows.filter(({ folder }) => folder !== undefined);
  if (2 * future.length <= all.length) return;
  throw new GraderError(
    'folder',
    'clock-behind',
    `The work of ${future.length} of ${all.length} students is from the future: the clock of this machine says ${new Date().toISOString()}. Set it, and grade again.`,
  );
}

function withDue(course: Course, due: string | undefined): Course {
  if (due === undefined) return course;
  const deadline = { timezone: 'UTC', ...course.file.deadline, due };
  const { timezone, late } = deadline;
  const dueAt = momentOf(due, timezone);
  const closesAt = momentOf(late?.until ?? '', timezone) ?? Number.POSITIVE_INFINITY;
  if (dueAt !== undefined && dueAt <= closesAt) return withDeadline(course, deadline);
  const fault = dueAt === undefined ? `not ${momentForm}` : 'after late.until of rubric.yaml';
  throw new GraderError('usage', 'due-unusable', `--due ${due} is ${fault}.`);
}

function shardOption(text: string): Shard {
  const [, index = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new InvalidArgumentError('Write which part of how many, such as 2/8.');
}

/** The options that decide from what a class is graded. */
export interface ClassOptions {
  readonly roster?: Roster;
  /** The folder of the release that students started from. */
  readonly release?: string;
  /** Grade with a key or rubric that differs from the released one, on purpose. */
  readonly keyChanged?: boolean;
  /** Grade only the students in this section of the roster. */
  readonly section?: string;
  /** The format of downloads that are not recognized. */
  readonly from?: string;
}

/** A note, if its condition holds. */
type Note = readonly [isSo: boolean, note: string];

/**
 * Reads everything that is needed to grade a class.
 *
 * @param out where the results will go.
 * @returns also those who are graded, sorted by key.
 * @throws {GraderError} if some of it cannot be used.
 */
export async function openClass(
  course: Course,
  sources: readonly string[],
  out: string,
  options: ClassOptions,
) {
  const released = compareWithRelease(course, options);
  const { roster, section, from } = options;
  const { deadline, no_submission: withoutSubmission } = course.file;
  const places = sources.map(fromCaller);
  for (const place of places) assertOutside(place, out);
  const submissions = namedApart(
    await Promise.all(places.map((place) => readSource(place, course.rubric, from))),
  );
  const matchesPlace = path.join(out, matchesFile);
  const byHand = readMatches(matchesPlace, submissions, roster?.students ?? []);
  const everybody = matchSubmissions(submissions, roster?.students, byHand);
  const open = openOf(everybody).map(({ name }) => name);
  const enrolled = everybody.filter(({ student, hasNoLogin }) => roster && student && !hasNoLogin);
  const count = enrolled.filter(({ work }) => work.length > 0).length;
  if (roster && count === 0) throw matchesNobody(submissions, roster, matchesPlace);
  const members = section === undefined ? everybody : inSection(everybody, section);
  const people = new People(everybody);
  const extensions = readExtensions(out, deadline, people);
  const isGitThere = hasGit();
  const isBlind = !isGitThere && submissions.some(({ repository }) => repository !== undefined);
  if (isBlind && deadline)
    throw new GraderError(
      'folder',
      'git-needed',
      'Without git, nobody can tell which clones are late. Install git from https://git-scm.com. Nothing was graded.',
    );
  const notes = thoseSo([
    [
      2 * count < enrolled.length,
      `Only ${count} of the ${enrolled.length} students on the roster have a submission. Is this the right one?`,
    ],
    ...released,
    [section !== undefined, `Only section ${section}: ${members.length} of ${everybody.length} students.`],
    [isBlind, 'git is not installed: files are graded as they are.'],
    [
      open.length > 0,
      `Not matched to a student: ${joinNames(open)}. In matches.csv, write the login, ID or e-mail address of each, and grade again.`,
    ],
    ...sourceNotes(submissions, deadline !== undefined),
  ]);
  const run: Run = {
    course,
    people,
    roster,
    openUntil: deadline && dueOf(deadline, Math.max(0, ...extensions.values())).closesAt,
    digest: sha256(
      JSON.stringify([
        everybody.map(({ key, work }) => [key, ...work.map(({ submission }) => submission.name)]),
        [...extensions],
        [deadline, withoutSubmission, notes],
      ]),
    ),
    extensions,
    hasGit: isGitThere,
    started: new Date(),
    grader: graderOf(course),
    matches: withOpenMatches(matchesPlace, everybody),
    notes: [...notes, ...(roster?.notes ?? [])],
  };
  return { members, run };
}

/** Puts the name of its source before that of each submission; of two sources of one name the later gets a number. */
function namedApart(listed: readonly (readonly Submission[])[]) {
  if (listed.length === 1) return listed.flat();
  const names = listed.map(([first]) => first?.source.name);
  return listed.flatMap((all, index) => {
    const number = names.indexOf(names[index]) === index ? '' : `-${index + 1}`;
    // One object stands for the source of all.
    const [source] = all.map((one) => ({ ...one.source, name: `${names[index]}${number}` }));
    return source ? all.map((one) => ({ ...one, source, name: `${source.name}/${one.name}` })) : [];
  });
}

/** Rejects an output folder inside the folder of submissions, where it would be taken for one. */
function assertOutside(source: string, out: string) {
  if (!existsSync(source) || !`${out}${path.sep}`.startsWith(`${realpathSync(source)}${path.sep}`)) return;
  throw new GraderError(
    'folder',
    'out-in-submissions',
    `${out} is inside the folder of submissions. Choose another folder with --out.`,
  );
}

function matchesNobody(submissions: readonly Submission[], { students }: Roster, matches: string) {
  const found = submissions.map(({ name }) => name);
  const expected = students.map((student) => described({ key: student.key, student }));
  return new GraderError(
    'folder',
    'roster-matches-nobody',
    `None of the ${found.length} submissions belongs to a student on the roster. Found ${joinNames(found, 5)}; the roster has ${joinNames(expected, 5)}.`,
    `Give the roster of this course, or write a table submission,login into ${matches}.`,
  );
}

function sourceNotes(submissions: readonly Submission[], hasDeadline: boolean) {
  return [...new Set(submissions.map(({ source }) => source))].flatMap(
    ({ name, format, hasTimes, strays }): Note[] => [
      [format.id !== 'folders', `${name} is a ${format.title} download.`],
      [
        hasDeadline && !hasTimes,
        `${name} does not say when work was handed in: nobody in it counts as late.`,
      ],
      [strays.length > 0, `Nobody’s in ${name}, and not read: ${joinNames(strays, 5)}.`],
    ],
  );
}

/** @throws {GraderError} if nobody is in the section. */
function inSection(all: readonly Member[], section: string) {
  // Canvas lists the sections of a student: `A, B, and C`.
  const linesOf = (list: string) => `\n${list.toLowerCase().replace(/, *(?:and )?| and /g, '\n')}\n`;
  const found = all.filter(({ student }) => linesOf(student?.section ?? '').includes(linesOf(section)));
  if (found.length > 0) return found;
  throw new GraderError(
    'usage',
    'unknown-section',
    `Nobody is in section ${section}. Look into the column section of the roster.`,
  );
}

/**
 * Compares the key and the rubric with the released ones. Where no release says that the key was compared with a real
 * run, compares them.
 *
 * @throws {GraderError} if a released key or rubric would give other grades than the present one.
 */
function compareWithRelease(course: Course, { release, keyChanged }: ClassOptions): Note[] {
  const folder = release ?? path.join(course.root, 'dist');
  const manifest = readManifest(folder);
  if (!manifest && release !== undefined)
    throw new GraderError(
      'folder',
      'no-release',
      `${folder} holds no release.json. Give the folder that npm run release made.`,
    );
  const { grades, words } = manifest ? changesSince(manifest, course) : { grades: [], words: [] };
  if (grades.length > 0 && !keyChanged)
    throw new GraderError(
      'key',
      'other-than-released',
      `The answer key or rubric may not be the one released in ${folder}:`,
      ...grades.map((change) => `    ${change}`),
      'Put rubric.yaml and solution/ back, or name another release with --release.',
      'To grade with these on purpose, add --key-changed.',
    );
  if (!manifest || grades.length > 0) compareKeyWithMeasurement(course);
  return [
    [
      !manifest,
      'It is not known whether students have this key and rubric, for there is no dist/release.json. Name their release with --release.',
    ],
    [
      grades.length > 0,
      `Graded with another answer key or rubric than the released one (--key-changed): ${grades.join(' ')}`,
    ],
    [words.length > 0, `Students’ copies show something else: ${words.join(' ')}`],
  ];
}
