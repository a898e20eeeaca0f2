import * as stopword from 'stopword';
import type { Cause, Outcome } from '../../../grading/report.schema';
import { type Misconception, titleOf } from '../../../key/hints';
import type { Answer, Kind } from '../../../kinds/kind';
import { kindOf } from '../../../kinds/registry';
import type { Message, Untrusted } from '../../../message';
import { misconceptionIn } from '../../../render/status';
import { cellsOf, type Rubric, type RubricCell, type RubricTable, rowsOf } from '../../../rubric/rubric';
import { type HintsByTable, hintsByTable, misconceptionsIn, misconceptionsOf } from '../histories/ideas';
import type { Adjustment, StudentResult } from '../results/student-result.schema';
import { SimilarTexts } from './similar';

/** A wrong value: how many typed it, and what it shows, by misconception. */
export interface WrongValue {
  count: number;
  readonly misconceptions: Map<string, number>;
  /** What else is known of it. */
  readonly cause?: Cause;
}

/** What a class made of one cell. */
export interface CellStats {
  readonly id: string;
  /** `Row · column` */
  readonly label: string;
  /** As the rubric has it. */
  readonly name?: string;
  right: number;
  wrong: number;
  /** Blank, or nothing that can be read as an answer. */
  empty: number;
  /** How often something was written that cannot be read as an answer, by what it was. */
  readonly unread: Map<Untrusted, number>;
  /** By the value as people read it. */
  readonly values: Map<string, WrongValue>;
}

export interface RowStats {
  readonly id: string;
  readonly label: string;
  readonly heading?: string;
  readonly cells: readonly CellStats[];
}

/** A known wrong answer: who showed it, and its words in each row. */
export interface MisconceptionStats {
  /** Students who showed it in a first attempt, in the end or in between. */
  students: number;
  /** Students whose first attempts show it. */
  first: number;
  /** Students whose final answers show it. */
  still: number;
  /** After how many states with other answers those who no longer show it had got over it: how many students. */
  readonly after: Map<number, number>;
  /** Its words, by row. */
  readonly rows: Map<string, string>;
  /** Students whose final answers show it, by row. */
  readonly held: Map<string, number>;
}

/** Somebody who may want a conversation: who has not started, or holds on to an idea. */
export interface Conversation {
  readonly who: Who;
  /** The misconception that the last two attempts show, with what was told of it; missing who has not started. */
  readonly idea?: { readonly id: string; readonly row: string; readonly text: string };
  /** Other misconceptions that both show as well. */
  readonly others: readonly string[];
  /** What the student wrote in the reflection. */
  readonly said: readonly Untrusted[];
}

/** A wrong answer of which nothing is known, and how many students gave it. */
export interface UnexplainedAnswer {
  readonly row: string;
  readonly cell: RubricCell;
  readonly value: Answer;
  count: number;
}

/** What became of cells after something was told of them, by student: the first cell of each counts. */
export interface HintStats {
  readonly cause: Cause;
  students: number;
  /** Students whose cell has a different answer later, and how many of these are right. */
  changed: number;
  right: number;
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
  /** The student's. */
  readonly key: string;
  readonly reason: Message;
}

/** What a student thinks is right and is marked wrong. */
export interface Dispute extends NonNullable<StudentResult['dispute']> {
  readonly who: Who;
  readonly key: string;
  /** Misconceptions in the student's final answers. */
  readonly shows: readonly string[];
}

const mostResponses = 200;
const mostRemarks = 500;
const mostValues = 10_000;

/** Everything that the page of a class shows, counted row by row; a row is not kept. */
export class ClassStats {
  readonly rubric: Rubric;
  readonly statuses = new Map<StudentResult['status'], number>();
  readonly points = new Map<number, number>();
  readonly final: WorksheetStats;
  readonly first: WorksheetStats;
  readonly misconceptions = new Map<string, MisconceptionStats>();
  /** By row, column and answer. */
  readonly unexplained = new Map<string, UnexplainedAnswer>();
  /** By cause. */
  readonly hints = new Map<string, HintStats>();
  /** Pairs of misconceptions that one student shows, a line each. */
  readonly pairs = new Map<string, number>();
  readonly responses = new Map<string, ShownResponse[]>();
  readonly responseCounts = new Map<string, number>();
  readonly keywords: ReadonlyMap<string, KeywordCounter>;
  readonly similar = new SimilarTexts();
  readonly conversations: Conversation[] = [];
  readonly disputes: Dispute[] = [];
  readonly remarks: Remark[] = [];
  /** Keys of students, by the code of what needs review. */
  readonly needsReview = new Map<string, string[]>();
  remarkCount = 0;
  /** Students who need review. */
  reviewed = 0;
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

