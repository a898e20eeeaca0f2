import type { AskAgain } from '../course/ask-again';
import type { Course } from '../course/course';
import { counted, GraderError } from '../message';
import type { Deadline } from '../rubric/file.schema';
import { momentForm, momentOf } from '../rubric/moment';
import { dueLines, type Rubric } from '../rubric/rubric';
import { workFinder } from '../submission/read-files';
import { neededGit } from '../system/git-version';
import { groupBy, joinNames } from '../system/lists';
import { sha256 } from '../system/platform';
import { decidedOwners, decisionsAbout } from './decisions/decided';
import { type DecisionsFile, type Journal, journalOf, readDecisions } from './decisions/journal';
import { classHosts } from './downloads/class-hosts';
import type { TableFile } from './members/csv-table';
import type { Owner } from './members/download';
import { sectionsIn } from './members/groups';
import { matchesFile, readMatches, withOpenMatches } from './members/matches-table';
import { type Match, type Matching, matchSubmissions } from './members/matching';
import { finder, fitsByFacts } from './members/owners';
import { described, People } from './members/people';
import type { Roster } from './members/roster';
import { type CollectedSubmission, type GivenSource, readSource } from './members/source';
import { answersShut } from './results/answers-shut';
import { type EarlierRun, graderOf, type OpenClass, readingLimit } from './results/graded-class';
import { readHostDues } from './results/host-dues';
import type { RunNote } from './results/note';
import { submissionCode, wholeContent } from './results/note-code';
import { heldExtensions, readExtensions } from './results/tables-by-hand';
import { notesOnUnlisted, unlistedRows } from './results/unlisted';

/** How a course compares with the release that students started from. */
export interface Release {
  /** When it was made, in ISO format, if it says so. */
  readonly made?: string | undefined;
  /** Differences that can lead to other grades, and were allowed. */
  readonly grades: readonly string[];
  /** Differences in what only people read, apart from the due date. */
  readonly words: readonly string[];
  /** The due date as students read it. */
  readonly due: readonly string[] | undefined;
}

/** Everything that a class is graded from. */
export interface ClassInput {
  readonly sources: readonly GivenSource[];
  readonly roster?: Roster | undefined;
  /** The format of downloads that are not recognized. */
  readonly from?: string | undefined;
  /** The tables that an instructor filled in, by name. */
  readonly tables: ReadonlyMap<string, TableFile>;
  /** What people decided before: files that pages and commands have written. */
  readonly decisions: readonly DecisionsFile[];
  /** How the course compares with the release that students started from, if that was found. */
  readonly release: Release | undefined;
  /** When work is due, instead of the rubric's date. */
  readonly due?: string | undefined;
  /** The worksheet at the sizes at which the class page asks again, if rubric.yaml has any. */
  readonly askAgain: AskAgain | undefined;
  readonly earlier?: EarlierRun | undefined;
  /** Whether somebody said that the list is that of a part of the class. */
  readonly isPart?: boolean | undefined;
  readonly started: Date;
  /** Reads and grades texts. An earlier run's grader may be passed in: it remembers what it has read. */
  readonly grader?: OpenClass['grader'] | undefined;
  /** Whether feedback is made for each student. */
  readonly feedback?: boolean | undefined;
  /** Names the grade column of Canvas: by its heading, its title or its number. */
  readonly canvasColumn?: string | undefined;
}

/**
 * Reads everything that is needed to grade a class.
 *
 * @returns the class, and also which students and submissions to grade.
 * @throws {GraderError} if any of the input cannot be used.
 */
