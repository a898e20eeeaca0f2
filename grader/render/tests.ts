import type { GradedCell, GradedTable, Outcome, Report } from '../grading/report.schema';
import { escapeTerminal, type TerminalText, terminal, terminalSentence } from './escape/terminal';
import { locationText, problemsShown, readablePart } from './status';

/** One test of the Jest grader. It fails if it has a failure text; otherwise it passes. */
export interface WorksheetTest {
  readonly title: string;
  readonly failure?: TerminalText | undefined;
}

/** A test with points, for hosts to add up. */
export interface ScoredTest extends WorksheetTest {
  readonly points: number;
  readonly possible: number;
}

/** Turns a Report into tests: one per cell and per response that counts, or a single one if nothing is started. */
export function testsOf(report: Report): WorksheetTest[] {
  if (!report.started) return [{ title: 'Not started yet' }];
  return [...cellTests(report), ...reflectionTests(report)];
}

/** A test for each cell; they add up to the points for the tables. */
export function cellTests(report: Report): (ScoredTest & Pick<GradedCell, 'outcome' | 'location'>)[] {
  const { tables, rows } = report;
  const faults = problemsShown(report);
  return rows.flatMap((row) => {
    const table = tables.find(({ export: name }) => name === row.table);
    const fault = faults.find(({ problem }) => report.unreadable || problem.table === row.table);
    return row.cells.map((cell) => {
      const { label: title, points, possible, location, outcome } = cell;
      const failure = failureOf({ ...cell, reason: fault?.problem.reason ?? cell.reason }, table?.hint);
      return { title, failure, points: points ?? 0, possible, location, outcome };
    });
  });
}

function failureOf(
  { outcome, reason, cause, location }: Pick<GradedCell, 'outcome' | 'reason' | 'cause' | 'location'>,
  hint: GradedTable['hint'],
): TerminalText | undefined {
  if (outcome === 'correct' || outcome === 'ungraded') return undefined;
  const sentence = reason ? terminalSentence(reason) : escapeTerminal('Nothing is filled in here yet.');
  const text = hint && outcome === 'wrong' && !cause ? escapeTerminal(hint.text) : sentence;
  return location ? terminal`${text} (${escapeTerminal(locationText(location))})` : text;
}

/**
 * A test for each response that counts; they add up to the points for the reflection. Skipping a question is not a
 * failure; still owing a response is.
 */
export function reflectionTests({ reflection }: Report): ScoredTest[] {
  if (!reflection) return [];
  const { choose, possible, responses, unsorted, reason } = reflection;
  const answered = [
    ...responses.flatMap((response) => (response.answered ? response.label : [])),
    ...unsorted.map(({ location }) => `text under no question (line ${location.line})`),
  ];
  const missing = reason ? terminalSentence(reason) : escapeTerminal('This response is missing.');
  return Array.from({ length: choose }, (_, index) => ({
    title: `Reflection · ${answered[index] ?? `response ${index + 1}`}`,
    failure: index < answered.length ? undefined : missing,
    points: index < answered.length ? possible / choose : 0,
    possible: possible / choose,
  }));
}

/** The most urgent outcome comes first, in case not all are shown. */
const order: readonly Outcome[] = ['invalid', 'wrong', 'blank'];

/** Everything that makes the file or a table unreadable, and each other cell that is not right, for editors to show. */
export function failuresOf(report: Report) {
  if (!report.started) return [];
  const { unreadable, file } = report;
  const faults = problemsShown(report).map(({ problem: { reason, location }, part }) => ({
    title: unreadable ? 'This file cannot be read' : `No cell of ${part} counts yet.`,
    failure: terminalSentence(reason),
    location,
  }));
  const tests = cellTests(readablePart(report));
  const failures = [
    ...faults,
    ...order.flatMap((outcome) => tests.filter((test) => test.outcome === outcome)),
  ];
  return failures.flatMap(({ title, failure, location }) =>
    failure === undefined ? [] : { title, text: failure, file, ...location },
  );
}
