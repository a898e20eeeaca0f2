import { sha256 } from '../platform';
import type { Rubric } from '../rubric/rubric';
import { type ExpectedCell, type ExpectedRow, type KeyContent, knownRows, partsOf, recognize } from './hints';
import { type AnswerKey, keyOf } from './key';

/** Returns the right answers of every table. */
export function expectedRows(content: KeyContent): ExpectedRow[] {
  return partsOf(content).flatMap(({ expected }) => expected);
}

/** Finds the right answer of one cell of any table. */
export function expectedIn(content: KeyContent, row: string, column: string): ExpectedCell | undefined {
  const found = expectedRows(content).find(({ id }) => id === row);
  return found?.cells.find(({ id }) => id === column);
}

/** The instructor's key. It holds the right answers, but reveals no more of them than any other key. */
export function plainKey(rubric: Pick<Rubric, 'tables'>, content: KeyContent): AnswerKey {
  const rows = new Map(knownRows(rubric, content).map((row) => [row.id, row]));
  return keyOf(keyDigestOf(content), {
    answerIn: async (id, column, value) => {
      const cell = rows.get(id)?.cells.find((one) => one.id === column);
      return cell && recognize(value, cell);
    },
    factOf: async (id, answers) => {
      const row = rows.get(id);
      const isRight = answers.every(({ rank }) => rank === 'right');
      if (isRight) return row;
      return row?.rowHints.find(({ values }) => values.every((value, at) => value === answers[at]?.value));
    },
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