  /** Folders of groups whose responses are counted already. */
  private readonly groupFolders = new Set<string>();

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
    this.final = new WorksheetStats(rubric);
    this.first = new WorksheetStats(rubric);
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
    this.addConversation(row);
    if (row.dispute && this.disputes.length < mostRemarks)
      this.disputes.push({
        who: this.name(row),
        key: row.key,
        ...row.dispute,
        shows: row.report ? [...misconceptionsIn(row.report)] : [],
      });
    this.addHints(row);
    this.addResponses(row);
    if (row.warnings.length > 0) this.reviewed++;
    for (const reason of row.warnings) {
      this.remarkCount++;
      const keys = this.needsReview.get(reason.code) ?? [];
      this.needsReview.set(reason.code, keys);
      if (keys.at(-1) !== row.key) keys.push(row.key);
      if (this.remarks.length < mostRemarks) this.remarks.push({ who: this.name(row), key: row.key, reason });
    }
  }

  /** How many responses a question has that the page does not show. */
  unshown(question: string): number {
    return (this.responseCounts.get(question) ?? 0) - (this.responses.get(question)?.length ?? 0);
  }

  private addTables({ report, first, misconceptions }: StudentResult): void {
    const tries: readonly (readonly [WorksheetStats, readonly CountedRow[], HintsByTable])[] = [
      ...(first ? [[this.first, first.rows, first.hints] as const] : []),
      ...(report?.started ? [[this.final, report.rows, hintsByTable(report)] as const] : []),
    ];
    const shown = new Set((misconceptions?.shown ?? []).map(({ id }) => id));
    const held = new Map<string, Set<string>>();
    const atFirst = new Set<string>();
    const unexplained = new Set<string>();
    for (const [stats, rows, hints] of tries) {
      for (const row of rows) {
        const ids = misconceptionsOf(row, hints);
        for (const cell of row.cells) {
          const id = ids.get(cell.id);
          stats.add(row.id, cell, id);
          if (id === undefined) {
            if (cell.outcome === 'wrong' && !cell.cause) this.addUnexplained(row.id, cell, unexplained);
            continue;
          }
          shown.add(id);
          if (stats === this.first) atFirst.add(id);
          else held.set(id, (held.get(id) ?? new Set()).add(row.id));
          const own = misconceptionIn(cell);
          const text = (own === undefined ? hints[row.table] : cell.reason)?.text ?? '';
          // A row's own words come first; those for the whole table are the next best.
          const known = this.misconception(id).rows;
          if (own !== undefined || !known.has(row.id)) known.set(row.id, text);
        }
      }
    }
    const ids = [...shown].sort();
    for (const [index, id] of ids.entries()) {
      const known = this.misconception(id);
      known.students++;
      if (atFirst.has(id)) known.first++;
      if (held.has(id)) known.still++;
      for (const row of held.get(id) ?? []) count(known.held, row);
      const at = misconceptions?.shown.find((entry) => entry.id === id)?.at ?? [];
      if (!held.has(id) && at.length > 0) count(known.after, Math.max(...at) - Math.min(...at) + 1);
      for (const other of ids.slice(index + 1)) count(this.pairs, `${id}\n${other}`);
    }
  }

  private misconception(id: string): MisconceptionStats {
    const known = this.misconceptions.get(id) ?? {
      students: 0,
      first: 0,
      still: 0,
      after: new Map(),
      rows: new Map(),
      held: new Map(),
    };
    this.misconceptions.set(id, known);
    return known;
  }

  /** Whoever has not started, or shows the same idea in the last two attempts. */
  private addConversation(row: StudentResult): void {
    if (this.conversations.length >= mostRemarks) return;
    const { report, status, misconceptions } = row;
    const who = this.name(row);
    if (status === 'not started' || status === 'no submission')
      this.conversations.push({ who, others: [], said: [] });
    if (!report?.started || !misconceptions) return;
    const { attempts, shown } = misconceptions;
    const hints = hintsByTable(report);
    const isHeld = ({ at }: { readonly at: readonly number[] }) =>
      at.includes(attempts) && at.includes(attempts - 1);
    const held = new Set(shown.filter(isHeld).map(({ id }) => id));
    for (const graded of report.rows) {
      for (const [column, id] of misconceptionsOf(graded, hints)) {
        if (!held.has(id)) continue;
        const cell = graded.cells.find((one) => one.id === column);
        const text = cell?.reason?.text ?? hints[graded.table]?.text ?? '';
        this.conversations.push({
          who,
          idea: { id, row: graded.id, text },
          others: [...held].filter((other) => other !== id),
          said: row.responses.map((response) => response.text),
        });
        return;
      }
    }
  }

  /** @param before what was counted for the student already. */
  private addUnexplained(row: string, { id, value }: CountedCell, before: Set<string>): void {
    const cell = rowsOf(this.rubric)
      .find((candidate) => candidate.id === row)
      ?.cells.find((candidate) => candidate.id === id);
    const key = JSON.stringify([row, id, value]);
    if (!cell || value === undefined || before.has(key)) return;
    before.add(key);
    if (this.unexplained.size >= mostValues && !this.unexplained.has(key)) return;
    const known = this.unexplained.get(key) ?? { row, cell, value, count: 0 };
    known.count++;
    this.unexplained.set(key, known);
  }

  private addHints({ hints = [] }: StudentResult): void {
    const counted = new Set<string>();
    for (const { cause, next } of hints) {
      const key = JSON.stringify([cause.kind, cause.name]);
      if (counted.has(key)) continue;
      counted.add(key);
      const known = this.hints.get(key) ?? { cause, students: 0, changed: 0, right: 0 };
      known.students++;
      if (next) known.changed++;
      if (next === 'correct') known.right++;
      this.hints.set(key, known);
    }
  }

  private addResponses(row: StudentResult): void {
    // What a group wrote together is one text.
    const isRepeated = row.group !== undefined && this.groupFolders.has(row.folder ?? '');
    if (isRepeated) return;
    if (row.group !== undefined) this.groupFolders.add(row.folder ?? '');
    const who = row.group === undefined ? this.name(row) : { ...this.name(row), label: row.group };
    const missed = missedBy(row, this.rubric);
    for (const { question, text } of row.responses) {
      count(this.responseCounts, question);
      this.keywords.get(question)?.add(text, missed);
      this.similar.add(who.label, text);
      const shown = this.responses.get(question) ?? [];
      this.responses.set(question, shown);
      if (shown.length < mostResponses) shown.push({ who, text, missed });
    }
  }
}

