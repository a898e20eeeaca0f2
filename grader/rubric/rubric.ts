import { type CellKind, kindOf, kinds } from '../kinds/registry';
import { sha256 } from '../platform';
import type {
  AnswerFields,
  ColumnFile,
  GivenValue,
  PointsReporting,
  RubricFile,
  SelfCheck,
  TableFile,
} from './file.schema';
import { equationsOf, type Law, withRows } from './laws';

export type Given = Record<string, GivenValue>;

/** A value as people read it; numbers by name as `width 960, heads 10`. */
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
  /** What it is called in its row, where that is not the label of its column. */
  readonly name?: string;
  readonly points: number;
  /** What to think about where the cell is wrong. */
  readonly guidingQuestion?: string;
}

export interface RubricRow extends RubricItem {
  /** What stands above the row, where something begins. */
  readonly heading?: string;
  /** The row of the worksheet that this one asks again, at other sizes; a file has it by that name. */
  readonly repeats?: string;
  /** A column that the row does not have has no cell here. */
  readonly cells: readonly RubricCell[];
}

/** One grid of the worksheet. */
export interface RubricTable {
  /** The name that it is exported by. */
  readonly export: string;
  /** What stands above it. */
  readonly label?: string;
  /** Whether a table that is transposed throughout counts as well. */
  readonly eitherOrientation: boolean;
  readonly columns: readonly RubricItem[];
  readonly rows: readonly RubricRow[];
}

/** A second table, without points, which asks for rows of the worksheet at other sizes. */
export interface AgainSheet {
  /** What is stated there, by name. */
  readonly given: Given;
  /** One table; its rows have ids of their own, and repeat others. */
  readonly tables: readonly RubricTable[];
  /** The laws that are about its rows alone. */
  readonly laws: readonly Law[];
  /** What its numbers are called in the handout, for whoever fills it in: `2048: the width of the model`. */
  readonly stated?: readonly string[];
}

/** The worksheet as the grader knows it: rows, columns, questions and points, and no answer. */
export interface Rubric {
  readonly title: string;
  readonly possible: number;
  /** The file with the answers, which exports every table. */
  readonly file: string;
  readonly tables: readonly RubricTable[];
  /** What holds between cells at any size. */
  readonly laws: readonly Law[];
  readonly reflection?: {
    readonly file: string;
    /** How many responses count. */
    readonly choose: number;
    /** For each response that counts. */
    readonly points: number;
    /** What the student's file holds under each question before it is filled in. */
    readonly placeholder?: string;
    /** What it holds above the questions, a paragraph or heading a line. */
    readonly intro?: string;
    /** Who reads it, whether with names, and how long it is kept. */
    readonly notice?: string;
    /** The heading of a last section, for what a student thinks is right and is marked wrong. */
    readonly dispute?: string;
    readonly questions: readonly RubricItem[];
  };
  readonly again?: AgainSheet;
  /** SHA-256 of all the above, in hexadecimal: of what a student's copy holds too. */
  readonly digest: string;
  /** What the answer key is derived from; only `solution/` reads it. */
  readonly given: Given;
  /** What a worked example states; only `solution/` reads it. */
  readonly example?: Given;
  /** What a student's copy tells: a release goes by it, and a copy that lacks its key. */
  readonly selfCheck: SelfCheck;
  /** Whether a student's copy keeps the answers for which marks were asked; no grade depends on it. */
  readonly keepsAttempts: boolean;
  /** What tells GitHub the points of a run: notices of the grader's own, or GitHub Classroom's reporter. */
  readonly pointsBy: PointsReporting;
}

/**
 * Digest of what points are given for and how they are told, without any expected value: of two graders
 * with the same one, neither gives another grade for want of a row, a question or a file. Labels and laws
 * are no part of it.
 *
 * @param lineage of the releases that give the same grades; expected values too are the same in one.
 */
export function gradedByDigest(
  { file, tables, reflection, selfCheck, pointsBy }: Rubric,
  lineage: string,
): string {
  const asked = tables.map(({ export: name, eitherOrientation, columns, rows }) => [
    name,
    eitherOrientation,
    columns.map(({ id }) => id),
    rows.map(({ id, cells }) => [id, cells.map((cell) => [cell.id, cell.points, cell.kind, cell.settings])]),
  ]);
  const { notice: _, ...questions } = reflection ?? {};
  return sha256(JSON.stringify([lineage, file, asked, questions, selfCheck, pointsBy]));
}

/** The rubric that a valid `rubric.yaml` describes. */
export function rubricOf(file: RubricFile): Rubric {
  const { reflection } = file;
  const tables = file.tables.map(tableOf);
  const rubric = {
    title: file.title,
    possible: possiblePoints(file),
    file: file.file,
    tables,
    laws: (file.laws ?? []).map(({ law, because }) => ({
      law,
      because,
      equations: equationsOf(law, tables),
    })),
    reflection,
    // Without rows it is not known yet what is asked again: only solution/ tells which rows ask for every idea.
    ...(file.again?.rows && { again: againOf(file, file.again.rows) }),
  };
  return {
    ...rubric,
    digest: sha256(JSON.stringify(rubric)),
    given: file.given ?? {},
    ...(file.example && { example: { ...file.given, ...file.example } }),
    selfCheck: file.self_check ?? 'scored',
    keepsAttempts: file.attempts !== 'off',
    pointsBy: file.github?.points ?? 'notices',
  };
}