export async function openClass(given: Course, input: ClassInput) {
  const course = withDue(given, input.due);
  const { roster, tables, started } = input;
  const { deadline } = course.file;
  const submissions = await readSources(course, input);
  const journal = journalOf(readDecisions(input.decisions));
  const { byHand, others, kept } = await ownersByHand(course, input, submissions, journal);
  const matching = matchSubmissions(submissions, roster?.students, byHand);
  const { matched, unmatched } = matching;
  const count = matched.filter(({ matches }) => matches.length > 0).length;
  const isOpen = unmatched.some(({ by, candidates }) => by === 'matches.csv' || candidates.length > 0);
  if (roster && count === 0 && !isOpen) throw matchesNobody(submissions, roster);
  const people = new People(matched.map(({ student }) => student));
  const unlisted = unlistedRows(input.earlier, people);
  const decided = decisionsAbout(journal, people);
  const { written, ofLines, ...unknown } = readExtensions(tables, deadline, people, (key) =>
    decided.about(key, 'due'),
  );
  const record = readHostDues(roster, deadline);
  const hostDues = new Map([...record.dues].filter(([key]) => !written.has(key)));
  const fromHost = [...hostDues].flatMap(([key, due]) =>
    due.extends === undefined ? [] : [[key, due.extends] as const],
  );
  const extensions = new Map([...written, ...fromHost]);
  const { ofOthers } = unknown;
  const hasLine = (key: string) => extensions.has(key) || ofLines.has(key) || ofOthers.has(key);
  const heldDues = heldExtensions(input.earlier, hasLine, people);
  const known = { written: ofLines, ofOthers, ofHost: hostDues, ofMost: record.ofMost, held: heldDues };
  const run: OpenClass = {
    course,
    people,
    roster,
    ...sectionsIn(people.all),
    ...(deadline ? answersShut(deadline, known, people) : { openUntil: undefined, holds: [] }),
    extensions,
    hostDues,
    hostsGiven: new Set(submissions.map(({ source }) => source.host.id)),
    heldExtensions: new Map([...heldDues, ...ofOthers]),
    started,
    released: input.release?.made,
    unlisted,
    submissions: new Map(submissions.map((one) => [one.name, one])),
    grader: input.grader ?? graderOf(course),
    onRead: readingLimit(),
    candidates: candidatesIn(unmatched),
    journal,
    decidedAbout: decided.about,
    matches: withOpenMatches(tables.get(matchesFile), unmatched),
    notes: [
      ...notesOnUnlisted(unlisted, input.earlier, roster, input.isPart === true),
      ...notesOnMatching(matching, submissions, input, deadline),
      ...record.notes,
      ...notesOnDecisions(journal, [...decided.others, ...others]),
      ...[...kept, ...unknown.kept].map((text) => ({ text, hasNames: true })),
      ...(roster?.notes ?? []).map((text) => ({ text, hasNames: true })),
    ],
  };
  return { matching, run };
}

/** Whose submissions are, as people wrote into the table or decided. A line counts before a decision that did not see it. */
async function ownersByHand(
  { rubric }: Course,
  { tables, roster }: ClassInput,
  submissions: readonly CollectedSubmission[],
  journal: Journal,
) {
  const students = roster?.students ?? [];
  const { byHand, words, kept } = readMatches(tables.get(matchesFile), submissions, students);
  const codeOf = (submission: CollectedSubmission) => submissionCode(submission, rubric);
  const { owners, others } = await decidedOwners(journal, submissions, students, codeOf);
  for (const [name, { students: meant, seen }] of owners)
    if (!words.has(name) || seen.includes(JSON.stringify(words.get(name)))) byHand.set(name, [...meant]);
  return { byHand, others, kept };
}

/** Says what a journal has about people and submissions that are not in this run, and that a file is missing if it names its lines. */
function notesOnDecisions({ missing }: Journal, others: readonly string[]): RunNote[] {
  const names = [...new Set(others)];
  const kept = `Decided, but not in this run, where it changes nothing: ${joinNames(names)}. It is kept.`;
  const lacking = `Another file of decisions is missing: those here name ${counted(missing.length, 'line')} that none of them has.`;
  const advice = {
    command: 'Put every file that somebody has saved into the folder of the results.',
    page: 'Give every file that somebody has saved.',
  };
  return [
    ...(names.length > 0 ? [{ text: kept, hasNames: true }] : []),
    ...(missing.length > 0 ? [{ text: lacking, advice }] : []),
  ];
}

