import { type HtmlText, html, text } from '../../../render/escape/html';
import { noCell } from '../../../render/status';
import type { CellStats, TableStats, WorksheetStats } from '../statistics';
import { grid } from './grid';

/** Each table of the worksheet as a heat map: how many missed each cell. */
export function heatMaps({ tables }: WorksheetStats, caption: string): HtmlText {
  const named = ({ label, export: name }: TableStats) =>
    tables.length > 1 ? `${label ?? name}. ${caption}` : caption;
  return html`${tables.map((table) => heatMap(table, named(table)))}`;
}

function heatMap({ rows, columns }: TableStats, caption: string): HtmlText {
  const body = rows.map(({ label, heading, cells }) => {
    const section =
      heading === undefined
        ? html``
        : html`<tr class="section"><th scope="rowgroup" colspan="${text(columns.length + 1)}">${text(heading)}</th></tr>\n`;
    const inColumns = columns.map(({ id }) => heat(cells.find((cell) => cell.id === id)));
    return html`${section}<tr><th scope="row">${text(label)}</th>${inColumns}</tr>\n`;
  });
  return grid(caption, ['Worksheet', ...columns.map(({ label }) => label)], body);
}

/** `12 of 30 missed it`, on a color in five steps. */
function heat(cell: CellStats | undefined): HtmlText {
  if (!cell) return html`<td class="faint">${text(noCell)}</td>`;
  const { right, wrong, empty } = cell;
  const all = right + wrong + empty;
  if (all === 0) return html`<td class="faint">nobody</td>`;
  const missed = wrong + empty;
  const step = missed === 0 ? 0 : Math.min(5, 1 + Math.floor((missed / all) * 5));
  const said = `${missed} of ${all} (${Math.round((100 * missed) / all)} %)`;
  const named = cell.name === undefined ? said : `${cell.name}: ${said}`;
  return html`<td class="${text(`heat${step}`)}">${text(named)}</td>`;
}

/** The most frequent wrong values of each cell, and what they show. */
export function wrongValues(stats: WorksheetStats, causes: (id: string) => HtmlText, when: string): HtmlText {
  const rows = stats.all().flatMap(({ label, wrong, values }) => {
    const most = [...values]
      .sort(([a, many], [b, few]) => few.count - many.count || inOrder(a, b))
      .slice(0, 4);
    return most.map(([value, { count, causes: shown }], index) => {
      const [cause] = [...shown].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
      const said = cause
        ? html`${causes(cause[0])} ${text(`(${cause[1]})`)}`
        : html`<span class="faint">no known misconception</span>`;
      const head =
        index === 0
          ? html`<th scope="row" rowspan="${text(most.length)}">${text(label)} <span class="faint">${text(`${wrong} wrong`)}</span></th>`
          : html``;
      return html`<tr>${head}<td class="number">${text(cut(value))}</td><td class="number">${text(count)}</td><td>${said}</td></tr>\n`;
    });
  });
  if (rows.length === 0) return html`<p>No cell holds a wrong answer.</p>`;
  const heads = ['Cell', 'Answer', 'Students', 'What it shows, for how many'];
  return grid(`${when}: the most frequent wrong answers of each cell`, heads, rows);
}

/** Numbers by their size, and texts by their letters. */
function inOrder(one: string, other: string): number {
  return Number.parseFloat(one) - Number.parseFloat(other) || (one < other ? -1 : 1);
}

const longest = 60;

function cut(value: string): string {
  return value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
}
