import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reasonsOf } from '../command';
import { gradeFolder, loadGradingContext } from '../grading/context';
import type { Report } from '../grading/report.schema';
import schema from '../grading/report.schema.json';
import { commentFile, writeFailure, writeOutputs } from '../hosts/github/host';
import { problemsVariable, renderProblems } from '../hosts/vscode/host';
import { hasSolution } from '../key/solution';
import { guarded, isOnActions } from '../render/escape/actions';
import { indentedJson } from '../render/escape/json';
import { escapeTerminal, lines, showsColors, type TerminalText } from '../render/escape/terminal';
import { paragraph, renderTerminal } from '../render/terminal';
import { testsOf, type WorksheetTest } from '../render/tests';
import { changesSince } from '../render/view';
import { isValid } from '../validate';

/** The result of a grading, for the suite and the reporter, which do not grade. */
export interface JestRun {
  /** The worksheet to print, or why there is none. */
  readonly text: string;
  readonly tests: readonly WorksheetTest[];
  /** Whether the submission was graded; if not, the run fails whatever Jest's options say. */
  readonly isGraded: boolean;
}

/** Where a run leaves its Report, below the course. It is missing after a run that could not grade. */
export const reportFile = '.graded/report.json';

/** Grades the course's own `assignment/`, and leaves the Report and what the host reads. */
export async function gradeForJest(courseRoot: string): Promise<JestRun> {
  const place = path.join(courseRoot, reportFile);
  const earlier = earlierReport(place);
  const obstacle = failureOf(() => clearResults(courseRoot));
  const isHosted = isOnActions(process.env);
  try {
    const { rubric, key } = loadGradingContext(courseRoot);
    const report = await gradeFolder(courseRoot, rubric, key);
    // A host grades a fresh checkout, so there is no previous run.
    const changes = isHosted ? undefined : changesSince(earlier, report);
    const worksheet = renderTerminal(report, { hasColors: showsColors(), changes });
    const unsaved = obstacle ?? failureOf(() => replaceFile(place, `${indentedJson(report)}\n`));
    const notes = hasSolution(courseRoot) && report.started ? [keyIsOpen] : [];
    const below = unsaved
      ? [...notes, `Nothing was saved in .graded/, because it is not writable (${unsaved}).`]
      : notes;
    const problems = process.env[problemsVariable] ? [renderProblems(report)] : [];
    const parts = [worksheet, ...below.map(paragraph), ...problems];
    const text = lines(parts.flatMap((part) => [escapeTerminal(''), part]).slice(1));
    // Last, so that no host is told of points that a failure above would take back.
    const log = isHosted ? writeOutputs(report, notes, courseRoot, process.env) : undefined;
    return { text: withLog(text, log), tests: testsOf(report), isGraded: true };
  } catch (error) {
    if (!obstacle) rmSync(place, { force: true });
    const reasons = reasonsOf(error);
    const text = lines(reasons.map(escapeTerminal));
    const log = isHosted ? writeFailure(reasons, courseRoot, process.env) : undefined;
    const tests = [{ title: 'The worksheet can be graded', failure: text }];
    return { text: withLog(text, log), tests, isGraded: false };
  }
}

/** What is printed for a host too: text that it takes for no command, and then its commands. */
function withLog(text: TerminalText, log: readonly string[] | undefined): string {
  return log ? [guarded(text), ...log].join('\n') : text;
}

/** The Report of the run before, to tell what has changed. Somebody may have put anything there. */
function earlierReport(place: string): Report | undefined {
  try {
    const found: unknown = lstatSync(place).isFile() && JSON.parse(readFileSync(place, 'utf8'));
    return isValid<Report>(schema, found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Makes the folder for the results, and removes those of earlier runs. */
function clearResults(courseRoot: string): void {
  const folder = path.join(courseRoot, '.graded');
  // The submission may have brought one, even as a link or a file.
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) rmSync(folder, { force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of [reportFile, commentFile])
    rmSync(path.join(courseRoot, file), { recursive: true, force: true });
}

/** Writes a file in one step, because another run may do so at the same time. */
function replaceFile(place: string, text: string): void {
  const beside = `${place}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, place);
}

/** The code of the error with which the system refused something. */
function failureOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Shown if the key is beside the answers, as in a repository made from the instructor's own. */
const keyIsOpen =
  'Warning: this repository holds solution/, so anyone who works in it can read the answer key. Give students the copy that npm run release makes.';
