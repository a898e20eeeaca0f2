import { existsSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { lines, plain, type TerminalText } from '../../report/escape/terminal';
import { readFile } from '../files';
import type { Shard } from './class';
import type { Graded } from './graded.schema';
import { type Move, movesBetween } from './moves';
import { type OutputOptions, Outputs, type Summary } from './outputs';
import { Overrides, overridesFile } from './overrides';
import { rosterDigest, type Student } from './roster';
import { readRows } from './rows';
import { type Run, readRun } from './run';
import { mostShown, moveLines, summaryLines } from './show';
import { type Staging, startStaging, unwritable } from './staging';

/** Where a run goes, and what it is made with. */
export interface FinishOptions extends OutputOptions {
  readonly out: string;
  readonly started: Date;
  /** Of the class; see `Class`. */
  readonly digest: string;
  /** The keys of everybody in the class, also of other parts; see `Enrolled`. */
  readonly keys: ReadonlySet<string>;
  /** How many rows there have to be in the end. */
  readonly students: number;
  /** Whether an earlier run in the place is replaced. */
  readonly applies: boolean;
  readonly shard?: Shard;
}

/** What became of a run. */
export interface Finished {
  readonly text: TerminalText;
  /** Every row as it was written, where they are few. */
  readonly rows: readonly Graded[];
  /** The same for programs. */
  readonly told: {
    readonly run: Run;
    readonly moves: readonly Move[];
    readonly written: boolean;
    readonly kept: string | undefined;
  };
}

/**
 * Writes the rows of a class, sorted by key, beside their place, and puts them there. An earlier run
 * there is first compared with it, and replaced only if that was asked for.
 *
 * @throws {GraderError} where the run is not complete or nothing can be written; what was there before
 *   is as it was.
 */
export async function finish(
  rows: AsyncIterable<Graded> | Iterable<Graded>,
  options: FinishOptions,
): Promise<Finished> {
  const { out, course, applies, shard } = options;
  const staging = await startStaging(out);
  try {
    if (shard) assertNoOverrides(out);
    // Parts hold what was found; points set by hand go onto the whole.
    const overrides = shard
      ? undefined
      : new Overrides(path.join(out, overridesFile), course.rubric.possible, options.keys);
    const shown: Graded[] = [];
    const notes = [...staging.notes, ...options.notes];
    const summary = await write(noted(rows, overrides, shown), staging, overrides, { ...options, notes });
    const moves = staging.replaces ? [...movesBetween(earlierRows(out), readRows(staging.folder))] : [];
    const moved = lines([
      moveLines(moves) ?? plain('No grade differs from the earlier run.'),
      ...(staging.replaces ? changedDeadline(readRun(out), summary.run) : []),
    ]);
    if (staging.replaces && !applies) {
      staging.discard();
      const text = [
        ...noteLines(options.notes, summary),
        moved,
        plain(
          `Nothing is replaced: ${out} holds the earlier run. Add --apply to put this one in its place; the earlier run is kept beside it.`,
        ),
      ];
      return {
        text: lines(text),
        rows: shown,
        told: { run: summary.run, moves, written: false, kept: undefined },
      };
    }
    const kept = staging.commit();
    const text = [
      ...noteLines(options.notes, summary),
      ...(staging.replaces ? [moved, plain(`The earlier run is kept in ${kept}.`), plain('')] : []),
      shard ? partLines(shard, summary, out) : summaryLines(summary, course.rubric, out),
    ];
    return { text: lines(text), rows: shown, told: { run: summary.run, moves, written: true, kept } };
  } catch (error) {
    try {
      staging.discard();
    } catch {
      // What went wrong first is what counts; the next run removes the rest.
    }
    const isSystem = (error as NodeJS.ErrnoException).code !== undefined && !(error instanceof GraderError);
    const said = isSystem ? unwritable(out, error) : error;
    // What became of an interrupted run is said once, so it is said here too.
    if (!(said instanceof GraderError) || staging.notes.length === 0) throw said;
    throw new GraderError(said.code, ...said.lines, ...staging.notes);
  }
}

/** @throws {GraderError} where points are set by hand in a part: they would be lost when it is joined. */
function assertNoOverrides(out: string): void {
  const file = path.join(out, overridesFile);
  if (existsSync(file))
    throw new GraderError(
      'folder',
      `${file} lies in the folder of a part, where it does not count. Move it to the folder that the parts are joined in.`,
    );
}

/** A run without the deadline of the earlier one may have the same grades by chance. */
function changedDeadline(before: Run, now: Run): TerminalText[] {
  const said = ({ deadline }: Run) => (deadline ? JSON.stringify(deadline) : 'none');
  return said(before) === said(now)
    ? []
    : [plain(`The deadline differs from the earlier run: ${said(before)} then, ${said(now)} now.`)];
}

/** The rows that the run replaces, which may be those of an older grader. */
function* earlierRows(out: string): Generator<Graded> {
  try {
    yield* readRows(out);
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    throw new GraderError(
      'folder',
      `The earlier run in ${out} cannot be compared with this one: ${error.message}`,
      'Move it away, or choose another folder with --out. Nothing was replaced.',
    );
  }
}

/** Notes that the command has not printed before the class was graded. */
function noteLines(notes: readonly string[], { run }: Summary): TerminalText[] {
  return run.notes.filter((note) => !notes.includes(note)).map(plain);
}

/** Sets points by hand, and notes the first rows; a class of more is not printed student by student. */
async function* noted(
  rows: AsyncIterable<Graded> | Iterable<Graded>,
  overrides: Overrides | undefined,
  shown: Graded[],
): AsyncGenerator<Graded> {
  for await (const found of rows) {
    const row = overrides?.onto(found) ?? found;
    if (shown.length <= mostShown) shown.push(row);
    yield row;
  }
}

function partLines({ index, of }: Shard, { tally }: Summary, out: string): TerminalText {
  return plain(
    `Part ${index} of ${of}: ${tally.students} students, in ${out}. Join the parts with npm run grade:merge.`,
  );
}

async function write(
  rows: AsyncIterable<Graded>,
  { folder }: Staging,
  overrides: Overrides | undefined,
  options: FinishOptions,
): Promise<Summary> {
  const { course, roster, started, shard, students } = options;
  const outputs = new Outputs(folder, options, byKey(roster), overrides !== undefined);
  try {
    for await (const row of rows) outputs.add(row);
    overrides?.assertApplied();
    return outputs.finish(students, {
      version: 3,
      grader: graderVersion(),
      node: process.version,
      rubric: course.rubric.digest,
      key: course.key.digest,
      class: options.digest,
      roster: roster ? rosterDigest(roster) : null,
      ...(course.file.deadline && { deadline: course.file.deadline }),
      ...(shard && { shard }),
      notes: [...options.notes, ...(overrides?.notes ?? [])],
      started: started.toISOString(),
      ended: new Date().toISOString(),
    });
  } catch (error) {
    outputs.abandon();
    throw error;
  }
}

/** The version of this package. */
function graderVersion(): string {
  const root = path.join(__dirname, '..', '..', '..');
  return String((JSON.parse(readFile(root, 'package.json')) as { version?: string }).version);
}

function byKey(students: readonly Student[] = []): Map<string, Student> {
  return new Map(students.map((student) => [student.key, student]));
}
