import type { Configure } from '../command';
import { type Course, loadCourse } from '../course';
import { GraderError } from '../error';
import { score } from '../grading/score';
import { kindOf } from '../kinds/registry';
import { interpolate } from '../message';
import { colors } from '../render/escape/colors';
import { escapeTerminal, formatTable } from '../render/escape/terminal';
import { reasonsOf } from '../render/reasons';
import { type RubricRow, rowsOf } from '../rubric/rubric';
import { findFiles } from '../submission/find';
import { readSubmission } from '../submission/submission';
import { solvedText } from './generate/worksheet';

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

/** The wrong answers that a row knows, by what a student reads: misconceptions first, then each quantity in each cell. */
async function hintsOf({ rubric, solution, key }: Course, row: RubricRow): Promise<Map<string, Set<string>>> {
  const { misconceptions, quantities } = solution;
  const single = row.cells.flatMap(({ id, ...cell }) =>
    quantities.map(({ value }) => ({ [id]: kindOf(cell).answerOf(value) })),
  );
  const whole = misconceptions.filter((one) => one.row === row.id).map(({ values }) => values);
  const hints = new Map<string, Set<string>>();
  for (const values of [...whole, ...single]) {
    const written = row.cells.flatMap((cell) => {
      const value = values[cell.id];
      return value === undefined ? [] : `${cell.id} ${kindOf(cell).print(value)}`;
    });
    const text = solvedText(rubric, solution, (id, column) => (id === row.id ? values[column] : undefined));
    const files = findFiles([{ path: rubric.file, content: Buffer.from(text) }], rubric);
    // Values that are right at these sizes are not mistakes, so they have no reason.
    for (const { reason } of reasonsOf(await score(rubric, readSubmission(files, rubric), key))) {
      const hint = interpolate(reason, (quote) => `“${quote}”`);
      hints.set(hint, (hints.get(hint) ?? new Set()).add(written.join(', ')));
    }
  }
  return hints;
}
