import { existsSync } from 'node:fs';
import path from 'node:path';
import { inspect, isDeepStrictEqual, stripVTControlCharacters } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { GraderError } from '../error';
import type { Answer } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import type { RubricFile } from '../rubric/file.schema';
import { loadRubricFile } from '../rubric/load';
import {
  allRowsOf,
  type Rubric,
  type RubricCell,
  type RubricRow,
  type RubricTable,
  rowName,
  rubricOf,
} from '../rubric/rubric';
import { type CourseModule, loadedModule, loadModule, ModuleError } from './course-module';
import {
  type ExpectedCell,
  type ExpectedRow,
  type Misconception,
  type Quantity,
  rightAnswers,
} from './hints';
import { placeIn } from './places';
import { expectedIn, type KeyContent } from './plain';

/** The results of `solution/index.ts`. */
export interface Solution extends KeyContent {
  /** The values that the handout's template refers to by name. */
  readonly handoutFacts: Readonly<Record<string, unknown>>;
  /** Rows and cells that a function of the solution names and the rubric does not have, by that function. */
  readonly skipped: ReadonlyMap<string, readonly string[]>;
}

/** A rubric with its solution. */
export interface SolvedRubric {
  /** `rubric.yaml` as it is written. */
  readonly file: RubricFile;
  readonly rubric: Rubric;
  readonly solution: Solution;
  /** The solution for each table that states sizes of its own, by its export. */
  readonly atOtherSizes: ReadonlyMap<string, Solution>;
}

/**
 * Loads `rubric.yaml` and the solution of a course, also at the sizes of tables that state their own.
 *
 * @param isVerified see `loadSolution`.
 * @throws {GraderError} if either cannot be used.
 */
export function loadSolvedRubric(courseRoot: string, isVerified: boolean): SolvedRubric {
  const file = loadRubricFile(courseRoot);
  const rubric = rubricOf(file);
  const solution = loadSolution(courseRoot, rubric, isVerified);
  const atOtherSizes = new Map<string, Solution>();
  const others = rubric.tables.flatMap((table) => {
    if (!table.given) return [];
    const { given, ...own } = table;
    // The solution knows rows by the names that they have in the file.
    const rows = own.rows.map((row) => ({ ...row, id: rowName(row) }));
    const form = { ...rubric, laws: [], given, tables: [{ ...own, rows }] };
    const found = loadSolution(courseRoot, form, isVerified);
    atOtherSizes.set(table.export, found);
    return contentOf(table, found);
  });
  return { file, rubric, solution: { ...solution, others }, atOtherSizes };
}

/** The part of the key for a table at other sizes, by the ids of its rows. */
function contentOf({ rows }: RubricTable, { expected, misconceptions, quantities }: Solution): KeyContent {
  const renamed = <Item>(items: readonly Item[], nameOf: (item: Item) => string) =>
    rows.flatMap((row) =>
      items.flatMap((item) => (nameOf(item) === rowName(row) ? [[row.id, item] as const] : [])),
    );
  return {
    expected: renamed(expected, ({ id }) => id).map(([id, row]) => ({ ...row, id })),
    misconceptions: renamed(misconceptions, ({ row }) => row).map(([row, one]) => ({ ...one, row })),
    quantities,
    // The rest of the worksheet already has the explanations.
    explanations: {},
  };
}

/** A function that `solution/index.ts` exports. It takes the rubric's `given`. */
type Derivation = (given: Rubric['given']) => unknown;

const indexFile = 'solution/index.ts';

/**
 * Returns every file that a course's solution was loaded from or has read in this process, by full path, with its last
 * known state. Undefined if one has changed since, or the solution may depend on more than files.
 */
export function solutionFiles(courseRoot: string): ReadonlyMap<string, string> | undefined {
  const module = loadedModule(courseRoot, indexFile);
  return module?.isOpen() ? undefined : module?.files;
}

export function hasSolution(courseRoot: string): boolean {
  return existsSync(path.join(courseRoot, indexFile));
}

