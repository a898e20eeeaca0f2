import type { Configure } from '../command';
import { quantityText } from '../grading/why-wrong';
import { type KnownRow, knownRows } from '../key/known-answers';
import { loadSolvedRubric, placesOfHint } from '../key/solution';
import { GraderError } from '../message';
import { colors, escapeTerminal, lines, type TerminalText } from '../render/escape/terminal';
import { formatTable } from '../render/escape/terminal-table';
import { groupBy } from '../system/lists';

/** `npm run hints` */
export const configureHints: Configure = (command, { courseRoot, print, hasColors }) =>
  command
    .argument('[row]', 'the id of a row, as rubric.yaml has it (default: every row)')
    .option(
      '--all',
      'print every wrong answer with everything that a student reads, including numbers with a meaning',
    )
    .addHelpText('after', '\nWhole rows come first, then cells in any other row.')
    .action((named: string | undefined, { all = false }: { all?: boolean }) => {
      const { rubric, solution } = loadSolvedRubric(courseRoot, false);
      const rows = knownRows(rubric, solution);
      const chosen = rows.filter(({ id }) => named === undefined || id === named);
      if (chosen.length === 0)
        throw new GraderError(
          'usage',
          'unknown-row',
          `There is no row ${named}. The rows are ${rows.map(({ id }) => id).join(', ')}.`,
        );
      const hintsOfRow = (row: KnownRow) =>
        [...groupBy(knownIn(row, all), ({ text }) => text)].map(
          ([text, same]): RowHint => ({
            text,
            answers: same.map(({ answer }) => answer).join('; '),
            places: placesOfHint(courseRoot, solution, row.id, text).join(', '),
          }),
        );
      const known = chosen.map((row) => ({ row, hints: hintsOfRow(row) }));
      if (known.length > 1) {
        const counts = known.map(({ row, hints }) => [row.id, String(hints.length), row.label]);
        print(tableOfRows([['Row', 'Hints', ''], ...counts]));
        print(escapeTerminal(''));
      }
      for (const { row, hints } of known) {
        const none =
          hints.length === 0 ? [escapeTerminal('solution/ knows no wrong answer for this row.')] : [];
        const shown = hints.map(all ? wholeHint : hintInOneLine);
        print(
          lines([colors(hasColors).strong(escapeTerminal(row.label)), ...none, ...shown, escapeTerminal('')]),
        );
      }
    });

/** A hint for a row. */
interface RowHint {
  readonly text: string;
  /** The wrong answers that get it. */
  readonly answers: string;
  /** Where its text is written; empty if the text is made from a quantity, or if the solution's code puts it together. */
  readonly places: string;
}

function tableOfRows(rows: readonly (readonly string[])[]): TerminalText {
  const widest = Math.max(...rows.map(([id = '']) => id.length));
  const cells = rows.map((texts) => texts.map((text) => ({ text: escapeTerminal(text) })));
  return formatTable([widest + 2, 7, 69 - widest], cells);
}

const lineWidth = 78;

function hintInOneLine({ places, text }: RowHint): TerminalText {
  const line = [places, text].filter(Boolean).join(': ');
  return escapeTerminal(line.length > lineWidth ? `${line.slice(0, lineWidth - 1)}…` : line);
}

function wholeHint({ places, text, answers }: RowHint): TerminalText {
  const above = [{ text: escapeTerminal(places === '' ? answers : `${answers} (${places})`), span: 2 }];
  const below = [{ text: escapeTerminal('') }, { text: escapeTerminal(text) }];
  return formatTable([4, lineWidth - 4], [above, below]);
}

/** A wrong answer that a key knows, and what a student who writes it reads. */
interface KnownWrong {
  readonly answer: string;
  readonly text: string;
}

/** @param all whether to include the many numbers that only have a meaning. */
function knownIn(row: KnownRow, all: boolean): KnownWrong[] {
  return all ? [...ideasIn(row), ...meaningsIn(row)] : ideasIn(row);
}

/** The misconceptions of a row: first those of all its cells together, then those of each cell. */
function ideasIn({ rowHints, cells }: KnownRow): KnownWrong[] {
  const whole = rowHints.map(({ columns, values, hint }) => {
    const written = cells.flatMap(({ id, kind }) => {
      const index = columns.indexOf(id);
      return index < 0 ? [] : `${id} ${kind.print(values[index] ?? '')}`;
    });
    return { answer: written.join(', '), text: hint.text };
  });
  const single = cells.flatMap(({ id, kind, answers }) =>
    answers.flatMap(({ value, hint }) =>
      hint ? { answer: `${id} ${kind.print(value)}`, text: hint.text } : [],
    ),
  );
  return [...whole, ...single];
}

/** The numbers that have a meaning and are wrong in a row. */
function meaningsIn({ cells }: KnownRow): KnownWrong[] {
  return cells.flatMap(({ id, kind, answers, guidingQuestion }) =>
    answers.flatMap(({ value, hint, quantity }) => {
      const printed = kind.print(value);
      return quantity && !hint
        ? { answer: `${id} ${printed}`, text: quantityText(printed, quantity, guidingQuestion) }
        : [];
    }),
  );
}
