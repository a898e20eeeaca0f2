import { askedTables, type Rubric, type RubricCell, type RubricRow, secondTable } from '../rubric/rubric';

/** A question of the quiz that a release makes for Moodle. */
export type QuizQuestion =
  | { readonly id: string; readonly row: RubricRow; readonly cell: RubricCell }
  | { readonly id: string; readonly label: string };

/** The questions of a quiz in their order, one list for each category: the cells, those at other sizes, the exit ticket. */
export function quizParts(rubric: Rubric): QuizQuestion[][] {
  const again = secondTable(rubric);
  const { questions = [] } = rubric.reflection ?? {};
  const parts: QuizQuestion[][] = [
    askedTables(rubric).flatMap(({ rows }) => rows.flatMap(cellQuestions)),
    (again?.rows ?? []).flatMap(cellQuestions),
    questions.map(({ id, label }) => ({ id: `response.${id}`, label })),
  ];
  return parts.filter((part) => part.length > 0);
}

function cellQuestions(row: RubricRow): QuizQuestion[] {
  return row.cells.map((cell) => ({ id: `${row.id}.${cell.id}`, row, cell }));
}
