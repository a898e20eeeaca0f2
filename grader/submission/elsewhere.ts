import type { ObjectField, Value } from '../answers/evaluate';
import { type Module, parseModule } from '../answers/parser';
import type { RubricRow, RubricTable } from '../rubric/rubric';

/** Answers that stand outside of the table that they belong in, where they are not read. */
export interface Elsewhere {
  /** Where the first of them begins, in UTF-16 units. */
  readonly offset: number;
  /** The table's rows with them, as if they stood there. */
  readonly fields: ReadonlyMap<string, ObjectField>;
  /** The names of the rows that they are for. */
  readonly names: readonly string[];
}

/** A file whose tables are read. */
interface ReadFile {
  readonly source: string;
  readonly module: Module;
  readonly tables: readonly RubricTable[];
}

/**
 * Finds answers in the wrong place, by form alone: another object with more rows of the table filled in than the table
 * has, or a row that is blank and whose name stands elsewhere with two numbers on one line. Arithmetic is none, and
 * neither is what is exported under another name.
 *
 * @param ownFields the rows that the table has, by name.
 * @param blank those of its rows in which nothing is filled in.
 */
export function elsewhereOf(
  table: RubricTable,
  file: ReadFile,
  ownFields: ReadonlyMap<string, ObjectField>,
  blank: readonly RubricRow[],
): Elsewhere | undefined {
  const filled = table.rows.length - blank.length;
  const [most] = otherObjects(file.module)
    .map((fields) => ({ fields, rows: table.rows.filter((row) => isFilledIn(row, fields)) }))
    .sort((one, other) => other.rows.length - one.rows.length);
  const fieldsOfRows =
    most && most.rows.length > filled
      ? most.rows.map(({ id }) => [id, most.fields.get(id)] as const)
      : blank.map((row) => [row.id, rowInLines(row, table, file)] as const);
  const rows = fieldsOfRows.flatMap(([name, field]) => (field ? [[name, field] as const] : []));
  if (rows.length === 0) return undefined;
  const offset = Math.min(...rows.map(([, { keyStart }]) => keyStart));
  return { offset, fields: new Map([...ownFields, ...rows]), names: rows.map(([name]) => name) };
}

type Fields = ReadonlyMap<string, ObjectField>;

/** The objects of a file that may hold a table's rows: those of no export, and its consts as if they were in one. */
function otherObjects({ constants, exports }: Module): Fields[] {
  const exported = new Set([...exports.values()].map(({ value }) => value));
  const own = [...constants].filter(([, { value }]) => !exported.has(value));
  const parts = new Set(own.map(([, { value }]) => value));
  for (const part of parts)
    if (part.kind === 'object') for (const { value } of part.fields.values()) parts.add(value);
  const consts = own.map(([name, { start, value }]) => [name, { keyStart: start, value }] as const);
  const objects = [...parts].flatMap((part) => (part.kind === 'object' ? [part.fields] : []));
  return [...objects, new Map(consts)];
}

/** Whether something is filled in, in a row of a table, in an object that may be one. */
function isFilledIn(row: RubricRow, fields: Fields): boolean {
  const value = fields.get(row.id)?.value;
  if (value?.kind !== 'object') return false;
  return row.cells.some(({ id }) => (value.fields.get(id)?.value.kind ?? 'empty') !== 'empty');
}

/** A number that stands alone. */
const aNumber = /(?<![\w.])\d[\d_]*(?:\.\d+)?(?![\w.])/g;

/** The signs that join numbers to arithmetic. */
const sign = /[-+*/%=]/;

/** A row whose name stands in a line with two numbers, outside of all other exports; undefined if there is none. */
function rowInLines(row: RubricRow, table: RubricTable, { source, module, tables }: ReadFile) {
  const ofOthers = [...module.exports].flatMap(([name, { value }]) => (name === table.export ? [] : value));
  const ownTexts = new Set(tables.flatMap(textsOf));
  const name = row.id;
  const line = new RegExp(`^(.*?(?<![\\w$]))${name}(?![\\w$])(.*)$`, 'gim');
  for (const { 0: whole, 1: before = '', 2: after = '', index } of source.matchAll(line)) {
    const keyStart = index + before.length;
    const isOther = ofOthers.some(({ start, end }) => start <= keyStart && keyStart < end);
    if (isOther || ownTexts.has(whole.replace(/^\s*\/\/\s*/, '').trim())) continue;
    const at = keyStart + name.length;
    const value = objectIn(after, at) ?? numbersIn(after, at, row);
    if (value) return { keyStart, value };
  }
  return undefined;
}

/** The texts that a stub has in comments. */
function textsOf({ label, rows }: RubricTable) {
  return [label, ...rows.flatMap((row) => [row.heading, row.label])];
}

const begin = 'export const row = ';

/** The object in braces that follows a name, if two numbers or more are in it; its offsets are those of the file. */
function objectIn(text: string, at: number): Value | undefined {
  const [, between = '', braces = ''] = /^(['"]?\s*[:=]?\s*)(\{[^{}]*\})/.exec(text) ?? [];
  const start = at + between.length;
  if ([...braces.matchAll(aNumber)].length < 2 || start < begin.length) return undefined;
  return parseModule(begin.padEnd(start) + braces).exports.get('row')?.value;
}

/** The numbers after a name as the cells of a row in their order, if two stand there that are no arithmetic. */
function numbersIn(text: string, at: number, { cells }: RubricRow): Value | undefined {
  const numbers = [...text.matchAll(aNumber)];
  const [first, second] = numbers;
  if (!first || !second || cells.length < 2) return undefined;
  const between = text.slice(first.index + first[0].length, second.index);
  if (sign.test(between)) return undefined;
  const fields = cells.flatMap(({ id }, index) => {
    const number = numbers[index];
    if (!number) return [];
    const start = at + number.index;
    const value = Number(number[0].replaceAll('_', ''));
    return [
      [
        id,
        { keyStart: start, value: { kind: 'number', value, start, end: start + number[0].length } },
      ] as const,
    ];
  });
  return { kind: 'object', fields: new Map(fields), start: at, end: at + text.length };
}
