import type { Deadline } from '../../rubric/file.schema';
import { daysLater, momentOf, msPerDay } from '../../rubric/moment';

/** When work is due for one student, as moments in milliseconds since 1970, and what lateness costs. */
export interface Due {
  readonly dueAt: number;
  /** Work that comes no later than this is on time. */
  readonly graceEndsAt: number;
  /** Work that comes later than this does not count; never before `graceEndsAt`. */
  readonly closesAt: number;
  readonly policy: Deadline;
}

/**
 * Returns the deadline of one student.
 *
 * @param extension a later moment for this student, by which `until` moves as well.
 */
export function dueOf(policy: Deadline, extension?: number): Due {
  const { due, late, grace_minutes = 0, timezone } = policy;
  const forAll = momentOf(due, timezone) ?? Number.NaN;
  const dueAt = Math.max(forAll, extension ?? 0);
  const graceEndsAt = dueAt + grace_minutes * 60_000;
  const until =
    late?.until === undefined ? Number.POSITIVE_INFINITY : (momentOf(late.until, timezone) ?? Number.NaN);
  return { dueAt, graceEndsAt, closesAt: Math.max(until + dueAt - forAll, graceEndsAt), policy };
}

/**
 * The last moment at which anybody's work may still count, in milliseconds since 1970; infinite where late work always
 * counts.
 */
export function openUntil(policy: Deadline, extensions: ReadonlyMap<string, number>): number {
  return Math.max(
    ...[undefined, ...extensions.values()].map((extension) => dueOf(policy, extension).closesAt),
  );
}

/** The cost of being late. */
export interface Lateness {
  readonly days: number;
  /** In points, even if there were fewer to lose. */
  readonly cost: number;
  readonly reason: string;
}

/**
 * Returns what lateness costs; undefined for work that is on time. The n-th late day ends at the clock time of the due
 * date, n dates later. The cost as a whole is rounded down to whole points.
 *
 * @param submitted when the work was handed in, in milliseconds since 1970.
 * @param possible the points of the whole worksheet, of which a percentage is.
 */
export function latenessOf(
  { dueAt, graceEndsAt, policy }: Due,
  submitted: number,
  possible: number,
): Lateness | undefined {
  if (submitted <= graceEndsAt) return undefined;
  let days = Math.max(1, Math.floor((submitted - dueAt) / msPerDay));
  while (submitted > daysLater(dueAt, days, policy)) days++;
  const { per_day: perDay, at_most: atMost } = policy.late ?? {};
  const points = (cost: string | number) =>
    typeof cost === 'number' ? cost : (Number.parseInt(cost, 10) * possible) / 100;
  const cost = Math.floor(
    Math.min(
      perDay === undefined ? 0 : days * points(perDay),
      atMost === undefined ? Number.POSITIVE_INFINITY : points(atMost),
    ),
  );
  const price = typeof perDay === 'number' ? `${perDay} point${perDay === 1 ? '' : 's'}` : perDay;
  const said =
    perDay === undefined
      ? 'which costs nothing'
      : `at ${price} a day${atMost === undefined ? '' : `, ${atMost} at most`}`;
  return { days, cost, reason: `Late by ${days} day${days === 1 ? '' : 's'}, ${said}` };
}

/** Formats a moment as hosts write it. */
export function toIsoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
