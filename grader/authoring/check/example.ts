import { rightAnswers } from '../../key/hints';
import { expectedIn } from '../../key/plain';
import { loadSolution } from '../../key/solution';
import { kindOf } from '../../kinds/registry';
import { type RubricCell, rowsOf } from '../../rubric/rubric';
import { type Check, failed } from './finding';

/** Checks that a worked example reveals no right answer. */
export const exampleCheck: Check = {
  claim: 'The worked example has no number or text that is right in this worksheet',
  find({ root, rubric, solution }) {
    if (!rubric.example) return [];
    const solutionAtSizes = loadSolution(root, { ...rubric, given: rubric.example }, false);
    const cells = rowsOf(rubric).flatMap((row) => row.cells.map((cell) => ({ row: row.id, cell })));
    const revealed = cells.filter(({ row, cell }) => {
      const value = expectedIn(solutionAtSizes, row, cell.id)?.value;
      if (value === undefined) return false;
      return cells.some((other) => {
        const right = expectedIn(solution, other.row, other.cell.id);
        const isSame =
          right && rightAnswers(right).some((answer) => kindOf(other.cell).matches(value, answer));
        return isSame && (cell === other.cell || isComparable(cell, other.cell));
      });
    });
    const numbers = Object.entries(rubric.example).filter(([, value]) =>
      cells.some(({ row, cell }) => {
        const right = expectedIn(solution, row, cell.id);
        const all = typeof value === 'object' ? Object.values(value) : [value];
        const answers = right && kindOf(cell).unit === undefined ? rightAnswers(right) : [];
        return all.some((one) => answers.includes(one));
      }),
    );
    const places = [...numbers.map(([name]) => name), ...revealed.map(({ cell }) => cell.label)];
    if (places.length === 0) return [];
    return [
      failed(
        'answer-in-example',
        `rubric.yaml: the example has right answers of this worksheet at ${places.join(', ')}. Choose other values, or remove the example.`,
      ),
    ];
  },
};

/** Whether the answers of two cells can be compared: an option of a choice means nothing in another cell. */
export function isComparable(one: RubricCell, other: RubricCell): boolean {
  const [kind, otherKind] = [kindOf(one), kindOf(other)];
  return !kind.options && !otherKind.options && kind.unit === otherKind.unit;
}
