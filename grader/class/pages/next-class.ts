import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { shortLabel } from '../../render/status';
import { rowsOf } from '../../rubric/rubric';
import { type Figures, isPartShown } from './figures';
import { mostWritten } from './ideas';
import { pollFile } from './poll';
import type { ClassStats } from './statistics';
import { type Idea, inWords, minHolders, openIdeas, shownIdeas } from './vote';

/**
 * Plans the first minutes of the next meeting: the idea that most deserves them, why, and two more.
 *
 * @param explanations the explanation of each row, by row.
 */
export function nextClass(
  stats: ClassStats,
  asked: Idea | undefined,
  explanations: Readonly<Record<string, string>>,
  figures: Figures,
): HtmlText {
  if (stats.totals.started === 0) return html`<p><strong>Nobody has started yet.</strong></p>`;
  const [idea, ...others] = shownIdeas(stats, figures);
  if (!idea) return html`${nothingOpen(stats, figures)}${resolved(stats, figures)}`;
  const about =
    asked && asked.id !== idea.id ? ` about ${asked.title}, because this one cannot be asked` : '';
  const poll = asked
    ? html`<p><a href="${textHtml(pollFile)}">Open the question for the projector</a>${textHtml(about)}: at other sizes, so it shows nobody’s answer. Students vote alone, discuss, and vote again.</p>`
    : html``;
  const why = explanations[idea.row.id] ?? idea.stats.rows.get(idea.row.id) ?? '';
  const next = others
    .filter((other) => other.stats.still >= minHolders)
    .slice(0, 2)
    .map((other) => html`<li>${textHtml(`${other.title}. `)}${example(other, stats, figures)}</li>`);
  return html`<h3 class="idea">${textHtml(idea.title)}</h3>
<p class="written">${example(idea, stats, figures)}</p>
<p>${textHtml(why)}</p>
<p class="faint">${textHtml(whyText(idea, stats, figures))}</p>
${poll}
<details><summary>A paragraph to send to the class</summary><blockquote><p>${textHtml(paragraph(idea, stats))}</p></blockquote></details>
${next.length > 0 ? html`<p>Next:</p><ol class="next" start="2">${next}</ol>` : html``}${resolved(stats, figures)}`;
}

/** Shows `Basket: down 7, across 24, by 12 of 27`: the answer that most students with the idea wrote. */
function example({ row, stats: idea }: Idea, { totals }: ClassStats, figures: Figures): HtmlText {
  const most = mostWritten(idea.written.get(row.id), idea.held.get(row.id) ?? 0, figures);
  const started = figures.count(totals.started);
  return most
    ? html`${textHtml(shortLabel(row.label))}: <b>${textHtml(most.text)}</b>${textHtml(`, by ${most.count} of ${started}`)}`
    : textHtml(`By ${figures.count(idea.still)} of ${started}`);
}

function nothingOpen(stats: ClassStats, figures: Figures): HtmlText {
  const [most] = stats.ideas.final.mostMissed(1);
  const started = figures.count(stats.totals.started);
  const missed = most && isPartShown(most.missed, most.all, figures) ? String(most.missed) : 'some';
  const headline =
    most === undefined
      ? `None of the ${started} who started missed a cell.`
      : `No known misconception is ${openIdeas(stats).length > 0 ? 'held by many' : 'left'} in the end. Most missed: ${most.label}, by ${missed} of the ${started} who started.`;
  return html`<p><strong>${textHtml(headline)}</strong></p>`;
}

/** Says how many hold an idea, where, and how many got over it. */
function whyText(idea: Idea, stats: ClassStats, figures: Figures): string {
  const { students, still } = idea.stats;
  const gotOver = students - still;
  const over =
    gotOver > 0
      ? ` ${figures.count(gotOver)} more had it earlier and corrected it.`
      : ' Nobody who had it corrected it.';
  const who = still === 1 ? 'shows' : 'show';
  return `${figures.count(still)} of the ${figures.count(stats.totals.started)} who started still ${who} it in their final answer, in ${inWords.format(rowsHeld(idea, stats))}.${stats.totals.withHistory > 0 ? over : ''}`;
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
function resolved(stats: ClassStats, figures: Figures): HtmlText {
  const found = [...stats.ideas.misconceptions]
    .filter(([, { still, students }]) => still === 0 && students > 1 && figures.isShown(students))
    .sort(([, one], [, other]) => other.students - one.students)
    .slice(0, 3)
    .map(([id, { students }]) => `${stats.ideas.titleOf(id)} (${figures.count(students)})`);
  return found.length === 0
    ? html``
    : html`<p>${textHtml(`Resolved without you: ${found.join('; ')}. Everyone who had it corrected it.`)}</p>`;
}
