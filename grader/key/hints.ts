import type { Answer, Kind } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { firstSentence } from '../message';
import type { RubricCell } from '../rubric/rubric';
import { groupBy } from './group-by';
import type { Hint } from './key';

/** A known wrong answer: values for all cells of a row, or for one. */
export interface Misconception {
  readonly id: string;
  /** A name for people, which students do not see. */
  readonly title?: string | undefined;
  readonly row: string;
  /** By column. */
  readonly values: Readonly<Record<string, Answer>>;
  readonly text: string;
}

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
export interface Quantity {
  readonly value: number;
  readonly phrase: string;
}

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

/** Returns all right answers of a cell. */
export function rightAnswers({ value, alternatives = [] }: ExpectedCell): Answer[] {
  return [value, ...alternatives];
}

/** A hint for a whole row whose cells have these values, in order. */
export interface RowHint {
  readonly values: readonly Answer[];
  readonly hint: Hint;
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
  readonly cells: readonly KnownCell[];
  readonly rowHints: readonly RowHint[];
}

/** Values in the order of the cells, as a Map key. */
export function rowId(values: readonly (Answer | undefined)[]): string {
  return JSON.stringify(values);
}

/** Finds the known answer that a value counts as: the nearest match of the first rank. All kinds of keys use this. */
export function recognize<Known extends Pick<KnownAnswer, 'value' | 'rank'>>(
  value: Answer,
  { kind, answers }: { readonly kind: Kind; readonly answers: readonly Known[] },
): Known | undefined {
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
    const phrases = new Map(quantitiesFor(kind, quantities));
    const known = new Map<Answer, KnownAnswer>();
    for (const value of answers) known.set(value, { value, rank: 'right' });
    for (const value of [...hints.keys(), ...values, ...phrases.keys()]) {
      if (known.has(value)) continue;
      // A hint for the row is worth more than a quantity, and its other values may well be quantities.
      const rank = hints.has(value) || values.includes(value) ? 'wrong' : 'quantity';
      const hint = hints.get(value);
      const quantity = hint || isRight(value) ? undefined : phrases.get(value);
      if (rank === 'wrong' || quantity !== undefined) known.set(value, { value, rank, hint, quantity });
    }
    return [{ id: cell.id, kind, answers: [...known.values()] }];
  });

  const valuesOf = (entry: Misconception) =>
    all.map((cell) => {
      const value = entry.values[cell.id];
      return value === undefined ? undefined : recognize(value, cell);
    });
  const rowHints: RowHint[] = [];
  const idOf = (entry: Misconception) => rowId(valuesOf(entry).map((known) => known?.value));
  for (const causes of groupBy(whole, idOf).values()) {
    const known = causes[0] ? valuesOf(causes[0]).flatMap((one) => one ?? []) : [];
    if (known.length === all.length && !known.every(({ rank }) => rank === 'right'))
      rowHints.push({ values: known.map(({ value }) => value), hint: joined(causes) });
  }
  return { cells: all, rowHints };
}

/** More meanings than this do not help a student, who then reads the question of the cell instead. */
const maxMeanings = 2;

/** Returns the quantities that can be an answer of this kind, each with its phrases, if they are few. */
function quantitiesFor(kind: Kind, quantities: readonly Quantity[]): [Answer, string[]][] {
  const known = quantities.flatMap(({ value, phrase }) => {
    const answer = kind.answerOf(value);
    return answer === undefined ? [] : [{ answer, phrase }];
  });
  return [...groupBy(known, ({ answer }) => answer)].flatMap(([answer, all]) => {
    const phrases = [...new Set(all.map(({ phrase }) => phrase))];
    return phrases.length > maxMeanings ? [] : [[answer, phrases]];
  });
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
