import * as stopword from 'stopword';
import { isTellable } from '../../grading/judge';
import type { Outcome } from '../../grading/report.schema';
import { type Misconception, titleOf } from '../../key/hints';
import type { Hint } from '../../key/key';
import type { Message, Untrusted } from '../../message';
import { cellsOf, type Rubric, type RubricCell } from '../../rubric/rubric';
import { SimilarTexts } from './similar';
import type { Adjustment, StudentResult } from './student-result.schema';

/** A wrong value: how many typed it, and what it shows, by misconception. */
export interface WrongValue {
  count: number;
  readonly causes: Map<string, number>;
}

/** What a class made of one cell. */
export interface CellStats {
  readonly id: string;
  /** `Row · column` */
  readonly label: string;
  right: number;
  wrong: number;
  /** Blank, or nothing that can be read as a number. */
  empty: number;
  readonly values: Map<number, WrongValue>;
}

export interface RowStats {
  readonly id: string;
  readonly label: string;
  readonly cells: readonly CellStats[];
}

/** A known wrong answer: how many students showed it at first or in the end, and its words in each row. */
export interface MisconceptionStats {
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
  readonly text: Untrusted;
  /** Cells that the student missed: at first where that is known. */
  readonly missed: readonly RubricCell[];
}

/** Something about a student that is worth a look. */
export interface Remark {
  readonly who: Who;
  readonly reason: Message;
}

const mostResponses = 200;
const mostRemarks = 500;
const mostValues = 10_000;

/** Everything that the page of a class shows, counted row by row; a row is not kept. */
export class ClassStats {
  readonly rubric: Rubric;
  readonly statuses = new Map<StudentResult['status'], number>();
  readonly points = new Map<number, number>();
  readonly final: TableStats;
  readonly first: TableStats;
  readonly misconceptions = new Map<string, MisconceptionStats>();
  /** Pairs of misconceptions that one student shows, a line each. */
  readonly pairs = new Map<string, number>();
  readonly responses = new Map<string, ShownResponse[]>();
  readonly responseCounts = new Map<string, number>();
  readonly keywords: ReadonlyMap<string, KeywordCounter>;
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

  private readonly name: (row: StudentResult) => Who;

  private readonly known: readonly Pick<Misconception, 'id' | 'title'>[];

  /**
   * @param name how the page names a student.
   * @param known the misconceptions of the course, for their titles.
   */
  constructor(
    rubric: Rubric,
    name: (row: StudentResult) => Who,
    known: readonly Pick<Misconception, 'id' | 'title'>[] = [],
  ) {
    this.rubric = rubric;
    this.known = known;
    this.name = name;
    this.final = new TableStats(rubric);
    this.first = new TableStats(rubric);
    this.keywords = new Map(
      (rubric.reflection?.questions ?? []).map(({ id, label }) => [id, new KeywordCounter(label)]),
    );
  }

  /** What a misconception is called on the page. */
  titleOf(misconception: string): string {
    return titleOf(this.known, misconception);
  }

