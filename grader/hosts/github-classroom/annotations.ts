import type { Report } from '../../grading/report.schema';
import { type ActionsText, command } from '../../render/escape/actions';
import { escapeTerminal, lines, terminal } from '../../render/escape/terminal';
import { type Remark, remarksOf } from '../../render/remarks';

/** GitHub shows no more of one kind. */
const most = 10;

/**
 * A warning at the place of each cell that is not right, as workflow commands. What is past the tenth
 * is told in the tenth.
 */
export function renderAnnotations(report: Report): ActionsText[] {
  const remarks = remarksOf(report);
  const shown =
    remarks.length > most ? [...remarks.slice(0, most - 1), folded(remarks.slice(most - 1))] : remarks;
  return shown.map(({ text, file, line, column, title }) => {
    const place = { file, ...(line !== undefined && { line }), ...(column !== undefined && { col: column }) };
    return command('warning', { ...place, title }, text);
  });
}

function folded([first, ...rest]: readonly Remark[]): Remark {
  const others = lines(rest.map(({ title, text }) => terminal`${escapeTerminal(title)}: ${text}`));
  const text = terminal`${first?.text ?? escapeTerminal('')}\n${escapeTerminal(`And ${rest.length} more:`)}\n${others}`;
  return { file: '', title: '', ...first, text };
}
