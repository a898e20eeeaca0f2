import { counted } from '../../message';
import type { Deadline } from '../../rubric/file.schema';
import { daysLater, momentOf, movedAlike, msPerDay } from '../../rubric/moment';
import type { HostTime } from '../members/download';

/** When work is due for one student, as moments in milliseconds since 1970, and what lateness costs. */
export interface Due {
  readonly dueAt: number;
  /** Work that comes no later than this is on time. */
  readonly graceEndsAt: number;
  /** Work that comes later than this does not count; never before `graceEndsAt`. */
  readonly closesAt: number;
  readonly policy: Deadline;
}

/** A student's due date in the host's record, if it differs from everybody's date here. */
export interface HostDue extends HostTime {
  readonly host: string;
  /** Whether other students have another date there. */
  readonly isOwn: boolean;
  /** In milliseconds since 1970, if it is an extension; undefined if it is not later, or we cannot read it. */
  readonly extends: number | undefined;
}

/**
 * Returns the deadline of one student; without a policy nothing is ever late.
 *
 * @param extension a later moment for this student; `until` moves by as much, on the course's clock.
 */
export function dueOf(policy: Deadline = { due: '', timezone: 'UTC' }, extension = 0) {
  const { due, late, grace_minutes = 0, timezone } = policy;
  const momentAt = (text = '') => momentOf(text, timezone) ?? Number.POSITIVE_INFINITY;
  const dueAt = Math.max(momentAt(due), extension);
  const graceEndsAt = dueAt + grace_minutes * 60_000;
  const until = movedAlike(momentAt(late?.until), momentAt(due), dueAt, timezone);
  return { dueAt, graceEndsAt, closesAt: Math.max(until, graceEndsAt), policy };
}

/** The due date of a student, from their result, which has an extension if it is later than the course's date. */
export function dueOfResult({ extension = '' }: { readonly extension?: string }, policy: Deadline) {
  return dueOf(policy, momentOf(extension, policy.timezone));
}

/**
 * Returns what lateness costs; undefined for work that is on time. The n-th late day ends at the clock time of the due
 * date, n dates later. The total cost is rounded down to whole points, even if there were fewer to lose.
 *
 * @param submitted when the work was handed in, in milliseconds since 1970.
 * @param possible the points of the whole worksheet, for a cost in percent.
 */
export function latenessOf({ dueAt, graceEndsAt, policy }: Due, submitted: number, possible: number) {
  if (submitted <= graceEndsAt) return undefined;
  let days = Math.max(1, Math.floor((submitted - dueAt) / msPerDay));
  while (submitted > daysLater(dueAt, days, policy.timezone)) days++;
  const points = (cost: string | number) =>
    typeof cost === 'number' ? cost : (Number.parseInt(cost, 10) * possible) / 100;
  const { per_day = 0, at_most = Number.POSITIVE_INFINITY } = policy.late ?? {};
  return {
    days,
    cost: Math.floor(Math.min(days * points(per_day), points(at_most))),
    reason: `Late by ${counted(days, 'day')}`,
  };
}
