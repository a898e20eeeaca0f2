import { interpolate } from '../../../message';
import { type HtmlText, html, page, text } from '../../../render/escape/html';
import { rowsOf } from '../../../rubric/rubric';
import type { ClassStats, WorksheetStats } from '../statistics';
import type { Status } from '../student-result.schema';
import { coarseFigures, exactFigures, type Figures } from './figures';
import { grid, shortLabel } from './grid';
import { heatMaps, wrongValues } from './heat-map';
import { hintOutcomes, unexplainedAnswers } from './hints';
import { name, reflections } from './reflections';

/** What the page says of itself. */
export interface PageContext {
  /** Whether it may say who did what; else it holds nothing that anybody wrote, and no count of a few. */
  readonly hasNames: boolean;
  /** What to know about the run as a whole. */
  readonly notes: readonly string[];
}

/** The page of a class: what to teach next, and what to look at. One file, without scripts. */
export function renderPage(stats: ClassStats, { hasNames, notes }: PageContext): HtmlText {
  const { rubric } = stats;
  const figures = hasNames ? exactFigures : coarseFigures;
  const sections: (readonly [id: string, title: string, body: HtmlText])[] = [
    [
      'glance',
      'At a glance',
      html`${teachNext(stats, figures)}${statusCounts(stats, figures)}${distribution(stats, figures)}`,
    ],
    ['worksheet', 'The worksheet', worksheet(stats, figures)],
    ['misconceptions', 'Misconceptions', misconceptionTables(stats, figures)],
    ['reasons', 'Reasons', html`${unexplainedAnswers(stats, figures)}${hintOutcomes(stats, figures)}`],
    ...(hasNames && rubric.reflection ? [['reflections', 'Reflections', reflections(stats)] as const] : []),
    ...(hasNames ? [['review', 'Needs review', needsReview(stats)] as const] : []),
  ];
  const body = html`<header><h1>${text(rubric.title)}</h1>${hasNames ? html`` : withoutNames}
<nav aria-label="On this page"><ul>${sections.map(([id, title]) => html`<li><a href="#${text(id)}">${text(title)}</a></li>`)}</ul></nav></header>
<main>${noteList(hasNames || notes.length === 0 ? notes : ['run.json has notes on this run; they may hold names.'])}${sections.map(([id, title, content]) => html`<section aria-labelledby="${text(id)}"><h2 id="${text(id)}">${text(title)}</h2>\n${content}</section>\n`)}</main>`;
  return page(`${rubric.title}: the class`, style, body);
}

const withoutNames = html`<p>Without names: no login, link or reflection is here, and no count of a few.</p>`;

/** What could make grades wrong stands above everything. */
function noteList(notes: readonly string[]): HtmlText {
  if (notes.length === 0) return html``;
  return html`<aside aria-label="Notes" class="notes"><p><strong>Notes</strong></p><ul>${notes.map((note) => html`<li>${text(note)}</li>`)}</ul></aside>\n`;
}

/** The few things that most of the class would gain from. */
function teachNext(stats: ClassStats, figures: Figures): HtmlText {
  if (stats.started === 0) return html`<p><strong>Nobody has started yet.</strong></p>`;
  const final = mostMissed(stats.final, 'Final answers', 'who started', figures);
  const first = mostMissed(
    stats.first,
    'First attempts',
    'whose history has a complete first attempt',
    figures,
  );
  if (final.length + first.length === 0) {
    const all = `None of the ${stats.started} who started missed a cell.`;
    return html`<p><strong>${text(all)}</strong></p>`;
  }
  const [common] = misconceptionsOf(stats);
  const shown = common
    ? html`<li>${text(`The most frequent misconception (${figures.count(common[1].students)} student${common[1].students === 1 ? '' : 's'}): `)}<em>${text(stats.titleOf(common[0]))}</em>.</li>`
    : html``;
  return html`<p><strong>What to teach next</strong></p><ul>${[...first, ...final].map((line) => html`<li>${text(line)}</li>`)}${shown}</ul>`;
}

/** The cells that most missed, each with the group that is counted. */
function mostMissed(stats: WorksheetStats, when: string, who: string, figures: Figures): string[] {
  return stats
    .mostMissed(3)
    .map(
      ({ label, missed, all }) =>
        `${when}: ${figures.count(missed)} of the ${figures.count(all)} ${who} missed ${label}.`,
    );
}

function worksheet(stats: ClassStats, figures: Figures): HtmlText {
  const final = heatMaps(
    stats.final,
    `Final answers: how many of the ${figures.count(stats.started)} who started missed each cell`,
    figures,
  );
  if (!stats.first.hasAnswers())
    return html`${final}<p class="faint">No history says what the first attempts were.</p>`;
  const first = heatMaps(
    stats.first,
    `First attempts: how many missed each cell in the first complete answer of its row, of those among the ${figures.count(stats.withHistory)} with a history who have one`,
    figures,
  );
  return html`<p>A self-check leads most students to the right table, so what they thought before it comes first.</p>
${first}${final}`;
}

