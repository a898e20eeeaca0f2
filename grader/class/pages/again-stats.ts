import { msPerDay } from '../../rubric/moment';
import { type Rubric, rowName, rowsAgain, rowsOf } from '../../rubric/rubric';
import type { StudentResult } from '../results/student-result.schema';
import { Kept, type Who } from './follow-up-stats';
import { writtenIn } from './idea-stats';
import { PairedStats, type Side, sideOf } from './paired-stats';

/** The most days between a worksheet and the rows that are asked again: a night may lie between them. */
const sameDay = 1;

/** The fewest wrong rows at other sizes that list a student; a single one does not. */
const several = 2;

/** A student who may want another look. */
export interface AnotherLook {
  readonly who: Who;
  /** An idea that shows again, with the row where it shows and the text that a student reads there. */
  readonly idea?: { readonly id: string; readonly row: string; readonly text: string };
  /** Rows that are wrong, by name, with the student's answers. */
  readonly wrong: readonly { readonly row: string; readonly written: string }[];
}

/** Whether a cell of a row that is asked again is counted, by the name of its row and its column. */
export type IsCounted = (row: string, column: string) => boolean;

/** Class statistics on the rows that were asked again, the same day. */
export class AgainStats {
  readonly paired = new PairedStats();
  readonly anotherLook = new Kept<AnotherLook>();
  /** Students who have started. */
  students = 0;
  /** Their submissions. A team's counts once, and so do submissions with the same attempts line by line. */
  submissions = 0;
  /** Of the submissions without both tries, those with a row that was wrong at first. */
  othersWrong = 0;
  private readonly name: (row: StudentResult) => Who;
  private readonly isCounted: IsCounted;
  /** Names of rows, by their ids in the worksheet, and by their ids in the table that is asked again. */
  private readonly first: ReadonlyMap<string, string>;
  private readonly again: ReadonlyMap<string, string>;
  private readonly known = new Set<string>();

  constructor(rubric: Rubric, name: (row: StudentResult) => Who, isCounted: IsCounted) {
    this.name = name;
    this.isCounted = isCounted;
    // A row where no cell counts tells nothing.
    const asked = rowsAgain(rubric).filter((row) => row.cells.some(({ id }) => isCounted(rowName(row), id)));
    this.first = new Map(asked.map((row) => [rowName(row), rowName(row)]));
    this.again = new Map(asked.map((row) => [row.id, rowName(row)]));
  }

  add(result: StudentResult): void {
    const { report, first } = result;
    if (this.again.size === 0 || !report?.started) return;
    this.students++;
    this.addAnotherLook(result);
    if (!this.isNew(result)) return;
    this.submissions++;
    const before = first && sideOf(first, this.first, this.isCounted);
    const after = first?.again && sideOf(first.again, this.again, this.isCounted);
    const isSameDay = first?.again?.afterMarks && first.again.days <= sameDay;
    if (before && after && isSameDay) {
      const later = report.again?.complete ? sideOf(report.again, this.again, this.isCounted) : undefined;
      this.paired.add(before, after, later);
    } else if (first?.rows.some((row) => this.first.has(row.id) && row.cells.some(isWrong)))
      this.othersWrong++;
  }

  private isNew({ folder, key, attempts }: StudentResult): boolean {
    const { digest } = attempts ?? {};
    const ids = [`folder ${folder ?? key}`, ...(digest === undefined ? [] : [`attempts ${digest}`])];
    const isNew = ids.every((id) => !this.known.has(id));
    for (const id of ids) this.known.add(id);
    return isNew;
  }

