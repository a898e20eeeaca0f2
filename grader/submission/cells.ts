import { Diagnostic, type Fix, mergeConflict, nearest } from '../answers/diagnostics';
import {
  type Evaluated,
  evaluate,
  evaluateBeforeFault,
  type ObjectField,
  type Value,
} from '../answers/evaluate';
import { Lines } from '../answers/lexer';
import { type Module, parseBeforeFault, parseModule } from '../answers/parser';
import type { Parsed, Unread } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { type Excerpt, type Location, type Message, message, quote, type Untrusted } from '../message';
import {
  againTable,
  allRowsOf,
  askedTables,
  cellsOf,
  type Rubric,
  type RubricCell,
  type RubricRow,
  type RubricTable,
  rowName,
} from '../rubric/rubric';
import { excerptAt } from './excerpt';

/** The contents of one cell. Its id is the column's. */
export type ReadCell = { readonly id: string } & CellContent;

type CellContent =
  | (Parsed & {
      readonly kind: 'value';
      /** The source text, exactly as the student wrote it. */
      readonly sourceText: Untrusted;
      readonly location: Location;
    })
  /** Nothing is filled in. `reason` says more if even the name is missing. */
  | { readonly kind: 'blank'; readonly reason?: Message; readonly location?: Location }
  | {
      readonly kind: 'invalid';
      readonly reason: Message;
      readonly sourceText?: Untrusted;
      readonly location?: Location;
      readonly excerpt?: Excerpt;
    };

export interface ReadRow {
  readonly id: string;
  readonly cells: readonly ReadCell[];
}

/** Something wrong with a file as a whole. */
export interface AnswersProblem {
  readonly reason: Message;
  readonly location?: Location;
  readonly excerpt?: Excerpt;
  /** The table that cannot be read because of this problem, if others can. */
  readonly table?: string;
}

/** The contents of the answers file: the rows and cells of the rubric, in its order. */
export interface Answers {
  readonly rows: readonly ReadRow[];
  readonly problems: readonly AnswersProblem[];
  /** Nothing could be read; `problems` gives the reason. */
  readonly isUnreadable?: true;
  /** The file with the suggested correction applied, if that lets more of it be read. */
  readonly corrected?: string;
  /** Whether names that the worksheet does not have, such as those of an older stub, hold no values. */
  readonly hasOnlyEmptyExtras?: boolean;
}

/** Whether nothing is filled in and nothing went wrong. */
export function isUntouched(answers: Answers): boolean {
  const { problems, hasOnlyEmptyExtras = problems.length === 0 } = answers;
  return hasOnlyEmptyExtras && isBlank(answers);
}

/** Whether every cell of these rows is blank. */
export function isBlank(answers: Pick<Answers, 'rows'>): boolean {
  return cellsOf(answers).every(({ kind }) => kind === 'blank');
}

/**
 * Reads the text of an answers file as data: TypeScript of a closed grammar, in linear time, without running any of it.
 * For any input, every cell gets a result, and every value is the one that the file would have if it were run.
 */
export function readAnswers(source: string, rubric: WorksheetForm): Answers {
  const lines = new Lines(rubric.file, source);
  try {
    if (source.trim() === '') throw emptyFile(rubric);
    if (source.startsWith('{\\rtf')) throw richText();
    return readTables(answersFile(source, parseModule(source), rubric), rubric, lines);
  } catch (error) {
    const { problem, corrected } = problemOf(error, source, lines, rubric);
    const file = beforeFault(source, rubric);
    return file ? readTables(file, rubric, lines, problem) : { ...unreadAnswers(rubric, problem), corrected };
  }
}

/**
 * Reads every table of a file.
 *
 * @param fault what keeps the rest of the file from being read; it costs the tables that are worth no points.
 */
function readTables(
  file: AnswersFile,
  { tables }: WorksheetForm,
  lines: Lines,
  fault?: AnswersProblem,
): Answers {
  const read = (table: RubricTable): Answers => {
    if (fault && table.marks) return unreadAnswers({ tables: [table] }, { ...fault, table: table.export });
    if (table.marks && isLeftOut(file, table)) return { rows: table.rows.map(blankRow), problems: [] };
    try {
      return new CellReader(table, file, lines).read(exportedTable(file, table));
    } catch (error) {
      const { problem, corrected } = problemOf(error, file.source, lines, { ...file, tables });
      return { ...unreadAnswers({ tables: [table] }, { ...problem, table: table.export }), corrected };
    }
  };
  const all = tables.map((table) => ({ table, answers: read(table) }));
  const asked = all.flatMap(({ table, answers }) => (table.marks ? [] : answers));
  const isUnreadable = asked.every((answers) => answers.isUnreadable);
  const problems = all.flatMap(({ answers }) => answers.problems);
  return {
    rows: all.flatMap(({ answers }) => answers.rows),
    problems: isUnreadable ? problems.map(({ table: _, ...problem }) => problem) : problems,
    hasOnlyEmptyExtras: all.every(({ answers }) => answers.hasOnlyEmptyExtras !== false),
    corrected: asked.find(({ corrected }) => corrected !== undefined)?.corrected,
    ...(isUnreadable && { isUnreadable }),
  };
}