function candidatesIn(unmatched: readonly Match[]) {
  const open = unmatched.filter(({ by }) => by !== 'matches.csv');
  const lists = new Set(open.map(({ candidates }) => candidates));
  return new Set([...lists].flatMap((candidates) => candidates.map(({ key }) => key)));
}

function notesOnMatching(
  { matched, unmatched }: Matching,
  submissions: readonly CollectedSubmission[],
  { roster, release }: ClassInput,
  deadline: Deadline | undefined,
): RunNote[] {
  const count = matched.filter(({ matches }) => matches.length > 0).length;
  const notes: RunNote[] = [];
  if (2 * count < matched.length)
    notes.push({
      text: `Only ${count} of the ${matched.length} students on the roster have a submission. Is this the right roster?`,
    });
  notes.push(...releaseNotes(release, deadline));
  if (lacksGit(submissions, deadline !== undefined))
    notes.push({ text: `${neededGit} is not installed: files are graded as they are.` });
  return [...notes, ...openNotes(unmatched), ...sourceNotes(submissions, deadline, roster)];
}

function releaseNotes(release: Release | undefined, deadline: Deadline | undefined): RunNote[] {
  if (!release)
    return [
      {
        text: 'The release was not found, so it is not known whether students have this key and rubric.',
        advice: { command: 'Name it with --release.', page: 'Make this page again where the release is.' },
      },
    ];
  const notes: RunNote[] = [];
  const { grades, words, due } = release;
  if (grades.length > 0)
    notes.push({
      text: `Graded with an answer key or rubric other than the released one (--key-changed): ${grades.join(' ')}`,
    });
  const isOtherDue = String(due) !== String(deadline && dueLines(deadline));
  const others = isOtherDue ? ['The due date differs.', ...words] : words;
  if (others.length > 0) notes.push({ text: `Students’ copies show something else: ${others.join(' ')}` });
  return notes;
}

/** @throws {GraderError} if the moment cannot be used. */
function withDue(course: Course, due: string | undefined): Course {
  if (due === undefined) return course;
  const deadline = { timezone: 'UTC', ...course.file.deadline, due };
  const { timezone, late } = deadline;
  const dueAt = momentOf(due, timezone);
  const closesAt = momentOf(late?.until ?? '', timezone) ?? Number.POSITIVE_INFINITY;
  if (dueAt !== undefined && dueAt <= closesAt) return { ...course, file: { ...course.file, deadline } };
  const fault = dueAt === undefined ? `not ${momentForm}` : 'after late.until of rubric.yaml';
  throw new GraderError('usage', 'due-unusable', `The due date ${due} is ${fault}.`);
}

/**
 * Lists the submissions of all sources. Submissions with equal names are told apart by their content, since the tables
 * that people fill in name them: neither the order of sources nor their names make a difference.
 */
async function readSources(
  { rubric, file }: Course,
  { sources, roster, from }: ClassInput,
): Promise<CollectedSubmission[]> {
  const find = roster && finder(roster.students);
  const isSomebody = (owner: Owner) => !find || fitsByFacts(owner, find).some(({ agrees }) => agrees);
  const options = { hosts: classHosts, from, timezone: file.deadline?.timezone ?? 'UTC', isSomebody };
  const listed = await Promise.all(sources.map((source) => readSource(source, rubric, options)));
  const submissions = listed.flat();
  const byName = groupBy(submissions, ({ name }) => name);
  return Promise.all(
    submissions.map(async (one) => {
      const isAlone = byName.get(one.name)?.length === 1;
      return isAlone ? one : { ...one, name: `${one.name}#${await digitsOf(one, rubric)}` };
    }),
  );
}

