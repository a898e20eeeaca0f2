import { type Message, message, type Place, quote } from '../message';
import type { Rubric } from '../rubric/rubric';
import { type Answers, cellId, type Problem, type Read } from './answers';
import { Diagnostic, mergeConflict, nearest } from './diagnostics';
import { evaluate, type Field, type Value } from './evaluate';
import { Lines } from './lexer';
import { type Module, parseModule } from './parser';

/**
 * Reads the text of an answers' file as data: TypeScript of a closed grammar, in linear time, with
 * nothing of it run. Whatever the text is, there is an answer for each cell, and every value is the one
 * that the file would have if it were run.
 */
export function readAnswers(source: string, table: Rubric['table']): Answers {
  const lines = new Lines(table.file, source);
  try {
    const module = parseModule(source);
    const { value } = evaluate(module, [table.export, 'default']);
    if (!value) throw missingExport(module, source, table.export);
    if (value.kind === 'unreadable') throw value.why;
    if (value.kind !== 'object') {
      const text = '{name} has to be an object in braces, with an object for each row inside.';
      throw new Diagnostic('file', 'not-a-table', value.start, text, { name: table.export });
    }
    return new CellReader(table, source, lines).read(value.fields);
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    const { code, text, quotes, offset } = mergeConflict(source) ?? error;
    const at = lines.at(offset);
    const fix = `${text} Nothing you wrote is lost: fix line ${at.line} and run again.`;
    return unread(table, { why: message(`answers/${code}`, fix, quotes), at });
  }
}

/** The answers of a file that cannot be read at all. */
export function unread(table: Rubric['table'], problem: Problem): Answers {
  const why = message('answers/unread', 'The file could not be read; the reason is above.');
  const read: Read = { is: 'invalid', why, ...(problem.at && { at: problem.at }) };
  const cells = table.cells.map(({ row, column }) => [cellId(row, column), read] as const);
  return { cells: new Map(cells), problems: [problem] };
}

function missingExport({ constants, exports }: Module, source: string, wanted: string): Diagnostic {
  const inFile = (code: string, offset: number, text: string, name = wanted) =>
    new Diagnostic('file', code, offset, text, { name });
  if (source.trim() === '') {
    const text = 'The file is empty. Copy the original file back; it contains the table {name}.';
    return inFile('empty', 0, text);
  }
  const constant = constants.get(wanted);
  if (constant)
    return inFile('not-exported', constant.start, 'The word export is missing before const {name}.');
  const meant = nearest(wanted, [...exports.keys(), ...constants.keys()]);
  if (meant === undefined) {
    const text = 'There is no export const {name} in this file. The table has to have that name.';
    return inFile('no-export', 0, text);
  }
  const { start } = exports.get(meant) ?? constants.get(meant) ?? { start: 0 };
  return inFile('misspelled-export', start, `The table is called {name} here. Call it ${wanted}.`, meant);
}

/** Unknown names of one object that are told, and that are compared with the real ones. */
const mostUnknown = 5;
const mostExamined = 50;

/** Finds each cell of the rubric in the exported table. */
class CellReader {
  private readonly cells = new Map<string, Read>();
  private readonly problems: Problem[] = [];
  private readonly unknown = new Set<string>();
  private readonly table: Rubric['table'];
  private readonly source: string;
  private readonly lines: Lines;

  constructor(table: Rubric['table'], source: string, lines: Lines) {
    this.table = table;
    this.source = source;
    this.lines = lines;
  }

  read(fields: ReadonlyMap<string, Field>): Answers {
    const rows = this.table.rows.map(({ id }) => id);
    const misspelled = this.misspelled(fields, rows, 'row');
    for (const id of rows) this.readRow(id, fields.get(id)?.value, misspelled.get(id));
    return { cells: this.cells, problems: this.problems };
  }

  private readRow(row: string, value: Value | undefined, misspelled: Read | undefined): void {
    const columns = this.table.columns.map(({ id }) => id);
    if (value?.kind === 'object') {
      const wrong = this.misspelled(value.fields, columns, 'column');
      for (const column of columns) {
        const found = value.fields.get(column)?.value;
        const read = found ? this.readCell(found) : (wrong.get(column) ?? this.absent(row));
        this.cells.set(cellId(row, column), read);
      }
      return;
    }
    const read = value ? this.readWholeRow(value) : (misspelled ?? this.absent(row));
    for (const column of columns) this.cells.set(cellId(row, column), read);
  }

  /** A row that is not an object: each of its cells gets the reason. */
  private readWholeRow(value: Value): Read {
    if (value.kind === 'empty') return this.blank(value);
    if (value.kind === 'unreadable') return this.readCell(value);
    const text = `{typed} is not an object: write ${this.shape()}.`;
    return this.invalid(value, message('cell/not-an-object', text, { typed: this.typed(value) }));
  }