/** Returns a file up to its fault, if every table with points stands before that, whole. */
function beforeFault(source: string, rubric: WorksheetForm): AnswersFile | undefined {
  if (!againTable(rubric)) return undefined;
  const conflict = mergeConflict(source);
  const module = parseBeforeFault(source.slice(0, conflict?.offset));
  const file = answersFile(source, module, rubric, evaluateBeforeFault(module));
  const isWhole = (table: RubricTable) => {
    const value = file.evaluated.exported(table.export);
    return table.rows.every((row) => {
      const found = value?.kind === 'object' ? value.fields.get(rowName(row))?.value : undefined;
      return found?.kind === 'object' && row.cells.every(({ id }) => found.fields.has(id));
    });
  };
  try {
    return file.asked.every(isWhole) ? file : undefined;
  } catch (error) {
    // A file that is too long to evaluate has no part that can be.
    if (error instanceof Diagnostic) return undefined;
    throw error;
  }
}

/** Whether a file has nothing that may be a table; one that is marked once it is complete may be missing. */
function isLeftOut(
  { module: { exports, constants }, evaluated, all }: AnswersFile,
  table: RubricTable,
): boolean {
  // What has no name of its own may be another table, which would be lost under this one's.
  const isOther = (name: string) =>
    name === 'default' || all.some((one) => one.export === name && one !== table);
  const hasRows = (name: string) => {
    const value = evaluated.exported(name);
    return value?.kind === 'object' && table.rows.some((row) => value.fields.has(rowName(row)));
  };
  const isThere = exports.has(table.export) || constants.has(table.export);
  return !isThere && ![...exports.keys()].some((name) => !isOther(name) && hasRows(name));
}

function blankRow({ id, cells }: RubricRow): ReadRow {
  return { id, cells: cells.map((cell) => ({ id: cell.id, kind: 'blank' })) };
}

function answersFile(
  source: string,
  module: Module,
  form: WorksheetForm,
  evaluated = evaluate(module),
): AnswersFile {
  const { file, tables } = form;
  const asked = askedTables(form);
  return { file, source, module, evaluated, all: tables, asked };
}

/** A parsed file, and the tables that it should have. */
interface AnswersFile {
  readonly file: string;
  readonly source: string;
  readonly module: Module;
  readonly evaluated: Evaluated;
  readonly all: readonly RubricTable[];
  /** The tables that must be in the file: those with points. */
  readonly asked: readonly RubricTable[];
}

/** Explains why a file or a table cannot be read, and returns the file without that slip. */
function problemOf(
  error: unknown,
  source: string,
  lines: Lines,
  form: WorksheetForm,
): { readonly problem: AnswersProblem; readonly corrected?: string } {
  if (!(error instanceof Diagnostic)) throw error;
  const { code, text, quotes, offset, fix, mayBeText, isOfFile } = mergeConflict(source) ?? error;
  const location = lines.at(offset);
  const takesTexts = cellsOf({ rows: allRowsOf(form) }).some((cell) => kindOf(cell).valueKind === 'string');
  const isText = takesTexts && mayBeText;
  // If the worksheet asks for text, quoted content may well be an answer.
  const isCertain = fix && !isText && isReadWith(source, fix, location, form);
  const advice = isText ? ' If the cell asks for text, put all of it in quotes.' : '';
  // A problem with the file as a whole has no line to show or to fix.
  if (isOfFile) return { problem: { reason: message(`answers/${code}`, text, quotes), location } };
  const reason = message(`answers/${code}`, `${text}${advice}`, quotes, {
    next: `Nothing you wrote is lost: fix line ${location.line} and run again.`,
  });
  const excerpt = excerptAt(source, offset, location, isCertain ? fix : undefined);
  return {
    problem: { reason, location, excerpt },
    corrected: excerpt?.corrected === undefined || !fix ? undefined : withFix(source, fix),
  };
}

