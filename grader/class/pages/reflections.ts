import { type HtmlText, html, htmlLink, textHtml, textLines } from '../../render/escape/html';
import { possibleReflection } from '../../rubric/rubric';
import type { Who } from './follow-up-stats';
import type { ShownResponse } from './response-stats';
import type { ClassStats } from './statistics';
import { shuffled } from './vote';

/** The reflections, in a collapsed section per question. */
export function reflections({ rubric, responses }: ClassStats): HtmlText {
  const { reflection } = rubric;
  if (!reflection) return html``;
  const withoutQuestion = responses.counts.has('') ? [{ id: '', label: 'Under no question' }] : [];
  const all = [...reflection.questions, ...withoutQuestion];
  const isAnswered = ({ id }: { id: string }) => (responses.counts.get(id) ?? 0) > 0;
  const silent = all.filter((question) => !isAnswered(question)).map(({ label }) => `“${label}”`);
  const questions = all.filter(isAnswered).map(({ id, label }) => {
    const shown = [...(responses.shown.get(id)?.values() ?? [])];
    const entries = shuffled(shown).sort((a, b) => b.count - a.count);
    const count = responses.counts.get(id) ?? 0;
    const hidden = responses.unshown(id);
    const rest = hidden > 0 ? html`<p>${textHtml(`responses.csv has ${hidden} more.`)}</p>` : html``;
    return html`<details><summary>${textHtml(`${label} (${count} response${count === 1 ? '' : 's'})`)}</summary>
<ul class="responses">${entries.map(response)}</ul>
${rest}</details>\n`;
  });
  const worth = possibleReflection(reflection);
  return html`<p>${textHtml(`Students respond to ${reflection.choose} of these, for ${worth} point${worth === 1 ? '' : 's'} whatever they write. Open a question to read its responses; equal ones are merged. There are no names here; responses.csv has them.`)}</p>
${questions}${silent.length > 0 ? html`<p>${textHtml(`Nobody responded to ${silent.join(', ')}.`)}</p>` : html``}`;
}

function response({ text, count }: ShownResponse): HtmlText {
  const cutText = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  const who = count > 1 ? html`<p class="who">${textHtml(`${count} students wrote this.`)}</p>` : html``;
  return html`<li><p>${textLines(cutText)}</p>${who}</li>\n`;
}

/** Longer responses are cut on the page; `responses.csv` has the full text. */
const maxLength = 1500;

export function name({ label, link: address }: Who): HtmlText {
  return htmlLink(label, address);
}
