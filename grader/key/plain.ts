import { createHash } from 'node:crypto';
import { type CellHint, type ExpectedRow, hintsOf, type Misconception, shapeId } from './hints';
import type { AnswerKey, CellValue, Hint, Judgement } from './key';

/** What is right, and what is known of wrong answers. */
export interface KeyContent {
  readonly expected: readonly ExpectedRow[];
  readonly misconceptions: readonly Misconception[];
}

/** The instructor's key: it holds what is right, and tells no more of it than any other key. */
export function plainKey(content: KeyContent): AnswerKey {
  const { expected, misconceptions } = content;
  const rows = new Map(
    expected.map((row) => {
      const { rowHints, cellHints } = hintsOf(row, misconceptions);
      const right = new Map(row.cells.map(({ id, value }) => [id, value]));
      return [
        row.id,
        { right, rowHints: new Map(rowHints.map(({ values, hint }) => [shapeId(values), hint])), cellHints },
      ];
    }),
  );
  return {
    digest: digestOf(content),
    judge: ({ id, cells }) => Promise.resolve(judge(rows.get(id) ?? unknownRow, cells)),
  };
}

const unknownRow: KnownRow = { right: new Map(), rowHints: new Map(), cellHints: [] };

interface KnownRow {
  /** By column. */
  readonly right: ReadonlyMap<string, number>;
  /** By `shapeId`. */
  readonly rowHints: ReadonlyMap<string, Hint>;
  readonly cellHints: readonly CellHint[];
}

function judge<Cell extends CellValue>(
  { right, rowHints, cellHints }: KnownRow,
  cells: readonly Cell[],
): (Cell & Judgement)[] {
  const rowHint = rowHints.get(shapeId(cells.map(({ value = 0 }) => value)));
  return cells.map((cell) => {
    const { id, value } = cell;
    if (value === undefined) return { ...cell, verdict: 'unknown' };
    if (value === right.get(id)) return { ...cell, verdict: 'right' };
    const hint = rowHint ?? cellHints.find((known) => known.column === id && known.value === value)?.hint;
    return { ...cell, verdict: 'wrong', ...(hint && { hint }) };
  });
}

/**
 * Names the key, so that a grade can be told to come from it. The words of all hints are hashed with
 * the table: whoever lacks them cannot try tables against the digest. Without any hint the table stands
 * alone, and could be guessed; the digest is in the instructor's own Reports, and in no students' copy.
 */
function digestOf({ expected, misconceptions }: KeyContent): string {
  const content = JSON.stringify([expected, misconceptions]);
  return `plain:${createHash('sha256').update(content).digest('hex')}`;
}
