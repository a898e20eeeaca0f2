/** An ISO 8601 time with its offset from UTC, which alone says when it is. */
export const momentPattern =
  '^(\\d{4})-(\\d{2})-(\\d{2})T([01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)$';

const moment = new RegExp(momentPattern);

/** What is said wherever something else stands for a moment. */
export const momentForm = 'an ISO 8601 time with its UTC offset, such as 2026-12-01T23:59-05:00';

/** Whether a text is written as a moment is, also of a day that does not exist. */
export function hasMomentForm(text: string): boolean {
  return moment.test(text);
}

/**
 * A moment in milliseconds since 1970, or undefined where the text is none. A day that its month does
 * not have is none: `Date.parse` would take 31 November for 1 December.
 */
export function momentOf(text: string): number | undefined {
  const [found, year, month, day] = moment.exec(text) ?? [];
  if (found === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isReal ? Date.parse(text) : undefined;
}
