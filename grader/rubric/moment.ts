/** An ISO 8601 time: its clock time to the minute, perhaps with seconds, and perhaps with its offset from UTC. */
export const momentPattern =
  '^(\\d{4}-\\d{2}-\\d{2}T(?:[01]\\d|2[0-3]):[0-5]\\d)(?::([0-5]\\d))?(Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)?$';

const moment = new RegExp(momentPattern);

/** In milliseconds. */
export const msPerHour = 60 * 60 * 1000;
export const msPerDay = 24 * msPerHour;

/** Describes a moment, for messages about something else in its place. */
export const momentForm =
  'a time such as 2026-12-01T23:59 in the time zone of deadline.timezone, or with its UTC offset, such as 2026-12-01T23:59-05:00';

/**
 * A moment in milliseconds since 1970, or undefined if the text is not a moment, or is on a day that its month does not
 * have, or in an hour that clocks skip. If only the minute is given, the moment is the end of that minute.
 *
 * @param timezone the time zone of a text without an offset.
 */
export function momentOf(text: string, timezone: string): number | undefined {
  const [, minute = '', second = '59', offset] = moment.exec(text) ?? [];
  const time = `${minute}:${second}.999`;
  const clock = Date.parse(`${time}Z`);
  // JavaScript takes 31 November for 1 December.
  if (Number.isNaN(clock) || !new Date(clock).toISOString().startsWith(minute)) return undefined;
  if (offset !== undefined) return Date.parse(time + offset);
  const local = localMoment(clock, timezone);
  return clockOf(local, timezone) === clock ? local : undefined;
}

/**
 * A moment some days later, at an equal clock time in a time zone.
 *
 * @param time in milliseconds since 1970.
 */
export function daysLater(time: number, days: number, timezone: string): number {
  return localMoment(clockOf(time, timezone) + days * msPerDay, timezone);
}

/**
 * Moves a time as far, by the clock in a time zone, as another moment was moved: 23:59 stays 23:59.
 *
 * @param time in milliseconds since 1970; infinity stays as it is.
 */
export function movedAlike(time: number, from: number, to: number, timezone: string): number {
  if (from === to || !Number.isFinite(time)) return time;
  return localMoment(clockOf(time, timezone) + clockOf(to, timezone) - clockOf(from, timezone), timezone);
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
export function momentText(time: number, timeZone: string): string {
  const [weekday, date, clock] = formatsOf(timeZone).words.map((format) => format.format(time));
  return `${weekday} ${date}, ${clock}`;
}

/** A moment as students read it, in the time zone of the course: `Thursday 1 October 2026, 12:00 (UTC, commit 3b18e51)`. */
export function timeText(
  time: number,
  { timezone }: { readonly timezone: string } = { timezone: 'UTC' },
  ...details: readonly string[]
) {
  return `${momentText(time, timezone)} (${[timezone, ...details].join(', ')})`;
}

/** The day of a time by the reader's clock: `1 December`. */
export function dayText(time: number | string): string {
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });
}

/** Formats a moment in the form that hosts use. */
export function toIsoSeconds(time: number) {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** Formats the minute of a moment in the form that tables and options use: `2026-12-01T23:59Z`. */
export function toIsoMinutes(time: number) {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

/** The moment at which a clock in a zone shows a time; `clock` is that time as if the zone were UTC. */
function localMoment(clock: number, timezone: string): number {
  // The first guess may use the offset from the other side of a clock change, so compute it again there.
  const guess = clock - (clockOf(clock, timezone) - clock);
  return guess - (clockOf(guess, timezone) - clock);
}

/** The time that a clock in a zone shows, as if the zone were UTC. */
function clockOf(time: number, timeZone: string): number {
  const shown = formatsOf(timeZone).clock.format(time);
  return Date.parse(`${shown.replace(' ', 'T')}Z`) + (time % 1000);
}

type Formats = ReturnType<typeof makeFormats>;

const known = new Map<string, Formats>();

/** Keeps the formats of a zone, which are slow to make and take much memory: a class has thousands of moments. */
function formatsOf(timeZone: string): Formats {
  const formats = known.get(timeZone) ?? makeFormats(timeZone);
  known.set(timeZone, formats);
  return formats;
}

function makeFormats(timeZone: string) {
  // Versions of Node.js punctuate a whole date differently.
  const parts: readonly Intl.DateTimeFormatOptions[] = [
    { weekday: 'long' },
    { dateStyle: 'long' },
    { timeStyle: 'short' },
  ];
  return {
    words: parts.map((part) => new Intl.DateTimeFormat('en-GB', { ...part, timeZone })),
    clock: new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone }),
  };
}
