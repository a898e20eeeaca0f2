import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { fromCaller } from '../command';
import type { Course } from '../course';
import { GraderError } from '../error';
import { graderRoot, readText } from '../files';
import { escapeTerminal, lines, type TerminalText } from '../render/escape/terminal';
import { toIsoSeconds } from './histories/history';
import type { Download } from './members/downloads/download';
import type { People, Student } from './members/people';
import { type CanvasAssignment, rosterDigest } from './members/roster';
import { type OutputOptions, Outputs, type Summary } from './outputs';
import { canvasAssignment, type Shard } from './results/class';
import { commentsFile, readComments } from './results/comments';
import { type GradeChange, gradeChanges } from './results/grade-changes';
import { Overrides, overridesFile } from './results/overrides';
import { type ClassRun, readResults, readRun, runVersion } from './results/results-file';
import { outUnwritable, type RunStaging, startRunStaging } from './results/staging';
import type { StudentResult } from './results/student-result.schema';
import { Feedback, type FeedbackPolicy, feedbackFolder, feedbackPolicy } from './returns/feedback/feedback';
import { gradeChangeLines, maxLinesShown, summaryLines } from './terminal';

/** Where a run goes, and the data for making it. */
export interface WriteOptions extends Omit<OutputOptions, 'comments'> {
  readonly out: string;
  readonly started: Date;
  /** The digest of the class; see `Class`. */
  readonly digest: string;
  /** Everyone in the class, including those in other parts. */
  readonly people: People;
  /** The number of rows that there must be in the end. */
  readonly students: number;
  /** Whether to replace an earlier run in the folder. */
  readonly applies: boolean;
  readonly shard?: Shard;
  /** See `Class`. */
  readonly openUntil?: number;
  /** Whether each student gets a page and a text. */
  readonly givesFeedback?: boolean;
  readonly download?: Download;
}

/** The outcome of a run. */
export interface WrittenRun {
  readonly text: TerminalText;
  /** The rows as they were written: all of them in a small class, else only the first. */
  readonly rows: readonly StudentResult[];
  /** The outcome as data, for programs. */
  readonly told: {
    readonly run: ClassRun;
    readonly moves: readonly GradeChange[];
    readonly written: boolean;
    readonly kept: string | undefined;
    readonly feedback?: FeedbackPolicy;
  };
}

/**
 * Writes the rows of a class, sorted by key, beside their place, and then puts them there. Compares them with an
 * earlier run there first, and replaces that run only if asked to.
 *
 * @throws {GraderError} where the run is not complete or nothing can be written. The earlier contents then stay as
 *   they were.
 */
