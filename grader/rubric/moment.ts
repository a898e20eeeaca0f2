/** An ISO 8601 time, perhaps with its offset from UTC. */
export const momentPattern =
  '^(\\d{4})-(\\d{2})-(\\d{2})T([01]\\d|2[0-3]):([0-5]\\d)(?::([0-5]\\d))?(Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)?$';

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
  const [found, year, month, day, hour, minute, second, offset] = moment.exec(text) ?? [];
  if (found === undefined) return undefined;
  const [y, m, d] = [Number(year), Number(month) - 1, Number(day)];
  const date = new Date(Date.UTC(y, m, d));
  if (date.getUTCMonth() !== m || date.getUTCDate() !== d) return undefined;
  const local = Date.UTC(y, m, d, Number(hour), Number(minute), Number(second ?? 59), 999);
  if (offset !== undefined) return local - offsetOf(offset);
  return timezone === undefined ? undefined : localMoment(local, timezone);
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
  const shown = timezone === undefined ? time + offsetOf(due) : time;
  const timeZone = timezone ?? 'UTC';
  // Versions of Node.js punctuate a whole date differently.
  const part = (style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...style, timeZone }).format(shown);
  return `${part({ weekday: 'long' })} ${part({ dateStyle: 'long' })}, ${part({ timeStyle: 'short' })}`;
}

/** The zone of the moments of a course: `America/New_York`, or `UTC−05:00` without a time zone. */
export function zoneText({ due, timezone }: Zone): string {
  const [offset = ''] = offsetAtEnd.exec(due) ?? [];
  return timezone ?? `UTC${offset.replace('-', '−')}`;
}

const offsetAtEnd = /([+-])(\d\d):(\d\d)$/;

/** The UTC offset at the end of a moment, in milliseconds. */
function offsetOf(text: string): number {
  const [, sign, hours = '0', minutes = '0'] = offsetAtEnd.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
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
