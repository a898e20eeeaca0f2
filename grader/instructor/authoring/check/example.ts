import { rightAnswers } from '../../../key/hints';
import { expectedIn } from '../../../key/plain';
import { workedExample } from '../../../key/solution';
import { kindOf } from '../../../kinds/registry';
import { rowsOf } from '../../../rubric/rubric';
import { type Check, failed } from './finding';

/** What a worked example must not tell. */
export const example: Check = {
  promise: 'The worked example has no number or text that is right in this worksheet',
  find({ root, rubric, solution }) {
    const found = workedExample(root, rubric);
    if (!found) return [];
    const cells = rowsOf(rubric).flatMap((row) => row.cells.map((cell) => ({ row: row.id, cell })));
    const right = new Set(
      cells.flatMap(({ row, cell }) => {
        const expected = expectedIn(solution, row, cell.id);
        return expected ? rightAnswers(expected).map((answer) => kindOf(cell).print(answer)) : [];
      }),
    );
    const same = cells.filter(({ row, cell }) => {
      const value = found.rows.find(({ id }) => id === row)?.cells.find(({ id }) => id === cell.id)?.value;
      return value !== undefined && right.has(value);
    });
    if (same.length === 0) return [];
    const labels = same.map(({ cell }) => cell.label).join(', ');
    return [
      failed(
        `rubric.yaml: the example has right answers of this worksheet at ${labels}. Choose other values, or take it away.`,
      ),
    ];
  },
};
