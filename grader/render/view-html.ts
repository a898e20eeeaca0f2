import type { Outcome } from '../grading/report.schema';
import { type HtmlText, html, textHtml } from './escape/html';
import { markOf } from './status';
import {
  type Block,
  caretLine,
  correctedTitle,
  type ListItem,
  type MarkedCell,
  type Piece,
  type TableView,
  type View,
} from './view';

/** Renders a view as part of a page. Color alone never conveys anything. */
export function printHtml(view: View): HtmlText {
  return html`${view.flat().map(blockText)}`;
}

function blockText(block: Block): HtmlText {
  switch (block.kind) {
    case 'title':
      return html`<h1>${textHtml(block.text)}</h1>\n`;
    case 'grade':
      return html`<p class="grade">${textHtml(block.text)}</p>\n`;
    case 'line':
      return html`<p>${piecesText(block.pieces)}</p>\n`;
    case 'list': {
      const title = block.title !== undefined && html`<h2>${textHtml(block.title)}</h2>\n`;
      return html`${title}<ul>${block.items.map(itemText)}</ul>\n`;
    }
    case 'table':
      return tableText(block);
  }
}

function piecesText(pieces: readonly Piece[]): HtmlText {
  return html`${pieces.map((piece) => {
    if ('quote' in piece) return html`<code>${textHtml(piece.quote)}</code>`;
    const text = textHtml(piece.words);
    return piece.tone ? html`<span class="${textHtml(piece.tone)}">${text}</span>` : text;
  })}`;
}

/** A list item, with the line of its slip, a caret below the slip, and the line without it if that is known. */
function itemText({ pieces, excerpt }: ListItem): HtmlText {
  const parts = [piecesText(pieces)];
  if (excerpt) parts.push(html`<pre>${textHtml(excerpt.line)}\n${textHtml(caretLine(excerpt))}</pre>\n`);
  if (excerpt?.corrected !== undefined)
    parts.push(html`<p>${textHtml(correctedTitle)}</p>\n<pre>${textHtml(excerpt.corrected)}</pre>\n`);
  return html`<li>${parts}</li>\n`;
}

function tableText({ title = 'What you wrote', heads, rows }: TableView): HtmlText {
  return wideTable(
    title,
    heads,
    rows.map(({ heading, label, cells }) => {
      const section =
        heading !== undefined &&
        html`<tr><th scope="rowgroup" colspan="${textHtml(heads.length)}">${textHtml(heading)}</th></tr>\n`;
      const marks = cells.map(
        (cell, index) => html`<td data-head="${textHtml(heads[index + 1] ?? '')}">${markText(cell)}</td>`,
      );
      return html`${section}<tr><th scope="row">${textHtml(label)}</th>${marks}</tr>\n`;
    }),
  );
}

/** A table with a caption. It scrolls on its own if it is wider than the page. */
export function wideTable(caption: string, heads: readonly string[], rows: readonly HtmlText[]): HtmlText {
  const columns = heads.map((head) => html`<th scope="col">${textHtml(head)}</th>`);
  return html`<div class="wide" tabindex="0" role="group" aria-label="${textHtml(caption)}"><table><caption><span>${textHtml(caption)}</span></caption>
<thead><tr>${columns}</tr></thead>
<tbody>${rows}</tbody></table></div>\n`;
}

const toneOf: Readonly<Partial<Record<Outcome, string>>> = { correct: 'good', wrong: 'bad', invalid: 'bad' };

/** `7 ✗ wrong` */
function markText(cell: MarkedCell | string): HtmlText {
  if (typeof cell === 'string') return textHtml(cell);
  const { prefix, value, outcome } = cell;
  const typed = value !== undefined && html`<code>${textHtml(value)}</code> `;
  return html`${textHtml(prefix)}${typed}<span class="${textHtml(toneOf[outcome] ?? 'faint')}">${textHtml(markOf(outcome))}</span>`;
}
