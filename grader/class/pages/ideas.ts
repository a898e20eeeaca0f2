import { groupBy } from '../../key/group-by';
import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { wideTable } from '../../render/html';
import { shortLabel } from '../../render/status';
import { rowsOf } from '../../rubric/rubric';
import type { MisconceptionStats } from './idea-stats';
import type { ClassStats } from './statistics';
import { mostFrequent } from './worksheet-stats';

/** The most ideas on the page; results.jsonl has the rest. */
const maxIdeas = 40;

/**
 * How many students showed each misconception, at first and in the end. A collapsed section for each has the answers
 * that students wrote and the hints that they read.
 */
export function ideasTable(stats: ClassStats): HtmlText {
  const found = [...stats.ideas.misconceptions].sort(
    ([a, one], [b, other]) => other.still - one.still || other.students - one.students || (a < b ? -1 : 1),
  );
  if (found.length === 0) return html`<p>No answer shows a known misconception.</p>`;
  // Without histories, only the final answers are known.
  const isKnown = stats.totals.withHistory > 0;
  const rows = found.slice(0, maxIdeas).map(([id, idea]) => {
    const all = [isKnown ? idea.first : undefined, idea.still];
    const counts = all.map((count) => html`<td class="number">${textHtml(count ?? '–')}</td>`);
    return html`<tr><th scope="row"><details><summary>${textHtml(stats.ideas.titleOf(id))}</summary>${aboutIdea(id, idea, stats)}</details></th>${counts}</tr>\n`;
  });
  return wideTable(
    `Known misconceptions: how many of all ${stats.totals.students} students had it in a first attempt, and in their final answer`,
    ['Misconception', 'At first', 'In the end'],
    rows,
  );
}

function aboutIdea(id: string, { rows, written, held }: MisconceptionStats, stats: ClassStats): HtmlText {
  const answers = rowsOf(stats.rubric).flatMap(({ id: row, label }) => {
    const most = mostFrequent(written.get(row) ?? new Map());
    if (!most) return [];
    const [text, count] = most;
    const all = held.get(row) ?? 0;
    return `${shortLabel(label)}: ${text} (${count}${all > count ? ` of ${all}` : ''})`;
  });
  const together = [...stats.ideas.pairs]
    .flatMap(([pair, count]) => {
      const ids = pair.split('\n');
      const [other] = ids.filter((one) => one !== id);
      return ids.includes(id) && other !== undefined && count > 1 ? { other, count } : [];
    })
    .sort((a, b) => b.count - a.count || (a.other < b.other ? -1 : 1))
    .slice(0, 3)
    .map(({ other, count }) => `${stats.ideas.titleOf(other)} (${count})`);
  const facts = [
    ['Final answers', answers],
    ['These students also show', together],
  ] as const;
  const lines = facts.map(([what, all]) =>
    all.length === 0
      ? html``
      : html`<p><span class="faint">${textHtml(what)}:</span> ${textHtml(all.join('; '))}</p>`,
  );
  return html`${lines}${hintsByRow(rows, stats)}`;
}

/** A misconception's hints by row; rows with the same hint are listed together. */
function hintsByRow(texts: ReadonlyMap<string, string>, { rubric }: ClassStats): HtmlText {
  const rows = rowsOf(rubric).filter(({ id }) => texts.has(id));
  const shared = [...groupBy(rows, ({ id }) => texts.get(id) ?? '')];
  return html`${shared.map(([hint, all]) => html`<p><span class="faint">${textHtml(`${rubric.selfCheck === 'form' ? 'Known of' : 'Students read at'} ${all.map(({ label }) => shortLabel(label)).join(', ')}`)}:</span> ${textHtml(hint)}</p>`)}`;
}
