/** An ISO 8601 time with its offset from UTC; without the offset it would be ambiguous. */
export const momentPattern =
  '^(\\d{4})-(\\d{2})-(\\d{2})T([01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)$';

const moment = new RegExp(momentPattern);

/** The length of a day in milliseconds. */
export const msPerDay = 24 * 60 * 60 * 1000;

/** Describes a moment, for messages about anything else in its place. */
export const momentForm = 'an ISO 8601 time with its UTC offset, such as 2026-12-01T23:59-05:00';

/** Whether a text has the form of a moment, even if its day does not exist. */
export function hasMomentForm(text: string): boolean {
  return moment.test(text);
}

/**
 * A moment in milliseconds since 1970, or undefined if the text is not a moment. A day that its month does not have
 * is not one: `Date.parse` would take 31 November for 1 December.
 */
export function momentOf(text: string): number | undefined {
  const [found, year, month, day] = moment.exec(text) ?? [];
  if (found === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isReal ? Date.parse(text) : undefined;
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
 * Formats a moment for people, in the course's time zone: `1 October 2026 at 23:59 (EDT)`; without a time zone, at
 * the UTC offset of the due date.
 *
 * @param time in milliseconds since 1970.
 */
export function momentText(time: number, { due, timezone }: { due: string; timezone?: string }): string {
  if (timezone !== undefined) return inZone(time, timezone, zoneName(time, timezone));
  const [, sign = '+', hours = '0', minutes = '00'] = /([+-])(\d\d):(\d\d)$/.exec(due) ?? [];
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const shift = `${sign === '-' ? '−' : '+'}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`;
  return inZone(time + offset * 60_000, 'UTC', offset === 0 ? 'UTC' : `UTC${shift}`);
}

function inZone(time: number, timeZone: string, name: string): string {
  const part = (style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...style, timeZone }).format(time);
  return `${part({ dateStyle: 'long' })} at ${part({ timeStyle: 'short' })} (${name})`;
}

/** `EDT` or `GMT+2`: it changes with daylight saving time. */
function zoneName(time: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' }).formatToParts(time);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}
