import type { Outcome, Report } from '../../grading/report.schema';
import type { Location } from '../../message';
import { type ActionsText, command } from '../../render/escape/actions';
import { escapeTerminal, lines, sentence, type TerminalText, terminal } from '../../render/escape/terminal';
import { gradedCells } from '../../render/status';
import { testOf } from '../../render/tests';

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
export function renderAnnotations(report: Report): ActionsText[] {
  if (!report.started) return [];
  const remarks = report.unreadable ? unreadable(report) : cells(report);
  const shown =
    remarks.length > most ? [...remarks.slice(0, most - 1), folded(remarks.slice(most - 1))] : remarks;
  return shown.map(({ text, ...properties }) => command('warning', properties, text));
}

function unreadable({ problems, file }: Report): Remark[] {
  return problems.map(({ reason, location }) => ({
    ...placeOf(location, file),
    title: 'This file cannot be read',
    text: sentence(reason),
  }));
}

/** What has to be fixed comes first, in case not all of it is shown. */
const order: readonly Outcome[] = ['invalid', 'wrong', 'blank'];

function cells(report: Report): Remark[] {
  return order.flatMap((outcome) =>
    gradedCells(report)
      .filter((cell) => cell.outcome === outcome)
      .map((cell) => ({
        ...placeOf(cell.location, report.file),
        title: cell.label,
        text: testOf(cell, report).failure ?? escapeTerminal(''),
      })),
  );
}

function placeOf(location: Location | undefined, file: string): Pick<Remark, 'file' | 'line' | 'col'> {
  return location ? { file: location.file, line: location.line, col: location.column } : { file };
}

function folded([first, ...rest]: readonly Remark[]): Remark {
  const others = lines(rest.map(({ title, text }) => terminal`${escapeTerminal(title)}: ${text}`));
  const text = terminal`${first?.text ?? escapeTerminal('')}\n${escapeTerminal(`And ${rest.length} more:`)}\n${others}`;
  return { file: '', title: '', ...first, text };
}
