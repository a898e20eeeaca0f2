import { loadSolution, type Solution } from '../key/solution';
import type { GivenValue } from '../rubric/file.schema';
import { type Given, sizesText } from '../rubric/rubric';
import type { Course } from './course';
import { statedNumbers } from './handout';

/** A worksheet at the sizes of `ask_again` in rubric.yaml, at which the class page asks about a row again. */
export interface AskAgain {
  /** The values that a question there states: `48: the number of tokens in the sequence`. */
  readonly stated: readonly string[];
  readonly solution: Solution;
}

/** The values that a worksheet states at the sizes of `ask_again`, or undefined if it has none. */
export function givenAgain({ file, rubric }: Pick<Course, 'file' | 'rubric'>): Given | undefined {
  return file.ask_again && { ...rubric.given, ...file.ask_again };
}

/**
 * Works out a worksheet at the sizes of `ask_again`.
 *
 * @param isVerified see `loadSolution`.
 * @param place where rubric.yaml states them, for messages.
 * @returns undefined if rubric.yaml states none.
 * @throws {GraderError} if the solution cannot be used at these sizes.
 */
export function askAgainOf(course: Course, isVerified = false, place = 'rubric.yaml'): AskAgain | undefined {
  const given = givenAgain(course);
  if (!given) return undefined;
  const where = `${place}: at the sizes of ask_again: `;
  const solution = loadSolution(course.root, { ...course.rubric, given }, isVerified, where);
  return { solution, stated: statementsAt(course, given, solution) };
}

/** The given values and the numbers of the handout, with their meanings; those that have only a name come first. */
function statementsAt(course: Course, given: Given, there: Solution): string[] {
  const numbers = statedNumbers(course, there);
  const phraseOf = ([name, value]: readonly [string, GivenValue]) => {
    const phrases = course.solution.quantities
      .filter((quantity) => quantity.value === course.rubric.given[name])
      .map(({ phrase }) => phrase);
    return there.quantities.find((one) => one.value === value && phrases.includes(one.phrase));
  };
  // Leave out a model that consists of numbers: they are among those that the handout states.
  const isStated = (value: GivenValue) =>
    typeof value === 'object' &&
    Object.values(value).some((size) => numbers.some((number) => number.value === size));
  const entries = Object.entries(given).filter(([, value]) => !isStated(value));
  const unnamed = sizesText(Object.fromEntries(entries.filter((entry) => !phraseOf(entry))));
  const named = [...entries.flatMap((entry) => phraseOf(entry) ?? []), ...numbers];
  return [
    ...(unnamed === '' ? [] : [unnamed]),
    ...named.map(({ value, phrase }) => `${value.toLocaleString('en')}: ${phrase}`),
  ];
}