  private addAnotherLook(result: StudentResult): void {
    const { report, first } = result;
    const again = first?.again ?? (report?.again?.complete ? report.again : undefined);
    const after = again && sideOf(again, this.again, this.isCounted);
    if (!again || !after) return;
    const before = first && sideOf(first, this.first, this.isCounted);
    const wrong = again.rows.flatMap((row) => {
      const name = this.again.get(row.id);
      return name !== undefined && after.rows.get(name) === false
        ? [{ row: name, written: writtenIn(row) }]
        : [];
    });
    const idea = before && [...after.ideas].find(([id]) => before.ideas.has(id));
    if (!idea && wrong.length < several) return;
    const [id = '', [row = '']] = idea ?? ['', new Set<string>()];
    const texts = again.rows.find((one) => this.again.get(one.id) === row)?.cells ?? [];
    const text = texts.find(({ cause }) => cause?.name.split('+').includes(id))?.reason?.text ?? '';
    this.anotherLook.add({ who: this.name(result), wrong, ...(idea && { idea: { id, row, text } }) });
  }
}

function isWrong({ outcome }: { readonly outcome: string }): boolean {
  return outcome === 'wrong';
}

/** The final answers of students in an earlier run. */
export interface EarlierAnswers {
  /** By key; see `Member`. */
  readonly sides: ReadonlyMap<string, FinalSide>;
  /** The sizes that the earlier worksheet stated. */
  readonly sizes: string;
}

/** A student's final answers, and when they were handed in, in milliseconds since 1970. */
export interface FinalSide extends Side {
  readonly at: number;
}

/** Compares the final answers to a worksheet with those to a follow-up some days later. */
export class FollowUpAnswers {
  readonly paired = new PairedStats();
  /** Students who answered all of the follow-up, and those of them who are not in the earlier run. */
  students = 0;
  onlyNow = 0;
  private both = 0;
  readonly before: EarlierAnswers;
  private readonly rows: ReadonlyMap<string, string>;
  private readonly between: number[] = [];
  private readonly known = new Set<string>();
  private readonly now: number;

  /**
   * @param rubric the rubric of the follow-up.
   * @param now when it is graded, for submissions without a time.
   */
  constructor(rubric: Rubric, before: EarlierAnswers, now = Date.now()) {
    this.before = before;
    this.now = now;
    this.rows = ownNames(rubric);
  }

  /** The median number of days between the two. */
  get days(): number {
    const sorted = [...this.between].sort((one, other) => one - other);
    return Math.max(0, Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) / msPerDay));
  }

  get onlyBefore(): number {
    return this.before.sides.size - this.both;
  }

  add(result: StudentResult): void {
    const { key, folder = key } = result;
    const after = finalSide(result, this.rows, this.now);
    if (!after) return;
    this.students++;
    const before = this.before.sides.get(key);
    if (!before) {
      this.onlyNow++;
      return;
    }
    this.both++;
    // A team's submission counts once.
    if (this.known.has(folder)) return;
    this.known.add(folder);
    this.paired.add(before, after);
    this.between.push(after.at - before.at);
  }
}

/** The names of rows by their ids, in a worksheet that is compared as a whole. */
function ownNames(rubric: Rubric): ReadonlyMap<string, string> {
  return new Map(rowsOf(rubric).map(({ id }) => [id, id]));
}

/** A student's final answers; undefined if the worksheet was not started. Without a time, `otherwise` stands for it. */
function finalSide(
  { report, submitted }: StudentResult,
  rows: ReadonlyMap<string, string>,
  otherwise: number,
): FinalSide | undefined {
  const side = report?.started ? sideOf(report, rows, () => true) : undefined;
  return side && { ...side, at: submitted === undefined ? otherwise : Date.parse(submitted) };
}

/**
 * Returns the final answers of each student of an earlier run to some rows, by key.
 *
 * @param ended when that run ended, for submissions without a time.
 */
export function sidesBefore(
  results: Iterable<StudentResult>,
  rubric: Rubric,
  ended: number,
): Map<string, FinalSide> {
  const rows = ownNames(rubric);
  const found = new Map<string, FinalSide>();
  for (const result of results) {
    const side = finalSide(result, rows, ended);
    if (side) found.set(result.key, side);
  }
  return found;
}
