import type { Report } from '../../grading/report.schema';
import { annotationsOf } from '../../render/annotations';
import { escapeTerminal, lines, type TerminalText } from '../../render/escape/terminal';

/** Set by an editor's task, so that faults are printed once more for its problem matcher. */
export const problemsVariable = 'WORKSHEET_PROBLEMS';

/** The lines that `npm run watch` prints before and after grading; an editor relies on them. */
export const watchBegins = 'Grading ...';
export const watchEnds = 'Watching both files. Save either one to grade again. Press Ctrl+C to stop.';

/** The parts of a line of `renderProblems`, for a problem matcher. */
export const problemPattern = {
  regexp: '^(.+):(\\d+):(\\d+): (warning|error): (.*)$',
  file: 1,
  line: 2,
  column: 3,
  severity: 4,
  message: 5,
};

/** One line for each remark that has a place, for an editor to underline. */
export function renderProblems(report: Report): TerminalText {
  const problems = annotationsOf(report).flatMap(({ file, line, column, title, text }) =>
    line === undefined
      ? []
      : `${file}:${line}:${column}: warning: ${title}: ${text.replaceAll(/\s*\n\s*/g, ' ')}`,
  );
  return lines(problems.map(escapeTerminal));
}
