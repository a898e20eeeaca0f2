import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { shortLabel } from '../../render/status';
import { rowsOf } from '../../rubric/rubric';
import { pollFile } from './poll';
import type { ClassStats } from './statistics';
import { type Idea, inWords, minHolders, openIdeas } from './vote';
import { mostFrequent } from './worksheet-stats';

/**
 * Plans the first minutes of the next meeting: the idea that most deserves them, why, and two more.
 *
 * @param explanations the explanation of each row, by row.
 */
export function nextClass(
  stats: ClassStats,
  asked: Idea | undefined,
  explanations: Readonly<Record<string, string>>,
): HtmlText {
  if (stats.totals.started === 0) return html`<p><strong>Nobody has started yet.</strong></p>`;
  const [idea, ...others] = openIdeas(stats);
  if (!idea) return html`${nothingOpen(stats)}${resolved(stats)}`;
  const about =
    asked && asked.id !== idea.id ? ` about ${asked.title}, because this one cannot be asked` : '';
  const poll = asked
    ? html`<p><a href="${textHtml(pollFile)}">Open the question for the projector</a>${textHtml(about)}: at other sizes, so it shows nobody’s answer. Students vote alone, discuss, and vote again.</p>`
    : html``;
  const why = explanations[idea.row.id] ?? idea.stats.rows.get(idea.row.id) ?? '';
  const next = others
    .filter((other) => other.stats.still >= minHolders)
    .slice(0, 2)
    .map((other) => html`<li>${textHtml(`${other.title}. `)}${example(other, stats)}</li>`);
  return html`<h3 class="idea">${textHtml(idea.title)}</h3>
<p class="written">${example(idea, stats)}</p>
<p>${textHtml(why)}</p>
<p class="faint">${textHtml(whyText(idea, stats))}</p>
${poll}
<details><summary>A paragraph to send to the class</summary><blockquote><p>${textHtml(paragraph(idea, stats))}</p></blockquote></details>
${next.length > 0 ? html`<p>Next:</p><ol class="next" start="2">${next}</ol>` : html``}${resolved(stats)}`;
}

/** Shows `Basket: down 7, across 24, by 12 of 27`: the answer that most students with the idea wrote. */
function example({ row, stats: idea }: Idea, { totals }: ClassStats): HtmlText {
  const most = mostFrequent(idea.written.get(row.id) ?? new Map());
  const started = totals.started;
  return most
    ? html`${textHtml(shortLabel(row.label))}: <b>${textHtml(most[0])}</b>${textHtml(`, by ${most[1]} of ${started}`)}`
    : textHtml(`By ${idea.still} of ${started}`);
}

function nothingOpen(stats: ClassStats): HtmlText {
  const [most] = stats.ideas.final.mostMissed(1);
  const started = stats.totals.started;
  const headline =
    most === undefined
      ? `None of the ${started} who started missed a cell.`
      : `No known misconception is ${openIdeas(stats).length > 0 ? 'held by many' : 'left'} in the end. Most missed: ${most.label}, by ${most.missed} of the ${started} who started.`;
  return html`<p><strong>${textHtml(headline)}</strong></p>`;
}

/** Says how many hold an idea, where, and how many got over it. */
function whyText(idea: Idea, stats: ClassStats): string {
  const { students, still } = idea.stats;
  const gotOver = students - still;
  const over =
    gotOver > 0 ? ` ${gotOver} more had it earlier and corrected it.` : ' Nobody who had it corrected it.';
  const who = still === 1 ? 'shows' : 'show';
  return `${still} of the ${stats.totals.started} who started still ${who} it in their final answer, in ${inWords.format(rowsHeld(idea, stats))}.${stats.totals.withHistory > 0 ? over : ''}`;
}

/** Returns the labels of the rows where an idea is held. */
function rowsHeld({ stats: idea }: Idea, { rubric }: ClassStats): string[] {
  const labels = rowsOf(rubric).flatMap(({ id, label }) => (idea.held.has(id) ? shortLabel(label) : []));
  const more = labels.length - maxRows;
  return more > 0 ? [...labels.slice(0, maxRows), `${more} more`] : labels;
}

const maxRows = 4;

/** Returns a few sentences for a class that may still correct its work: no answer, no hint, and no names. */
function paragraph(idea: Idea, stats: ClassStats): string {
  const rows = rowsHeld(idea, stats).map((label) => (/^\d+ more$/.test(label) ? label : `“${label}”`));
  const [verb, them] = rows.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return `Thank you for your work on “${stats.rubric.title}”. ${inWords.format(rows)} ${verb} still open for some of us. We will start the next class with one question about ${them}. You do not need to prepare anything.`;
}

/** Lists ideas that several students had, and nobody in the end. */
function resolved(stats: ClassStats): HtmlText {
  const found = [...stats.ideas.misconceptions]
    .filter(([, { still, students }]) => still === 0 && students > 1)
    .sort(([, one], [, other]) => other.students - one.students)
    .slice(0, 3)
    .map(([id, { students }]) => `${stats.ideas.titleOf(id)} (${students})`);
  return found.length === 0
    ? html``
    : html`<p>${textHtml(`Resolved without you: ${found.join('; ')}. Everyone who had it corrected it.`)}</p>`;
}
