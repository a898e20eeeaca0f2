import type { GradedCell, Report } from '../grading/report.schema';
import type { Location } from '../message';
import { escapeTerminal, type TerminalText, terminal, terminalSentence } from './escape/terminal';
import { gradedCells, locationText, tableHint, tableNameOf, tableProblem } from './status';

/** One test of the Jest grader. It fails if it has a failure text, else it passes. */
export interface WorksheetTest {
  readonly title: string;
  readonly failure?: TerminalText;
}

/** A test with points, for hosts to add up. */
export interface ScoredTest extends WorksheetTest {
  readonly points: number;
  readonly possible: number;
  readonly file: string;
  readonly location?: Location;
}

/** Turns a Report into tests: one per cell and per response, or a single one if nothing is started. */
export function testsOf(report: Report): WorksheetTest[] {
  if (!report.started) return [{ title: 'Not started yet' }];
  return [...gradedCells(report).map((cell) => testOf(cell, report)), ...responseTests(report)];
}

/** Turns one cell of a Report into a test. */
export function testOf(cell: GradedCell, report: Report): WorksheetTest {
  return test(cell.label, cellFailure(cell, report));
}

/** Turns the cells into tests that add up to the points for the table. */
export function cellTests(report: Report): ScoredTest[] {
  return gradedCells(report).map((cell) => ({
    ...testOf(cell, report),
    points: cell.points ?? 0,
    possible: cell.possible,
    file: cell.location?.file ?? report.file,
    location: cell.location,
  }));
}

/** Returns one test per response that counts, so that they add up to the points for the reflection. */
export function reflectionTests(report: Report): ScoredTest[] {
  const { reflection } = report;
  if (!reflection) return [];
  const { choose, possible, file } = reflection;
  const each = possible / choose;
  return responseTests(report)
    .slice(0, choose)
    .map((response) => ({
      ...response,
      points: response.failure === undefined ? each : 0,
      possible: each,
      file,
    }));
}

/** The responses as tests, at least as many as count. Skipping a question is no failure; owing a response is. */
function responseTests({ reflection }: Report): WorksheetTest[] {
  if (!reflection) return [];
  const { responses, unsorted, reason, choose } = reflection;
  const answered = [
    ...responses.filter((response) => response.answered).map(({ label }) => test(`Reflection · ${label}`)),
    ...unsorted.map(({ location }) => test(`Reflection · text under no question (line ${location.line})`)),
  ];
  const missing = Array.from({ length: Math.max(0, choose - answered.length) }, (_, index) =>
    test(
      `Reflection · response ${answered.length + index + 1}`,
      reason ? terminalSentence(reason) : escapeTerminal('This response is missing.'),
    ),
  );
  return [...answered, ...missing];
}

function cellFailure(cell: GradedCell, report: Report): TerminalText | undefined {
  const { outcome, reason, location } = cell;
  if (outcome === 'correct' || outcome === 'ungraded') return undefined;
  const problem = report.unreadable ? report.problems[0] : problemOf(cell, report);
  const cellReason = problem ? problem.reason : reason;
  const hint = cell.cause ? undefined : tableHint(report, cell);
  const own = cellReason ? terminalSentence(cellReason) : escapeTerminal('Nothing is filled in here yet.');
  const text = hint ? escapeTerminal(hint.text) : own;
  return location ? terminal`${text} (${escapeTerminal(locationText(location))})` : text;
}

/** Returns why the table of a cell cannot be read, when other tables can. */
function problemOf(cell: GradedCell, report: Report): Report['problems'][number] | undefined {
  const name = tableNameOf(report, cell);
  return name === undefined ? undefined : tableProblem(report, name);
}

function test(title: string, failure?: TerminalText): WorksheetTest {
  return { title, failure };
}
