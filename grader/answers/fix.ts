import { type Diagnostic, type Fix, lineStart, lostComments, restOfLine } from './diagnostics';
import { tokensOf } from './lexer';

/** A text with a part of it replaced; it begins at an offset of the file. */
export function withFix(text: string, { start, end, text: instead }: Fix, offset = 0): string {
  return text.slice(0, start - offset) + instead + text.slice(end - offset);
}

/** A text with several parts replaced, each once. */
export function withFixes(text: string, fixes: readonly Fix[]): string {
  const byPlace = new Map(fixes.map((fix) => [fix.start, fix]));
  const lastFirst = [...byPlace.values()].sort((one, other) => other.start - one.start);
  return lastFirst.reduce((fixed, fix) => withFix(fixed, fix), text);
}

/** An instruction in words: a text as in a `Message`, with what to write and what to delete as quotes. */
export function wordsOf(
  { start, end, text }: Fix,
  source: string,
): { text: string; quotes: Record<string, string> } {
  const removed = source.slice(start, end);
  const [write, remove] = [text.trim(), removed.trim()];
  const isLine = start === lineStart(source, start) && (end === source.length || /[\n\r]$/.test(removed));
  if (text === '' && isLine) return { text: 'Delete this line.', quotes: {} };
  if (write === '' && !/[^\p{Cf}\p{Cc}]/u.test(remove))
    return { text: 'Delete it, together with the characters beside it, and type those again.', quotes: {} };
  if (write === '') return { text: 'Delete {remove}.', quotes: { remove } };
  if (removed.replace(/[\p{Cf}\p{Cc}]/gu, '') === text)
    return { text: 'There are more of them in this line: type it again.', quotes: {} };
  const separator = signBetween(remove, write);
  if (separator !== undefined) return { text: `Write {write}, without ${separator}.`, quotes: { write } };
  if (remove !== '') return { text: 'Write {write} instead of {remove}.', quotes: { write, remove } };
  const rest = source.slice(end, end + 80);
  const next = /^[ \t]*([\p{L}\p{N}_$]+|\/\/|\/\*|\S)/u.exec(rest)?.[1];
  return next === undefined
    ? { text: 'Write {write} at the end of the line.', quotes: { write } }
    : { text: 'Write {write} before {next}.', quotes: { write, next } };
}

/** The commas between the digits of a number that have to go; undefined if more than that is to be changed. */
export function signBetween(removed: string, written: string): string | undefined {
  const commas = removed.replace(/[\d"']/g, '');
  if (written === '' || !/^,+$/.test(commas) || removed.replace(/\D/g, '') !== written) return undefined;
  return commas.length > 1 ? 'the commas' : 'the comma';
}

/** How far a file is read. */
export interface Progress {
  /** Why it is not read any further, if that is so. */
  readonly fault: Diagnostic | undefined;
  /** Whether each name of a row or a column that stands in it has its place. */
  readonly hasAllNames: boolean;
  /** The content of the cells. */
  readonly values: string;
  /** Where parts of it have no value. */
  readonly unreadable: readonly (number | undefined)[];
}

/** After a wrong instruction, the next words are often read by accident, and a slip of another kind follows soon. */
const minTokens = 3;
const minLines = 2;
const maxLook = 400;

/**
 * The instruction that certainly leads on: with it the whole file is read, or clearly more of it, no number is
 * changed or hidden, and no other instruction leads further.
 *
 * @param diagnostics what may be wrong, the likeliest first.
 * @param progressOf reads a changed file.
 */
export function certainFix(
  source: string,
  diagnostics: readonly (Diagnostic | undefined)[],
  progressOf: (text: string) => Progress,
): { readonly diagnostic: Diagnostic; readonly fix: Fix } | undefined {
  let best: Lead | undefined;
  let isClear = true;
  const given = diagnostics.filter((diagnostic) => diagnostic !== undefined);
  const leads = given.flatMap((diagnostic) =>
    diagnostic.fixes.flatMap((fix) => leadOf(diagnostic, fix, source, progressOf) ?? []),
  );
  for (const lead of leads) {
    // If two fixes lead equally far and give different values, only the student can choose.
    if (best && lead.left === best.left && lead.values !== best.values) isClear = false;
    if (!best || lead.left < best.left) best = lead;
  }
  return isClear ? best : undefined;
}

/** An instruction that leads on. */
interface Lead extends Pick<Progress, 'values'> {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
  /** How much of the file cannot be read even then, in characters. */
  readonly left: number;
}

function leadOf(
  diagnostic: Diagnostic,
  fix: Fix,
  source: string,
  progressOf: (text: string) => Progress,
): Lead | undefined {
  if (!keepsNumbers(fix, source)) return undefined;
  const text = withFix(source, fix);
  const { fault, hasAllNames, values, unreadable } = progressOf(text);
  const written = fix.start + fix.text.length;
  const next = written + text.slice(written).search(/\S|$/);
  if (unreadable.some((at = -1) => at >= lineStart(text, fix.start) && at <= next)) return undefined;
  const leadsOn = fault ? isRepeated(diagnostic, fix, text, fault) || isFar(fix, text, fault) : hasAllNames;
  const left = fault ? text.length - (fault.offset ?? 0) + 1 : 0;
  return leadsOn ? { diagnostic, fix, left, values } : undefined;
}

/** Whether what is wrong next is a slip of the same kind, further on. */
function isRepeated({ code }: Diagnostic, fix: Fix, text: string, fault: Diagnostic): boolean {
  const written = fix.start + fix.text.length;
  const slips = [fault, ...lostComments(text, fault.offset)];
  const likeFixes = slips.flatMap((slip) => (slip?.code === code ? slip.fixes.slice(0, 1) : []));
  // One word deleted after the other would delete what a student wrote.
  return fix.text !== '' && likeFixes.some((like) => like.text !== '' && like.start >= written);
}

/** Whether the next fault is so far away that what is between was read on purpose. */
function isFar(fix: Fix, text: string, { offset = 0 }: Diagnostic): boolean {
  const further = text.slice(fix.start, Math.max(fix.start, offset));
  const tokens = tokensOf(further.slice(0, maxLook)).length - tokensOf(fix.text).length;
  return tokens >= minTokens && further.split(/\r\n?|\n/).length > minLines;
}

/** Whether an instruction leaves each number as it is, and out of comments. */
function keepsNumbers(fix: Fix, source: string): boolean {
  const { start, end, text } = fix;
  const removed = source.slice(start, end);
  const digitsIn = (part: string) => part.normalize('NFKC').replace(/\D/g, '').replace(/^0+/, '');
  if (digitsIn(removed) !== digitsIn(text) || hidesName(fix, source)) return false;
  const isNote = removed.includes('/') || source.slice(0, start).trim() === '';
  return !text.startsWith('//') || isNote || !/\d/.test(restOfLine(source, end));
}

/** Whether it makes a note of a number or a brace with a name that stands elsewhere, too: a row, or one that cells use. */
function hidesName({ start, end, text }: Fix, source: string): boolean {
  const note = text.indexOf('//');
  if (note < 0) return false;
  const rest = restOfLine(source, end);
  const others = source.slice(0, lineStart(source, start)) + source.slice(end + rest.length);
  const words = new Set(others.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
  const hidden = text.slice(note) + rest;
  const named = hidden.matchAll(/(?<![\p{L}\p{N}_$])([\p{L}_$][\p{L}\p{N}_$]*)['"]?\s*(?:[:=]\s*)?[\d{]/gu);
  return [...named].some(([, name = '']) => words.has(name));
}
