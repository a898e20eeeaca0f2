import stringWidth from 'string-width';
import type { GradedCell, Report } from '../grading/report.schema';
import { firstSentence } from '../message';
import { caretLine } from './caret';
import { type Colors, colors } from './escape/colors';
import { escapeTerminal, formatTable, lines, sentence, type TerminalText, terminal } from './escape/terminal';
import { alsoText, laterText, nextStep, type Reason, reasonsOf } from './reasons';
import {
  correctedTitle,
  explanationsOf,
  firstSteps,
  inColumns,
  isComplete,
  locationText,
  nameOf,
  noCell,
  outcomes,
  pointsText,
  type Renderer,
  reflectionScore,
  remarksOnTables,
  saidOfReflection,
  scoreLine,
  tableProblem,
  tablesOf,
  tableTitle,
  unreadableTableText,
  unreadableText,
  valueText,
} from './status';

/** How a Report is shown in a terminal. */
interface TerminalContext {
  readonly hasColors: boolean;
  /** Whether all rows that are wrong are told, and not only the first. */
  readonly isWhole?: boolean;
  /** Whether no work can count any more, so that nothing is to be done next. */
  readonly isFinal?: boolean;
  /** Whether to say what is to be done next; not where nobody reads it beside a copy. */
  readonly hasNext?: boolean;
}

/** The worksheet as it came, with marks and points, and what to look at, for 80 columns. */
export const renderTerminal: Renderer<'terminal', TerminalContext> = (
  report,
  { hasColors, isWhole = false, isFinal = false, hasNext = !isFinal },
) => {
  const color = colors(hasColors);
  const blocks = report.started
    ? [
        heading(report, color),
        ...worksheet(report, color),
        ...reasons(report, isWhole, color),
        ...(isFinal ? [] : explanations(report, color)),
        ...reflection(report, color),
        ...(hasNext ? [next(report, color)] : []),
      ]
    : [heading(report, color), ...(hasNext ? [notStarted(report)] : [])];
  return lines(blocks.flatMap((block) => [block, empty]));
};

const empty = escapeTerminal('');

/** Columns of a terminal that are used; every one has 80. */
const width = 78;
const indent = 4;

/** Texts one below the other, indented and wrapped. */
export function paragraph(texts: readonly TerminalText[], margin = indent): TerminalText {
  const start = margin === 0 ? [] : [{ text: empty }];
  return formatTable(
    margin === 0 ? [width] : [margin, width - margin],
    texts.map((text) => [...start, { text }]),
  );
}

function heading(report: Report, color: Colors): TerminalText {
  const score = escapeTerminal(scoreLine(report));
  return lines([
    color.strong(escapeTerminal(report.title)),
    isComplete(report) ? color.good(score) : score,
    ...report.remarks.map((remark) => paragraph([sentence(remark)], 0)),
  ]);
}

function notStarted(report: Report): TerminalText {
  const steps = [...firstSteps(report), 'Save, and run again.'];
  return lines([
    escapeTerminal('What to do:'),
    paragraph(steps.map((step, index) => escapeTerminal(`${index + 1}. ${step}`))),
  ]);
}

/** What to look at: the first few reasons, or all. */
function reasons(report: Report, isWhole: boolean, color: Colors): TerminalText[] {
  const { slips, first, later, absent } = reasonsOf(report);
  const shown = [...slips, ...first, ...(isWhole ? later.reasons : []), ...absent];
  if (shown.length === 0) return [];
  const more = `${laterText(later)}: npm run grade -- --all shows them.`;
  return [
    lines([
      color.strong(escapeTerminal('What to look at')),
      ...shown.flatMap((one) => [paragraph([reasonText(one, color)]), ...excerptText(one)]),
      ...(later.rows > 0 && !isWhole ? [paragraph([escapeTerminal(more)])] : []),
    ]),
  ];
}

/** The line that a slip is in, a caret below its place, and the line as it should be. */
function excerptText({ excerpt }: Pick<Reason, 'excerpt'>): TerminalText[] {
  if (!excerpt) return [];
  const { line, corrected } = excerpt;
  const shown = (text: TerminalText) => terminal`${escapeTerminal(' '.repeat(2 * indent))}${text}`;
  const caret = escapeTerminal(caretLine(excerpt));
  // What is hidden takes more room where it is written out.
  if (caret.length > width - 2 * indent) return [];
  return [
    shown(fitting(line)),
    shown(caret),
    ...(corrected === undefined
      ? []
      : [paragraph([escapeTerminal(correctedTitle)]), shown(fitting(corrected))]),
  ];
}

/** The start of a student's line, as far as there is room for it. */
function fitting(text: string): TerminalText {
  const characters = [...text];
  while (stringWidth(escapeTerminal(characters.join(''))) > width - 2 * indent) characters.pop();
  return escapeTerminal(characters.join(''));
}

function reasonText(one: Reason, color: Colors): TerminalText {
  const { labels, reason, location } = one;
  const place = location ? terminal` ${color.faint(escapeTerminal(`(${locationText(location)})`))}` : empty;
  return terminal`${color.strong(escapeTerminal(`${labels.join(', ')}:`))} ${sentence(reason)}${escapeTerminal(alsoText(one))}${place}`;
}

/** After what is wrong: why the rest is right, in a sentence each. */
function explanations(report: Report, color: Colors): TerminalText[] {
  const all = explanationsOf(report);
  if (all.length === 0) return [];
  const texts = all.map(({ labels, text }) => escapeTerminal(`${labels.join(', ')}: ${firstSentence(text)}`));
  return [lines([color.strong(escapeTerminal('Why these are right')), paragraph(texts)])];
}

