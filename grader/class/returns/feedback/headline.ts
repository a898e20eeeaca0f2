import { lowerFirst } from '../../../message';
import { scoreLine } from '../../../render/status';
import type { Deadline } from '../../../rubric/file.schema';
import { momentOf, momentText } from '../../../rubric/moment';
import type { Rubric } from '../../../rubric/rubric';
import { dueOf } from '../../histories/deadline';
import type { Adjustment, StudentResult } from '../../results/student-result.schema';

/**
 * The points that count, and how they came about: `15 of 16 points (16, and 1 less: late by 1 day)`. This is the only
 * number that a student is told.
 */
export function headlineOf(
  result: StudentResult,
  { possible }: Pick<Rubric, 'possible'>,
  deadline?: Deadline,
): string {
  const { report, points, adjustments } = result;
  const [first] = adjustments;
  if (points === null) return report ? scoreLine(report) : notGraded(result, deadline);
  if (!first) return report ? scoreLine(report) : `${points} of ${possible} points`;
  // The points are for work that was found elsewhere, so nothing was earned before.
  const isInstead = first.kind === 'override' && (report?.started !== true || first.before === null);
  const how = isInstead
    ? `by hand: ${first.reason}`
    : [first.before ?? 'no points', ...adjustments.map(stepOf)].join(', and ');
  return `${points} of ${possible} points (${how})`;
}

/** Why there are no points. If work came too late, a student needs both times to see whether that is right. */
function notGraded({ status, submitted, extension }: StudentResult, deadline: Deadline | undefined): string {
  if (status !== 'after cutoff' || submitted === undefined || !deadline) return `Not graded: ${status}.`;
  const { closesAt } = dueOf(deadline, extension === undefined ? undefined : momentOf(extension));
  const [newest, cutoff] = [Date.parse(submitted), closesAt].map((time) => momentText(time, deadline));
  return `Not graded: the newest work we found is from ${newest}, after the cutoff on ${cutoff}. If that is wrong, or you have an extension, write to your instructor.`;
}

// The grader's own reasons are capitalized, because they begin a sentence elsewhere.
function stepOf({ kind, reason, before, after }: Adjustment): string {
  const change = after - (before ?? 0);
  const amount = change === 0 ? 'as many' : `${Math.abs(change)} ${change > 0 ? 'more' : 'less'}`;
  return kind === 'override' ? `${amount} by hand: ${reason}` : `${amount}: ${lowerFirst(reason)}`;
}