/**
 * Loads the course's solution by its path (nothing here imports it, so a copy without one compiles) and derives the
 * expected answers of the tables that have the rubric's sizes.
 *
 * @param isVerified whether to run `measure` too, and refuse a worksheet that differs; takes some tenths of a second.
 * @param timeLimit for each function of the solution, in milliseconds.
 * @throws {GraderError} that lists every fault in the solution, each with its place.
 */
export function loadSolution(
  courseRoot: string,
  rubric: Rubric,
  isVerified: boolean,
  timeLimit = usualTimeLimit,
): Solution {
  const tables = rubric.tables.filter(({ given }) => given === undefined);
  return new Loader(courseRoot, { ...rubric, tables }, timeLimit).solution(isVerified);
}

/** For each function, in milliseconds. A real head takes some tenths of a second. */
const usualTimeLimit = 20_000;

/** The context for functions with a time limit. It is shared, because making one takes milliseconds. */
const solutionLimits = createContext({});

class Loader {
  private readonly faults: string[] = [];
  private readonly courseRoot: string;
  private readonly rubric: Rubric;
  private readonly timeLimit: number;
  private readonly rows: ReadonlyMap<string, readonly RubricCell[]>;
  private readonly module: CourseModule;

  constructor(courseRoot: string, rubric: Rubric, timeLimit: number) {
    this.timeLimit = timeLimit;
    this.courseRoot = courseRoot;
    this.rubric = rubric;
    this.rows = new Map(allRowsOf(rubric).map(({ id, cells }) => [id, cells]));
    this.module = this.load();
  }

  solution(isVerified: boolean): Solution {
    const module = this.module.exports;
    const derived = this.call(module, 'derive');
    const expected = this.worksheetOf(derived, 'derive');
    const known = this.misconceptionsOf(this.call(module, 'misconceptions'), expected);
    const quantities =
      module.quantities === undefined ? [] : this.quantitiesOf(this.call(module, 'quantities'));
    const explanations =
      module.explanations === undefined ? {} : this.explanationsOf(this.call(module, 'explanations'));
    const facts = module.handoutFacts === undefined ? {} : this.call(module, 'handoutFacts');
    if (facts !== undefined && !isRecord(facts))
      this.report('handoutFacts', 'handoutFacts has to give an object of named facts.');
    if (isVerified && this.faults.length === 0) {
      const measured = this.worksheetOf(this.call(module, 'measure'), 'measure');
      this.compare(expected, measured);
    } else if (typeof module.measure !== 'function') this.reportMissing('measure');
    if (this.faults.length > 0) throw new GraderError('key', 'solution-faults', ...this.faults);
    const others = (ids: readonly string[]) => [...new Set(ids.filter((id) => !this.rows.has(id)))];
    return {
      expected,
      misconceptions: known.filter(({ row }) => this.rows.has(row)),
      quantities,
      explanations,
      handoutFacts: facts as Record<string, unknown>,
      skipped: new Map([
        ['derive', [...others(Object.keys(derived as object)), ...this.voidCells(derived as object)]],
        ['misconceptions', others(known.map(({ row }) => row))],
      ]),
    };
  }

  /** Returns the derived cells that their row does not have, as `row.column`. */
  private voidCells(derived: object): string[] {
    return Object.entries(derived).flatMap(([row, values]) => {
      const cells = this.rows.get(row);
      return cells && isRecord(values)
        ? Object.keys(values).flatMap((column) =>
            cells.some(({ id }) => id === column) ? [] : `${row}.${column}`,
          )
        : [];
    });
  }

  /** @param names that lead to the place in the file, the innermost last. */
  private report(exported: string, text: string, ...names: readonly string[]): void {
    this.faults.push(`${placeIn(this.courseRoot, indexFile, exported, names)}: ${text}`);
  }

  private reportMissing(name: string): void {
    this.faults.push(
      `${indexFile}: it does not export ${name}(given). It must; docs/write-a-worksheet.md says what it gives.`,
    );
  }

