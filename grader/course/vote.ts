import { expectedIn, plainKey } from '../key/judge';
import { isRightAnswer, type KeyContent, type Quantity } from '../key/known-answers';
import type { Answer } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { answerText, type RowValues, rowText } from '../render/status';
import type { GivenValue } from '../rubric/file.schema';
import { type Given, labelInRow, type RubricCell, type RubricRow, sizesText } from '../rubric/rubric';
import { sha256 } from '../system/platform';
import type { Course } from './course';

/** One of the answers that a class votes on. */
interface VoteOption {
  readonly text: string;
  readonly isRight: boolean;
  /** The explanation that is shown in the end. */
  readonly why: string;
}

/** One question for a vote, at other sizes than the worksheet's, so that nobody's answer is shown. */
export interface Vote {
  /** `Basket: down, across?` */
  readonly asked: string;
  /** The statements at these sizes: the given values, and the numbers of the handout with their meanings. */
  readonly stated: readonly string[];
  /** Four, one of them right. */
  readonly options: readonly VoteOption[];
}

/** Sizes at which a vote asks, with the numbers that the handout states there. */
export interface StatedSizes extends Pick<Course, 'solution'> {
  readonly given: Given;
  readonly numbers: readonly Quantity[];
}

/** An answer at the sizes of the worksheet, or of the second table, which has rows of its own. */
export interface WrittenAnswer {
  readonly row: RubricRow;
  readonly values: RowValues;
}

/**
 * Chooses four answers to a row, the right one first, whose form does not tell which is right. The others are, as far
 * as they can be so chosen: what the class wrote, the most frequent first; then known misconceptions; then numbers of
 * the handout. The first answer of the class that has a meaning at these sizes is always there.
 *
 * @param written wrong answers at the sizes of the worksheet or of the second table.
 * @returns undefined where the row does not take four answers, or where a right one is that of the worksheet.
 */
export function optionsFor(
  course: Course,
  { given, solution, numbers }: StatedSizes,
  row: RubricRow,
  written: readonly WrittenAnswer[],
): readonly RowValues[] | undefined {
  const right = rightIn(solution, row);
  const isKnown = (cell: RubricCell) => isRightIn(course.solution, row, cell, right[cell.id]);
  if (Object.keys(right).length < row.cells.length || row.cells.some(isKnown)) return undefined;
  const ofClass = written.slice(0, maxWritten).map((answer) => carried(course, solution, row, answer));
  const ideas = solution.misconceptions.filter((idea) => idea.row === row.id);
  const statedValues = [
    ...Object.values(given),
    ...[...numbers, ...solution.quantities].map(({ value }) => value),
  ];
  const wrongAmong = (candidates: readonly RowValues[]) =>
    candidates.filter(
      (answer, index) =>
        !isRight(solution, row, answer) &&
        candidates.findIndex((other) => isSameAnswer(row, other, answer)) === index,
    );
  const [first, ...rest] = wrongAmong([
    ...ofClass.filter((answer) => answer !== undefined),
    ...ideas.map(({ values }) => ({ ...right, ...values })),
    ...combinations(row, (cell) => valuesOf(cell, [right[cell.id], ...statedValues])),
  ]);
  if (!first || rest.length < 2) return undefined;
  const withPairOf = (others: readonly RowValues[]) => {
    // The likeliest first: what nobody would write comes last.
    for (const [index, third] of others.entries())
      for (const second of others.slice(0, index))
        if (hidesTheRight(row, [right, first, second, third])) return [right, first, second, third];
    return undefined;
  };
  // Two numbers of each of two columns make four answers in which each number is as frequent.
  const crossed = () => {
    const answers = combinations(row, (cell) => {
      const values = [right, first, ...rest].map((answer) => answer[cell.id]);
      return valuesOf(cell, values);
    });
    return wrongAmong([first, ...answers]).slice(1);
  };
  return withPairOf(rest) ?? withPairOf(crossed()) ?? [right, first, ...rest.slice(0, 2)];
}

/** So many wrong answers of a class are tried: a large class has thousands that one or two wrote. */
const maxWritten = 20;

/** So many combinations of the handout's numbers are tried. */
const maxTried = 100;

/** Returns the right answers of a row, by column. */
export function rightIn(content: KeyContent, { id, cells }: RubricRow): RowValues {
  const right = cells.flatMap((cell) => {
    const expected = expectedIn(content, id, cell.id);
    return expected ? [[cell.id, expected.value] as const] : [];
  });
  return Object.fromEntries(right);
}

/** Whether each answer to a row counts as a right one. */
export function isRight(content: KeyContent, row: RubricRow, answer: RowValues): boolean {
  return row.cells.every((cell) => isRightIn(content, row, cell, answer[cell.id]));
}

