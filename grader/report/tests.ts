import type { Place } from '../message';
import type { Rubric } from '../rubric/rubric';
import { plain, sentence, type TerminalText, terminal } from './escape/terminal';
import { labelsOf } from './labels';
import { isUnreadable, outcomeWord, placeText } from './next';
import type { GradedCell, Report } from './report.schema';

/** One test of the Jest grader: it passes, or it fails for a reason. */
export interface WorksheetTest {
  readonly title: string;
  readonly failure?: TerminalText;
}

/** A test as hosts add it up. */
export interface ScoredTest extends WorksheetTest {
  readonly points: number;
  readonly possible: number;
  readonly file: string;
  readonly at?: Place;
}

/** A Report as tests: one a cell and one a response, or a single one where nothing is begun. */
export function testsOf(report: Report, rubric: Rubric): WorksheetTest[] {
  if (!report.started) return [{ title: 'Not started yet' }];
  return [...report.cells.map((cell) => testOf(cell, report, rubric)), ...responseTests(report, rubric)];
}

/** One cell of a Report as a test. */
export function testOf(cell: GradedCell, report: Report, rubric: Rubric): WorksheetTest {
  return test(labelsOf(rubric).cell(cell), cellFailure(cell, report));
}

/** The cells as tests that add up to the points for the table. */
export function tableTests(report: Report, rubric: Rubric): ScoredTest[] {
  return report.cells.map((cell) => ({
    ...testOf(cell, report, rubric),
    points: cell.points ?? 0,
    possible: cell.possible,
    file: cell.at?.file ?? rubric.table.file,
    ...(cell.at && { at: cell.at }),
  }));
}

/** As many tests as responses count, so that they add up to the points for the exit ticket. */
export function ticketTests(report: Report, rubric: Rubric): ScoredTest[] {
  const { choose = 0, points = 0, file = '' } = rubric.reflection ?? {};
  return responseTests(report, rubric)
    .slice(0, choose)
    .map((response) => ({
      ...response,
      points: response.failure === undefined ? points : 0,
      possible: points,
      file,
    }));
}

/** The responses as tests, at least as many as count. A question not picked is no failure; one still owed is. */
function responseTests({ reflection }: Report, rubric: Rubric): WorksheetTest[] {
  if (!reflection) return [];
  const { responses, unsorted, why } = reflection;
  const answered = [
    ...responses
      .filter((response) => response.answered)
      .map(({ question }) => test(`Exit ticket · ${labelsOf(rubric).question(question)}`)),
    ...unsorted.map(({ at }) => test(`Exit ticket · text under no question (line ${at.line})`)),
  ];
  const owed = Math.max(0, (rubric.reflection?.choose ?? 0) - answered.length);
  const missing = Array.from({ length: owed }, (_, index) =>
    test(
      `Exit ticket · response ${answered.length + index + 1}`,
      why ? sentence(why) : plain('This response is missing.'),
    ),
  );
  return [...answered, ...missing];
}

function cellFailure(cell: GradedCell, report: Report): TerminalText | undefined {
  const { outcome, why, at } = cell;
  if (outcome === 'correct' || outcome === 'recorded') return undefined;
  if (!why) return plain(outcomeWord(cell));
  const [problem] = report.problems;
  const said = sentence(isUnreadable(report) && problem ? problem.why : why);
  const hint = cell.hint ?? (outcome === 'wrong' ? report.hint : undefined);
  const hinted = hint ? terminal`${said} Hint: ${plain(hint.text)}` : said;
  return at ? terminal`${hinted} (${plain(placeText(at))})` : hinted;
}

function test(title: string, failure?: TerminalText): WorksheetTest {
  return { title, ...(failure !== undefined && { failure }) };
}
