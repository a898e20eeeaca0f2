import type { Report } from '../../grading/report.schema';
import { worksheetPart } from '../../grading/score';
import type { Untrusted } from '../../message';
import { completeAgain, gradedCells, valueText } from '../../render/status';
import { type Rubric, rowName, rowsAgain } from '../../rubric/rubric';
import type { ReviewTopic, StudentResult, Warning } from '../results/student-result.schema';
import { carriedErrors, owedForLateness } from './carried';
import { writtenIn } from './idea-stats';
import { hintFor, misconceptionsIn, misconceptionsOf } from './misconceptions';

/** A student as named on the page. */
export interface Who {
  readonly label: string;
  readonly link?: string;
}

/** A student to talk to, who has not started or holds on to an idea. */
export interface Conversation {
  readonly who: Who;
  /** The misconception that the student holds, with its hint; missing if the student has not started. */
  readonly idea?: { readonly id: string; readonly row: string; readonly text: string };
  /** Other misconceptions that the student holds. */
  readonly others: readonly string[];
  /** The student's responses in the reflection. */
  readonly said: readonly Untrusted[];
}

/** A student's points, and the points if each error cost only its first cell. */
export interface Score {
  readonly points: number;
  readonly carried: number;
}

/** A student with few points. */
export interface LowScore extends Score {
  readonly who: Who;
  readonly wrong: number;
  /** Misconceptions in the final answers. */
  readonly shows: readonly string[];
}

/** A student whom one error cost several cells. */
export interface Carried extends Score {
  readonly who: Who;
  readonly key: string;
  /** Labels of the cells that follow from the first. */
  readonly cells: readonly string[];
}

/** A typo that keeps answers from being read, and the points without it. */
export interface Slip extends NonNullable<StudentResult['corrected']> {
  readonly who: Who;
  readonly key: string;
  readonly now: number;
  /** The line as written, and as it has to be. */
  readonly written: Untrusted;
  readonly right: Untrusted;
}

/** A warning about a student that is worth a look. */
export interface StudentWarning {
  readonly who: Who;
  readonly key: string;
  /** Where the submission is in the class folder. */
  readonly folder: string | undefined;
  /** Whether a typo of the student is corrected, or points are set by hand. */
  readonly isSettled: boolean;
  readonly reason: Warning;
}

/** An answer that the student thinks is right and that is marked wrong. */
export interface Dispute {
  readonly who: Who;
  readonly key: string;
  readonly text: Untrusted;
  /** The cells that it may be about: those without points, each with what was typed. */
  readonly cells: readonly string[];
  /** Misconceptions in the student's final answers. */
  readonly shows: readonly string[];
}

/** The most items that each list keeps. */
const maxKept = 500;

/** A list that keeps only its first items, and its full length. */
export class Kept<Item> {
  readonly items: Item[] = [];
  count = 0;

  add(item: Item): void {
    this.count++;
    if (this.items.length < maxKept) this.items.push(item);
  }
}

function listOf<Key, Item>(lists: Map<Key, Kept<Item>>, key: Key): Kept<Item> {
  const known = lists.get(key) ?? new Kept<Item>();
  lists.set(key, known);
  return known;
}

/** A student who may want another look at the second table. */
export interface AnotherLook {
  readonly who: Who;
  /** An idea that shows in both tables, with the row of the second where it shows and the text that a student reads there. */
  readonly idea?: { readonly id: string; readonly row: string; readonly text: string };
  /** Rows that are wrong, by name, with the student's answers. */
  readonly wrong: readonly { readonly row: string; readonly written: string }[];
}

/** The fewest wrong rows of the second table that list a student; a single one does not. */
const several = 2;

/** The most students in the list of those with the fewest points. */
const maxLowest = 20;

/** Collects the students who need something from the instructor. */
export class FollowUpStats {
  /** By misconception; under an empty string, the students who have not started. */
  readonly conversations = new Map<string, Kept<Conversation>>();
  readonly disputes = new Kept<Dispute>();
  readonly slips = new Kept<Slip>();
  /** Students with the fewest points, at most half of the possible points. */
  readonly lowest: LowScore[] = [];
  /** By misconception. */
  readonly carried = new Map<string, Kept<Carried>>();
  /** The points that the cells after the first of each error would earn. */
  readonly carriedPoints = new Kept<{
    readonly key: string;
    readonly more: number;
    readonly ids: readonly string[];
  }>();
  readonly anotherLook = new Kept<AnotherLook>();
  readonly remarks = new Kept<StudentWarning>();
  /** Keys of students, by the code of the warning that needs review. */
  readonly needsReview = new Map<string, string[]>();
  /** How many students need review. */
  reviewed = 0;
  private readonly name: (row: StudentResult) => Who;
  private readonly possible: number;
  /** Names of the rows of the second table, by id. */
  private readonly again: ReadonlyMap<string, string>;

  constructor(name: (row: StudentResult) => Who, rubric: Rubric) {
    this.name = name;
    this.possible = rubric.possible;
    this.again = new Map(rowsAgain(rubric).map((row) => [row.id, rowName(row)]));
  }

  /** The number of students to talk to. */
  get peopleToTalkTo(): number {
    const groups = [...this.conversations.values()];
    const named = new Set(groups.flatMap(({ items }) => items.map(({ who }) => who.label)));
    const others = new Set(
      [...this.lowest, ...this.anotherLook.items].flatMap(({ who }) =>
        named.has(who.label) ? [] : who.label,
      ),
    );
    return groups.reduce((sum, { count }) => sum + count, others.size);
  }

