import { existsSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { GraderError } from '../error';
import type { Rubric } from '../rubric/rubric';
import type { Expected, Misconception } from './hints';

/** What `solution/index.ts` gives. */
export interface Solution {
  readonly expected: Expected;
  readonly misconceptions: readonly Misconception[];
  /** More facts that must stand in bold in the handout, where there are any. */
  readonly stated: readonly string[];
}

/** What `solution/index.ts` has to export; each takes the rubric's `given`. */
type Derivation = (given: Rubric['given']) => unknown;

function solutionFile(courseRoot: string): string {
  return path.join(courseRoot, 'solution', 'index.ts');
}

export function hasSolution(courseRoot: string): boolean {
  return existsSync(solutionFile(courseRoot));
}

/**
 * Loads the course's solution by its path (nothing here imports it, so a copy without one compiles)
 * and derives the expected table.
 *
 * @param proved also run `observe` and refuse a table that differs; takes some tenths of a second.
 * @throws {GraderError} where a part is missing, does not fit the rubric, or the two tables differ.
 */
export function loadSolution(courseRoot: string, rubric: Rubric, proved: boolean): Solution {
  const module = requireSolution(solutionFile(courseRoot));
  const expected = tableOf(call(module, 'derive', rubric), 'derive', rubric);
  if (proved) refuseDifference(expected, tableOf(call(module, 'observe', rubric), 'observe', rubric));
  return {
    expected,
    misconceptions: misconceptionsOf(call(module, 'misconceptions', rubric), rubric),
    stated: module.stated === undefined ? [] : statedOf(call(module, 'stated', rubric)),
  };
}

function requireSolution(file: string): Record<string, unknown> {
  try {
    return require(file) as Record<string, unknown>;
  } catch (error) {
    throw new GraderError(
      'key',
      `solution/index.ts cannot be loaded: ${reasonOf(error)}. Run npm ci, or put back what it lacks.`,
    );
  }
}

function call(module: Record<string, unknown>, name: string, rubric: Rubric): unknown {
  const derivation = module[name];
  if (typeof derivation !== 'function') {
    throw new GraderError('key', `solution/index.ts does not export ${name}(given). It has to.`);
  }
  try {
    return (derivation as Derivation)(rubric.given);
  } catch (error) {
    throw new GraderError(
      'key',
      `solution/index.ts: ${name} refuses what rubric.yaml gives it: ${reasonOf(error)}.`,
    );
  }
}

function tableOf(value: unknown, name: string, { table }: Rubric): Expected {
  const rows = new Map<string, Map<string, number>>();
  for (const { row, column } of table.cells) {
    const cell = isObject(value) && isObject(value[row]) ? value[row][column] : undefined;
    if (typeof cell !== 'number' || !Number.isSafeInteger(cell) || cell < 1) {
      throw new GraderError(
        'key',
        `solution/index.ts: ${name} gives no whole number for ${row}, ${column}, which rubric.yaml asks for.`,
      );
    }
    const cells = rows.get(row) ?? new Map<string, number>();
    rows.set(row, cells.set(column, cell));
  }
  for (const row of Object.keys(value as object)) {
    if (!rows.has(row)) {
      throw new GraderError(
        'key',
        `solution/index.ts: ${name} gives a row ${row}, which rubric.yaml does not ask for.`,
      );
    }
  }
  return rows;
}

function refuseDifference(derived: Expected, observed: Expected): void {
  const shape = (cells: ReadonlyMap<string, number> | undefined) => [...(cells?.values() ?? [])].join(' x ');
  for (const [row, cells] of derived) {
    const [onPaper, measured] = [shape(cells), shape(observed.get(row))];
    if (onPaper !== measured) {
      throw new GraderError(
        'key',
        `The key contradicts itself: derive gives ${row} as ${onPaper}, and observe as ${measured}. Correct solution/ before you grade.`,
      );
    }
  }
}

function misconceptionsOf(value: unknown, { table }: Rubric): Misconception[] {
  const rows = new Set(table.rows.map(({ id }) => id));
  const columns = new Set(table.columns.map(({ id }) => id));
  if (!Array.isArray(value))
    throw new GraderError('key', 'solution/index.ts: misconceptions has to give a list.');
  return value.map((entry: unknown, index) => {
    const fits =
      isObject(entry) &&
      typeof entry.id === 'string' &&
      typeof entry.text === 'string' &&
      typeof entry.row === 'string' &&
      rows.has(entry.row) &&
      isObject(entry.shape) &&
      [1, columns.size].includes(Object.keys(entry.shape).length) &&
      Object.entries(entry.shape).every(
        ([column, count]) => columns.has(column) && Number.isSafeInteger(count),
      );
    if (!fits) {
      throw new GraderError(
        'key',
        `solution/index.ts: entry ${index + 1} of misconceptions does not fit. It needs an id, a text, a row of rubric.yaml, and a shape with a number for one column or for all.`,
      );
    }
    if (/\p{N}/u.test(String(entry.text))) {
      throw new GraderError(
        'key',
        `The hint ${entry.id} for ${entry.row}, of misconceptions in solution/, holds a digit. Hints give a direction, never a number.`,
      );
    }
    return entry as unknown as Misconception;
  });
}

function statedOf(value: unknown): string[] {
  if (Array.isArray(value) && value.every((phrase) => typeof phrase === 'string')) return value;
  throw new GraderError('key', 'solution/index.ts: stated has to give a list of texts.');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function reasonOf(error: unknown): string {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\nRequire stack:');
  return stripVTControlCharacters(reason).replace(/\.$/, '');
}
