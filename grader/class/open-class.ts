import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fromCaller } from '../command';
import { type Course, compareKeyWithMeasurement } from '../course/course';
import { type QuizQuestion, quizParts } from '../course/quiz';
import { differencesFrom, readManifest } from '../course/released';
import { GraderError } from '../message';
import type { Deadline } from '../rubric/file.schema';
import type { Rubric } from '../rubric/rubric';
import { hasGit } from '../system/github';
import { groupBy, joinNames } from '../system/lists';
import { dueOf } from './histories/deadline';
import type { Owner } from './members/formats';
import {
  type Matching,
  matchesFile,
  matchSubmissions,
  readMatches,
  type Unmatched,
  withOpenMatches,
} from './members/matching';
import { handedInOf } from './members/moodle-worksheet';
import { finder, fitsByFacts } from './members/owners';
import { described, People, type Student } from './members/people';
import { isInSection, type Roster } from './members/roster';
import { type Collected, readSource } from './members/source';
import { readExtensions } from './results/by-hand';
import { graderOf, type Note, type OpenClass } from './results/run';

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

/**
 * Reads everything that is needed to grade a class.
 *
 * @param out where the results will go.
 * @returns also whom and what to grade.
 * @throws {GraderError} if some of it cannot be used.
 */
export async function openClass(
  course: Course,
  sources: readonly string[],
  out: string,
  options: ClassOptions,
) {
  const { roster, section } = options;
  const { deadline } = course.file;
  const release = compareWithRelease(course, options);
  const submissions = await readSources(course.rubric, sources, out, options, release.quiz);
  const matches = path.join(out, matchesFile);
  const byHand = readMatches(matches, submissions, roster?.students ?? []);
  const everybody = matchSubmissions(submissions, roster?.students, byHand, section);
  const { members, unmatched } = everybody;
  const count = members.filter(({ work }) => work.length > 0).length;
  const isOpen = unmatched.some(({ isNobodys, candidates }) => isNobodys || candidates.length > 0);
  if (roster && count === 0 && !isOpen) throw matchesNobody(submissions, roster, matches);
  const matching = section === undefined ? everybody : inSection(everybody, section);
  const people = new People(members.map(({ student }) => student));
  const extensions = readExtensions(out, deadline, people);
  const notes: Note[] = [];
  if (2 * count < members.length)
    notes.push({
      text: `Only ${count} of the ${members.length} students on the roster have a submission. Is this the right one?`,
    });
  notes.push(...release.notes);
  if (section !== undefined)
    notes.push({
      text: `Only section ${section}: ${matching.members.length} of ${members.length} students.`,
    });
  if (isBlind(submissions, deadline !== undefined))
    notes.push({ text: 'git is not installed: files are graded as they are.' });
  notes.push(...openNotes(matching.unmatched), ...sourceNotes(submissions, deadline, roster));
  const rosterNotes = (roster?.notes ?? []).map((text) => ({ text, hasNames: true }));
  const run: OpenClass = {
    course,
    people,
    roster,
    openUntil: deadline && dueOf(deadline, Math.max(0, ...extensions.values())).closesAt,
    extensions,
    started: new Date(),
    grader: graderOf(course),
    matches: withOpenMatches(matches, unmatched),
    notes: [...notes, ...rosterNotes],
  };
  return { matching, run };
}

/** Lists the submissions of all sources. Of several, each submission is named with its source. */
async function readSources(
  rubric: Rubric,
  sources: readonly string[],
  out: string,
  { roster, from }: ClassOptions,
  quiz: QuizQuestion[][],
): Promise<Collected[]> {
  const places = sources.map(fromCaller);
  for (const place of places) assertOutside(place, out);
  const find = roster && finder(roster.students);
  const isSomebody = (owner: Owner) => !find || fitsByFacts(owner, find).some(({ isWhole }) => isWhole);
  const listed = await Promise.all(
    namedSources(places).map(({ place, name }) =>
      readSource(place, name, rubric, { from, quiz, isSomebody }),
    ),
  );
  const submissions = listed.flat();
  if (places.length === 1) return submissions;
  return submissions.map((one) => ({ ...one, name: `${one.source.name}/${one.name}` }));
}

/**
 * Names sources. Those that are called alike are told apart by the folders that they are in, and not by their order,
 * for tables that people fill in use these names.
 *
 * @throws {GraderError} if two are alike even so.
 */