/** The part of a graded row that first attempts have as well. */
interface CountedRow {
  readonly id: string;
  readonly table: string;
  readonly cells: readonly CountedCell[];
}

interface CountedCell {
  readonly id: string;
  readonly outcome: Outcome;
  readonly value?: Answer;
  readonly sourceText?: Untrusted;
  readonly cause?: Cause;
  readonly reason?: Message;
}

/** The cells that a student missed: in the first complete answer of a row, else in the end. */
function missedBy({ report, first }: StudentResult, rubric: Rubric): RubricCell[] {
  return rowsOf(rubric).flatMap(({ id, cells }) => {
    const graded =
      first?.rows.find((row) => row.id === id) ??
      (report?.started ? report.rows.find((row) => row.id === id) : undefined);
    const missed = new Set(graded?.cells.flatMap((cell) => (cell.outcome === 'correct' ? [] : cell.id)));
    return cells.filter((cell) => missed.has(cell.id));
  });
}

/** Counts of one table of the worksheet. */
export interface TableStats extends Pick<RubricTable, 'export' | 'label' | 'columns'> {
  readonly rows: readonly RowStats[];
}

/** Counts of every cell of the worksheet. */
export class WorksheetStats {
  readonly tables: readonly TableStats[];
  private readonly cells = new Map<string, { readonly stats: CellStats; readonly kind: Kind }>();

  constructor({ tables }: Rubric) {
    this.tables = tables.map((table) => ({
      ...table,
      rows: table.rows.map(({ id, label, heading, cells }) => ({
        id,
        label,
        heading,
        cells: cells.map((cell) => {
          const stats = {
            id: cell.id,
            label: cell.label,
            name: cell.name,
            right: 0,
            wrong: 0,
            empty: 0,
            unread: new Map(),
            values: new Map(),
          };
          this.cells.set(JSON.stringify([id, cell.id]), { stats, kind: kindOf(cell) });
          return stats;
        }),
      })),
    }));
  }

  /** @param misconception the one that the value shows, where it shows one. */
  add(row: string, { id, outcome, value, sourceText, cause }: CountedCell, misconception?: string): void {
    const found = this.cells.get(JSON.stringify([row, id]));
    if (!found) return;
    const { stats: cell, kind } = found;
    if (outcome === 'correct') cell.right++;
    else if (value === undefined) {
      cell.empty++;
      const isNew = sourceText !== undefined && !cell.unread.has(sourceText);
      if (sourceText !== undefined && !(isNew && cell.unread.size >= mostValues))
        count(cell.unread, sourceText);
    } else {
      cell.wrong++;
      const shown = kind.print(value);
      // Past so many different values another is no common mistake.
      if (cell.values.size >= mostValues && !cell.values.has(shown)) return;
      const known = cell.values.get(shown) ?? { count: 0, misconceptions: new Map(), cause };
      known.count++;
      if (misconception !== undefined) count(known.misconceptions, misconception);
      cell.values.set(shown, known);
    }
  }

  /** The cells that most missed, and of how many. */
  mostMissed(limit: number): { readonly label: string; readonly missed: number; readonly all: number }[] {
    return this.all()
      .map(({ label, right, wrong, empty }) => ({ label, missed: wrong + empty, all: right + wrong + empty }))
      .filter(({ missed }) => missed > 0)
      .sort((a, b) => b.missed / b.all - a.missed / a.all)
      .slice(0, limit);
  }

  /** Every cell, row by row. */
  all(): CellStats[] {
    return cellsOf({ rows: rowsOf(this) });
  }

  /** Whether anybody answered any cell. */
  hasAnswers(): boolean {
    return this.all().some(({ right, wrong }) => right + wrong > 0);
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
