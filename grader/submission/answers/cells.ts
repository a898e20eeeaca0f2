import { type Message, message, type Place, quote } from '../../message';
import type { Rubric } from '../../rubric/rubric';
import type { Lines } from '../lines';
import { nearest } from '../names';
import { type Answers, cellId, type Problem, type Read } from '../submission';
import type { Datum, Field } from './data';

/** Unknown names of one group that are told, and that are compared with the real ones. */
const mostUnknown = 5;
const mostExamined = 50;

/** Finds each cell of the rubric in the exported table. */
export class CellReader {
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

  read(datum: Datum & { is: 'record' }): Answers {
    const misspelt = this.misspelt(
      datum.fields,
      this.table.rows.map(({ id }) => id),
      'row',
    );
    for (const { id } of this.table.rows) this.readRow(id, datum.fields.get(id), misspelt.get(id));
    return { cells: this.cells, problems: this.problems };
  }

  private readRow(row: string, field: Field | undefined, misspelt: Read | undefined): void {
    const datum = field?.value;
    if (datum?.is === 'record') {
      const names = this.table.columns.map(({ id }) => id);
      const wrong = this.misspelt(datum.fields, names, 'column');
      for (const column of names) {
        const found = datum.fields.get(column)?.value;
        this.cells.set(
          cellId(row, column),
          found ? this.readCell(found) : (wrong.get(column) ?? this.absent(row)),
        );
      }
      return;
    }
    for (const { id } of this.table.columns) {
      this.cells.set(cellId(row, id), datum ? this.readWholeRow(datum) : (misspelt ?? this.absent(row)));
    }
  }

  /** A row that is not a group: each of its cells gets the reason. */
  private readWholeRow(datum: Datum): Read {
    if (datum.is === 'nothing') return this.blank(datum);
    if (datum.is === 'unreadable' && datum.why.code !== 'round-brackets') return this.readCell(datum);
    const columns = this.table.columns.map(({ id }) => `${id}: …`).join(', ');
    return this.invalid(
      datum,
      message(
        'cell/not-a-group',
        `{0} is no group. Write one in its place: { ${columns} }.`,
        this.typed(datum),
      ),
    );
  }

  private readCell(datum: Datum): Read {
    switch (datum.is) {
      case 'nothing':
        return this.blank(datum);
      case 'number':
        return isCount(datum.value)
          ? { is: 'value', value: datum.value, typed: this.typed(datum), at: this.lines.at(datum.start) }
          : this.invalid(datum, this.notACount(datum));
      case 'text':
        return this.invalid(datum, this.text(datum.value));
      case 'bigint':
        return this.invalid(
          datum,
          message('cell/bigint', 'Take the n away from {0}: a plain number is enough.', datum.text),
        );
      case 'boolean':
        return this.invalid(
          datum,
          message('cell/boolean', '{0} is no number. Write a number, or null.', this.typed(datum)),
        );
      case 'list':
        return this.invalid(
          datum,
          message(
            'cell/list',
            '{0} is a list, and a cell takes one number. Put each number in a cell of its own.',
            this.typed(datum),
          ),
        );
      case 'record':
        return this.invalid(
          datum,
          message('cell/group', 'A group in braces stands here, and a cell takes one number.'),
        );
      case 'unreadable': {
        const { code, text, quotes } = datum.why;
        return this.invalid(datum, message(`answers/${code}`, text, ...quotes));
      }
    }
    return datum satisfies never;
  }

  private notACount(datum: Datum & { is: 'number' }): Message {
    const typed = this.typed(datum);
    const comesTo = String(datum.value) === typed ? '' : ` It comes to ${datum.value}.`;
    if (!Number.isFinite(datum.value))
      return message('cell/not-finite', `{0} is no ordinary number.${comesTo}`, typed);
    if (!Number.isInteger(datum.value)) {
      return message('cell/fraction', `{0} cannot be a count: a count is a whole number.${comesTo}`, typed);
    }
    if (datum.value < 1) {
      return message('cell/too-small', `{0} cannot be a count: a count is at least one.${comesTo}`, typed);
    }
    return message('cell/too-large', '{0} is too large to be counted exactly.', typed);
  }

  private text(value: string): Message {
    if (/^\s*\d+\s*[x×*,;]\s*\d+\s*$/iu.test(value)) {
      return message(
        'cell/shape-in-a-cell',
        '{0} is a whole shape in one place. Each cell takes one number, without quotation marks.',
        value,
      );
    }
    if (/^\s*[\d_.]+\s*$/.test(value)) {
      return message(
        'cell/quoted',
        'The number {0} stands in quotation marks, which make it a text. Take them away.',
        value,
      );
    }
    return message('cell/text', '{0} is a text. Write a number without quotation marks, or null.', value);
  }

  /** The cells that a nearly right name was meant for; every name that is not known is a problem. */
  private misspelt(
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
        const why = message(
          `answers/unknown-${what}`,
          `{0} is not a ${what} of this worksheet, and is ignored. The names are ${names.join(', ')}.`,
          key,
        );
        this.reportUnknown({ why, at });
      } else {
        const why = message(
          `answers/misspelt-${what}`,
          `Write ${name} in place of {0}. Every letter of a name counts, small or capital.`,
          key,
        );
        meant.set(name, { is: 'invalid', why, at });
      }
    }
    return meant;
  }

  /** A name that stands in several rows by a spread is told once, and many are cut short. */
  private reportUnknown(problem: Problem & { at: Place }): void {
    const { line, column } = problem.at;
    const place = `${line}:${column}`;
    if (this.unknown.has(place)) return;
    this.unknown.add(place);
    if (this.unknown.size <= mostUnknown) this.problems.push(problem);
    else if (this.unknown.size === mostUnknown + 1) {
      this.problems.push({
        why: message('answers/unknown-more', 'More names are not of this worksheet, and are ignored.'),
      });
    }
  }

  private absent(row: string): Read {
    const names = this.table.columns.map(({ id }) => `${id}: …`).join(', ');
    return {
      is: 'blank',
      why: message(
        'cell/absent',
        `This is not in the file. Put it back, as ${row}: { ${names} } with your numbers.`,
      ),
    };
  }

  private blank(datum: Datum): Read {
    return { is: 'blank', at: this.lines.at(datum.start) };
  }

  private invalid(datum: Datum, why: Message): Read {
    return { is: 'invalid', why, typed: this.typed(datum), at: this.lines.at(datum.start) };
  }

  private typed(datum: Datum) {
    return quote(this.source.slice(datum.start, datum.end));
  }
}

/** Whether a number can be the size of an axis. */
function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}
