import { expectedIn } from '../key/judge';
import { type KeyContent, type Misconception, rightAnswers } from '../key/known-answers';
import { loadSolution, type Solution } from '../key/solution';
import { kindOf } from '../kinds/registry';
import { GraderError } from '../message';
import type { GivenValue } from '../rubric/file.schema';
import { allRowsOf, type Given, type RubricRow, type RubricTable, rowName } from '../rubric/rubric';
import { groupBy, joinNames } from '../system/lists';
import type { Course } from './course';
import { statedNumbers } from './handout';
import { isRight, rightIn, type StatedSizes } from './vote';

/** Rows that are asked at the same sizes. */
export interface Sizes {
  /** Where students meet them: `the vote`. */
  readonly name: string;
  /** The line of rubric.yaml where an author changes them. */
  readonly line: RegExp;
  readonly given: Given;
  /** The values in that line. */
  readonly own: Given;
  /** With the names that the solution knows rows by. */
  readonly tables: readonly RubricTable[];
  readonly solution: Solution;
}

/** The sizes of a course: those of the worksheet, of each table that has its own, and of the vote. */
export function sizesOf(course: Course): [worksheet: Sizes, ...others: Sizes[]] {
  const { file, rubric, solution } = course;
  const atSharedSizes = rubric.tables.filter(({ given }) => given === undefined);
  const { given } = rubric;
  const worksheet = {
    name: 'the worksheet',
    line: /^given:/,
    given,
    own: given,
    tables: atSharedSizes,
    solution,
  };
  const tableSizes = rubric.tables.flatMap(({ given: _, ...table }) => {
    const rows = table.rows.map((row) => ({ ...row, id: rowName(row) }));
    const line = new RegExp(`export: *${table.export}\\b`);
    const sizes = { ...worksheet, name: `the table ${table.export}`, line, tables: [{ ...table, rows }] };
    const stated = file.tables.find((one) => one.export === table.export)?.given;
    return stated ? sizesAt(course, sizes, stated) : [];
  });
  const vote = file.vote
    ? [sizesAt(course, { ...worksheet, name: 'the vote', line: /^vote:/ }, file.vote)]
    : [];
  return [worksheet, ...tableSizes, ...vote];
}

/** @throws {GraderError} if the solution refuses these sizes. */
function sizesAt({ root, rubric }: Course, sizes: Sizes, stated: Given): Sizes {
  const given = { ...rubric.given, ...stated };
  const form = { ...rubric, given, tables: sizes.tables };
  return {
    ...sizes,
    given,
    own: stated,
    solution: loadSolution(root, form, false, `At the sizes of ${sizes.name}: `),
  };
}

/** The sizes at which a vote asks, with the numbers that the handout states there; or why there is no vote. */
export function voteSizesOf(course: Course): StatedSizes | { readonly reason: string } {
  if (!course.file.vote) return { reason: 'rubric.yaml states no other sizes under vote.' };
  const [worksheet, ...otherSizes] = sizesOf(course);
  const sizes = otherSizes.pop() ?? worksheet;
  return unfair(course, sizes, [worksheet, ...otherSizes]).faults.length > 0
    ? { reason: 'npm run check refuses the sizes under vote in rubric.yaml, and says why.' }
    : statedAt(course, sizes);
}

export function statedAt(course: Course, { given, solution }: Omit<StatedSizes, 'numbers'>): StatedSizes {
  return { given, solution, numbers: statedNumbers(course, solution) };
}

/**
 * Finds right answers that students know from other sizes, ideas that give one answer although they differ in the
 * worksheet, and those that can be seen in one of the two alone.
 *
 * @param otherSizes all other sizes that students meet, those of the worksheet first.
 * @returns a sentence for each, and then what would be fair; and those sizes.
 */
export function unfair(
  course: Course,
  sizes: Sizes,
  otherSizes: readonly [Sizes, ...Sizes[]],
): { faults: string[]; fair?: Sizes } {
  if (collisions(sizes, otherSizes).length === 0) return { faults: [] };
  const varied = Object.entries(sizes.given).flatMap(([name, value]) =>
    numbersNear(value).flatMap((other) => tried(course, sizes, { ...sizes.own, [name]: other })),
  );
  const sentences = collisions(sizes, otherSizes, varied);
  if (sentences.length === 0) return { faults: sentences };
  const fair = nearby(course, sizes).find((one) => collisions(one, otherSizes, varied).length === 0);
  const advice = fair
    ? `Write these sizes for ${sizes.name}, which are fair: ${JSON.stringify(fair.own)}`
    : `No sizes near these are fair. Choose quite different ones for ${sizes.name}.`;
  return { faults: [...sentences, advice], fair };
}

