import type { GradedRow, Report } from '../grading/report.schema';
import { shortLabelIn } from './status';

/** How a Report differs from the one before. */
export interface Changes {
  /** `+2: Basket is right.`; missing where nothing is known of a Report before. */
  readonly text?: string;
  /** Rows that have just become right. */
  readonly risen: ReadonlySet<GradedRow>;
}

/**
 * Compares a Report with the one before. Where there is none, or one of another worksheet, only a
 * worksheet that is right throughout has just become so.
 */
export function changesSince(earlier: Report | undefined, report: Report): Changes {
  const { rows } = report;
  if (earlier?.rubric !== report.rubric) return { risen: new Set(rows.every(isRight) ? rows : []) };
  // An unread row is not wrong, and one that can be read again has not just become right.
  const canCompare = (row: GradedRow) => [earlier, report].every((one) => isRead(row, one));
  const wasRight = new Set(earlier.rows.filter(isRight).map(keyOf));
  const compared = rows.filter(canCompare);
  const risen = compared.filter((row) => isRight(row) && !wasRight.has(keyOf(row)));
  const fallen = compared.filter((row) => !isRight(row) && wasRight.has(keyOf(row)));
  if (report.points === null || earlier.points === null || compared.length < rows.length)
    return { risen: new Set(risen) };
  const points = report.points - earlier.points;
  const ofReflection = (report.reflection?.points ?? 0) - (earlier.reflection?.points ?? 0);
  const said = [
    ...(risen.length > 0 ? [`${named(risen, rows)} right`] : []),
    ...(fallen.length > 0 ? [`${named(fallen, rows)} no longer right`] : []),
    ...(ofReflection !== 0 ? [`${signed(ofReflection)} for the reflection`] : []),
  ].join('; ');
  const all = new Set(risen);
  if (points === 0)
    return { text: said === '' ? 'No point more or less than before.' : `${said}.`, risen: all };
  return { text: said === '' ? `${signed(points)} points.` : `${signed(points)}: ${said}.`, risen: all };
}

function isRead({ table }: GradedRow, { state, unreadable, problems }: Report): boolean {
  return state === 'read' && !unreadable && !problems.some((problem) => problem.table === table);
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

/** `Basket and Crate are` */
function named(some: readonly GradedRow[], rows: readonly GradedRow[]): string {
  const labels = some.map((row) => shortLabelIn(rows, row));
  return `${inWords.format(labels)} ${some.length === 1 ? 'is' : 'are'}`;
}
