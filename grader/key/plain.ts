import { createHash } from 'node:crypto';
import { type Expected, hintsOf, type LoneHint, type Misconception, shapeId } from './hints';
import type { AnswerKey, Hint, Judgement, Verdict } from './key';
import type { Solution } from './solution';

/** The instructor's key: it holds the expected table, and tells no more of it than any other key. */
export function plainKey({ expected, misconceptions }: Solution): AnswerKey {
  const known = new Map(
    [...expected].map(([row, right]) => {
      const { shapes, lone } = hintsOf(row, right, misconceptions);
      return [row, { shapes: new Map(shapes.map(({ values, hint }) => [shapeId(values), hint])), lone }];
    }),
  );
  return {
    digest: digestOf(expected, misconceptions),
    judge: (row, values) => Promise.resolve(judge(expected.get(row) ?? new Map(), known.get(row), values)),
  };
}

interface Known {
  /** By `shapeId`. */
  readonly shapes: ReadonlyMap<string, Hint>;
  readonly lone: readonly LoneHint[];
}

function judge(
  right: ReadonlyMap<string, number>,
  hints: Known | undefined,
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
 * the table: whoever lacks them cannot try tables against the digest. Without any hint the table stands
 * alone, and could be guessed; the digest is in the instructor's own Reports, and in no students' copy.
 */
function digestOf(expected: Expected, misconceptions: readonly Misconception[]): string {
  const table = [...expected].map(([row, cells]) => [row, [...cells]]);
  return `plain:${createHash('sha256')
    .update(JSON.stringify([table, misconceptions]))
    .digest('hex')}`;
}
