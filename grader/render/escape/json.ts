import { escapeInvisible, type Safe } from './safe';
export type JsonText = Safe<'json'>;

/**
 * JSON that is safe to print and to open: what could move a cursor or be taken for a command in a log is
 * written as an escape, so that it parses to the very same value.
 */
export function indentedJson(value: unknown): JsonText {
  const lines = JSON.stringify(value, null, 2).split('\n'); // a line end within a string is an escape already
  return lines.map((line) => escapeInvisible(line, unitEscapes)).join('\n') as JsonText;
}

/** The same on one line. */
export function jsonLine(value: unknown): JsonText {
  return escapeInvisible(JSON.stringify(value), unitEscapes) as JsonText;
}

/** `\u001b`, or a pair of such where a character takes two units. */
function unitEscapes(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

export type Base64 = Safe<'base64'>;

/** A value as JSON in base64, on one line. */
export function base64(value: unknown): Base64 {
  return Buffer.from(JSON.stringify(value)).toString('base64') as Base64;
}