  private readCell(value: Value): Read {
    const typed = this.typed(value);
    const invalid = (code: string, text: string) =>
      this.invalid(value, message(`cell/${code}`, text, { typed }));
    switch (value.kind) {
      case 'empty':
        return this.blank(value);
      case 'number':
        return isCount(value.value)
          ? { is: 'value', value: value.value, typed, at: this.lines.at(value.start) }
          : invalid(...notACount(value.value, typed));
      case 'string':
        return this.invalid(value, inQuotes(value.value));
      case 'bigint':
        return invalid('bigint', 'Delete the n after {typed}: a plain number is enough.');
      case 'boolean':
        return invalid('boolean', '{typed} is not a number. Write a number, or null.');
      case 'array':
        return invalid('list', '{typed} is a list. A cell takes one number, without square brackets.');
      case 'object':
        return invalid('object', 'There is an object in braces here. Write one number in its place.');
      case 'unreadable':
        return this.invalid(value, message(`answers/${value.why.code}`, value.why.text, value.why.quotes));
    }
  }

  /** The cells that a nearly right name was meant for; every name that is not known is a problem. */
  private misspelled(
    fields: ReadonlyMap<string, Field>,
    names: readonly string[],
    what: 'row' | 'column',
  ): Map<string, Read> {
    const meant = new Map<string, Read>();
    let examined = 0;
    const free = names.filter((name) => !fields.has(name));
    for (const [key, { keyStart }] of fields) {
      if (names.includes(key)) continue;
      if (++examined > mostExamined) break;
      const at = this.lines.at(keyStart);
      const name = nearest(key, free);
      if (name === undefined) {
        const text = `{name} is not a ${what} of this worksheet, and is ignored. The names are ${names.join(', ')}.`;
        this.reportUnknown({ why: message(`answers/unknown-${what}`, text, { name: key }), at });
      } else {
        const text = `Write ${name} in place of {name}. Every letter of a name counts, small or capital.`;
        meant.set(name, {
          is: 'invalid',
          why: message(`answers/misspelled-${what}`, text, { name: key }),
          at,
        });
      }
    }
    return meant;
  }

  /** A name that stands in several rows by a spread is told once, and many are cut short. */
  private reportUnknown(problem: Problem & { at: Place }): void {
    const place = `${problem.at.line}:${problem.at.column}`;
    if (this.unknown.has(place)) return;
    this.unknown.add(place);
    if (this.unknown.size <= mostUnknown) this.problems.push(problem);
    else if (this.unknown.size === mostUnknown + 1) {
      const text = 'Other unknown names are ignored too.';
      this.problems.push({ why: message('answers/unknown-more', text) });
    }
  }

  private absent(row: string): Read {
    const text = `This is not in the file. Put it back, as ${row}: ${this.shape()} with your numbers.`;
    return { is: 'blank', why: message('cell/absent', text) };
  }

  /** `{ rows: …, columns: … }` */
  private shape(): string {
    return `{ ${this.table.columns.map(({ id }) => `${id}: …`).join(', ')} }`;
  }

  private blank(value: Value): Read {
    return { is: 'blank', at: this.lines.at(value.start) };
  }

  private invalid(value: Value, why: Message): Read {
    return { is: 'invalid', why, typed: this.typed(value), at: this.lines.at(value.start) };
  }

  private typed(value: Value) {
    return quote(this.source.slice(value.start, value.end));
  }
}

/** Whether a number can be the size of an axis. */
function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

/** Code and text of what is wrong with a number that is none. */
function notACount(value: number, typed: string): [code: string, text: string] {
  const comesTo = String(value) === typed ? '' : ` It comes to ${value}.`;
  if (!Number.isFinite(value)) return ['not-finite', `{typed} is not an ordinary number.${comesTo}`];
  if (!Number.isInteger(value)) {
    const point = /^\d{1,3}\.\d{3}$/.test(typed) ? ' If the point separates thousands, delete it.' : '';
    return ['fraction', `{typed} is not a whole number.${comesTo}${point}`];
  }
  if (value < 1) return ['too-small', `{typed} is not a count; it must be 1 or more.${comesTo}`];
  return ['too-large', '{typed} is too large to be counted exactly.'];
}

/** What is wrong with a text: without its quotes it may be a number, a shape, or neither. */
function inQuotes(text: string): Message {
  const found = text.trim();
  if (/^\d{1,3}(?:[,' ]\d{3})+$/.test(found)) {
    return message(
      'cell/quoted',
      '{found} is in quotes, and split inside the number. Write its digits alone.',
      {
        found,
      },
    );
  }
  if (/^\d+\s*[x×*,;]\s*\d+$/iu.test(found)) {
    return message(
      'cell/shape-in-a-cell',
      '{found} looks like a whole shape. Each cell takes one number, without quotation marks.',
      { found },
    );
  }
  return /^(?:\d+|\d{1,3}(?:_\d{3})+)(?:\.\d+)?$/.test(found)
    ? message('cell/quoted', '{found} is in quotes; write it without them.', { found })
    : message(
        'cell/text',
        '{found} is text, not a number. Write a number without quotation marks, or null.',
        { found },
      );
}
