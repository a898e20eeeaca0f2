import { createHash } from 'node:crypto';
import { type Expected, hintsOf, type Misconception, type RowHints, shapeId } from './hints';
import type { AnswerKey, Judgement, Verdict } from './key';
import type { Solution } from './solution';

/** The instructor's key: it holds the expected table, and tells no more of it than any other key. */
export function plainKey({ expected, misconceptions }: Solution): AnswerKey {
  const hints = new Map([...expected].map(([row, right]) => [row, hintsOf(row, right, misconceptions)]));
  return {
    digest: digestOf(expected, misconceptions),
    judge: (row, values) => Promise.resolve(judge(expected.get(row) ?? new Map(), hints.get(row), values)),
  };
}

function judge(
  right: ReadonlyMap<string, number>,
  hints: RowHints | undefined,
  values: ReadonlyMap<string, number>,
): Judgement {
  const cells = new Map<string, Verdict>();
  for (const [column, value] of values) cells.set(column, value === right.get(column) ? 'right' : 'wrong');

  const shape = [...right.keys()].map((column) => values.get(column) ?? 0);
  const known = hints?.shapes.get(shapeId(shape));
  if (known) return { cells, hints: [known] };
  const lone = (hints?.lone ?? []).filter(({ column, value }) => values.get(column) === value);
  return { cells, hints: lone.map(({ column, hint }) => ({ ...hint, column })) };
}

/**
 * Names the key, so that a grade can be told to come from it. The words of all hints are hashed with
 * the table: whoever lacks them cannot try tables against the digest. Whoever has `solution/` has the
 * answers anyway.
 */
function digestOf(expected: Expected, misconceptions: readonly Misconception[]): string {
  const table = [...expected].map(([row, cells]) => [row, [...cells]]);
  return `plain:${createHash('sha256')
    .update(JSON.stringify([table, misconceptions]))
    .digest('hex')}`;
}
