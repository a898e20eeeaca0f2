import { scoreLine } from '../../../../render/status';
import type { Rubric } from '../../../../rubric/rubric';
import type { Adjustment, StudentResult } from '../../results/student-result.schema';

/**
 * The points that count, and how they came about: `15 of 16 points (16, and 1 less: late by 1 day)`. This is the only
 * number that a student is told.
 */
export function headlineOf(
  { report, status, points, adjustments }: StudentResult,
  { possible }: Pick<Rubric, 'possible'>,
): string {
  const [first] = adjustments;
  if (points === null) return report ? scoreLine(report) : `Nothing is graded: ${status}.`;
  if (!first) return report ? scoreLine(report) : `${points} of ${possible} points`;
  // The points are for work that was found elsewhere, so nothing was earned before.
  const isInstead = first.kind === 'override' && (report?.started !== true || first.before === null);
  const how = isInstead
    ? `by hand: ${first.reason}`
    : [first.before ?? 'no points', ...adjustments.map(stepOf)].join(', and ');
  return `${points} of ${possible} points (${how})`;
}

function stepOf({ kind, reason, before, after }: Adjustment): string {
  const change = after - (before ?? 0);
  const amount = change === 0 ? 'as many' : `${Math.abs(change)} ${change > 0 ? 'more' : 'less'}`;
  return kind === 'override' ? `${amount} by hand: ${reason}` : `${amount}: ${lowerFirst(reason)}`;
}

/** The grader's own reasons are capitalized, because they begin a sentence elsewhere. */
function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
