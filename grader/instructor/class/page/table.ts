import { type HtmlText, html, text } from '../../../report/escape/html';
import { labelsOf } from '../../../report/labels';
import type { Rubric } from '../../../rubric/rubric';
import type { CellTally, TableTally } from '../tally';
import { grid } from './grid';

/** The worksheet as a heat map: how many missed each cell. */
export function heatMap(tally: TableTally, { table }: Rubric, caption: string): HtmlText {
  const rows = table.rows.map(
    ({ id, label }) =>
      html`<tr><th scope="row">${text(label)}</th>${table.columns.map((column) => heat(tally.cell(id, column.id)))}</tr>\n`,
  );
  return grid(caption, ['Worksheet', ...table.columns.map(({ label }) => label)], rows);
}

/** `12 of 30 missed it`, on a colour in five steps. */
function heat({ right, wrong, empty }: CellTally): HtmlText {
  const all = right + wrong + empty;
  if (all === 0) return html`<td class="faint">nobody</td>`;
  const missed = wrong + empty;
  const step = missed === 0 ? 0 : Math.min(5, 1 + Math.floor((missed / all) * 5));
  const said = `${missed} of ${all} (${Math.round((100 * missed) / all)} %)`;
  return html`<td class="${text(`heat${step}`)}">${text(said)}</td>`;
}

/** The most frequent wrong values of each cell, and what they show. */
export function wrongValues(
  tally: TableTally,
  rubric: Rubric,
  causes: (id: string) => HtmlText,
  when: string,
): HtmlText {
  const labels = labelsOf(rubric);
  const rows = rubric.table.cells.flatMap((cell) => {
    const { wrong, values } = tally.cell(cell.row, cell.column);
    const most = [...values].sort(([a, many], [b, few]) => few.count - many.count || a - b).slice(0, 4);
    return most.map(([value, { count, causes: shown }], index) => {
      const [cause] = [...shown].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
      const said = cause
        ? html`${causes(cause[0])} ${text(`(${cause[1]})`)}`
        : html`<span class="faint">no known misconception</span>`;
      const head =
        index === 0
          ? html`<th scope="row" rowspan="${text(most.length)}">${text(labels.cell(cell))} <span class="faint">${text(`${wrong} wrong`)}</span></th>`
          : html``;
      return html`<tr>${head}<td class="number">${text(value)}</td><td class="number">${text(count)}</td><td>${said}</td></tr>\n`;
    });
  });
  if (rows.length === 0) return html`<p>No cell holds a wrong number.</p>`;
  const heads = ['Cell', 'Number', 'Students', 'What it shows, for how many'];
  return grid(`${when}: the most frequent wrong numbers of each cell`, heads, rows);
}
