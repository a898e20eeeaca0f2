import type { Report } from '../../grading/report.schema';
import { worksheetPart } from '../../grading/score';
import type { StudentResult } from '../results/student-result.schema';
import { misconceptionsOf } from './misconceptions';

/** The cost of one error beyond its first cell. */
export interface CarriedError {
  /** Points of the cells that follow from the first. */
  readonly points: number;
  /** Labels of these cells. */
  readonly cells: readonly string[];
}

/**
 * Error carried forward, by misconception: of the wrong cells that only this one misconception explains,
 * the first stays wrong, and the result says how many points the others would be worth.
 */
export function carriedErrors(report: Report): ReadonlyMap<string, CarriedError> {
  const sheet = worksheetPart(report);
  const cells = sheet.rows.flatMap((row) => {
    const ids = misconceptionsOf(row, sheet);
    return row.cells.map((cell) => ({ cell, id: cell.outcome === 'wrong' ? ids.get(cell.id) : undefined }));
  });
  // Misconceptions that fit equally well are joined with “+”; which one applies is unknown.
  const ids = new Set(cells.flatMap(({ id }) => (id === undefined || id.includes('+') ? [] : id)));
  return new Map(
    [...ids].flatMap((id) => {
      const [, ...others] = cells.filter((one) => one.id === id).map(({ cell }) => cell);
      const points = others.reduce((sum, cell) => sum + cell.possible - (cell.points ?? 0), 0);
      return points > 0 ? [[id, { points, cells: others.map(({ label }) => label) }] as const] : [];
    }),
  );
}

/** Points that lateness costs beyond the points there were to lose; later additions first make up for these. */
export function owedForLateness({ adjustments }: Pick<StudentResult, 'adjustments'>): number {
  const late = adjustments.find(({ kind }) => kind === 'late');
  return Math.max(0, (late?.cost ?? 0) - ((late?.before ?? 0) - (late?.after ?? 0)));
}
