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
  givenText,
  labelInRow,
  type Rubric,
  type RubricCell,
  type RubricRow,
  rowsAgain,
  rowsOf,
  rubricOf,
} from '../rubric/rubric';
import { type CourseModule, loadedModule, loadModule, ModuleError } from './course-module';
import type { WorkedExample } from './example.schema';
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
  /** `rubric.yaml` as it is written, and the rows to ask again if only the solution determines them. */
  readonly file: RubricFile;
  readonly rubric: Rubric;
  readonly solution: Solution;
  /** The solution of the rows that are asked again, at their sizes. */
  readonly solutionAgain?: Solution;
  /** Whether `rubric.yaml` leaves open which rows are asked again. */
  readonly hasChosenRows?: boolean;
}

/**
 * Loads `rubric.yaml` and the solution of a course, also at the sizes at which rows are asked again.
 *
 * @param isVerified see `loadSolution`.
 * @throws {GraderError} if either cannot be used.
 */
export function loadSolvedRubric(courseRoot: string, isVerified: boolean): SolvedRubric {
  const file = loadRubricFile(courseRoot);
  const { again, ...first } = file;
  const worksheet = rubricOf(first);
  const solution = loadSolution(courseRoot, worksheet, isVerified);
  if (!again) return { file, rubric: worksheet, solution };
  const rows = again.rows ?? fewestRows(worksheet, solution);
  const given = { ...worksheet.given, ...again.given };
  const solutionAgain = loadSolution(courseRoot, { ...onlyRows(worksheet, rows), given }, isVerified);
  const solved = { ...file, again: { ...again, rows } };
  const rubric = rubricOf(solved);
  return {
    file: solved,
    rubric,
    solution: { ...solution, again: contentAgain(rubric, solutionAgain) },
    solutionAgain,
    hasChosenRows: again.rows === undefined,
  };
}

/** Restricts a rubric to some rows: at other sizes another row may have an answer that it does not accept. */
export function onlyRows(rubric: Rubric, wanted: readonly string[]): Rubric {
  const tables = rubric.tables.map((table) => ({
    ...table,
    rows: table.rows.filter(({ id }) => wanted.includes(id)),
  }));
  return { ...rubric, laws: [], tables: tables.filter(({ rows }) => rows.length > 0) };
}

/**
 * Chooses few rows that show every misconception: adds the row that shows the most new ones each time. Chooses all rows
 * if no misconception is known.
 */
function fewestRows(rubric: Rubric, { misconceptions }: Pick<Solution, 'misconceptions'>): string[] {
  // Choosing among a few options is not working out an answer anew, so such rows are not asked again.
  const isOpen = ({ cells }: RubricRow) => cells.every((cell) => kindOf(cell).options === undefined);
  const rows = rowsOf(rubric)
    .filter(isOpen)
    .map(({ id }) => id);
  if (rows.length === 0)
    throw new GraderError(
      'rubric',
      'again-without-rows',
      'rubric.yaml: every row has a cell with a few options, so none is chosen by default. List rows under again, or remove it.',
    );
  const ideas = (row: string) => misconceptions.flatMap((one) => (one.row === row ? one.id : []));
  const chosen: string[] = [];
  const open = new Set(rows.flatMap(ideas));
  const newIn = (row: string) => new Set(ideas(row).filter((id) => open.has(id))).size;
  while (open.size > 0) {
    const [best = ''] = [...rows].sort((one, other) => newIn(other) - newIn(one));
    chosen.push(best);
    for (const id of ideas(best)) open.delete(id);
  }
  return chosen.length === 0 ? rows : rows.filter((row) => chosen.includes(row));
}

/** Returns the part of a solution for the rows that are asked again, by the ids that they have there. */
export function contentAgain({ again }: Rubric, solution: Solution): KeyContent {
  const rows = rowsAgain({ again });
  const renamed = <Item>(items: readonly Item[], nameOf: (item: Item) => string) =>
    rows.flatMap(({ id, repeats }) =>
      items.flatMap((item) => (nameOf(item) === repeats ? [[id, item] as const] : [])),
    );
  return {
    expected: renamed(solution.expected, ({ id }) => id).map(([id, row]) => ({ ...row, id })),
    misconceptions: renamed(solution.misconceptions, ({ row }) => row).map(([row, one]) => ({ ...one, row })),
    quantities: solution.quantities,
    // The worksheet already has the explanations.
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
 * expected worksheet.
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
  return new Loader(courseRoot, rubric, timeLimit).solution(isVerified);
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
    this.rows = new Map(rowsOf(rubric).map(({ id, cells }) => [id, cells]));
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

/**
 * Solves the worksheet for the example of `rubric.yaml`, if it has one.
 *
 * @throws {GraderError} as `loadSolution` does.
 */
export function workedExample(courseRoot: string, rubric: Rubric): WorkedExample | undefined {
  if (!rubric.example) return undefined;
  const { expected, quantities } = loadSolution(courseRoot, { ...rubric, given: rubric.example }, false);
  const rows = rowsOf(rubric).map((row) => ({
    ...row,
    cells: row.cells.flatMap((cell) => {
      const value = expectedIn({ expected }, row.id, cell.id)?.value;
      return value === undefined ? [] : [{ cell, value }];
    }),
  }));
  const isBare = ({ kind, settings }: RubricCell) => {
    const { isExact, unit } = kindOf({ kind, settings });
    return isExact && unit === undefined;
  };
  const values = new Set(
    rows.flatMap(({ cells }) => cells.flatMap(({ cell, value }) => (isBare(cell) ? [value] : []))),
  );
  const legend = [...values].flatMap((value) => {
    // The first quantity in the list is the one that an author thinks of first.
    const known = quantities.find((quantity) => quantity.value === value);
    return known ? [{ value: String(value), phrase: known.phrase }] : [];
  });
  return {
    given: Object.fromEntries(
      Object.entries(rubric.example).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : givenText(value),
      ]),
    ),
    rows: rows.map((row) => ({
      id: row.id,
      label: row.label,
      cells: row.cells.map(({ cell, value }) => ({
        id: cell.id,
        label: labelInRow(cell, row),
        value: kindOf(cell).print(value),
      })),
    })),
    legend,
  };
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
