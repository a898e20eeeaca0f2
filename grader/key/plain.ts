import { sha256 } from '../platform';
import { type Rubric, rowsOf } from '../rubric/rubric';
import {
  type ExpectedCell,
  type ExpectedRow,
  type KnownCell,
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
export function plainKey(rubric: Pick<Rubric, 'tables'>, content: KeyContent): AnswerKey {
  const { expected, misconceptions, quantities, explanations } = content;
  const rows = new Map(
    rowsOf(rubric).flatMap(({ id, cells }) => {
      const right = expected.find((row) => row.id === id);
      if (!right) return [];
      const { cells: known, rowHints } = knownRow(right, cells, misconceptions, quantities);
      const hints = new Map(rowHints.map(({ values, hint }) => [rowId(values), hint]));
      return [[id, { cells: new Map(known.map((cell) => [cell.id, cell])), hints }] as const];
    }),
  );
  return {
    digest: keyDigestOf(content),
    judge: ({ id, cells }) => Promise.resolve(judge(rows.get(id), cells)),
    explain: ({ id, cells }) => {
      const isRight = judge(rows.get(id), cells).every(({ verdict }) => verdict === 'right');
      return Promise.resolve(isRight && Object.hasOwn(explanations, id) ? explanations[id] : undefined);
    },
  };
}

interface Known {
  /** By column. */
  readonly cells: ReadonlyMap<string, KnownCell>;
  /** By `rowId`. */
  readonly hints: ReadonlyMap<string, Hint>;
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
function keyDigestOf({ expected, misconceptions, quantities, explanations }: KeyContent): string {
  const content = JSON.stringify([expected, misconceptions, quantities, explanations]);
  return `plain:${sha256(content)}`;
}
