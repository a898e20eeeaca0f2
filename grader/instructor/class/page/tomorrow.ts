import { sentencesOf } from '../../../message';
import { type HtmlText, html, text } from '../../../render/escape/html';
import { rowsOf } from '../../../rubric/rubric';
import { type Idea, openIdeas } from '../poll';
import type { ClassStats } from '../statistics';
import type { Figures } from './figures';
import { shortLabel } from './grid';
import { pollFile } from './poll';

/** What to do in the first minutes of the next meeting, and why. */
export function tomorrow(stats: ClassStats, hasPoll: boolean, figures: Figures): HtmlText {
  if (stats.started === 0) return html`<p><strong>Nobody has started yet.</strong></p>`;
  const [idea] = openIdeas(stats).filter(({ stats: { still } }) => figures.isShown(still));
  if (!idea) return nothingOpen(stats, figures);
  const poll = hasPoll
    ? html`<p><a href="${text(pollFile)}">Vote on it: one question at another model’s sizes</a>, for the projector. Vote alone, discuss, vote again.</p>`
    : html``;
  return html`<p class="idea"><strong>${text(idea.title)}</strong></p>
<p>${text(whyText(idea, stats, figures))}</p>
${poll}
<p id="to-send">To send to the class:</p>
<blockquote aria-labelledby="to-send"><p>${text(paragraph(idea, stats))}</p></blockquote>`;
}

function nothingOpen(stats: ClassStats, figures: Figures): HtmlText {
  const [most] = stats.final.mostMissed(1);
  const [started, missed] = [stats.started, most?.missed ?? 0].map(figures.count);
  const said =
    most === undefined
      ? `None of the ${started} who started missed a cell.`
      : `No known misconception is ${openIdeas(stats).length > 0 ? 'held by many' : 'left'} in the end. Most missed: ${most.label}, by ${missed} of the ${started} who started.`;
  return html`<p><strong>${text(said)}</strong></p>`;
}

/** How many hold it, where, and how many got over it. */
function whyText({ stats: idea, row }: Idea, stats: ClassStats, figures: Figures): string {
  const { started } = stats;
  const gotOver = idea.students - idea.still;
  const labels = rowsOf(stats.rubric).flatMap(({ id, label }) =>
    idea.held.has(id) ? shortLabel(label) : [],
  );
  const where =
    labels.length > mostRows
      ? `${shortLabel(row.label)} and ${labels.length - 1} other rows`
      : labels.join(', ');
  const who = idea.still === 1 ? 'shows' : 'show';
  const over =
    gotOver > 0
      ? ` ${figures.count(gotOver)} more had it on the way and got over it.`
      : ' Nobody who had it got over it.';
  return `${figures.count(idea.still)} of the ${figures.count(started)} who started still ${who} it in the end, in ${where}.${stats.withHistory > 0 ? over : ''}`;
}

const mostRows = 4;

/** A few sentences for a class that may still correct itself: no answer, and nobody's name. */
function paragraph({ stats: idea, row }: Idea, { rubric }: ClassStats): string {
  const questions = [
    ...sentencesOf(idea.rows.get(row.id) ?? ''),
    ...row.cells.flatMap(({ guidingQuestion = '' }) => sentencesOf(guidingQuestion)),
  ].filter((sentence) => sentence.endsWith('?'));
  const [asked] = questions;
  const think = asked === undefined ? '' : ` Ask yourself: “${asked}”`;
  return `Thank you for your work on “${rubric.title}”. What many of us are not sure of yet is “${shortLabel(row.label)}”.${think} We start the next meeting with one question about it, and you need not prepare anything.`;
}

/** After how many tries in the middle of those who got over it. */
export function medianOf(counts: ReadonlyMap<number, number>): number | undefined {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const all = sorted.reduce((sum, [, many]) => sum + many, 0);
  let below = 0;
  for (const [value, many] of sorted) {
    below += many;
    if (2 * below >= all) return value;
  }
  return undefined;
}
