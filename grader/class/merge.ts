import { type Configure, type Context, fromCaller } from '../command';
import { loadCourse, withDeadline } from '../course';
import { GraderError } from '../error';
import { joinNames } from '../files';
import { indentedJson } from '../render/escape/json';
import { escapeTerminal } from '../render/escape/terminal';
import type { Deadline } from '../rubric/file.schema';
import { People, type Student } from './members/people';
import { readRoster, rosterDigest } from './members/roster';
import { type ClassRun, mergeResults, readResults, readRun } from './results/results-file';
import type { StudentResult } from './results/student-result.schema';
import { type OutputArguments, withOutputOptions, writeOptions, writeResults } from './write-results';
/** `npm run grade:merge` */
export const configureMerge: Configure = (command, context) =>
  withOutputOptions(command.argument('<parts...>', 'the output folders of all parts'))
    .addHelpText('after', '\nExit status: 0 when they were joined; 2 when they could not be.')
    .action((parts: string[], options: OutputArguments) => joinParts(context, parts, options));

async function joinParts(
  { courseRoot, print }: Context,
  folders: string[],
  options: OutputArguments,
): Promise<void> {
  const course = loadCourse(courseRoot);
  const parts = folders.map((folder) => ({ folder: fromCaller(folder), run: readRun(fromCaller(folder)) }));
  assertAlike(parts, course.rubric.digest, course.key.digest);
  const started = new Date(Math.min(...parts.map((part) => Date.parse(part.run.started))));
  const deadline = parts[0]?.run.deadline as Deadline | undefined;
  const roster = options.roster === undefined ? undefined : readRoster(fromCaller(options.roster));
  const members = membersOf(parts);
  const changed = assertSameRoster(parts, roster?.students, options.roster ?? '', members);
  // Notes on the whole class are in every part, so each is printed once.
  const notes = [
    ...new Set([...parts.flatMap(({ run }) => run.notes), ...(roster?.notes ?? []), ...changed]),
  ];
  if (!options.json) for (const note of notes) print(escapeTerminal(note));
  const finished = await writeResults(mergeResults(parts.map(wholePart)), {
    ...writeOptions(withDeadline(course, deadline), options, roster?.assignments),
    started,
    digest: parts[0]?.run.class ?? '',
    roster: roster?.students,
    worksheet: roster?.worksheet,
    people: peopleOf(members, roster?.students ?? []),
    students: members.size,
    notes,
    ...latestClosing(parts),
  });
  print(options.json ? indentedJson(finished.told) : finished.text);
}

/** Each part knows all extensions. If they differ, the latest time is the safe choice. */
function latestClosing(parts: readonly ClassPart[]): { openUntil?: number } {
  const moments = parts.map(({ run }) =>
    run.openUntil === undefined ? Number.POSITIVE_INFINITY : Date.parse(run.openUntil),
  );
  return parts[0]?.run.deadline ? { openUntil: Math.max(...moments) } : {};
}

/** Returns everybody in the parts, with their data from the roster. */
function peopleOf(members: ReadonlyMap<string, StudentResult>, roster: readonly Student[]): People {
  const students = new Map(roster.map((student) => [student.key, student] as const));
  return new People([...members.keys()].map((key) => ({ key, student: students.get(key) })));
}

/** Returns the student results of all parts, by key. */
function membersOf(parts: readonly ClassPart[]): Map<string, StudentResult> {
  const members = new Map<string, StudentResult>();
  for (const part of parts) for (const row of wholePart(part)) members.set(row.key, row);
  return members;
}

/**
 * Checks that the roster is the one that the parts were graded with, because gradebooks are made from it.
 *
 * @returns a note if it has other data about the same students.
 * @throws {GraderError} that lists by name who is only on the roster and who is only in the parts.
 */
function assertSameRoster(
  parts: readonly ClassPart[],
  roster: readonly Student[] | undefined,
  file: string,
  members: ReadonlyMap<string, StudentResult>,
): string[] {
  const known = parts[0]?.run.roster ?? null;
  if (known === null && !roster) return [];
  if (!roster)
    throw unlike(
      'parts-with-roster',
      'The parts were graded with a roster. Name it here too, with --roster: gradebooks need it.',
    );
  if (known === null)
    throw unlike(
      'parts-without-roster',
      `The parts were graded without a roster. Leave out --roster, or grade them again with ${file}.`,
    );
  if (known === rosterDigest(roster)) return [];
  const added = roster.filter(({ key }) => !members.get(key)?.enrolled);
  const keys = new Set(roster.map(({ key }) => key));
  const removed = [...members.values()].filter(({ key, enrolled }) => enrolled && !keys.has(key));
  if (added.length + removed.length === 0)
    return [`${file} has other details for the same students than when the parts were graded.`];
  throw unlike(
    'parts-of-other-roster',
    `${file} is not the roster that the parts were graded with.`,
    ...(added.length > 0
      ? [
          `    Only on the roster now: ${joinNames(added.map(({ key, login, name }) => login || name || key))}.`,
        ]
      : []),
    ...(removed.length > 0
      ? [`    Only in the parts: ${joinNames(removed.map(({ key, login }) => login || key))}.`]
      : []),
    'Grade all parts again with one roster, or name the one that they were graded with.',
  );
}

/** @throws {GraderError} if a part does not have as many rows as it says. */
function* wholePart({ folder, run: { students } }: ClassPart): Generator<StudentResult> {
  let count = 0;
  for (const row of readResults(folder)) {
    count++;
    yield row;
  }
  if (count !== students)
    throw unlike(
      'part-lacks-rows',
      `${folder} holds ${count} of its ${students} students. Grade that part again.`,
    );
}

interface ClassPart {
  readonly folder: string;
  readonly run: ClassRun;
}

/** @throws {GraderError} if parts are missing, present twice, or not of one class. */
function assertAlike(parts: readonly ClassPart[], rubric: string, key: string): void {
  const of = parts[0]?.run.shard?.of ?? 0;
  const found = new Map<number, string>();
  for (const { folder, run: part } of parts) {
    const { shard } = part;
    if (!shard) throw unlike('not-a-part', `${folder} is a complete run, not a part of one.`);
    if (shard.of !== of)
      throw unlike(
        'parts-of-different-number',
        `${folder} is one of ${shard.of} parts, and ${parts[0]?.folder} one of ${of}.`,
      );
    const twin = found.get(shard.index);
    if (twin !== undefined)
      throw unlike('part-twice', `${folder} and ${twin} are both part ${shard.index} of ${of}.`);
    if (part.rubric !== rubric || part.key !== key)
      throw unlike(
        'part-of-other-rubric',
        `${folder} was graded with another rubric or key than this repository’s. Grade that part again.`,
      );
    if (part.class !== parts[0]?.run.class) {
      const first = parts[0]?.folder;
      throw unlike(
        'part-of-other-class',
        `${folder} is of a different class from ${first}, or was graded with a different roster, deadline, release or extensions.`,
      );
    }
    found.set(shard.index, folder);
  }
  const lost = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !found.has(index));
  if (lost.length > 0)
    throw unlike(
      'part-missing',
      `Part ${lost.join(', ')} of ${of} is missing. Grade it alone: npm run grade:class -- <folder> --shard ${lost[0]}/${of}`,
    );
}

function unlike(code: string, ...lines: readonly string[]): GraderError {
  return new GraderError('folder', code, ...lines);
}
