import { type HtmlText, html, text } from '../../../report/escape/html';
import type { Graded } from '../graded.schema';
import type { Tally } from '../tally';
import { grid } from './grid';

const statuses: readonly (readonly [Graded['status'], string])[] = [
  ['graded', 'handed something in'],
  ['not started', 'have the files as they were handed out, as far as they count'],
  ['no submission', 'handed nothing in'],
  ['failed', 'could not be graded'],
];

/** How many there are, and how they stand. */
export function standing({ students, statuses: counts, unknown, late, overridden }: Tally): HtmlText {
  const rows = statuses
    .filter(([status]) => counts.get(status))
    .map(([status, label]) => html`<li>${text(`${counts.get(status)} ${label}`)}</li>`);
  const others = [
    [unknown, 'not on the roster'],
    [late, 'late; grades.csv says by how much, and what that cost'],
    [overridden, 'with points that were given by hand'],
  ] as const;
  const more = others
    .filter(([count]) => count > 0)
    .map(([count, label]) => html`<li>${text(`${count} ${label}`)}</li>`);
  return html`<p>${text(`${students} student${students === 1 ? '' : 's'}:`)}</p><ul>${rows}${more}</ul>`;
}

const mostBars = 25;

/** How many have how many points. */
export function distribution({ points, rubric }: Tally): HtmlText {
  const graded = [...points.values()].reduce((sum, count) => sum + count, 0);
  if (graded === 0) return html``;
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
  const largest = Math.max(1, ...bars.map(({ count }) => count));
  const sorted = [...points].sort(([a], [b]) => a - b);
  const mean = sorted.reduce((sum, [value, many]) => sum + value * many, 0) / graded;
  const caption = `Points, of ${rubric.possible}: median ${median(sorted, graded)}, mean ${mean.toFixed(1)}`;
  const rows = bars.map(
    ({ label, count }) =>
      html`<tr><th scope="row">${text(label)}</th><td class="number">${text(count)}</td><td><meter min="0" max="${text(largest)}" value="${text(count)}" aria-label="${text(`${count} with ${label} points`)}"></meter></td></tr>\n`,
  );
  return grid(caption, ['Points', 'Students', 'Share'], rows);
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
