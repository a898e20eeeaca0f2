import type { Outcome, Report } from '../grading/report.schema';
import type { Location } from '../message';
import { escapeTerminal, type TerminalText, terminalSentence } from './escape/terminal';
import { gradedCells, tableProblem, unreadableTableText } from './status';
import { testOf } from './tests';

/** Something to show beside a place in a file. */
export interface Annotation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly title: string;
  readonly text: TerminalText;
}

/** Annotates each cell that is not right, or the problems that keep the file from being read. */
export function annotationsOf(report: Report): Annotation[] {
  if (!report.started) return [];
  return report.unreadable ? unreadable(report) : [...lostTables(report), ...cells(report)];
}

function unreadable({ problems, file }: Report): Annotation[] {
  return problems.map(({ reason, location }) => ({
    ...placeOf(location, file),
    title: 'This file cannot be read',
    text: terminalSentence(reason),
  }));
}

/** Annotates the tables that could not be read, while others could. */
function lostTables({ problems, file, tables }: Report): Annotation[] {
  return problems.flatMap(({ reason, location, table: name }) => {
    const table = tables.find((candidate) => candidate.export === name);
    return table
      ? [{ ...placeOf(location, file), title: unreadableTableText(table), text: terminalSentence(reason) }]
      : [];
  });
}

/** The most urgent outcome comes first, in case not all annotations are shown. */
const order: readonly Outcome[] = ['invalid', 'wrong', 'blank'];

function cells(report: Report): Annotation[] {
  return order.flatMap((outcome) =>
    gradedCells({ ...report, rows: report.rows.filter(({ table }) => !tableProblem(report, table)) })
      .filter((cell) => cell.outcome === outcome)
      .map((cell) => ({
        ...placeOf(cell.location, report.file),
        title: cell.label,
        text: testOf(cell, report).failure ?? escapeTerminal(''),
      })),
  );
}

function placeOf(location: Location | undefined, file: string): Pick<Annotation, 'file' | 'line' | 'column'> {
  return location ? { file: location.file, line: location.line, column: location.column } : { file };
}
