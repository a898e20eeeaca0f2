import { createHash, createHmac, hkdfSync, randomBytes, scryptSync } from 'node:crypto';
import { openBox } from '../grader/key/encryption';
import type { ExpectedRow } from '../grader/key/hints';
import type { KnownValue } from '../grader/key/sealed';
import type { SealedFile } from '../grader/key/sealed-file.schema';

/**
 * A key that lies in a student's own copy, as a script can attack it: ours, or one of two kinds that courses
 * have used. A guess is one value tried in one cell, on one core.
 */
export interface Target {
  readonly name: string;
  readonly cells: readonly string[];
  /** Whether a value tried in one cell costs next to nothing in the others. */
  readonly isShared?: true;
  isRight(cell: string, value: number): boolean;
}

/** The sealed key, read according to its format; only the values have to be guessed. */
export function sealedTarget({ scrypt: { log2N, r, p, salt }, rows }: SealedFile): Target {
  const cells = new Map(
    rows.flatMap((row) =>
      row.cells.map((cell) => [cellIdOf(row.id, cell.id), { row: row.id, cell }] as const),
    ),
  );
  const N = 2 ** log2N;
  const options = { N, r, p, maxmem: 256 * N * r * p };
  const stretched = new Map<number, Buffer>();
  return {
    name: 'the sealed key (scrypt, a salt for each key)',
    cells: [...cells.keys()],
    isShared: true,
    isRight: (name, value) => {
      const found = cells.get(name);
      if (!found) return false;
      const { row, cell } = found;
      const slow =
        stretched.get(value) ?? scryptSync(String(value), Buffer.from(salt, 'base64'), 32, options);
      stretched.set(value, slow);
      const info = JSON.stringify(['cell', row, cell.id]);
      const secret = Buffer.from(hkdfSync('sha256', slow, Buffer.alloc(0), info, 32));
      const [known] = (openBox(secret, cell.boxes) ?? []) as KnownValue[];
      return known?.rank === 'right';
    },
  };
}

/** Expected values as hashes in the tests: one key for all, no salt. */
export function hmacTarget(expected: readonly ExpectedRow[]): Target {
  const hash = (value: number | string) => createHmac('md5', 'course').update(String(value)).digest('hex');
  return hashTarget('hashes with HMAC-MD5, no salt', expected, () => hash);
}

/** Expected values as hashes, with a salt for each cell. */
export function sha1Target(expected: readonly ExpectedRow[]): Target {
  return hashTarget('hashes with SHA-1, a salt for each cell', expected, () => {
    const salt = randomBytes(16).toString('hex');
    return (value) => createHash('sha1').update(`${salt}${value}`).digest('hex');
  });
}

function hashTarget(
  name: string,
  expected: readonly ExpectedRow[],
  hashOf: () => (value: number | string) => string,
): Target {
  const cells = new Map(
    expected.flatMap((row) =>
      row.cells.map(({ id, value }) => {
        const hash = hashOf();
        return [cellIdOf(row.id, id), { hash, right: hash(value) }] as const;
      }),
    ),
  );
  return {
    name,
    cells: [...cells.keys()],
    isRight: (cell, value) => cells.get(cell)?.hash(value) === cells.get(cell)?.right,
  };
}

function cellIdOf(row: string, column: string): string {
  return `${row} ${column}`;
}

export interface Broken {
  /** The value found for each cell; a cell is missing if no candidate is right. */
  readonly found: ReadonlyMap<string, number>;
  readonly guesses: number;
}

/**
 * Tries candidates in every cell until one is right: first the values found so far, latest first, then the
 * others in order.
 */
export function guess({ cells, isRight }: Target, candidates: readonly number[]): Broken {
  const found = new Map<string, number>();
  let guesses = 0;
  for (const cell of cells) {
    const value = [...new Set([...[...found.values()].reverse(), ...candidates])].find((candidate) => {
      guesses++;
      return isRight(cell, candidate);
    });
    if (value !== undefined) found.set(cell, value);
  }
  return { found, guesses };
}

/** The numbers in a handout, in order: the obvious guesses. */
export function numbersIn(handout: string): number[] {
  return [...new Set((handout.match(/\d[\d,]*/g) ?? []).map((digits) => Number(digits.replaceAll(',', ''))))];
}
