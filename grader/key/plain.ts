import { sha256 } from '../platform';
import { allRowsOf, type Rubric } from '../rubric/rubric';
import {
  type ExpectedCell,
  type ExpectedRow,
  type KnownCell,
  type KnownRow,
  knownRow,
  type Misconception,
  type Quantity,
  recognize,
  rowId,
} from './hints';
import type { AnswerKey, FilledCell, Hint, Judgement } from './key';

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

/** Returns the parts of a key: one for each size. */
export function partsOf(content: KeyContent): readonly KeyContent[] {
  return [content, ...(content.others ?? [])];
}

/** Returns the right answers of every table. */
export function expectedRows(content: KeyContent): ExpectedRow[] {
  return partsOf(content).flatMap(({ expected }) => [...expected]);
}

/** Finds the right answer of one cell. */
export function expectedIn(
  { expected }: Pick<KeyContent, 'expected'>,
  row: string,
  column: string,
): ExpectedCell | undefined {
  return expected.find(({ id }) => id === row)?.cells.find(({ id }) => id === column);
}

/** The instructor's key. It holds the right answers, but reveals no more of them than any other key. */
export function plainKey(rubric: Pick<Rubric, 'tables'>, content: KeyContent): AnswerKey {
  const rows = new Map(
    knownRows(rubric, content).map(({ id, cells, rowHints, explanation }) => {
      const hints = new Map(rowHints.map(({ values, hint }) => [rowId(values), hint]));
      return [id, { cells: new Map(cells.map((cell) => [cell.id, cell])), hints, explanation }] as const;
    }),
  );
  return {
    digest: keyDigestOf(content),
    judge: ({ id, cells }) => Promise.resolve(judge(rows.get(id), cells)),
    explain: ({ id, cells }) => {
      const row = rows.get(id);
      const isRight = judge(row, cells).every(({ verdict }) => verdict === 'right');
      return Promise.resolve(isRight ? row?.explanation : undefined);
    },
  };
}

/** A row of the file with everything that a key knows about it. */
export interface KeyRow extends KnownRow {
  readonly id: string;
  readonly explanation: string | undefined;
}

/** Returns every row of the file with the answers that a key knows. */
export function knownRows(rubric: Pick<Rubric, 'tables'>, content: KeyContent): KeyRow[] {
  const rows = allRowsOf(rubric);
  return partsOf(content).flatMap(({ expected, misconceptions, quantities, explanations }) =>
    expected.flatMap((right) => {
      const row = rows.find(({ id }) => id === right.id);
      if (!row) return [];
      const explanation = Object.hasOwn(explanations, row.id) ? explanations[row.id] : undefined;
      return [{ id: row.id, ...knownRow(right, row.cells, misconceptions, quantities), explanation }];
    }),
  );
}

interface Known {
  /** By column. */
  readonly cells: ReadonlyMap<string, KnownCell>;
  /** By `rowId`. */
  readonly hints: ReadonlyMap<string, Hint>;
  readonly explanation: string | undefined;
}

function judge<Cell extends FilledCell>(
  row: Known | undefined,
  cells: readonly Cell[],
): (Cell & Judgement)[] {
  const recognized = cells.map(({ id, value }) => {
    const known = row?.cells.get(id);
    return known && value !== undefined ? recognize(value, known) : undefined;
  });
  const rowHint = row?.hints.get(rowId(recognized.map((known) => known?.value)));
  return cells.map((cell, index) => {
    if (cell.value === undefined) return { ...cell, verdict: 'unknown' };
    const known = recognized[index];
    if (known?.rank === 'right') return { ...cell, verdict: 'right' };
    const wrong = { ...cell, verdict: 'wrong' } as const;
    if (rowHint) return { ...wrong, hint: rowHint, isOfRow: true };
    if (known?.hint) return { ...wrong, hint: known.hint };
    return known?.quantity === undefined ? wrong : { ...wrong, quantity: known.quantity };
  });
}

/**
 * Identifies the key, so that a grade can be traced to it. The words of all hints are hashed with the answers: without
 * them, nobody can try answers against the digest. A key without hints could be guessed, but the digest is only in the
 * instructor's own reports, and in no students' copy.
 */
function keyDigestOf(content: KeyContent): string {
  const parts = partsOf(content).flatMap(({ expected, misconceptions, quantities, explanations }) => [
    expected,
    misconceptions,
    quantities,
    explanations,
  ]);
  return `plain:${sha256(JSON.stringify(parts))}`;
}