export async function writeResults(
  rows: AsyncIterable<StudentResult> | Iterable<StudentResult>,
  options: WriteOptions,
): Promise<WrittenRun> {
  const { out, course, applies, shard } = options;
  const staging = startRunStaging(out);
  try {
    if (shard) assertNothingByHand(out);
    // Parts hold the points as graded. Points set by hand are applied to the whole class.
    const overrides = shard
      ? undefined
      : new Overrides(path.join(out, overridesFile), course.rubric.possible, options.people);
    const comments = readComments(path.join(out, commentsFile), options.people);
    const firstRows: StudentResult[] = [];
    const notes = [...staging.notes, ...options.notes];
    const policy = options.givesFeedback
      ? feedbackPolicy(
          course,
          options.openUntil,
          Date.now(),
          staging.replaces ? readRun(out).openUntil : undefined,
        )
      : undefined;
    const feedback =
      policy &&
      new Feedback(staging.folder, {
        ...options,
        policy,
        comments,
        students: byKey(options.roster),
      });
    const summary = await write(
      noted(rows, overrides, firstRows),
      staging,
      overrides,
      { ...options, notes, comments },
      feedback,
    );
    const returned = feedback?.end(path.join(out, feedbackFolder)) ?? [];
    const moves = staging.replaces ? [...gradeChanges(earlierRows(out), readResults(staging.folder))] : [];
    const moved = lines([
      gradeChangeLines(moves) ?? escapeTerminal('No grade differs from the earlier run.'),
      ...(staging.replaces ? changedDeadline(readRun(out), summary.run) : []),
    ]);
    if (staging.replaces && !applies) {
      staging.discard();
      const text = [
        ...noteLines(options.notes, summary),
        moved,
        escapeTerminal(
          `Nothing is replaced${policy ? ', and no feedback is written' : ''}: ${out} holds the earlier run. Add --apply to put this one in its place; the earlier one is kept.`,
        ),
      ];
      return {
        text: lines(text),
        rows: firstRows,
        told: { run: summary.run, moves, written: false, kept: undefined },
      };
    }
    const kept = staging.commit();
    const text = [
      ...noteLines(options.notes, summary),
      ...(staging.replaces
        ? [moved, escapeTerminal(`The earlier run is kept in ${kept}.`), escapeTerminal('')]
        : []),
      shard ? partLines(shard, summary, out) : summaryLines(summary, out),
      ...(policy ? [feedbackLine(out, policy), ...returned.map(escapeTerminal)] : []),
    ];
    return {
      text: lines(text),
      rows: firstRows,
      told: { run: summary.run, moves, written: true, kept, ...(policy && { feedback: policy }) },
    };
  } catch (error) {
    try {
      staging.discard();
    } catch {
      // The first error is the one that counts. The next run removes the rest.
    }
    const isSystem = (error as NodeJS.ErrnoException).code !== undefined && !(error instanceof GraderError);
    const failure = isSystem ? outUnwritable(out, error) : error;
    // Recovery from an interrupted run is reported only once, so report it here too.
    if (!(failure instanceof GraderError) || staging.notes.length === 0) throw failure;
    throw new GraderError(failure.kind, failure.code, ...failure.lines, ...staging.notes);
  }
}

/** @throws {GraderError} where a part has files filled in by hand, because joining the parts would lose them. */
function assertNothingByHand(out: string): void {
  for (const file of [overridesFile, commentsFile].map((name) => path.join(out, name)))
    if (existsSync(file))
      throw new GraderError(
        'folder',
        'by-hand-in-part',
        `${file} is in the folder of a part, where it does not count. Move it to the folder of the joined results.`,
      );
}

/** Reports a deadline that differs from the earlier run's, because the grades may be equal by chance. */
function changedDeadline(before: ClassRun, now: ClassRun): TerminalText[] {
  const deadlineText = ({ deadline }: ClassRun) => (deadline ? JSON.stringify(deadline) : 'none');
  return deadlineText(before) === deadlineText(now)
    ? []
    : [
        escapeTerminal(
          `The deadline differs from the earlier run: ${deadlineText(before)} then, ${deadlineText(now)} now.`,
        ),
      ];
}

/** Reads the rows that the run replaces. */
function* earlierRows(out: string): Generator<StudentResult> {
  try {
    yield* readResults(out);
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    throw new GraderError(
      'folder',
      'earlier-run-unreadable',
      `The earlier run in ${out} was damaged, or made by another version of the grader: ${error.message}`,
      'Rename that folder, put its overrides.csv, matches.csv and comments.csv into a new one of that name, and grade again. Nothing was replaced.',
    );
  }
}

/** The notes that the command did not print before the class was graded. */
function noteLines(notes: readonly string[], { run }: Summary): TerminalText[] {
  return run.notes.filter((note) => !notes.includes(note)).map(escapeTerminal);
}

/** Applies points set by hand, and collects the first rows. A larger class is not printed student by student. */
async function* noted(
  rows: AsyncIterable<StudentResult> | Iterable<StudentResult>,
  overrides: Overrides | undefined,
  firstRows: StudentResult[],
): AsyncGenerator<StudentResult> {
  for await (const found of rows) {
    const row = overrides?.onto(found) ?? found;
    if (firstRows.length <= maxLinesShown) firstRows.push(row);
    yield row;
  }
}

