import type { Rubric } from '../rubric/rubric';
import {
  lines,
  type Paints,
  paints,
  plain,
  sentence,
  sheet,
  type TerminalText,
  terminal,
} from './escape/terminal';
import { labelsOf } from './labels';
import { isComplete, nextStep, standing } from './next';
import type { Renderer } from './renderer';
import type { Report } from './report.schema';
import { paragraph, width } from './terminal-layout';
import { table } from './terminal-table';

/** The worksheet as it came, with marks, points, reasons and hints, for 80 columns. */
export const renderTerminal: Renderer<'terminal', { colour: boolean }> = (report, rubric, { colour }) => {
  const paint = paints(colour);
  const blocks = report.started
    ? [
        heading(report, rubric, paint),
        table(report, rubric, paint),
        ticket(report, rubric, paint),
        next(report, rubric, paint),
      ]
    : [heading(report, rubric, paint), notStarted(rubric)];
  return lines(blocks.filter((block) => block !== '').flatMap((block) => [block, plain('')]));
};

function heading(report: Report, rubric: Rubric, paint: Paints): TerminalText {
  const total = plain(standing(report));
  return lines([paint.strong(plain(rubric.title)), isComplete(report) ? paint.good(total) : total]);
}

function notStarted({ table, reflection }: Rubric): TerminalText {
  const steps = [`Open ${table.file} and fill in each cell.`];
  if (reflection) steps.push(`Open ${reflection.file} and react to ${reflection.choose} of its questions.`);
  steps.push('Save, and run again.');
  return lines([plain('What to do:'), paragraph(steps.map((step, index) => plain(`${index + 1}. ${step}`)))]);
}

function ticket({ reflection }: Report, rubric: Rubric, paint: Paints): TerminalText {
  if (!reflection || !rubric.reflection) return plain('');
  const { points, possible, present, responses, unsorted, remark, why } = reflection;
  const labels = labelsOf(rubric);
  const answered = responses.filter((response) => response.answered);
  const earned =
    points === null
      ? `${Math.min(answered.length + unsorted.length, rubric.reflection.choose)} of ${rubric.reflection.choose} responses`
      : `${points} of ${possible} points`;
  const title = paint.strong(plain(`Exit ticket: ${earned}`));
  return lines([
    title,
    paragraph([
      plain(`Present: ${present ? 'yes' : 'not yet'} (${rubric.reflection.file})`),
      ...answered.map(
        ({ question }) => terminal`${paint.good(plain('answered'))}: ${plain(labels.question(question))}`,
      ),
      ...(remark ? [sentence(remark)] : []),
      ...(why ? [sentence(why)] : []),
    ]),
  ]);
}

function next(report: Report, rubric: Rubric, paint: Paints): TerminalText {
  return sheet(
    [width],
    [[{ text: terminal`${paint.strong(plain('Next: '))}${sentence(nextStep(report, rubric))}` }]],
  );
}
