import stringWidth from 'string-width';
import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { wideTable } from '../../render/html';
import { noCell, shortLabelIn } from '../../render/status';
import type { IdeaStats } from './idea-stats';
import type { ClassStats } from './statistics';
import { type CellStats, mostFrequent, type RowStats, type TableStats } from './worksheet-stats';

/** Sizes in the picture, in pixels at the width of a phone; beside the idea to teach, the picture is larger. */
const size = { labels: 126, cell: 122, head: 16, row: 29, gap: 2 };
/** A picture with more columns scrolls in place. */
const maxColumns = 4;

/**
 * Draws the worksheet in its own layout, one picture per table. Each cell says how many have it right in the end and,
 * below, how many had it right at first; its color shows how many missed it. A table repeats the counts.
 */
export function worksheet({ ideas, totals }: ClassStats): HtmlText {
  const { first, final } = ideas;
  const hasFirst = first.hasAnswers();
  const below = hasFirst
    ? ' The number below is how many had it right at first, among those with a complete first answer to the row.'
    : '';
  const caption = `Each cell shows how many of the ${totals.started} students who started have it right in their final answer.${below}`;
  const pictures = final.tables.map((table, index) => {
    const atFirst = hasFirst ? first.tables[index] : undefined;
    const name = final.tables.length > 1 ? html`<p>${textHtml(table.label ?? table.export)}</p>` : html``;
    return html`${name}<div class="wide" tabindex="0" role="group" aria-label="${textHtml(table.label ?? 'The worksheet')}">${picture(table, atFirst)}</div>`;
  });
  const note = hasFirst ? '' : ' There is no history, so first attempts are unknown.';
  return html`<figure><figcaption>${textHtml(caption + note)}</figcaption>${pictures}
<details><summary>Show as a table, with the most frequent wrong answers</summary>${cellTable(ideas, hasFirst)}</details></figure>`;
}

function picture({ rows, columns }: TableStats, first: TableStats | undefined): HtmlText {
  const width = size.labels + size.cell * columns.length;
  const at = (column: number) => size.labels + column * size.cell;
  const heads = columns.map(({ label }, index) =>
    svgText(at(index) + size.cell / 2, 11, 'head', fitting(label, size.cell)),
  );
  let top = size.head;
  const drawn = rows.map(({ id, label, heading, cells }) => {
    const section = heading === undefined ? html`` : svgText(0, top + 11, 'section', fitting(heading, width));
    if (heading !== undefined) top += size.head;
    const middle = top + size.row / 2;
    const row = columns.map((column, index) => {
      const cell = cells.find((one) => one.id === column.id);
      const before = cellIn(first, id, column.id);
      return cell
        ? picturedCell(cell, before, { x: at(index), y: top })
        : svgText(at(index) + size.cell / 2, middle + 3.5, 'head', noCell);
    });
    top += size.row;
    return html`${section}${svgText(0, middle + 3, 'label', fitting(shortLabelIn(rows, { label }), size.labels))}${row}`;
  });
  const kind = columns.length > maxColumns ? 'sheet many' : 'sheet';
  return html`<svg class="${textHtml(kind)}" viewBox="0 0 ${textHtml(width)} ${textHtml(top)}" width="${textHtml(width)}" role="img" aria-label="A picture of the worksheet. The table below it has the same numbers.">${heads}${drawn}</svg>`;
}

function cellIn(table: TableStats | undefined, row: RowStats['id'], column: string): CellStats | undefined {
  return table?.rows.find(({ id }) => id === row)?.cells.find(({ id }) => id === column);
}

function picturedCell(
  cell: CellStats,
  first: CellStats | undefined,
  { x, y }: { readonly x: number; readonly y: number },
): HtmlText {
  const middle = x + (size.cell - size.gap) / 2;
  const named = cell.name === undefined ? '' : `${cell.name}: `;
  const below = first && answered(first) > 0 ? rightText(first) : undefined;
  const lower =
    below === undefined
      ? html``
      : svgText(middle, y + 22.5, 'below', fitting(`at first ${below}`, size.cell));
  const upper = svgText(
    middle,
    y + (below === undefined ? 17.5 : 12),
    'count',
    fitting(named + rightText(cell), size.cell),
  );
  return html`<rect class="${textHtml(`heat${heatOf(cell)}`)}" x="${textHtml(x)}" y="${textHtml(y)}" width="${textHtml(size.cell - size.gap)}" height="${textHtml(size.row - size.gap)}" rx="2"/>${upper}${lower}`;
}

