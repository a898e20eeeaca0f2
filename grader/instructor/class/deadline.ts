import { type Deadline, momentPattern } from '../../rubric/file.schema';
import { readTable } from './roster';

/** When work is due, as moments in milliseconds since 1970. */
export interface Due {
  readonly due: number;
  /** What comes no later than this is on time. */
  readonly grace: number;
  /** What comes later than this does not count. */
  readonly cutoff: number;
  readonly perDay: number;
}

export interface Adjustment {
  readonly is: 'late' | 'override';
  readonly why: string;
  readonly points: number;
}

const minute = 60 * 1000;
const day = 24 * 60 * minute;

const moment = new RegExp(momentPattern);

/** A moment as it is written, or undefined where it is none. */
export function momentOf(text: string): number | undefined {
  const time = moment.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/**
 * What holds for one student.
 *
 * @param extension a later moment for this student; the cutoff moves along with it.
 */
export function dueOf(policy: Deadline, extension?: number): Due {
  const due = momentOf(policy.due) ?? Number.NaN;
  const cutoff =
    policy.cutoff === undefined ? Number.POSITIVE_INFINITY : (momentOf(policy.cutoff) ?? Number.NaN);
  const moved = extension === undefined ? 0 : Math.max(0, extension - due);
  return {
    due: due + moved,
    grace: due + moved + (policy.grace_minutes ?? 0) * minute,
    cutoff: cutoff + moved,
    perDay: policy.per_day_points ?? 0,
  };
}

/**
 * What lateness costs, never more than there is.
 *
 * @param submitted when the work was committed.
 * @param earned its points before.
 */
export function lateness(
  { due, grace, cutoff, perDay }: Due,
  submitted: number,
  earned: number,
): Adjustment[] {
  if (submitted <= grace) return [];
  if (submitted > cutoff) return [{ is: 'late', why: 'Handed in after the cutoff', points: -earned }];
  const days = Math.ceil((submitted - due) / day);
  const said = `Late by ${days} day${days === 1 ? '' : 's'}, at ${perDay} point${perDay === 1 ? '' : 's'} a day`;
  return [{ is: 'late', why: said, points: -Math.min(earned, days * perDay) || 0 }];
}

/**
 * Reads extensions, a moment a login.
 *
 * @throws {GraderError} as `readTable` does.
 */
export function readExtensions(file: string): { extensions: Map<string, number>; remarks: string[] } {
  const extensions = new Map<string, number>();
  const remarks: string[] = [];
  for (const [index, { login = '', due = '' }] of readTable(file, ['login']).rows.entries()) {
    const time = momentOf(due);
    if (login === '' || time === undefined) {
      remarks.push(
        `${file}: entry ${index + 1} is left out; write a login and a moment such as 2026-12-03T23:59-05:00.`,
      );
    } else extensions.set(login.toLowerCase(), time);
  }
  return { extensions, remarks };
}