  /** Runs a function that may never end, but only up to the time limit. */
  private limited<Result>(work: () => Result): Result {
    solutionLimits.work = work;
    return runInContext('work()', solutionLimits, { timeout: this.timeLimit });
  }

  private get tooLong(): string {
    return `it was stopped after ${this.timeLimit / 1000} seconds. Look for a loop without an end.`;
  }

  private load(): CourseModule {
    try {
      return loadModule(this.courseRoot, indexFile, (run) => this.limited(run));
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
      const isMissing = /^Could not resolve|^Cannot find module/.test(error.message);
      const next = isMissing ? ' Run npm ci, or put back what it lacks.' : '';
      const failureText = isTimeout(error.cause) ? this.tooLong : `${reasonOf(error)}.${next}`;
      throw new GraderError(
        'key',
        'solution-not-loaded',
        `${error.place ?? indexFile}: it cannot be loaded: ${failureText}`,
      );
    }
  }

  /** Calls a function of the solution. Returns its result, or undefined if that cannot be used. */
  private call(module: Record<string, unknown>, name: string): unknown {
    const derivation = module[name];
    if (typeof derivation !== 'function') {
      this.reportMissing(name);
      return undefined;
    }
    const run = () => this.limited(() => (derivation as Derivation)(structuredClone(this.rubric.given)));
    try {
      const result = run();
      // A real run uses random numbers, so `measure` may give different results.
      if (name === 'measure' || isDeepStrictEqual(result, run())) return result ?? null;
      this.report(
        name,
        `${name} gives different results on two runs. Take out what depends on chance or time.`,
      );
    } catch (error) {
      this.reportThrown(name, error);
    }
    return undefined;
  }

  private reportThrown(name: string, error: unknown): void {
    const place = this.module.placeOf(error);
    const reason = `${reasonOf(error)}.`;
    // An error that all functions throw is reported once.
    if (this.faults.some((fault) => place && fault.startsWith(`${place}: `) && fault.endsWith(reason)))
      return;
    // An error that the language throws is a slip in the function. An author throws any other on purpose.
    const isSlip = /^(?:Reference|Syntax|Type)Error$/.test(String((error as Error | undefined)?.name));
    const ends = !isSlip ? `${name} refuses what rubric.yaml gives it` : `${name} ends with an error`;
    const failureText = isTimeout(error) ? `${name} does not end: ${this.tooLong}` : `${ends}: ${reason}`;
    if (place) this.faults.push(`${place}: ${failureText}`);
    else this.report(name, failureText);
  }

  /** Returns the rows of the rubric with their right answers. Leaves out other rows. */
  private worksheetOf(given: unknown, name: string): ExpectedRow[] {
    if (given === undefined) return [];
    if (!isRecord(given)) {
      this.report(
        name,
        `${name} has to give an object with the rows of the worksheet, { row: { column: value } }.`,
      );
      return [];
    }
    return this.rubric.tables.flatMap((table) => {
      const rows = table.rows.map(({ id }) => id);
      if (rows.every((row) => !Object.hasOwn(given, row))) {
        this.report(
          name,
          `${name} gives no right answer for the table ${table.export}: add ${rows.join(', ')}.`,
        );
        return [];
      }
      return table.rows.map((row) => ({ id: row.id, cells: this.expectedRow(given, name, row) }));
    });
  }

  private expectedRow(
    given: Record<string, unknown>,
    name: string,
    { id, cells }: RubricRow,
  ): ExpectedCell[] {
    const row = Object.hasOwn(given, id) ? given[id] : undefined;
    if (!isRecord(row)) {
      const columns = cells.map((cell) => `${cell.id}: ...`).join(', ');
      const what = row === undefined ? `no row ${id}` : `${printValue(row)} for row ${id}`;
      this.report(name, `${name} gives ${what}; give { ${columns} }.`, id);
      return [];
    }
    return cells.flatMap((cell) => this.expectedCell(row, name, id, cell) ?? []);
  }

