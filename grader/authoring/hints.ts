import type { Configure } from '../command';
import { type Course, loadCourse } from '../course';
import { GraderError } from '../error';
import type { Report } from '../grading/report.schema';
import { score } from '../grading/score';
import { expectedIn } from '../key/plain';
import type { Answer } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { interpolate } from '../message';
import { colors } from '../render/escape/colors';
import { escapeTerminal, formatTable } from '../render/escape/terminal';
import { reasonsOf } from '../render/reasons';
import { type RubricRow, rowsOf } from '../rubric/rubric';
import { findFiles } from '../submission/find';
import { readSubmission } from '../submission/submission';
import { answersText } from './generate/worksheet';

/** `npm run hints` */
export const configureHints: Configure = (command, { courseRoot, print, hasColors }) =>
  command
    .argument('[row]', 'the id of a row, as rubric.yaml has it (default: every row)')
    .addHelpText(
      'after',
      '\nFor each wrong answer that solution/ knows, prints what a student reads if everything else is right.',
    )
    .action(async (named: string | undefined) => {
      const course = loadCourse(courseRoot, false);
      const rows = rowsOf(course.rubric);
      const chosen = rows.filter(({ id }) => named === undefined || id === named);
      if (chosen.length === 0)
        throw new GraderError(
          'usage',
          'unknown-row',
          `There is no row ${named}. The rows are ${rows.map(({ id }) => id).join(', ')}.`,
        );
      for (const row of chosen) {
        print(colors(hasColors).strong(escapeTerminal(row.label)));
        const hints = await hintsOf(course, row);
        if (hints.size === 0) print(escapeTerminal('solution/ knows no wrong answer for this row.'));
        for (const [hint, answers] of hints) {
          const all = [{ text: escapeTerminal([...answers].join('; ')), span: 2 }];
          print(formatTable([4, 74], [all, [{ text: escapeTerminal('') }, { text: escapeTerminal(hint) }]]));
        }
        print(escapeTerminal(''));
      }
    });

type Values = Readonly<Record<string, Answer>>;

/** The wrong answers that a row knows, by what a student reads: misconceptions first, then each quantity in each cell. */
async function hintsOf(course: Course, row: RubricRow): Promise<Map<string, Set<string>>> {
  const { misconceptions, quantities } = course.solution;
  const single = row.cells.flatMap((cell) =>
    quantities.flatMap(({ value }): Values[] => {
      const answer = kindOf(cell).answerOf(value);
      return answer === undefined ? [] : [{ [cell.id]: answer }];
    }),
  );
  const whole = misconceptions.flatMap((one) => (one.row === row.id ? [one.values] : []));
  const hints = new Map<string, Set<string>>();
  for (const values of [...whole, ...single]) {
    const written = row.cells.flatMap((cell) => {
      const value = values[cell.id];
      return value === undefined ? [] : `${cell.id} ${kindOf(cell).print(value)}`;
    });
    // Values that are right at these sizes are not mistakes, so they have no reason.
    for (const { reason } of reasonsOf(await gradeChanged(course, row.id, values)).first) {
      const hint = interpolate(reason, (quote) => `“${quote}”`);
      hints.set(hint, (hints.get(hint) ?? new Set()).add(written.join(', ')));
    }
  }
  return hints;
}

/** Grades the right table with other values in one row. */
function gradeChanged({ rubric, solution, key }: Course, row: string, values: Values): Promise<Report> {
  const text = answersText(rubric, (id, cell) => {
    const right = expectedIn(solution, id, cell.id)?.value;
    const value = (id === row ? values[cell.id] : undefined) ?? right;
    return value === undefined ? 'null' : kindOf(cell).sourceText(value);
  });
  const content = new TextEncoder().encode(text);
  return score(rubric, readSubmission(findFiles([{ path: rubric.file, content }], rubric), rubric), key);
}
