import { type AnswerKey, plainKey } from '../key/judge';
import { loadSolvedRubric, type Solution, type SolvedRubric } from '../key/solution';
import type { Deadline, TableFile } from '../rubric/file.schema';
import { baseOf, type RubricTable, sizesText } from '../rubric/rubric';
import { statedNumbers } from './handout';

/** A course as its instructor has it. */
export interface Course extends SolvedRubric {
  readonly root: string;
  readonly key: AnswerKey;
}

/** The path of a course's handout. In a student's copy, it is the front page of the repository. */
export const handoutFile = 'assignment/README.md';

/** A course without its answers: all that may go into a students' copy. */
export type OpenCourse = Pick<Course, 'root' | 'file' | 'rubric'>;

/** Returns the course with another deadline, or with none. */
export function withDeadline(course: Course, deadline: Deadline | undefined): Course {
  return { ...course, file: { ...course.file, deadline } };
}

/**
 * Loads a course.
 *
 * @param isVerified see `loadSolution`.
 * @throws {GraderError} where the rubric or the solution cannot be used.
 */
export function loadCourse(root: string, isVerified = true): Course {
  const solved = loadSolvedRubric(root, isVerified);
  const tables = solved.rubric.tables.map((table) => {
    const solution = solved.atOtherSizes.get(table.export);
    const stated = solution && statedIn(table, { root, ...solved }, solution);
    return { ...table, stated, draw: drawnBy(table, solved.file.tables) };
  });
  const rubric = { ...solved.rubric, tables };
  return { root, ...solved, rubric, key: plainKey(rubric, solved.solution) };
}

function drawnBy({ export: name }: RubricTable, tables: readonly TableFile[]): RubricTable['draw'] {
  const table = tables.find(({ export: own }) => own === name);
  return table && baseOf(table, tables)?.draw;
}

/** The numbers of a table at other sizes, for the student: what it is given, and what the handout states. */
function statedIn(
  { label = '', given = {} }: RubricTable,
  course: Parameters<typeof statedNumbers>[0],
  solution: Solution,
): string[] {
  const stated = statedNumbers(course, solution).map(({ value, phrase }) => `${value}: ${phrase}`);
  // The label that a table has by itself says what is given.
  if (stated.length === 0 && label.endsWith(sizesText(given))) return [];
  const numbers = Object.entries(given).flatMap(([name, value]) =>
    typeof value === 'number' ? [`${value}: ${name}`] : [],
  );
  return [...numbers, ...stated];
}
