import { type HtmlText, html, text } from '../../../render/escape/html';
import { cellsOf, type Item } from '../../../rubric/rubric';
import type { CellStats, TableStats } from '../statistics';
import { grid } from './grid';

/** The worksheet as a heat map: how many missed each cell. */
export function heatMap({ rows }: TableStats, columns: readonly Item[], caption: string): HtmlText {
  const body = rows.map(
    ({ label, cells }) => html`<tr><th scope="row">${text(label)}</th>${cells.map(heat)}</tr>\n`,
  );
  return grid(caption, ['Worksheet', ...columns.map(({ label }) => label)], body);
}

/** `12 of 30 missed it`, on a color in five steps. */
function heat({ right, wrong, empty }: CellStats): HtmlText {
  const all = right + wrong + empty;
  if (all === 0) return html`<td class="faint">nobody</td>`;
  const missed = wrong + empty;
  const step = missed === 0 ? 0 : Math.min(5, 1 + Math.floor((missed / all) * 5));
  const said = `${missed} of ${all} (${Math.round((100 * missed) / all)} %)`;
  return html`<td class="${text(`heat${step}`)}">${text(said)}</td>`;
}

/** The most frequent wrong values of each cell, and what they show. */
export function wrongValues(stats: TableStats, causes: (id: string) => HtmlText, when: string): HtmlText {
  const rows = cellsOf(stats).flatMap(({ label, wrong, values }) => {
    const most = [...values].sort(([a, many], [b, few]) => few.count - many.count || a - b).slice(0, 4);
    return most.map(([value, { count, causes: shown }], index) => {
      const [cause] = [...shown].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
      const said = cause
        ? html`${causes(cause[0])} ${text(`(${cause[1]})`)}`
        : html`<span class="faint">no known misconception</span>`;
      const head =
        index === 0
          ? html`<th scope="row" rowspan="${text(most.length)}">${text(label)} <span class="faint">${text(`${wrong} wrong`)}</span></th>`
          : html``;
      return html`<tr>${head}<td class="number">${text(value)}</td><td class="number">${text(count)}</td><td>${said}</td></tr>\n`;
    });
  });
  if (rows.length === 0) return html`<p>No cell holds a wrong number.</p>`;
  const heads = ['Cell', 'Number', 'Students', 'What it shows, for how many'];
  return grid(`${when}: the most frequent wrong numbers of each cell`, heads, rows);
}