function withFix(source: string, { start, end, text }: Fix): string {
  return source.slice(0, start) + text + source.slice(end);
}

/** Whether the corrected line can be read. There may be other slips after it. */
function isReadWith(source: string, fix: Fix, { line }: Location, form: WorksheetForm): boolean {
  const corrected = withFix(source, fix);
  const lines = new Lines(form.file, corrected);
  try {
    const file = answersFile(corrected, parseModule(corrected), form);
    for (const table of file.asked) exportedTable(file, table);
    return true;
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    return lines.at(error.offset).line > line;
  }
}

/** The part of a rubric that is needed to read a file: its name and its tables. */
export type WorksheetForm = Pick<Rubric, 'file' | 'tables'>;

/** The value exported as a table. A file has one default export, so that counts only if there is no other table. */
export function tableValue(
  evaluated: Evaluated,
  table: RubricTable,
  asked: readonly RubricTable[],
): Value | undefined {
  const isOnly = asked.length === 1 && asked[0] === table;
  return evaluated.exported(table.export) ?? (isOnly ? evaluated.exported('default') : undefined);
}

/**
 * Returns the rows of one table, by name.
 *
 * @throws {Diagnostic} if there is no such table, or it cannot be read.
 */
function exportedTable(file: AnswersFile, table: RubricTable): ReadonlyMap<string, ObjectField> {
  const value = tableValue(file.evaluated, table, file.asked);
  if (!value) throw missingExport(file, table.export);
  if (value.kind === 'unreadable') throw value.reason;
  if (value.kind === 'object') return value.fields;
  const text = '{name} has to be an object in braces that holds an object for each row.';
  throw new Diagnostic('file', 'not-a-table', value.start, text, { name: table.export });
}

/** The answers for tables that cannot be read at all. */
export function unreadAnswers(form: Pick<WorksheetForm, 'tables'>, problem: AnswersProblem): Answers {
  const { location } = problem;
  const what = problem.table === undefined ? 'file' : 'table';
  const reason = message(
    'answers/unread',
    `The ${what} could not be read; the reason is given with the file.`,
  );
  const unread = { kind: 'invalid', reason, location } as const;
  const rows = allRowsOf(form).map(({ id, cells }) => ({
    id,
    cells: cells.map((cell) => ({ id: cell.id, ...unread })),
  }));
  return { rows, problems: [problem], isUnreadable: true };
}

function emptyFile(form: WorksheetForm): Diagnostic {
  const names = askedTables(form)
    .map((table) => table.export)
    .join(' and ');
  const text = 'The file is empty. Copy the original file back; it contains the table {name}.';
  return new Diagnostic('file', 'empty', 0, text, { name: names }).ofFile();
}

/** The diagnostic for rich text that a word processor saved under a name ending in .ts. */
function richText(): Diagnostic {
  const text =
    'This file is rich text, as a word processor saves it. Open it there, save it as plain text, and hand that in.';
  return new Diagnostic('file', 'rich-text', 0, text).ofFile();
}

function missingExport({ source, module, evaluated, all }: AnswersFile, wanted: string): Diagnostic {
  const { constants, exports } = module;
  const inFile = (code: string, offset: number, text: string, name = wanted) =>
    new Diagnostic('file', code, offset, text, { name });
  const constant = constants.get(wanted);
  if (constant) {
    const found = inFile('not-exported', constant.start, 'The word export is missing before const {name}.');
    const [before = ''] = /(?:^|(?<=[\n\r]))const\s+$/.exec(source.slice(0, constant.start)) ?? [];
    const at = constant.start - before.length;
    return before === '' ? found : found.withFix(at, at, 'export ');
  }
  const others = all.map((table) => table.export).filter((name) => name !== wanted);
  const isOther = (name: string) => others.includes(name);
  const meant = nearest(
    wanted,
    [...exports.keys(), ...constants.keys()].filter((name) => !isOther(name)),
  );
  if (meant !== undefined) {
    const { start } = exports.get(meant) ?? constants.get(meant) ?? { start: 0 };
    const text = `The table is named {name} here. Name it ${wanted}.`;
    const found = inFile('misspelled-export', start, text, meant);
    const end = start + meant.length;
    return source.slice(start, end) === meant ? found.withFix(start, end, wanted) : found;
  }
  const free = [...exports.keys()].filter((name) => !isOther(name));
  for (const name of [...free, ...(evaluated.exported('default') ? ['default'] : [])]) {
    const value = evaluated.exported(name);
    if (!value) continue;
    const isInside = value.kind === 'object' && value.fields.has(wanted);
    const text = isInside
      ? `{name} has ${wanted} inside. Write each table as an export of its own: export const ${wanted} = { ... };`
      : `There is no export const ${wanted} in this file. If it is what {name} holds, call that ${wanted}.`;
    return inFile('other-export', exports.get(name)?.start ?? value.start, text, name);
  }
  const text = 'There is no export const {name} in this file. Give the table that name.';
  return inFile('no-export', 0, text).ofFile();
}

