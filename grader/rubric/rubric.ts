import { type CellKind, kindOf, kinds } from '../kinds/registry';
import { sha256 } from '../platform';
import type {
  AnswerFields,
  ColumnFile,
  GivenValue,
  RowFile,
  RubricFile,
  SelfCheck,
  TableFile,
} from './file.schema';
import { equationsOf, type Law, withRows } from './laws';

export type Given = Record<string, GivenValue>;

/** Formats a value for people; numbers by name become `width 960, heads 10`. */
export function givenText(value: GivenValue): string {
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, number]) => `${name} ${number}`)
    .join(', ');
}

/** `model Tree, apples 12` */
export function sizesText(given: Given): string {
  return Object.entries(given)
    .map(([name, value]) => `${name} ${givenText(value)}`)
    .join(', ');
}

export interface RubricItem {
  readonly id: string;
  readonly label: string;
}

/** One cell of the worksheet; its id is the column's. */
export interface RubricCell extends RubricItem, CellKind {
  /** `Row · column` */
  readonly label: string;
  /** Its name within the row, if that is not the label of its column. */
  readonly name?: string;
  readonly points: number;
  /** A question to think about if the cell is wrong. */
  readonly guidingQuestion?: string;
}

export interface RubricRow extends RubricItem {
  /** The heading above the row, if a group of rows begins here. */
  readonly heading?: string;
  /** The row of the worksheet that this one asks again, at other sizes; the file uses that row's name. */
  readonly repeats?: string;
  /** Holds no cell for a column that the row does not have. */
  readonly cells: readonly RubricCell[];
}

/** One table of the worksheet. */
export interface RubricTable {
  /** The name that it is exported by. */
  readonly export: string;
  /** The title above it. */
  readonly label?: string;
  readonly columns: readonly RubricItem[];
  readonly rows: readonly RubricRow[];
  /** What it states, by name, if it is for other sizes than the rest of the worksheet. */
  readonly given?: Given;
  /** `complete`: no cell is marked until all are filled in, for a mark would hint at the rest. */
  readonly marks?: 'complete';
  /** Its numbers and their names, for the student: `2048: the width of the model`. Not part of the digest. */
  readonly stated?: readonly string[];
}

/** The worksheet as the grader knows it: rows, columns, questions and points, but no answers. */
export interface Rubric {
  readonly title: string;
  readonly possible: number;
  /** The file with the answers, which exports every table. */
  readonly file: string;
  readonly tables: readonly RubricTable[];
  /** Relations between cells that hold at any size. */
  readonly laws: readonly Law[];
  readonly reflection?: {
    readonly file: string;
    /** How many responses count. */
    readonly choose: number;
    /** The points for each response that counts. */
    readonly points: number;
    /** The text under each question in the student's file before it is filled in. */
    readonly placeholder?: string;
    /** The text above the questions, with a paragraph or heading on each line. */
    readonly intro?: string;
    /** Tells who reads it, whether with names, and how long it is kept. */
    readonly notice?: string;
    /** The heading of a last section, for answers that a student thinks are right but are marked wrong. */
    readonly dispute?: string;
    readonly questions: readonly RubricItem[];
  };
  /** SHA-256 of all the above, in hexadecimal. A student's copy holds all of that too. */
  readonly digest: string;
  /** The values that the answer key is derived from; only `solution/` reads them. */
  readonly given: Given;
  /** How a student's copy checks cells. A release depends on it, and so does a copy without its key. */
  readonly selfCheck: SelfCheck;
}

/** The rubric that a valid `rubric.yaml` describes. */
export function rubricOf(file: RubricFile): Rubric {
  const { reflection } = file;
  const tables = file.tables.map((table) => tableOf(table, file));
  const rubric = {
    title: file.title,
    possible: possiblePoints(file),
    file: file.file,
    tables,
    laws: (file.laws ?? []).flatMap((law) => lawsOf(law, tables)),
    reflection,
  };
  return {
    ...rubric,
    digest: sha256(JSON.stringify(rubric)),
    given: file.given ?? {},
    selfCheck: file.self_check ?? 'scored',
  };
}

