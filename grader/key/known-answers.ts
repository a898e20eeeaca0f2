import type { Answer, Kind } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { firstSentence } from '../message';
import { type Rubric, type RubricCell, type RubricRow, rowsOf } from '../rubric/rubric';
import { groupBy } from '../system/lists';
import type { Functions, Hint } from './solution.schema';

/** A known wrong answer: values for all cells of a row, or for one. Students do not see its title. */
export type Misconception = Omit<Functions['misconceptions'][number], 'values'> & {
  /** By column. */
  readonly values: Readonly<Record<string, Answer>>;
};

/** A number of the worksheet, and its meaning: `how many heads the layer has`. */
export type Quantity = Readonly<Functions['quantities'][number]>;

/** The right answer of a cell. The id is the column's. */
export interface ExpectedCell {
  readonly id: string;
  readonly value: Answer;
  /** Other right answers. */
  readonly alternatives?: readonly Answer[];
  /** These answers as the author wrote them, if their kind compares a different form. */
  readonly written?: readonly (readonly [answer: Answer, text: string])[];
}

/** The right answers of a row of the worksheet. */
interface ExpectedRow {
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
}

/** Returns all right answers of a cell. */
export function rightAnswers({ value, alternatives = [] }: ExpectedCell): Answer[] {
  return [value, ...alternatives];
}

/** Returns a right answer as its author wrote it, if its kind compares a different form. */
export function asWritten({ written }: ExpectedCell, right: Answer): Answer {
  return new Map(written).get(right) ?? right;
}

/** Returns all right answers of a cell for people to read. */
export function printedRights(cell: RubricCell, expected: ExpectedCell): string[] {
  return rightAnswers(expected).map((right) => kindOf(cell).print(asWritten(expected, right)));
}

/** Whether an answer counts as one of a cell's right answers. */
export function isRightAnswer(
  cell: RubricCell,
  expected: ExpectedCell | undefined,
  answer: Answer | undefined,
): boolean {
  if (!expected || answer === undefined) return false;
  return rightAnswers(expected).some((right) => kindOf(cell).matches(answer, right));
}

/** A value that the key recognizes in a cell. */
export interface KnownAnswer {
  readonly value: Answer;
  /** If a value matches several, right answers come first, then known wrong ones, then quantities. */
  readonly rank: 'right' | 'wrong' | 'quantity';
  /** The hint for a value that is wrong by itself. */
  readonly hint?: Hint;
  /** The one or two meanings of the value, if it has no hint. */
  readonly quantity?: readonly string[];
}

/** A cell with all values that the key recognizes in it, in the order of their ranks. */
export interface KnownCell extends Omit<RubricCell, 'kind' | 'settings'> {
  readonly kind: Kind;
  readonly answers: readonly KnownAnswer[];
}

/** A row with everything that the key knows about it. */
export interface KnownRow extends Omit<RubricRow, 'cells'> {
  readonly explanation: string | undefined;
  readonly cells: readonly KnownCell[];
  /**
   * Hints for the values of all cells together, or of some columns whatever the others contain; each with its values in
   * the order of its columns.
   */
  readonly rowHints: readonly {
    readonly columns: readonly string[];
    readonly values: readonly Answer[];
    readonly hint: Hint;
  }[];
}

/**
 * Finds the known answer that a value counts as: the nearest match of the best rank. A wrong value that is compared
 * exactly needs no match, because it counts as itself. All kinds of keys use this.
 */
export function recognize(
  value: Answer | undefined,
  { kind, answers }: Pick<KnownCell, 'kind' | 'answers'>,
): KnownAnswer | undefined {
  if (value === undefined) return undefined;
  const distance = (known: KnownAnswer) => kind.distance(value, known.value);
  const matching = answers.filter((known) => kind.matches(value, known.value));
  const ofRank = matching.filter(({ rank }) => rank === matching[0]?.rank);
  const [nearest] = ofRank.sort((one, other) => distance(one) - distance(other));
  return nearest ?? (kind.isExact ? { value, rank: 'wrong' } : undefined);
}

/** Returns the rows of all tables with what a key knows about them. */
export function knownRows(rubric: Pick<Rubric, 'tables'>, content: KeyContent): KnownRow[] {
  return rowsOf(rubric).flatMap((row) => {
    const right = content.expected.find(({ id }) => id === row.id);
    return right ? knownRow(row, right, content) : [];
  });
}

