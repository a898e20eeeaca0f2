import type { Configure } from '../command';
import { type Course, loadCourse } from '../course';
import { GraderError } from '../error';
import type { Answer } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { interpolate } from '../message';
import { type Colors, colors } from '../render/escape/colors';
import { escapeTerminal, formatTable, lines, type TerminalText } from '../render/escape/terminal';
import { reasonsOf } from '../render/reasons';
import { type RubricRow, rowsOf } from '../rubric/rubric';
import { gradeChanged } from './check/key';

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
      for (const row of chosen) print(await hintsText(course, row, colors(hasColors)));
    });

type ColumnValues = Readonly<Record<string, Answer>>;

async function hintsText(course: Course, row: RubricRow, paint: Colors): Promise<TerminalText> {
  const byText = new Map<string, ColumnValues[]>();
  for (const values of knownAnswers(course, row)) {
    const { first } = reasonsOf(await gradeChanged(course, row.id, values));
    // Values that are right at these sizes are not mistakes, so they have no reason.
    for (const { reason } of first) {
      const text = interpolate(reason, (quote) => `“${quote}”`);
      byText.set(text, [...(byText.get(text) ?? []), values]);
    }
  }
  const texts = [...byText].map(([text, all]) => [
    [{ text: escapeTerminal(all.map((values) => valuesText(row, values)).join('; ')), span: 2 }],
    [{ text: escapeTerminal('') }, { text: escapeTerminal(text) }],
  ]);
  const none = [[{ text: escapeTerminal('solution/ knows no wrong answer for this row.'), span: 2 }]];
  return lines([
    paint.strong(escapeTerminal(row.label)),
    formatTable([4, 74], texts.length > 0 ? texts.flat() : none),
    escapeTerminal(''),
  ]);
}

/** The known wrong answers of a row: misconceptions first, and then each quantity in each cell. */
function knownAnswers({ solution }: Course, { id, cells }: RubricRow): ColumnValues[] {
  const whole = solution.misconceptions.filter(({ row }) => row === id).map(({ values }) => values);
  const single = cells.flatMap((cell) =>
    solution.quantities.flatMap(({ value }) => {
      const answer = kindOf(cell).answerOf(value);
      return answer === undefined ? [] : [{ [cell.id]: answer }];
    }),
  );
  const all = [...whole, ...single];
  const ids = all.map((values) => JSON.stringify(Object.entries(values).sort()));
  return all.filter((_, index) => ids.indexOf(ids[index] ?? '') === index);
}

/** `rows 100, columns 4096` */
function valuesText({ cells }: RubricRow, values: ColumnValues): string {
  return cells
    .flatMap((cell) => {
      const value = values[cell.id];
      return value === undefined ? [] : [`${cell.id} ${kindOf(cell).print(value)}`];
    })
    .join(', ');
}