/** How many unknown names are reported, and how many of one object are compared with the real ones. */
const maxUnknown = 5;
const maxExamined = 50;

/** Finds each cell of the rubric in the exported table. */
class CellReader {
  private readonly problems: AnswersProblem[] = [];
  private hasOnlyEmptyExtras = true;
  private readonly unknown = new Set<string>();
  private readonly table: RubricTable;
  private readonly file: AnswersFile;
  private readonly lines: Lines;

  constructor(table: RubricTable, file: AnswersFile, lines: Lines) {
    this.table = table;
    this.file = file;
    this.lines = lines;
  }

  read(fields: ReadonlyMap<string, ObjectField>): Answers {
    const names = this.table.rows.map(rowName);
    const misspelled = this.misspelled(fields, names, 'row', (name) => this.otherRow(name));
    const rows = this.table.rows.map((row) => ({
      id: row.id,
      cells: this.row(row, fields.get(rowName(row))?.value, misspelled.get(rowName(row))),
    }));
    return { rows, problems: this.problems, hasOnlyEmptyExtras: this.hasOnlyEmptyExtras };
  }

  private row(row: RubricRow, value: Value | undefined, misspelled: CellContent | undefined): ReadCell[] {
    if (value?.kind !== 'object') {
      const content = value ? this.noObject(row, value) : (misspelled ?? this.absent(row));
      return row.cells.map(({ id }) => ({ id, ...content }));
    }
    const columns = row.cells.map(({ id }) => id);
    const others = this.misspelled(value.fields, columns, 'column', (name) => this.voidCell(name));
    return row.cells.map((cell) => {
      const { id } = cell;
      const found = value.fields.get(id)?.value;
      return { id, ...(found ? this.cell(found, cell) : (others.get(id) ?? this.absent(row))) };
    });
  }

  /** Handles a row that is not an object: each of its cells gets the reason. */
  private noObject(row: RubricRow, value: Value): CellContent {
    if (value.kind === 'empty' || value.kind === 'unreadable') return this.unfilled(value);
    const text = `{typed} is not an object: write ${shapeOf(row)}.`;
    return this.invalid(value, {
      reason: message('cell/not-an-object', text, { typed: this.sourceText(value) }),
    });
  }

  private unfilled(value: Value & { readonly kind: 'empty' | 'unreadable' }): CellContent {
    if (value.kind === 'empty') return { kind: 'blank', location: this.lines.at(value.start) };
    const { code, text, quotes, forField, fix } = value.reason;
    const more = forField === undefined ? {} : { forField };
    return this.invalid(value, {
      reason: message(`answers/${code}`, text, quotes, more),
      corrected: fix?.text,
    });
  }

  private cell(value: Value, cell: RubricCell): CellContent {
    const kind = kindOf(cell);
    const mayBeText = value.kind === 'unreadable' && value.reason.mayBeText;
    if (kind.unquoted && mayBeText) return this.invalid(value, kind.unquoted(this.sourceText(value)));
    if (value.kind === 'empty' || value.kind === 'unreadable') return this.unfilled(value);
    const sourceText = this.sourceText(value);
    const parsed = kind.parse(value, sourceText);
    if ('reason' in parsed) return this.invalid(value, parsed);
    return { kind: 'value', ...parsed, sourceText, location: this.lines.at(value.start) };
  }

