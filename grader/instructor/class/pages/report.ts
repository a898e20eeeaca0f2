import { type HtmlText, html, page, text } from '../../../render/escape/html';
import { wideTable } from '../../../render/html';
import { rowsOf } from '../../../rubric/rubric';
import type { Status } from '../results/student-result.schema';
import { coarseFigures, exactFigures, type Figures, shortLabel } from './figures';
import { firstAgainstFinal } from './first-final';
import { followUpFile } from './follow-up';
import { heatMaps, wrongValues } from './heat-map';
import { hintOutcomes, unexplainedAnswers } from './hints';
import { reflections } from './reflections';
import type { ClassStats } from './statistics';
import { style } from './style';
import { medianOf, tomorrow } from './tomorrow';

/** What the page says of itself. */
export interface PageContext {
  /** Whether it may say who did what; else it holds nothing that anybody wrote, and no count of a few. */
  readonly hasNames: boolean;
  /** What to know about the run as a whole. */
  readonly notes: readonly string[];
  /** Whether there is a question to vote on. */
  readonly hasPoll: boolean;
}

/** The page of a class: what to teach next. One file, without scripts; who is who stands on another one. */
export function renderPage(stats: ClassStats, { hasNames, notes, hasPoll }: PageContext): HtmlText {
  const { rubric } = stats;
  const figures = hasNames ? exactFigures : coarseFigures;
  const sections: (readonly [id: string, title: string, body: HtmlText])[] = [
    ['tomorrow', 'Tomorrow’s five minutes', tomorrow(stats, hasPoll, figures)],
    ['misconceptions', 'Misconceptions', misconceptionTables(stats, figures)],
    ['worksheet', 'The worksheet', worksheet(stats, figures)],
    ['points', 'Points', html`${statusCounts(stats, figures)}${distribution(stats, figures)}`],
    ...(hasNames && rubric.reflection ? [['reflections', 'Reflections', reflections(stats)] as const] : []),
    ['reasons', 'Reasons', html`${unexplainedAnswers(stats, figures)}${hintOutcomes(stats, figures)}`],
  ];
  const body = html`<header><h1>${text(rubric.title)}</h1>${hasNames ? reviewLine(stats) : withoutNames}
<nav aria-label="On this page"><ul>${sections.map(([id, title]) => html`<li><a href="#${text(id)}">${text(title)}</a></li>`)}</ul></nav></header>
<main>${noteList(hasNames || notes.length === 0 ? notes : ['run.json has notes on this run; they may hold names.'])}${sections.map(([id, title, content]) => html`<section aria-labelledby="${text(id)}"><h2 id="${text(id)}">${text(title)}</h2>\n${content}</section>\n`)}</main>`;
  return page(`${rubric.title}: the class`, style, body);
}

/** What stands on the page with names. */
function reviewLine({ reviewed, conversations }: ClassStats): HtmlText {
  const students = (count: number) => `${count} student${count === 1 ? '' : 's'}`;
  const talk =
    conversations.length === 0 ? '' : `; ${students(conversations.length)} may want a conversation`;
  return html`<p><a href="${text(followUpFile)}">${text(`${reviewed === 0 ? 'No grade needs' : `The grades of ${students(reviewed)} need`} a look${talk}`)}</a> (with names). For the projector there is the question alone.</p>`;
}

const withoutNames = html`<p>Without names: no login, link or reflection is here, and no count of a few.</p>`;

/** What could make grades wrong stands above everything. */
function noteList(notes: readonly string[]): HtmlText {
  if (notes.length === 0) return html``;
  return html`<aside aria-label="Notes" class="notes"><p><strong>Notes</strong></p><ul>${notes.map((note) => html`<li>${text(note)}</li>`)}</ul></aside>\n`;
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
${firstAgainstFinal(stats, figures)}${first}${final}`;
}

function misconceptionsOf({ misconceptions }: ClassStats) {
  return [...misconceptions].sort(
    ([a, one], [b, other]) => other.still - one.still || other.students - one.students || (a < b ? -1 : 1),
  );
}

function misconceptionTables(stats: ClassStats, figures: Figures): HtmlText {
  const found = misconceptionsOf(stats);
  const causes = (id: string) => html`<em>${text(stats.titleOf(id))}</em>`;
  const values = stats.first.hasAnswers()
    ? wrongValues(stats.first, causes, 'First attempts', figures)
    : wrongValues(stats.final, causes, 'Final answers', figures);
  if (found.length === 0) return html`${values}<p>No known misconception was shown.</p>`;
  const rows = found.slice(0, 40).map(([id, { students, first, still, after }]) => {
    const gotOver = students - still;
    const tries = figures.isShown(gotOver) ? medianOf(after) : undefined;
    // Without histories it is only known what is there in the end.
    const isKnown = stats.withHistory > 0;
    const counts = [isKnown ? first : undefined, students, still, isKnown ? gotOver : undefined].map(
      (count) => html`<td class="number">${text(count === undefined ? '–' : figures.count(count))}</td>`,
    );
    return html`<tr><th scope="row">${text(stats.titleOf(id))}</th>${counts}<td class="number">${text(tries ?? '–')}</td></tr>\n`;
  });
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
      : wideTable(
          'Misconceptions that the same students showed',
          ['Misconception', 'Other misconception', 'Students'],
          pairs,
        );
  const known = wideTable(
    `Known misconceptions: how many of all ${stats.students} students had it in a first attempt, at any time, and in the end; who got over it, after how many commits with other answers (the median)`,
    ['Misconception', 'At first', 'At any time', 'In the end', 'Got over it', 'After'],
    rows,
  );
  const hints = found
    .slice(0, 40)
    .map(([id, { rows: texts }]) => html`<h3>${text(stats.titleOf(id))}</h3>${hintsByRow(texts, stats)}`);
  return html`${known}\n<details><summary>What students read of each, by row</summary>${hints}</details>${together}${values}`;
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

const statuses: Readonly<Record<Status, string>> = {
  graded: 'graded',
  'not started': 'not started: starter files unchanged',
  'no submission': 'no submission',
  'no login': 'no login on the roster',
  'after cutoff': 'submitted only after the cutoff; not counted',
  undecided: 'with versions that differ, until you choose',
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
  const caption = `Points, of ${rubric.possible}: median ${median(sorted, withPoints)}, mean ${mean.toFixed(1)}, of the ${withPoints} who have points, with 0 for whoever has not started`;
  const rows = bars.map(({ label, count }) => {
    const share = `${Math.round((100 * count) / students)} %`;
    if (!figures.isShown(count))
      return html`<tr><th scope="row">${text(label)}</th><td class="number">${text(figures.count(count))}</td><td></td></tr>\n`;
    return html`<tr><th scope="row">${text(label)}</th><td class="number">${text(count)}</td><td><meter min="0" max="${text(students)}" value="${text(count)}" aria-label="${text(`${label}: ${share} of all students`)}"></meter> ${text(share)}</td></tr>\n`;
  });
  return wideTable(caption, ['Points', 'Students', 'Share of all students'], rows);
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
