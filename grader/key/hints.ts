import type { Answer, Kind } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { firstSentence } from '../message';
import type { RubricCell } from '../rubric/rubric';
import { groupBy } from './group-by';
import type { Hint } from './key';
import type { Functions } from './solution.schema';

/** A known wrong answer: values for all cells of a row, or for one. Students do not see its title. */
export type Misconception = Omit<Functions['misconceptions'][number], 'values'> & {
  /** By column. */
  readonly values: Readonly<Record<string, Answer>>;
};

/** Returns the title of a hint's misconception. One hint may stand for several, joined by +. */
export function titleOf(
  known: readonly Pick<Misconception, 'id' | 'title'>[],
  misconception: string,
): string {
  const titles = misconception
    .split('+')
    .map((id) => known.find((candidate) => candidate.id === id)?.title ?? id);
  return [...new Set(titles)].join(', or: ');
}

/** A number of the worksheet, and its meaning: `how many heads the layer has`. */
export type Quantity = Readonly<Functions['quantities'][number]>;

/** The right answer of a cell. The id is the column's. */
export interface ExpectedCell {
  readonly id: string;
  readonly value: Answer;
  /** Other answers that are right too. */
  readonly alternatives?: readonly Answer[];
}

/** The right answers of a row of the worksheet. */
export interface ExpectedRow {
  readonly id: string;
  readonly cells: readonly ExpectedCell[];
}

/** The right answers, and known wrong ones. */
export interface KeyContent {
  readonly expected: readonly ExpectedRow[];
  readonly misconceptions: readonly Misconception[];
  readonly quantities: readonly Quantity[];
  /** Explanations of the right answers, by row. */
  readonly explanations: Readonly<Record<string, string>>;
  /** The content for each table that states sizes of its own. */
  readonly others?: readonly KeyContent[];
}

/** Returns all right answers of a cell. */
export function rightAnswers({ value, alternatives = [] }: ExpectedCell): Answer[] {
  return [value, ...alternatives];
}

/** A value that the key recognizes in a cell. */
export interface KnownAnswer {
  readonly value: Answer;
  /** If a value matches several, a right answer comes before a known wrong one, and that before a quantity. */
  readonly rank: 'right' | 'wrong' | 'quantity';
  /** The hint for a value that is wrong by itself. */
  readonly hint?: Hint;
  /** The one or two meanings of the value, if it has no hint. */
  readonly quantity?: readonly string[];
}

const ranks: readonly KnownAnswer['rank'][] = ['right', 'wrong', 'quantity'];

/** A cell with all values that the key recognizes in it. */
export interface KnownCell {
  readonly id: string;
  readonly kind: Kind;
  readonly answers: readonly KnownAnswer[];
}

/** A row with everything that the key knows about it. */
export interface KnownRow {
  readonly id: string;
  readonly explanation: string | undefined;
  readonly cells: readonly KnownCell[];
  /** The hints for the values of all cells together, in order; by their `rowId`. */
  readonly rowHints: ReadonlyMap<string, { readonly values: readonly Answer[]; readonly hint: Hint }>;
}

/** Values in the order of the cells, as a Map key. */
export function rowId(values: readonly (Answer | undefined)[]): string {
  return JSON.stringify(values);
}

/** Finds the known answer that a value counts as: the nearest match of the first rank. All kinds of keys use this. */
export function recognize<Known extends Pick<KnownAnswer, 'value' | 'rank'>>(
  value: Answer | undefined,
  { kind, answers }: { readonly kind: Kind; readonly answers: readonly Known[] },
): Known | undefined {
  if (value === undefined) return undefined;
  const order = (one: Known, other: Known) =>
    ranks.indexOf(one.rank) - ranks.indexOf(other.rank) ||
    kind.distance(value, one.value) - kind.distance(value, other.value);
  return answers.filter((known) => kind.matches(value, known.value)).sort(order)[0];
}

/**
 * Collects the knowledge about one row: one hint for each known wrong row, naming every cause that fits it, and one for
 * each value that is known to be wrong by itself and has a single cause. Leaves out hints for right answers.
 */
export function knownRow(
  right: ExpectedRow,
  cells: readonly RubricCell[],
  { misconceptions, quantities, explanations }: KeyContent,
): KnownRow {
  const ofRow = misconceptions.filter(({ row }) => row === right.id);
  const isSingle = ({ values }: Misconception) => right.cells.length > 1 && Object.keys(values).length === 1;
  const single = ofRow.filter(isSingle);
  const whole = ofRow.filter((entry) => !isSingle(entry));
  const known = right.cells.flatMap((cell): KnownCell[] => {
    const rubric = cells.find(({ id }) => id === cell.id);
    if (!rubric) return [];
    const kind = kindOf(rubric);
    const rights = rightAnswers(cell);
    const phrases = quantitiesFor(kind, quantities);
    const valueIn = ({ values }: Misconception) => values[cell.id];
    const all: KnownAnswer[] = rights.map((value) => ({ value, rank: 'right' }));
    for (const [value, causes] of groupBy(single, valueIn))
      if (value !== undefined && new Set(causes.map(({ id }) => id)).size === 1)
        all.push({ value, rank: 'wrong', hint: joined(causes) });
    // A hint for the row is worth more than a quantity, and its other values may well be quantities.
    for (const value of whole.flatMap((entry) => valueIn(entry) ?? []))
      all.push({ value, rank: 'wrong', quantity: phrases.get(value) });
    for (const [value, quantity] of phrases) all.push({ value, rank: 'quantity', quantity });
    const answers = all.filter(
      ({ value, rank }, index) =>
        all.findIndex((other) => other.value === value) === index &&
        (rank === 'right' || !rights.some((one) => kind.matches(value, one))),
    );
    return [{ id: cell.id, kind, answers }];
  });

  const knownIn = ({ values }: Misconception) =>
    known.flatMap((cell) => recognize(values[cell.id], cell) ?? []);
  const rowHints = new Map<string, { values: Answer[]; hint: Hint }>();
  const idOf = (entry: Misconception) => rowId(knownIn(entry).map(({ value }) => value));
  for (const [id, causes] of groupBy(whole, idOf)) {
    const all = causes.slice(0, 1).flatMap(knownIn);
    if (all.length === known.length && all.some(({ rank }) => rank !== 'right'))
      rowHints.set(id, { values: all.map(({ value }) => value), hint: joined(causes) });
  }
  return { id: right.id, explanation: explanations[right.id], cells: known, rowHints };
}

/** More meanings than this do not help a student, who then reads the question of the cell instead. */
const maxMeanings = 2;

/** Returns the quantities that can be an answer of this kind, each with its phrases, if they are few. */
function quantitiesFor(kind: Kind, quantities: readonly Quantity[]): Map<Answer, string[]> {
  const found = new Map<Answer, string[]>();
  for (const [answer, all] of groupBy(quantities, ({ value }) => kind.answerOf(value))) {
    const phrases = [...new Set(all.map(({ phrase }) => phrase))];
    if (answer !== undefined && phrases.length <= maxMeanings) found.set(answer, phrases);
  }
  return found;
}

function joined(causes: readonly Misconception[]): Hint {
  const ids = [...new Set(causes.map(({ id }) => id))];
  const texts = [...new Set(causes.map(({ text }) => text))];
  return {
    misconception: ids.join('+'),
    // The causes need different directions, so the hint gives only the first sentence of each, which names the cause.
    text: texts.length === 1 ? (texts[0] ?? '') : `Either: ${texts.map(firstSentence).join(' Or: ')}`,
  };
}
