import type { Report } from '../../grading/report.schema';
import { type Annotation, annotationsOf } from '../../render/annotations';
import { type ActionsText, command } from '../../render/escape/actions';
import { type Base64, base64 } from '../../render/escape/json';
import { escapeTerminal, lines, type TerminalText, terminal } from '../../render/escape/terminal';
import { cellTests, reflectionTests, type ScoredTest } from '../../render/tests';

/**
 * The points of a run, in the two lines that readers of GitHub Classroom's runs look for. Empty if there are
 * no points: before the work is begun, or without a key to judge it.
 */
export function renderPoints({ started, points, possible }: Report): ActionsText[] {
  if (!started || points === null || possible === 0) return [];
  const notice = (title: string, text: string) => command('notice', { title }, escapeTerminal(text));
  return [
    notice('Autograding complete', `Points ${points}/${possible}`),
    notice('Autograding report', JSON.stringify({ totalPoints: points, maxPoints: possible })),
  ];
}

/** The step ids that GitHub Classroom's grading reporter is given. */
export const runnerIds = ['worksheet', 'reflection'] as const;

export type RunnerId = (typeof runnerIds)[number];

/** One runner's result in the format of `classroom-resources/autograding-grading-reporter` v1. */
export interface RunnerResult {
  readonly version: 1;
  readonly status: 'pass' | 'fail';
  readonly max_score: number;
  readonly tests: readonly RunnerTest[];
}

/** The reporter prints `name` unchanged, and adds up `score`; both are required. */
interface RunnerTest {
  readonly name: TerminalText;
  readonly status: 'pass' | 'fail';
  readonly score: number;
  readonly max_score: number;
  readonly message: TerminalText;
  readonly test_code: '';
  readonly filename: string;
  /** 0 if there is no line. */
  readonly line_no: number;
  readonly execution_time: 0;
}

/** The environment of a step cannot hold much more. */
const maxSize = 100_000;

/**
 * The input of the reporter: points for the table and for the reflection. Empty if there is nothing to post:
 * before the work is begun, or without a key to judge it.
 */
export function renderGithubClassroom(report: Report): Map<RunnerId, Base64> {
  if (!report.started || report.points === null) return new Map();
  const results = new Map<RunnerId, RunnerResult>([['worksheet', runnerResultOf(cellTests(report))]]);
  if (report.reflection) results.set('reflection', runnerResultOf(reflectionTests(report)));
  return new Map([...results].map(([id, result]) => [id, encoded(result)]));
}

function runnerResultOf(scored: readonly ScoredTest[]): RunnerResult {
  const tests = scored.map(runnerTest);
  return {
    version: 1,
    status: tests.every(({ status }) => status === 'pass') ? 'pass' : 'fail',
    max_score: tests.reduce((sum, { max_score }) => sum + max_score, 0),
    tests,
  };
}

function runnerTest({ title, failure, points, possible, file, location }: ScoredTest): RunnerTest {
  return {
    name: escapeTerminal(title),
    status: failure === undefined ? 'pass' : 'fail',
    score: points,
    max_score: possible,
    message: failure ?? escapeTerminal(''),
    test_code: '',
    filename: file,
    line_no: location?.line ?? 0,
    execution_time: 0,
  };
}

/** Encodes a result within the limit: if necessary without messages, and then with one test for everything. */
function encoded(result: RunnerResult): Base64 {
  const [whole, bare] = [base64(result), base64({ ...result, tests: result.tests.map(withoutMessage) })];
  return (
    [whole, bare].find((text) => text.length <= maxSize) ?? base64({ ...result, tests: [foldedTest(result)] })
  );
}

function withoutMessage(test: RunnerTest): RunnerTest {
  return { ...test, message: escapeTerminal('') };
}

function foldedTest({ status, max_score, tests }: RunnerResult): RunnerTest {
  return {
    name: escapeTerminal(`All ${tests.length} together`),
    status,
    score: tests.reduce((sum, { score }) => sum + score, 0),
    max_score,
    message: escapeTerminal(''),
    test_code: '',
    filename: tests[0]?.filename ?? '',
    line_no: 0,
    execution_time: 0,
  };
}

/** GitHub shows no more annotations of one kind. */
const maxCount = 10;

/**
 * A warning at each cell that is not right, as workflow commands. If there are more than ten, the tenth lists
 * the rest.
 */
export function renderAnnotations(report: Report): ActionsText[] {
  const remarks = annotationsOf(report);
  const listed =
    remarks.length > maxCount
      ? [...remarks.slice(0, maxCount - 1), foldedRemark(remarks.slice(maxCount - 1))]
      : remarks;
  return listed.map(({ text, file, line, column, title }) => {
    const place = { file, ...(line !== undefined && { line }), ...(column !== undefined && { col: column }) };
    return command('warning', { ...place, title }, text);
  });
}

function foldedRemark([first, ...rest]: readonly Annotation[]): Annotation {
  const others = lines(rest.map(({ title, text }) => terminal`${escapeTerminal(title)}: ${text}`));
  const text = terminal`${first?.text ?? escapeTerminal('')}\n${escapeTerminal(`And ${rest.length} more:`)}\n${others}`;
  return { file: '', title: '', ...first, text };
}
