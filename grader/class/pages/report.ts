import { type HtmlText, html, page, textHtml } from '../../render/escape/html';
import { rowsAgain } from '../../rubric/rubric';
import { rightAgain } from './again';
import { followUpFile } from './follow-up';
import { unexplainedAnswers } from './hints';
import { ideasTable } from './ideas';
import { linksTo, type PageSection, sectionHtml, style } from './layout';
import { nextClass } from './next-class';
import { distribution, statusCounts } from './points';
import { reflections } from './reflections';
import type { ClassStats } from './statistics';
import type { Idea } from './vote';
import { worksheet } from './worksheet';

/** Inputs for the page, besides the statistics. */
export interface PageContext {
  /** Notes on the run as a whole. */
  readonly notes: readonly string[];
  /** The idea that the vote's question is about, if there is one. */
  readonly asked: Idea | undefined;
  /** The explanation of each row, by row. */
  readonly explanations: Readonly<Record<string, string>>;
}

/**
 * Renders the page of a class: what to teach next. It is one file, without scripts; names of students are on
 * another page.
 */
export function renderPage(stats: ClassStats, { notes, asked, explanations }: PageContext): HtmlText {
  const { rubric } = stats;
  const sections: PageSection[] = [
    ['ideas', 'Ideas', ideasTable(stats)],
    ['reasons', 'Wrong answers without a reason', unexplainedAnswers(stats.ideas)],
    ['points', 'Points', html`${statusCounts(stats.totals)}${distribution(stats.totals, rubric)}`],
    ...(rowsAgain(rubric).length > 0
      ? [['again', 'At other sizes', rightAgain(stats.again, stats.totals, rubric)] as const]
      : []),
    ...(rubric.reflection ? [['reflections', 'Reflections', reflections(stats)] as const] : []),
  ];
  const first: PageSection[] = [
    ['worksheet', 'The worksheet', worksheet(stats)],
    ['tomorrow', 'Tomorrow’s five minutes', nextClass(stats, asked, explanations)],
  ];
  const body = html`<header><h1>${textHtml(rubric.title)}</h1>${reviewLine(stats)}
${linksTo(sections)}</header>
<main>${noteList(notes)}<div class="first">${first.map(sectionHtml)}</div>
${sections.map(sectionHtml)}</main>`;
  return page(`${rubric.title}: the class`, style, body);
}

/** Summarizes the page with names, and links to it. */
function reviewLine({ followUp }: ClassStats): HtmlText {
  const { reviewed, peopleToTalkTo: toTalkTo } = followUp;
  const students = (count: number) => `${count} student${count === 1 ? '' : 's'}`;
  const talk = toTalkTo === 0 ? '' : `; ${students(toTalkTo)} may want a conversation`;
  return html`<p><a href="${textHtml(followUpFile)}">${textHtml(`${reviewed === 0 ? 'No grade needs' : `The grades of ${students(reviewed)} need`} a look${talk}`)}</a> (with names). For the projector, use only the question.</p>`;
}

/** Renders notes on anything that could make grades wrong. They are above everything else. */
function noteList(notes: readonly string[]): HtmlText {
  if (notes.length === 0) return html``;
  const [first = '', ...others] = notes;
  const list = html`<ul>${others.map((note) => html`<li>${textHtml(note)}</li>`)}</ul>`;
  const more =
    others.length === 0
      ? html``
      : html`<details><summary>${textHtml(`${others.length} more`)}</summary>${list}</details>`;
  return html`<aside aria-label="Notes" class="notes"><p><strong>Note:</strong> ${textHtml(first)}</p>${more}</aside>\n`;
}
