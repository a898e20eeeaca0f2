import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { type Context, fromCaller } from '../command';
import type { Course } from '../course';
import { colors } from '../render/escape/colors';
import { indentedJson } from '../render/escape/json';
import { escapeTerminal, lines } from '../render/escape/terminal';
import { canvasAssignment } from './open-class';
import { type Summary, writeOutputs } from './outputs';
import { type GradeChange, gradeChanges } from './results/grade-changes';
import { readRun } from './results/results-file';
import { openResults, type ResultsFolder, unwritable } from './results/results-folder';
import type { GradedClass } from './results/run';
import { feedbackPolicy } from './returns/feedback/feedback';
import { changeLines, classTable, maxLinesShown, summaryLines } from './terminal';

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
function resultsPlace(courseRoot: string, { out }: OutputArguments): string {
  const folder = out === undefined ? path.join(courseRoot, 'out') : fromCaller(out);
  return existsSync(folder) ? realpathSync(folder) : folder;
}

/**
 * Makes the results of a class beside their place and then puts them there. Compares them with an earlier run there
 * first, and replaces that run only if asked to.
 *
 * @param make makes the results, once nobody else writes there.
 * @throws {GraderError} where the results are not complete or cannot be written. What was there stays as it was.
 */
export async function writeResults(
  { print, hasColors }: Context,
  course: Course,
  options: OutputArguments,
  make: (place: string) => Promise<Omit<GradedClass, 'course' | 'canvasColumn' | 'feedback'>>,
): Promise<void> {
  const place = resultsPlace(course.root, options);
  const folder = openResults(place);
  try {
    const made = await make(place);
    const earlier = folder.replaces ? readRun(place) : undefined;
    const assignments = made.roster?.assignments ?? [];
    const results: GradedClass = {
      ...made,
      course,
      canvasColumn:
        options.canvasColumn ?? canvasAssignment(assignments, undefined)?.title ?? course.rubric.title,
      feedback: options.feedback
        ? feedbackPolicy(course, made.openUntil, Date.now(), earlier?.openUntil)
        : undefined,
    };
    const summary = await writeOutputs(folder.folder, place, results);
    const changes = earlier ? gradeChanges(earlier.rows, made.rows) : [];
    const isWritten = !earlier || options.apply === true;
    const kept = isWritten ? folder.commit() : undefined;
    if (options.json)
      print(
        indentedJson({
          run: summary.run,
          moves: changes,
          written: isWritten,
          kept,
          feedback: results.feedback,
        }),
      );
    else tell({ print, hasColors }, results, summary, { earlier, changes, isWritten, kept, place });
  } catch (error) {
    throw unwritable(place, error);
  } finally {
    folder.close();
  }
}

interface Outcome {
  readonly earlier: ReturnType<typeof readRun> | undefined;
  readonly changes: readonly GradeChange[];
  readonly isWritten: boolean;
  readonly kept: ReturnType<ResultsFolder['commit']>;
  readonly place: string;
}

function tell(
  { print, hasColors }: Pick<Context, 'print' | 'hasColors'>,
  { course, rows, shard, feedback, notes }: GradedClass,
  summary: Summary,
  { earlier, changes, isWritten, kept, place }: Outcome,
): void {
  for (const note of notes) print(escapeTerminal(note));
  if (rows.length <= maxLinesShown) print(`${classTable(rows, course, colors(hasColors))}\n`);
  const deadlineOf = ({ deadline }: Summary['run']) => (deadline ? JSON.stringify(deadline) : 'none');
  const [was, is] = [earlier, summary.run].map((run) => run && deadlineOf(run));
  const compared = earlier
    ? [
        ...changeLines(changes),
        ...(was === is ? [] : [`The deadline differs from the earlier run: ${was} then, ${is} now.`]),
        isWritten
          ? `The earlier run is kept in ${kept}.`
          : `Nothing is replaced${feedback ? ', and no feedback is written' : ''}: ${place} holds the earlier run. Add --apply to put this one in its place; the earlier one is kept.`,
      ]
    : [];
  const part =
    shard &&
    `Part ${shard.index} of ${shard.of}: ${rows.length} students, in ${place}. Join the parts with npm run grade:merge.`;
  const written = part === undefined ? summaryLines(summary, place) : [part];
  const returned = feedback
    ? [
        `The feedback: ${path.join(place, 'feedback')}, a page and a text for each student, ${feedback.why}.`,
        ...summary.returned,
      ]
    : [];
  print(lines([...compared, ...(isWritten ? [...written, ...returned] : [])].map(escapeTerminal)));
}
