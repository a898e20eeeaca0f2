import { existsSync } from 'node:fs';
import path from 'node:path';
import { inspect, types } from 'node:util';
import type { Answer } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { firstSentence, GraderError } from '../message';
import type { RubricFile } from '../rubric/file.schema';
import { loadRubricFile } from '../rubric/load';
import { type Given, type Rubric, type RubricCell, type RubricRow, rowsOf, rubricOf } from '../rubric/rubric';
import { placeIn } from '../system/files';
import { groupBy, nearestName } from '../system/lists';
import { isValid, validationErrors } from '../validate';
import { type CourseModule, loadModule } from './course-module';
import { expectedIn } from './judge';
import { type ExpectedCell, isRightAnswer, type KeyContent } from './known-answers';
import type { Functions } from './solution.schema';
import schema from './solution.schema.json';

/** The results of `solution/index.ts`. */
export interface Solution extends KeyContent {
  /** The values that the handout's template refers to by name. */
  readonly handoutFacts: Readonly<Record<string, unknown>>;
}

/** A rubric with its solution. */
export interface SolvedRubric {
  /** `rubric.yaml` as the author wrote it. */
  readonly file: RubricFile;
  readonly rubric: Rubric;
  readonly solution: Solution;
}

/**
 * Loads `rubric.yaml` and the solution of a course.
 *
 * @param isVerified see `loadSolution`.
 * @throws {GraderError} if either cannot be used.
 */
export function loadSolvedRubric(courseRoot: string, isVerified: boolean): SolvedRubric {
  const file = loadRubricFile(courseRoot);
  modules.delete(courseRoot);
  return solve(courseRoot, file, isVerified);
}

/**
 * Works out the answers of a course whose `rubric.yaml` is loaded, with the module that was last loaded with it.
 *
 * @param isVerified see `loadSolution`.
 * @throws {GraderError} if the solution cannot be used.
 */
export function solve(courseRoot: string, file: RubricFile, isVerified: boolean): SolvedRubric {
  const rubric = rubricOf(file);
  return { file, rubric, solution: loadSolution(courseRoot, rubric, isVerified) };
}

const indexFile = 'solution/index.ts';

/** Whether a course has a solution. The handout's template shows it even if the entry file is missing. */
export function hasSolution(courseRoot: string): boolean {
  return [indexFile, 'solution/handout.md'].some((file) => existsSync(path.join(courseRoot, file)));
}

/** The module of each course as `loadSolvedRubric` loaded it, so that the same one solves the worksheet at all sizes. */
const modules = new Map<string, CourseModule>();

function moduleOf(courseRoot: string): CourseModule {
  const module = modules.get(courseRoot) ?? loadModule(courseRoot, indexFile);
  modules.set(courseRoot, module);
  return module;
}

/**
 * The places of the misconceptions that make up a hint in a row: `solution/misconceptions.ts:41`. A text that code puts
 * together is not in any file as a whole, but the id of its misconception is.
 */
export function placesOfHint(
  courseRoot: string,
  { misconceptions }: Solution,
  row: string,
  hint: string,
): string[] {
  const causes = misconceptions.filter((one) => one.row === row && hint.includes(firstSentence(one.text)));
  return [...new Set(causes.flatMap(({ id, text }) => placeInSolution(courseRoot, text, id) ?? []))];
}

/** Where a text is written in a course's solution, or else the id of its misconception. */
export function placeInSolution(courseRoot: string, text: string, id?: string): string | undefined {
  return moduleOf(courseRoot).find(text, ...quotedForms(id));
}

/**
 * Loads the course's solution by its path (nothing here imports it, so a copy without one compiles) and derives the
 * expected answers at the rubric's sizes. One solution may serve several worksheets, so rows and cells that it gives
 * but the rubric does not have are left out.
 *
 * @param isVerified whether to run `measure` too, and refuse a worksheet that differs; takes some tenths of a second.
 * @param where begins each fault: names the sizes, if they are not those of the worksheet.
 * @throws {GraderError} that lists the faults, each with its place in a file or in the value that a function gives.
 */
export function loadSolution(courseRoot: string, rubric: Rubric, isVerified: boolean, where = ''): Solution {
  const asked = rowsOf(rubric);
  const written = new Written(courseRoot, moduleOf(courseRoot), rubric.given, where);
  // 1. Call what the author wrote.
  written.assertNames();
  const derived = written.call('derive');
  // 2. Check the answers and the misconceptions.
  const expected = asked.map((row) => ({ id: row.id, cells: expectedCells(row, derived, written) }));
  const solution: Solution = {
    expected,
    misconceptions: misconceptionsOf(asked, derived, written),
    quantities: written.call('quantities', []),
    explanations: written.call('explanations', {}),
    handoutFacts: written.call('handoutFacts', {}),
  };
  for (const row of written.hasFaults ? [] : Object.keys(solution.explanations))
    if (!Object.hasOwn(derived, row))
      written.unexpected('explanations', 'only rows that derive gives', row, `${row}:`);
  // 3. Compare with the measurement.
  if (isVerified && !written.hasFaults) compareWithMeasured(asked, solution, written);
  written.assertNoFaults();
  return solution;
}