/**
 * Collects what is known about one row: one hint for each known wrong row or part of it, naming every cause that fits,
 * and one for each value that is wrong by itself and has a single cause. Leaves out hints for right answers.
 */
function knownRow(
  row: RubricRow,
  expected: ExpectedRow,
  { misconceptions, quantities, explanations }: KeyContent,
): KnownRow {
  const ofRow = misconceptions.filter((entry) => entry.row === row.id);
  const isSingle = ({ values }: Misconception) => row.cells.length > 1 && Object.keys(values).length === 1;
  const single = ofRow.filter(isSingle);
  const whole = ofRow.filter((entry) => !isSingle(entry));
  const cells = row.cells.flatMap((cell): KnownCell[] => {
    const right = expected.cells.find(({ id }) => id === cell.id);
    if (!right) return [];
    const kind = kindOf(cell);
    const rights = rightAnswers(right);
    const phrases = quantitiesFor(kind, quantities);
    const valueIn = ({ values }: Misconception) => values[cell.id];
    const candidates: KnownAnswer[] = rights.map((value) => ({ value, rank: 'right' }));
    for (const [value, causes] of groupBy(single, valueIn))
      if (value !== undefined && new Set(causes.map(({ id }) => id)).size === 1)
        candidates.push({ value, rank: 'wrong', hint: jointHint(causes) });
    // A hint for the row is worth more than a quantity, and the other values of its row may well be quantities.
    for (const value of kind.isExact ? [] : whole.flatMap((entry) => valueIn(entry) ?? []))
      candidates.push({ value, rank: 'wrong', quantity: phrases.get(value) });
    for (const [value, quantity] of phrases) candidates.push({ value, rank: 'quantity', quantity });
    const answers = candidates.filter(
      ({ value, rank }, index) =>
        candidates.findIndex((other) => other.value === value) === index &&
        (rank === 'right' || !rights.some((one) => kind.matches(value, one))),
    );
    return [{ ...cell, kind, answers }];
  });

  const wrongRows = whole.flatMap((cause) => {
    const ofCause = cells.filter(({ id }) => Object.hasOwn(cause.values, id));
    const recognized = ofCause.flatMap((cell) => recognize(cause.values[cell.id], cell) ?? []);
    const isWrong = recognized.length === ofCause.length && recognized.some(({ rank }) => rank !== 'right');
    const columns = ofCause.map(({ id }) => id);
    return isWrong ? [{ cause, at: JSON.stringify([columns, recognized.map(({ value }) => value)]) }] : [];
  });
  const rowHints = [...groupBy(wrongRows, ({ at }) => at)].map(([at, same]) => {
    const [columns, values] = JSON.parse(at) as [string[], Answer[]];
    return { columns, values, hint: jointHint(same.map(({ cause }) => cause)) };
  });
  return { ...row, explanation: explanations[row.id], cells, rowHints };
}

/** More meanings than this would not help a student, who then gets the question of the cell instead. */
const maxMeanings = 2;

/** Returns the quantities that an answer of this kind can be, each with its phrases; leaves out those with too many. */
function quantitiesFor(kind: Kind, quantities: readonly Quantity[]): Map<Answer, string[]> {
  const phrasesByAnswer = new Map<Answer, string[]>();
  for (const [answer, ofAnswer] of groupBy(quantities, ({ value }) => kind.answerOf(value))) {
    const phrases = [...new Set(ofAnswer.map(({ phrase }) => phrase))];
    if (answer !== undefined && phrases.length <= maxMeanings) phrasesByAnswer.set(answer, phrases);
  }
  return phrasesByAnswer;
}

function jointHint(causes: readonly Misconception[]): Hint {
  const ids = [...new Set(causes.map(({ id }) => id))];
  const texts = [...new Set(causes.map(({ text }) => text))];
  return {
    misconception: ids.join('+'),
    // Each cause needs its own advice, so the hint gives only the first sentence of each, which names the cause.
    text: texts.length === 1 ? (texts[0] ?? '') : `Either: ${texts.map(firstSentence).join(' Or: ')}`,
  };
}
