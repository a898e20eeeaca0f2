import { Diagnostic, diagnose, type Fix, nearest, textBesideTexts } from '../answers/diagnostics';
import type { ObjectField, Value } from '../answers/evaluate';
import {
  type Corrected,
  type Correction,
  certainFix,
  correctedBy,
  lineOf,
  type Progress,
  withFixes,
  wordsOf,
} from '../answers/fix';
import { Lines, namesIn } from '../answers/lexer';
import { type Module, missingExport, parseModule } from '../answers/parser';
import type { Kind, NoAnswer, Parsed } from '../kinds/kind';
import { kindOf, takesText } from '../kinds/registry';
import {
  type Location,
  linesText,
  type Message,
  message,
  type Problem,
  quote,
  type Untrusted,
} from '../message';
import { cellsOf, type Rubric, type RubricRow, type RubricTable, rowsOf } from '../rubric/rubric';
import { groupBy } from '../system/lists';
import { problemElsewhere, unreadText } from './elsewhere';
import { correctedLine, excerptAt } from './excerpt';

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
  | ({ readonly kind: 'invalid'; readonly sourceText?: Untrusted; readonly fix?: Fix | undefined } & Problem);

interface ReadRow {
  readonly id: string;
  readonly cells: readonly ReadCell[];
}

/** The contents of the answers file: the rows and cells of the rubric, in the rubric's order. */
export interface Answers {
  readonly rows: readonly ReadRow[];
  /** The faults of the file as a whole. */
  readonly problems: readonly Problem[];
  /** Nothing could be read; `problems` gives the reason. */
  readonly isUnreadable?: true;
  /** The file with every correction that the student sees, and the lines that they change, if there are any. */
  readonly corrected?: { readonly source: string; readonly lines: readonly number[] } | undefined;
  /** Work in a place that no cell reads, if there is any. */
  readonly outside?: Problem | undefined;
  /** The offsets of unknown names that have values. Names left over from an older stub have none. */
  readonly unplaced?: readonly number[];
}

/** The result of reading some of the tables. */
interface TableAnswers extends Omit<Answers, 'corrected' | 'outside'> {
  /** The file after correcting what makes these tables unreadable, if the correction is certain. */
  readonly correction?: string | undefined;
}

/** Whether nothing is filled in and nothing went wrong. */
export function isUntouched(answers: Answers): boolean {
  return !answers.unplaced?.length && !answers.outside && isBlank(answers);
}

/** Whether every cell of these rows is blank. */
function isBlank(answers: Pick<Answers, 'rows'>): boolean {
  return cellsOf(answers).every(({ kind }) => kind === 'blank');
}

/** The part of a rubric that reading a file needs: the file's name and its tables. */
type WorksheetForm = Pick<Rubric, 'file' | 'tables'>;

/**
 * Reads the text of an answers file as data: a small part of TypeScript, in linear time, without running any of it. For
 * any input, every cell gets a result, and every value is the one that the file would have if it were run.
 */
export function readAnswers(source: string, form: WorksheetForm): Answers {
  return new AnswersReader(source, form).read();
}

/** The answers for tables that cannot be read at all. */
export function unreadAnswers(form: Pick<WorksheetForm, 'tables'>, problem: Problem): Answers {
  const reason = message('answers/unread', 'This could not be read; the reason is given with the file.');
  const rows = rowsWith(form, { kind: 'invalid', reason, location: problem.location });
  return { rows, problems: [problem], isUnreadable: true };
}

/** The rows of tables, with the same content in each cell. */
function rowsWith(form: Pick<WorksheetForm, 'tables'>, content: CellContent): ReadRow[] {
  const cellsIn = (row: RubricRow) => row.cells.map(({ id }) => ({ id, ...content }));
  return rowsOf(form).map((row) => ({ id: row.id, cells: cellsIn(row) }));
}

/** How a table or row begins, even with slips: `export {`, `const boxes:`, or `boxes = {` before a name or a line end. */
const tableStart =
  /\bexport\s+(?:default\s*)?\{|\bconst\s+[\w$]+\s*[:=]|[\w$'"\]>]\s*[:=]\s*\{\s*(?:$|\/|['"]?[\w$]+['"]?\s*:)/m;

