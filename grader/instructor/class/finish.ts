import path from 'node:path';
import { GraderError } from '../../error';
import { lines, plain, type TerminalText } from '../../report/escape/terminal';
import { readFile } from '../files';
import type { Shard } from './class';
import type { Graded } from './graded.schema';
import { type Move, movesBetween } from './moves';
import { type OutputOptions, Outputs, type Summary } from './outputs';
import { GivenPoints } from './overrides';
import { type Draft, overridesFile, startDraft, unwritable } from './place';
import type { Student } from './roster';
import { readRows } from './rows';
import type { Run } from './run';
import { mostShown, moveLines, summaryLines } from './show';

/** Where a run goes, and what it is made with. */
export interface FinishOptions extends OutputOptions {
  readonly out: string;
  readonly started: Date;
  /** Of the class; see `Class`. */
  readonly digest: string;
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
 * Writes the rows of a class, sorted by key, to a draft, and puts it in its place. An earlier run there
 * is first held against it, and replaced only if that was asked for.
 *
 * @throws {GraderError} where nothing can be written; what was there before is as it was.
 */
export async function finish(
  rows: AsyncIterable<Graded> | Iterable<Graded>,
  options: FinishOptions,
): Promise<Finished> {
  const { out, course, roster, applies } = options;
  const draft = startDraft(out);
  try {
    // Parts hold what was found; what is given by hand goes onto the whole.
    const given = options.shard
      ? undefined
      : new GivenPoints(path.join(draft.folder, overridesFile), course.rubric.possible);
    const shown: Graded[] = [];
    const summary = await write(noted(given ? given.onto(rows) : rows, shown), draft, options);
    const moves = draft.replaces ? [...movesBetween(readRows(out), readRows(draft.folder))] : [];
    const moved = moveLines(moves) ?? plain('Every grade has the points that it has in the earlier run.');
    if (draft.replaces && !applies) {
      draft.discard();
      const text = [
        ...(given?.remarks() ?? []).map(plain),
        moved,
        plain(
          `Nothing is replaced: ${out} holds the earlier run. Add --apply to replace it; it is kept beside the new one.`,
        ),
      ];
      return {
        text: lines(text),
        rows: shown,
        told: { run: summary.run, moves, written: false, kept: undefined },
      };
    }
    const kept = draft.put();
    const text = [
      ...(draft.replaces ? [moved, plain(`The earlier run is kept in ${kept}.`), plain('')] : []),
      options.shard ? partLines(options.shard, summary, out) : summaryLines(summary, course.rubric, out),
      ...(roster || summary.tally.statuses.has('no submission')
        ? []
        : [plain('Without --roster nobody who handed nothing in is listed, and gradebooks lack names.')]),
    ];
    return { text: lines(text), rows: shown, told: { run: summary.run, moves, written: true, kept } };
  } catch (error) {
    draft.discard();
    const isSystem = (error as NodeJS.ErrnoException).code !== undefined && !(error instanceof GraderError);
    throw isSystem ? unwritable(out, error) : error;
  }
}

/** Notes the first rows on their way; a class of more is not printed student by student. */
async function* noted(
  rows: AsyncIterable<Graded> | Iterable<Graded>,
  shown: Graded[],
): AsyncGenerator<Graded> {
  for await (const row of rows) {
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
  rows: AsyncIterable<Graded> | Iterable<Graded>,
  { folder }: Draft,
  options: FinishOptions,
): Promise<Summary> {
  const { course, roster, started, shard } = options;
  const outputs = new Outputs(folder, options, byKey(roster));
  try {
    for await (const row of rows) outputs.add(row);
    return outputs.finish({
      version: 1,
      grader: versionOf(course.root),
      node: process.version,
      rubric: course.rubric.digest,
      key: course.key.digest,
      class: options.digest,
      ...(course.file.deadline && { deadline: course.file.deadline }),
      ...(shard && { shard }),
      started: started.toISOString(),
      ended: new Date().toISOString(),
    });
  } catch (error) {
    outputs.abandon();
    throw error;
  }
}

/** The version of this package. */
function versionOf(root: string): string {
  return String((JSON.parse(readFile(root, 'package.json')) as { version?: string }).version);
}

function byKey(students: readonly Student[] = []): Map<string, Student> {
  return new Map(students.map((student) => [student.key, student]));
}