/** @param varied sizes at which a cell may have another answer; what is right at all of them is no news anywhere. */
function collisions(
  sizes: Sizes,
  otherSizes: readonly [Sizes, ...Sizes[]],
  varied: readonly Sizes[] = [],
): string[] {
  // A value may be right in several cells.
  const sentences = new Map<string, string>();
  for (const { id, label, kind, answers } of askedCells(sizes)) {
    const sameIn = (compared: Sizes) =>
      askedCells(compared).filter(
        (one) =>
          one.kind.unit === kind.unit &&
          one.answers.some((answer) => answers.some((known) => kind.matches(answer, known))),
      );
    if (varied.length > 0 && varied.every((one) => sameIn(one).some((cell) => cell.id === id))) continue;
    const value = kind.print(answers[0] ?? '');
    const places = otherSizes.flatMap((other) =>
      sameIn(other).map((same) => `which is right in ${other.name} too, at ${same.label}.`),
    );
    if (places[0] && !sentences.has(value))
      sentences.set(value, `${sizes.name} asks for ${value} at ${label}, ${places[0]}`);
  }
  for (const row of sizes.tables.flatMap(({ rows }) => rows)) {
    const alikeInWorksheet = alike(row, otherSizes[0].solution);
    const where = `${sizes.name} has one answer in ${row.label} for what differs in the worksheet`;
    for (const pair of alike(row, sizes.solution))
      if (!alikeInWorksheet.includes(pair)) sentences.set(pair, `${where}: ${pair}.`);
  }
  return [...sentences.values(), ...otherIdeas(sizes, otherSizes[0])];
}

/** Says which ideas can be seen in the worksheet, or at some sizes, and not in both: nobody could show that they learned. */
function otherIdeas(sizes: Sizes, worksheet: Sizes): string[] {
  const ideasIn = (one: Sizes, row: string) =>
    new Set(
      one.solution.misconceptions.flatMap((idea) =>
        idea.row === row && !countsAsRight(one, idea) ? idea.id : [],
      ),
    );
  const differences = sizes.tables
    .flatMap(({ rows }) => rows)
    .flatMap(({ id, label }) => {
      const inWorksheet = ideasIn(worksheet, id);
      const inSizes = ideasIn(sizes, id);
      const lacking = [...inWorksheet]
        .filter((idea) => !inSizes.has(idea))
        .map((idea) => ({ idea, has: 'lacks' }));
      const more = [...inSizes]
        .filter((idea) => !inWorksheet.has(idea))
        .map((idea) => ({ idea, has: 'alone has' }));
      return [...lacking, ...more].map((one) => ({ ...one, label }));
    });
  return [...groupBy(differences, ({ idea, has }) => `${sizes.name} ${has} the idea ${idea}`)].map(
    ([said, same]) => `${said}, in ${joinNames(same.map(({ label }) => label))}.`,
  );
}

/** Whether a known wrong answer counts as right at some sizes. */
export function countsAsRight(
  { tables, solution }: Pick<Sizes, 'tables' | 'solution'>,
  idea: Misconception,
): boolean {
  const row = allRowsOf({ tables }).find(({ id }) => id === idea.row);
  return row !== undefined && isRight(solution, row, { ...rightIn(solution, row), ...idea.values });
}

/**
 * Finds two numbers of the worksheet that are equal by chance, so that mistakes count as right.
 *
 * @returns a sentence that names them and the nearest sizes that tell them apart, or undefined.
 */
export function blurred(course: Course, sizes: Sizes): string | undefined {
  const mistakes = (one: Sizes) =>
    one.solution.misconceptions.filter((idea) => countsAsRight(one, idea)).length;
  const count = mistakes(sizes);
  if (count === 0) return undefined;
  const factsIn = ({ given, solution }: Sizes) => ({ ...solution.handoutFacts, ...given });
  for (const [name, value] of Object.entries(sizes.given)) {
    if (typeof value !== 'number') continue;
    const near = numbersNear(value).flatMap((number) => tried(course, sizes, { [name]: number }));
    const fair = near.filter((one) => mistakes(one) === 0);
    // A value that follows from the number is equal to it at all sizes, and so not by chance.
    const isByChance = (fact: string) => fair.some((one) => factsIn(one)[fact] === value);
    const [equalFact] =
      Object.entries(factsIn(sizes)).find(
        ([fact, other]) => fact !== name && other === value && isByChance(fact),
      ) ?? [];
    if (equalFact === undefined) continue;
    const advice = fair
      .slice(0, 2)
      .map(({ given }) => Number(given[name]))
      .sort((one, two) => one - two);
    return `${name} and ${equalFact} are both ${value}: ${count} known ${count === 1 ? 'mistake counts' : 'mistakes count'} as right. ${advice.join(' or ')} ${name} would tell them apart.`;
  }
  return undefined;
}

