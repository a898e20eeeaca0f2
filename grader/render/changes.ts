import type { GradedCell, GradedRow, Report } from '../grading/report.schema';
import { worksheetPart } from '../grading/score';
import { shortLabelIn } from './status';

/** The differences between a Report and the previous one. */
export interface Changes {
  /** `+2: Basket is right.`; missing if there is no previous Report to compare with. */
  readonly text?: string;
  /** Rows that have just become right. */
  readonly risen: ReadonlySet<GradedRow>;
}

/**
 * Compares a Report with the previous one. If there is none, or it is for another worksheet, rows count as
 * newly right only if every row is right.
 */
export function changesSince(earlier: Report | undefined, report: Report): Changes {
  const { rows } = worksheetPart(report);
  if (earlier?.rubric !== report.rubric) return { risen: new Set(rows.every(isRight) ? rows : []) };
  // An unreadable row is not wrong, and a row that is readable again has not just become right.
  const isWhole = [earlier, report].every(canCompare);
  const before = new Map(worksheetPart(earlier).rows.map((row) => [keyOf(row), row] as const));
  const changed = rows.map((row) => {
    const rightBefore = rightIn(before.get(keyOf(row)));
    const rightNow = rightIn(row);
    const gained = row.cells.filter(({ id }) => rightNow.has(id) && !rightBefore.has(id));
    const lost = row.cells.filter(({ id }) => rightBefore.has(id) && !rightNow.has(id));
    return { row, gained, lost };
  });
  const risen = new Set(changed.flatMap(({ row, gained }) => (gained.length > 0 && isRight(row) ? row : [])));
  if (!isWhole) return { risen: new Set() };
  if (report.points === null || earlier.points === null) return { risen };
  const gained = changed.flatMap((one) =>
    labels(one.row, risen.has(one.row) ? one.row.cells : one.gained, rows),
  );
  const lost = changed.flatMap((one) => labels(one.row, one.lost, rows));
  const points = report.points - earlier.points;
  const ofReflection = (report.reflection?.points ?? 0) - (earlier.reflection?.points ?? 0);
  const ofCells = [...sentence(gained, 'right'), ...sentence(lost, 'no longer right')].join('; ');
  const sum = points === 0 || points === ofReflection ? '' : `${signed(points)}: `;
  const text = [
    ...(ofCells === '' ? [] : [sum + ofCells]),
    ...(ofReflection === 0 ? [] : [`${signed(ofReflection)} for the reflection`]),
  ].join('; ');
  return { text: text === '' ? 'Same points as before.' : `${text}.`, risen };
}

/** `Basket and Crate are right`, or nothing if there are none. */
function sentence(some: readonly string[], how: string): string[] {
  return some.length === 0 ? [] : [`${inWords.format(some)} ${some.length === 1 ? 'is' : 'are'} ${how}`];
}

/** Whether all answers of a Report that points depend on could be read. */
export function canCompare(report: Report): boolean {
  const { state, unreadable, problems } = worksheetPart(report);
  return state === 'read' && !unreadable && !problems.some(({ table }) => table !== undefined);
}

function rightIn(row: GradedRow | undefined): ReadonlySet<string> {
  return new Set(row?.cells.flatMap(({ id, outcome }) => (outcome === 'correct' ? [id] : [])));
}

function isRight({ cells }: GradedRow): boolean {
  return cells.length > 0 && cells.every(({ outcome }) => outcome === 'correct');
}

function keyOf({ table, id }: GradedRow): string {
  return JSON.stringify([table, id]);
}

function signed(points: number): string {
  return `${points > 0 ? '+' : '−'}${Math.abs(points)}`;
}

const inWords = new Intl.ListFormat('en');

/** The label of the row if all its cells are given, else one label for each, such as `Basket · down`. */
function labels(row: GradedRow, some: readonly GradedCell[], rows: readonly GradedRow[]): string[] {
  if (some.length === row.cells.length) return [shortLabelIn(rows, row)];
  return some.map((cell) => shortLabelIn(rows, row) + cell.label.slice(row.label.length));
}
