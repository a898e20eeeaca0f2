import type { Report } from '../../grading/report.schema';
import { indentedJson } from '../../render/escape/json';
import type { Safe } from '../../render/escape/safe';
import {
  escapeTerminal,
  lines,
  type TerminalText,
  terminal,
  terminalSentence,
} from '../../render/escape/terminal';
import { nextStep } from '../../render/reasons';
import { remarksOnTables, scoreLine } from '../../render/status';
import { cellTests, reflectionTests, type ScoredTest } from '../../render/tests';

/** The `results.json` of Gradescope. All text in it is shown as text, never as HTML. */
export function renderGradescope(report: Report & { readonly points: number }): Safe<'json'> {
  return indentedJson({
    score: report.points,
    execution_time: 0,
    output: heading(report),
    output_format: 'text',
    test_output_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    tests: [
      ...cellTests(report).map((test, index) => resultTest(test, `1.${index + 1}`)),
      ...reflectionTests(report).map((test, index) => resultTest(test, `2.${index + 1}`)),
    ],
    extra_data: { rubric: report.rubric, key: report.key },
  });
}

function resultTest({ title, failure, points, possible }: ScoredTest, number: string) {
  return {
    score: points,
    max_score: possible,
    status: failure === undefined ? 'passed' : 'failed',
    name: title,
    number,
    output: failure ?? '',
    visibility: 'visible',
  };
}

/** The remarks on the whole submission, and the next step. */
function heading(report: Report): TerminalText {
  return lines([
    escapeTerminal(report.title),
    escapeTerminal(scoreLine(report)),
    ...(report.due ?? []).map(escapeTerminal),
    ...report.remarks.map(terminalSentence),
    ...(report.unreadable ? report.problems.map(({ reason }) => terminalSentence(reason)) : []),
    ...remarksOnTables(report).map(escapeTerminal),
    terminal`Next: ${terminalSentence(nextStep(report))}`,
  ]);
}