function namedSources(places: readonly string[]) {
  const shortName = (place: string) => path.basename(place).replace(/\.(?:zip|csv)$/i, '');
  const alike = groupBy(places, shortName);
  const named = places.map((place) => {
    const name = shortName(place);
    const isAlone = alike.get(name)?.length === 1;
    return { place, name: isAlone ? name : `${path.basename(path.dirname(place))}/${name}` };
  });
  for (const [name, same] of groupBy(named, (source) => source.name))
    if (same.length > 1)
      throw new GraderError(
        'folder',
        'sources-alike',
        `${same.map(({ place }) => place).join(' and ')} are both called ${name}, so tables could not tell them apart.`,
        'Give each once, and rename one of them. Nothing was graded.',
      );
  return named;
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

function matchesNobody(submissions: readonly Collected[], { students }: Roster, matches: string) {
  const submissionNames = submissions.map(({ name }) => name);
  const expected = students.map(described);
  return new GraderError(
    'folder',
    'roster-matches-nobody',
    `None of the ${submissionNames.length} submissions belongs to a student on the roster. Found ${joinNames(submissionNames, 5)}; the roster has ${joinNames(expected, 5)}.`,
    `Give the roster of this course, or write a table submission,login into ${matches}.`,
  );
}

/**
 * Whether clones are graded without their times, for lack of git.
 *
 * @throws {GraderError} if lateness counts.
 */
function isBlind(submissions: readonly Collected[], hasDeadline: boolean) {
  if (hasGit() || submissions.every(({ repository }) => repository === undefined)) return false;
  if (!hasDeadline) return true;
  throw new GraderError(
    'folder',
    'git-needed',
    'Without git, nobody can tell which clones are late. Install git from https://git-scm.com. Nothing was graded.',
  );
}

function openNotes(unmatched: readonly Unmatched[]): Note[] {
  const open = unmatched.flatMap(({ isNobodys, submission }) => (isNobodys ? [] : submission.name));
  if (open.length === 0) return [];
  const text = `Not matched to a student: ${joinNames(open)}. In matches.csv, write the login, ID, e-mail address or group of each, and grade again.`;
  return [{ text, hasNames: true }];
}

function sourceNotes(
  submissions: readonly Collected[],
  deadline: Deadline | undefined,
  roster: Roster | undefined,
) {
  // Moodle's times are in its worksheet.
  const hasRosterTimes = (roster?.students ?? []).some(
    (student) => handedInOf(student, deadline?.timezone ?? 'UTC')?.at,
  );
  const texts: string[] = [];
  for (const { name, format, hasTimes, strays } of new Set(submissions.map(({ source }) => source))) {
    if (format.id !== 'folders') texts.push(`${name} is a ${format.title} download.`);
    if (deadline && !hasTimes && !(format.id === 'moodle' && hasRosterTimes))
      texts.push(`${name} does not say when work was handed in: nobody in it counts as late.`);
    if (strays.length > 0) texts.push(`Nobody’s in ${name}, and not read: ${joinNames(strays, 5)}.`);
  }
  return texts.map((text): Note => ({ text, hasNames: true }));
}

/**
 * The members of a section, and what belongs to nobody but may be theirs.
 *
 * @throws {GraderError} if nobody is in the section.
 */
function inSection({ members, unmatched }: Matching, section: string): Matching {
  const isIn = (student: Student) => isInSection(student, section);
  const inIt = members.filter(({ student }) => isIn(student));
  if (inIt.length > 0)
    return {
      members: inIt,
      unmatched: unmatched.filter(({ candidates }) => candidates.length === 0 || candidates.some(isIn)),
    };
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
 * @returns what differs, and the questions of the quiz as it was released.
 * @throws {GraderError} if a released key or rubric would give other grades than the present one.
 */
function compareWithRelease(course: Course, { release, keyChanged }: ClassOptions) {
  const folder = release ?? path.join(course.root, 'dist');
  const manifest = readManifest(folder);
  if (!manifest && release !== undefined)
    throw new GraderError(
      'folder',
      'no-release',
      `${folder} holds no release.json. Give the folder that npm run release made.`,
    );
  const { grades, words } = manifest ? differencesFrom(manifest, course) : { grades: [], words: [] };
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
  const notes: Note[] = [];
  if (!manifest)
    notes.push({
      text: 'It is not known whether students have this key and rubric, for their release was not found. Name it with --release.',
    });
  if (grades.length > 0)
    notes.push({
      text: `Graded with another answer key or rubric than the released one (--key-changed): ${grades.join(' ')}`,
    });
  if (words.length > 0) notes.push({ text: `Students’ copies show something else: ${words.join(' ')}` });
  // In the order of the release, or that of the present rubric where none is known.
  const parts = quizParts(course.rubric);
  const questions = new Map(parts.flat().map((question) => [question.id, question]));
  const quiz = manifest?.quiz?.map((part) => part.flatMap((id) => questions.get(id) ?? [])) ?? parts;
  return { notes, quiz };
}