function feedbackLine(out: string, { why }: FeedbackPolicy): TerminalText {
  return escapeTerminal(
    `The feedback: ${path.join(out, feedbackFolder)}, a page and a text for each student, ${why}.`,
  );
}

function partLines({ index, of }: Shard, { stats }: Summary, out: string): TerminalText {
  return escapeTerminal(
    `Part ${index} of ${of}: ${stats.totals.students} students, in ${out}. Join the parts with npm run grade:merge.`,
  );
}

async function write(
  rows: AsyncIterable<StudentResult>,
  { folder }: RunStaging,
  overrides: Overrides | undefined,
  options: WriteOptions & Pick<OutputOptions, 'comments'>,
  feedback: Feedback | undefined,
): Promise<Summary> {
  const { course, roster, started, shard, students, isNamedByDownload } = options;
  const outputs = new Outputs(folder, options, byKey(roster), overrides !== undefined);
  try {
    for await (const row of rows) {
      outputs.add(row, feedback?.add(row));
    }
    overrides?.assertApplied();
    return outputs.finish(
      students,
      {
        version: runVersion,
        grader: graderVersion,
        node: process.version,
        rubric: course.rubric.digest,
        key: course.key.digest,
        class: options.digest,
        roster: roster && !isNamedByDownload ? rosterDigest(roster) : null,
        deadline: course.file.deadline,
        ...(Number.isFinite(options.openUntil) && { openUntil: toIsoSeconds(options.openUntil ?? 0) }),
        shard,
        notes: [...options.notes, ...(overrides?.notes ?? [])],
        started: started.toISOString(),
        ended: new Date().toISOString(),
      },
      overrides?.lines,
    );
  } catch (error) {
    outputs.abandon();
    throw error;
  }
}

/** The version of this package. It is read at startup, so that no run can fail because of it. */
const graderVersion = String(
  (JSON.parse(readText(graderRoot, 'package.json')) as { version?: string }).version,
);

function byKey(students: readonly Student[] = []): Map<string, Student> {
  return new Map(students.map((student) => [student.key, student]));
}

/** The options that grading a class and joining its parts have in common. */
export interface OutputArguments {
  readonly roster?: string;
  readonly out?: string;
  readonly canvasColumn?: string;
  readonly feedback?: boolean;
  readonly apply?: boolean;
  readonly json?: boolean;
}

export function withOutputOptions(program: Command): Command {
  return program
    .option(
      '--roster <file.csv>',
      "the class: the host's own roster, Canvas's gradebook, Moodle's grading worksheet, or a table login,name,email",
    )
    .option('--out <folder>', 'where the results go (default: out/ in this repository)')
    .option(
      '--canvas-column <title>',
      "heading of Canvas's column, as Title (123) (default: the only one of the gradebook, or the rubric's title)",
    )
    .option(
      '--feedback',
      'also write feedback/: each student’s worksheet with its reasons, and the answers once rubric.yaml allows it',
    )
    .option('--apply', 'replace an earlier run, which is kept')
    .option('--json', 'print only a summary of the run, as JSON');
}

/** The folder for the results. A link there is the caller's own, and is followed. */
export function resultsFolder(courseRoot: string, { out }: OutputArguments): string {
  const folder = out === undefined ? path.join(courseRoot, 'out') : fromCaller(out);
  return existsSync(folder) ? realpathSync(folder) : folder;
}

/** The options of a run that the caller's arguments decide. */
export function writeOptions(
  course: Course,
  options: OutputArguments,
  assignments: readonly CanvasAssignment[] = [],
): Pick<WriteOptions, 'out' | 'course' | 'canvasColumn' | 'applies' | 'givesFeedback'> {
  return {
    out: resultsFolder(course.root, options),
    course,
    canvasColumn:
      options.canvasColumn ?? canvasAssignment(assignments, undefined)?.title ?? course.rubric.title,
    applies: options.apply === true,
    givesFeedback: options.feedback === true,
  };
}
