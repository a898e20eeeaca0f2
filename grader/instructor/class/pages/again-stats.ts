import { gradedCells } from '../../../render/status';
import { type Rubric, rowName, rowsOf } from '../../../rubric/rubric';
import type { StudentResult } from '../results/student-result.schema';
import { Kept, type Who } from './follow-up-stats';
import { PairedStats, type Side, sideOf } from './paired-stats';

/** A night may lie between a worksheet and what is asked again. */
const sameDay = 1;

/** Rows that are wrong at other sizes, of which a single one lists nobody. */
const several = 2;

/** Somebody who may want another look. */
export interface AnotherLook {
  readonly who: Who;
  /** An idea that shows again, with the row that it shows in and what a student reads of it there. */
  readonly idea?: { readonly id: string; readonly row: string; readonly text: string };
  /** Names of rows that are wrong. */
  readonly wrong: readonly string[];
}

/** Whether a cell of what is asked again is counted, by the name of its row and its column. */
export type IsCounted = (row: string, column: string) => boolean;

/** What a class made of the rows that it was asked again, the same day. */
export class AgainStats {
  readonly paired = new PairedStats();
  readonly anotherLook = new Kept<AnotherLook>();
  /** Students who have started. */
  students = 0;
  /** Their submissions: that of a team counts once, and so do those whose attempts are the same line by line. */
  submissions = 0;
  /** Of the submissions without both: those with a row that was wrong at first. */
  othersWrong = 0;
  private readonly name: (row: StudentResult) => Who;
  private readonly isCounted: IsCounted;
  /** The rows as the worksheet has them, and as they are asked again. */
  private readonly first: ReadonlyMap<string, string>;
  private readonly again: ReadonlyMap<string, string>;
  private readonly known = new Set<string>();

  constructor(rubric: Rubric, name: (row: StudentResult) => Who, isCounted: IsCounted) {
    this.name = name;
    this.isCounted = isCounted;
    const asked = rowsOf({ tables: rubric.again?.tables ?? [] });
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

  private isNew({ folder, key, attempts, first }: StudentResult): boolean {
    const graded = [...(first?.rows ?? []), ...(first?.again?.rows ?? [])];
    // What is right at once is the same for everybody who has it so.
    const isTelling = gradedCells({ rows: graded }).some(isWrong);
    const ids = [
      `folder ${folder ?? key}`,
      ...(attempts && isTelling ? [`attempts ${attempts.digest}`] : []),
    ];
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
    const wrong = [...after.rows].flatMap(([row, isRight]) => (isRight ? [] : row));
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

/** What students had in the end in an earlier run. */
export interface EarlierAnswers {
  /** By key; see `Member`. */
  readonly sides: ReadonlyMap<string, Side>;
  /** Days since that run. */
  readonly days: number;
  /** What that worksheet stated. */
  readonly sizes: string;
}

/** What stays of a worksheet: its final answers beside those to a follow-up some days later. */
export class FollowUpAnswers {
  readonly paired = new PairedStats();
  /** Students of the follow-up who have answered all of it, and who are not in both. */
  students = 0;
  onlyNow = 0;
  readonly before: EarlierAnswers;
  private readonly rows: ReadonlyMap<string, string>;

  /** @param rubric of the follow-up. */
  constructor(rubric: Rubric, before: EarlierAnswers) {
    this.before = before;
    this.rows = new Map(rowsOf(rubric).map(({ id }) => [id, id]));
  }

  get onlyBefore(): number {
    return this.before.sides.size - this.paired.students;
  }

  add({ report, key }: StudentResult): void {
    const after = report?.started ? sideOf(report, this.rows, everyCell) : undefined;
    if (!after) return;
    this.students++;
    const before = this.before.sides.get(key);
    if (before) this.paired.add(before, after);
    else this.onlyNow++;
  }
}

const everyCell: IsCounted = () => true;

/** What each student of an earlier run had in the end of some rows, by key. */
export function sidesBefore(results: Iterable<StudentResult>, rubric: Rubric): Map<string, Side> {
  const rows = new Map(rowsOf(rubric).map(({ id }) => [id, id]));
  const found = new Map<string, Side>();
  for (const { key, report } of results) {
    const side = report?.started ? sideOf(report, rows, everyCell) : undefined;
    if (side) found.set(key, side);
  }
  return found;
}
