import type { Report } from '../grading/report.schema';
import { escapeTerminal, lines, type TerminalText } from './escape/terminal';
import { outcomes } from './status';
import {
  type Block,
  correctedTitle,
  type ListItem,
  type Piece,
  rightHead,
  type TableView,
  type View,
  viewOf,
} from './view';

/** Renders the worksheet for a screen reader: one sentence per line, with no columns, carets, or signs. */
export function renderPlain(
  report: Report,
  { showsAll = false }: { readonly showsAll?: boolean },
): TerminalText {
  const maxReasons = showsAll ? Number.POSITIVE_INFINITY : 3;
  return printPlain(viewOf(report, { maxReasons, explanations: showsAll ? 'brief' : 'none' }));
}

/** Prints a view line by line. */
export function printPlain(view: View): TerminalText {
  return lines(view.flat().flatMap(blockText).map(escapeTerminal));
}

function blockText(block: Block): string[] {
  switch (block.kind) {
    case 'title':
    case 'grade':
      return [ended(block.text)];
    case 'line':
      return [ended(spoken(block.pieces))];
    case 'list': {
      const items = block.items.flatMap(itemText);
      if (block.title === undefined) return items;
      return [block.title.includes(':') ? ended(block.title) : `${block.title}:`, ...items];
    }
    case 'table':
      return tableText(block);
  }
}

/** Gives a student's line, and the position in it as a number. */
function itemText({ pieces, excerpt }: ListItem): string[] {
  const text = ended(spoken(pieces));
  if (!excerpt) return [text];
  const { line, column, corrected } = excerpt;
  const fixed = corrected === undefined ? [] : [`${correctedTitle} ${corrected}`];
  return [text, `From character ${column} of this line: ${line}`, ...fixed];
}

/** `Crate, down`: a screen reader reads the dot between row and column as a symbol, or skips it. */
function spoken(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => ('quote' in piece ? `“${piece.quote}”` : piece.words.replaceAll(' · ', ', ')))
    .join('');
}

/** A sentence for each row: its cells in column order, `Rows 100, correct`, and anything else it has. */
function tableText({ title, heads: [, ...heads], rows }: TableView): string[] {
  const sentences = title === undefined ? [] : [`${title}:`];
  for (const [index, { heading, label, cells }] of rows.entries()) {
    const texts = cells.flatMap((cell, column) => {
      if (typeof cell === 'string') {
        if (heads[column] === rightHead) return `right is ${cell}`;
        return heads[column] === 'Points' ? `${cell} points` : [];
      }
      return `${cell.name} ${cell.value === undefined ? '' : `${cell.value}, `}${outcomes[cell.outcome].word}`;
    });
    const isMarked = cells.some((cell) => typeof cell !== 'string');
    const sentence = isMarked
      ? `Row ${index + 1} of ${rows.length}, ${label}: ${texts.join('; ')}.`
      : ended([label, ...cells].filter(Boolean).join(': '));
    if (heading !== undefined) sentences.push(`${heading}:`);
    sentences.push(sentence);
  }
  return sentences;
}

/** Adds a period unless the text already ends in punctuation. */
function ended(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}
