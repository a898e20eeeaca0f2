import type { Safe } from './safe';
import { visible } from './visible';

/**
 * JSON that is safe to print: what could move a cursor or be taken for a command in a log is written
 * as an escape, so that it parses to the very same value.
 */
export function json(value: unknown): Safe<'json'> {
  const lines = JSON.stringify(value, null, 2).split('\n'); // a line end within a string is an escape already
  return lines.map((line) => visible(line, unitEscapes)).join('\n') as Safe<'json'>;
}

/** `\u001b`, or a pair of such where a character takes two units. */
function unitEscapes(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
