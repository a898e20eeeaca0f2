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
  /** Whether the table also counts if it is transposed throughout. */
  readonly eitherOrientation: boolean;
  readonly columns: readonly RubricItem[];
  readonly rows: readonly RubricRow[];
}

/** A second table, without points, which asks for rows of the worksheet at other sizes. */
export interface AgainSheet {
  /** The values that it states, by name. */
  readonly given: Given;
  /** One table; its rows have ids of their own, and repeat others. */
  readonly tables: readonly RubricTable[];
  /** The laws that are about its rows alone. */
  readonly laws: readonly Law[];
  /** The names of its numbers in the handout, for the student: `2048: the width of the model`. */
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
  readonly again?: AgainSheet;
  /** SHA-256 of all the above, in hexadecimal. A student's copy holds all of that too. */
  readonly digest: string;
  /** The values that the answer key is derived from; only `solution/` reads them. */
  readonly given: Given;
  /** The values that a worked example states; only `solution/` reads them. */
  readonly example?: Given;
  /** How a student's copy checks cells. A release depends on it, and so does a copy without its key. */
  readonly selfCheck: SelfCheck;
  /** Whether a student's copy keeps the answers that the student asked to have marked; never affects a grade. */
  readonly keepsAttempts: boolean;
  /** How a run reports its points to GitHub: by the grader's own notices, or GitHub Classroom's reporter. */
  readonly pointsBy: PointsReporting;
}

/**
 * Digest of everything that earns points and how points are reported, without any expected value. If two graders
 * have equal digests, their grades cannot differ because one lacks a row, a question or a file. Labels and laws are
 * not part of it.
 *
 * @param lineage identifies releases that give the same grades; they also have the same expected values.
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
    // Without rows, we cannot tell yet what to ask again: only solution/ tells which rows ask for every idea.
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

/** The id of a row in the table that asks again; no row of a rubric has a dot in its id. */
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

/** The cell without points; it keeps its old name if its column has another label here. */
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
export function possiblePoints({ tables, reflection }: RubricFile): number {
  const cells = cellsOf({ rows: tables.flatMap((table) => tableOf(table).rows) });
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

/** The rows of all tables; no two have the same id. */
export function rowsOf<Row>({
  tables,
}: {
  readonly tables: readonly { readonly rows: readonly Row[] }[];
}): Row[] {
  return tables.flatMap(({ rows }) => rows);
}

/** The rows of the table that asks again; none if the worksheet has no such table. */
export function rowsAgain({ again }: Pick<Rubric, 'again'>): RubricRow[] {
  return again ? rowsOf(again) : [];
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
