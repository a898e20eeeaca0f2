import { createContext, runInContext } from 'node:vm';
import { transformSync } from 'esbuild';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { parseModule } from '../../answers/parser';
import type { Rubric } from '../../rubric/rubric';
import { readAnswers } from '../../submission/cells';
import { twoTablesRubric } from '../two-tables';
import { rubric as oneTable } from '../worksheet';

/** The outcome of one file. */
export type FuzzOutcome =
  | { readonly kind: 'rejected' }
  | { readonly kind: 'read as it runs' }
  | { readonly kind: 'excused'; readonly form: string }
  | { readonly kind: 'mismatch'; readonly why: string };

interface Excuse {
  readonly form: string;
  /** Why the reader accepts it although it runs differently, or not at all. */
  readonly reason: string;
  /** Codes of the reader's messages about it, without `answers/`. */
  readonly codes: readonly string[];
  /** Matches the error that a run throws; undefined if it runs and gives a value where the reader has none. */
  readonly throws?: RegExp;
}

/** All cases in which the reader and a real run may differ, each with the reader's messages. */
export const excuses: readonly Excuse[] = [
  {
    form: 'a name, a part or a calculation that has no value',
    reason: 'It was clearly meant to be a number, so it costs only the cells that use it.',
    codes: ['unknown-name', 'placeholder', 'no-member', 'not-a-number'],
    throws: /^(?:Reference|Type)Error: /,
  },
  {
    form: 'arithmetic with null, a text, true or false',
    reason: 'The language turns them into numbers, and no student means that.',
    codes: ['not-a-number'],
  },
  {
    form: 'a part that the language gives to every value',
    reason: 'An object has only the parts that the file gives it.',
    codes: ['no-member'],
  },
  {
    form: 'a number with its unit',
    reason: 'Everything around it can be read, so it costs only its own cell.',
    codes: ['unit'],
    // In JavaScript, the unit n makes a BigInt, which cannot be mixed with numbers.
    throws: /^SyntaxError: |BigInt/,
  },
  {
    form: 'a number that the language has a name for',
    reason: 'Only names from the file count.',
    codes: ['unknown-name'],
  },
];

/** Reads a file and really runs it. Every cell that was read must have the value from the run. */
export function compare(source: string): FuzzOutcome {
  const rubric = rubricFor(source);
  const read = readAnswers(source, rubric);
  const cells = rubric.tables.flatMap((table) =>
    table.rows.flatMap((row) => {
      const { cells: ofRow = [] } = read.rows.find(({ id }) => id === row.id) ?? {};
      return ofRow.map((cell) => {
        const code = cell.kind === 'invalid' ? cell.reason.code.replace('answers/', '') : '';
        return { ...cell, table: table.export, row: row.id, code };
      });
    }),
  );
  const codes = cells.map(({ code }) => code);
  if (codes.every((code) => code === 'unread')) return { kind: 'rejected' };
  let run: Record<string, unknown>;
  try {
    run = reallyRun(source);
  } catch (error) {
    const said = String(error);
    const unreadable = [...parseModule(source).unreadable.map(({ code }) => code), ...codes];
    const excuse = excuses.find(
      ({ throws, codes: own }) => throws?.test(said) && own.some((code) => unreadable.includes(code)),
    );
    return excuse
      ? { kind: 'excused', form: excuse.form }
      : { kind: 'mismatch', why: `it is read, and running it ends with ${said}` };
  }
  let excused: string | undefined;
  for (const cell of cells) {
    const { table, row, id: column, code } = cell;
    const value = valueIn(run, rubric, table, row, column);
    if (cell.kind === 'value' ? cell.value === value : !isCount(value)) continue;
    excused = excuses.find(({ throws, codes: own }) => !throws && own.includes(code))?.form;
    const was = cell.kind === 'value' ? cell.value : `${cell.kind} ${code}`;
    if (excused === undefined)
      return {
        kind: 'mismatch',
        why: `${table}.${row}.${column} is read as ${was} and runs as ${String(value)}`,
      };
  }
  return excused === undefined ? { kind: 'read as it runs' } : { kind: 'excused', form: excused };
}

/** The worksheet that a file belongs to, which has a second table only if the file does. */
const rubricFor = (source: string) => (source.includes('const bags') ? twoTablesRubric : oneTable);

const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 1;

/** The value of a cell in what a run exported. */
function valueIn(
  run: Record<string, unknown>,
  { tables }: Rubric,
  table: string,
  row: string,
  column: string,
): unknown {
  const isDefault = tables.length === 1 && !Object.hasOwn(run, table);
  const rows = run[isDefault ? 'default' : table] as Record<string, Record<string, unknown>> | undefined;
  return rows?.[row]?.[column];
}

/**
 * Strips the types of a file, really runs it in a context of its own with a time limit, and returns its exports, to
 * compare the reader with. It is only for tests, and only for files that the tests wrote.
 *
 * @throws any error that the file throws, and a syntax error that TypeScript finds.
 */
function reallyRun(source: string): Record<string, unknown> {
  const { diagnostics = [] } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  if (diagnostics.length > 0) throw new SyntaxError('TypeScript refuses the file');
  // TypeScript's own output drops parentheses that are needed: it turns +(+1 as number) into ++1.
  const { code } = transformSync(source, {
    loader: 'ts',
    format: 'cjs',
    target: 'es2022',
    logLevel: 'silent',
    tsconfigRaw: '{}',
  });
  const module = { exports: {} };
  const silent = new Proxy({}, { get: () => () => undefined });
  runInContext(code, createContext({ module, console: silent, require: () => ({}) }), { timeout: 10_000 });
  return module.exports;
}
