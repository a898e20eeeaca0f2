import { shortLabelIn } from '../render/status';
import { type Edge, edgesOf, type Product } from '../rubric/products';
import { inSentence, type Rubric, type RubricTable } from '../rubric/rubric';
import { joinNames } from '../system/lists';
import { fieldOf } from './work-files';

/** A row that is drawn, as the student filled it in. */
export interface FilledRow {
  /** The row's id. */
  readonly name: string;
  /** `100 × 4096` */
  readonly size: string;
  /** Its sides, if both are numbers. */
  readonly sides?: readonly [height: number, width: number] | undefined;
  /** Whether it is right, if that is shown. */
  readonly outcome?: 'correct' | 'wrong' | undefined;
}

/** A product as it is shown, which depends only on what the student typed and how it is marked. */
export interface ShownProduct {
  /** `Basket × Crate, turned` */
  readonly name: string;
  /**
   * waits: not all of its rows are filled in and marked. fits: the edges are equal, as they may also be in wrong
   * matrices. right: every number is right as well.
   */
  readonly state: 'waits' | 'misses' | 'fits' | 'right';
  readonly words: string;
  /** The row to go to if something does not fit. */
  readonly wrong?: { readonly label: string; readonly field: string } | undefined;
  readonly picture?: Picture | undefined;
}

/** A matrix in a picture: its words, and its sides in units of the picture. */
export interface Shape {
  readonly label: string;
  readonly size: string;
  readonly height: number;
  readonly width: number;
}

/** A matrix, the one that is multiplied by it, and the result, if there is one and both fit. */
export interface Picture {
  readonly left: Shape;
  readonly right: Shape;
  readonly result: Shape | undefined;
  readonly isTurned: boolean;
  readonly fits: boolean;
}

/** The products of all tables; none while rows are not marked, because a misfit is a mark. */
export function productsOf(rubric: Rubric, matrices: readonly FilledRow[]): ShownProduct[] {
  if (rubric.selfCheck !== 'scored') return [];
  return rubric.tables.flatMap((table) =>
    (table.draw?.products ?? []).map((product) => shownProduct(product, table, rubric, matrices)),
  );
}

function shownProduct(
  product: Product,
  table: RubricTable,
  rubric: Rubric,
  matrices: readonly FilledRow[],
): ShownProduct {
  const { left, right, turned = false, gives } = product;
  const parts = [left, right, gives].flatMap((id): Part[] => {
    const row = table.rows.find((one) => one.id === id);
    if (!row) return [];
    const matrix = matrices.find(({ name }) => name === id);
    const field = fieldOf.cell(row.id, table.draw?.height ?? '');
    return [{ size: '', ...matrix, id: row.id, label: shortLabelIn(table.rows, row), field }];
  });
  const [leftPart, rightPart, resultPart] = parts;
  const name = `${leftPart?.label} × ${rightPart?.label}${turned ? ', turned' : ''}`;
  const waiting = parts.filter(({ sides, outcome }) => !sides || !outcome);
  if (!table.draw || !leftPart || !rightPart || waiting.length > 0)
    return {
      name,
      state: 'waits',
      words: `Fill in ${joinNames(waiting.map(({ label }) => label))} to see whether they fit.`,
    };
  const { height } = table.draw;
  const { meeting, around } = edgesOf(table.draw, product);
  const sideOf = ({ row, column }: Edge[number]) =>
    parts.find(({ id }) => id === row)?.sides?.[column === height ? 0 : 1];
  const isEqual = ([one, other]: Edge) => sideOf(one) === sideOf(other);
  const lengthOf = lengthsOf(matrices, lengths);
  const shapeOf = ({ label, size, sides = [0, 0] }: Part): Shape => {
    const [down, across] = sides.map(lengthOf);
    return { label, size, height: down ?? 0, width: across ?? 0 };
  };
  const fits = isEqual(meeting);
  const picture = {
    left: shapeOf(leftPart),
    right: shapeOf(rightPart),
    result: fits && resultPart ? shapeOf(resultPart) : undefined,
    isTurned: turned,
    fits,
  };
  const misfit = fits ? around.find((edge) => !isEqual(edge)) : meeting;
  const wrong = parts.find(({ outcome }) => outcome === 'wrong');
  if (misfit)
    return {
      name,
      state: 'misses',
      words: `${wrong ? `First see what is said about ${wrong.label}. ` : ''}${misfitText(misfit, parts, table, rubric)}`,
      wrong: wrong ?? leftPart,
      picture,
    };
  const isRight = wrong === undefined;
  const isMarked = isRight
    ? 'All of these numbers are right.'
    : 'The marks above show whether the numbers are right.';
  return { name, state: isRight ? 'right' : 'fits', words: `These edges fit. ${isMarked}`, picture };
}

/** A row of a product. */
interface Part extends Pick<FilledRow, 'sides' | 'outcome' | 'size'> {
  readonly id: string;
  readonly label: string;
  readonly field: string;
}

/** Names the two sides that have to be equal, in the words of a law if there is one, without giving a number away. */
function misfitText(edge: Edge, parts: readonly Part[], { columns }: RubricTable, { laws }: Rubric): string {
  const [one, other] = edge.map(({ row, column }) => {
    const side = inSentence(columns.find(({ id }) => id === column)?.label ?? column);
    return `the ${side} of ${parts.find(({ id }) => id === row)?.label}`;
  });
  const isOf = (cells: readonly Edge[number][]) =>
    edge.every(({ row, column }) => cells.some((cell) => cell.row === row && cell.column === column));
  const law = laws.find(({ equations }) =>
    equations.some(({ left, right }) => left.length + right.length === 2 && isOf([...left, ...right])),
  );
  return `It does not fit: ${one} and ${other} have to be equal. ${law?.because ?? ''}`.trim();
}

/** Lengths in units of the picture. Neighbors differ by at most `step`, so that two lengths do not suggest a ratio. */
const lengths = { shortest: 36, longest: 112, step: 30 };

/** Returns the length for each number: by rank, so equal numbers are equally long, and larger ones longer. */
export function lengthsOf(
  matrices: readonly FilledRow[],
  { shortest, longest, step }: typeof lengths,
): (number: number) => number {
  const numbers = [...new Set(matrices.flatMap(({ sides = [] }) => [...sides]))].sort((a, b) => a - b);
  const between = Math.min(step, (longest - shortest) / Math.max(1, numbers.length - 1));
  return (number) => longest - (numbers.length - 1 - numbers.indexOf(number)) * between;
}
