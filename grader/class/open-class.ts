import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { changesSince, type Manifest, manifestName, readManifest } from '../authoring/release/manifest';
import { fromCaller } from '../command';
import { type Course, compareKeyWithMeasurement } from '../course';
import { GraderError } from '../error';
import { joinNames } from '../files';
import { groupBy } from '../key/group-by';
import type { Rubric } from '../rubric/rubric';
import { openUntil } from './histories/deadline';
import { hasGit } from './histories/git';
import {
  type Member,
  matchesFile,
  matchSubmissions,
  openOf,
  readMatches,
  withOpenMatches,
} from './members/matching';
import type { MoodleWorksheet } from './members/moodle-worksheet';
import { described, People } from './members/people';
import { type CanvasAssignment, type Roster, readRoster } from './members/roster';
import { readSource, type Submission } from './members/source';
import { withTeams } from './members/teams';
import { readExtensions } from './results/by-hand';
import { protectedFiles } from './results/integrity';
import { Grader, type Run } from './results/run';

/** The options that decide from what a class is graded. */
export interface ClassOptions {
  readonly roster?: string;
  /** The release that students started from, or its `release.json`. */
  readonly release?: string;
  /** Grade with a key or rubric that differs from the released one, on purpose. */
  readonly keyChanged?: boolean;
  /** Grade only the students in this section of the roster. */
  readonly section?: string;
  /** The format of downloads that are not recognized. */
  readonly from?: string;
  /** Heading of the grade column for Canvas, if one was given. */
  readonly canvasColumn?: string;
}

/** A class that is ready to be graded. */
export interface OpenedClass {
  /** Those who are graded, sorted by key. */
  readonly members: readonly Member[];
  readonly people: People;
  readonly roster: Roster | undefined;
  readonly run: Run;
  /** SHA-256 of the members of the class and of everything that grades depend on, except the submissions. */
  readonly digest: string;
  /** The last moment at which anybody's work may still count, if there is a deadline. */
  readonly openUntil?: number;
  /** Notes on the run as a whole, the most important first. */
  readonly notes: readonly string[];
  /** The content of `matches.csv`. */
  readonly matches: string;
}

/**
 * Reads everything that is needed to grade a class.
 *
 * @param out where the results will go.
 * @throws {GraderError} if some of it cannot be used.
 */
export async function openClass(
  course: Course,
  sources: readonly string[],
  out: string,
  options: ClassOptions,
): Promise<OpenedClass> {
  const { section } = options;
  const places = sources.map(fromCaller);
  for (const place of places) assertOutside(place, out);
  const listed = await Promise.all(places.map((place) => readSource(place, course.rubric, options.from)));
  const submissions = listed.length === 1 ? listed.flat() : namedApart(listed);
  const plain = options.roster === undefined ? undefined : readRoster(fromCaller(options.roster));
  const roster = plain && withTeams(plain, submissions);
  const matchesPlace = path.join(out, matchesFile);
  const byHand = readMatches(matchesPlace, submissions, roster?.students ?? []);
  const everybody = matchSubmissions(submissions, roster?.students, byHand);
  if (roster) assertMatches(everybody, submissions, roster, out);
  const people = new People(everybody);
  const members = inSection(everybody, section);
  const { deadline, no_submission: withoutSubmission } = course.file;
  const extensions = readExtensions(out, deadline, people);
  const release = releaseOf(course, options);
  const isGitThere = await hasGit();
  const hasClones = submissions.some(({ repository }) => repository !== undefined);
  if (hasClones && !isGitThere && deadline)
    throw new GraderError(
      'folder',
      'git-needed',
      'The submissions are clones and there is a deadline, but git is not installed: nobody could tell who is late. Install git from https://git-scm.com and run this again. Nothing was graded.',
    );
  return {
    members,
    people,
    roster,
    ...(deadline && { openUntil: openUntil(deadline, extensions) }),
    digest: digestOf([
      everybody.map(({ key, work }) => [key, ...work.map(({ submission }) => submission.name)]),
      roster?.students.map(({ columns }) => columns) ?? null,
      [...extensions],
      [...(release.files ?? [])],
      section ?? null,
      deadline ?? null,
      withoutSubmission ?? null,
    ]),
    run: {
      course,
      hasRoster: roster !== undefined,
      extensions,
      released: release.files,
      hasGit: isGitThere,
      now: Date.now(),
      grader: new Grader(course),
    },
    matches: withOpenMatches(existsSync(matchesPlace) ? readFileSync(matchesPlace, 'utf8') : '', everybody),
    notes: [
      ...(roster ? few(everybody) : []),
      ...sectionNotes(members, everybody, section),
      ...release.notes,
      ...(hasClones && !isGitThere
        ? [
            'git is not installed: files are graded as they are in the folders, and it is unknown who is late.',
          ]
        : []),
      ...sourceNotes(submissions, everybody, deadline !== undefined),
      ...nobodys(everybody),
      ...canvasNotes(roster?.assignments ?? [], options.canvasColumn, course.rubric),
      ...(roster?.worksheet ? moodleNotes(roster.worksheet, course.rubric) : []),
      ...(roster?.notes ?? []),
      ...new Set(submissions.flatMap(({ source }) => source.notes)),
    ],
  };
}

