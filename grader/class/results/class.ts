import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { changesSince, readManifest } from '../../authoring/release/manifest';
import type { Course } from '../../course';
import { GraderError } from '../../error';
import { joinNames } from '../../files';
import { groupBy } from '../../key/group-by';
import type { Rubric } from '../../rubric/rubric';
import { archiveEnd } from '../../submission/container';
import { exists } from '../../submission/sandboxed-fs';
import { openUntil, readExtensions } from '../histories/deadline';
import { assertSubmissions, findRepository, listClass } from '../members/class-folder';
import { type Download, readDownload } from '../members/downloads/download';
import { emptyMatches, matchesFile, readMatches } from '../members/matches';
import { describeStudent, type Member, matchSubmissions, type Submissions } from '../members/matching';
import type { MoodleWorksheet } from '../members/moodle-worksheet';
import { People, type Student } from '../members/people';
import { type CanvasAssignment, type Roster, readRoster } from '../members/roster';
import { withTeams } from '../members/teams';
import type { ClassContext } from './grade';
import { protectedFiles } from './integrity';

/** The options for grading a class; paths are absolute. */
export interface ClassRequest {
  readonly root: string;
  /** Where results will go. */
  readonly out: string;
  readonly roster?: string;
  readonly extensions?: string;
  /** The folder of the release that students started from. */
  readonly release?: string;
  /** Grade with a key or rubric that differs from the released one, on purpose. */
  readonly keyChanged?: boolean;
  readonly shard?: Shard;
  /** Grade only the students in this section of the roster. */
  readonly section?: string;
  /** The format of the download, if it should not be detected from its content. */
  readonly from?: string;
  /** Heading of the grade column for Canvas, if one was given. */
  readonly canvasColumn?: string;
}

/** A part of a class: every `of`th student, from the `index`th on, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** A class that is ready to be graded. */
export interface Class {
  readonly students: readonly Member[];
  /** Everybody, including those in other parts. */
  readonly people: People;
  readonly roster: Roster | undefined;
  /** Everybody about whom the roster, or else a download, says more than a folder's name. */
  readonly known: readonly Student[] | undefined;
  readonly context: ClassContext;
  /** SHA-256 of the members of the class and of everything that grades depend on, except the submissions. */
  readonly digest: string;
  /** The last moment at which anybody's work may still count, if there is a deadline. */
  readonly openUntil?: number;
  /** Notes on the run as a whole, the most important first. */
  readonly notes: readonly string[];
  /** The initial content of `matches.csv`. */
  readonly emptyMatches: string;
  /** The download, if there is one. Feedback is returned under the names in it. */
  readonly download?: Download;
}

/**
 * Reads everything that is needed to grade a class.
 *
 * @throws {GraderError} if some of it cannot be used.
 */
export async function openClass(course: Course, request: ClassRequest): Promise<Class> {
  const { root, from } = request;
  const listed = request.roster === undefined ? undefined : readRoster(request.roster);
  const download = await readDownload(root, course.rubric, from);
  const roster = listed && withTeams(listed, root, download);
  const found = download ? fromDownload(download, roster, request) : fromFolder(course, roster, request);
  const { members: all } = found;
  const people = new People(all);
  const { shard } = request;
  const wanted = inSection(all, request.section);
  const students = shard ? wanted.filter((_, index) => index % shard.of === shard.index - 1) : wanted;
  const { deadline, no_submission: withoutSubmission = 'blank' } = course.file;
  const extensions =
    request.extensions === undefined
      ? new Map<string, number>()
      : readExtensions(request.extensions, deadline, people);
  const release = releaseOf(course, request);
  const hasTimes = download
    ? download.submissions.some(({ content }) => content.submitted !== undefined)
    : all.some(({ work }) => work.some(({ folder }) => mayHaveHistory(path.join(root, folder))));
  return {
    students,
    people,
    roster,
    known: roster?.students ?? (download && all.flatMap(({ student }) => student ?? [])),
    emptyMatches: emptyMatches(openOf(all)),
    download,
    ...(deadline && { openUntil: openUntil(deadline, extensions) }),
    digest: classDigestOf([
      all.map(({ key, work }) => [key, ...work.map(({ folder }) => folder)]),
      roster?.students.map(({ columns }) => columns) ?? null,
      [...extensions],
      [...(release.files ?? [])],
      request.section ?? null,
      deadline ?? null,
      withoutSubmission,
    ]),
    context: {
      rubric: course.rubric,
      solution: course.solution,
      deadline,
      withoutSubmission,
      root,
      hasRoster: roster !== undefined,
      extensions,
      released: release.files,
      hasTimes,
    },
    notes: [
      ...found.notes,
      ...sectionNotes(wanted, all, request.section),
      ...release.notes,
      ...(deadline && !hasTimes ? [noTimes(download)] : []),
      ...canvasNotes(roster?.assignments ?? [], request.canvasColumn, course.rubric),
      ...(roster?.worksheet ? moodleNotes(roster.worksheet, course.rubric) : []),
      ...(roster?.notes ?? []),
      ...sharedIdentifiers(roster?.students ?? []),
      ...found.lastNotes,
    ],
  };
}

