import type { Answer } from '../kinds/kind';
import type { Rubric } from '../rubric/rubric';
import { sha256 } from '../system/platform';
import { type ExpectedCell, type KeyContent, type KnownAnswer, knownRows, recognize } from './known-answers';
import type { Hint } from './solution.schema';

export type { Hint };

/** A cell with its value, if it has one. The id is the column's. */
export interface FilledCell {
  readonly id: string;
  readonly value?: Answer;
}

/** A key's judgment of one cell. It never includes the right answer. */
export interface Judgement {
  /** `unknown` if there is no value, or no key to judge it. */
  readonly verdict: 'right' | 'wrong' | 'unknown';
  /** The hint if the cell is wrong, by itself or together with the others in its row. */
  readonly hint?: Hint;
  /** The hint is for all answers of the row together. */
  readonly isOfRow?: true;
  /** The one or two meanings of a wrong number, if no hint says more: `the number of heads in the layer`. */
  readonly quantity?: readonly string[];
}

/** A row of the worksheet as a student filled it in. */
interface FilledRow<Cell extends FilledCell> {
  readonly id: string;
  readonly cells: readonly Cell[];
}

/** A key's judgment of one row. */
export interface JudgedCells<Cell extends FilledCell> {
  readonly cells: readonly (Cell & Judgement)[];
  /** Why the answers are right, if all of them are and there is an explanation. */
  readonly explanation?: string | undefined;
}

/** Judges whether cells are right. */
export interface AnswerKey {
  /** `plain:` or `sealed:` and a SHA-256, or `none` if there is no key. */
  readonly digest: string;
  /** Judges the cells of one row of the worksheet. */
  judge<Cell extends FilledCell>(row: FilledRow<Cell>): Promise<JudgedCells<Cell>>;
}

/**
 * The id of the misconception that a transposed row shows. The grader knows this one by name, because a whole table of
 * such rows is a single mistake.
 */
export const transposed = 'transposed';

/** The key of a copy that can check only form. It cannot tell right from wrong. */
export const noKey: AnswerKey = {
  digest: 'none',
  judge: async ({ cells }) => ({ cells: cells.map((cell) => ({ ...cell, verdict: 'unknown' })) }),
};

/** A fact that follows from several answers of a row together: why they are wrong, or right. */
export interface RowFact {
  readonly hint?: Hint;
  /** Present only if the whole row is right. Callers do not check that again. */
  readonly explanation?: string;
}

/** How a kind of key looks up what it knows. */
interface Lookup {
  /** Finds the known answer that a value in a cell counts as. */
  answerIn(row: string, column: string, value: Answer): Promise<KnownAnswer | undefined>;
  /** Finds the facts that follow from known answers that fill a row, or some of its columns. */
  factOf(
    row: string,
    columns: readonly string[],
    answers: readonly KnownAnswer[],
  ): Promise<RowFact | undefined>;
}

/** Makes a key from its lookup, so that all kinds of keys judge and explain alike. */
export function keyOf(digest: string, { answerIn, factOf }: Lookup): AnswerKey {
  return {
    digest,
    judge: async <Cell extends FilledCell>({ id, cells }: FilledRow<Cell>) => {
      const answers = await Promise.all(
        cells.map((cell) => (cell.value === undefined ? undefined : answerIn(id, cell.id, cell.value))),
      );
      const columns = cells.map((cell) => cell.id);
      const facts = await Promise.all(
        partsWith(columns).map(async (part) => {
          const known = part.flatMap((column) => answers[columns.indexOf(column)] ?? []);
          const fact = known.length === part.length ? await factOf(id, part, known) : undefined;
          return { part, fact };
        }),
      );
      // The parts with more columns come first.
      const ofRow = facts.find(({ fact }) => fact?.hint);
      const judged = cells.map((cell, index): Cell & Judgement => {
        if (cell.value === undefined) return { ...cell, verdict: 'unknown' };
        const { rank, hint, quantity } = answers[index] ?? {};
        if (rank === 'right') return { ...cell, verdict: 'right' };
        if (ofRow?.part.includes(cell.id))
          return { ...cell, verdict: 'wrong', hint: ofRow.fact?.hint, isOfRow: true };
        return { ...cell, verdict: 'wrong', hint, quantity };
      });
      return { cells: judged, explanation: facts[0]?.fact?.explanation };
    },
  };
}

/** In rows with more columns than this, no subsets are looked up, because their number doubles with each column. */
const maxColumns = 5;

/** All columns, and each subset of two or more, the largest first. */
function partsWith(columns: readonly string[]): (readonly string[])[] {
  if (columns.length > maxColumns) return [columns];
  // Each subset has a number, whose bits say which columns are in it.
  const parts = Array.from({ length: 2 ** columns.length - 1 }, (_, bits) =>
    columns.filter((_column, index) => (bits >> index) % 2 === 1),
  );
  const several = parts.filter(({ length }) => length > 1);
  return [columns, ...several.sort((one, other) => other.length - one.length)];
}

/** Finds the right answer of one cell. */
export function expectedIn(
  { expected }: Pick<KeyContent, 'expected'>,
  row: string,
  column: string,
): ExpectedCell | undefined {
  return expected.find(({ id }) => id === row)?.cells.find(({ id }) => id === column);
}

/** The instructor's key. It contains the right answers, but its judgments reveal no more than those of any other key. */
export function plainKey(rubric: Pick<Rubric, 'tables'>, content: KeyContent): AnswerKey {
  const rows = new Map(knownRows(rubric, content).map((row) => [row.id, row]));
  return keyOf(keyDigestOf(content), {
    answerIn: async (id, column, value) => {
      const cell = rows.get(id)?.cells.find((one) => one.id === column);
      return cell && recognize(value, cell);
    },
    factOf: async (id, columns, answers) => {
      const row = rows.get(id);
      const isRight = answers.every(({ rank }) => rank === 'right');
      if (isRight) return row && { explanation: row.explanation };
      return row?.rowHints.find(
        (one) =>
          one.columns.join() === columns.join() &&
          one.values.every((value, at) => value === answers[at]?.value),
      );
    },
  });
}

/**
 * Identifies the key, so that a grade can be traced to it. The texts of all hints are hashed with the answers, so
 * nobody can test guesses against the digest without them. A key without hints could be guessed, but its digest is only
 * in the instructor's own reports, never in a students' copy.
 */
function keyDigestOf({ expected, misconceptions, quantities, explanations }: KeyContent): string {
  // Changing how a text answer is written changes no grades.
  const values = expected.map(({ id, cells }) => ({
    id,
    cells: cells.map(({ written: _, ...cell }) => cell),
  }));
  return `plain:${sha256(JSON.stringify([values, misconceptions, quantities, explanations]))}`;
}