/** The first digits of a hash of what was handed in, and by whom. */
async function digitsOf({ owners, files }: CollectedSubmission, rubric: Rubric): Promise<string> {
  const foundFiles = await workFinder(rubric).find(files());
  return sha256(JSON.stringify([owners, wholeContent({ rubric, foundFiles })])).slice(0, 6);
}

function matchesNobody(submissions: readonly CollectedSubmission[], { students }: Roster) {
  const submissionNames = submissions.map(({ name }) => name);
  const expected = students.map(described);
  const hostNote = submissions[0]?.source.host.noteOn?.(submissions.flatMap(({ owners }) => owners));
  if (hostNote !== undefined)
    return new GraderError('folder', 'anonymous', hostNote, 'Grade it without a roster. Nothing was graded.');
  return new GraderError(
    'folder',
    'roster-matches-nobody',
    `None of the ${submissionNames.length} submissions belongs to a student on the roster. Found ${joinNames(submissionNames, 5)}; the roster has ${joinNames(expected, 5)}.`,
    {
      command: `Give the roster of this course, or write a table submission,login into ${matchesFile} in the folder of the results.`,
      page: 'Give the roster of this course.',
    },
  );
}

/**
 * Whether clones are graded without their times because there is no git.
 *
 * @throws {GraderError} if lateness counts.
 */
function lacksGit(submissions: readonly CollectedSubmission[], hasDeadline: boolean) {
  if (submissions.every(({ clone }) => !clone || clone.read)) return false;
  if (!hasDeadline) return true;
  throw new GraderError(
    'folder',
    'git-needed',
    `Without ${neededGit}, nobody can tell which clones are late. Install it from https://git-scm.com. Nothing was graded.`,
  );
}

function openNotes(unmatched: readonly Match[]): RunNote[] {
  const others = unmatched.filter(({ by }) => by !== 'matches.csv').map(({ submission }) => submission);
  const tests = others.filter(({ isTest }) => isTest).map(({ name }) => name);
  const open = others.filter(({ isTest }) => !isTest).map(({ name }) => name);
  const ofTests = `Left out, since this is the host’s own test student: ${joinNames(tests)}.`;
  const notes = tests.length === 0 ? [] : [{ text: ofTests, hasNames: true }];
  if (open.length === 0) return notes;
  const text = `Not matched to a student: ${joinNames(open)}.`;
  const advice = {
    command: 'In matches.csv, write the login, ID, e-mail address or group of each, and grade again.',
    page: 'Under Decide, say whose each is.',
  };
  return [...notes, { text, advice, hasNames: true }];
}

function sourceNotes(
  submissions: readonly CollectedSubmission[],
  deadline: Deadline | undefined,
  roster: Roster | undefined,
) {
  const { timezone = 'UTC' } = deadline ?? {};
  const kinds: string[] = [];
  const texts: string[] = [];
  for (const [{ name, host, hasTimes, strays }, ofSource] of groupBy(submissions, ({ source }) => source)) {
    const isDated = roster?.students.some((student) => host.handedInOf?.(student, timezone)?.at);
    if (!host.isOfFolders) kinds.push(`${name} is a ${host.title} download.`);
    const hostNote = host.noteOn?.(ofSource.flatMap(({ owners }) => owners));
    if (hostNote !== undefined) texts.push(hostNote);
    if (deadline && !hasTimes && !isDated)
      texts.push(`${name} does not say when work was handed in, so nobody in it counts as late.`);
    if (deadline && ofSource.some(({ lacksZone }) => lacksZone))
      texts.push(`Times in ${name} have no time zone: they are read as times in the course’s, ${timezone}.`);
    if (strays.length > 0)
      texts.push(`Files in ${name} that belong to nobody and were not read: ${joinNames(strays, 5)}.`);
  }
  return [
    ...kinds.map((text): RunNote => ({ text, hasNames: true, isKind: true })),
    ...texts.map((text): RunNote => ({ text, hasNames: true })),
  ];
}
