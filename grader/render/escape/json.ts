import { escapeInvisible, type Safe } from './safe';
export type JsonText = Safe<'json'>;

/**
 * JSON that is safe to print and to open: anything that could move a cursor or be taken for a command in a log is
 * written as an escape, so the JSON still parses to the same value.
 */
export function indentedJson(value: unknown): JsonText {
  const lines = JSON.stringify(value, null, 2).split('\n'); // line ends within strings are already escaped
  return lines.map((line) => escapeInvisible(line, unitEscapes)).join('\n') as JsonText;
}

/** A value as the text of a JSON file. */
export function jsonFile(value: unknown): string {
  return `${indentedJson(value)}\n`;
}

/** Safe JSON like that of `indentedJson`, on one line. */
export function jsonLine(value: unknown): JsonText {
  return escapeInvisible(JSON.stringify(value), unitEscapes) as JsonText;
}

/** `\u001b`, or a pair of such escapes if a character takes two UTF-16 units. */
function unitEscapes(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
