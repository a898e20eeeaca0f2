import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import { type GradingContext, gradeFolder, loadGradingContext } from '../grading/context';
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
import { isWatched, keepAttempts } from './attempts';

/** What a grading leaves for the suite and the reporter, which grade nothing themselves. */
export interface JestRun {
  /** The worksheet as it is to be printed, or why there is none. */
  readonly text: string;
  readonly tests: readonly WorksheetTest[];
  /** Whether every host that is there was told the points. */
  readonly hostNotified: boolean;
}

/** Who grades a course: itself, or a grader that lies elsewhere. */
export interface Grader {
  /** @throws {GraderError} where it cannot grade this course. */
  loadContext(courseRoot: string): GradingContext;
  /** What it says of itself, a paragraph each. */
  readonly notes: readonly string[];
}

const courseItself: Grader = { loadContext: loadGradingContext, notes: [] };

/** Where a run works. */
interface Place {
  readonly folder: string;
  /** Why nothing can be left in the course itself. */
  readonly unwritable: string | undefined;
}

/**
 * Grades the course's own `assignment/`, and leaves the Report in `.graded/`. Where grading cannot be done there is no
 * Report.
 *
 * @returns the file of the `JestRun`, which is there until the process ends.
 */
export async function gradeForJest(courseRoot: string, grader?: Grader): Promise<string> {
  const earlier = earlierReport(courseRoot);
  const { folder, unwritable } = newRunFolder(courseRoot);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await gradeToFolder(courseRoot, folder, { unwritable, earlier }, grader);
  if (!unwritable) publish(folder);
  return path.join(folder, runName);
}

/**
 * Grades the course's own `assignment/` and leaves two files in an empty folder: the Report, and what
 * the suite and the reporter show.
 *
 * @param unwritable why nothing can be left in the course itself.
 * @param earlier what the run before left, to tell what has changed.
 */
export async function gradeToFolder(
  courseRoot: string,
  folder: string,
  { unwritable, earlier }: { readonly unwritable?: string; readonly earlier?: Report } = {},
  grader = courseItself,
): Promise<void> {
  const place: Place = { folder, unwritable };
  const leave = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  const leaveRun = (run: JestRun) => leave(runName, JSON.stringify(run));
  try {
    const { rubric, key } = grader.loadContext(courseRoot);
    const report = await gradeFolder(courseRoot, rubric, key);
    const notes = [...grader.notes, ...(hasSolution(courseRoot) && report.started ? [keyIsOpen] : [])];
    // A host grades a fresh checkout: there is no run before.
    const changes = isOnActions(process.env) ? undefined : changesSince(earlier, report);
    const run = renderRun(report, { notes, unwritable, changes });
    leave(reportName, `${indentedJson(report)}\n`);
    if (earlier && canCompare(earlier) && !canCompare(report))
      leave(comparedName, `${indentedJson(earlier)}\n`);
    leaveRun(run);
    // Last, so that no host is told of points that a failure above would take back.
    leaveRun(withHosts(run, report, rubric.pointsBy, notes, place));
    if (!isWatched(process.env) && grader === courseItself) keepAttempts(courseRoot, rubric, report);
  } catch (error) {
    rmSync(path.join(folder, reportName), { force: true });
    leaveRun(failure(error instanceof GraderError ? error.lines : unforeseen(error), place));
  }
}

/** What is said of an error that nobody foresaw. */
function unforeseen(error: unknown): string[] {
  const [first = '', ...where] = (error instanceof Error ? error.stack : undefined)?.split('\n') ?? [
    String(error),
  ];
  return [
    'The grader itself failed. This says nothing about the answers. Tell whoever runs the course.',
    '',
    first,
    ...(process.env.DEBUG ? where : ['(With the variable DEBUG set to 1 it also says where.)']),
  ];
}

/** A graded worksheet as the suite and the reporter show it. */
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
      ? [`Nothing is left in ${resultsName}/: this folder cannot be written to (${unwritable}).`]
      : []),
  ].map(paragraph);
  const worksheet = renderTerminal(report, { hasColors: showsColors(), changes });
  const problems = process.env[problemsVariable] ? [renderProblems(report)] : [];
  const text = [...below, ...problems].reduce(
    (before, note) => lines([before, escapeTerminal(''), note]),
    worksheet,
  );
  return { text, tests: testsOf(report), hostNotified: true };
}

/** The same with what the host reads in the log; what it reads elsewhere is written on the way. */
function withHosts(
  run: JestRun,
  report: Report,
  pointsBy: GradingContext['rubric']['pointsBy'],
  notes: readonly string[],
  place: Place,
): JestRun {
  if (!isOnActions(process.env)) return run;
  const comment = commentPlace(place);
  const { log, hostNotified } = writeOutputs(report, pointsBy, notes, comment, process.env);
  return { ...run, text: [guarded(run.text), ...log].join('\n'), hostNotified };
}

/** Why nothing could be graded. */
function failure(failureLines: readonly string[], place: Place): JestRun {
  const text = lines(failureLines.map(escapeTerminal));
  const log = isOnActions(process.env)
    ? writeFailure(failureLines, commentPlace(place), process.env)
    : undefined;
  return {
    text: log ? [guarded(text), ...log].join('\n') : text,
    tests: [{ title: 'The worksheet can be graded', failure: text }],
    hostNotified: false,
  };
}

/** The comment is written where the run works, and found where it is left. */
function commentPlace({ folder, unwritable }: Place): CommentPlace | undefined {
  if (unwritable) return undefined;
  return { file: path.join(folder, commentName), output: `${resultsName}/${commentName}` };
}

/** Said where somebody works on answers beside the key, as in a repository made of the instructor's own. */
const keyIsOpen =
  'Beware: this repository holds solution/, so whoever works in it can read the answer key. Students get the copy that npm run release makes.';