function misconceptionsOf({ misconceptions }: ClassStats) {
  return [...misconceptions].sort(([a, many], [b, few]) => few.students - many.students || (a < b ? -1 : 1));
}

function misconceptionTables(stats: ClassStats, figures: Figures): HtmlText {
  const found = misconceptionsOf(stats);
  const causes = (id: string) => html`<em>${text(stats.titleOf(id))}</em>`;
  const values = stats.first.hasAnswers()
    ? wrongValues(stats.first, causes, 'First attempts', figures)
    : wrongValues(stats.final, causes, 'Final answers', figures);
  if (found.length === 0) return html`${values}<p>No known misconception was shown.</p>`;
  const rows = found
    .slice(0, 40)
    .map(
      ([id, { students, rows: texts }]) =>
        html`<tr><th scope="row">${text(stats.titleOf(id))}</th><td class="number">${text(figures.count(students))}</td><td>${hintsByRow(texts, stats)}</td></tr>\n`,
    );
  const pairs = [...stats.pairs]
    .filter(([, count]) => count > 1 && figures.isShown(count))
    .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
    .slice(0, 15)
    .map(([pair, count]) => {
      const [one = '', other = ''] = pair.split('\n').map((id) => stats.titleOf(id));
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
    `Known misconceptions, in first attempts or final answers, of all ${stats.students} students`,
    ['Misconception', 'Students', 'Its hint, by row'],
    rows,
  );
  return html`${known}\n${together}${values}`;
}

/** What a misconception is called in each row; rows that share a text are named together. */
function hintsByRow(texts: ReadonlyMap<string, string>, { rubric }: ClassStats): HtmlText {
  const labels = new Map<string, string[]>();
  for (const { id, label } of rowsOf(rubric)) {
    const hint = texts.get(id);
    if (hint !== undefined) labels.set(hint, [...(labels.get(hint) ?? []), shortLabel(label)]);
  }
  return html`${[...labels].map(([hint, rows]) => html`<p><span class="faint">${text(rows.join(', '))}:</span> ${text(hint)}</p>`)}`;
}

/** Never a verdict: what somebody should look at with their own eyes. */
function needsReview(stats: ClassStats): HtmlText {
  const quote = (content: string) => `“${content}”`;
  const groups = stats.similar.alike();
  const alike = groups.slice(0, 50).map((group) => {
    const { owners, excerpt } = group;
    const shown = owners.length > 12 ? [...owners.slice(0, 12), `${owners.length - 12} more`] : owners;
    return html`<li>${text(`“${excerpt}”`)}<p class="who">${text(shown.join(', '))}</p></li>\n`;
  });
  const untouched = stats.untouched.slice(0, 100).map((who) => html`<li>${name(who)}</li>`);
  const remarks = stats.remarks
    .slice(0, 200)
    .map(({ who, reason }) => html`<li><b>${name(who)}</b>: ${text(interpolate(reason, quote))}</li>\n`);
  const more = stats.remarkCount - remarks.length;
  return html`<h3>Grades to look at</h3>
${stats.remarkCount === 0 ? html`<p>None.</p>` : html`<ul>${remarks}</ul>`}${more > 0 ? html`<p>${text(`${more} more are in grades.csv.`)}</p>` : html``}
<h3>Responses that are nearly the same</h3>
${groups.length === 0 ? html`<p>None.</p>` : html`<p>Two who talked with each other write alike, too. Each line is a group; read what they wrote.</p><ul class="responses">${alike}</ul>`}
<h3>Reflections that are as they were handed out</h3>
${stats.untouchedCount === 0 ? html`<p>None.</p>` : html`<p>${text(`${stats.untouchedCount} of all ${stats.students} students.`)}</p><ul>${untouched}</ul>`}`;
}

const statuses: Readonly<Record<Status, string>> = {
  graded: 'graded',
  'not started': 'not started: starter files unchanged',
  'no submission': 'no submission',
  'no login': 'no login on the roster',
  'after cutoff': 'submitted only after the cutoff; not counted',
  failed: 'grading failed (this is not a zero)',
};

/** How many there are, and how they stand. */
function statusCounts(stats: ClassStats, figures: Figures): HtmlText {
  const { students, statuses: counts, unknown, late, overridden, zeros } = stats;
  const rows = Object.entries(statuses).flatMap(([status, label]) => {
    const count = counts.get(status as Status);
    return count ? html`<li>${text(`${figures.count(count)} ${label}`)}</li>` : [];
  });
  const others = [
    [unknown, 'not on the roster'],
    [late, 'late; grades.csv says by how much, and what that cost'],
    [overridden, 'manually overridden'],
    [zeros.length, 'with 0 points because no work counts (rubric.yaml: no_submission: zero)'],
  ] as const;
  const more = others
    .filter(([count]) => count > 0)
    .map(([count, label]) => html`<li>${text(`${figures.count(count)} ${label}`)}</li>`);
  return html`<p>${text(`All ${students} student${students === 1 ? '' : 's'}:`)}</p><ul>${rows}${more}</ul>`;
}

const mostBars = 25;

/** How many have how many points; the shares are of all students, so they add up to less where some have none. */
function distribution({ points, rubric, students, withPoints }: ClassStats, figures: Figures): HtmlText {
  if (withPoints === 0 || !figures.isShown(withPoints)) return html``;
  const top = Math.max(rubric.possible, ...points.keys());
  const width = Math.ceil((top + 1) / mostBars);
  const bars = Array.from({ length: Math.ceil((top + 1) / width) }, (_, index) => {
    const [from, to] = [index * width, Math.min(top, index * width + width - 1)];
    const count = [...points].reduce(
      (sum, [value, many]) => (value >= from && value <= to ? sum + many : sum),
      0,
    );
    return { label: from === to ? `${from}` : `${from} to ${to}`, count };
  }).reverse();
  if (withPoints < students) bars.push({ label: 'no points', count: students - withPoints });
  const sorted = [...points].sort(([a], [b]) => a - b);
  const mean = sorted.reduce((sum, [value, many]) => sum + value * many, 0) / withPoints;
  const caption = `Points, of ${rubric.possible}: median ${median(sorted, withPoints)}, mean ${mean.toFixed(1)}, of the ${withPoints} who have points`;
  const rows = bars.map(({ label, count }) => {
    const share = `${Math.round((100 * count) / students)} %`;
    if (!figures.isShown(count))
      return html`<tr><th scope="row">${text(label)}</th><td class="number">${text(figures.count(count))}</td><td></td></tr>\n`;
    return html`<tr><th scope="row">${text(label)}</th><td class="number">${text(count)}</td><td><meter min="0" max="${text(students)}" value="${text(count)}" aria-label="${text(`${label}: ${share} of all students`)}"></meter> ${text(share)}</td></tr>\n`;
  });
  return grid(caption, ['Points', 'Students', 'Share of all students'], rows);
}

/** The points in the middle: half of the students have no more, and half no fewer. */
function median(sorted: readonly (readonly [value: number, many: number])[], graded: number): number {
  const at = (rank: number) => {
    let below = 0;
    for (const [value, many] of sorted) {
      below += many;
      if (below >= rank) return value;
    }
    return 0;
  };
  return (at(Math.floor((graded + 1) / 2)) + at(Math.ceil((graded + 1) / 2))) / 2;
}

/**
 * The style sheet of the page of a class. Colors only stress what a number says beside them, and
 * keep a contrast of 4.5 to their background in both modes.
 */
export const style = `
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --faint: #5a5a66; --line: #c9c9d2; --accent: #1a4fa0; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem 1.25rem 4rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { margin-top: 2.5rem; font-size: 1.25rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1.05rem; }
a { color: var(--accent); } a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style: none; }
table { border-collapse: collapse; margin: .75rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--faint); padding-bottom: .25rem; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
td.number { text-align: right; } td p { margin: 0; } .notes { border: 2px solid var(--accent); padding: 0 1rem; margin: 1rem 0; overflow-wrap: anywhere; } .wide { overflow-x: auto; }
.faint { color: var(--faint); } .who { margin: .1rem 0 0; color: var(--faint); font-size: .9rem; }
.responses { padding: 0; list-style: none; } .responses > li { margin: .6rem 0; padding: .1rem .8rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
.responses p { margin: 0; } meter { width: 12rem; }
.section th { border-bottom: 2px solid var(--line); }
.heat0 { background: #fff; } .heat1 { background: #fdf3e4; } .heat2 { background: #fbe5c8; } .heat3 { background: #f9d5a7; } .heat4 { background: #f6c383; } .heat5 { background: #f2ae60; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e9e9ee; --paper: #17171b; --faint: #b3b3c0; --line: #45454f; --accent: #9dbcf5; }
  .section th { border-bottom: 2px solid var(--line); }
.heat0 { background: #17171b; } .heat1 { background: #2b2218; } .heat2 { background: #40301c; } .heat3 { background: #563e1f; } .heat4 { background: #6b4c22; } .heat5 { background: #7f5a25; }
}
@media print { nav { display: none; } body { max-width: none; padding: 0; font-size: .85rem; } h2 { break-after: avoid; } tr, li { break-inside: avoid; } }
`;
