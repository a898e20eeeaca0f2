import { type CellKind, kindOf, kinds } from '../kinds/registry';
import { counted } from '../message';
import { sha256 } from '../system/platform';
import type {
  AnswerFields,
  ColumnFile,
  Deadline,
  GivenValue,
  RowFile,
  RubricFile,
  SelfCheck,
  TableFile,
} from './file.schema';
import { equationsOf, type Law } from './laws';
import { momentOf, momentText } from './moment';

export type Given = Record<string, GivenValue>;

/** The name of a JSON file without its folder and extension; any other value unchanged. */
function nameOfFile(value: GivenValue): GivenValue {
  const [, name] = (typeof value === 'string' && /^(?:.*[\\/])?(.+)\.json$/.exec(value)) || [];
  return name ?? value;
}

/** Formats values for people: `model Tree, apples 12`; sizes by name become `tree width 960, heads 10`. */
export function sizesText(given: Given): string {
  const texts = Object.entries(given).map(([name, value]) => {
    // Print a name such as `keyHeads` as separate words.
    const words = name.replace(/(?<=[a-z])[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
    return `${words} ${typeof value === 'object' ? sizesText(value) : nameOfFile(value)}`;
  });
  return texts.join(', ');
}

export interface RubricItem {
  readonly id: string;
  readonly label: string;
}

/** A column, with the defaults for its cells. */
export interface RubricColumn extends RubricItem {
  readonly guidingQuestion?: string;
  /** A note on what its kind of answer asks for, such as a tolerance or options. */
  readonly note?: string;
}

/** One cell of the worksheet; its id is the column's. */
export interface RubricCell extends RubricItem, CellKind {
  /** `Row · column` */
  readonly label: string;
  /** Its name within the row, if that differs from the label of its column. */
  readonly name?: string;
  readonly points: number;
  /** A question to think about if the cell is wrong. */
  readonly guidingQuestion?: string;
}

export interface RubricRow extends RubricItem {
  /** The heading above the row, if a group of rows begins here. */
  readonly heading?: string;
  /** Has no cell for a column that the row does not have. */
  readonly cells: readonly RubricCell[];
}

/** One table of the worksheet. */
export interface RubricTable {
  /** The name under which a file exports it. */
  readonly export: string;
  /** The title above the table. */
  readonly label?: string;
  readonly columns: readonly RubricColumn[];
  readonly rows: readonly RubricRow[];
  /** The columns with the size of each row's matrix, if the rows are matrices. Not part of the digest. */
  readonly draw?: TableFile['draw'];
}

/** The worksheet in the form in which the grader uses it: rows, columns, questions and points, but no answers. */
export interface Rubric {
  readonly title: string;
  readonly possible: number;
  /** The file with the answers, which exports every table. */
  readonly file: string;
  readonly tables: readonly RubricTable[];
  /** Relations between cells that hold at any size. */
  readonly laws: readonly Law[];
  /** The exit ticket, as its author wrote it. */
  readonly reflection?: RubricFile['reflection'];
  /** SHA-256 of all of the above, in hexadecimal. A student's copy has all of that too. */
  readonly digest: string;
  /** The sizes that the worksheet states, from which the answer key is derived. */
  readonly given: Given;
  /** How a student's copy checks cells. Releasing depends on it, and so does a copy without its key. */
  readonly selfCheck: SelfCheck;
  /** One sentence for students on when work is due, and one on what lateness costs. Not part of the digest. */
  readonly due?: readonly string[] | undefined;
  /** The addresses at which work is handed in, if any are given. Not part of the digest. */
  readonly handIn?: readonly string[] | undefined;
}

/** The rubric that a valid `rubric.yaml` describes. */
export function rubricOf(file: RubricFile): Rubric {
  const { title, reflection, laws = [] } = file;
  const tables = tablesOf(file);
  const points = cellsOf({ rows: rowsOf({ tables }) }).map((cell) => cell.points);
  const possible = points.reduce((sum, one) => sum + one, reflection ? possibleReflection(reflection) : 0);
  const rubric = { title, possible, file: file.file, tables, laws: lawsOf(laws, tables), reflection };
  const digest = sha256(JSON.stringify(rubric));
  return {
    ...rubric,
    digest,
    given: file.given ?? {},
    selfCheck: file.self_check ?? 'scored',
    due: file.deadline && dueLines(file.deadline),
    handIn: file.hand_in && Object.values(file.hand_in).flatMap((address) => address ?? []),
  };
}

function lawsOf(laws: NonNullable<RubricFile['laws']>, tables: readonly RubricTable[]): Law[] {
  return laws.flatMap((law) => {
    const equations = equationsOf(law.law, rowsOf({ tables }));
    return typeof equations === 'string' ? [] : { ...law, equations };
  });
}

/** The tables of a rubric whose names are all valid; its laws need not be. */
export function tablesOf({ tables }: Pick<RubricFile, 'tables'>): RubricTable[] {
  return tables.map((table) => ({
    export: table.export,
    label: table.label,
    columns: table.columns.map((column) => {
      const kind = cellKind(column, column);
      const { id, label, ask: guidingQuestion } = column;
      return { id, label: withUnit(label, kind), guidingQuestion, note: kindOf(kind).note };
    }),
    rows: table.rows.map((row) => {
      const { id, label, heading, points = table.points } = row;
      return { id, label, heading, cells: table.columns.flatMap((column) => cellOf(row, column, points)) };
    }),
  }));
}

/** One cell, or none if the row does not have the column. */
function cellOf(row: RowFile, column: ColumnFile, points: number): RubricCell[] {
  const cellFields = row.cells?.[column.id] ?? {};
  if (cellFields.void) return [];
  const kind = cellKind(cellFields, column);
  const name = withUnit(cellFields.label ?? column.label, kind);
  return [
    {
      id: column.id,
      label: `${row.label}${between}${inSentence(name)}`,
      name: name === withUnit(column.label, cellKind(column, column)) ? undefined : name,
      points,
      guidingQuestion: cellFields.ask ?? column.ask,
      ...kind,
    },
  ];
}

function withUnit(label: string, kind: CellKind): string {
  const { unit } = kindOf(kind);
  return unit === undefined ? label : `${label} in ${unit}`;
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

/** The kind of a cell: its own, or else its column's. Settings belong to the kind that they are listed with. */
export function cellKind(cellFields: AnswerFields, column: AnswerFields): CellKind {
  const kind = cellFields.kind ?? column.kind ?? kinds[0]?.id ?? '';
  const fields =
    cellFields.kind === undefined || cellFields.kind === column.kind
      ? { ...column, ...cellFields }
      : cellFields;
  const settings = kinds.find(({ id }) => id === kind)?.settings ?? {};
  return { kind, settings: Object.fromEntries(Object.entries(fields).filter(([name]) => name in settings)) };
}

/** The most that an exit ticket can earn. */
export function possibleReflection({ choose, points }: { choose: number; points: number }): number {
  return choose * points;
}

/** The lines above the questions in a reflection's file, each a paragraph or a heading. */
export function linesAbove({ intro = '' }: { readonly intro?: string }): string[] {
  return intro.split('\n').filter((line) => line.trim() !== '');
}

/** Normalizing can be slow, so only the start of a text is compared. */
const maxCompared = 1_000;

/** `1.`, `Q2:`, `| 3 |`, `Question 4 -` */
export const leadingNumber = /^[\s\p{P}|]*\p{L}{0,9}\s?\p{Nd}{1,2}\s*[\p{P}|]+(?!\p{Nd})\s*/u;

/** The letters and digits at the start of a text, without a leading number: equal for texts with the same wording. */
export function wordingOf(text: string): string {
  return text
    .slice(0, maxCompared)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/<\/?[a-z][^<>]{0,300}>|\]\([^()\s]{0,200}\)/gu, '') // tags and link targets
    .replace(/^[\s\p{P}]*\[[ x]\]/u, '') // a checkbox
    .replace(leadingNumber, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

/** The files that students edit, with forward slashes. */
export function studentFiles({ file, reflection }: Rubric): string[] {
  return reflection ? [file, reflection.file] : [file];
}

type WithRows<Row> = { readonly rows: readonly Row[] };

/** The rows of all tables. No two have the same id. */
export function rowsOf<Row>({ tables }: { readonly tables: readonly WithRows<Row>[] }): Row[] {
  return tables.flatMap(({ rows }) => rows);
}

/** Every cell of these rows, row by row. */
export function cellsOf<Cell>({ rows }: WithRows<{ readonly cells: readonly Cell[] }>): Cell[] {
  const allCells: Cell[] = [];
  // Several times faster than flatMap, and this runs often for every student.
  for (const { cells } of rows) allCells.push(...cells);
  return allCells;
}

/**
 * Two sentences that students read about a deadline: `Due Tuesday 1 December 2026, 23:59 (America/New_York).`, and what
 * lateness costs.
 */
export function dueLines(deadline: Deadline): string[] {
  const { due, timezone, late = {} } = deadline;
  const shown = (text: string) => momentText(momentOf(text, timezone) ?? Number.NaN, timezone);
  const [dueAt, lastAt] = [shown(due), late.until === undefined ? '' : shown(late.until)];
  const end = lastAt && `; nothing counts after ${lastAt}`;
  return [
    `Due ${dueAt} (${timezone}).`,
    dueAt === lastAt ? 'Late work does not count.' : `Late work ${costText(late)}${end}.`,
  ];
}

function costText({ per_day = 0, at_most }: NonNullable<Deadline['late']>): string {
  const isFree = [per_day, at_most].some((cost) => cost === 0 || cost === '0%');
  if (isFree) return 'counts in full';
  const points = (cost: string | number) => (typeof cost === 'string' ? cost : counted(cost, 'point'));
  const perDay = `loses ${points(per_day)}${typeof per_day === 'string' ? ' of the possible points' : ''} for each day begun`;
  return at_most === undefined ? perDay : `${perDay}, ${points(at_most)} at most`;
}
