import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { failureLines } from '../command';
import { gradeFolder, loadGradingContext } from '../grading/context';
import type { Report } from '../grading/report.schema';
import schema from '../grading/report.schema.json';
import type { Host, HostRun } from '../hosts/host';
import { hosts } from '../hosts/registry';
import { hasSolution } from '../key/solution';
import { indentedJson } from '../render/escape/json';
import { type PrintedText, printed } from '../render/escape/safe';
import { escapeTerminal, lines, showsColors } from '../render/escape/terminal';
import { testsOf, type WorksheetTest } from '../render/tests';
import { newsSince } from '../render/view';
import { renderPlain } from '../render/view-plain';
import { paragraph, renderTerminal } from '../render/view-terminal';
import { isValid } from '../validate';

/** The result of a grading, for the suite and the reporter, which do not grade. */
export interface JestRun {
  /** The worksheet to print, or why there is none. */
  readonly text: PrintedText;
  readonly tests: readonly WorksheetTest[];
  /** Whether the submission was graded; if not, the run fails whatever Jest's options say. */
  readonly isGraded: boolean;
}

/** Where a run leaves its Report, below the course. It is missing after a run that could not grade. */
export const reportFile = '.graded/report.json';

/** Set to print sentences instead of a table, since Jest has no option for that. */
export const plainVariable = 'WORKSHEET_PLAIN';

/** Grades the course's own `assignment/`, and writes the Report and the results for the hosts that are running. */
export async function gradeForJest(courseRoot: string): Promise<JestRun> {
  const savedReport = path.join(courseRoot, reportFile);
  const running = hosts.filter((host) => host.isRunning?.(process.env));
  const run: HostRun = { folder: courseRoot, variables: process.env, notes: [] };
  const earlier = earlierReport(savedReport);
  try {
    clearResults(courseRoot);
    for (const host of running) host.begin?.(run);
    const { rubric, key } = loadGradingContext(courseRoot);
    const report = await gradeFolder(courseRoot, rubric, key);
    const changes = running.some(({ isFresh }) => isFresh) ? undefined : newsSince(earlier, report);
    const worksheet = process.env[plainVariable]
      ? renderPlain(report, {})
      : renderTerminal(report, { hasColors: showsColors(), columns: process.stdout.columns, changes });
    const notes = hasSolution(courseRoot) && report.started ? [keyIsOpen] : [];
    const below = notes.flatMap((note) => [escapeTerminal(''), paragraph(note)]);
    try {
      writeFileSync(savedReport, `${indentedJson(report)}\n`);
      // Last, so that no host gets points that a failure above would take back.
      const text = tellHosts(running, lines([worksheet, ...below]), (host) =>
        host.publish?.(report, { ...run, notes }),
      );
      return { text, tests: testsOf(report), isGraded: true };
    } catch (error) {
      // If the run fails, leave no Report that says otherwise.
      rmSync(savedReport, { force: true });
      throw error;
    }
  } catch (error) {
    const reasons = failureLines(error);
    const text = lines(reasons.map(escapeTerminal));
    const tests = [{ title: 'The worksheet can be graded', failure: text }];
    return { text: tellHosts(running, text, (host) => host.fail?.(reasons, run)), tests, isGraded: false };
  }
}

/**
 * Reports to each host that is running.
 *
 * @returns what to print: the text for people, guarded for each host, with the lines that the host reads below it.
 */
function tellHosts(
  running: readonly Host[],
  text: PrintedText,
  tell: (host: Host) => readonly PrintedText[] | undefined,
): PrintedText {
  let above = text;
  for (const host of running) {
    const below = tell(host) ?? [];
    above = printed([host.guard?.(above) ?? above, ...below]);
  }
  return above;
}

/** The previous run's Report, to tell what has changed. Somebody may have put anything there. */
function earlierReport(savedReport: string): Report | undefined {
  try {
    const saved: unknown = lstatSync(savedReport).isFile() && JSON.parse(readFileSync(savedReport, 'utf8'));
    return isValid<Report>(schema, saved) ? saved : undefined;
  } catch {
    return undefined;
  }
}

/** Makes the folder for the results, and removes those of earlier runs. */
function clearResults(courseRoot: string): void {
  const folder = path.join(courseRoot, '.graded');
  // The submission may already contain something with this name, even a link or a file.
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) rmSync(folder, { force: true });
  mkdirSync(folder, { recursive: true });
  rmSync(path.join(courseRoot, reportFile), { recursive: true, force: true });
}

/** Shown if the key is beside the answers, as in a repository made from the instructor's own. */
const keyIsOpen =
  'Warning: this repository holds solution/, so anyone who works in it can read the answer key. Give students the copy that npm run release makes.';