export function tableOf(table: TableFile, { tables, given: stated }: RubricFile): RubricTable {
  const base = tables.find(({ export: name }) => name === table.repeats);
  const { rows, columns } = gridOf(table, base);
  const given = table.given && { ...stated, ...table.given };
  const sizes = given && `${table.repeats ? 'Again, at' : 'At'} other sizes: ${sizesText(given)}`;
  return {
    export: table.export,
    label: table.label ?? sizes,
    columns: columns.map((column) => ({ id: column.id, label: labelWithUnit(column, column) })),
    rows: rows.map((row) => ({
      id: base ? idOfRepeated(table, row.id) : row.id,
      ...(base && { repeats: row.id }),
      label: row.label,
      heading: base ? undefined : row.heading,
      cells: columns.flatMap((column) => {
        const cell = cellOf(table, row, column);
        return cell ? { ...cell, ...(base && { points: table.points }) } : [];
      }),
    })),
    ...(given && { given }),
    ...(table.marks && { marks: table.marks }),
  };
}

/** The rows and columns of a table: its own, or those of the table that it repeats, all or the listed ones. */
export function gridOf(
  { rows, columns }: Pick<TableFile, 'rows' | 'columns'>,
  base?: TableFile,
): { readonly rows: readonly RowFile[]; readonly columns: readonly ColumnFile[] } {
  const own = <Item>(items: readonly (Item | string)[] = []) =>
    items.filter((item): item is Item => typeof item !== 'string');
  if (!base) return { rows: own<RowFile>(rows), columns: own<ColumnFile>(columns) };
  const all = gridOf(base);
  const isAsked = (wanted: readonly unknown[] | undefined) => (item: RubricItem) =>
    wanted === undefined || wanted.includes(item.id);
  return { rows: all.rows.filter(isAsked(rows)), columns: all.columns.filter(isAsked(columns)) };
}

/** The id of a row that is asked again; no row of a rubric has a dot in its id. */
function idOfRepeated({ export: name }: Pick<RubricTable, 'export'>, row: string): string {
  return `${name}.${row}`;
}

/** A law, and the same law in each table that repeats all of its cells. */
function lawsOf(
  { law, because }: NonNullable<RubricFile['laws']>[number],
  tables: readonly RubricTable[],
): Law[] {
  const equations = equationsOf(law, tables);
  const names = equations.flatMap(({ cells }) => cells);
  const repeated = tables.filter(({ rows }) =>
    names.every(({ row, column }) =>
      rows.some(({ repeats, cells }) => repeats === row && cells.some(({ id }) => id === column)),
    ),
  );
  return [
    { law, because, equations },
    ...repeated.map((table) => ({
      law,
      because,
      equations: equations.map((one) => withRows(one, (row) => idOfRepeated(table, row))),
    })),
  ];
}

/** One cell, or undefined where the row does not have the column. */
function cellOf(table: TableFile, row: RowFile, column: ColumnFile): RubricCell | undefined {
  const own = row.cells?.[column.id] ?? {};
  if (own.void) return undefined;
  const ask = own.ask ?? column.ask;
  const name = labelWithUnit(own, column);
  return {
    id: column.id,
    label: `${row.label}${between}${inSentence(name)}`,
    ...(name !== labelWithUnit(column, column) && { name }),
    points: own.points ?? row.points ?? column.points ?? table.points,
    ...(ask && { guidingQuestion: ask }),
    ...cellKind(own, column),
  };
}

/** The label of a cell or a column, with its unit. */
function labelWithUnit(own: AnswerFields & { readonly label?: string }, column: ColumnFile): string {
  const { unit } = kindOf(cellKind(own, column));
  return `${own.label ?? column.label}${unit === undefined ? '' : ` in ${unit}`}`;
}

const between = ' · ';

