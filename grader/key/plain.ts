import { sha256 } from '../platform';
import { allRowsOf, type Rubric } from '../rubric/rubric';
import {
  type ExpectedCell,
  type ExpectedRow,
  type KeyContent,
  type KnownAnswer,
  type KnownRow,
  knownRow,
  recognize,
  rowId,
} from './hints';
import type { AnswerKey, FilledCell, Hint, Judgement } from './key';

/** Returns the parts of a key: one for each size. */
export function partsOf(content: KeyContent): readonly KeyContent[] {
  return [content, ...(content.others ?? [])];
}

/** Returns the right answers of every table. */
export function expectedRows({
  expected,
  others = [],
}: Pick<KeyContent, 'expected' | 'others'>): ExpectedRow[] {
  return [...expected, ...others.flatMap((other) => other.expected)];
}

/** Finds the right answer of one cell of any table. */
export function expectedIn(
  content: Pick<KeyContent, 'expected' | 'others'>,
  row: string,
  column: string,
): ExpectedCell | undefined {
  const found = expectedRows(content).find(({ id }) => id === row);
  return found?.cells.find(({ id }) => id === column);
}

/** The instructor's key. It holds the right answers, but reveals no more of them than any other key. */
export function plainKey(rubric: Pick<Rubric, 'tables'>, content: KeyContent): AnswerKey {
  const rows = new Map(knownRows(rubric, content).map((row) => [row.id, row]));
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

/** Returns every row of the file with the answers that a key knows. */
export function knownRows(rubric: Pick<Rubric, 'tables'>, content: KeyContent): KnownRow[] {
  const rows = new Map(allRowsOf(rubric).map(({ id, cells }) => [id, cells]));
  return partsOf(content).flatMap((part) =>
    part.expected.flatMap((right) => {
      const cells = rows.get(right.id);
      return cells ? knownRow(right, cells, part) : [];
    }),
  );
}

function judge<Cell extends FilledCell>(
  row: KnownRow | undefined,
  cells: readonly Cell[],
): (Cell & Judgement)[] {
  const recognized = cells.map(({ id, value }) => {
    const known = row?.cells.find((cell) => cell.id === id);
    return known && recognize(value, known);
  });
  const values = recognized.map((known) => known?.value);
  return judgements(cells, recognized, row?.rowHints.get(rowId(values))?.hint);
}

/**
 * Judges the cells of a row by what a key knows. All kinds of keys use this.
 *
 * @param recognized the known answer that each cell counts as, in the order of the cells.
 * @param rowHint the hint for all of them together.
 */
export function judgements<Cell extends FilledCell>(
  cells: readonly Cell[],
  recognized: readonly (Omit<KnownAnswer, 'value'> | undefined)[],
  rowHint: Hint | undefined,
): (Cell & Judgement)[] {
  return cells.map((cell, index) => {
    if (cell.value === undefined) return { ...cell, verdict: 'unknown' };
    const { rank, hint, quantity } = recognized[index] ?? {};
    if (rank === 'right') return { ...cell, verdict: 'right' };
    const wrong = { ...cell, verdict: 'wrong' } as const;
    if (rowHint) return { ...wrong, hint: rowHint, isOfRow: true };
    if (hint) return { ...wrong, hint };
    return quantity === undefined ? wrong : { ...wrong, quantity };
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