export function tableOf(table: TableFile): RubricTable {
  return {
    export: table.export,
    label: table.label,
    eitherOrientation: table.orientation === 'either',
    columns: table.columns.map((column) => ({ id: column.id, label: labelWithUnit(column, column) })),
    rows: table.rows.map((row) => ({
      id: row.id,
      label: row.label,
      heading: row.heading,
      cells: table.columns.flatMap((column) => cellOf(table, row, column) ?? []),
    })),
  };
}

/** The name that the second table is exported by. */
export const againExport = 'again';

/** The id of a row where it is asked again; no row of a rubric has a dot in its own. */
function idOfRepeated(row: string): string {
  return `${againExport}.${row}`;
}

/** The table that asks for some rows again, with all columns that they have, and the laws between them. */
function againOf(file: RubricFile, rows: readonly string[]): AgainSheet {
  const given = { ...file.given, ...file.again?.given };
  const asked = file.tables.map(tableOf).map((table) => ({
    ...table,
    rows: table.rows.filter(({ id }) => rows.includes(id)),
  }));
  const used = asked.filter((table) => table.rows.length > 0);
  const columns = new Map(
    used.flatMap((table) =>
      table.columns
        .filter(({ id }) => cellsOf(table).some((cell) => cell.id === id))
        .map((column) => [column.id, column] as const),
    ),
  );
  const table: RubricTable = {
    export: againExport,
    label: `Again, at other sizes: ${sizesText(given)}`,
    eitherOrientation: used.every(({ eitherOrientation }) => eitherOrientation),
    columns: [...columns.values()],
    rows: used.flatMap((one) =>
      one.rows.map(({ id, label, cells }) => ({
        id: idOfRepeated(id),
        repeats: id,
        label,
        cells: cells.map((cell) => againCell(cell, one, columns.get(cell.id)?.label)),
      })),
    ),
  };
  return {
    given,
    tables: [table],
    laws: (file.laws ?? []).flatMap(({ law, because }) => {
      const equations = equationsOf(law, file.tables.map(tableOf));
      const isAsked = equations.every(({ cells }) => cells.every(({ row }) => rows.includes(row)));
      return isAsked
        ? [{ law, because, equations: equations.map((one) => withRows(one, idOfRepeated)) }]
        : [];
    }),
  };
}

/** A cell without points; where its column is called otherwise here, it keeps its name. */
function againCell(cell: RubricCell, { columns }: RubricTable, label: string | undefined): RubricCell {
  const own = columns.find(({ id }) => id === cell.id)?.label;
  return { ...cell, points: 0, ...(cell.name === undefined && own !== label && { name: own }) };
}

/** One cell, or undefined where the row does not have the column. */
function cellOf(
  table: TableFile,
  row: TableFile['rows'][number],
  column: ColumnFile,
): RubricCell | undefined {
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

/** What a cell or a column is called, with its unit. */
function labelWithUnit(own: AnswerFields & { readonly label?: string }, column: ColumnFile): string {
  const { unit } = kindOf(cellKind(own, column));
  return `${own.label ?? column.label}${unit === undefined ? '' : ` in ${unit}`}`;
}

const between = ' · ';

/** What a cell is called beside the label of its row. */
export function labelInRow({ label }: { readonly label: string }, row: { readonly label: string }): string {
  return label.slice(row.label.length + between.length);
}

/** A label as it stands inside a sentence: its first letter is small, but not that of RTT. */
export function inSentence(label: string): string {
  return /^\p{Lu}(?!\p{Lu}|\p{N})/u.test(label) ? `${label.charAt(0).toLowerCase()}${label.slice(1)}` : label;
}

/** The kind of a cell, as the cell says or else its column; settings go with the kind that they stand beside. */
export function cellKind(own: AnswerFields, column: AnswerFields): CellKind {
  const kind = own.kind ?? column.kind ?? kinds[0]?.id ?? '';
  const answerFields = own.kind !== undefined && own.kind !== column.kind ? own : { ...column, ...own };
  const names = Object.keys(kinds.find(({ id }) => id === kind)?.settings ?? {});
  const settings = Object.fromEntries(Object.entries(answerFields).filter(([name]) => names.includes(name)));
  return { kind, settings };
}

/** The sum of all points: of each cell, and of each response that counts. */
export function possiblePoints({ tables, reflection }: RubricFile): number {
  const cells = cellsOf({ rows: tables.flatMap((table) => tableOf(table).rows) });
  const sum = cells.reduce((total, { points }) => total + points, 0);
  return sum + (reflection ? possibleReflection(reflection) : 0);
}

/** The most that an exit ticket can earn. */
export function possibleReflection({ choose, points }: { choose: number; points: number }): number {
  return choose * points;
}

/** What a reflection's file says above its questions, a paragraph or heading a line. */
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

/** The rows of all tables; no two have the same id. */
export function rowsOf<Row>({
  tables,
}: {
  readonly tables: readonly { readonly rows: readonly Row[] }[];
}): Row[] {
  return tables.flatMap(({ rows }) => rows);
}

/** Every table that the file with the answers may have. */
export function tablesInFile({ tables, again }: Pick<Rubric, 'tables' | 'again'>): readonly RubricTable[] {
  return [...tables, ...(again?.tables ?? [])];
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