function svgText(x: number, y: number, kind: string, content: string): HtmlText {
  return html`<text class="${textHtml(kind)}" x="${textHtml(x)}" y="${textHtml(y)}">${textHtml(content)}</text>`;
}

/** Cuts a text to a width in pixels, at 5.5 per narrow character; the table has the full text. */
function fitting(content: string, width: number): string {
  const most = Math.floor(width / 5.5);
  if (stringWidth(content) <= most) return content;
  let cutText = '';
  for (const sign of content) {
    if (stringWidth(cutText + sign) >= most) break;
    cutText += sign;
  }
  return `${cutText}…`;
}

function answered({ right, wrong, empty }: CellStats): number {
  return right + wrong + empty;
}

/** `12 of 30` */
function rightText(cell: CellStats): string {
  const all = answered(cell);
  return all === 0 ? 'nobody' : `${cell.right} of ${all}`;
}

/** How many missed a cell, in five steps; 0 if nobody did. */
function heatOf(cell: CellStats): number {
  const all = answered(cell);
  const missed = all - cell.right;
  if (missed === 0) return 0;
  return Math.min(5, 1 + Math.floor((missed / all) * 5));
}

/** Each cell, with how many had it right and the most frequent wrong answers: the first ones, if they are known. */
function cellTable(ideas: IdeaStats, hasFirst: boolean): HtmlText {
  const first = ideas.first.all();
  const shareText = (cell: CellStats | undefined) => {
    if (!cell || answered(cell) === 0) return '–';
    return `${rightText(cell)} (${Math.round((100 * cell.right) / answered(cell))}\u00a0%)`;
  };
  const rows = ideas.final.all().map((cell, index) => {
    const counts = hasFirst ? [first[index], cell] : [cell];
    const cells = counts.map((one) => html`<td class="number">${textHtml(shareText(one))}</td>`);
    const wrong = wrongAnswers(hasFirst ? first[index] : cell, ideas).map(
      (line) => html`<li>${textHtml(line)}</li>`,
    );
    return html`<tr><th scope="row">${textHtml(cell.label)}</th>${cells}<td>${wrong.length > 0 ? html`<ul>${wrong}</ul>` : html``}</td></tr>\n`;
  });
  const when = hasFirst ? 'at first' : 'in the end';
  return wideTable(
    'How many students have each cell right',
    [
      'Cell',
      ...(hasFirst ? ['Right at first'] : []),
      'Right in the final answer',
      `Most frequent wrong answers ${when}`,
    ],
    rows,
  );
}

const maxAnswers = 4;

/** Wrong answers such as `4096, by 12: whole width`, the most frequent first. */
function wrongAnswers(cell: CellStats | undefined, ideas: IdeaStats): string[] {
  if (!cell) return [];
  const judged = [...cell.values].map(([answer, { count, misconceptions, cause }]) => {
    const most = mostFrequent(misconceptions);
    const named = most
      ? ideas.titleOf(most[0])
      : cause?.kind === 'quantity'
        ? cause.name
        : 'no known misconception';
    return { answer: cut(answer), count, shows: named };
  });
  const unread = [...cell.unread].map(([written, count]) => ({
    answer: cut(written),
    count,
    shows: 'cannot be read as an answer',
  }));
  return [...judged, ...unread]
    .sort((a, b) => b.count - a.count || inOrder(a.answer, b.answer))
    .slice(0, maxAnswers)
    .map(({ answer, count, shows }) => `${answer}, by ${count}: ${shows}`);
}

/** Compares answers: numbers numerically, and other texts alphabetically after them. */
function inOrder(one: string, other: string): number {
  const [a, b] = [Number.parseFloat(one), Number.parseFloat(other)];
  if (Number.isNaN(a) !== Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1;
  return a - b || (one < other ? -1 : 1);
}

const maxLength = 60;

function cut(value: string): string {
  return value.length > maxLength ? `${value.slice(0, maxLength - 1)}…` : value;
}
