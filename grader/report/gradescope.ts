import type { Message } from '../message';
import type { Rubric } from '../rubric/rubric';
import { json } from './escape/json';
import type { Safe } from './escape/safe';
import { lines, plain, sentence, type TerminalText, terminal } from './escape/terminal';
import { firstStep, isUnreadable, nextStep, standing } from './next';
import type { Report } from './report.schema';
import { type ScoredTest, tableTests, ticketTests } from './tests';

/**
 * `results.json` of Gradescope. Every text in it is shown as text, never as HTML.
 *
 * @param notes what to know of the files that were uploaded.
 */
export function renderGradescope(
  report: Report & { readonly points: number },
  rubric: Rubric,
  notes: readonly Message[] = [],
): Safe<'json'> {
  return json({
    score: report.points,
    execution_time: 0,
    output: heading(report, rubric, notes),
    output_format: 'text',
    test_output_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    tests: [
      ...tableTests(report, rubric).map((test, index) => resultTest(test, `1.${index + 1}`)),
      ...ticketTests(report, rubric).map((test, index) => resultTest(test, `2.${index + 1}`)),
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

/** What holds for the whole, and what to do next. */
function heading(report: Report, rubric: Rubric, notes: readonly Message[]): TerminalText {
  const next = report.started ? sentence(nextStep(report, rubric)) : plain(firstStep(rubric));
  return lines([
    plain(rubric.title),
    plain(standing(report)),
    ...notes.map(sentence),
    ...(isUnreadable(report) ? report.problems.map(({ why }) => sentence(why)) : []),
    ...(report.hint ? [plain(`Hint for the whole table: ${report.hint.text}`)] : []),
    terminal`Next: ${next}`,
  ]);
}
