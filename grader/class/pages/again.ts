import { type HtmlText, html, textHtml } from '../../render/escape/html';
import { wideTable } from '../../render/html';
import { completeAgain, shortLabelIn } from '../../render/status';
import { againTable, type Rubric, rowName, rowsAgain, rowsOf, sizesText } from '../../rubric/rubric';
import type { StudentResult } from '../results/student-result.schema';
import type { Totals } from './points';
import { increment } from './worksheet-stats';

/** Counts who has the rows of the second table right, of the students who filled it in. */
export class AgainStats {
  /** Students who filled it in. */
  students = 0;
  /** How many of them have all of a row right, by the id of the row. */
  readonly right = new Map<string, number>();

  add({ report }: StudentResult): void {
    const again = report && completeAgain(report);
    if (!again) return;
    this.students++;
    for (const { id, cells } of again.rows)
      if (cells.every(({ outcome }) => outcome === 'correct')) increment(this.right, id);
  }
}

/** Shows how many have each row of the second table right. */
export function rightAgain({ students, right }: AgainStats, totals: Totals, rubric: Rubric): HtmlText {
  const sizes = sizesText(againTable(rubric)?.given ?? rubric.given);
  const rows = rowsOf(rubric);
  const labelOf = (row: Pick<Rubric['tables'][number]['rows'][number], 'id' | 'label' | 'repeats'>) =>
    shortLabelIn(rows, rows.find(({ id }) => id === rowName(row)) ?? row);
  const counts = rowsAgain(rubric).map(
    (row) =>
      html`<tr><th scope="row">${textHtml(labelOf(row))}</th><td class="number">${textHtml(`${right.get(row.id) ?? 0} of ${students}`)}</td></tr>\n`,
  );
  const who = `${students} of the ${totals.started} who started filled in the second table (${sizes}).`;
  return html`<p>${textHtml(who)}</p>${students === 0 ? html`` : wideTable('Right at other sizes, by row, in final answers', ['Row', 'Right'], counts)}`;
}
