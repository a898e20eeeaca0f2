import { type HtmlText, html, htmlLink, textHtml, textLines } from '../../render/escape/html';
import { wideTable } from '../../render/html';
import { shortLabel } from '../../render/status';
import { inSentence, possibleReflection, type Rubric, type RubricCell } from '../../rubric/rubric';
import { shuffled } from './figures';
import type { Who } from './follow-up-stats';
import type { ShownResponse } from './response-stats';
import type { ClassStats } from './statistics';

/** The reflections, in a collapsed section per question: the responses, and the cells that their authors missed. */
export function reflections(stats: ClassStats): HtmlText {
  const { reflection } = stats.rubric;
  if (!reflection) return html``;
  const withoutQuestion = stats.responses.counts.has('') ? [{ id: '', label: 'Under no question' }] : [];
  const all = [...reflection.questions, ...withoutQuestion];
  const isAnswered = ({ id }: { id: string }) => (stats.responses.counts.get(id) ?? 0) > 0;
  const silent = all.filter((question) => !isAnswered(question)).map(({ label }) => `“${label}”`);
  const questions = all.filter(isAnswered).map(({ id, label }) => {
    // Requests come first, then the most frequent responses.
    const entries = shuffled(stats.responses.shown.get(id) ?? []).sort(
      (a, b) => Number(isRequest(b.text)) - Number(isRequest(a.text)) || b.count - a.count,
    );
    const count = stats.responses.counts.get(id) ?? 0;
    const requests = entries.reduce((sum, entry) => sum + (isRequest(entry.text) ? entry.count : 0), 0);
    const hidden = stats.responses.unshown(id);
    const rest = hidden > 0 ? html`<p>${textHtml(`responses.csv has ${hidden} more.`)}</p>` : html``;
    const asking = requests > 0 ? `, ${requests} with a request` : '';
    return html`<details><summary>${textHtml(`${label} (${count} response${count === 1 ? '' : 's'}${asking})`)}</summary>
${keywords(stats, id)}
<ul class="responses">${entries.map((entry) => response(entry, stats))}</ul>
${rest}</details>\n`;
  });
  const worth = possibleReflection(reflection);
  return html`<p>${textHtml(`Students respond to ${reflection.choose} of these, for ${worth} point${worth === 1 ? '' : 's'} whatever they write. Open a question to read its responses: requests come first, and nearly identical responses are merged. There are no names here; responses.csv has them. Below each response are the cells that its author missed, at first if that is known.`)}</p>
${questions}${silent.length > 0 ? html`<p>${textHtml(`Nobody responded to ${silent.join(', ')}.`)}</p>` : html``}`;
}

/**
 * Whether a response makes a request: it has a question mark of any script, or an English phrase such as “please”. This
 * only affects the order.
 */
function isRequest(responseText: string): boolean {
  return /[?？؟]|\b(?:please|(?:can|could|would) (?:you|we|i)\b|i(?:'|’)d like|would like|more (?:examples|practice|time))/iu.test(
    responseText,
  );
}

function response({ text: responseText, count, missed }: ShownResponse, stats: ClassStats): HtmlText {
  const cutText = responseText.length > maxLength ? `${responseText.slice(0, maxLength)}…` : responseText;
  const beside = missed.length === 0 ? 'had every cell right' : `missed ${cellList(missed, stats.rubric)}`;
  const who = count > 1 ? `${count} students wrote this or nearly this.` : `This student ${beside}.`;
  return html`<li><p>${textLines(cutText)}</p><p class="who">${textHtml(who)}</p></li>\n`;
}

/** Longer responses are cut on the page; `responses.csv` has the full text. */
const maxLength = 1500;

/** Frequent words, each with the cells that its users missed most. */
function keywords(stats: ClassStats, question: string): HtmlText {
  const most = stats.responses.keywords.get(question)?.most(12) ?? [];
  if (most.length === 0) return html``;
  const rows = most.map(({ word, count, missed }) => {
    const cells = [...missed]
      .sort(([a, many], [b, few]) => few - many || (a.label < b.label ? -1 : 1))
      .slice(0, 3)
      .map(([cell, students]) => `${cell.label} (${students})`);
    return html`<tr><th scope="row">${textHtml(word)}</th><td class="number">${textHtml(count)}</td><td>${textHtml(cells.join(', ') || 'nothing')}</td></tr>\n`;
  });
  const caption = 'Words in several responses, and the cells that their authors missed most';
  return html`<details><summary>Frequent words</summary>${wideTable(caption, ['Word', 'Responses', 'Missed'], rows)}</details>`;
}

export function name({ label, link: address }: Who): HtmlText {
  return htmlLink(label, address);
}

/** Formats cells for people to read, row by row: `Basket: down, across; Crate: across`. */
function cellList(missed: readonly RubricCell[], { tables }: Rubric): string {
  const all = tables.flatMap(({ columns, rows }) => rows.map((row) => ({ ...row, columns })));
  const rows = all.flatMap(({ label, cells, columns: ofTable }) => {
    const columns = ofTable.filter(({ id }) => cells.some((cell) => cell.id === id && missed.includes(cell)));
    return columns.length === 0
      ? []
      : `${shortLabel(label)}: ${columns
          .map(({ id, label: column }) => inSentence(cells.find((cell) => cell.id === id)?.name ?? column))
          .join(', ')}`;
  });
  return rows.join('; ');
}