function isRightIn(
  content: KeyContent,
  { id }: RubricRow,
  cell: RubricCell,
  answer: Answer | undefined,
): boolean {
  return isRightAnswer(cell, expectedIn(content, id, cell.id), answer);
}

function isSameIn(cell: RubricCell, answer: Answer | undefined, known: Answer | undefined): boolean {
  return answer !== undefined && known !== undefined && kindOf(cell).matches(answer, known);
}

/** Whether two answers to a row count as one: alike, or within a tolerance. */
export function isSameAnswer({ cells }: RubricRow, answer: RowValues, other: RowValues): boolean {
  return cells.every((cell) => isSameIn(cell, answer[cell.id], other[cell.id]));
}

/** Returns the values that a cell takes: some numbers, and its options. */
function valuesOf(cell: RubricCell, values: readonly unknown[]): Answer[] {
  const { answerOf, options = [] } = kindOf(cell);
  return [...new Set([...values.flatMap((value) => answerOf(value) ?? []), ...options])];
}

/** Returns answers with one of its values for each cell, as many as are tried; those with the first values come first. */
function combinations({ cells }: RubricRow, choicesFor: (cell: RubricCell) => readonly Answer[]) {
  let begun: { readonly answer: RowValues; readonly rank: number }[] = [{ answer: {}, rank: 0 }];
  for (const cell of cells) {
    const choices = choicesFor(cell);
    const longer = begun.flatMap(({ answer, rank }) =>
      choices.map((value, index) => ({ answer: { ...answer, [cell.id]: value }, rank: rank + index })),
    );
    begun = longer.sort((a, b) => a.rank - b.rank).slice(0, maxTried);
  }
  return begun.map(({ answer }) => answer);
}

/**
 * Carries an answer to other sizes: by the misconception that it shows, and by the meaning of each number. An answer
 * with a number that has no meaning, or several that differ there, is not carried.
 */
function carried(
  { rubric, solution: ofWorksheet, atOtherSizes }: Course,
  solutionThere: KeyContent,
  row: RubricRow,
  { row: asked, values }: WrittenAnswer,
): RowValues | undefined {
  const table = rubric.tables.find(({ rows }) => rows.some(({ id }) => id === asked.id));
  const solutionHere = atOtherSizes.get(table?.export ?? '') ?? ofWorksheet;
  const rightThere = rightIn(solutionThere, row);
  const meant = combinations(row, (cell) => {
    const value = values[cell.id];
    // A table that repeats a row may have fewer columns.
    if (value === undefined || isRightIn(solutionHere, asked, cell, value))
      return valuesOf(cell, [rightThere[cell.id]]);
    const { options, answerOf } = kindOf(cell);
    if (options) return options.filter((option) => option === value);
    const meanings = solutionHere.quantities.filter((quantity) =>
      isSameIn(cell, value, answerOf(quantity.value)),
    );
    const phrases = meanings.map(({ phrase }) => phrase);
    const same = solutionThere.quantities.filter(({ phrase }) => phrases.includes(phrase));
    return valuesOf(
      cell,
      same.map((quantity) => quantity.value),
    );
  });
  const shows = (answer: RowValues, shown: RowValues) =>
    row.cells.every((cell) => !(cell.id in shown) || isSameIn(cell, answer[cell.id], shown[cell.id]));
  const ideas = solutionHere.misconceptions
    .filter((entry) => entry.row === asked.id && shows(values, entry.values))
    .map(({ id }) => id);
  const entries = solutionThere.misconceptions.filter(
    (entry) => entry.row === row.id && ideas.includes(entry.id),
  );
  const showing = meant.find((answer) => entries.some((entry) => shows(answer, entry.values)));
  if (showing) return showing;
  const [entry] = entries;
  if (entry) return { ...rightThere, ...entry.values };
  return meant.length === 1 ? meant[0] : undefined;
}

/**
 * Whether nobody can tell from the options alone that the first is right. Wrong answers are often the right one with one
 * number changed, so that the right one has most in common with the others: in `7 11`, `7 24`, `24 11` and `30 30` it is
 * the first. In `7 11`, `7 24`, `9 11` and `9 24` each option has as much in common as the others.
 *
 * Three numbers say what an option has in common: how often its numbers stand in their columns (`shared`), in how
 * many columns it has the most frequent number (`frequent`), and how often its numbers stand in any column (`anywhere`).
 * Two wrong options have to equal the right one in the first two; in the third, too, if it has the most there.
 */
