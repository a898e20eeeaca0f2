import stringWidth from 'string-width';
import type { GradedCell } from '../grading/report.schema';
import type { Excerpt } from '../message';
import type { Changes } from './changes';
import { type Colors, colors } from './escape/colors';
import {
  escapeTerminal,
  formatTable,
  lines,
  type TerminalText,
  terminal,
  terminalSentence,
} from './escape/terminal';
import {
  cellNameOf,
  correctedTitle,
  inColumns,
  isComplete,
  noCell,
  outcomes,
  pointsText,
  type Renderer,
  shortLabelIn,
  valueText,
} from './status';
import {
  type Block,
  caretLine,
  type LinePart,
  type ListItem,
  type TableView,
  type View,
  viewOf,
} from './view';

/** Options for showing a Report in a terminal. */
interface TerminalContext {
  readonly hasColors: boolean;
  /** Whether to show all wrong rows, not only the first few. */
  readonly isWhole?: boolean;
  readonly changes?: Changes | undefined;
}

/** Renders the worksheet in file order, with marks, points and the things to look at, for 80 columns. */
export const renderTerminal: Renderer<'terminal', TerminalContext> = (
  report,
  { hasColors, isWhole = false, changes },
) => {
  const later = isWhole ? 'shown' : 'counted';
  const shown = (explanations: 'brief' | 'none') => {
    const view = viewOf(report, { later, changes, explanations, hasNext: true, isReadFromBelow: true });
    return printTerminal(view, hasColors);
  };
  const text = shown('brief');
  // With something left to do, all of it has to fit on one screen; explanations can be read later.
  const isTooLong = changes !== undefined && !isComplete(report) && text.split('\n').length > maxLines;
  return isTooLong ? shown('none') : text;
};

/** The lines of a small terminal, minus those that npm run watch prints. */
const maxLines = 22;

const empty = escapeTerminal('');

/** The columns that are used; every terminal has 80. */
const width = 78;
const indent = 4;

/** Prints a view in 80 columns, with an empty line between sections. */
export function printTerminal(view: View, hasColors = false): TerminalText {
  const color = colors(hasColors);
  return lines(
    view.flatMap((section, index) => [
      ...(index > 0 ? [empty] : []),
      ...section.flatMap((block) => blockText(block, color)),
    ]),
  );
}

function blockText(block: Block, color: Colors): TerminalText[] {
  switch (block.kind) {
    case 'title':
    case 'heading':
      return [color.strong(escapeTerminal(block.text))];
    case 'status': {
      const status = escapeTerminal(block.text);
      return [block.isComplete ? color.good(status) : status];
    }
    case 'line':
      return [paragraphs([partsText(block.parts, color)], 0)];
    case 'quote':
      return [paragraphs([escapeTerminal(block.text)])];
    case 'list':
      return listText(block.items, block.isOrdered === true, color);
    case 'grid':
      return block.rows.flatMap(([label = '', first = '', ...rest]) => [
        paragraphs([escapeTerminal(`${label}: ${first}`)], 0),
        ...(rest.some((cell) => cell !== '')
          ? [paragraphs(rest.filter((cell) => cell !== '').map(escapeTerminal))]
          : []),
      ]);
    case 'table':
      return [
        ...(block.title === undefined ? [] : [color.strong(escapeTerminal(block.title)), empty]),
        tableText(block, color),
      ];
  }
}

/** Wraps the course's own words to 80 columns. */
export function paragraph(text: string): TerminalText {
  return paragraphs([escapeTerminal(text)], 0);
}

/** Indents and wraps texts, one below the other. Laying them out together is faster than one by one. */
function paragraphs(texts: readonly TerminalText[], margin = indent): TerminalText {
  const start = margin === 0 ? [] : [{ text: empty }];
  return formatTable(
    margin === 0 ? [width] : [margin, width - margin],
    texts.map((text) => [...start, { text }]),
  );
}

/** List items, each with its excerpt of the file below it if it has one. */
function listText(items: readonly ListItem[], isOrdered: boolean, color: Colors): TerminalText[] {
  const blocks: TerminalText[] = [];
  let waiting: TerminalText[] = [];
  for (const [index, { parts, excerpt }] of items.entries()) {
    waiting.push(partsText(isOrdered ? [`${index + 1}.`, ...parts] : parts, color));
    if (!excerpt && index < items.length - 1) continue;
    blocks.push(paragraphs(waiting), ...excerptText(excerpt));
    waiting = [];
  }
  return blocks;
}

function partsText(parts: readonly LinePart[], color: Colors): TerminalText {
  return parts
    .map((part) => {
      if (typeof part === 'string') return escapeTerminal(part);
      return 'tone' in part ? color[part.tone](escapeTerminal(part.text)) : terminalSentence(part);
    })
    .reduce((text, part, index) => (index === 0 ? part : terminal`${text} ${part}`), empty);
}

/** The line with a slip, a caret below the slip, and the corrected line if there is one. */
function excerptText(excerpt: Excerpt | undefined): TerminalText[] {
  if (!excerpt) return [];
  const { line, corrected } = excerpt;
  const indented = (text: TerminalText) => terminal`${escapeTerminal(' '.repeat(2 * indent))}${text}`;
  const caret = escapeTerminal(caretLine(excerpt));
  // Invisible characters take more room once they are written as escapes.
  if (caret.length > width - 2 * indent) return [];
  return [
    indented(fitting(line)),
    indented(caret),
    ...(corrected === undefined
      ? []
      : [paragraphs([escapeTerminal(correctedTitle)]), indented(fitting(corrected))]),
  ];
}

/** As much of the start of a student's line as there is room for. */
function fitting(text: string): TerminalText {
  const characters = [...text];
  while (stringWidth(escapeTerminal(characters.join(''))) > width - 2 * indent) characters.pop();
  return escapeTerminal(characters.join(''));
}

const usualCell = 18;
const widestHead = 24;
const narrowestLabel = 22;
const pointsWidth = 8;
const maxNumber = 12;
const maxText = 30;

/** One table: cells side by side if everything fits, else each cell on a line of its own. */
function tableText({ table: graded, isScored }: TableView, color: Colors): TerminalText {
  const { rows, columns } = graded;
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
      ? row.cells.map(
          (cell) => terminal`${escapeTerminal(`${cellNameOf(cell, graded)}: `)}${mark(cell, color)}`,
        )
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
      [
        { text: escapeTerminal(shortLabelIn(rows, row)), span: 2, gap: 2 },
        ...cells,
        ...points(pointsText(row.cells)),
      ],
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
  const longest = typeof cell.value === 'number' && cell.shown === undefined ? maxNumber : maxText;
  const characters = [...(value ?? '')];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : value;
}
