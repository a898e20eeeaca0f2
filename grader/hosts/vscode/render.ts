import type { Report } from '../../grading/report.schema';
import { annotationsOf } from '../../render/annotations';
import { escapeTerminal, lines, type TerminalText } from '../../render/escape/terminal';

/** Set by an editor's task: what is wrong is then printed once more, for its problem matcher. */
export const problemsVariable = 'WORKSHEET_PROBLEMS';

/** What `npm run watch` prints before and after it has graded; an editor goes by it. */
export const watchBegins = 'Grading ...';
export const watchEnds = 'Watching both files: save one to see this anew. Ctrl+C ends it.';

/** What a problem matcher finds in a line of `renderProblems`. */
export const problemPattern = {
  regexp: '^(.+):(\\d+):(\\d+): (warning|error): (.*)$',
  file: 1,
  line: 2,
  column: 3,
  severity: 4,
  message: 5,
};

/** A line for each remark that has a place, for an editor to underline. */
export function renderProblems(report: Report): TerminalText {
  const problems = annotationsOf(report).flatMap(({ file, line, column, title, text }) =>
    line === undefined
      ? []
      : `${file}:${line}:${column}: warning: ${title}: ${text.replaceAll(/\s*\n\s*/g, ' ')}`,
  );
  return lines(problems.map(escapeTerminal));
}
