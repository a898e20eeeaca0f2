/** An ISO 8601 time: its clock to the minute, seconds if they are named, and perhaps its offset from UTC. */
export const momentPattern =
  '^(\\d{4}-\\d{2}-\\d{2}T(?:[01]\\d|2[0-3]):[0-5]\\d)(?::([0-5]\\d))?(Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)?$';

const moment = new RegExp(momentPattern);

/** The length of a day in milliseconds. */
export const msPerDay = 24 * 60 * 60 * 1000;

/** Describes a moment, for messages about anything else in its place. */
export const momentForm =
  'a time such as 2026-12-01T23:59 in the time zone of deadline.timezone, or with its UTC offset, such as 2026-12-01T23:59-05:00';

/** What moments depend on: a moment without an offset is in the time zone. */
export interface Zone {
  readonly due: string;
  readonly timezone?: string;
}

/**
 * A moment in milliseconds since 1970, or undefined if the text is not a moment: a day that its month does not have,
 * or a time whose zone nobody says. A minute that is named ends at its last second.
 */
export function momentOf(text: string, timezone?: string): number | undefined {
  const [, minute = '', second = '59', offset] = moment.exec(text) ?? [];
  const time = `${minute}:${second}.999`;
  const clock = Date.parse(`${time}Z`);
  // JavaScript takes 31 November for 1 December.
  if (Number.isNaN(clock) || !new Date(clock).toISOString().startsWith(minute)) return undefined;
  if (offset !== undefined) return Date.parse(time + offset);
  return timezone === undefined ? undefined : localMoment(clock, timezone);
}

/**
 * The same clock time some dates later, in the course's time zone, or at the offset of the due date.
 *
 * @param time in milliseconds since 1970.
 */
export function daysLater(time: number, days: number, { timezone }: Zone): number {
  const later = days * msPerDay;
  return timezone === undefined ? time + later : localMoment(clockOf(time, timezone) + later, timezone);
}

/** Whether IANA's list has a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/**
 * Formats a moment for people, who plan by weekdays: `Tuesday 1 December 2026, 23:59`.
 *
 * @param time in milliseconds since 1970.
 */
export function momentText(time: number, { due, timezone }: Zone): string {
  const shown = timezone === undefined ? time - Date.parse(`1970-01-01T00:00${offsetIn(due)}`) : time;
  const timeZone = timezone ?? 'UTC';
  // Versions of Node.js punctuate a whole date differently.
  const part = (style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...style, timeZone }).format(shown);
  return `${part({ weekday: 'long' })} ${part({ dateStyle: 'long' })}, ${part({ timeStyle: 'short' })}`;
}

/** The zone of the moments of a course: `America/New_York`, or `UTC−05:00` without a time zone. */
export function zoneText({ due, timezone }: Zone): string {
  return timezone ?? `UTC${offsetIn(due).replace('Z', '').replace('-', '−')}`;
}

/** The UTC offset at the end of a moment: `-05:00`, or Z for none. */
function offsetIn(text: string): string {
  return moment.exec(text)?.[3] ?? 'Z';
}

/** The moment at which a clock in a zone shows a time; `clock` is that time as if the zone were UTC. */
function localMoment(clock: number, timezone: string): number {
  // The offset at the first guess may be that of before or after a change of clocks, so look again there.
  const guess = clock - (clockOf(clock, timezone) - clock);
  return guess - (clockOf(guess, timezone) - clock);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a clock in a zone shows, as if the zone were UTC. */
function clockOf(time: number, timeZone: string): number {
  const known =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone });
  clocks.set(timeZone, known);
  return Date.parse(`${known.format(time).replace(' ', 'T')}Z`) + (time % 1000);
}
