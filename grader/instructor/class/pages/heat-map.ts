import { type HtmlText, html, textHtml } from '../../../render/escape/html';
import { wideTable } from '../../../render/html';
import { noCell } from '../../../render/status';
import type { Figures } from './figures';
import type { CellStats, TableStats, WorksheetStats } from './worksheet-stats';

/** Each table of the worksheet as a heat map: how many missed each cell. */
export function heatMaps({ tables }: WorksheetStats, caption: string, figures: Figures): HtmlText {
  const named = ({ label, export: name }: TableStats) =>
    tables.length > 1 ? `${label ?? name}. ${caption}` : caption;
  return html`${tables.map((table) => heatMap(table, named(table), figures))}`;
}

function heatMap({ rows, columns }: TableStats, caption: string, figures: Figures): HtmlText {
  const body = rows.map(({ label, heading, cells }) => {
    const section =
      heading === undefined
        ? html``
        : html`<tr class="section"><th scope="rowgroup" colspan="${textHtml(columns.length + 1)}">${textHtml(heading)}</th></tr>\n`;
    const inColumns = columns.map(({ id }) =>
      heat(
        cells.find((cell) => cell.id === id),
        figures,
      ),
    );
    return html`${section}<tr><th scope="row">${textHtml(label)}</th>${inColumns}</tr>\n`;
  });
  return wideTable(caption, ['Worksheet', ...columns.map(({ label }) => label)], body);
}

/** `12 of 30 missed it`, on a color in five steps. */
function heat(cell: CellStats | undefined, figures: Figures): HtmlText {
  if (!cell) return html`<td class="faint">${textHtml(noCell)}</td>`;
  const { right, wrong, empty } = cell;
  const all = right + wrong + empty;
  if (all === 0) return html`<td class="faint">nobody</td>`;
  const missed = wrong + empty;
  const isShown = figures.isShown(missed) && figures.isShown(all);
  // A color would tell what the words do not.
  const step = missed === 0 || !isShown ? 0 : Math.min(5, 1 + Math.floor((missed / all) * 5));
  const missedText = isShown
    ? `${missed} of ${all} (${Math.round((100 * missed) / all)}\u00a0%)`
    : figures.count(missed);
  const named = cell.name === undefined ? missedText : `${cell.name}: ${missedText}`;
  return html`<td class="${textHtml(`heat${step}`)}">${textHtml(named)}</td>`;
}

/** What was written in a cell and is not right: how often, and what it shows. */
interface Written {
  readonly text: string;
  readonly count: number;
  readonly shows: HtmlText;
}

/** The most frequent wrong answers of each cell, and what they show. */
export function wrongValues(
  stats: WorksheetStats,
  causes: (id: string) => HtmlText,
  when: string,
  figures: Figures,
): HtmlText {
  const rows = stats.all().flatMap(({ label, wrong, values, unread }) => {
    const judged = [...values].map(([value, { count, misconceptions, cause: other }]): Written => {
      const [cause] = [...misconceptions].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
      const shows = cause
        ? html`${causes(cause[0])} ${textHtml(`(${figures.count(cause[1])})`)}`
        : html`<span class="faint">${textHtml(other?.kind === 'quantity' ? other.name : 'no known misconception')}</span>`;
      return { text: value, count, shows };
    });
    const odd = [...unread].map(([written, count]): Written => {
      return { text: written, count, shows: html`<span class="faint">cannot be read as an answer</span>` };
    });
    const most = [...judged, ...odd]
      .filter(({ count }) => figures.isShown(count))
      .sort((a, b) => b.count - a.count || inOrder(a.text, b.text))
      .slice(0, 4);
    const notRead = odd.reduce((sum, { count }) => sum + count, 0);
    const all = [
      ...(wrong > 0 ? [`${figures.count(wrong)} wrong`] : []),
      ...(notRead > 0 ? [`${figures.count(notRead)} not read`] : []),
    ];
    return most.map(({ text: written, count, shows }, index) => {
      const head =
        index === 0
          ? html`<th scope="row" rowspan="${textHtml(most.length)}">${textHtml(label)} <span class="faint">${textHtml(all.join(', '))}</span></th>`
          : html``;
      return html`<tr>${head}<td>${textHtml(cut(written))}</td><td class="number">${textHtml(count)}</td><td>${shows}</td></tr>\n`;
    });
  });
  if (rows.length === 0)
    return html`<p>${textHtml(stats.all().some(({ wrong }) => wrong > 0) ? 'No wrong answer was given by many.' : 'No cell holds a wrong answer.')}</p>`;
  const heads = ['Cell', 'Answer', 'Students', 'What it shows, for how many'];
  return wideTable(`${when}: the most frequent wrong answers of each cell`, heads, rows);
}

/** Numbers by their size, and texts by their letters. */
function inOrder(one: string, other: string): number {
  const [a, b] = [Number.parseFloat(one), Number.parseFloat(other)];
  if (Number.isNaN(a) !== Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1;
  return a - b || (one < other ? -1 : 1);
}

const maxLength = 60;

function cut(value: string): string {
  return value.length > maxLength ? `${value.slice(0, maxLength - 1)}…` : value;
}
