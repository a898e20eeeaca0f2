import { type HtmlText, html, textHtml } from '../../../render/escape/html';
import { wideTable } from '../../../render/html';
import { rowsOf } from '../../../rubric/rubric';
import { type Figures, shortLabel } from './figures';
import { wrongValues } from './heat-map';
import { medianOf } from './next-class';
import type { ClassStats } from './statistics';

function misconceptionRows({ ideas: { misconceptions } }: ClassStats) {
  return [...misconceptions].sort(
    ([a, one], [b, other]) => other.still - one.still || other.students - one.students || (a < b ? -1 : 1),
  );
}

/** Who showed which idea, at first and in the end, and the answers that show it. */
export function misconceptionTables(stats: ClassStats, figures: Figures): HtmlText {
  const found = misconceptionRows(stats);
  const causes = (id: string) => html`<em>${textHtml(stats.ideas.titleOf(id))}</em>`;
  const values = stats.ideas.first.hasAnswers()
    ? wrongValues(stats.ideas.first, causes, 'First attempts', figures)
    : wrongValues(stats.ideas.final, causes, 'Final answers', figures);
  if (found.length === 0) return html`${values}<p>No known misconception was shown.</p>`;
  const rows = found.slice(0, 40).map(([id, { students, first, still, after }]) => {
    const gotOver = students - still;
    const tries = figures.isShown(gotOver) ? medianOf(after) : undefined;
    // Without histories it is only known what is there in the end.
    const isKnown = stats.totals.withHistory > 0;
    const counts = [isKnown ? first : undefined, students, still, isKnown ? gotOver : undefined].map(
      (count) => html`<td class="number">${textHtml(count === undefined ? '–' : figures.count(count))}</td>`,
    );
    return html`<tr><th scope="row">${textHtml(stats.ideas.titleOf(id))}</th>${counts}<td class="number">${textHtml(tries ?? '–')}</td></tr>\n`;
  });
  const pairs = [...stats.ideas.pairs]
    .filter(([, count]) => count > 1 && figures.isShown(count))
    .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
    .slice(0, 15)
    .map(([pair, count]) => {
      const [one = '', other = ''] = pair.split('\n').map((id) => stats.ideas.titleOf(id));
      return html`<tr><td>${textHtml(one)}</td><td>${textHtml(other)}</td><td class="number">${textHtml(count)}</td></tr>\n`;
    });
  const together =
    pairs.length === 0
      ? html``
      : wideTable(
          'Misconceptions that the same students showed',
          ['Misconception', 'Other misconception', 'Students'],
          pairs,
        );
  const known = wideTable(
    `Known misconceptions: how many of all ${stats.totals.students} students had it in a first attempt, at any time, and in the end; who got over it, after how many commits with other answers (the median)`,
    ['Misconception', 'At first', 'At any time', 'In the end', 'Got over it', 'After'],
    rows,
  );
  const hints = found
    .slice(0, 40)
    .map(
      ([id, { rows: texts }]) =>
        html`<h3>${textHtml(stats.ideas.titleOf(id))}</h3>${hintsByRow(texts, stats)}`,
    );
  return html`${known}\n<details><summary>What students read of each, by row</summary>${hints}</details>${together}${values}`;
}

/** What a misconception is called in each row; rows that share a text are named together. */
function hintsByRow(texts: ReadonlyMap<string, string>, { rubric }: ClassStats): HtmlText {
  const labels = new Map<string, string[]>();
  for (const { id, label } of rowsOf(rubric)) {
    const hint = texts.get(id);
    if (hint !== undefined) labels.set(hint, [...(labels.get(hint) ?? []), shortLabel(label)]);
  }
  return html`${[...labels].map(([hint, rows]) => html`<p><span class="faint">${textHtml(rows.join(', '))}:</span> ${textHtml(hint)}</p>`)}`;
}
