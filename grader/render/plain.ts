import type { GradedCell, GradedTable } from '../grading/report.schema';
import { type Excerpt, piecesOf } from '../message';
import { escapeTerminal, lines, type TerminalText, terminal } from './escape/terminal';
import {
  cellNameOf,
  correctedTitle,
  inColumns,
  outcomes,
  pointsText,
  type Renderer,
  valueText,
} from './status';
import { type Block, type LinePart, type ListItem, type TableView, type View, viewOf } from './view';

/** Renders the worksheet for a screen reader: one sentence per line, with no columns, carets, or signs. */
export const renderPlain: Renderer<'terminal', { isWhole?: boolean }> = (report, { isWhole = false }) => {
  const later = isWhole ? 'shown' : 'counted';
  const view = viewOf(report, { later, explanations: 'brief', hasNext: true });
  return printPlain(view);
};

/** Prints a view line by line. */
export function printPlain(view: View): TerminalText {
  return lines(view.flatMap((section) => section.flatMap(blockText)));
}

function blockText(block: Block): TerminalText[] {
  switch (block.kind) {
    case 'title':
    case 'status':
    case 'quote':
      return [ended(escapeTerminal(block.text))];
    case 'heading':
      return [escapeTerminal(block.text.includes(':') ? block.text : `${block.text}:`)].map(ended);
    case 'line':
      return [ended(partsText(block.parts))];
    case 'list':
      return block.items.flatMap(itemText);
    case 'grid':
      return block.rows.map((cells) => ended(escapeTerminal(cells.filter(Boolean).join(': '))));
    case 'table':
      return tableText(block);
  }
}

/** Gives a student's line in full, and the position in it as a number. */
function itemText({ parts, excerpt }: ListItem): TerminalText[] {
  return [ended(partsText(parts)), ...(excerpt ? excerptText(excerpt) : [])];
}

function excerptText({ line, column, corrected }: Excerpt): TerminalText[] {
  const slip = terminal`${escapeTerminal(`From character ${column} of this line: `)}${escapeTerminal(line)}`;
  return corrected === undefined
    ? [slip]
    : [slip, terminal`${escapeTerminal(`${correctedTitle} `)}${escapeTerminal(corrected)}`];
}

function partsText(parts: readonly LinePart[]): TerminalText {
  const texts = parts.map((part) => {
    if (typeof part === 'string') return escapeTerminal(spoken(part));
    if ('tone' in part) return escapeTerminal(spoken(part.text));
    const pieces = piecesOf(part).map((piece) =>
      escapeTerminal('words' in piece ? spoken(piece.words) : `“${piece.quote}”`),
    );
    return joined(pieces, '');
  });
  return joined(texts, ' ');
}

function joined(texts: readonly TerminalText[], separator: string): TerminalText {
  const [first = escapeTerminal(''), ...rest] = texts;
  return rest.reduce((before, text) => terminal`${before}${escapeTerminal(separator)}${text}`, first);
}

/** `Crate, down`: a screen reader reads the dot between row and column as a symbol, or skips it. */
function spoken(text: string): string {
  return text.replaceAll(' · ', ', ');
}

/** A sentence for each row: its cells in column order, and their points. */
function tableText({ title, table, isScored }: TableView): TerminalText[] {
  const rows = table.rows.map((row, index) => {
    const place = `Row ${index + 1} of ${table.rows.length}, ${row.label}: `;
    const cells = inColumns(row, table).flatMap((cell) => (cell ? [cellText(cell, table)] : []));
    const points = isScored ? `. ${pointsText(row.cells)} points` : '';
    const heading = row.heading === undefined ? [] : [escapeTerminal(`${row.heading}:`)];
    return [
      ...heading,
      terminal`${escapeTerminal(place)}${joined(cells, '; ')}${escapeTerminal(`${points}.`)}`,
    ];
  });
  return [...(title === undefined ? [] : [escapeTerminal(`${title}:`)]), ...rows.flat()];
}

/** `rows 100, correct` */
function cellText(cell: GradedCell, table: GradedTable): TerminalText {
  const { word } = outcomes[cell.outcome];
  const value = valueText(cell);
  const name = escapeTerminal(cellNameOf(cell, table));
  return value === undefined
    ? terminal`${name} ${escapeTerminal(word)}`
    : terminal`${name} ${escapeTerminal(value)}, ${escapeTerminal(word)}`;
}

/** Adds a period unless the text already ends in punctuation. */
function ended(text: TerminalText): TerminalText {
  return /[.!?:]$/.test(text) ? text : terminal`${text}${escapeTerminal('.')}`;
}
