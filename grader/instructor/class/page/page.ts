import { filledIn } from '../../../message';
import { type HtmlText, html, page, text } from '../../../report/escape/html';
import type { Rubric } from '../../../rubric/rubric';
import type { TableTally, Tally } from '../tally';
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
  /** What to know about the run as a whole. */
  readonly notes: readonly string[];
}

/** The page of a class: what to teach next, and what to look at. One file, without scripts. */
export function renderPage(tally: Tally, { isAnonymous, notes }: PageContext): HtmlText {
  const { rubric } = tally;
  const sections: (readonly [id: string, title: string, body: HtmlText])[] = [
    ['glance', 'At a glance', html`${teachNext(tally)}${standing(tally)}${distribution(tally)}`],
    ['worksheet', 'The worksheet', worksheet(tally)],
    ['misconceptions', 'Misconceptions', misconceptionTables(tally)],
    ...(rubric.reflection ? [['reflections', 'Reflections', reflections(tally)] as const] : []),
    ['review', 'Needs review', needsReview(tally, isAnonymous)],
  ];
  const body = html`<header><h1>${text(rubric.title)}</h1>${isAnonymous ? anonymous : html``}
<nav aria-label="On this page"><ul>${sections.map(([id, title]) => html`<li><a href="#${text(id)}">${text(title)}</a></li>`)}</ul></nav></header>
<main>${noteList(isAnonymous && notes.length > 0 ? ['run.json has notes on this run; they may hold names.'] : notes)}${sections.map(([id, title, content]) => html`<section aria-labelledby="${text(id)}"><h2 id="${text(id)}">${text(title)}</h2>\n${content}</section>\n`)}</main>`;
  return page(`${rubric.title}: the class`, style, body);
}

const anonymous = html`<p>Names, logins and links are left out. What students wrote stands as it is, and may tell who they are.</p>`;

/** What could make grades wrong stands above everything. */
function noteList(notes: readonly string[]): HtmlText {
  if (notes.length === 0) return html``;
  return html`<aside aria-label="Notes" class="notes"><p><strong>Notes</strong></p><ul>${notes.map((note) => html`<li>${text(note)}</li>`)}</ul></aside>\n`;
}

/** The few things that most of the class would gain from. */
function teachNext(tally: Tally): HtmlText {
  if (tally.started === 0) return html`<p><strong>Nobody has started yet.</strong></p>`;
  const final = mostMissed(tally.final, tally.rubric, 'Final answers', 'who started');
  const first = mostMissed(
    tally.first,
    tally.rubric,
    'First attempts',
    'whose history has a complete first attempt',
  );
  if (final.length + first.length === 0) {
    const all = `None of the ${tally.started} who started missed a cell.`;
    return html`<p><strong>${text(all)}</strong></p>`;
  }
  const [common] = misconceptionsOf(tally);
  const shown = common
    ? html`<li>${text(`The most frequent misconception, of ${common[1].students} students: `)}<em>${text(common[0])}</em>.</li>`
    : html``;
  return html`<p><strong>What to teach next</strong></p><ul>${[...first, ...final].map((line) => html`<li>${text(line)}</li>`)}${shown}</ul>`;
}

/** The cells that most missed, each with the group that is counted. */
function mostMissed(table: TableTally, rubric: Rubric, when: string, who: string): string[] {
  return rubric.table.cells
    .map(({ row, column }) => {
      const { right, wrong, empty } = table.cell(row, column);
      const label = cellLabel(`${row}.${column}`, rubric);
      return { label, missed: wrong + empty, all: right + wrong + empty };
    })
    .filter(({ missed }) => missed > 0)
    .sort((a, b) => b.missed / b.all - a.missed / a.all)
    .slice(0, 3)
    .map(({ label, missed, all }) => `${when}: ${missed} of the ${all} ${who} missed ${label}.`);
}

/** Whether the history tells what was answered at first. */
function hasFirst({ first, rubric }: Tally): boolean {
  return rubric.table.cells.some(({ row, column }) => {
    const { right, wrong } = first.cell(row, column);
    return right + wrong > 0;
  });
}

function worksheet(tally: Tally): HtmlText {
  const final = heatMap(
    tally.final,
    tally.rubric,
    `Final answers: how many of the ${tally.started} who started missed each cell`,
  );
  if (!hasFirst(tally))
    return html`${final}<p class="faint">No history says what the first attempts were.</p>`;
  const first = heatMap(
    tally.first,
    tally.rubric,
    `First attempts: how many missed each cell in the first complete answer of its row, of those among the ${tally.withHistory} with a history who have one`,
  );
  return html`<p>A self-check leads most students to the right table, so what they thought before it comes first.</p>
${first}${final}`;
}

function misconceptionsOf({ misconceptions }: Tally) {
  return [...misconceptions].sort(([a, many], [b, few]) => few.students - many.students || (a < b ? -1 : 1));
}

function misconceptionTables(tally: Tally): HtmlText {
  const found = misconceptionsOf(tally);
  const causes = (id: string) => html`<em>${text(id)}</em>`;
  const values = hasFirst(tally)
    ? wrongValues(tally.first, tally.rubric, causes, 'First attempts')
    : wrongValues(tally.final, tally.rubric, causes, 'Final answers');
  if (found.length === 0) return html`${values}<p>No known misconception was shown.</p>`;
  const rows = found
    .slice(0, 40)
    .map(
      ([id, { students, rows: texts }]) =>
        html`<tr><th scope="row">${text(id)}</th><td class="number">${text(students)}</td><td>${hintsByRow(texts, tally)}</td></tr>\n`,
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
      : grid(
          'Misconceptions that the same students showed',
          ['Misconception', 'Other misconception', 'Students'],
          pairs,
        );
  const known = grid(
    `Known misconceptions, in first attempts or final answers, of all ${tally.students} students`,
    ['Misconception', 'Students', 'Its hint, by row'],
    rows,
  );
  return html`${known}\n${together}${values}`;
}

/** What a misconception is called in each row; rows that share a text are named together. */
function hintsByRow(texts: ReadonlyMap<string, string>, { rubric }: Tally): HtmlText {
  const labels = new Map<string, string[]>();
  for (const { id, label } of rubric.table.rows) {
    const hint = texts.get(id);
    if (hint !== undefined) labels.set(hint, [...(labels.get(hint) ?? []), shortLabel(label)]);
  }
  return html`${[...labels].map(([hint, rows]) => html`<p><span class="faint">${text(rows.join(', '))}:</span> ${text(hint)}</p>`)}`;
}

/** Never a verdict: what somebody should look at with their own eyes. */
function needsReview(tally: Tally, isAnonymous: boolean): HtmlText {
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
    .map(({ who, why }) => html`<li><b>${name(who)}</b>: ${text(filledIn(why, quote))}</li>\n`);
  const more = tally.remarkCount - remarks.length;
  return html`<h3>Grades to look at</h3>
${tally.remarkCount === 0 ? html`<p>None.</p>` : html`<ul>${remarks}</ul>`}${more > 0 ? html`<p>${text(`${more} more are in grades.csv.`)}</p>` : html``}
<h3>Responses that are nearly the same</h3>
${groups.length === 0 ? html`<p>None.</p>` : html`<p>Two who talked with each other write alike, too. Each line is a group; read what they wrote.</p><ul class="responses">${alike}</ul>`}
<h3>Reflections that are as they were handed out</h3>
${tally.untouchedCount === 0 ? html`<p>None.</p>` : html`<p>${text(`${tally.untouchedCount} of all ${tally.students} students.`)}</p><ul>${untouched}</ul>`}`;
}
