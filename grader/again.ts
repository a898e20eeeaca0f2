import { voteSizes } from './class/pages/vote';
import type { Course } from './course';
import { rightAnswers } from './key/hints';
import { expectedIn, type KeyContent } from './key/plain';
import { loadSolution } from './key/solution';
import type { Answer } from './kinds/kind';
import { kindOf } from './kinds/registry';
import { type RubricCell, type RubricRow, rowName, rowsOf, sizesText } from './rubric/rubric';

/** A cell of the table that asks again, with its right answers. */
export interface AgainCell {
  readonly row: RubricRow;
  readonly cell: RubricCell;
  readonly right: readonly Answer[];
  /** Whether its answer is informative: false if it is the same at all sizes, or one of a few options. */
  readonly counts: boolean;
}

/** Sizes other than those of the table that asks again: those of the worksheet, the example or a vote. */
export interface OtherSizes {
  /** `the vote (apples 20)` */
  readonly name: string;
  readonly solution: KeyContent;
}

export function otherSizes(course: Course): OtherSizes[] {
  const { root, rubric, solution } = course;
  const example = rubric.example && loadSolution(root, { ...rubric, given: rubric.example }, false);
  return [
    { name: 'the worksheet', solution },
    ...(example ? [{ name: 'the example', solution: example }] : []),
    ...voteSizes(course).map((sizes) => ({
      name: `the vote (${sizesText(sizes.given)})`,
      solution: sizes.solution,
    })),
  ];
}

/** Returns the cells of the table that asks again. */
export function againCells(course: Course, others: readonly OtherSizes[]): AgainCell[] {
  const { rubric, solution } = course;
  const content = solution.again;
  if (!rubric.again || !content) return [];
  return rowsOf(rubric.again).flatMap((row) =>
    row.cells.map((cell) => {
      const right = answersIn(content, row.id, cell);
      // A single other size may have the same answer by chance, or because the sizes are the same.
      const isFixed =
        others.length > 1 &&
        others.every((other) =>
          answersIn(other.solution, rowName(row), cell).some((answer) => matches(cell, right, answer)),
        );
      return { row, cell, right, counts: kindOf(cell).options === undefined && !isFixed };
    }),
  );
}

/** Whether a value matches one of the right answers. */
export function matches(cell: RubricCell, right: readonly Answer[], value: Answer): boolean {
  return right.some((answer) => kindOf(cell).matches(value, answer));
}

export function answersIn(content: KeyContent, row: string, cell: RubricCell): Answer[] {
  const expected = expectedIn(content, row, cell.id);
  return expected ? rightAnswers(expected) : [];
}

/** Returns whether a cell of the table that asks again counts, by row name and column id. */
export function countedAgain(course: Course): (row: string, column: string) => boolean {
  const cells = course.rubric.again ? againCells(course, otherSizes(course)) : [];
  const left = new Set(
    cells.flatMap(({ row, cell, counts }) => (counts ? [] : JSON.stringify([rowName(row), cell.id]))),
  );
  return (row, column) => !left.has(JSON.stringify([row, column]));
}
