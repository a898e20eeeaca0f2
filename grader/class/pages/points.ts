import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { wideTable } from '../../render/html';
import type { Rubric } from '../../rubric/rubric';
import type { Adjustment, StudentResult } from '../results/student-result.schema';
import { increment } from './worksheet-stats';

/** Counts of students by status, points and other properties. */
export class Totals {
  readonly statusCounts = new Map<StudentResult['status'], number>();
  readonly points = new Map<number, number>();
  students = 0;
  /** Students who filled something in. */
  started = 0;
  /** Students who have a history, whether or not they started. */
  withHistory = 0;
  /** Students who have points. */
  withPoints = 0;
  late = 0;
  overridden = 0;
  /** Students with 0 points because they have no submission that counts. */
  readonly zeros: string[] = [];
  /** Students who are not on the roster. */
  unknown = 0;

  add(row: StudentResult): void {
    this.students++;
    const has = (wanted: Adjustment['kind']) => row.adjustments.some(({ kind }) => kind === wanted);
    if (!row.enrolled) this.unknown++;
    if (has('late')) this.late++;
    if (has('no submission') && !row.overridden) this.zeros.push(row.login || row.key);
    if (row.overridden) this.overridden++;
    if (row.report?.started) this.started++;
    if (row.first) this.withHistory++;
    increment(this.statusCounts, row.status);
    if (row.points === null) return;
    this.withPoints++;
    increment(this.points, row.points);
  }
}

const statusLabels: Readonly<Record<StudentResult['status'], string>> = {
  graded: 'graded',
  'not started': 'not started: starter files unchanged',
  'no submission': 'no submission',
  'no login': 'no login on the roster',
  'after cutoff': 'submitted only after the cutoff; not counted',
  undecided: 'with versions that differ, until you choose',
  failed: 'grading failed (this is not a zero)',
};

/** The number of students, in all and by status. */
export function statusCounts(totals: Totals): HtmlText {
  const { students, statusCounts: counts, unknown, late, overridden, zeros } = totals;
  const rows = Object.entries(statusLabels).flatMap(([status, label]) => {
    const count = counts.get(status as StudentResult['status']);
    return count ? html`<li>${textHtml(`${count} ${label}`)}</li>` : [];
  });
  const others = [
    [unknown, 'not on the roster'],
    [late, 'late; grades.csv says by how much, and what that cost'],
    [overridden, 'manually overridden'],
    [zeros.length, 'with 0 points because no work counts (no_submission: zero in rubric.yaml)'],
  ] as const;
  const more = others
    .filter(([count]) => count > 0)
    .map(([count, label]) => html`<li>${textHtml(`${count} ${label}`)}</li>`);
  return html`<p>${textHtml(`All ${students} student${students === 1 ? '' : 's'}:`)}</p><ul>${rows}${more}</ul>`;
}

const maxBars = 25;

/** The distribution of points. Shares are of all students, so they add up to less than 1 if some have no points. */
export function distribution(
  { points, students, withPoints }: Totals,
  { possible }: Pick<Rubric, 'possible'>,
): HtmlText {
  if (withPoints === 0) return html``;
  const top = Math.max(possible, ...points.keys());
  const width = Math.ceil((top + 1) / maxBars);
  const bars = Array.from({ length: Math.ceil((top + 1) / width) }, (_, index) => {
    const [from, to] = [index * width, Math.min(top, index * width + width - 1)];
    const count = [...points].reduce(
      (sum, [value, many]) => (value >= from && value <= to ? sum + many : sum),
      0,
    );
    return { label: from === to ? `${from}` : `${from} to ${to}`, count };
  })
    .filter(({ count }) => count > 0)
    .reverse();
  if (withPoints < students) bars.push({ label: 'no points', count: students - withPoints });
  const sorted = [...points].sort(([a], [b]) => a - b);
  const mean = sorted.reduce((sum, [value, many]) => sum + value * many, 0) / withPoints;
  const caption = `Points, of ${possible}: median ${median(sorted, withPoints)}, mean ${mean.toFixed(1)}, of the ${withPoints} who have points, counting 0 for students who have not started`;
  const rows = bars.map(({ label, count }) => {
    const share = `${Math.round((100 * count) / students)} %`;
    return html`<tr><th scope="row">${textHtml(label)}</th><td class="number">${textHtml(count)}</td><td><meter min="0" max="${textHtml(students)}" value="${textHtml(count)}" aria-label="${textHtml(`${label}: ${share} of all students`)}"></meter> ${textHtml(share)}</td></tr>\n`;
  });
  return wideTable(caption, ['Points', 'Students', 'Share of all students'], rows);
}

/** The median points: half of the students have no more, and half no fewer. */
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
