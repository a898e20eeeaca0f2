import type { Report } from '../grading/report.schema';
import {
  code,
  codeBlock,
  escapeMarkdown,
  join,
  type MarkdownText,
  markdown,
  row,
  rule,
} from './escape/markdown';
import { markOf } from './status';
import {
  type Block,
  caretLine,
  correctedTitle,
  type ListItem,
  line,
  type MarkedCell,
  type Piece,
  type TableView,
  type View,
  viewOf,
} from './view';

/** In UTF-16 units: GitHub drops a summary of more than 1 MiB, and refuses a comment of more than 65,536. */
const maxLength = 60_000;

/**
 * Renders the worksheet in Markdown, for the page of a run.
 *
 * @param notes on the run, a paragraph each, shown below the worksheet.
 */
export function renderMarkdown(report: Report, notes: readonly string[]): MarkdownText {
  const whole = viewOf(report, { explanations: 'whole' });
  const below = notes.map((note) => [line(note)]);
  const cut = [...whole.slice(0, 1), [line('Not everything fits here.')]];
  return markdown`${printFitting(
    [
      [...whole, ...below],
      [...cut, ...below],
    ],
    maxLength,
  )}\n`;
}

/** Prints the first view of at most `max` UTF-16 units, or the last view if all are longer. */
export function printFitting(views: readonly View[], max: number): MarkdownText {
  const texts = views.map((view) => join(view.flat().map(blockText), '\n\n'));
  return texts.find((text) => text.length <= max) ?? texts.at(-1) ?? escapeMarkdown('');
}

function blockText(block: Block): MarkdownText {
  switch (block.kind) {
    case 'title':
      return markdown`## ${escapeMarkdown(block.text)}`;
    case 'grade':
      return markdown`# ${escapeMarkdown(block.text)}`;
    case 'line':
      return piecesText(block.pieces);
    case 'list': {
      const items = join(block.items.map(itemText), '\n');
      return block.title === undefined ? items : join([strong(block.title), items], '\n\n');
    }
    case 'table':
      return tableText(block);
  }
}

function strong(text: string): MarkdownText {
  return markdown`**${escapeMarkdown(text)}**`;
}

function piecesText(pieces: readonly Piece[]): MarkdownText {
  return markdown`${pieces.map((piece) => {
    if ('quote' in piece) return code(piece.quote);
    return piece.tone && piece.tone !== 'faint' ? strong(piece.words) : escapeMarkdown(piece.words);
  })}`;
}

/** A list item, with the line of its slip, a caret below the slip, and the line without it if that is known. */
function itemText({ pieces, excerpt }: ListItem): MarkdownText {
  const text = markdown`- ${piecesText(pieces)}`;
  if (!excerpt) return text;
  const { line: slip, corrected } = excerpt;
  const parts = [text, codeBlock([slip, caretLine(excerpt)])];
  if (corrected !== undefined)
    parts.push(markdown`  ${escapeMarkdown(correctedTitle)}`, codeBlock([corrected]));
  return markdown`${join(parts, '\n\n')}\n`;
}

function tableText({ title, heads, rows }: TableView): MarkdownText {
  const lines = [row(heads.map(escapeMarkdown)), rule(heads.length)];
  for (const { heading, label, cells } of rows) {
    if (heading !== undefined) lines.push(row([strong(heading), ...cells.map(() => escapeMarkdown(''))]));
    lines.push(row([escapeMarkdown(label), ...cells.map(markText)]));
  }
  const text = join(lines, '\n');
  return title === undefined ? text : markdown`### ${escapeMarkdown(title)}\n\n${text}`;
}

/** `7 ✗ wrong` */
function markText(cell: MarkedCell | string): MarkdownText {
  if (typeof cell === 'string') return escapeMarkdown(cell);
  const typed = cell.value !== undefined && markdown`${code(cell.value)} `;
  return markdown`${escapeMarkdown(cell.prefix)}${typed}${escapeMarkdown(markOf(cell.outcome))}`;
}