  add(row: StudentResult): void {
    this.students++;
    const has = (wanted: Adjustment['kind']) => row.adjustments.some(({ kind }) => kind === wanted);
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
    for (const reason of row.warnings) {
      this.remarkCount++;
      const keys = this.needsReview.get(reason.code) ?? [];
      this.needsReview.set(reason.code, keys);
      if (keys.at(-1) !== row.key) keys.push(row.key);
      if (this.remarks.length < mostRemarks) this.remarks.push({ who: this.name(row), reason });
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

  private addTables({ report, first }: StudentResult): void {
    const tables: readonly (readonly [TableStats, GradedTable])[] = [
      ...(first ? [[this.first, first] as const] : []),
      ...(report?.started ? [[this.final, report] as const] : []),
    ];
    const shown = new Set<string>();
    for (const [stats, table] of tables) {
      for (const row of table.rows) {
        // A row that holds one number throughout, or too few, does not show which way the table runs.
        const tableHint = isTellable(row) ? table.hint : undefined;
        for (const cell of row.cells) {
          const hint = cell.outcome === 'wrong' ? (cell.hint ?? tableHint) : undefined;
          stats.add(row.id, cell, hint?.misconception);
          if (!hint) continue;
          const known = this.misconceptions.get(hint.misconception) ?? { students: 0, rows: new Map() };
          this.misconceptions.set(hint.misconception, known);
          // A row's own words come first; those for the whole table are the next best.
          if (cell.hint || !known.rows.has(row.id)) known.rows.set(row.id, hint.text);
          shown.add(hint.misconception);
        }
      }
    }
    const ids = [...shown].sort();
    for (const [index, id] of ids.entries()) {
      const known = this.misconceptions.get(id);
      if (known) known.students++;
      for (const other of ids.slice(index + 1)) count(this.pairs, `${id}\n${other}`);
    }
  }

  private addResponses(row: StudentResult): void {
    if (row.report?.reflection?.untouched) {
      this.untouchedCount++;
      if (this.untouched.length < mostRemarks) this.untouched.push(this.name(row));
    }
    const missed = missedBy(row, this.rubric);
    for (const { question, text } of row.responses) {
      count(this.responseCounts, question);
      this.keywords.get(question)?.add(text, missed);
      this.similar.add(this.name(row).label, text);
      const shown = this.responses.get(question) ?? [];
      this.responses.set(question, shown);
      if (shown.length < mostResponses) shown.push({ who: this.name(row), text, missed });
    }
  }
}

/** The part of a Report that first attempts have as well. */
interface GradedTable {
  readonly rows: readonly { readonly id: string; readonly cells: readonly CountedCell[] }[];
  /** For a table that is transposed throughout. */
  readonly hint?: Hint;
}

interface CountedCell {
  readonly id: string;
  readonly outcome: Outcome;
  readonly value?: number;
  readonly hint?: Hint;
}

/** The cells that a student missed: in the first complete answer of a row, else in the end. */
function missedBy({ report, first }: StudentResult, { table }: Rubric): RubricCell[] {
  return table.rows.flatMap(({ id, cells }) => {
    const graded =
      first?.rows.find((row) => row.id === id) ??
      (report?.started ? report.rows.find((row) => row.id === id) : undefined);
    const missed = new Set(graded?.cells.flatMap((cell) => (cell.outcome === 'correct' ? [] : cell.id)));
    return cells.filter((cell) => missed.has(cell.id));
  });
}

/** Counts of every cell of the table. */
export class TableStats {
  readonly rows: readonly RowStats[];

  constructor({ table }: Rubric) {
    this.rows = table.rows.map(({ id, label, cells }) => ({
      id,
      label,
      cells: cells.map((cell) => ({
        ...{ id: cell.id, label: cell.label },
        ...{ right: 0, wrong: 0, empty: 0, values: new Map() },
      })),
    }));
  }

  /** @param cause the misconception that the value shows, where it shows one. */
  add(row: string, { id, outcome, value }: CountedCell, cause?: string): void {
    const cell = this.rows.find((stats) => stats.id === row)?.cells.find((stats) => stats.id === id);
    if (!cell) return;
    if (outcome === 'correct') cell.right++;
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

  /** The cells that most missed, and of how many. */
  mostMissed(limit: number): { readonly label: string; readonly missed: number; readonly all: number }[] {
    return cellsOf(this)
      .map(({ label, right, wrong, empty }) => ({ label, missed: wrong + empty, all: right + wrong + empty }))
      .filter(({ missed }) => missed > 0)
      .sort((a, b) => b.missed / b.all - a.missed / a.all)
      .slice(0, limit);
  }

  /** Whether anybody answered any cell. */
  hasAnswers(): boolean {
    return cellsOf(this).some(({ right, wrong }) => right + wrong > 0);
  }
}

export function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Scripts that put no space between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const common: ReadonlySet<string> = new Set(stopword.eng);
const shortest = 4;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** A word that several texts say, and what those who said it missed. */
export interface Keyword {
  readonly word: string;
  count: number;
  readonly missed: Map<RubricCell, number>;
}

/** How many texts say each word, leaving out what everybody says. */
export class KeywordCounter {
  private readonly keywords = new Map<string, Keyword>();
  private readonly ignored: ReadonlySet<string>;

  /** @param question what was asked; its words are no answer. */
  constructor(question: string) {
    this.ignored = new Set(wordsIn(question));
  }

  add(text: string, missed: readonly RubricCell[]): void {
    for (const word of new Set(wordsIn(text))) {
      if (this.ignored.has(word)) continue;
      // A class says a few thousand different words; what is more than that is no language.
      if (this.keywords.size >= mostKeywords && !this.keywords.has(word)) continue;
      const keyword = this.keywords.get(word) ?? { word, count: 0, missed: new Map() };
      keyword.count++;
      for (const cell of missed) keyword.missed.set(cell, (keyword.missed.get(cell) ?? 0) + 1);
      this.keywords.set(word, keyword);
    }
  }

  /** The words that most texts say, and at least two. */
  most(limit: number): Keyword[] {
    return [...this.keywords.values()]
      .filter(({ count }) => count > 1)
      .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
      .slice(0, limit);
  }
}

const mostKeywords = 20_000;

function wordsIn(text: string): string[] {
  const plain = text.slice(0, 2000).normalize('NFKC').toLowerCase();
  if (unspaced.test(plain)) {
    return [...segmenter.segment(plain)].flatMap(({ segment, isWordLike }) =>
      isWordLike && segment.length > 1 ? segment : [],
    );
  }
  return (plain.match(/[\p{L}\p{M}]+/gu) ?? []).filter(
    (word) => word.length >= shortest && !common.has(word),
  );
}
