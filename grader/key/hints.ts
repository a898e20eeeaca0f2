import type { Hint } from './key';

/** A known wrong answer: values for all columns of a row, or for one. */
export interface Misconception {
  readonly id: string;
  readonly row: string;
  readonly shape: Readonly<Record<string, number>>;
  readonly text: string;
}

/** The expected table: row, column, number. */
export type Expected = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A hint for one column holding one value. */
export interface LoneHint {
  readonly column: string;
  readonly value: number;
  readonly hint: Hint;
}

/** A hint for all columns together, each holding its value, in order. */
export interface ShapeHint {
  readonly values: readonly number[];
  readonly hint: Hint;
}

/** Every hint of one row. */
export interface RowHints {
  readonly shapes: readonly ShapeHint[];
  readonly lone: readonly LoneHint[];
}

/** Values in the order of the columns, as a Map key. */
export function shapeId(values: readonly number[]): string {
  return values.join('x');
}

/**
 * The hints of one row: one for each known wrong shape, naming every cause that fits it, and one for
 * each number that is known to be wrong by itself and has a single cause. What is right is left out.
 */
export function hintsOf(
  row: string,
  right: ReadonlyMap<string, number>,
  known: readonly Misconception[],
): RowHints {
  const columns = [...right.keys()];
  const ofRow = known.filter((entry) => entry.row === row);
  const valuesOf = ({ shape }: Misconception) => columns.flatMap((column) => shape[column] ?? []);

  const shapes: ShapeHint[] = [];
  const whole = ofRow.filter((entry) => valuesOf(entry).length === columns.length);
  for (const [id, causes] of groupBy(whole, (entry) => shapeId(valuesOf(entry)))) {
    const [first] = causes;
    if (first && id !== shapeId([...right.values()])) {
      shapes.push({ values: valuesOf(first), hint: joined(causes) });
    }
  }

  const lone: LoneHint[] = [];
  const single = ofRow.filter((entry) => !whole.includes(entry));
  for (const column of columns) {
    const ofColumn = single.filter(
      ({ shape }) => shape[column] !== undefined && shape[column] !== right.get(column),
    );
    for (const causes of groupBy(ofColumn, ({ shape }) => String(shape[column])).values()) {
      const isOneCause = new Set(causes.map(({ id }) => id)).size === 1;
      if (isOneCause) lone.push({ column, value: causes[0]?.shape[column] ?? 0, hint: joined(causes) });
    }
  }
  return { shapes, lone };
}

function joined(causes: readonly Misconception[]): Hint {
  const ids = [...new Set(causes.map(({ id }) => id))];
  const texts = [...new Set(causes.map(({ text }) => text))];
  return {
    misconception: ids.join('+'),
    text: texts.length === 1 ? (texts[0] ?? '') : `Several things can lead to this. ${texts.join(' Or: ')}`,
  };
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