/** Puts the name of its source before that of each submission; of two sources of one name the second gets a number. */
function namedApart(listed: readonly (readonly Submission[])[]): Submission[] {
  const known = new Map<string, number>();
  return listed.flatMap((all) => {
    const [first] = all;
    if (!first) return [];
    const count = (known.get(first.source.name) ?? 0) + 1;
    known.set(first.source.name, count);
    const source = { ...first.source, name: `${first.source.name}${count > 1 ? `-${count}` : ''}` };
    return all.map((one) => ({ ...one, source, name: `${source.name}/${one.name}` }));
  });
}

/** Rejects an output folder inside the folder of submissions, where it would be taken for one. */
function assertOutside(source: string, out: string): void {
  if (!existsSync(source)) return;
  const [first = ''] = path.relative(realpathSync(source), out).split(path.sep);
  if (first === '..' || path.isAbsolute(first)) return;
  throw new GraderError(
    'folder',
    'out-in-submissions',
    `${out} is inside the folder of submissions. Choose another folder with --out.`,
  );
}

/** @throws {GraderError} if no submission belongs to anybody on the roster. */
function assertMatches(
  members: readonly Member[],
  submissions: readonly Submission[],
  { students }: Roster,
  out: string,
): void {
  if (students.length === 0 || members.some(({ student, work }) => student && work.length > 0)) return;
  const found = joinNames(
    submissions.map(({ name }) => name),
    5,
  );
  const expected = joinNames(
    students.map((student) => described({ key: student.key, student })),
    5,
  );
  const isNamed = submissions.every(({ owners }) => owners.every(({ label }) => label !== undefined));
  throw new GraderError(
    'folder',
    'roster-matches-nobody',
    `None of the ${submissions.length} submissions belongs to a student on the roster. Found ${found}; the roster has ${expected}.`,
    ...nobodys(members),
    `${isNamed ? 'Folders are named by a login, an ID or an e-mail address of the roster, or with the same prefix for all. ' : ''}Give the roster of the same course, or write a table submission,login into ${path.join(out, matchesFile)}. Nothing was graded.`,
  );
}

function few(members: readonly Member[]): string[] {
  const all = members.filter(({ student, hasNoLogin }) => student && !hasNoLogin);
  const count = all.filter(({ work }) => work.length > 0).length;
  return count * 2 < all.length
    ? [`Only ${count} of the ${all.length} students on the roster have a submission. Is this the right one?`]
    : [];
}

/** `A Moodle download: 214 submissions. Matched by participant (210), name (4).` And who cannot be late. */
function sourceNotes(
  submissions: readonly Submission[],
  members: readonly Member[],
  hasDeadline: boolean,
): string[] {
  const works = members.flatMap(({ work }) => work);
  return [...groupBy(submissions, ({ source }) => source)].flatMap(([source, all]) => {
    const own = works.filter(({ submission }) => submission.source === source);
    const matched = new Map(own.map(({ submission, matchedBy }) => [submission, matchedBy]));
    const counts = [...groupBy([...matched.values()], (by) => by)].flatMap(([by, { length }]) =>
      by === undefined ? [] : `${by} (${length})`,
    );
    const said = `A ${source.format.title} download: ${all.length} submission${all.length === 1 ? '' : 's'}.${counts.length > 0 ? ` Matched by ${counts.join(', ')}.` : ''}`;
    const noTimes = `${source.name} does not say when work was handed in: nobody in it counts as late.`;
    return [
      ...(source.format.id === 'folders' ? [] : [said]),
      ...(hasDeadline && !source.hasTimes ? [noTimes] : []),
    ];
  });
}

function nobodys(members: readonly Member[]): string[] {
  const texts = openOf(members).map(({ name, candidates }) =>
    candidates.length > 0 ? `${name} (${candidates.join(' or ')}?)` : name,
  );
  if (texts.length === 0) return [];
  return [
    `Not matched to a student: ${joinNames(texts)}. In matches.csv, write the login, ID or e-mail address of each, and grade again.`,
  ];
}

/** Finds the assignment of Canvas's gradebook that the grades are for. */
export function canvasAssignment(
  assignments: readonly CanvasAssignment[],
  wanted: string | undefined,
): CanvasAssignment | undefined {
  if (wanted !== undefined) return assignments.find(({ title }) => title === wanted);
  return assignments.length === 1 ? assignments[0] : undefined;
}

