import type { Configure } from '../command';
import { quantityText } from '../grading/why-wrong';
import { type KnownRow, knownRows } from '../key/known-answers';
import { loadSolvedRubric } from '../key/solution';
import { GraderError } from '../message';
import { colors, escapeTerminal } from '../render/escape/terminal';
import { formatTable } from '../render/escape/terminal-table';
import { groupBy } from '../system/lists';

/** `npm run hints` */
export const configureHints: Configure = (command, { courseRoot, print, hasColors }) =>
  command
    .argument('[row]', 'the id of a row, as rubric.yaml has it (default: every row)')
    .addHelpText('after', '\nFirst come whole rows, and then cells in any other row.')
    .action((named: string | undefined) => {
      const { rubric, solution } = loadSolvedRubric(courseRoot, false);
      const rows = knownRows(rubric, solution);
      const chosen = rows.filter(({ id }) => named === undefined || id === named);
      if (chosen.length === 0)
        throw new GraderError(
          'usage',
          'unknown-row',
          `There is no row ${named}. The rows are ${rows.map(({ id }) => id).join(', ')}.`,
        );
      for (const row of chosen) {
        print(colors(hasColors).strong(escapeTerminal(row.label)));
        const hints = groupBy(hintsOf(row), ({ text }) => text);
        if (hints.size === 0) print(escapeTerminal('solution/ knows no wrong answer for this row.'));
        for (const [text, same] of hints) {
          const answers = same.map(({ answer }) => answer).join('; ');
          const above = [{ text: escapeTerminal(answers), span: 2 }];
          const below = [{ text: escapeTerminal('') }, { text: escapeTerminal(text) }];
          print(formatTable([4, 74], [above, below]));
        }
        print(escapeTerminal(''));
      }
    });

/** The wrong answers that a key knows in a row, with what a student reads: of all cells together, and then of each. */
function hintsOf({ rowHints, cells }: KnownRow): { answer: string; text: string }[] {
  const whole = rowHints.map(({ columns, values, hint }) => {
    const written = cells.flatMap(({ id, kind }) => {
      const index = columns.indexOf(id);
      return index < 0 ? [] : `${id} ${kind.print(values[index] ?? '')}`;
    });
    return { answer: written.join(', '), text: hint.text };
  });
  const single = cells.flatMap(({ id, kind, answers, guidingQuestion }) =>
    answers.flatMap(({ value, hint, quantity }) => {
      const printed = kind.print(value);
      const text = hint?.text ?? (quantity && quantityText(printed, quantity, guidingQuestion));
      return text === undefined ? [] : { answer: `${id} ${printed}`, text };
    }),
  );
  return [...whole, ...single];
}