/** The solution as its author wrote it, and everything that is wrong with its results. */
class Written {
  private readonly courseRoot: string;
  private readonly module: CourseModule;
  private readonly given: Given;
  private readonly where: string;
  private readonly faults: string[] = [];

  /** @param given the argument of each function. */
  constructor(courseRoot: string, module: CourseModule, given: Given, where: string) {
    this.courseRoot = courseRoot;
    this.module = module;
    this.given = given;
    this.where = where;
  }

  get hasFaults(): boolean {
    return this.faults.length > 0;
  }

  /** @param row the row in that function's result, if the fault is about one. */
  fault(text: string, name: keyof Functions, row?: string): void {
    this.faults.push(`${this.module.placeOf(name, row)}: ${text}`);
  }

  /** @param known texts that occur at the fault, likeliest first. */
  unexpected(entry: string, expected: string, found: unknown, ...known: readonly unknown[]): void {
    // An entry begins with the name of a function, followed by a row if the function returns rows.
    const [name = '', row] = entry.split(/[.[]/);
    const place = this.module.find(...known) ?? this.module.placeOf(name, row);
    this.faults.push(`${place}: ${entry}: expected ${expected}, found ${inspected(found)}.`);
  }

  private failure(): GraderError {
    return new GraderError('key', 'solution-faults', ...this.faults.map((text) => this.where + text));
  }

  /** @throws {GraderError} that lists the faults, if there are any. */
  assertNoFaults(): void {
    if (this.hasFaults) throw this.failure();
  }

  /** Checks the names of optional functions, because nobody would notice a misspelled one. */
  assertNames(): void {
    for (const name of Object.keys(this.module.exports)) {
      const known = Object.keys(schema.properties).filter((one) => !Object.hasOwn(this.module.exports, one));
      const meant = nearestName(name, known);
      if (meant && !Object.hasOwn(schema.properties, name))
        this.faults.push(`${this.module.find(name) ?? indexFile}: it exports ${name}. Write ${meant}.`);
    }
    this.assertNoFaults();
  }

  /**
   * Calls a function of the solution.
   *
   * @param otherwise the result to use if the solution leaves the function out.
   * @throws {GraderError} if it is missing, throws, or returns something of the wrong form.
   */
  call<Name extends keyof Functions>(name: Name, otherwise?: Functions[Name]): Functions[Name] {
    const run = this.module.exports[name];
    if (run === undefined && otherwise) return otherwise;
    if (run === undefined) {
      const text = `it does not export ${name}(given). It must; docs/write-a-worksheet.md says what it gives.`;
      this.faults.push(`${indexFile}:1: ${text}`);
      throw this.failure();
    }
    if (typeof run !== 'function') {
      this.fault(`${name} is not a function. Export a function of given that returns it.`, name);
      throw this.failure();
    }
    let result: unknown;
    try {
      result = this.module.call(name, this.given);
    } catch (error) {
      this.faults.push(this.faultOfGiven(error) ?? this.module.describe(error, name));
      throw this.failure();
    }
    if (types.isPromise(result)) {
      // Nobody waits for this promise, so its rejection would end the program.
      result.catch(() => {});
      this.fault(
        `${name} gives a Promise. Write it without async and await, so that it gives its result at once.`,
        name,
      );
      throw this.failure();
    }
    const form = schema.properties[name];
    if (isValid<Functions[Name]>(form, result)) return result;
    this.addFaultsOf(name, form, result);
    throw this.failure();
  }

  /** A fault in `given`, or in a file named there, belongs to rubric.yaml, not to the code. */
  private faultOfGiven(error: unknown): string | undefined {
    if (!(error instanceof RangeError)) return undefined;
    const [, name, file] = /^(?:given\.(\w+)|(\S+\.json):)/.exec(error.message) ?? [];
    if (name === undefined && file === undefined) return undefined;
    // If the sizes are not those of the worksheet, `where` names them already.
    if (this.where !== '') return error.message;
    const fits = (line: string) =>
      file === undefined ? new RegExp(`^\\s+${name}:|^given:.*\\b${name}:`).test(line) : line.includes(file);
    return `${placeIn(this.courseRoot, 'rubric.yaml', fits)}: ${error.message}`;
  }

  private addFaultsOf(name: string, form: object, result: unknown): void {
    const texts = new Set<unknown>();
    for (const { instancePath, params, data, parentSchema } of validationErrors(form, result)) {
      const missing: string | undefined = params.missingProperty;
      // A misconception about several rows has one text, which needs correcting only once.
      if (instancePath.endsWith('/text') && texts.has(data)) continue;
      texts.add(data);
      const entry = `${name}${instancePath.replaceAll(/\/(\d+)/g, '[$1]').replaceAll('/', '.')}`;
      const { id } = (Array.isArray(result) ? result[Number(instancePath.split('/')[1])] : undefined) ?? {};
      const part = `${entry}${missing === undefined ? '' : `.${missing}`}${id === undefined ? '' : ` of ${id}`}`;
      if (missing === undefined)
        this.unexpected(part, parentSchema?.description, data, data, ...quotedForms(id));
      else
        this.unexpected(part, parentSchema?.properties[missing].description, undefined, ...quotedForms(id));
    }
  }

  /** Whether a row that a function returns is in rubric.yaml; if not, adds a fault. */
  hasRow(name: 'derive' | 'measure', values: Functions['derive'], id: string): boolean {
    if (Object.hasOwn(values, id)) return true;
    const known = Object.keys(values).join(', ') || 'none';
    this.fault(`${name} gives no row ${id}, which rubric.yaml has; it gives ${known}.`, name);
    return false;
  }

  /** The solution's answer for a cell; undefined, with a fault added, if the cell's kind does not accept it. */
  answerIn(entry: string, cell: RubricCell, value: unknown, nearbyTexts: readonly string[] = []) {
    const kind = kindOf(cell);
    const answer = kind.answerOf(value);
    if (answer === undefined) this.unexpected(entry, kind.takes, value, ...nearbyTexts);
    return answer;
  }
}

/** How an id may be written in a file of the solution. */
function quotedForms(id: unknown): string[] {
  return typeof id === 'string' ? [`'${id}'`, `"${id}"`] : [];
}

function expectedCells({ id, cells }: RubricRow, derived: Functions['derive'], written: Written) {
  if (!written.hasRow('derive', derived, id)) return [];
  return cells.flatMap((cell): ExpectedCell[] => {
    const entry = `derive.${id}.${cell.id}`;
    const given = derived[id]?.[cell.id];
    const givenAnswers: unknown[] = Array.isArray(given) && given.length > 0 ? given : [given];
    const answers = givenAnswers.flatMap((givenAnswer) => {
      const answer = written.answerIn(entry, cell, givenAnswer);
      const reason = answer === undefined ? undefined : kindOf(cell).faultOf?.(answer);
      if (reason) written.fault(`${entry} is ${inspected(givenAnswer)}: ${reason}.`, 'derive', id);
      return answer ?? [];
    });
    const [value, ...more] = new Set(answers);
    if (value === undefined) return [];
    const alternatives = more.length > 0 ? more : undefined;
    return [{ id: cell.id, value, alternatives, written: spellingsOf(cell, givenAnswers) }];
  });
}

/** Pairs each answer of a cell with the first way in which the author wrote it. */
function spellingsOf(cell: RubricCell, values: readonly unknown[]): ExpectedCell['written'] {
  const { answerOf, spelling } = kindOf(cell);
  return [...groupBy(values, answerOf)].flatMap(([answer, [first]]) =>
    answer === undefined || !spelling ? [] : [[answer, spelling(first)] as const],
  );
}

function misconceptionsOf(asked: readonly RubricRow[], derived: Functions['derive'], written: Written) {
  return written.call('misconceptions').flatMap(({ values, ...idea }, index) => {
    const entryOf = (part: string) => `misconceptions[${index}].${part} of ${idea.id}`;
    const idTexts = quotedForms(idea.id);
    const row = asked.find((one) => one.id === idea.row);
    if (!row) {
      if (!Object.hasOwn(derived, idea.row))
        written.unexpected(entryOf('row'), 'a row that derive gives', idea.row, ...idTexts);
      return [];
    }
    const { cells } = row;
    const columns = Object.keys(values);
    const known = cells.map((cell) => cell.id);
    if (columns.length === 0 || columns.some((column) => !known.includes(column))) {
      written.unexpected(entryOf('values'), `some columns of ${known.join(', ')}`, values, ...idTexts);
      return [];
    }
    const named = cells.filter((cell) => columns.includes(cell.id));
    const entries = named.map((cell) => {
      const answer = written.answerIn(entryOf(`values.${cell.id}`), cell, values[cell.id], idTexts);
      return [cell.id, answer] as const;
    });
    return { ...idea, values: Object.fromEntries(entries) as Record<string, Answer> };
  });
}

function compareWithMeasured(asked: readonly RubricRow[], solution: Solution, written: Written): void {
  const measured = written.call('measure');
  const cells = asked
    .filter((row) => written.hasRow('measure', measured, row.id))
    .flatMap((row) => row.cells.map((cell) => ({ row, cell })));
  for (const { row, cell } of cells) {
    const name = `${row.id}.${cell.id}`;
    const [first] = [measured[row.id]?.[cell.id]].flat();
    const answer = written.answerIn(`measure.${name}`, cell, first);
    const right = expectedIn(solution, row.id, cell.id);
    if (!right || answer === undefined) continue;
    if (!isRightAnswer(cell, right, answer))
      written.fault(
        `derive.${name} is ${inspected(right.value)}, and measure.${name} is ${inspected(answer)}. Correct solution/ before you grade.`,
        'derive',
        row.id,
      );
  }
}

function inspected(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? JSON.stringify(value) : inspect(value, { breakLength: Infinity });
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
