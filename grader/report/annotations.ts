import type { Rubric } from '../rubric/rubric';
import { type ActionsText, command } from './escape/actions';
import { lines, plain, sentence, type TerminalText, terminal } from './escape/terminal';
import { labelsOf } from './labels';
import { isUnreadable } from './next';
import type { Report } from './report.schema';
import { testOf } from './tests';

/** GitHub shows no more of one kind. */
const most = 10;

/** Something to show beside a line of a file. */
interface Remark {
  readonly file: string;
  readonly line?: number;
  readonly col?: number;
  readonly title: string;
  readonly text: TerminalText;
}

/**
 * A warning at the place of each cell that is not right, as workflow commands. What is past the tenth
 * is told in the tenth.
 */
export function renderAnnotations(report: Report, rubric: Rubric): ActionsText[] {
  if (!report.started) return [];
  const remarks = isUnreadable(report) ? unreadable(report, rubric) : cells(report, rubric);
  const shown =
    remarks.length > most ? [...remarks.slice(0, most - 1), folded(remarks.slice(most - 1))] : remarks;
  return shown.map(({ text, ...properties }) => command('warning', properties, text));
}

function unreadable({ problems }: Report, { table }: Rubric): Remark[] {
  return problems.map(({ why, at }) => ({
    ...(at ? { file: at.file, line: at.line, col: at.column } : { file: table.file }),
    title: 'This file cannot be read',
    text: sentence(why),
  }));
}

function cells(report: Report, rubric: Rubric): Remark[] {
  return ['invalid', 'wrong', 'blank'].flatMap((outcome) =>
    report.cells
      .filter((cell) => cell.outcome === outcome)
      .map((cell) => ({
        ...(cell.at
          ? { file: cell.at.file, line: cell.at.line, col: cell.at.column }
          : { file: rubric.table.file }),
        title: labelsOf(rubric).cell(cell),
        text: testOf(cell, report, rubric).failure ?? plain(''),
      })),
  );
}

function folded([first, ...rest]: readonly Remark[]): Remark {
  const others = lines(rest.map(({ title, text }) => terminal`${plain(title)}: ${text}`));
  const text = terminal`${first?.text ?? plain('')}\n${plain(`And ${rest.length} more:`)}\n${others}`;
  return { file: '', title: '', ...first, text };
}
