import { filledIn } from '../../../message';
import { type HtmlText, html, page, text } from '../../../report/escape/html';
import type { Tally } from '../tally';
import { cellLabel, shortLabel } from './cells';
import { grid } from './grid';
import { distribution, standing } from './overview';
import { name, reflections } from './reflections';
import { style } from './style';
import { heatMap, wrongValues } from './table';

/** What the page says of itself. */
export interface PageContext {
  /** Names, logins and links are left out. */
  readonly isAnonymous: boolean;
}

/** The page of a class: what to teach next, and what to look at. One file, without scripts. */
export function renderPage(tally: Tally, { isAnonymous }: PageContext): HtmlText {
  const { rubric } = tally;
  const sections: (readonly [id: string, title: string, body: HtmlText])[] = [
    ['glance', 'At a glance', html`${teachNext(tally)}${standing(tally)}${distribution(tally)}`],
    ['worksheet', 'The worksheet', worksheet(tally)],
    ['mistakes', 'Mistakes', mistakes(tally)],
    ...(rubric.reflection ? [['reflections', 'Reflections', reflections(tally)] as const] : []),
    ['look', 'Places to look', look(tally, isAnonymous)],
  ];
  const body = html`<header><h1>${text(rubric.title)}</h1>${isAnonymous ? anonymous : html``}
<nav aria-label="On this page"><ul>${sections.map(([id, title]) => html`<li><a href="#${text(id)}">${text(title)}</a></li>`)}</ul></nav></header>
<main>${sections.map(([id, title, content]) => html`<section aria-labelledby="${text(id)}"><h2 id="${text(id)}">${text(title)}</h2>\n${content}</section>\n`)}</main>`;
  return page(`${rubric.title}: the class`, style, body);
}

const anonymous = html`<p>Names, logins and links are left out. What students wrote stands as it is, and may tell who they are.</p>`;

/** The few things that most of the class would gain from. */
function teachNext(tally: Tally): HtmlText {
  const table = hasFirst(tally) ? tally.first : tally.final;
  const cells = tally.rubric.table.cells
    .map(({ row, column }) => {
      const { right, wrong, empty } = table.cell(row, column);
      return {
        label: cellLabel(`${row}.${column}`, tally.rubric),
        missed: wrong + empty,
        all: right + wrong + empty,
      };
    })
    .filter(({ missed }) => missed > 0)
    .sort((a, b) => b.missed / b.all - a.missed / a.all)
    .slice(0, 3);
  if (cells.length === 0) return html`<p><strong>Nothing in the worksheet was missed.</strong></p>`;
  const [common] = misconceptionsOf(tally);
  const when = hasFirst(tally) ? 'at first' : 'in the end';
  const missed = cells.map(
    ({ label, missed, all }) => html`<li>${text(`${label}: ${missed} of ${all} missed it ${when}.`)}</li>`,
  );
  const shown = common
    ? html`<li>${text(`The most frequent known mistake, of ${common[1].count}: `)}<em>${text(common[0])}</em>. ${text(`Its hint: ${common[1].text}`)}</li>`
    : html``;
  return html`<p><strong>What to teach next</strong></p><ul>${missed}${shown}</ul>`;
}

/** Whether the history tells what was answered at first. */
function hasFirst({ first, rubric }: Tally): boolean {
  return rubric.table.cells.some(({ row, column }) => {
    const { right, wrong } = first.cell(row, column);
    return right + wrong > 0;
  });
}

function worksheet(tally: Tally): HtmlText {
  const final = heatMap(tally.final, tally.rubric, 'In the end: how many who began missed each cell');
  if (!hasFirst(tally)) return html`${final}<p class="faint">No history says what was answered at first.</p>`;
  const first = heatMap(
    tally.first,
    tally.rubric,
    'At first: how many missed each cell in the first complete answer of its row that they committed',
  );
  return html`<p>A self-check leads most students to the right table, so what they thought before it stands first.</p>
${first}${final}`;
}

function misconceptionsOf({ misconceptions }: Tally) {
  return [...misconceptions].sort(([a, many], [b, few]) => few.count - many.count || (a < b ? -1 : 1));
}

function mistakes(tally: Tally): HtmlText {
  const found = misconceptionsOf(tally);
  const causes = (id: string) => html`<em>${text(id)}</em>`;
  const values = wrongValues(hasFirst(tally) ? tally.first : tally.final, tally.rubric, causes);
  if (found.length === 0) return html`${values}<p>No known mistake was made.</p>`;
  const rows = found
    .slice(0, 40)
    .map(
      ([id, { count, text: hint, rows: where }]) =>
        html`<tr><th scope="row">${text(id)}</th><td class="number">${text(count)}</td><td>${text(rowList(where, tally))}</td><td>${text(hint)}</td></tr>\n`,
    );
  const pairs = [...tally.pairs]
    .filter(([, count]) => count > 1)
    .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
    .slice(0, 15)
    .map(([pair, count]) => {
      const [one = '', other = ''] = pair.split('\n');
      return html`<tr><td>${text(one)}</td><td>${text(other)}</td><td class="number">${text(count)}</td></tr>\n`;
    });
  const together =
    pairs.length === 0
      ? html``
      : grid('Mistakes that the same students made', ['Mistake', 'Other mistake', 'Students'], pairs);
  const known = grid(
    'Known mistakes, at first or in the end',
    ['Mistake', 'Students', 'Rows', 'Its hint'],
    rows,
  );
  return html`${known}\n${together}${values}`;
}

/** Labels of rows, in the order of the worksheet. */
function rowList(ids: ReadonlySet<string>, { rubric }: Tally): string {
  const rows = rubric.table.rows.filter(({ id }) => ids.has(id));
  return rows.map(({ label }) => shortLabel(label)).join(', ') || 'the whole table';
}

/** Never a verdict: what somebody should look at with their own eyes. */
function look(tally: Tally, isAnonymous: boolean): HtmlText {
  // A quote may be the name of a folder, which tells whose it is.
  const quote = (content: string) => `“${isAnonymous ? '…' : content}”`;
  const groups = tally.similar.alike();
  const alike = groups.slice(0, 50).map((group) => {
    const { owners, excerpt } = group;
    const shown = owners.length > 12 ? [...owners.slice(0, 12), `${owners.length - 12} more`] : owners;
    return html`<li>${text(`“${excerpt}”`)}<p class="who">${text(shown.join(', '))}</p></li>\n`;
  });
  const untouched = tally.untouched.slice(0, 100).map((who) => html`<li>${name(who)}</li>`);
  const remarks = tally.remarks
    .slice(0, 200)
    .map(({ who, why }) => html`<li>${name(who)}: ${text(filledIn(why, quote))}</li>\n`);
  const more = tally.remarkCount - remarks.length;
  return html`<h3>Responses that are nearly the same</h3>
${groups.length === 0 ? html`<p>None.</p>` : html`<p>Two who talked with each other write alike, too. Each line is a group; read what they wrote.</p><ul class="responses">${alike}</ul>`}
<h3>Reflections that are as they were handed out</h3>
${tally.untouchedCount === 0 ? html`<p>None.</p>` : html`<p>${text(`${tally.untouchedCount} of ${tally.students}.`)}</p><ul>${untouched}</ul>`}
<h3>Remarks</h3>
${tally.remarkCount === 0 ? html`<p>None.</p>` : html`<ul>${remarks}</ul>`}${more > 0 ? html`<p>${text(`${more} more are in grades.csv.`)}</p>` : html``}`;
}
