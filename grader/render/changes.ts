import type { GradedRow, Report } from '../grading/report.schema';
import { shortLabel } from './status';

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
  const wasRight = new Set(earlier.rows.filter(isRight).map(keyOf));
  const risen = rows.filter((row) => isRight(row) && !wasRight.has(keyOf(row)));
  const fallen = rows.filter((row) => !isRight(row) && wasRight.has(keyOf(row)));
  const points = (report.points ?? 0) - (earlier.points ?? 0);
  const ofReflection = (report.reflection?.points ?? 0) - (earlier.reflection?.points ?? 0);
  const said = [
    ...(risen.length > 0 ? [`${named(risen)} right`] : []),
    ...(fallen.length > 0 ? [`${named(fallen)} no longer right`] : []),
    ...(ofReflection !== 0 ? [`${signed(ofReflection)} for the reflection`] : []),
  ].join('; ');
  if (points === 0)
    return { text: said === '' ? 'No point more or less than before.' : `${said}.`, risen: new Set(risen) };
  return {
    text: said === '' ? `${signed(points)} points.` : `${signed(points)}: ${said}.`,
    risen: new Set(risen),
  };
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
function named(rows: readonly GradedRow[]): string {
  return `${inWords.format(rows.map(({ label }) => shortLabel(label)))} ${rows.length === 1 ? 'is' : 'are'}`;
}
