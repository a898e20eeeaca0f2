import type { Answer, Kind } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { firstSentence } from '../message';
import type { RubricCell } from '../rubric/rubric';
import { groupBy } from './group-by';
import type { Hint } from './key';

/** A known wrong answer: values for all cells of a row, or for one. */
export interface Misconception {
  readonly id: string;
  /** What people call it; students do not see it. */
  readonly title?: string | undefined;
  readonly row: string;
  /** By column. */
  readonly values: Readonly<Record<string, Answer>>;
  readonly text: string;
}

/** What people call a misconception of a hint; one hint may stand for several, joined by +. */
export function titleOf(
  known: readonly Pick<Misconception, 'id' | 'title'>[],
  misconception: string,
): string {
  const titles = misconception
    .split('+')
    .map((id) => known.find((candidate) => candidate.id === id)?.title ?? id);
  return [...new Set(titles)].join(', or: ');
}

/** A number of the worksheet, and what it is: `how many heads the layer has`. */
export interface Quantity {
  readonly value: number;
  readonly phrase: string;
}

/** What is right in a cell: its id is the column's. */
export interface ExpectedCell {
  readonly id: string;
  readonly value: Answer;
  /** What is right there as well. */
  readonly alternatives?: readonly Answer[];
}

/** A row of the worksheet as it is right. */
export interface ExpectedRow {
  readonly id: string;
  readonly cells: readonly ExpectedCell[];
}

/** All that is right in a cell. */
export function rightAnswers({ value, alternatives = [] }: ExpectedCell): Answer[] {
  return [value, ...alternatives];
}

/** A hint for all cells of a row together, each holding its value, in order. */
export interface RowHint {
  readonly values: readonly Answer[];
  readonly hint: Hint;
}

/** A cell with everything that is known of what somebody may write there. */
export interface KnownCell {
  readonly id: string;
  readonly kind: Kind;
  readonly right: readonly Answer[];
  /** What a wrong value tells by itself. */
  readonly hints: ReadonlyMap<Answer, Hint>;
  /** All of these, and the values of hints for the row. */
  readonly known: readonly Answer[];
  /** What other wrong values are. */
  readonly quantities: ReadonlyMap<Answer, string>;
}

/** Everything that is known of one row. */
export interface KnownRow {
  readonly cells: readonly KnownCell[];
  readonly rowHints: readonly RowHint[];
}

/** Values in the order of the cells, as a Map key. */
export function rowId(values: readonly (Answer | undefined)[]): string {
  return JSON.stringify(values);
}

/**
 * What a value in a cell is taken for: the right answer that it matches, else the nearest other that
 * is known, else the nearest quantity, else itself. All kinds of keys go by it.
 */
export function recognize(
  value: Answer,
  { kind, right, known, quantities }: Pick<KnownCell, 'kind' | 'right' | 'known' | 'quantities'>,
): Answer {
  const nearest = (answers: readonly Answer[]) =>
    answers
      .filter((answer) => kind.matches(value, answer))
      .reduce<Answer | undefined>(
        (best, answer) =>
          best === undefined || kind.distance(value, answer) < kind.distance(value, best) ? answer : best,
        undefined,
      );
  return nearest(right) ?? nearest(known) ?? nearest([...quantities.keys()]) ?? value;
}

/**
 * What is known of one row: one hint for each known wrong row, naming every cause that fits it, and
 * one for each value that is known to be wrong by itself and has a single cause. What is right is left
 * out.
 */
export function knownRow(
  right: ExpectedRow,
  cells: readonly RubricCell[],
  misconceptions: readonly Misconception[],
  quantities: readonly Quantity[],
): KnownRow {
  const ofRow = misconceptions.filter(({ row }) => row === right.id);
  const single = ofRow.filter(({ values }) => right.cells.length > 1 && Object.keys(values).length === 1);
  const whole = ofRow.filter((entry) => !single.includes(entry));
  const all = right.cells.flatMap((cell): KnownCell[] => {
    const rubric = cells.find(({ id }) => id === cell.id);
    if (!rubric) return [];
    const kind = kindOf(rubric);
    const answers = rightAnswers(cell);
    const isRight = (value: Answer) => answers.some((answer) => kind.matches(value, answer));
    const ofCell = single.flatMap((entry) => {
      const value = entry.values[cell.id];
      return value === undefined || isRight(value) ? [] : [{ value, entry }];
    });
    const hints = new Map<Answer, Hint>();
    for (const [value, found] of groupBy(ofCell, (one) => one.value)) {
      const causes = found.map(({ entry }) => entry);
      if (new Set(causes.map(({ id }) => id)).size === 1) hints.set(value, joined(causes));
    }
    const values = whole.flatMap((entry) => entry.values[cell.id] ?? []);
    const known = [...new Set([...answers, ...hints.keys(), ...values])];
    // A hint for the row is worth more than a quantity, and other values of it may well be one.
    const others = quantitiesFor(kind, quantities).filter(([value]) => !isRight(value) && !hints.has(value));
    return [{ ...{ id: cell.id, kind, right: answers }, hints, known, quantities: new Map(others) }];
  });

  const valuesOf = (entry: Misconception) =>
    all.map((cell) => {
      const value = entry.values[cell.id];
      return value === undefined ? undefined : recognize(value, cell);
    });
  const rowHints: RowHint[] = [];
  for (const causes of groupBy(whole, (entry) => rowId(valuesOf(entry))).values()) {
    const values = causes[0] ? valuesOf(causes[0]).flatMap((value) => value ?? []) : [];
    const isRight = values.every((value, index) => all[index]?.right.includes(value));
    if (values.length === all.length && !isRight) rowHints.push({ values, hint: joined(causes) });
  }
  return { cells: all, rowHints };
}

/** The numbers that a kind of answer can be, each with everything that it is. */
function quantitiesFor(kind: Kind, quantities: readonly Quantity[]): [Answer, string][] {
  const known = quantities.flatMap(({ value, phrase }) => {
    const answer = kind.answerOf(value);
    return answer === undefined ? [] : [{ answer, phrase }];
  });
  return [...groupBy(known, ({ answer }) => answer)].map(([answer, all]) => [
    answer,
    // It is all of that at once.
    [...new Set(all.map(({ phrase }) => phrase))].join(', and also '),
  ]);
}

function joined(causes: readonly Misconception[]): Hint {
  const ids = [...new Set(causes.map(({ id }) => id))];
  const texts = [...new Set(causes.map(({ text }) => text))];
  return {
    misconception: ids.join('+'),
    // What to think about differs from one to the other, so what they are has to do.
    text: texts.length === 1 ? (texts[0] ?? '') : `Either: ${texts.map(firstSentence).join(' Or: ')}`,
  };
}
