import type { Rubric } from '../rubric/rubric';
import {
  lines,
  type Paint,
  paints,
  plain,
  type SheetCell,
  sentence,
  sheet,
  type TerminalText,
  terminal,
} from './escape/terminal';
import { labelsOf } from './labels';
import { isComplete, isUnreadable, nextStep, outcomeWord, placeText } from './next';
import type { Renderer } from './renderer';
import type { GradedCell, Report } from './report.schema';

const width = 78;
const indent = 4;
const cellWidth = 18;
const pointsWidth = 8;
const longestNumber = 9;

/** The worksheet as it came, with marks, points, reasons and hints, for 80 columns. */
export const renderTerminal: Renderer<'terminal', { colour: boolean }> = (report, rubric, { colour }) => {
  const paint = paints(colour);
  const blocks = report.started
    ? [
        heading(report, rubric, paint),
        table(report, rubric, paint),
        ticket(report, rubric, paint),
        next(report, rubric, paint),
      ]
    : [heading(report, rubric, paint), notStarted(rubric)];
  return lines(blocks.filter((block) => block !== '').flatMap((block) => [block, plain('')]));
};

type Paints = Record<'strong' | 'good' | 'bad' | 'faint', Paint>;

function heading(report: Report, rubric: Rubric, paint: Paints): TerminalText {
  const { points, possible, started } = report;
  const total =
    points === null
      ? plain('Checked for form only: whether it is right is not known here.')
      : plain(
          started ? `${points} of ${possible} points` : `Not started yet: ${points} of ${possible} points`,
        );
  return lines([paint.strong(plain(rubric.title)), isComplete(report) ? paint.good(total) : total]);
}

function notStarted({ table, reflection }: Rubric): TerminalText {
  const steps = [`Open ${table.file} and fill in each cell.`];
  if (reflection) steps.push(`Open ${reflection.file} and react to ${reflection.choose} of its questions.`);
  steps.push('Save, and run again.');
  return lines([plain('What to do:'), paragraph(steps.map((step, index) => plain(`${index + 1}. ${step}`)))]);
}

function table(report: Report, rubric: Rubric, paint: Paints): TerminalText {
  const problems = report.problems.map(({ why, at }) =>
    at ? terminal`${plain(placeText(at))}: ${sentence(why)}` : sentence(why),
  );
  if (isUnreadable(report)) {
    return lines([
      paint.bad(plain(`${rubric.table.file} could not be read, so no cell counts yet.`)),
      paragraph(problems),
    ]);
  }
  const { rows, columns } = rubric.table;
  const labelWidth = width - indent - columns.length * cellWidth - pointsWidth;
  const widths = [indent, labelWidth, ...columns.map(() => cellWidth), pointsWidth];
  const underlined = [indent + labelWidth, ...widths.slice(2)];
  const rule = underlined.map((size, index) => ({
    text: plain('-'.repeat(size - 2)),
    span: index === 0 ? 2 : 1,
  }));
  const header = ['Worksheet', ...columns.map(({ label }) => label), 'Points'].map((label, index) => ({
    text: paint.strong(plain(label)),
    span: index === 0 ? 2 : 1,
  }));
  const body = rows.flatMap(({ id }) => {
    const cells = report.cells.filter(({ row }) => row === id);
    return [rowCells(cells, rubric, paint), ...reasons(cells, report, rubric, paint)];
  });
  const whole = wholeTable(report, problems);
  return lines([
    sheet(widths, [header, rule, ...body]),
    ...(whole.length > 0 ? [plain(''), paragraph(whole)] : []),
  ]);
}

function rowCells(cells: readonly GradedCell[], rubric: Rubric, paint: Paints): SheetCell[] {
  const [first] = cells;
  const label = plain(first ? labelsOf(rubric).row(first.row) : '');
  return [
    { text: label, span: 2 },
    ...cells.map((cell) => ({ text: standing(cell, paint) })),
    { text: points(cells) },
  ];
}

/** `7 wrong` */
function standing(cell: GradedCell, paint: Paints): TerminalText {
  const word = plain(outcomeWord(cell));
  const marked =
    cell.outcome === 'correct' ? paint.good(word) : cell.outcome === 'recorded' ? word : paint.bad(word);
  if (cell.value === undefined) return marked;
  const digits = String(cell.value);
  return terminal`${plain(digits.length > longestNumber ? `${digits.slice(0, longestNumber - 1)}…` : digits)} ${marked}`;
}

function points(cells: readonly GradedCell[]): TerminalText {
  const possible = cells.reduce((sum, cell) => sum + cell.possible, 0);
  if (cells.some((cell) => cell.points === null)) return plain('');
  return plain(`${cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0)} of ${possible}`);
}

/** Why points are missing in one row: a reason for each cell, or one for all, then each hint once. */
function reasons(
  cells: readonly GradedCell[],
  { hint: whole }: Report,
  rubric: Rubric,
  paint: Paints,
): SheetCell[][] {
  const labels = labelsOf(rubric);
  // What the hint for the whole table explains needs no reason of its own.
  const told = cells.filter(({ outcome }) => outcome === 'invalid' || (outcome === 'wrong' && !whole));
  const sameForAll =
    told.length > 1 && new Set(told.map(({ why, at }) => JSON.stringify([why, at]))).size === 1;
  const whys = (sameForAll ? told.slice(0, 1) : told).flatMap(({ column, at, why }) => {
    const place = at ? terminal` ${paint.faint(plain(`(${placeText(at)})`))}` : plain('');
    const of = sameForAll ? plain('') : terminal`${plain(labels.column(column))}: `;
    return why ? [terminal`${of}${sentence(why)}${place}`] : [];
  });
  const hints = [...new Set(told.flatMap(({ hint }) => (hint ? [hint.text] : [])))];
  const texts = [...whys, ...hints.map((hint) => terminal`Hint: ${plain(hint)}`)];
  return texts.map((text) => [{ text: plain('') }, { text, span: rubric.table.columns.length + 2 }]);
}

/** What is to be said of the table as a whole. */
function wholeTable({ hint, transposed }: Report, problems: readonly TerminalText[]): TerminalText[] {
  return [
    ...problems,
    ...(hint ? [terminal`Hint for the whole table: ${plain(hint.text)}`] : []),
    ...(transposed
      ? [plain('Graded with rows and columns exchanged throughout, which this course accepts.')]
      : []),
  ];
}

function ticket({ reflection }: Report, rubric: Rubric, paint: Paints): TerminalText {
  if (!reflection || !rubric.reflection) return plain('');
  const { points, possible, present, responses, why } = reflection;
  const labels = labelsOf(rubric);
  const title = paint.strong(plain(`Exit ticket: ${points} of ${possible} points`));
  const answered = responses.filter((response) => response.answered);
  return lines([
    title,
    paragraph([
      plain(`Present: ${present ? 'yes' : 'not yet'} (${rubric.reflection.file})`),
      ...answered.map(
        ({ question }) => terminal`${paint.good(plain('answered'))}: ${plain(labels.question(question))}`,
      ),
      ...(why ? [sentence(why)] : []),
    ]),
  ]);
}

function next(report: Report, rubric: Rubric, paint: Paints): TerminalText {
  return sheet(
    [width],
    [[{ text: terminal`${paint.strong(plain('Next: '))}${sentence(nextStep(report, rubric))}` }]],
  );
}

/** Texts one below the other, indented and wrapped. */
function paragraph(texts: readonly TerminalText[]): TerminalText {
  return sheet(
    [indent, width - indent],
    texts.map((text) => [{ text: plain('') }, { text }]),
  );
}