/** The cells that take any value, with their right answers; one of a few options may well be right again. */
function askedCells({ tables, solution }: Pick<Sizes, 'tables' | 'solution'>) {
  return tables.flatMap(({ rows }) =>
    rows.flatMap((row) =>
      row.cells.flatMap((cell) => {
        const [right, kind] = [expectedIn(solution, row.id, cell.id), kindOf(cell)];
        if (!right || kind.options) return [];
        return { id: `${row.id}.${cell.id}`, label: cell.label, kind, answers: rightAnswers(right) };
      }),
    ),
  );
}

/** Pairs of ideas, by title, that give the same row; what is right counts as one. */
function alike({ id: row, cells }: RubricRow, key: KeyContent): string[] {
  const right: Omit<Misconception, 'text'> = { id: 'what is right', row, values: {} };
  const ideas = [right, ...key.misconceptions.filter((idea) => idea.row === row)].map(
    ({ id, title = id, values }) =>
      [title, cells.map((cell) => values[cell.id] ?? expectedIn(key, row, cell.id)?.value).join()] as const,
  );
  return ideas.flatMap(([title, text], index) =>
    ideas
      .slice(index + 1)
      .flatMap(([other, same]) => (same === text && other !== title ? `${title}, and ${other}` : [])),
  );
}

/** How many sizes are tried that differ from some others in two numbers. */
const maxPairs = 200;

/**
 * Sizes that differ from some others in what their own line states, as far as the solution accepts them: in one value,
 * or in a model that it offers, and then in two numbers.
 */
function nearby(course: Course, sizes: Sizes): Sizes[] {
  const { solution } = course;
  const single = Object.entries(sizes.own).flatMap(([name, value]) =>
    [...offered(value, solution), ...numbersNear(value)].map(
      (other): Given => ({ ...sizes.own, [name]: other }),
    ),
  );
  const pairs = single.flatMap((change) =>
    Object.entries(change).flatMap(([name, value]) =>
      numbersNear(value).map((other): Given => ({ ...change, [name]: other })),
    ),
  );
  // Spread over all of them, since those of one value are alike.
  const step = Math.max(1, Math.floor(pairs.length / maxPairs));
  const some = pairs.filter((_, index) => index % step === 0);
  return [sizes.own, ...single, ...some].flatMap((own) => tried(course, sizes, own));
}

/** Other values that a solution lists for its handout: names, or what it invents in the form of one. */
function offered(value: GivenValue, { handoutFacts }: Pick<Solution, 'handoutFacts'>): GivenValue[] {
  const { invented } = handoutFacts;
  if (typeof value === 'string') return otherNames({ handoutFacts });
  return typeof value === 'object' && Array.isArray(invented) ? invented : [];
}

/** Some other sizes, or none where the solution does not accept them. */
function tried(course: Course, sizes: Sizes, change: Given): Sizes[] {
  try {
    return [sizesAt(course, sizes, change)];
  } catch (error) {
    if (error instanceof GraderError) return [];
    throw error;
  }
}

/** The names that a worksheet could state and does not, as far as its solution lists them for its handout. */
export function otherNames({ handoutFacts }: Pick<Solution, 'handoutFacts'>): string[] {
  const { otherNames: names } = handoutFacts;
  return Array.isArray(names) ? names.map(String) : [];
}

function numbersNear(value: GivenValue): GivenValue[] {
  if (typeof value === 'string') return [];
  if (typeof value === 'number')
    return [1, 2, 3, 4, 5, 8, 10, 20, 50, 100]
      .flatMap((step) => [value + step, value - step])
      .filter((number) => number > 0);
  return Object.entries(value).flatMap(([name, number]) =>
    numbersNear(number).map((other) => ({ ...value, [name]: Number(other) })),
  );
}
