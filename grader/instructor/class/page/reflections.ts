import { type HtmlText, html, link, text, textLines } from '../../../report/escape/html';
import { possibleReflection } from '../../../rubric/rubric';
import type { ShownResponse, Tally, Who } from '../tally';
import { cellLabel, cellList } from './cells';
import { grid } from './grid';

/** The exit ticket: by question, what was said, and what those who said it had missed. */
export function reflections(tally: Tally): HtmlText {
  const { reflection } = tally.rubric;
  if (!reflection) return html``;
  const withoutQuestion = tally.responseCounts.has('') ? [{ id: '', label: 'Under no question' }] : [];
  const questions = [...reflection.questions, ...withoutQuestion].map(({ id, label }) => {
    const shown = tally.responses.get(id) ?? [];
    const all = tally.responseCounts.get(id) ?? 0;
    const hidden = tally.unshown(id);
    const rest = hidden > 0 ? html`<p>${text(`${hidden} more are in responses.csv.`)}</p>` : html``;
    return html`<section><h3>${text(label)}</h3>
<p>${text(`${all} response${all === 1 ? '' : 's'}.`)}</p>
${terms(tally, id)}
<ul class="responses">${shown.map((entry) => response(entry, tally))}</ul>
${rest}</section>\n`;
  });
  const worth = possibleReflection(reflection);
  return html`<p>${text(`Students pick ${reflection.choose} of these, for ${worth} points whatever they say. Below each response stand the cells that its author missed, in the first complete answer of a row where that is known.`)}</p>
${questions}`;
}

function response({ who, text: said, missed }: ShownResponse, tally: Tally): HtmlText {
  const beside = missed.length === 0 ? 'missed nothing' : `missed ${cellList(missed, tally.rubric)}`;
  const shown = said.length > longest ? `${said.slice(0, longest)}…` : said;
  return html`<li><p>${textLines(shown)}</p><p class="who">${name(who)} · ${text(beside)}</p></li>\n`;
}

/** Longer responses are cut on the page; they stand whole in `responses.csv`. */
const longest = 1500;

/** Frequent words, each with the cells that those who used it missed most. */
function terms(tally: Tally, question: string): HtmlText {
  const most = tally.terms.get(question)?.most(12) ?? [];
  if (most.length === 0) return html``;
  const rows = most.map(({ word, count, missed }) => {
    const cells = [...missed]
      .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
      .slice(0, 3)
      .map(([cell, students]) => `${cellLabel(cell, tally.rubric)} (${students})`);
    return html`<tr><th scope="row">${text(word)}</th><td class="number">${text(count)}</td><td>${text(cells.join(', ') || 'nothing')}</td></tr>\n`;
  });
  const caption = 'Words that several responses have, and what their authors missed most';
  return grid(caption, ['Word', 'Responses', 'Missed'], rows);
}

export function name({ label, link: address }: Who): HtmlText {
  return link(label, address);
}
