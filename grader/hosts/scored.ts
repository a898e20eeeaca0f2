import { GraderError } from '../error';
import { assertReadable } from '../grade';
import type { Report } from '../report/report.schema';

/**
 * A Report that has points, as hosts need it.
 *
 * @throws {GraderError} where there was no key to judge by: no score is not a score of zero.
 */
export function scored(report: Report): Report & { readonly points: number } {
  assertReadable(report);
  const { points } = report;
  if (points === null) {
    throw new GraderError('key', 'There is no answer key here, so there is no score.');
  }
  return { ...report, points };
}
