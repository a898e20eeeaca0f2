import type { ObjectField } from '../answers/evaluate';
import type { Module } from '../answers/parser';
import type { RubricRow, RubricTable } from '../rubric/rubric';

/** Answers that stand outside of the table that they belong in, where they are not read. */
export interface Elsewhere {
  /** Where the first of them begins, in UTF-16 units. */
  readonly offset: number;
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
 * @param blank the rows of the table in which nothing is filled in.
 */
export function elsewhereOf(
  table: RubricTable,
  file: ReadFile,
  blank: readonly RubricRow[],
): Elsewhere | undefined {
  const filled = table.rows.length - blank.length;
  const [most = []] = otherObjects(table, file)
    .map((fields) => table.rows.flatMap((row) => placedIn(fields, row)))
    .sort((one, other) => other.length - one.length);
  const rows = most.length > filled ? most : blank.flatMap((row) => placedInLines(row, table, file));
  if (rows.length === 0) return undefined;
  return { offset: Math.min(...rows.map(({ at }) => at)), names: rows.map(({ name }) => name) };
}

/** A row that stands in the wrong place, and where, in UTF-16 units. */
interface Placed {
  readonly name: string;
  readonly at: number;
}

type Fields = ReadonlyMap<string, ObjectField>;

/**
 * The objects of a file that may hold a table's rows: all but its own and those of exports that are no table, and the
 * consts as if they were in one.
 */
function otherObjects({ export: name }: RubricTable, { module, tables }: ReadFile): Fields[] {
  const { constants, exports } = module;
  const exported = new Set([...exports.values()].map(({ value }) => value));
  const own = [...constants].filter(([, { value }]) => !exported.has(value));
  const ofTables = tables.flatMap((table) => exports.get(table.export) ?? []);
  const parts = new Set([...own.map(([, one]) => one), ...ofTables].map(({ value }) => value));
  for (const part of parts)
    if (part.kind === 'object') for (const { value } of part.fields.values()) parts.add(value);
  const consts = own.map(([key, { start, value }]) => [key, { keyStart: start, value }] as const);
  const objects = [...parts].flatMap((part) =>
    part.kind === 'object' && part !== exports.get(name)?.value ? [part.fields] : [],
  );
  return [...objects, new Map(consts)];
}

/** A row of a table in an object that may be one, if something is filled in there. */
function placedIn(fields: Fields, { id, cells }: RubricRow): Placed[] {
  const field = fields.get(id);
  const { value } = field ?? {};
  if (!field || value?.kind !== 'object') return [];
  const isFilled = cells.some((cell) => (value.fields.get(cell.id)?.value.kind ?? 'empty') !== 'empty');
  return isFilled ? [{ name: id, at: field.keyStart }] : [];
}

/** A number that stands alone. */
const aNumber = /(?<![\w.])\d[\d_]*(?:\.\d+)?(?![\w.])/g;

/** The signs that join numbers to arithmetic. */
const sign = /[-+*/%=]/;

/** The first place where a row's name stands in a line with its numbers, outside of all other exports. */
function placedInLines(row: RubricRow, table: RubricTable, { source, module, tables }: ReadFile): Placed[] {
  const ofOthers = [...module.exports].flatMap(([name, one]) => (name === table.export ? [] : one));
  const ownTexts = new Set(tables.flatMap(textsOf));
  const line = new RegExp(`^(.*?(?<![\\w$]))${row.id}(?![\\w$])(.*)$`, 'gim');
  for (const { 0: whole, 1: before = '', 2: after = '', index } of source.matchAll(line)) {
    const at = index + before.length;
    const isOther = ofOthers.some(({ start, value }) => start <= at && at < value.end);
    if (isOther || ownTexts.has(whole.replace(/^\s*\/\/\s*/, '').trim())) continue;
    if (holdsNumbers(after, row)) return [{ name: row.id, at }];
  }
  return [];
}

/** The texts that a stub has in comments. */
function textsOf({ label, rows }: RubricTable) {
  return [label, ...rows.flatMap((row) => [row.heading, row.label])];
}

/** Whether two numbers stand behind a name: in braces of its own, or for its cells, and then as no arithmetic. */
function holdsNumbers(text: string, { cells }: RubricRow): boolean {
  const [, braces = ''] = /^['"]?\s*[:=]?\s*(\{[^{}]*\})/.exec(text) ?? [];
  if ((braces.match(aNumber) ?? []).length > 1) return true;
  const [first, second] = text.matchAll(aNumber);
  if (!first || !second || cells.length < 2) return false;
  return !sign.test(text.slice(first.index + first[0].length, second.index));
}
