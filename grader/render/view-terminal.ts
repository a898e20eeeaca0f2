import stringWidth from 'string-width';
import type { Report } from '../grading/report.schema';
import { type Colors, colors, escapeTerminal, lines, type TerminalText, terminal } from './escape/terminal';
import { formatTable } from './escape/terminal-table';
import { outcomes, shortLabelIn } from './status';
import {
  type Block,
  type Changes,
  caretLine,
  correctedTitle,
  type ListItem,
  type MarkedCell,
  type Piece,
  type TableView,
  viewOf,
} from './view';

/** Options for showing a Report in a terminal. */
interface TerminalContext {
  readonly hasColors: boolean;
  /** How many columns the terminal has, if there is one. */
  readonly columns?: number | undefined;
  /** Whether to show everything, however long. */
  readonly showsAll?: boolean;
  readonly changes?: Changes | undefined;
}

const everything = { explanations: 'brief', maxReasons: Number.POSITIVE_INFINITY } as const;

/** The most lines to show at once; what to leave out step by step until the rest fits. */
const maxLines = 40;
const lessAndLess = [
  { explanations: 'brief', maxReasons: 3 },
  { explanations: 'none', maxReasons: 3 },
  { explanations: 'none', maxReasons: 2 },
  { explanations: 'none', maxReasons: 1 },
] as const;

/** Renders the worksheet in file order, with marks, points and the things to look at, in 80 columns, or wider for wide tables. */
export function renderTerminal(
  report: Report,
  { hasColors, columns = 0, showsAll, changes }: TerminalContext,
): TerminalText {
  const tableRoom = columns > wideWidth ? wideWidth : width;
  let text = empty;
  for (const amount of showsAll ? [everything] : lessAndLess) {
    const view = viewOf(report, { ...amount, changes, isReadFromBelow: true });
    // An empty line between sections.
    const sections = view.flatMap((section) => [
      empty,
      ...section.flatMap((block) => blockText(block, colors(hasColors), tableRoom)),
    ]);
    text = lines(sections.slice(1));
    if (text.split('\n').length <= maxLines) break;
  }
  return text;
}

const empty = escapeTerminal('');

/** The width in use; every terminal has 80 columns. */
const width = 78;
/** The width for tables with more than two columns and their points, if the terminal is wider than this. */
const wideWidth = 98;
const indent = 4;

function blockText(block: Block, color: Colors, tableRoom: number): TerminalText[] {
  switch (block.kind) {
    case 'title':
    case 'grade':
      return [color.strong(escapeTerminal(block.text))];
    case 'line':
      return [paragraphs([piecesText(block.pieces, color)], 0)];
    case 'list':
    case 'table': {
      const content =
        block.kind === 'list'
          ? block.items.flatMap((item) => itemText(item, color))
          : tableText(block, color, tableRoom);
      return block.title === undefined ? content : [color.strong(escapeTerminal(block.title)), ...content];
    }
  }
}

/** Wraps the course's own words to 80 columns. */
export function paragraph(text: string): TerminalText {
  return paragraphs([escapeTerminal(text)], 0);
}

/** Indents and wraps texts, one below the other. */
function paragraphs(texts: readonly TerminalText[], margin = indent): TerminalText {
  const start = margin === 0 ? [] : [{ text: empty }];
  const widths = margin === 0 ? [width] : [margin, width - margin];
  return formatTable(
    widths,
    texts.map((text) => [...start, { text }]),
  );
}

function piecesText(pieces: readonly Piece[], color: Colors): TerminalText {
  return terminal`${pieces.map((piece) => {
    if ('quote' in piece) return terminal`“${escapeTerminal(piece.quote)}”`;
    const text = escapeTerminal(piece.words);
    return piece.tone ? color[piece.tone](text) : text;
  })}`;
}

/** A list item, with the line of its slip, a caret below the slip, and the line without it if that is known. */
function itemText({ pieces, excerpt }: ListItem, color: Colors): TerminalText[] {
  const text = paragraphs([piecesText(pieces, color)]);
  const caret = excerpt && escapeTerminal(caretLine(excerpt));
  // Invisible characters take more room once they are written as escapes.
  if (!excerpt || !caret || caret.length > width - 2 * indent) return [text];
  const { line, corrected } = excerpt;
  const indented = (below: TerminalText) => terminal`${escapeTerminal(' '.repeat(2 * indent))}${below}`;
  const texts = [text, indented(fitting(line)), indented(caret)];
  if (corrected !== undefined)
    texts.push(paragraphs([escapeTerminal(correctedTitle)]), indented(fitting(corrected)));
  return texts;
}

/** As much of the start of a student's line as fits. */
function fitting(text: string): TerminalText {
  const characters = [...text];
  while (stringWidth(escapeTerminal(characters.join(''))) > width - 2 * indent) characters.pop();
  return escapeTerminal(characters.join(''));
}

const usualCell = 18;
const narrowestLabel = 26;
const maxValue = 30;

/** One table: cells side by side if everything fits, else each cell on a line of its own. */
function tableText(
  { heads: [first = '', ...heads], rows, isWide }: TableView,
  color: Colors,
  tableRoom: number,
): TerminalText[] {
  const plain = colors(false);
  const sizes = heads.map((head, index) => {
    const texts = [head, ...rows.map(({ cells }) => markText(cells[index] ?? '', plain))];
    return Math.max(head === 'Points' ? 0 : usualCell, ...texts.map((text) => stringWidth(text) + 2));
  });
  const room = heads.length > 3 ? tableRoom : width;
  const widths = [room - sizes.reduce((sum, size) => sum + size, 0), ...sizes];
  const strong = (text: string) => color.strong(escapeTerminal(text));
  if (isWide || (widths[0] ?? 0) < narrowestLabel)
    return rows.flatMap(({ heading, label, cells }) => [
      ...(heading === undefined ? [] : [strong(heading)]),
      paragraphs([escapeTerminal(label)], 0),
      paragraphs(
        cells.map((cell, index) => {
          const name = typeof cell === 'string' ? heads[index] : cell.name;
          return terminal`${escapeTerminal(`${name}: `)}${markText(cell, color)}`;
        }),
      ),
    ]);
  const row = (texts: readonly TerminalText[]) => texts.map((text) => ({ text, gap: 2 }));
  const body = rows.flatMap(({ heading, label, cells }) => [
    ...(heading === undefined ? [] : [[{ text: strong(heading), span: widths.length }]]),
    row([escapeTerminal(shortLabelIn(rows, { label })), ...cells.map((cell) => markText(cell, color))]),
  ]);
  const rules = widths.map((size) => escapeTerminal('-'.repeat(size - 2)));
  return [formatTable(widths, [row([first, ...heads].map(strong)), row(rules), ...body])];
}

/** `7 wrong` */
function markText(cell: MarkedCell | string, color: Colors): TerminalText {
  if (typeof cell === 'string') return escapeTerminal(cell);
  const marked = color[cell.outcome](escapeTerminal(outcomes[cell.outcome].word));
  if (cell.value === undefined) return marked;
  const characters = [...cell.value];
  const isCut = characters.length > maxValue;
  const value = isCut ? `${characters.slice(0, maxValue - 1).join('')}…` : cell.value;
  return terminal`${escapeTerminal(value)} ${marked}`;
}
