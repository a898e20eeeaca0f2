import { type HtmlText, html, text } from '../../../report/escape/html';
import type { Status } from '../graded.schema';
import type { Tally } from '../tally';
import { grid } from './grid';

const statuses: Readonly<Record<Status, string>> = {
  graded: 'graded',
  'not started': 'not started: starter files unchanged',
  'no submission': 'no submission',
  'no login': 'no login on the roster',
  'after cutoff': 'submitted only after the cutoff; not counted',
  failed: 'grading failed (this is not a zero)',
};

/** How many there are, and how they stand. */
export function standing(tally: Tally): HtmlText {
  const { students, statuses: counts, unknown, late, overridden, zeros } = tally;
  const rows = Object.entries(statuses).flatMap(([status, label]) => {
    const count = counts.get(status as Status);
    return count ? html`<li>${text(`${count} ${label}`)}</li>` : [];
  });
  const others = [
    [unknown, 'not on the roster'],
    [late, 'late; grades.csv says by how much, and what that cost'],
    [overridden, 'manually overridden'],
    [zeros.length, 'with 0 points because no work counts (rubric.yaml: no_submission: zero)'],
  ] as const;
  const more = others
    .filter(([count]) => count > 0)
    .map(([count, label]) => html`<li>${text(`${count} ${label}`)}</li>`);
  return html`<p>${text(`All ${students} student${students === 1 ? '' : 's'}:`)}</p><ul>${rows}${more}</ul>`;
}

const mostBars = 25;

/** How many have how many points; the shares are of all students, so they add up to less where some have none. */
export function distribution({ points, rubric, students, withPoints }: Tally): HtmlText {
  if (withPoints === 0) return html``;
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
    return html`<tr><th scope="row">${text(label)}</th><td class="number">${text(count)}</td><td><meter min="0" max="${text(students)}" value="${text(count)}" aria-label="${text(`${label}: ${share} of all students`)}"></meter> ${text(share)}</td></tr>\n`;
  });
  return grid(caption, ['Points', 'Students', 'Share of all students'], rows);
}

/** The points of the student in the middle. */
function median(sorted: readonly (readonly [value: number, many: number])[], graded: number): number {
  let below = 0;
  for (const [value, many] of sorted) {
    below += many;
    if (below * 2 >= graded) return value;
  }
  return 0;
}