function reflection({ reflection: graded }: Report, color: Colors): TerminalText[] {
  if (!graded) return [];
  const { file, present, responses } = graded;
  return [
    lines([
      color.strong(escapeTerminal(`Reflection: ${reflectionScore(graded)}`)),
      paragraph([
        escapeTerminal(`Started: ${present ? 'yes' : 'not yet'} (${file})`),
        ...responses
          .filter(({ answered }) => answered)
          .map(({ label }) => terminal`${color.good(escapeTerminal('answered'))}: ${escapeTerminal(label)}`),
        ...saidOfReflection(graded).map(sentence),
      ]),
    ]),
  ];
}

function next(report: Report, color: Colors): TerminalText {
  const label = color.strong(escapeTerminal('Next: '));
  return formatTable([width], [[{ text: terminal`${label}${sentence(nextStep(report))}` }]]);
}

const usualCell = 18;
const widestHead = 24;
const narrowestLabel = 22;
const pointsWidth = 8;
const longestNumber = 9;
const longestText = 30;

/** The worksheet with marks and points, in the order of the file. */
function worksheet(report: Report, color: Colors): TerminalText[] {
  if (report.unreadable)
    return [
      lines([color.bad(escapeTerminal(unreadableText(report))), ...report.problems.flatMap(problemLines)]),
    ];
  const tables = tablesOf(report).map((graded) => {
    const name = tableTitle(graded, report);
    const title = name === undefined ? [] : [color.strong(escapeTerminal(name)), empty];
    const problem = tableProblem(report, graded.export);
    if (problem)
      return lines([
        ...title,
        color.bad(escapeTerminal(unreadableTableText(graded))),
        ...problemLines(problem),
      ]);
    return lines([...title, table(graded, report, color)]);
  });
  const others = report.problems.filter((problem) => problem.table === undefined);
  const whole = [
    ...others.flatMap(problemLines),
    ...remarksOnTables(report).map((remark) => paragraph([escapeTerminal(remark)])),
  ];
  return [...tables, ...(whole.length > 0 ? [lines(whole)] : [])];
}

function problemLines({ reason, location, excerpt }: Report['problems'][number]): TerminalText[] {
  const said = sentence(reason);
  const text = location ? terminal`${escapeTerminal(locationText(location))}: ${said}` : said;
  return [paragraph([text]), ...excerptText(excerpt ? { excerpt } : {})];
}

type Table = ReturnType<typeof tablesOf>[number];

/** One table: side by side where everything fits, else each cell on a line of its own. */
function table(graded: Table, report: Report, color: Colors): TerminalText {
  const { rows, columns } = graded;
  const isScored = report.points !== null;
  const free = width - indent - (isScored ? pointsWidth : 0);
  const widest = Math.max(...rows.flatMap((row) => row.cells.map((cell) => plainMark(cell).length + 2)));
  const heads = columns.map(({ label }) => label.length + 2).filter((size) => size <= widestHead);
  const cellWidth = Math.min(
    Math.max(widest, usualCell, ...heads),
    Math.floor((free - narrowestLabel) / columns.length),
  );
  const isStacked =
    graded.wide || cellWidth < widest || rows.some((row) => row.cells.some(({ name }) => name !== undefined));
  const shownColumns = isStacked ? [] : columns;
  const labelWidth = free - shownColumns.length * cellWidth;
  const points = (text: string) => (isScored ? [{ text: escapeTerminal(text) }] : []);
  const widths = [
    indent,
    labelWidth,
    ...shownColumns.map(() => cellWidth),
    ...(isScored ? [pointsWidth] : []),
  ];
  const underlined = [indent + labelWidth, ...widths.slice(2)];
  const rule = underlined.map((size, index) => ({
    text: escapeTerminal('-'.repeat(size - 2)),
    span: index === 0 ? 2 : 1,
  }));
  const titles = ['Worksheet', ...shownColumns.map(({ label }) => label), ...(isScored ? ['Points'] : [])];
  const header = titles.map((label, index) => ({
    text: color.strong(escapeTerminal(label)),
    span: index === 0 ? 2 : 1,
    gap: 2,
  }));
  const body = rows.flatMap((row, index) => {
    const cells = isStacked
      ? []
      : inColumns(row, graded).map((cell) => ({ text: mark(cell, color), gap: 2 }));
    const texts = isStacked
      ? row.cells.map((cell) => terminal`${escapeTerminal(`${nameOf(cell, graded)}: `)}${mark(cell, color)}`)
      : [];
    const heading =
      row.heading === undefined
        ? []
        : [
            ...(index > 0 ? [[{ text: empty, span: widths.length }]] : []),
            [{ text: color.strong(escapeTerminal(row.heading)), span: widths.length }],
          ];
    return [
      ...heading,
      [{ text: escapeTerminal(row.label), span: 2, gap: 2 }, ...cells, ...points(pointsText(row.cells))],
      ...texts.map((text) => [{ text: empty }, { text, span: widths.length - 1 }]),
    ];
  });
  return formatTable(widths, [header, rule, ...body]);
}

/** `7 wrong` */
function mark(cell: GradedCell | undefined, color: Colors): TerminalText {
  if (!cell) return color.faint(escapeTerminal(noCell));
  const { outcome } = cell;
  const marked = color[outcome](escapeTerminal(outcomes[outcome].word));
  const value = cutValue(cell);
  return value === undefined ? marked : terminal`${escapeTerminal(value)} ${marked}`;
}

function plainMark(cell: GradedCell): string {
  const { word } = outcomes[cell.outcome];
  const value = cutValue(cell);
  return value === undefined ? word : `${escapeTerminal(value)} ${word}`;
}

function cutValue(cell: GradedCell): string | undefined {
  const value = valueText(cell);
  const longest = typeof cell.value === 'number' && cell.shown === undefined ? longestNumber : longestText;
  const characters = [...(value ?? '')];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : value;
}
