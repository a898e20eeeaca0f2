import type { Hint } from './key';

/** A known wrong answer: values for all columns of a row, or for one. */
export interface Misconception {
  readonly id: string;
  /** What people call it; students do not see it. */
  readonly title?: string | undefined;
  readonly row: string;
  readonly shape: Readonly<Record<string, number>>;
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

/** A row of the worksheet as it is right. */
export interface ExpectedRow {
  readonly id: string;
  readonly cells: readonly { readonly id: string; readonly value: number }[];
}

/** A hint for one column holding one value. */
export interface CellHint {
  readonly column: string;
  readonly value: number;
  readonly hint: Hint;
}

/** A hint for all cells of a row together, each holding its value, in order. */
export interface RowHint {
  readonly values: readonly number[];
  readonly hint: Hint;
}

/** Every hint of one row. */
export interface HintsOfRow {
  readonly rowHints: readonly RowHint[];
  readonly cellHints: readonly CellHint[];
}

/** Values in the order of the cells, as a Map key. */
export function shapeId(values: readonly number[]): string {
  return values.join('x');
}

/**
 * The hints of one row: one for each known wrong shape, naming every cause that fits it, and one for
 * each number that is known to be wrong by itself and has a single cause. What is right is left out.
 */
export function hintsOf(right: ExpectedRow, known: readonly Misconception[]): HintsOfRow {
  const ofRow = known.filter((entry) => entry.row === right.id);
  const valuesOf = ({ shape }: Misconception) => right.cells.flatMap(({ id }) => shape[id] ?? []);

  const whole = ofRow.filter((entry) => valuesOf(entry).length === right.cells.length);
  const rightId = shapeId(right.cells.map(({ value }) => value));
  const rowHints: RowHint[] = [];
  for (const [id, causes] of groupBy(whole, (entry) => shapeId(valuesOf(entry)))) {
    const [first] = causes;
    if (first && id !== rightId) rowHints.push({ values: valuesOf(first), hint: joined(causes) });
  }

  const single = ofRow.filter((entry) => !whole.includes(entry));
  const cellHints: CellHint[] = [];
  for (const { id, value: expected } of right.cells) {
    const ofCell = single.flatMap((entry) => {
      const value = entry.shape[id];
      return value === undefined || value === expected ? [] : [{ ...entry, value }];
    });
    for (const causes of groupBy(ofCell, ({ value }) => String(value)).values()) {
      const [first] = causes;
      const isOneCause = new Set(causes.map((cause) => cause.id)).size === 1;
      if (first && isOneCause) cellHints.push({ column: id, value: first.value, hint: joined(causes) });
    }
  }
  return { rowHints, cellHints };
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