function canvasNotes(
  assignments: readonly CanvasAssignment[],
  wanted: string | undefined,
  { possible, title }: Rubric,
): string[] {
  if (assignments.length === 0) return [];
  const found = canvasAssignment(assignments, wanted);
  const all = joinNames(
    assignments.map((one) => one.title),
    5,
  );
  if (!found)
    return [
      `canvas.csv has a new column, ${wanted ?? title}: the gradebook has ${all}. Name the assignment with --canvas-column.`,
    ];
  if (found.possible === undefined || found.possible === possible) return [];
  return [
    `${found.title} is worth ${found.possible} points in Canvas, and there are ${possible} here: make it ${possible} there before you upload canvas.csv.`,
  ];
}

/** Says which columns were recognized in a table whose headings are in any language, and whether the points match. */
function moodleNotes(
  { headings, grade, comments, possible: most }: MoodleWorksheet,
  { possible }: Rubric,
): string[] {
  const taken = comments === undefined ? '' : ` and comments under “${headings[comments]}”`;
  return [
    ...(most === possible
      ? []
      : [
          `Moodle’s maximum grade is ${most}, and there are ${possible} points here: make it ${possible} in Moodle before you upload moodle-worksheet.csv.`,
        ]),
    `Moodle’s grading worksheet: grades go under “${headings[grade]}”${taken}.`,
  ];
}

/** @throws {GraderError} if nobody is in the section. */
function inSection(all: readonly Member[], section: string | undefined): readonly Member[] {
  if (section === undefined) return all;
  const found = all.filter(({ student }) => sectionsIn(student?.section).includes(sectionsIn(section)));
  if (found.length > 0) return found;
  const sections = sectionsOf(all);
  const there =
    sections.length > 0
      ? `. The sections of the roster are ${joinNames(sections)}.`
      : ': name a roster that has a column section.';
  throw new GraderError('usage', 'unknown-section', `Nobody is in section ${section}${there}`);
}

function sectionNotes(
  wanted: readonly Member[],
  all: readonly Member[],
  section: string | undefined,
): string[] {
  if (section === undefined) return [];
  // It is unclear whether these are several sections or one with such a name.
  const lists = sectionsOf(wanted).filter((name) => name.toLowerCase() !== section.toLowerCase());
  const also = lists.length > 0 ? ` In it is also who is in ${joinNames(lists)}.` : '';
  return [`Only section ${section}: ${wanted.length} of ${all.length} students.${also}`];
}

/** The sections of some students, each once, sorted. */
function sectionsOf(members: readonly Member[]): string[] {
  return [...new Set(members.map(({ student }) => student?.section ?? ''))]
    .filter((section) => section !== '')
    .sort();
}

/** Splits Canvas's list of the sections of one student, `A, B, and C`, into a line for each. */
function sectionsIn(list = ''): string {
  return `\n${list
    .toLowerCase()
    .split(/, *(?:and )?| and /)
    .join('\n')}\n`;
}

/**
 * Returns the released files, and notes on the release. Where no release says that the key was compared with a real
 * run, compares them.
 *
 * @throws {GraderError} if a released key or rubric would give other grades than the present one.
 */
function releaseOf(
  course: Course,
  { release, keyChanged }: ClassOptions,
): { files?: Run['released']; notes: string[] } {
  const usual = path.join(course.root, 'dist');
  const named = release === undefined ? undefined : fromCaller(release).replace(/[\\/]release\.json$/, '');
  const folder = named ?? (existsSync(path.join(usual, manifestName)) ? usual : undefined);
  const manifest: Manifest | undefined = folder === undefined ? undefined : readManifest(folder);
  if (!manifest) {
    if (release !== undefined)
      throw new GraderError(
        'folder',
        'no-release',
        `${release} holds no release.json. Give the folder that npm run release made.`,
      );
    compareKeyWithMeasurement(course);
    return {
      notes: [
        'It is unknown whether students have this answer key and rubric, because there is no release.json. Give the folder of the release with --release.',
      ],
    };
  }
  const { grades, words } = changesSince(manifest, course);
  if (grades.length > 0 && !keyChanged)
    throw new GraderError(
      'key',
      'other-than-released',
      `The answer key or the rubric may not be the one that was released (${path.join(folder ?? '', manifestName)}):`,
      ...grades.map((change) => `    ${change}`),
      'If something was changed, put rubric.yaml and solution/ back as they were released, or name another release with --release.',
      'To grade with what is here now on purpose, add --key-changed; the results will say so.',
    );
  if (grades.length > 0) compareKeyWithMeasurement(course);
  return {
    files: protectedFiles(manifest),
    notes: [
      ...(grades.length > 0
        ? [
            `Graded with another answer key or rubric than the released one (--key-changed): ${grades.join(' ')}`,
          ]
        : []),
      ...(words.length > 0
        ? [`Changed since the release, without an effect on grades: ${words.join(' ')}`]
        : []),
    ],
  };
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