/** Explains why nobody is late. */
function noTimes(download: Download | undefined): string {
  return download
    ? 'This download does not say when work was handed in: nobody counts as late.'
    : 'No folder has a history, so it is unknown when work was handed in: nobody counts as late.';
}

function mayHaveHistory(folder: string): boolean {
  try {
    return findRepository(folder) !== undefined || exists(folder, '.git');
  } catch {
    return false; // a folder that cannot be looked into becomes a row that says so
  }
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
  if (!found)
    return [
      `canvas.csv has a new column, ${wanted ?? title}: the gradebook has ${joinNames(
        assignments.map((one) => one.title),
        5,
      )}. Name the assignment with --canvas-column.`,
    ];
  return found.possible === undefined || found.possible === possible
    ? []
    : [
        `${found.title} is worth ${found.possible} points in Canvas, and there are ${possible} here: make it ${possible} there before you upload canvas.csv.`,
      ];
}

/** Says which columns were recognized in a table whose headings are in any language, and whether the points match. */
function moodleNotes(
  { headings, grade, comments, possible: most }: MoodleWorksheet,
  { possible }: Rubric,
): string[] {
  const heading = (index: number) => `“${headings[index]}”`;
  const taken = comments === undefined ? '' : ` and comments under ${heading(comments)}`;
  return [
    ...(most === possible
      ? []
      : [
          `Moodle’s maximum grade is ${most}, and there are ${possible} points here: make it ${possible} in Moodle before you upload moodle-worksheet.csv.`,
        ]),
    `Moodle’s grading worksheet: grades go under ${heading(grade)}${taken}.`,
  ];
}

/** Returns warnings about identifiers that several students on a roster share. */
function sharedIdentifiers(students: readonly Student[]): string[] {
  const all = students.flatMap(({ key, login, name, ...student }) => {
    const known = [student.email, student.userId, student.studentId, student.identifier];
    return [...new Set(known.map((identifier) => identifier.toLowerCase()))]
      .filter((identifier) => identifier !== '')
      .map((identifier) => ({ identifier, who: login || name || key }));
  });
  return [...groupBy(all, ({ identifier }) => identifier)]
    .filter(([, { length }]) => length > 1)
    .map(
      ([identifier, found]) =>
        `In the roster, ${identifier} stands for ${joinNames(
          found.map(({ who }) => who),
        )}. Give each their own; a gradebook that uses it leaves them out.`,
    );
}

/** The members of a class, and what they handed in. */
interface FoundClass {
  readonly members: readonly Member[];
  readonly notes: readonly string[];
  /** Notes that hardly ever matter. */
  readonly lastNotes: readonly string[];
}

/** Finds the owner of each submission, using the lines that a person wrote into `matches.csv`. */
function match(submissions: Submissions, roster: Roster | undefined, { out }: ClassRequest): Member[] {
  const names = new Set(submissions.submissions.map(({ name }) => name));
  const byHand = readMatches(path.join(out, matchesFile), names, roster?.students ?? []);
  return matchSubmissions(submissions, roster, byHand);
}

/** @throws {GraderError} if no submission belongs to anybody on the roster. */
function fromDownload(download: Download, roster: Roster | undefined, request: ClassRequest): FoundClass {
  const { name: root, submissions } = download;
  const members = match({ root, kind: 'submission', submissions }, roster, request);
  const all = roster?.students ?? [];
  const count = members.filter(({ student, work }) => student && work.length > 0).length;
  const isDoubted = openOf(members).some(({ candidates }) => candidates.length > 0);
  if (roster && count === 0)
    throw new GraderError(
      'folder',
      'roster-matches-nobody',
      `None of the ${submissions.length} submissions belongs to a student on the roster. Found ${joinNames(
        submissions.map(({ name }) => name),
        5,
      )}; the roster has ${joinNames(all.map(describeStudent), 5)}.`,
      ...(isDoubted ? nobodys(members) : []),
      `Give the roster that was exported from the same course${isDoubted ? `, or write a table submission,login into ${path.join(request.out, matchesFile)}` : ''}. Nothing was graded.`,
    );
  const few = `Only ${count} of the ${all.length} students on the roster handed something in. Is this the right download?`;
  const notes = [summary(download, members), ...(count * 2 < all.length ? [few] : []), ...nobodys(members)];
  return { members, notes: [...notes, ...download.notes], lastNotes: [] };
}