/** How many characters to read in search of a correction: enough for hundreds of slips, but few for an endless file. */
const maxRead = 2 ** 18;

/** How many unknown names to report, and how many in one object to compare with the real ones. */
const maxUnknown = 5;
const maxExamined = 50;

/** Reads the tables of one file. */
class AnswersReader {
  private readonly source: string;
  private readonly form: WorksheetForm;
  private readonly lines: Lines;
  private readonly module: Module;
  private readonly fault: Diagnostic | undefined;
  private readonly known = new Map<RubricTable, TableAnswers>();

  constructor(source: string, form: WorksheetForm) {
    this.source = source;
    this.form = form;
    this.lines = new Lines(form.file, source);
    this.module = parseModule(source);
    this.fault = tableStart.test(source) ? this.module.fault : diagnose('no-table', undefined, form.file);
  }

  read(): Answers {
    const { tables } = this.form;
    const { fault } = this;
    const answers = this.answersIn(
      fault ? [this.costs(tables, fault)] : tables.map((table) => this.table(table)),
    );
    const outside = this.outside();
    const hidden = this.rowsInComments();
    if (!outside?.location || !hidden.has(outside.location.line)) return { ...answers, outside };
    const text =
      hidden.size > 1
        ? 'These rows are in comments. They can be read once the slashes before them are gone.'
        : 'This row is in a comment. It can be read once the slashes before it are gone.';
    const ids = [...hidden.values()];
    return {
      ...answers,
      outside: { ...outside, reason: message('answers/elsewhere', text) },
      rows: answers.rows.map((row) =>
        ids.includes(row.id) ? { ...row, cells: row.cells.map(({ id }) => ({ id, kind: 'blank' })) } : row,
      ),
    };
  }

