import type { Report } from '../../grading/report.schema';
import { type Annotation, annotationsOf } from '../../render/annotations';
import { type ActionsText, command } from '../../render/escape/actions';
import { escapeTerminal, lines, terminal } from '../../render/escape/terminal';

/**
 * The points of a run, in the two lines that readers of such runs look for. Empty if there are
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