function fromFolder(course: Course, roster: Roster | undefined, request: ClassRequest): FoundClass {
  const folder = listClass(request.root);
  assertOutside(request.root, request.out);
  const name = path.basename(request.roster ?? '');
  const root = path.basename(path.resolve(request.root));
  const names = [...folder.folders, ...folder.links].sort();
  const submissions = names.map((label) => ({
    name: label,
    owners: [{ label: label.replace(archiveEnd, '') }],
  }));
  const members = match({ root, kind: 'folder', submissions }, roster, request);
  const isEmptyHanded = !members.some(({ student, work }) => student && work.length > 0);
  if (roster?.students.length && isEmptyHanded && roster.students.every(({ login }) => login === ''))
    throw new GraderError(
      'folder',
      'roster-without-logins',
      `${name} has no logins, and no folder is named after an e-mail address or ID in it. Add a login column.`,
    );
  const { otherFiles: others } = folder;
  const left = `Not graded: ${others} file${others === 1 ? '' : 's'} beside the folders in ${root}.`;
  return {
    members,
    notes: assertSubmissions(folder, members, course.rubric, roster && name),
    lastNotes: [...nobodys(members), ...(others > 0 ? [left] : [])],
  };
}

/** Returns the submissions that are nobody's until a person decides. */
function openOf(members: readonly Member[]): { name: string; candidates: readonly string[] }[] {
  return members.flatMap(({ candidates, work: [first] }) =>
    candidates && first ? { name: first.folder, candidates } : [],
  );
}

function nobodys(members: readonly Member[]): string[] {
  const submissionTexts = openOf(members).map(({ name, candidates }) =>
    candidates.length > 0 ? `${name} (${candidates.join(' or ')}?)` : name,
  );
  if (submissionTexts.length === 0) return [];
  return [
    `Not matched to a student: ${joinNames(submissionTexts)}. In matches.csv, write the login, ID or e-mail address of each, and grade again.`,
  ];
}

/** `A Moodle download: 214 submissions, 3 of teams. Matched by participant (210), name (4).` */
function summary({ format, submissions: { length: all } }: Download, members: readonly Member[]): string {
  const works = members.flatMap(({ work }) => work);
  const matched = new Map(works.map(({ folder, matchedBy }) => [folder, matchedBy]));
  const teams = new Set(works.flatMap(({ team }) => team ?? [])).size;
  const counts = [...groupBy([...matched.values()], (by) => by)].flatMap(([by, { length }]) =>
    by === undefined ? [] : `${by} (${length})`,
  );
  return `A ${format.title} download: ${all} submission${all === 1 ? '' : 's'}${teams > 0 ? `, ${teams} of teams` : ''}.${counts.length > 0 ? ` Matched by ${counts.join(', ')}.` : ''}`;
}

/** @throws {GraderError} if nobody is in the section. */
function inSection(all: readonly Member[], section: string | undefined): readonly Member[] {
  if (section === undefined) return all;
  const found = all.filter(({ student }) => sectionsIn(student?.section).includes(sectionsIn(section)));
  if (found.length > 0) return found;
  const sections = sectionsOf(all);
  throw new GraderError(
    'usage',
    'unknown-section',
    sections.length > 0
      ? `Nobody is in section ${section}. The sections of the roster are ${joinNames(sections)}.`
      : `Nobody is in section ${section}: name a roster that has a column section.`,
  );
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

/** Returns the sections of some students, each once, sorted. */
function sectionsOf(members: readonly Member[]): string[] {
  const sections = members.map(({ student }) => student?.section ?? '');
  return [...new Set(sections)].filter((section) => section !== '').sort();
}

/**
 * Splits Canvas's list of the sections of one student, `A, B, and C`, into a line for each. A section called
 * `Reading and Writing` always becomes two lines, so it is still found.
 */
function sectionsIn(list = ''): string {
  return `\n${list
    .toLowerCase()
    .split(/, *(?:and )?| and /)
    .join('\n')}\n`;
}

/** Rejects an output folder inside the folder of submissions, where it would be taken for one. */
function assertOutside(root: string, out: string): void {
  const [first = ''] = path.relative(realpathSync(root), out).split(path.sep);
  if (first === '..' || path.isAbsolute(first)) return;
  throw new GraderError(
    'folder',
    'out-in-submissions',
    `${out} is inside the folder of submissions. Choose another folder with --out.`,
  );
}

/**
 * Returns the released files, and notes on the release.
 *
 * @throws {GraderError} if a released key or rubric would give other grades than the present one.
 */
function releaseOf(
  course: Course,
  { release, keyChanged }: ClassRequest,
): { files?: ClassContext['released']; notes: string[] } {
  if (release === undefined)
    return {
      notes: [
        'It is unknown whether students have this answer key and rubric, because there is no release.json. Give the folder of the release with --release.',
      ],
    };
  const manifest = readManifest(release);
  if (!manifest)
    throw new GraderError(
      'folder',
      'no-release',
      `${release} holds no release.json. Give the folder that npm run release made.`,
    );
  const { grades, words } = changesSince(manifest, course);
  if (grades.length > 0 && !keyChanged)
    throw new GraderError(
      'key',
      'other-than-released',
      `The answer key or the rubric may not be the one that was released (${path.join(release, 'release.json')}):`,
      ...grades.map((change) => `    ${change}`),
      'If something was changed, put rubric.yaml and solution/ back as they were released, or name another release with --release.',
      'To grade with what is here now on purpose, add --key-changed; the results will say so.',
    );
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

function classDigestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