  add(row: StudentResult): void {
    this.addConversation(row);
    this.addSlip(row);
    this.addScore(row);
    const known = { who: this.name(row), key: row.key };
    if (row.dispute && row.report)
      this.disputes.add({
        ...known,
        text: row.dispute,
        cells: disputedCells(row.report),
        shows: [...misconceptionsIn(row.report)],
      });
    if (row.warnings.length > 0) this.reviewed++;
    const isSettled = row.overridden === true || row.corrected !== undefined;
    for (const reason of row.warnings) {
      const keys = this.needsReview.get(reason.code) ?? [];
      this.needsReview.set(reason.code, keys);
      if (keys.at(-1) !== row.key) keys.push(row.key);
      this.remarks.add({ ...known, folder: row.folder, isSettled, reason });
    }
  }

  private addSlip(row: StudentResult): void {
    const { corrected, report, points, key, overridden } = row;
    const excerpt = report?.problems.find((problem) => problem.excerpt?.corrected !== undefined)?.excerpt;
    if (!corrected || !excerpt?.corrected || overridden) return;
    const who = this.name(row);
    this.slips.add({
      ...corrected,
      who,
      key,
      now: points ?? 0,
      written: excerpt.line,
      right: excerpt.corrected,
    });
  }

  private addScore(row: StudentResult): void {
    const { key, report, points, corrected, overridden } = row;
    if (!report?.started || points === null || overridden) return;
    const who = this.name(row);
    const errors = [...carriedErrors(report)];
    const owed = owedForLateness(row);
    const pointsWith = (more: number) => Math.min(this.possible, points + Math.max(0, more - owed));
    const carried = pointsWith(errors.reduce((sum, [, error]) => sum + error.points, 0));
    for (const [id, { points: more, cells }] of errors)
      listOf(this.carried, id).add({ who, key, points, carried: pointsWith(more), cells });
    if (carried > points)
      this.carriedPoints.add({ key, more: carried - points, ids: errors.map(([id]) => id) });
    // A cell that could not be read is not a wrong answer.
    const isUnread = report.problems.some(({ table }) => report.unreadable || table !== undefined);
    if (corrected || isUnread || 2 * points > this.possible) return;
    const wrong = gradedCells(report).filter(({ outcome }) => outcome === 'wrong').length;
    this.lowest.push({ who, points, carried, wrong, shows: [...misconceptionsIn(report)] });
    this.lowest.sort((a, b) => a.points - b.points);
    this.lowest.length = Math.min(this.lowest.length, maxLowest);
  }

  /** Lists a student who has several rows of the second table wrong, or one because of the same idea again. */
  addAnotherLook(result: StudentResult): void {
    const again = result.report && completeAgain(result.report);
    if (!result.report || !again) return;
    const before = misconceptionsIn(worksheetPart(result.report));
    const wrong: { row: string; written: string }[] = [];
    let idea: AnotherLook['idea'];
    for (const row of again.rows) {
      if (row.cells.every(({ outcome }) => outcome === 'correct')) continue;
      const name = this.again.get(row.id) ?? row.id;
      wrong.push({ row: name, written: writtenIn(row) });
      const ids = [...misconceptionsOf(row, again).values()].flatMap((id) => id.split('+'));
      const id = ids.find((one) => before.has(one));
      const cell = row.cells.find(({ cause }) => id !== undefined && cause?.name.split('+').includes(id));
      if (id !== undefined) idea ??= { id, row: name, text: cell?.reason?.text ?? '' };
    }
    if (!idea && wrong.length < several) return;
    this.anotherLook.add({ who: this.name(result), wrong, ...(idea && { idea }) });
  }

  /** Lists a student who has not started, or who shows an idea in the final answers. */
  private addConversation(row: StudentResult): void {
    const { report, status, overridden, warnings } = row;
    const who = this.name(row);
    const isElsewhere = overridden || warnings.some(({ topic }) => hasWork.has(topic));
    if ((status === 'not started' || status === 'no submission') && !isElsewhere)
      listOf(this.conversations, '').add({ who, others: [], said: [] });
    if (!report?.started) return;
    const final = report.rows.flatMap((graded) =>
      [...misconceptionsOf(graded, report)].map(([column, id]) => ({ graded, column, id })),
    );
    const [first] = final;
    if (!first) return;
    const { graded, column, id } = first;
    const cell = graded.cells.find((one) => one.id === column);
    const text = cell?.reason?.text ?? hintFor(graded, report)?.text ?? '';
    listOf(this.conversations, id).add({
      who,
      idea: { id, row: graded.id, text },
      others: [...new Set(final.map((one) => one.id))].filter((other) => other !== id),
      said: row.responses.map((response) => response.text),
    });
  }
}

/** Topics of warnings about work that does not count. A student with such a warning has started. */
const hasWork: ReadonlySet<ReviewTopic> = new Set<ReviewTopic>([
  'versions',
  'instead',
  'found',
  'elsewhere',
  'ambiguous',
  'after cutoff',
  'download',
  'file',
]);

function disputedCells(report: Report) {
  const missed = gradedCells(report).filter(({ outcome }) => outcome === 'wrong' || outcome === 'invalid');
  return missed.map((cell) => {
    const typed = valueText(cell) ?? cell.sourceText;
    return typed === undefined ? cell.label : `${cell.label} (${typed})`;
  });
}