export function hidesTheRight({ cells }: RubricRow, options: readonly RowValues[]): boolean {
  const columns = cells.map(({ id }) => options.map((option) => option[id]));
  const countIn = (values: readonly unknown[], value: unknown) =>
    values.filter((other) => other === value).length;
  /** For each option, the sum over its columns. */
  const perOption = (countOf: (column: readonly unknown[], index: number) => number) =>
    options.map((_, index) => columns.reduce((sum, column) => sum + countOf(column, index), 0));
  const shared = perOption((column, index) => countIn(column, column[index]));
  const frequent = perOption((column, index) => {
    const most = Math.max(...column.map((value) => countIn(column, value)));
    return countIn(column, column[index]) === most ? 1 : 0;
  });
  const anywhere = perOption((column, index) => {
    const others = columns.flatMap((values) => values.toSpliced(index, 1));
    return countIn(others, column[index]);
  });
  const isLikeTwo = ([right, ...wrong]: readonly number[]) => countIn(wrong, right) >= 2;
  const isLess = anywhere[0] !== Math.max(...anywhere);
  return [shared, frequent].every(isLikeTwo) && (isLess || isLikeTwo(anywhere));
}

/**
 * Asks about a row, with four options in an order by chance, which is always the same for the same ones.
 *
 * @param written see `optionsFor`.
 * @returns undefined where the row does not take four answers.
 */
export async function questionAbout(
  course: Course,
  sizes: StatedSizes,
  row: RubricRow,
  written: readonly WrittenAnswer[],
): Promise<Vote | undefined> {
  const { rubric } = course;
  const { given, solution } = sizes;
  const chosen = optionsFor(course, sizes, row, written);
  if (!chosen) return undefined;
  const key = plainKey(rubric, solution);
  const options = await Promise.all(
    chosen.map(async (answer, index): Promise<VoteOption> => {
      const cells = row.cells.map(({ id }) => ({ id, value: answer[id] }));
      const judged = await key.judge({ id: row.id, cells });
      const hints = new Set(judged.cells.flatMap(({ hint }) => hint?.text ?? []));
      const why = index === 0 ? judged.explanation : [...hints].join(' ');
      return {
        text: rowText(rubric, row, answer),
        isRight: index === 0,
        why: why || meaningsOf(row, answer, solution) || 'That is not right here.',
      };
    }),
  );
  return {
    asked: `${row.label}: ${row.cells.map((cell) => labelInRow(cell, row)).join(', ')}?`,
    stated: statementsAt(course, sizes),
    options: shuffledOptions(options, JSON.stringify([rubric.title, row.id, given])),
  };
}

/** `48: the number of tokens in the sequence`; what has no phrase stands by its name, and first. */
function statementsAt(
  { rubric, solution: here }: Course,
  { given, solution, numbers }: StatedSizes,
): string[] {
  const phraseOf = ([name, value]: readonly [string, GivenValue]) => {
    const phrases = here.quantities
      .filter((one) => one.value === rubric.given[name])
      .map(({ phrase }) => phrase);
    return solution.quantities.find((one) => one.value === value && phrases.includes(one.phrase));
  };
  // A model of numbers is among those that the handout states.
  const isStated = (value: GivenValue) =>
    typeof value === 'object' &&
    Object.values(value).some((size) => numbers.some((one) => one.value === size));
  const entries = Object.entries(given).filter(([, value]) => !isStated(value));
  const unnamed = sizesText(Object.fromEntries(entries.filter((entry) => !phraseOf(entry))));
  const named = entries.flatMap((entry) => phraseOf(entry) ?? []);
  return [...(unnamed === '' ? [] : [unnamed]), ...[...named, ...numbers].map(numberText)];
}

function numberText({ value, phrase }: Quantity): string {
  return `${value.toLocaleString('en')}: ${phrase}`;
}

/** `63: how many seeds there are. 20: how many apples there are.` */
function meaningsOf({ cells }: RubricRow, answer: RowValues, { quantities }: KeyContent): string {
  const meanings = cells.flatMap((cell) => {
    const value = answer[cell.id];
    const meant = quantities.find((one) => isSameIn(cell, value, kindOf(cell).answerOf(one.value)));
    return meant ? `${answerText(cell, value)}: ${meant.phrase}.` : [];
  });
  return [...new Set(meanings)].join(' ');
}

/**
 * Puts the right option at a place that the texts of all decide, so that each place is as frequent, and the others in an
 * order that reveals nothing about them. Both are the same each time.
 */
function shuffledOptions(options: readonly VoteOption[], seed: string): VoteOption[] {
  const texts = options.map(({ text }) => text).sort();
  const position = Number.parseInt(sha256(JSON.stringify([seed, texts])).slice(-8), 16) % options.length;
  const orderOf = ({ text }: VoteOption) => sha256(seed + text);
  const wrong = options.slice(1).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  return wrong.toSpliced(position, 0, ...options.slice(0, 1));
}