  private expectedCell(
    given: Record<string, unknown>,
    name: string,
    row: string,
    cell: RubricCell,
  ): ExpectedCell | undefined {
    const { id } = cell;
    const kind = kindOf(cell);
    const value = Object.hasOwn(given, id) ? given[id] : undefined;
    const where = `row ${row}, column ${id}`;
    if (value === undefined || (Array.isArray(value) && value.length === 0)) {
      this.report(name, `${name} gives no value for ${where}; give ${kind.takes}.`, row);
      return undefined;
    }
    const [right, ...others] = (Array.isArray(value) ? value : [value]).map((one: unknown) => {
      const answer = kind.answerOf(one);
      const fault = answer === undefined ? undefined : kind.faultOf?.(answer);
      if (answer === undefined)
        this.report(name, `${name} gives ${printValue(one)} for ${where}; give ${kind.takes}.`, row, id);
      else if (fault !== undefined)
        this.report(name, `${name} gives ${printValue(one)} for ${where}: ${fault}.`, row, id);
      return answer;
    });
    if (right === undefined || others.includes(undefined)) return undefined;
    const alternatives = [...new Set(others)].flatMap((answer) => (answer === right ? [] : (answer ?? [])));
    return { id, value: right, ...(alternatives.length > 0 && { alternatives }) };
  }

  private compare(derived: readonly ExpectedRow[], measured: readonly ExpectedRow[]): void {
    if (this.faults.length > 0) return;
    for (const { id: row, cells } of derived) {
      for (const cell of cells) {
        const value = expectedIn({ expected: measured }, row, cell.id)?.value;
        const rubric = this.rows.get(row)?.find(({ id }) => id === cell.id);
        const isSame =
          rubric &&
          value !== undefined &&
          rightAnswers(cell).some((answer) => kindOf(rubric).matches(value, answer));
        if (!isSame)
          this.faults.push(
            `The answer key contradicts itself at row ${row}, column ${cell.id}: derive gives ${printValue(cell.value)}, and measure ${printValue(value)}. Correct solution/ before you grade.`,
          );
      }
    }
  }

  private explanationsOf(given: unknown): Record<string, string> {
    if (given === undefined) return {};
    const entries = isRecord(given) ? Object.entries(given) : [];
    const isFitting =
      isRecord(given) && entries.every(([, text]) => typeof text === 'string' && text.trim() !== '');
    if (!isFitting)
      this.report('explanations', 'explanations has to give an object with a text for each row.');
    // Explanations of rows that the rubric does not have are dropped, and nothing is lost.
    return Object.fromEntries(entries.filter(([row]) => this.rows.has(row))) as Record<string, string>;
  }

  private quantitiesOf(given: unknown): Quantity[] {
    if (given === undefined) return [];
    if (!Array.isArray(given)) {
      this.report('quantities', 'quantities has to give a list.');
      return [];
    }
    return given.flatMap((entry: unknown, index) => {
      const { value, phrase } = (isRecord(entry) ? entry : {}) as Partial<Record<keyof Quantity, unknown>>;
      const isPhrase = typeof phrase === 'string' && /\p{L}/u.test(phrase);
      if (!isPhrase || typeof value !== 'number') {
        this.report(
          'quantities',
          `Entry ${index + 1} of quantities needs a value, which is a number, and a phrase in words.`,
        );
        return [];
      }
      if (/\p{N}/u.test(phrase))
        this.report(
          'quantities',
          `The phrase “${phrase}” of quantities holds a digit. Say it in words.`,
          phrase,
        );
      return [{ value, phrase }];
    });
  }

  private misconceptionsOf(given: unknown, expected: readonly ExpectedRow[]): Misconception[] {
    if (given === undefined) return [];
    if (!Array.isArray(given)) {
      this.report('misconceptions', 'misconceptions has to give a list.');
      return [];
    }
    return given.flatMap((entry: unknown, index) => {
      const [known, ...faults] = this.misconceptionOf(entry, index, expected);
      const names = isRecord(entry) && typeof entry.id === 'string' ? [entry.id] : [];
      for (const fault of faults) this.report('misconceptions', String(fault), ...names);
      return known ?? [];
    });
  }

