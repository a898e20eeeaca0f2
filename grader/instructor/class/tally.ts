import { cellId } from '../../answers/answers';
import type { Hint } from '../../key/key';
import type { Message, Raw } from '../../message';
import type { Rubric } from '../../rubric/rubric';
import type { Adjustment, Graded } from './graded.schema';
import { SimilarTexts } from './similar';
import { TermCounter } from './terms';

/** A wrong value: how many typed it, and what it shows, by misconception. */
export interface WrongValue {
  count: number;
  readonly causes: Map<string, number>;
}

/** What a class made of one cell. */
export interface CellTally {
  right: number;
  wrong: number;
  /** Blank, or nothing that can be read as a number. */
  empty: number;
  readonly values: Map<number, WrongValue>;
}

/** A known wrong answer: how many students showed it at first or in the end, and its words in each row. */
export interface MisconceptionTally {
  students: number;
  readonly rows: Map<string, string>;
}

/** A student as the page names one. */
export interface Who {
  readonly label: string;
  readonly link?: string;
}

/** One response as the page shows it. */
export interface ShownResponse {
  readonly who: Who;
  readonly text: Raw;
  /** Cells that the student missed, as `cellId` names them: at first where that is known. */
  readonly missed: readonly string[];
}

/** Something about a student that is worth a look. */
export interface Remark {
  readonly who: Who;
  readonly why: Message;
}

const mostResponses = 200;
const mostRemarks = 500;
const mostValues = 10_000;

/** Everything that the page of a class shows, counted row by row; a row is not kept. */
export class Tally {
  readonly rubric: Rubric;
  readonly statuses = new Map<Graded['status'], number>();
  readonly points = new Map<number, number>();
  readonly final: TableTally;
  readonly first: TableTally;
  readonly misconceptions = new Map<string, MisconceptionTally>();
  /** Pairs of misconceptions that one student shows, a line each. */
  readonly pairs = new Map<string, number>();
  readonly responses = new Map<string, ShownResponse[]>();
  readonly responseCounts = new Map<string, number>();
  readonly terms: ReadonlyMap<string, TermCounter>;
  readonly similar = new SimilarTexts();
  readonly untouched: Who[] = [];
  readonly remarks: Remark[] = [];
  /** Keys of students, by the code of what needs review. */
  readonly needsReview = new Map<string, string[]>();
  remarkCount = 0;
  /** Students who need review. */
  reviewed = 0;
  untouchedCount = 0;
  students = 0;
  /** Students who filled something in. */
  started = 0;
  /** Students whose history was read, whether or not they started. */
  withHistory = 0;
  /** Students who have points. */
  withPoints = 0;
  late = 0;
  overridden = 0;
  /** Students who have 0 points because no work of theirs counts. */
  readonly zeros: string[] = [];
  unknown = 0;

  private readonly name: (row: Graded) => Who;

  /** @param name how the page names a student. */
  constructor(rubric: Rubric, name: (row: Graded) => Who) {
    this.rubric = rubric;
    this.name = name;
    this.final = new TableTally(rubric);
    this.first = new TableTally(rubric);
    this.terms = new Map(
      (rubric.reflection?.questions ?? []).map(({ id, label }) => [id, new TermCounter(label)]),
    );
  }

  add(row: Graded): void {
    this.students++;
    const has = (kind: Adjustment['is']) => row.adjustments.some(({ is }) => is === kind);
    if (!row.enrolled) this.unknown++;
    if (has('late')) this.late++;
    if (has('no submission')) this.zeros.push(row.login || row.key);
    if (row.overridden) this.overridden++;
    if (row.report?.started) this.started++;
    if (row.first) this.withHistory++;
    count(this.statuses, row.status);
    if (row.points !== null) {
      this.withPoints++;
      count(this.points, row.points);
    }
    this.addTables(row);
    this.addResponses(row);
    if (row.warnings.length > 0) this.reviewed++;
    for (const why of row.warnings) {
      this.remarkCount++;
      const keys = this.needsReview.get(why.code) ?? [];
      this.needsReview.set(why.code, keys);
      if (keys.at(-1) !== row.key) keys.push(row.key);
      if (this.remarks.length < mostRemarks) this.remarks.push({ who: this.name(row), why });
    }
  }

  /** Puts everything that names a student into the order of those names. */
  sortByName(): void {
    const byName = (a: { who: Who }, b: { who: Who }) => (a.who.label < b.who.label ? -1 : 1);
    for (const shown of this.responses.values()) shown.sort(byName);
    this.remarks.sort(byName);
    this.untouched.sort((a, b) => (a.label < b.label ? -1 : 1));
  }

