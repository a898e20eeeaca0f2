import type { Rubric } from '../rubric/rubric';
import {
  lines,
  type Paints,
  plain,
  type SheetCell,
  sentence,
  sheet,
  type TerminalText,
  terminal,
} from './escape/terminal';
import { labelsOf } from './labels';
import { isUnreadable, outcomeWord, placeText } from './next';
import type { GradedCell, Report } from './report.schema';
import { indent, paragraph, width } from './terminal-layout';

const widestCell = 18;
const narrowestLabel = 22;
const pointsWidth = 8;
const longestNumber = 9;

/** The worksheet with marks, points, reasons and hints, in the order of the file. */
export function table(report: Report, rubric: Rubric, paint: Paints): TerminalText {
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
  const isScored = report.points !== null;
  const forPoints = isScored ? [pointsWidth] : [];
  const free = width - indent - (isScored ? pointsWidth : 0);
  const cellWidth = Math.min(widestCell, Math.floor((free - narrowestLabel) / columns.length));
  const labelWidth = free - columns.length * cellWidth;
  const widths = [indent, labelWidth, ...columns.map(() => cellWidth), ...forPoints];
  const underlined = [indent + labelWidth, ...widths.slice(2)];
  const rule = underlined.map((size, index) => ({
    text: plain('-'.repeat(size - 2)),
    span: index === 0 ? 2 : 1,
  }));
  const titles = ['Worksheet', ...columns.map(({ label }) => label), ...(isScored ? ['Points'] : [])];
  const header = titles.map((label, index) => ({
    text: paint.strong(plain(label)),
    span: index === 0 ? 2 : 1,
  }));
  const told = new Map<string, string>();
  const body = rows.flatMap(({ id, label }) => {
    const cells = report.cells.filter(({ row }) => row === id);
    const texts = [...reasons(cells, report, rubric, paint), ...hints(cells, label, told)];
    return [
      [...rowCells(label, cells, paint), ...(isScored ? [{ text: points(cells) }] : [])],
      ...texts.map((text) => [{ text: plain('') }, { text, span: widths.length - 1 }]),
    ];
  });
  const whole = wholeTable(report, problems);
  return lines([
    sheet(widths, [header, rule, ...body]),
    ...(whole.length > 0 ? [plain(''), paragraph(whole)] : []),
  ]);
}

function rowCells(label: string, cells: readonly GradedCell[], paint: Paints): SheetCell[] {
  return [{ text: plain(label), span: 2 }, ...cells.map((cell) => ({ text: standing(cell, paint) }))];
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
  return plain(`${cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0)} of ${possible}`);
}

/** Why points are missing in one row: a reason for each cell, or one for all. */
function reasons(
  cells: readonly GradedCell[],
  { hint: whole }: Report,
  rubric: Rubric,
  paint: Paints,
): TerminalText[] {
  const labels = labelsOf(rubric);
  const lost = cells.filter(({ outcome, why }) => {
    const isExplained = outcome === 'wrong' && whole !== undefined;
    return why !== undefined && why.code !== 'cell/blank' && !isExplained;
  });
  const sameForAll =
    lost.length > 1 && new Set(lost.map(({ why, at }) => JSON.stringify([why, at]))).size === 1;
  return (sameForAll ? lost.slice(0, 1) : lost).flatMap(({ column, at, why }) => {
    const place = at ? terminal` ${paint.faint(plain(`(${placeText(at)})`))}` : plain('');
    const of = sameForAll ? plain('') : terminal`${plain(labels.column(column))}: `;
    return why ? [terminal`${of}${sentence(why)}${place}`] : [];
  });
}

/** The hints of one row; one that an earlier row has shown is only pointed to. */
function hints(cells: readonly GradedCell[], label: string, told: Map<string, string>): TerminalText[] {
  const texts = new Set(cells.flatMap(({ hint }) => (hint ? [hint.text] : [])));
  return [...texts].map((text) => {
    const earlier = told.get(text);
    if (earlier === undefined) told.set(text, label);
    return terminal`Hint: ${plain(earlier === undefined ? text : `the same as for ${earlier}.`)}`;
  });
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
