import { Diagnostic, diagnose, nearest } from './diagnostics';
import type { Module } from './parser';

/** A name that a file has to export, and the object behind it. */
interface Wanted {
  readonly name: string;
  /** Names of its parts, by which it is known under another name. */
  readonly parts: readonly string[];
  /** Names that mean something else. */
  readonly others: readonly string[];
  readonly isOptional: boolean;
}

/** Why a file does not export an object, or undefined if it may be left out and is. */
export function missingExport(
  source: string,
  { constants, exports }: Module,
  { name: wanted, parts, others, isOptional }: Wanted,
): Diagnostic | undefined {
  const start = constants.get(wanted)?.start;
  if (start !== undefined) {
    const word = /(?<=^|[\n\r])const\s+$/.exec(source.slice(0, start))?.index;
    const fix = word === undefined ? undefined : { start: word, end: word, text: 'export ' };
    return diagnose('not-exported', start, wanted, fix);
  }
  const named = new Map(
    [...constants, ...exports].filter(([name]) => !['default', ...others].includes(name)),
  );
  const near = nearest(wanted, [...named.keys()]);
  const hasParts = (name = '') => {
    const value = named.get(name)?.value;
    return value?.kind === 'object' && parts.some((part) => value.fields.has(part));
  };
  // A const of the student's own may be called nearly so.
  if (isOptional && !hasParts(near)) return undefined;
  const meant = near ?? [...named.keys()].find(hasParts);
  if (meant === undefined) return diagnose('no-export', undefined, wanted);
  const at = named.get(meant)?.start ?? 0;
  const fix = source.startsWith(meant, at) ? { start: at, end: at + meant.length, text: wanted } : undefined;
  const text = `The table is named {found} here. Name it ${wanted}.`;
  return new Diagnostic('misspelled-export', at, text, { found: meant }, fix);
}
