import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import { gradeFolder, loadGradingContext } from '../grading/context';
import type { Report } from '../grading/report.schema';
import { type CommentPlace, writeFailure, writeOutputs } from '../hosts/github/run';
import { problemsVariable, renderProblems } from '../hosts/vscode/render';
import { hasSolution } from '../key/solution';
import { type Changes, canCompare, changesSince } from '../render/changes';
import { guarded, isOnActions } from '../render/escape/actions';
import { showsColors } from '../render/escape/colors';
import { indentedJson } from '../render/escape/json';
import { escapeTerminal, lines } from '../render/escape/terminal';
import { paragraph, renderTerminal } from '../render/terminal';
import { testsOf, type WorksheetTest } from '../render/tests';
import {
  commentName,
  comparedName,
  earlierReport,
  newRunFolder,
  publish,
  reportName,
  resultsName,
  runName,
} from './artifacts';

/** The result of a grading, for the suite and the reporter, which do not grade. */
export interface JestRun {
  /** The worksheet to print, or why there is none. */
  readonly text: string;
  readonly tests: readonly WorksheetTest[];
  /** Whether the submission was graded; if not, the run fails whatever Jest's options say. */
  readonly isGraded: boolean;
}

/** The working folder of a run. */
interface Place {
  readonly folder: string;
  /** Why no results can be written to the course itself. */
  readonly unwritable: string | undefined;
}

/**
 * Grades the course's own `assignment/`, and writes the report to `.graded/`. If grading is impossible, there is no
 * report.
 *
 * @returns the path of the `JestRun` file, which exists until the process ends.
 */
export async function gradeForJest(courseRoot: string): Promise<string> {
  const earlier = earlierReport(courseRoot);
  const { folder, unwritable } = newRunFolder(courseRoot);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await gradeToFolder(courseRoot, folder, { unwritable, earlier });
  if (!unwritable) publish(folder);
  return path.join(folder, runName);
}

/**
 * Grades the course's own `assignment/`, and writes the report and the `JestRun` to an empty folder.
 *
 * @param unwritable why no results can be written to the course itself.
 * @param earlier the report of the previous run, to tell what has changed.
 */
export async function gradeToFolder(
  courseRoot: string,
  folder: string,
  { unwritable, earlier }: { readonly unwritable?: string; readonly earlier?: Report } = {},
): Promise<void> {
  const place: Place = { folder, unwritable };
  const leave = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  const leaveRun = (run: JestRun) => leave(runName, JSON.stringify(run));
  try {
    const { rubric, key } = loadGradingContext(courseRoot);
    const report = await gradeFolder(courseRoot, rubric, key);
    const notes = hasSolution(courseRoot) && report.started ? [keyIsOpen] : [];
    // A host grades a fresh checkout, so there is no previous run.
    const changes = isOnActions(process.env) ? undefined : changesSince(earlier, report);
    const run = renderRun(report, { notes, unwritable, changes });
    leave(reportName, `${indentedJson(report)}\n`);
    if (earlier && canCompare(earlier) && !canCompare(report))
      leave(comparedName, `${indentedJson(earlier)}\n`);
    leaveRun(run);
    // Last, so that no host is told of points that a failure above would take back.
    leaveRun(withHosts(run, report, notes, place));
  } catch (error) {
    rmSync(path.join(folder, reportName), { force: true });
    leaveRun(failure(error instanceof GraderError ? error.lines : unforeseen(error), place));
  }
}

/** Returns the lines to print for an unexpected error. */
function unforeseen(error: unknown): string[] {
  const [first = '', ...where] = (error instanceof Error ? error.stack : undefined)?.split('\n') ?? [
    String(error),
  ];
  return [
    'The grader itself failed. This says nothing about your answers. Tell your instructors.',
    '',
    first,
    ...(process.env.DEBUG ? where : ['(Set the variable DEBUG to 1 to see where.)']),
  ];
}

/** Renders a graded worksheet for the suite and the reporter. */
function renderRun(
  report: Report,
  {
    notes,
    unwritable,
    changes,
  }: {
    readonly notes: readonly string[];
    readonly unwritable: string | undefined;
    readonly changes: Changes | undefined;
  },
): JestRun {
  const below = [
    ...notes,
    ...(unwritable
      ? [`Nothing was saved in ${resultsName}/, because it is not writable (${unwritable}).`]
      : []),
  ].map(paragraph);
  const worksheet = renderTerminal(report, { hasColors: showsColors(), changes });
  const problems = process.env[problemsVariable] ? [renderProblems(report)] : [];
  const text = [...below, ...problems].reduce(
    (before, note) => lines([before, escapeTerminal(''), note]),
    worksheet,
  );
  return { text, tests: testsOf(report), isGraded: true };
}

/** Adds the text that the host reads in the log, and writes its other outputs. */
function withHosts(run: JestRun, report: Report, notes: readonly string[], place: Place): JestRun {
  if (!isOnActions(process.env)) return run;
  const comment = commentPlace(place);
  const log = writeOutputs(report, notes, comment, process.env);
  return { ...run, text: [guarded(run.text), ...log].join('\n') };
}

/** Renders the reason why nothing could be graded, also for the host. */
function failure(failureLines: readonly string[], place: Place): JestRun {
  const text = lines(failureLines.map(escapeTerminal));
  const log = isOnActions(process.env)
    ? writeFailure(failureLines, commentPlace(place), process.env)
    : undefined;
  return {
    text: log ? [guarded(text), ...log].join('\n') : text,
    tests: [{ title: 'The worksheet can be graded', failure: text }],
    isGraded: false,
  };
}

/** Returns where the run writes the comment, and where it is after publishing. */
function commentPlace({ folder, unwritable }: Place): CommentPlace | undefined {
  if (unwritable) return undefined;
  return { file: path.join(folder, commentName), output: `${resultsName}/${commentName}` };
}

/** Shown if the key is beside the answers, as in a repository made from the instructor's own. */
const keyIsOpen =
  'Warning: this repository holds solution/, so anyone who works in it can read the answer key. Give students the copy that npm run release makes.';
