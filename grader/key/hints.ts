import { type Hint, transposed } from './key';

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

/** Every hint of one row. */
export interface RowHints {
  /** Of all columns together, by `shapeId`. */
  readonly shapes: ReadonlyMap<string, Hint>;
  readonly lone: readonly LoneHint[];
}

/** Values in the order of the columns, as a Map key. */
export function shapeId(values: readonly number[]): string {
  return values.join('x');
}

/**
 * The hints of one row: one for each known wrong shape, naming every cause that fits it, and one for
 * each number that only a single cause explains. A shape or number that is right is left out.
 */
export function hintsOf(
  row: string,
  right: ReadonlyMap<string, number>,
  known: readonly Misconception[],
): RowHints {
  const columns = [...right.keys()];
  const ofRow = known.filter((entry) => entry.row === row);
  const whole = ofRow.filter(({ shape }) => columns.every((column) => shape[column] !== undefined));

  const shapes = new Map<string, Hint>();
  for (const [id, causes] of groupBy(whole, ({ shape }) =>
    shapeId(columns.map((column) => shape[column] ?? 0)),
  )) {
    if (id !== shapeId([...right.values()])) shapes.set(id, joined(causes));
  }

  const lone: LoneHint[] = [];
  for (const column of columns) {
    const used = ofRow.filter(
      ({ shape }) => shape[column] !== undefined && shape[column] !== right.get(column),
    );
    for (const causes of groupBy(used, ({ shape }) => String(shape[column])).values()) {
      const explained = new Set(causes.map(({ id }) => id)).size === 1;
      const [cause] = causes;
      // A number of a transposed row is that row's only together with the other number.
      if (explained && cause && cause.id !== transposed) {
        lone.push({ column, value: cause.shape[column] ?? 0, hint: joined(causes) });
      }
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