  /** How many responses a question has that the page does not show. */
  unshown(question: string): number {
    return (this.responseCounts.get(question) ?? 0) - (this.responses.get(question)?.length ?? 0);
  }

  private addTables({ report, first }: Graded): void {
    const tables: readonly (readonly [TableTally, JudgedCells])[] = [
      ...(first ? [[this.first, first] as const] : []),
      ...(report?.started ? [[this.final, report] as const] : []),
    ];
    const shown = new Set<string>();
    for (const [tally, table] of tables) {
      for (const cell of table.cells) {
        const hint = cell.outcome === 'wrong' ? hintFor(cell, table) : undefined;
        tally.add(cell.row, cell.column, cell.value, cell.outcome === 'correct', hint?.misconception);
        if (!hint) continue;
        const known = this.misconceptions.get(hint.misconception) ?? { students: 0, rows: new Map() };
        this.misconceptions.set(hint.misconception, known);
        // A row's own words come first; those for the whole table are the next best.
        if (cell.hint || !known.rows.has(cell.row)) known.rows.set(cell.row, hint.text);
        shown.add(hint.misconception);
      }
    }
    const ids = [...shown].sort();
    for (const [index, id] of ids.entries()) {
      const known = this.misconceptions.get(id);
      if (known) known.students++;
      for (const other of ids.slice(index + 1)) count(this.pairs, `${id}\n${other}`);
    }
  }

  private addResponses(row: Graded): void {
    if (row.untouched) {
      this.untouchedCount++;
      if (this.untouched.length < mostRemarks) this.untouched.push(this.name(row));
    }
    const missed = missedBy(row);
    for (const { question, text } of row.responses) {
      count(this.responseCounts, question);
      this.terms.get(question)?.add(text, missed);
      this.similar.add(this.name(row).label, text);
      const shown = this.responses.get(question) ?? [];
      this.responses.set(question, shown);
      if (shown.length < mostResponses) shown.push({ who: this.name(row), text, missed });
    }
  }
}

/** A table whose cells were judged, one by one and as a whole: final answers and first ones alike. */
interface JudgedCells {
  readonly cells: readonly {
    readonly row: string;
    readonly column: string;
    readonly outcome: string;
    readonly value?: number;
    readonly hint?: Hint;
  }[];
  /** For a table that is transposed throughout. */
  readonly hint?: Hint;
}

/** What one wrong cell shows. */
function hintFor(cell: JudgedCells['cells'][number], { cells, hint }: JudgedCells): Hint | undefined {
  if (cell.hint || !hint) return cell.hint;
  // A row that holds one number throughout, or too few, does not show which way the table runs.
  const values = cells.filter(({ row }) => row === cell.row).map(({ value }) => value);
  return new Set(values).size > 1 && values.every((value) => value !== undefined) ? hint : undefined;
}

/** The cells that a student missed: in the first complete answer of a row, else in the end. */
function missedBy({ report, first }: Graded): string[] {
  const known = new Set(first?.cells.map(({ row }) => row));
  const final = report?.started ? report.cells.filter(({ row }) => !known.has(row)) : [];
  return [...(first?.cells ?? []), ...final]
    .filter(({ outcome }) => outcome !== 'correct')
    .map(({ row, column }) => cellId(row, column));
}

/** Counts of every cell of the table. */
export class TableTally {
  private readonly cells: ReadonlyMap<string, CellTally>;

  constructor({ table }: Rubric) {
    this.cells = new Map(table.cells.map(({ row, column }) => [cellId(row, column), emptyCell()]));
  }

  /**
   * @param value nothing where the cell holds no number.
   * @param cause the misconception that the value shows, where it shows one.
   */
  add(row: string, column: string, value: number | undefined, right: boolean, cause?: string): void {
    const cell = this.cells.get(cellId(row, column));
    if (!cell) return;
    if (right) cell.right++;
    else if (value === undefined) cell.empty++;
    else {
      cell.wrong++;
      // Past so many different numbers another is no common mistake.
      if (cell.values.size >= mostValues && !cell.values.has(value)) return;
      const known = cell.values.get(value) ?? { count: 0, causes: new Map() };
      known.count++;
      if (cause !== undefined) count(known.causes, cause);
      cell.values.set(value, known);
    }
  }

  cell(row: string, column: string): CellTally {
    return this.cells.get(cellId(row, column)) ?? emptyCell();
  }
}

function emptyCell(): CellTally {
  return { right: 0, wrong: 0, empty: 0, values: new Map() };
}

export function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
