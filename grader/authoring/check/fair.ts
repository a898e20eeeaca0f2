import type { Course } from '../../course';
import { GraderError } from '../../error';
import { type KeyContent, type Misconception, rightAnswers } from '../../key/hints';
import { expectedIn } from '../../key/plain';
import { loadSolution, type Solution } from '../../key/solution';
import { kindOf } from '../../kinds/registry';
import type { GivenValue } from '../../rubric/file.schema';
import { type Given, type Rubric, type RubricRow, type RubricTable, rowName } from '../../rubric/rubric';

/** Rows that are asked at the same sizes. */
export interface Sizes {
  /** Where students meet them: `the vote`. */
  readonly name: string;
  readonly given: Given;
  /** With the names that the solution knows rows by. */
  readonly tables: readonly RubricTable[];
  readonly solution: KeyContent;
}

/** The sizes of a course: those of the worksheet, of the vote, and of each table that has its own. */
export function sizesOf(course: Course): { worksheet: Sizes; others: Sizes[] } {
  const { file, rubric, solution, atOtherSizes } = course;
  const tables = rubric.tables.filter(({ given }) => given === undefined);
  const worksheet = { name: 'the worksheet', given: rubric.given, tables, solution };
  const others = rubric.tables.flatMap(({ given, ...table }) => {
    const found = atOtherSizes.get(table.export);
    const rows = table.rows.map((row) => ({ ...row, id: rowName(row) }));
    if (!found || !given) return [];
    return [{ name: `the table ${table.export}`, given, tables: [{ ...table, rows }], solution: found }];
  });
  const vote = file.vote ? [at(course, { ...worksheet, name: 'the vote' }, file.vote)] : [];
  return { worksheet, others: [...vote, ...others] };
}

/** @throws {GraderError} if the solution refuses these sizes. */
function at({ root, rubric }: Course, sizes: Sizes, change: Given): Sizes {
  const given = { ...sizes.given, ...change };
  const form = { ...rubric, given, tables: sizes.tables };
  return { ...sizes, given, solution: solutionAt(root, form, `At the sizes of ${sizes.name}`) };
}

/**
 * The solution for a rubric at other sizes.
 *
 * @throws {GraderError} that begins with `where`, if the solution refuses them.
 */
export function solutionAt(root: string, rubric: Rubric, where: string): Solution {
  try {
    return loadSolution(root, rubric, false);
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    throw new GraderError('key', 'sizes-refused', `${where}: ${error.message}`);
  }
}

/**
 * Finds right answers that students know from other sizes, and ideas that give one answer although they differ in the
 * worksheet.
 *
 * @param others the sizes that these are compared with, those of the worksheet first.
 * @param all all other sizes that students meet, with which a proposal is compared, in the same order.
 * @returns a sentence for each, and then what would be fair; and those sizes.
 */
export function unfair(
  course: Course,
  sizes: Sizes,
  others: readonly Sizes[],
  all: readonly Sizes[],
): { found: string[]; fair?: Sizes } {
  if (collisions(sizes, others, []).length === 0) return { found: [] };
  const near = nearby(course, sizes);
  const found = collisions(sizes, others, near);
  if (found.length === 0) return { found };
  const fair = near.find((one) => collisions(one, all, near).length === 0);
  const advice = fair
    ? `Write these sizes for ${sizes.name}, which are fair: ${JSON.stringify(fair.given)}`
    : `No sizes near these are fair. Choose quite different ones for ${sizes.name}.`;
  return { found: [...found, advice], fair };
}