  /** The rows that occur only in comments, by line. */
  private rowsInComments(): ReadonlyMap<number, string> {
    const rows = this.form.tables.flatMap((table) => this.table(table).rows);
    const isAbsent = ({ cells }: ReadRow) => cells.every((cell) => cell.kind === 'blank' && !cell.location);
    const absent = new Set(rows.filter(isAbsent).map(({ id }) => id));
    const found = [
      ...this.source.matchAll(/(?<![^\n\r])[ \t]*\/\/+[ \t]*['"]?([\w$]+)['"]?[ \t]*:[ \t]*\{/g),
    ];
    return new Map(
      found.flatMap(({ index, 1: id = '' }) =>
        absent.delete(id) ? [[this.lines.at(index).line, id] as const] : [],
      ),
    );
  }

  /** The answers of all tables, with all shown corrections applied at once. */
  private answersIn(parts: readonly TableAnswers[]): Answers {
    const isUnreadable = parts.every((part) => part.isUnreadable);
    const problems = parts.flatMap((part) => part.problems);
    const fixes = parts.flatMap(cellsOf).flatMap((cell) => ('fix' in cell && cell.fix) || []);
    const corrections = parts.flatMap(({ correction }) => correction ?? []);
    const corrected = correctedBy(this.source, [...corrections, withFixes(this.source, fixes)]);
    const asCorrected = <Part extends Shown>(part: Part) => withCorrected(part, corrected);
    return {
      rows: parts.flatMap(({ rows }) => rows).map((row) => ({ ...row, cells: row.cells.map(asCorrected) })),
      problems: problems.map(({ table, ...problem }) =>
        asCorrected(isUnreadable ? problem : { ...problem, table }),
      ),
      unplaced: parts.flatMap(({ unplaced = [] }) => unplaced),
      corrected,
      isUnreadable: isUnreadable || undefined,
    };
  }

  /** The answers of a table; each table is read only once. */
  private table(table: RubricTable): TableAnswers {
    const known = this.known.get(table);
    if (known) return known;
    const fields = this.fieldsOf(table);
    const answers =
      fields instanceof Diagnostic
        ? this.costs([table], fields, table.export)
        : this.readTable(table, fields);
    this.known.set(table, answers);
    return answers;
  }

  /** The rows of a table by name, or the reason why it cannot be read. */
  private fieldsOf(table: RubricTable): ReadonlyMap<string, ObjectField> | Diagnostic {
    const { exports } = this.module;
    // A file has only one default export, so it counts only if the worksheet has no other table.
    const isOnly = this.form.tables.length === 1;
    const value = (exports.get(table.export) ?? (isOnly ? exports.get('default') : undefined))?.value;
    if (!value) {
      const { export: name, rows } = table;
      const others = this.form.tables.map((one) => one.export).filter((other) => other !== name);
      return missingExport(this.source, this.module, { name, others, parts: rows.map(({ id }) => id) });
    }
    if (value.kind === 'object') {
      // Its rows may be commented out.
      const isGone = value.fields.size === 0 && !table.rows.some(({ id }) => this.source.includes(id));
      return isGone ? diagnose('no-table.rows', undefined, this.form.file) : value.fields;
    }
    if (value.kind === 'unreadable') return value.reason;
    const { start } = exports.get(table.export) ?? value;
    return diagnose('not-a-table', start, table.export);
  }

  /** Whether all tables are exported, and every name of a row or a column in the file has a place in them. */
  private placesNames(): boolean {
    const { tables } = this.form;
    if (!tables.every((table) => this.module.exports.has(table.export))) return false;
    const rows = tables.flatMap((table) => this.table(table).rows);
    const isPlaced = (cell: ReadCell) => cell.kind !== 'blank' || !cell.reason;
    const placedRows = rows.map(({ id, cells }) => ({ id, cells: cells.filter(isPlaced) }));
    const namesOf = ({ id, cells }: ReadRow) => [id, ...cells.map((cell) => cell.id)];
    const wanted = groupBy(rows.flatMap(namesOf), String);
    const placed = groupBy(placedRows.filter(({ cells }) => cells.length > 0).flatMap(namesOf), String);
    const written = groupBy(namesIn(this.source), String);
    const countIn = (names: typeof written, name: string) => names.get(name)?.length ?? 0;
    const isWhole = (name: string) =>
      countIn(placed, name) >= Math.min(countIn(wanted, name), countIn(written, name));
    return placed.size > 0 && [...wanted.keys()].every(isWhole);
  }

  /** Work in a part of the file that is not read, even if there is a slip below blank tables. */
  private outside(): Problem | undefined {
    const { source, module, form } = this;
    const inTables = form.tables.flatMap((table) => this.table(table).rows);
    // A missing row may follow the slip, where it belongs.
    const isWritten = ({ cells }: ReadRow) => cells.every((cell) => cell.kind !== 'blank' || !cell.reason);
    const rows = this.fault ? inTables.filter(isWritten) : inTables;
    if (!rows.some((row) => isBlank({ rows: [row] }))) return undefined;
    return problemElsewhere(form, rows, {
      file: form.file,
      source,
      unread: unreadText(source, module, form.tables),
    });
  }

  /** The answers for tables that a diagnostic makes unreadable, with the correction if it is certain. */
  private costs(tables: readonly RubricTable[], diagnostic: Diagnostic, table?: string): TableAnswers {
    const { source, form } = this;
    let left = maxRead;
    const progressOf = (text: string) => {
      left -= text.length;
      return left < 0 ? undefined : new AnswersReader(text, form).progress();
    };
    const certain = certainFix(source, diagnostic, progressOf);
    const correction = certain && this.withCells(certain);
    const told = certain?.diagnostic ?? diagnostic;
    const { code, quotes, offset } = told;
    const isOfTexts = form.tables.flatMap(cellsOf).some(takesText);
    const text = isOfTexts ? textBesideTexts(told) : told.text;
    const next = `Nothing you wrote is lost: more can be read once line ${this.lines.at(offset ?? 0).line} can be read.`;
    const reason = message(`answers/${code}`, text, quotes, offset === undefined ? {} : { next });
    const problem = this.problemAt(offset, reason, certain?.fix, correction);
    return { ...unreadAnswers({ tables }, { ...problem, table }), correction };
  }

  /** The corrected file. In the lines that the correction changes, cells that can then be read are corrected too. */
  private withCells({ source, left }: Correction): string {
    if (left > 0) return source;
    const { corrected } = new AnswersReader(source, this.form).read();
    const { lines = [] } = correctedBy(this.source, [source]) ?? {};
    return corrected?.lines.every((line) => lines.includes(line)) ? corrected.source : source;
  }

  /**
   * A problem with its line, and the correction if it is certain.
   *
   * @param correction the whole file with all changes that go with the fix.
   */
  private problemAt(offset: number | undefined, reason: Message, fix?: Fix, correction = ''): Problem {
    const { source, lines } = this;
    const location = lines.at(offset ?? 0);
    const excerpt = offset === undefined ? undefined : excerptAt(source, offset, location, fix);
    if (!fix) return { reason, location, excerpt };
    const { code, text: cause, quotes: ofCause, ...more } = reason;
    const { text, quotes } = wordsOf(fix, source);
    const corrected = correction === '' ? undefined : correctedBy(source, [correction]);
    const others = corrected?.lines.filter((line) => line !== lines.at(fix.start).line) ?? [];
    const also = others.length > 0 ? ` The same goes for ${linesText(others)}.` : '';
    const said = `${cause} ${text}${also}`;
    return { reason: message(code, said, { ...ofCause, ...quotes }, more), location, excerpt };
  }

  /** Finds each cell of the rubric in one table of a file. */
  private readTable(table: RubricTable, fields: ReadonlyMap<string, ObjectField>): TableAnswers {
    const noted: Noted = { unknown: new Map(), unplaced: [] };
    const misspelled = this.misspelled(
      fields,
      table.rows.map(({ id }) => id),
      'row',
      noted,
    );
    const rows = table.rows.map((row) => {
      const { id } = row;
      return { id, cells: this.readRow(row, fields.get(id)?.value, misspelled.get(id), noted) };
    });
    const problems = [...noted.unknown].map(([offset, reason]) => ({
      reason,
      location: this.lines.at(offset),
    }));
    return { rows, problems: problems.slice(0, maxUnknown), unplaced: noted.unplaced };
  }

  /**
   * Finds the cells of a row.
   *
   * @param misspelled the content to use if the row is missing and a similar name is there.
   */
  private readRow(
    row: RubricRow,
    value: Value | undefined,
    misspelled: CellContent | undefined,
    noted: Noted,
  ) {
    if (value?.kind === 'object') {
      const columns = row.cells.map(({ id }) => id);
      const misspelledColumns = this.misspelled(value.fields, columns, 'column', noted);
      return row.cells.map((cell): ReadCell => {
        const { id } = cell;
        const written = value.fields.get(id)?.value;
        if (written) return { id, ...this.contentOf(written, kindOf(cell)) };
        const text = `This is not in its row. Put it between the braces of ${row.id}, as ${id}: … with your answer, and a comma beside it.`;
        const reason = message('cell/absent', text);
        const location = this.lines.at(value.start);
        return { id, ...(misspelledColumns.get(id) ?? { kind: 'blank', reason, location }) };
      });
    }
    const shape = `{ ${row.cells.map(({ id }) => `${id}: …`).join(', ')} }`;
    const absent = `This row is missing. Put it back, as ${row.id}: ${shape}, with your answers.`;
    const noRow: CellContent = { kind: 'blank', reason: message('cell/absent', absent) };
    const text = `{typed} is not a row. A row has the form ${shape}.`;
    const parse: Kind['parse'] = (_, typed) => ({ reason: message('cell/not-an-object', text, { typed }) });
    const content = value ? this.contentOf(value, { parse }) : (misspelled ?? noRow);
    return row.cells.map(({ id }) => ({ id, ...content }));
  }

  private contentOf(value: Value, { parse, unquoted }: Pick<Kind, 'parse' | 'unquoted'>): CellContent {
    const { start, end } = value;
    const location = this.lines.at(start);
    if (value.kind === 'empty') return { kind: 'blank', location };
    const sourceText = quote(this.source.slice(start, end));
    const read =
      value.kind === 'unreadable'
        ? (unquoted?.(sourceText) ?? noAnswerBy(value.reason))
        : parse(value, sourceText);
    if (!('reason' in read)) return { kind: 'value', ...read, sourceText, location };
    const { reason, corrected } = read;
    const fix = corrected === undefined ? fixWithin(value) : { start, end, text: corrected };
    return { kind: 'invalid', sourceText, fix, ...this.problemAt(start, reason, fix) };
  }

  /** The contents for misspelled names, by the name that was meant. Notes other unknown names. */
  private misspelled(
    inside: ReadonlyMap<string, ObjectField>,
    names: readonly string[],
    kind: 'row' | 'column',
    noted: Noted,
  ): ReadonlyMap<string, CellContent> {
    const meant = new Map<string, CellContent>();
    const free = names.filter((name) => !inside.has(name));
    const extras = [...inside].filter(([key]) => !names.includes(key));
    noted.unplaced.push(...extras.flatMap(([, { keyStart, value }]) => (isFilled(value) ? keyStart : [])));
    for (const [name, { keyStart: start, value }] of extras.slice(0, maxExamined)) {
      // In `{ name }`, the name refers to a const.
      const isAlone = value.start === start;
      const hasForm = kind === 'row' ? value.kind !== 'number' : value.kind !== 'object';
      const wanted = isAlone || !hasForm ? undefined : nearest(name, free);
      if (wanted === undefined) {
        const text = `{name} is not a ${kind} here, so it is ignored. Known names: ${names.join(', ')}.`;
        noted.unknown.set(start, message(`answers/unknown-${kind}`, text, { name }));
        continue;
      }
      const isCase = name.toLowerCase() === wanted.toLowerCase();
      const text = `{name} is not a ${kind} here, but ${wanted} is.${isCase ? ' Upper and lower case matter.' : ''}`;
      const isPlain = this.source.startsWith(name, start);
      const fix = isPlain ? { start, end: start + name.length, text: wanted } : undefined;
      const reason = message(`answers/misspelled-${kind}`, text, { name });
      meant.set(wanted, { kind: 'invalid', fix, ...this.problemAt(start, reason, fix) });
    }
    return meant;
  }

  /** How far the file can be read. */
  private progress(): Progress {
    const { fault } = this;
    const { tables } = this.form;
    const faults = [fault, ...tables.map((table) => this.fieldsOf(table))];
    const cells = tables.flatMap((table) => cellsOf(this.table(table)));
    return {
      fault: faults.find((one) => one instanceof Diagnostic),
      hasAllNames: this.placesNames(),
      values: cells.map((cell) => (cell.kind === 'value' ? cell.value : cell.kind)).join(),
      unread: [
        ...this.module.unreadable.map(({ offset = -1 }) => offset),
        ...tables.flatMap((table) => this.table(table).unplaced ?? []),
      ],
    };
  }
}

type Shown = Partial<Pick<Problem, 'excerpt' | 'location'>>;

/** A problem or a cell whose corrected line is shown, with all corrections of that line. */
function withCorrected<Part extends Shown>(part: Part, corrected: Corrected | undefined): Part {
  const { excerpt, location } = part;
  if (!corrected || !excerpt?.corrected || !location) return part;
  return {
    ...part,
    excerpt: { ...excerpt, corrected: correctedLine(lineOf(corrected.source, location.line)) },
  };
}

/** Notes made while a table is read. */
interface Noted {
  /** By offset, because two rows may share an object. */
  readonly unknown: Map<number, Message>;
  readonly unplaced: number[];
}

function noAnswerBy({ code, text, quotes, forField }: Diagnostic): NoAnswer {
  return { reason: message(`answers/${code}`, text, quotes, forField === undefined ? {} : { forField }) };
}

/** The fix for a value that cannot be read, if it changes nothing outside the value. */
function fixWithin(value: Value): Fix | undefined {
  if (value.kind !== 'unreadable') return undefined;
  return value.reason.fixes.find(({ start, end }) => start >= value.start && end <= value.end);
}

/** Whether a cell, or any cell of a row, is filled in. */
function isFilled(value: Value | undefined): boolean {
  if (!value) return false;
  if (value.kind !== 'object') return value.kind !== 'empty';
  return [...value.fields.values()].some((field) => field.value.kind !== 'empty');
}
