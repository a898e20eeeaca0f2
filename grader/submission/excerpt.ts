import type { Fix } from '../answers/diagnostics';
import { asUntrusted, type Excerpt, type Location } from '../message';

/** Characters of a line that are shown. */
const maxLength = 66;

/**
 * The line of a file that a place is in, and the same line with what was meant. A long one is cut around
 * the place.
 *
 * @param offset of the place, in UTF-16 units.
 * @param location the same place.
 * @returns nothing where the line is empty.
 */
export function excerptAt(
  source: string,
  offset: number,
  { column }: Location,
  fix?: Fix,
): Excerpt | undefined {
  const start = offset - column + 1;
  const [line = ''] = /^[^\n\r\u2028\u2029]*/.exec(source.slice(start)) ?? [];
  if (line.trim() === '') return undefined;
  const isHere = fix && fix.start >= start && fix.end <= start + line.length;
  const indent = line.search(/\S/);
  const first = Math.min(offset, isHere ? fix.start : offset) - start;
  const from = first - indent > maxLength / 2 ? first - maxLength / 2 : indent;
  const before = from > indent ? '…' : '';
  const cutToFit = (text: string) => {
    // A tab is as wide as the reader likes.
    const part = text.slice(from).replaceAll('\t', ' ').trimEnd();
    return asUntrusted(before + (part.length > maxLength ? `${part.slice(0, maxLength - 1)}…` : part));
  };
  const corrected = isHere ? cutToFit(replaced(line, start, fix)) : '';
  return {
    line: cutToFit(line),
    column: Math.max(0, offset - start - from) + before.length + 1,
    ...(corrected !== '' && { corrected: asUntrusted(corrected) }),
  };
}

function replaced(line: string, start: number, { start: from, end, text }: Fix): string {
  return line.slice(0, from - start) + text + line.slice(end - start);
}
