import { sha256 } from '../platform';
import { type Rubric, rowsOf, tablesInFile } from '../rubric/rubric';
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

/** What is right, and what is known of wrong answers. */
export interface KeyContent {
  readonly expected: readonly ExpectedRow[];
  readonly misconceptions: readonly Misconception[];
  readonly quantities: readonly Quantity[];
  /** Why rows are as they are, by row. */
  readonly explanations: Readonly<Record<string, string>>;
  /** The same for the rows that are asked again, at their sizes. */
  readonly again?: KeyContent;
}

/** What a key is made of: the worksheet, and what is asked again. */
export function partsOf(content: KeyContent): readonly KeyContent[] {
  return content.again ? [content, content.again] : [content];
}

/** What is right in one cell. */
export function expectedIn(
  { expected }: Pick<KeyContent, 'expected'>,
  row: string,
  column: string,
): ExpectedCell | undefined {
  return expected.find(({ id }) => id === row)?.cells.find(({ id }) => id === column);
}

/** The instructor's key: it holds what is right, and tells no more of it than any other key. */
export function plainKey(rubric: Pick<Rubric, 'tables' | 'again'>, content: KeyContent): AnswerKey {
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

/** A row of the file with everything that a key tells of it. */
export interface KeyRow extends KnownRow {
  readonly id: string;
  readonly explanation: string | undefined;
}

/** Every row of the file with the answers that a key knows. */
export function knownRows(rubric: Pick<Rubric, 'tables' | 'again'>, content: KeyContent): KeyRow[] {
  const rows = rowsOf({ tables: tablesInFile(rubric) });
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
 * Names the key, so that a grade can be told to come from it. The words of all hints are hashed with
 * the table: whoever lacks them cannot try tables against the digest. Without any hint the table stands
 * alone, and could be guessed; the digest is in the instructor's own Reports, and in no students' copy.
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
