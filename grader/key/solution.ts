import { existsSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { GraderError } from '../error';
import type { Rubric } from '../rubric/rubric';
import type { ExpectedRow, Misconception } from './hints';
import type { KeyContent } from './plain';

/** What `solution/index.ts` gives. */
export interface Solution extends KeyContent {
  /** What the handout's template refers to by name. */
  readonly handoutFacts: Readonly<Record<string, unknown>>;
  /** Rows that something in it is about and that the rubric does not have, by what that is. */
  readonly skipped: ReadonlyMap<string, readonly string[]>;
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
 * @param isVerified also run `measure`, and refuse a table that differs; takes some tenths of a second.
 * @throws {GraderError} where a part is missing, does not fit the rubric, or the two tables differ.
 */
export function loadSolution(courseRoot: string, rubric: Rubric, isVerified: boolean): Solution {
  const module = requireSolution(solutionFile(courseRoot));
  const derived = call(module, 'derive', rubric);
  const expected = tableOf(derived, 'derive', rubric);
  if (isVerified) assertSameTable(expected, tableOf(call(module, 'measure', rubric), 'measure', rubric));
  const known = misconceptionsOf(call(module, 'misconceptions', rubric), rubric);
  const rows = new Set(rubric.table.rows.map(({ id }) => id));
  const others = (ids: readonly string[]) => [...new Set(ids.filter((id) => !rows.has(id)))];
  return {
    expected,
    misconceptions: known.filter(({ row }) => rows.has(row)),
    handoutFacts: module.handoutFacts === undefined ? {} : factsOf(call(module, 'handoutFacts', rubric)),
    skipped: new Map([
      ['derive', others(Object.keys(derived as object))],
      ['misconceptions', others(known.map(({ row }) => row))],
    ]),
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
    throw new GraderError('key', `solution/index.ts does not export ${name}(given). It must.`);
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

/** The rows of the rubric with the values that a table of the course's gives them; rows beside these are left out. */
function tableOf(value: unknown, name: string, { table }: Rubric): ExpectedRow[] {
  return table.rows.map(({ id: row, cells }) => ({
    id: row,
    cells: cells.map(({ id }) => {
      const cell = isObject(value) && isObject(value[row]) ? value[row][id] : undefined;
      if (typeof cell !== 'number' || !Number.isSafeInteger(cell) || cell < 1)
        throw new GraderError(
          'key',
          `solution/index.ts: ${name} gives no whole number for ${row}, ${id}, which rubric.yaml asks for.`,
        );
      return { id, value: cell };
    }),
  }));
}

function assertSameTable(derived: readonly ExpectedRow[], measured: readonly ExpectedRow[]): void {
  const shape = (row: ExpectedRow | undefined) => row?.cells.map(({ value }) => value).join(' x ');
  for (const row of derived) {
    const [onPaper, real] = [shape(row), shape(measured.find(({ id }) => id === row.id))];
    if (onPaper !== real) {
      throw new GraderError(
        'key',
        `The answer key contradicts itself: derive gives ${row.id} as ${onPaper}, and measure as ${real}. Correct solution/ before you grade.`,
      );
    }
  }
}

function misconceptionsOf(value: unknown, { table }: Rubric): Misconception[] {
  const columns = new Set(table.columns.map(({ id }) => id));
  if (!Array.isArray(value))
    throw new GraderError('key', 'solution/index.ts: misconceptions has to give a list.');
  return value.map((entry: unknown, index) => {
    const isValid =
      isObject(entry) &&
      typeof entry.id === 'string' &&
      ['string', 'undefined'].includes(typeof entry.title) &&
      typeof entry.text === 'string' &&
      typeof entry.row === 'string' &&
      isObject(entry.shape) &&
      [1, columns.size].includes(Object.keys(entry.shape).length) &&
      Object.entries(entry.shape).every(
        ([column, count]) => columns.has(column) && Number.isSafeInteger(count),
      );
    if (!isValid) {
      throw new GraderError(
        'key',
        `solution/index.ts: entry ${index + 1} of misconceptions does not fit. It needs an id, a text, a row, and a shape with a number for one column or for all.`,
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

function factsOf(value: unknown): Record<string, unknown> {
  if (isObject(value) && !Array.isArray(value)) return value;
  throw new GraderError('key', 'solution/index.ts: handoutFacts has to give an object of named facts.');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function reasonOf(error: unknown): string {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\nRequire stack:');
  return stripVTControlCharacters(reason).replace(/\.$/, '');
}
