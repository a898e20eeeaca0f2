import { Refusal } from '../refusal';
import type { Token } from '../token';

/**
 * A slip of the pen: what a wrong character or token most likely means, and the fix. It costs the
 * whole file, for where the next value begins is not certain any more.
 */
export function slip(code: string, offset: number, text: string, ...quotes: string[]): Refusal {
  return new Refusal('file', code, offset, text, ...quotes);
}

/** Any other token than the one that has to stand here. */
export function unexpected(source: string, found: Token, wanted: string): Refusal {
  return found.kind === 'end'
    ? slip('early-end', found.start, `The file ends where ${wanted} should stand.`)
    : slip(
        'unexpected',
        found.start,
        `Found {0}, where ${wanted} should stand.`,
        source.slice(found.start, found.end),
      );
}

const conflictMarker = /^(?:<{7}|>{7}|={7})(?=[ \r\n]|$)/m;

/** Git's marks of an unfinished merge, in a file that did not make sense. */
export function mergeConflict(source: string): Refusal | undefined {
  const found = conflictMarker.exec(source);
  return found
    ? slip(
        'merge-conflict',
        found.index,
        'Git left the marks of a merge conflict here. Keep the lines you want, and delete the lines that start with <<<<<<<, ======= or >>>>>>>.',
      )
    : undefined;
}