/** The label of a cell without the label of its row. */
export function labelInRow({ label }: { readonly label: string }, row: { readonly label: string }): string {
  return label.slice(row.label.length + between.length);
}

/** A label for use inside a sentence: starts in lower case, except for abbreviations such as RTT. */
export function inSentence(label: string): string {
  return /^\p{Lu}(?!\p{Lu}|\p{N})/u.test(label) ? `${label.charAt(0).toLowerCase()}${label.slice(1)}` : label;
}

/** The kind of a cell: its own, or else its column's. Settings belong to the kind that they are listed beside. */
export function cellKind(own: AnswerFields, column: AnswerFields): CellKind {
  const kind = own.kind ?? column.kind ?? kinds[0]?.id ?? '';
  const answerFields = own.kind !== undefined && own.kind !== column.kind ? own : { ...column, ...own };
  const names = Object.keys(kinds.find(({ id }) => id === kind)?.settings ?? {});
  const settings = Object.fromEntries(Object.entries(answerFields).filter(([name]) => names.includes(name)));
  return { kind, settings };
}

/** The sum of all points: of each cell, and of each response that counts. */
export function possiblePoints(file: RubricFile): number {
  const { tables, reflection } = file;
  const cells = cellsOf({ rows: tables.flatMap((table) => tableOf(table, file).rows) });
  const sum = cells.reduce((total, { points }) => total + points, 0);
  return sum + (reflection ? possibleReflection(reflection) : 0);
}

/** The most that an exit ticket can earn. */
export function possibleReflection({ choose, points }: { choose: number; points: number }): number {
  return choose * points;
}

/** The lines above the questions in a reflection's file: a paragraph or heading each. */
export function linesAbove({
  intro = '',
  notice,
}: Pick<NonNullable<Rubric['reflection']>, 'intro' | 'notice'>): string[] {
  return [...intro.split('\n'), ...(notice === undefined ? [] : [notice])].filter(
    (line) => line.trim() !== '',
  );
}

/** The files that students edit, with forward slashes. */
export function studentFiles({ file, reflection }: Rubric): string[] {
  return reflection ? [file, reflection.file] : [file];
}

type Marked = Pick<RubricTable, 'marks'>;

interface Sheet<Table> {
  readonly tables: readonly Table[];
}

type WithTables<Row> = Sheet<Marked & { readonly rows: readonly Row[] }>;

/** The tables whose cells are marked as they are filled in. */
export function askedTables<Table extends Marked>({ tables }: Sheet<Table>): Table[] {
  return tables.filter(({ marks }) => !marks);
}

/** The table that is marked only once it is complete; no worksheet has more than one. */
export function againTable<Table extends Marked>({ tables }: Sheet<Table>): Table | undefined {
  return tables.find(({ marks }) => marks);
}

/** The rows of all tables but the one that is marked only once it is complete. No two rows have the same id. */
export function rowsOf<Row>(sheet: WithTables<Row>): Row[] {
  return askedTables(sheet).flatMap(({ rows }) => rows);
}

/** The rows of the table that is marked only once it is complete. */
export function rowsAgain<Row>(sheet: WithTables<Row>): readonly Row[] {
  return againTable(sheet)?.rows ?? [];
}

/** Every row of the file with the answers. */
export function allRowsOf<Row>({ tables }: WithTables<Row>): Row[] {
  return tables.flatMap(({ rows }) => rows);
}

/** The worksheet without the table that is marked only once it is complete. */
export function withoutAgain(rubric: Rubric): Rubric {
  return { ...rubric, tables: askedTables(rubric) };
}

/** The name of a row in the file with the answers. */
export function rowName({ id, repeats = id }: Pick<RubricRow, 'id' | 'repeats'>): string {
  return repeats;
}

/** Every cell of some rows, row by row. */
export function cellsOf<Cell>({
  rows,
}: {
  readonly rows: readonly { readonly cells: readonly Cell[] }[];
}): Cell[] {
  return rows.flatMap(({ cells }) => cells);
}