  /** Returns the contents for misspelled names, by the intended name. Reports other unknown names as problems. */
  private misspelled(
    fields: ReadonlyMap<string, ObjectField>,
    names: readonly string[],
    what: 'row' | 'column',
    known: (name: string) => string | undefined,
  ): Map<string, CellContent> {
    const meant = new Map<string, CellContent>();
    let examined = 0;
    const free = names.filter((name) => !fields.has(name));
    for (const [key, { keyStart, value }] of fields) {
      if (names.includes(key)) continue;
      if (isFilled(value)) this.hasOnlyEmptyExtras = false;
      if (++examined > maxExamined) break;
      const location = this.lines.at(keyStart);
      const elsewhere = known(key);
      const name = elsewhere === undefined ? nearest(key, free) : undefined;
      if (name === undefined) {
        const listed =
          names.length === 1 ? `The only name is ${names[0]}.` : `The names are ${names.join(', ')}.`;
        const text = elsewhere ?? `{name} is not a ${what} of this worksheet, and is ignored. ${listed}`;
        this.reportUnknown(message(`answers/unknown-${what}`, text, { name: key }), location);
      } else {
        const isCase = key.toLowerCase() === name.toLowerCase();
        const text = `Write ${name} instead of {name}.${isCase ? ' Upper and lower case matter.' : ''}`;
        const reason = message(`answers/misspelled-${what}`, text, { name: key });
        const { source } = this.file;
        const end = keyStart + key.length;
        const fix = source.slice(keyStart, end) === key && { start: keyStart, end, text: name };
        const excerpt = excerptAt(source, keyStart, location, fix || undefined);
        meant.set(name, { kind: 'invalid', reason, location, excerpt });
      }
    }
    return meant;
  }

  /** The advice for a row that belongs in another table. */
  private otherRow(name: string): string | undefined {
    const table = this.file.asked.find(({ rows }) => rows.some(({ id }) => id === name));
    // The `again` table repeats rows of the worksheet, so another of those rows there is just unknown.
    return table && table !== this.table && this.file.asked.includes(this.table)
      ? `{name} belongs in the table ${table.export}: move it there.`
      : undefined;
  }

  /** The advice for a column that only other rows have. */
  private voidCell(name: string): string | undefined {
    const isColumn = this.table.columns.some(({ id }) => id === name);
    return isColumn ? 'This row has no {name}, and it is ignored: delete it.' : undefined;
  }

  /** Reports a name that a spread repeats in several rows only once, and stops after a few names. */
  private reportUnknown(reason: Message, location: Location): void {
    const place = `${location.line}:${location.column}`;
    if (this.unknown.has(place)) return;
    this.unknown.add(place);
    if (this.unknown.size <= maxUnknown) this.problems.push({ reason, location });
    else if (this.unknown.size === maxUnknown + 1) {
      const text = 'Other unknown names are ignored too.';
      this.problems.push({ reason: message('answers/unknown-more', text) });
    }
  }

  private absent(row: RubricRow): CellContent {
    const isElsewhere = this.file.asked.some((table) => {
      const value = table === this.table ? undefined : this.file.evaluated.exported(table.export);
      return value?.kind === 'object' && value.fields.has(row.id);
    });
    if (isElsewhere)
      return {
        kind: 'blank',
        reason: message(
          'cell/elsewhere',
          `This is in another table in the file. Move it to ${this.table.export}.`,
        ),
      };
    const text = `This is not in the file. Put it back, as ${rowName(row)}: ${shapeOf(row)} with your answers.`;
    return { kind: 'blank', reason: message('cell/absent', text) };
  }

  private invalid({ start, end }: Value, { reason, corrected }: Unread): CellContent {
    const fix = corrected !== undefined && isValue(corrected) ? { start, end, text: corrected } : undefined;
    const location = this.lines.at(start);
    const excerpt = excerptAt(this.file.source, start, location, fix);
    return {
      kind: 'invalid',
      reason,
      sourceText: this.sourceText({ start, end }),
      location,
      excerpt,
    };
  }

  private sourceText({ start, end }: Pick<Value, 'start' | 'end'>) {
    return quote(this.file.source.slice(start, end));
  }
}

/** Whether the text is a complete value by itself, so that nothing after it is taken for a part of it. */
function isValue(text: string): boolean {
  try {
    const value = evaluate(parseModule(`export const it = (${text});`)).exported('it');
    return value !== undefined && value.kind !== 'empty' && value.kind !== 'unreadable';
  } catch (error) {
    if (error instanceof Diagnostic) return false;
    throw error;
  }
}

/** Whether anything is filled in, in a value or in a part of it. */
function isFilled(value: Value): boolean {
  return value.kind === 'object'
    ? [...value.fields.values()].some((field) => isFilled(field.value))
    : value.kind !== 'empty';
}

/** `{ rows: …, columns: … }` */
function shapeOf({ cells }: RubricRow): string {
  return `{ ${cells.map(({ id }) => `${id}: …`).join(', ')} }`;
}
