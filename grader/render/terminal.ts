import type { GradedCell, GradedRow, Report } from '../grading/report.schema';
import { type Colors, colors } from './escape/colors';
import {
  escapeTerminal,
  formatTable,
  lines,
  sentence,
  type TableCell,
  type TerminalText,
  terminal,
} from './escape/terminal';
import {
  firstSteps,
  hintsOf,
  isComplete,
  locationText,
  nextStep,
  outcomes,
  pointsText,
  type Renderer,
  reflectionScore,
  remarksOnTable,
  scoreLine,
  unreadableText,
} from './status';

/** The worksheet as it came, with marks, points, reasons and hints, for 80 columns. */
export const renderTerminal: Renderer<'terminal', { hasColors: boolean }> = (report, { hasColors }) => {
  const color = colors(hasColors);
  const blocks = report.started
    ? [heading(report, color), table(report, color), ...reflection(report, color), next(report, color)]
    : [heading(report, color), notStarted(report)];
  return lines(blocks.flatMap((block) => [block, empty]));
};

const empty = escapeTerminal('');

/** Columns of a terminal that are used; every one has 80. */
const width = 78;
const indent = 4;

/** Texts one below the other, indented and wrapped. */
function paragraph(texts: readonly TerminalText[]): TerminalText {
  return formatTable(
    [indent, width - indent],
    texts.map((text) => [{ text: empty }, { text }]),
  );
}

function heading(report: Report, color: Colors): TerminalText {
  const score = escapeTerminal(scoreLine(report));
  return lines([color.strong(escapeTerminal(report.title)), isComplete(report) ? color.good(score) : score]);
}

function notStarted(report: Report): TerminalText {
  const steps = [...firstSteps(report), 'Save, and run again.'];
  return lines([
    escapeTerminal('What to do:'),
    paragraph(steps.map((step, index) => escapeTerminal(`${index + 1}. ${step}`))),
  ]);
}

function reflection({ reflection: graded }: Report, color: Colors): TerminalText[] {
  if (!graded) return [];
  const { file, present, responses, remark, reason } = graded;
  return [
    lines([
      color.strong(escapeTerminal(`Reflection: ${reflectionScore(graded)}`)),
      paragraph([
        escapeTerminal(`Started: ${present ? 'yes' : 'not yet'} (${file})`),
        ...responses
          .filter(({ answered }) => answered)
          .map(({ label }) => terminal`${color.good(escapeTerminal('answered'))}: ${escapeTerminal(label)}`),
        ...(remark ? [sentence(remark)] : []),
        ...(reason ? [sentence(reason)] : []),
      ]),
    ]),
  ];
}

function next(report: Report, color: Colors): TerminalText {
  const label = color.strong(escapeTerminal('Next: '));
  return formatTable([width], [[{ text: terminal`${label}${sentence(nextStep(report))}` }]]);
}

const widestCell = 18;
const narrowestLabel = 22;
const pointsWidth = 8;
const longestNumber = 9;

/** The worksheet with marks, points, reasons and hints, in the order of the file. */
function table(report: Report, color: Colors): TerminalText {
  const problems = report.problems.map(({ reason, location }) =>
    location ? terminal`${escapeTerminal(locationText(location))}: ${sentence(reason)}` : sentence(reason),
  );
  if (report.unreadable)
    return lines([color.bad(escapeTerminal(unreadableText(report))), paragraph(problems)]);
  const { rows, columns } = report;
  const isScored = report.points !== null;
  const free = width - indent - (isScored ? pointsWidth : 0);
  const cellWidth = Math.min(widestCell, Math.floor((free - narrowestLabel) / columns.length));
  const labelWidth = free - columns.length * cellWidth;
  const widths = [indent, labelWidth, ...columns.map(() => cellWidth), ...(isScored ? [pointsWidth] : [])];
  const underlined = [indent + labelWidth, ...widths.slice(2)];
  const rule = underlined.map((size, index) => ({
    text: escapeTerminal('-'.repeat(size - 2)),
    span: index === 0 ? 2 : 1,
  }));
  const titles = ['Worksheet', ...columns.map(({ label }) => label), ...(isScored ? ['Points'] : [])];
  const header = titles.map((label, index) => ({
    text: color.strong(escapeTerminal(label)),
    span: index === 0 ? 2 : 1,
  }));
  const shown = new Map<string, string>();
  const body = rows.flatMap((row) => {
    const points = isScored ? [{ text: escapeTerminal(pointsText(row.cells)) }] : [];
    const texts = [...reasons(row, report, color), ...hints(row, shown)];
    return [
      [...rowCells(row, color), ...points],
      ...texts.map((text) => [{ text: empty }, { text, span: widths.length - 1 }]),
    ];
  });
  const whole = [...problems, ...remarksOnTable(report).map(escapeTerminal)];
  return lines([
    formatTable(widths, [header, rule, ...body]),
    ...(whole.length > 0 ? [empty, paragraph(whole)] : []),
  ]);
}

function rowCells({ label, cells }: GradedRow, color: Colors): TableCell[] {
  return [{ text: escapeTerminal(label), span: 2 }, ...cells.map((cell) => ({ text: mark(cell, color) }))];
}

/** `7 wrong` */
function mark({ outcome, value }: GradedCell, color: Colors): TerminalText {
  const marked = color[outcome](escapeTerminal(outcomes[outcome].word));
  if (value === undefined) return marked;
  const digits = String(value);
  const cut = digits.length > longestNumber ? `${digits.slice(0, longestNumber - 1)}…` : digits;
  return terminal`${escapeTerminal(cut)} ${marked}`;
}

/** Why points are missing in one row: a reason for each cell, or one for all. */
function reasons({ cells }: GradedRow, report: Report, color: Colors): TerminalText[] {
  const lost = cells.filter(({ outcome, reason }) => {
    const isExplained = outcome === 'wrong' && report.hint !== undefined;
    return reason !== undefined && !isExplained;
  });
  const said = new Set(lost.map(({ reason, location }) => JSON.stringify([reason, location])));
  const isSameForAll = lost.length > 1 && said.size === 1;
  return (isSameForAll ? lost.slice(0, 1) : lost).flatMap(({ id, location, reason }) => {
    const place = location ? terminal` ${color.faint(escapeTerminal(`(${locationText(location)})`))}` : empty;
    const column = report.columns.find((candidate) => candidate.id === id)?.label ?? id;
    const of = isSameForAll ? empty : terminal`${escapeTerminal(column)}: `;
    return reason ? [terminal`${of}${sentence(reason)}${place}`] : [];
  });
}

/** The hints of one row; one that an earlier row has shown is only pointed to. */
function hints(row: GradedRow, shown: Map<string, string>): TerminalText[] {
  return hintsOf(row).map((text) => {
    const earlier = shown.get(text);
    if (earlier === undefined) shown.set(text, row.label);
    return escapeTerminal(`Hint: ${earlier === undefined ? text : `the same as for ${earlier}.`}`);
  });
}
