import { type HtmlText, html, page, textHtml } from '../../../render/escape/html';
import { coarseFigures, exactFigures, type Figures } from './figures';
import { firstAgainstFinal } from './first-final';
import { followUpFile } from './follow-up';
import { heatMaps } from './heat-map';
import { hintOutcomes, unexplainedAnswers } from './hints';
import { misconceptionTables } from './misconceptions';
import { nextClass } from './next-class';
import { distribution, statusCounts } from './points';
import { reflections } from './reflections';
import type { ClassStats } from './statistics';
import { style } from './style';
import type { Idea } from './vote';

/** What the page says of itself. */
export interface PageContext {
  /** Whether it may say who did what; else it holds nothing that anybody wrote, and no count of a few. */
  readonly hasNames: boolean;
  /** What to know about the run as a whole. */
  readonly notes: readonly string[];
  /** The idea that there is a question about, if there is one to vote on. */
  readonly asked: Idea | undefined;
}

/** The page of a class: what to teach next. One file, without scripts; who is who stands on another one. */
export function renderPage(stats: ClassStats, { hasNames, notes, asked }: PageContext): HtmlText {
  const { rubric } = stats;
  const figures = hasNames ? exactFigures : coarseFigures;
  const sections: (readonly [id: string, title: string, body: HtmlText])[] = [
    ['tomorrow', 'Tomorrow’s five minutes', nextClass(stats, asked, figures)],
    ['misconceptions', 'Misconceptions', misconceptionTables(stats, figures)],
    ['worksheet', 'The worksheet', worksheet(stats, figures)],
    [
      'points',
      'Points',
      html`${statusCounts(stats.totals, figures)}${distribution(stats.totals, rubric, figures)}`,
    ],
    ...(hasNames && rubric.reflection ? [['reflections', 'Reflections', reflections(stats)] as const] : []),
    [
      'reasons',
      'Reasons',
      html`${unexplainedAnswers(stats.ideas, figures)}${hintOutcomes(stats.hints, stats.ideas, figures)}`,
    ],
  ];
  const body = html`<header><h1>${textHtml(rubric.title)}</h1>${hasNames ? reviewLine(stats) : withoutNames}
<nav aria-label="On this page"><ul>${sections.map(([id, title]) => html`<li><a href="#${textHtml(id)}">${textHtml(title)}</a></li>`)}</ul></nav></header>
<main>${noteList(hasNames || notes.length === 0 ? notes : ['run.json has notes on this run; they may hold names.'])}${sections.map(([id, title, content]) => html`<section aria-labelledby="${textHtml(id)}"><h2 id="${textHtml(id)}">${textHtml(title)}</h2>\n${content}</section>\n`)}</main>`;
  return page(`${rubric.title}: the class`, style, body);
}

/** What stands on the page with names. */
function reviewLine({ followUp: { reviewed, conversations } }: ClassStats): HtmlText {
  const students = (count: number) => `${count} student${count === 1 ? '' : 's'}`;
  const talk =
    conversations.length === 0 ? '' : `; ${students(conversations.length)} may want a conversation`;
  return html`<p><a href="${textHtml(followUpFile)}">${textHtml(`${reviewed === 0 ? 'No grade needs' : `The grades of ${students(reviewed)} need`} a look${talk}`)}</a> (with names). For the projector there is the question alone.</p>`;
}

const withoutNames = html`<p>Without names: no login, link or reflection is here, and no count of a few.</p>`;

/** What could make grades wrong stands above everything. */
function noteList(notes: readonly string[]): HtmlText {
  if (notes.length === 0) return html``;
  return html`<aside aria-label="Notes" class="notes"><p><strong>Notes</strong></p><ul>${notes.map((note) => html`<li>${textHtml(note)}</li>`)}</ul></aside>\n`;
}

function worksheet(stats: ClassStats, figures: Figures): HtmlText {
  const final = heatMaps(
    stats.ideas.final,
    `Final answers: how many of the ${figures.count(stats.totals.started)} who started missed each cell`,
    figures,
  );
  if (!stats.ideas.first.hasAnswers())
    return html`${final}<p class="faint">No history says what the first attempts were.</p>`;
  const first = heatMaps(
    stats.ideas.first,
    `First attempts: how many missed each cell in the first complete answer of its row, of those among the ${figures.count(stats.totals.withHistory)} with a history who have one`,
    figures,
  );
  return html`<p>A self-check leads most students to the right table, so what they thought before it comes first.</p>
${firstAgainstFinal(stats, figures)}${first}${final}`;
}