/** @param near sizes at which a cell may have another answer; what is right at all of them is no news anywhere. */
function collisions(sizes: Sizes, others: readonly Sizes[], near: readonly Sizes[]): string[] {
  const found = new Map<string, string>();
  for (const cell of askedCells(sizes)) {
    const isSame = (other: AskedCell) =>
      other.answers.some((answer) => cell.answers.some((known) => cell.kind.matches(answer, known)));
    const isRightIn = (other: Sizes) => askedCells(other).some((one) => one.id === cell.id && isSame(one));
    const isFixed = near.length > 0 && near.every(isRightIn);
    for (const other of others) {
      const same = askedCells(other).find((one) => one.kind.unit === cell.kind.unit && isSame(one));
      if (!same || (isFixed && isRightIn(other))) continue;
      // A value may be right in several cells.
      const value = cell.kind.print(cell.answers[0] ?? '');
      const text = `${sizes.name} asks for ${value} at ${cell.label}, which is right in ${other.name} too, at ${same.label}.`;
      if (!found.has(value)) found.set(value, text);
    }
  }
  for (const row of sizes.tables.flatMap(({ rows }) => rows)) {
    const known = others[0] ? alike(row, others[0].solution) : [];
    const merged = alike(row, sizes.solution).filter((pair) => !known.includes(pair));
    const where = `${sizes.name} has one answer in ${row.label} for what differs in the worksheet`;
    for (const pair of merged) found.set(pair, `${where}: ${pair}.`);
  }
  return [...found.values()];
}

type AskedCell = ReturnType<typeof askedCells>[number];

/** The cells that take any value, with their right answers; one of a few options may well be right again. */
export function askedCells({ tables, solution }: Pick<Sizes, 'tables' | 'solution'>) {
  return tables.flatMap(({ rows }) =>
    rows.flatMap((row) =>
      row.cells.flatMap((cell) => {
        const [right, kind] = [expectedIn(solution, row.id, cell.id), kindOf(cell)];
        if (!right || kind.options) return [];
        const { id: column, label } = cell;
        return [{ id: `${row.id}.${column}`, column, label, kind, answers: rightAnswers(right) }];
      }),
    ),
  );
}

/** Pairs of ideas, by title, that give the same row; what is right counts as one. */
function alike({ id, cells }: RubricRow, key: KeyContent): string[] {
  const textOf = (values: Misconception['values']) =>
    cells.map((cell) => values[cell.id] ?? expectedIn(key, id, cell.id)?.value).join();
  const ofRow = key.misconceptions.filter(({ row }) => row === id);
  const ideas = ofRow.map((idea) => [idea.title ?? idea.id, textOf(idea.values)] as const);
  return [['what is right', textOf({})] as const, ...ideas].flatMap(([title, text], index) =>
    ideas
      .slice(index)
      .filter(([other, same]) => same === text && other !== title)
      .map(([other]) => `${title}, and ${other}`),
  );
}

/** The most sizes that are tried near some others. */
const maxTried = 200;

/** Sizes that differ from some others in one name, in two or in all numbers, as far as the solution accepts them. */
function nearby(course: Course, sizes: Sizes): Sizes[] {
  const single = Object.entries(sizes.given).flatMap(([name, value]) => {
    const names = typeof value === 'number' ? [] : otherNames(course.solution);
    return [...names, ...numbersNear(value)].map((other): Given => ({ [name]: other }));
  });
  const together = steps.map((step) =>
    Object.fromEntries(
      Object.entries(sizes.given).map(([name, value], index) => [
        name,
        typeof value === 'number' ? value + step * (index + 1) : value,
      ]),
    ),
  );
  const pairs = single.flatMap((one) => single.map((other) => ({ ...one, ...other })));
  return [...single, ...together, ...pairs].slice(0, maxTried).flatMap((change) => {
    try {
      return at(course, sizes, change);
    } catch (error) {
      if (error instanceof GraderError) return [];
      throw error;
    }
  });
}

/** The names that a worksheet could state and does not, as far as its solution lists them for its handout. */
export function otherNames({ handoutFacts }: Pick<Solution, 'handoutFacts'>): string[] {
  const { otherNames: names } = handoutFacts;
  return Array.isArray(names) ? names.map(String) : [];
}

const steps = [1, 2, 3, 4, 5, 8, 10, 20, 50, 100];

function numbersNear(value: GivenValue): GivenValue[] {
  if (typeof value === 'number')
    return steps.flatMap((step) => [value + step, value - step]).filter((number) => number > 0);
  if (typeof value === 'string') return [];
  return Object.entries(value).flatMap(([name, number]) =>
    numbersNear(number).map((other) => ({ ...value, [name]: Number(other) })),
  );
}