  /** Reads an entry of the list: returns its misconception, and its faults. */
  private misconceptionOf(
    entry: unknown,
    index: number,
    expected: readonly ExpectedRow[],
  ): [Misconception | undefined, ...string[]] {
    const { id, title, row, values, text } = (isRecord(entry) ? entry : {}) as Partial<
      Record<keyof Misconception, unknown>
    >;
    const hasForm =
      typeof id === 'string' &&
      ['string', 'undefined'].includes(typeof title) &&
      typeof text === 'string' &&
      /\p{L}/u.test(text) &&
      typeof row === 'string' &&
      isRecord(values);
    if (!hasForm)
      return [
        undefined,
        `Entry ${index + 1} of misconceptions needs an id, a text and a row, and values: an object with a value for one column or for all.`,
      ];
    const misconception = { id, title, row, values, text } as Misconception;
    const cells = this.rows.get(row);
    // A row that the rubric does not have is skipped, so the rest of the entry is not checked.
    if (!cells) return [misconception];
    const named = `misconception ${id} of row ${row}`;
    const faults: string[] = [];
    if (/\p{N}/u.test(text))
      faults.push(`The hint of ${named} holds a digit. Hints give a direction, never a number.`);
    const columns = Object.keys(values);
    const unknown = columns.filter((column) => !cells.some((cell) => cell.id === column));
    if (unknown.length > 0)
      faults.push(
        `The ${named} has values for ${unknown.join(', ')}; the row has ${cells.map((cell) => cell.id).join(', ')}.`,
      );
    else if (![1, cells.length].includes(columns.length))
      faults.push(
        `The ${named} has values for ${columns.join(', ') || 'no column'}. Give one column, or all of them.`,
      );
    const answers: Record<string, Answer> = {};
    for (const cell of cells) {
      const value = Object.hasOwn(values, cell.id) ? values[cell.id] : undefined;
      const answer = kindOf(cell).answerOf(value);
      if (value === undefined) continue;
      if (answer === undefined)
        faults.push(
          `The ${named} gives ${printValue(value)} for column ${cell.id}; give ${kindOf(cell).takes}.`,
        );
      else answers[cell.id] = answer;
    }
    if (faults.length > 0) return [undefined, ...faults];
    const right = expected.find((candidate) => candidate.id === row);
    if (right && isSwallowed(answers, right, cells))
      return [
        undefined,
        `The ${named} would count as right: the tolerance of ${Object.keys(answers).join(', ')} in rubric.yaml is too wide to tell it from what is right. Write a smaller one.`,
      ];
    return [{ ...misconception, values: answers }];
  }
}

/** Whether answers count as right only because of a tolerance. */
function isSwallowed(
  values: Readonly<Record<string, Answer>>,
  { cells: expected }: ExpectedRow,
  cells: readonly RubricCell[],
): boolean {
  const compared = cells.flatMap((cell) => {
    const value = values[cell.id];
    const right = expected.find(({ id }) => id === cell.id);
    if (value === undefined || !right) return [];
    const answers = rightAnswers(right);
    return [
      {
        isSame: answers.includes(value),
        counts: answers.some((answer) => kindOf(cell).matches(value, answer)),
      },
    ];
  });
  return compared.every(({ counts }) => counts) && !compared.every(({ isSame }) => isSame);
}

function isTimeout(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

function printValue(value: unknown): string {
  const isPlain = ['string', 'number', 'boolean', 'undefined'].includes(typeof value) || value === null;
  const text = isPlain ? (JSON.stringify(value) ?? String(value)) : inspect(value, { breakLength: Infinity });
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reasonOf(error: unknown): string {
  const isError = typeof error === 'object' && error !== null && 'message' in error;
  const [reason = ''] = (isError ? String(error.message) : String(error)).split('\nRequire stack:');
  return stripVTControlCharacters(reason).replace(/\.$/, '');
}
