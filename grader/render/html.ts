import type { GradedCell } from '../grading/report.schema';
import type { Excerpt } from '../message';
import { type HtmlText, html, htmlSentence, textHtml, textLines } from './escape/html';
import { correctedTitle, inColumns, noCell, outcomes, pointsText, valueText } from './status';
import { type Block, caretLine, type LinePart, type ListItem, type TableView, type View } from './view';

/** Renders a view as part of a page. Color alone never conveys anything. */
export function printHtml(view: View): HtmlText {
  return html`${view.flat().map(blockText)}`;
}

function blockText(block: Block): HtmlText {
  switch (block.kind) {
    case 'title':
      return html`<h1>${textHtml(block.text)}</h1>\n`;
    case 'status':
      return html`<p><strong>${textHtml(block.text)}</strong></p>\n`;
    case 'heading':
      return html`<h2>${textHtml(block.text)}</h2>\n`;
    case 'line':
      return html`<p>${partsText(block.parts)}</p>\n`;
    case 'quote':
      return html`<blockquote>${textLines(block.text)}</blockquote>\n`;
    case 'list': {
      const items = block.items.map(itemText);
      return block.isOrdered ? html`<ol>${items}</ol>\n` : html`<ul>${items}</ul>\n`;
    }
    case 'grid':
      return wideTable(
        block.caption,
        block.heads,
        block.rows.map(
          ([label = '', ...cells]) =>
            html`<tr><th scope="row">${textHtml(label)}</th>${cells.map((cell) => html`<td>${textHtml(cell)}</td>`)}</tr>\n`,
        ),
      );
    case 'table':
      return tableText(block);
  }
}

function itemText({ parts, excerpt }: ListItem): HtmlText {
  return html`<li>${partsText(parts)}${excerptText(excerpt)}</li>\n`;
}

function partsText(parts: readonly LinePart[]): HtmlText {
  return html`${parts.map((part, index) => {
    const space = textHtml(index === 0 ? '' : ' ');
    if (typeof part === 'string') return html`${space}${textHtml(part)}`;
    if (!('tone' in part)) return html`${space}${htmlSentence(part)}`;
    return html`${space}${part.tone === 'strong' ? html`<strong>${textHtml(part.text)}</strong>` : textHtml(part.text)}`;
  })}`;
}

/** The line with the mistake, a caret below the mistake, and the corrected line. */
function excerptText(excerpt: Excerpt | undefined): HtmlText {
  if (!excerpt) return html``;
  const { line, corrected } = excerpt;
  const fixed =
    corrected === undefined
      ? html``
      : html`<p>${textHtml(correctedTitle)}</p>\n<pre>${textHtml(corrected)}</pre>\n`;
  return html`<pre>${textHtml(line)}\n${textHtml(caretLine(excerpt))}</pre>\n${fixed}`;
}

function tableText({ title = 'Worksheet', table, isScored }: TableView): HtmlText {
  const heads = ['Worksheet', ...table.columns.map(({ label }) => label), ...(isScored ? ['Points'] : [])];
  const rows = table.rows.map((row) => {
    const section =
      row.heading === undefined
        ? html``
        : html`<tr><th scope="rowgroup" colspan="${textHtml(heads.length)}">${textHtml(row.heading)}</th></tr>\n`;
    const cells = inColumns(row, table).map((cell) => html`<td>${mark(cell)}</td>`);
    const points = isScored ? html`<td>${textHtml(pointsText(row.cells))}</td>` : html``;
    return html`${section}<tr><th scope="row">${textHtml(row.label)}</th>${cells}${points}</tr>\n`;
  });
  return wideTable(title, heads, rows);
}

/** A table with a caption. It scrolls on its own if it is wider than the page. */
export function wideTable(caption: string, heads: readonly string[], rows: readonly HtmlText[]): HtmlText {
  const columns = heads.map((head) => html`<th scope="col">${textHtml(head)}</th>`);
  return html`<div class="wide" tabindex="0" role="group" aria-label="${textHtml(caption)}"><table><caption><span>${textHtml(caption)}</span></caption>
<thead><tr>${columns}</tr></thead>
<tbody>${rows}</tbody></table></div>\n`;
}

/** `✗ wrong 7` */
function mark(cell: GradedCell | undefined): HtmlText {
  if (!cell) return textHtml(noCell);
  const { sign, word } = outcomes[cell.outcome];
  const value = valueText(cell);
  const named = cell.name === undefined ? '' : `${cell.name}: `;
  return html`${textHtml(`${named}${sign} ${word}`)}${value === undefined ? html`` : html` <code>${textHtml(value)}</code>`}`;
}
