import type { Fix } from '../answers/diagnostics';
import { withFix } from '../answers/fix';
import { asUntrusted, type Excerpt, type Location } from '../message';

/** The most characters to show of a line, and of the corrected one. */
const maxLength = 66;
const maxCorrected = 80;

/**
 * Returns the line of a file that contains a position, and the corrected line if a fix is known. Shortens a long line
 * to the part around the position.
 *
 * @param offset the position, in UTF-16 units.
 * @param location the same position as line and column.
 * @returns undefined if the line is empty.
 */
export function excerptAt(
  source: string,
  offset: number,
  location: Location,
  fix?: Fix,
): Excerpt | undefined {
  const start = offset - location.column + 1;
  const [line = ''] = /^[^\n\r\u2028\u2029]*/.exec(source.slice(start)) ?? [];
  if (line.trim() === '') return undefined;
  const isOnLine = fix && fix.start >= start && fix.end <= start + line.length;
  const indent = line.search(/\S/);
  const first = Math.min(offset, isOnLine ? fix.start : offset) - start;
  const isLong = line.trim().length > maxLength && first - indent > maxLength / 2;
  const from = isLong ? first - maxLength / 2 : indent;
  const before = from > indent ? '…' : '';
  const cutToFit = (text: string) => {
    // How wide a tab is depends on the reader's settings.
    const part = text.slice(from).replaceAll('\t', ' ').trimEnd();
    return asUntrusted(before + (part.length > maxLength ? `${part.slice(0, maxLength - 1)}…` : part));
  };
  const whole = isOnLine ? withFix(line, fix, start) : '';
  // Nobody can copy a shortened line.
  const corrected = line.trim().length <= maxLength ? correctedLine(whole) : undefined;
  const column = Math.max(0, offset - start - from) + before.length + 1;
  return { line: cutToFit(line), column, corrected };
}

/** A corrected line for an excerpt, unless it is empty or too long to show. */
export function correctedLine(line: string): Excerpt['corrected'] {
  const shown = line.replaceAll('\t', ' ').trim();
  return shown !== '' && shown.length <= maxCorrected ? asUntrusted(shown) : undefined;
}
