import { type Diagnostic, type Fix, lineStart, lostComments, plainDigits, restOfLine } from './diagnostics';
import { tokensOf } from './lexer';

/** Replaces a part of a text whose first character is at `offset` in the file. */
export function withFix(text: string, { start, end, text: instead }: Fix, offset = 0): string {
  return text.slice(0, start - offset) + instead + text.slice(end - offset);
}

const linesOf = (text: string) => text.split(/\r\n|[\n\r\u2028\u2029]/);

/** A corrected text, and the numbers of the lines that differ; if a line is deleted, only that line's number. */
export interface Corrected {
  readonly source: string;
  readonly lines: readonly number[];
}

/** Combines corrections of a text that change different lines. One that deletes a line has to be used by itself. */
export function correctedBy(source: string, corrections: readonly string[]): Corrected | undefined {
  const ends = source.match(/\r\n|[\n\r\u2028\u2029]/g) ?? [];
  const given = linesOf(source);
  const changed = new Map<number, string>();
  for (const text of corrections) {
    const lines = linesOf(text);
    const numbers = given.flatMap((line, index) => (line === lines[index] ? [] : index));
    if (lines.length !== given.length)
      return { source: text, lines: numbers.slice(0, 1).map((at) => at + 1) };
    for (const at of numbers) changed.set(at, changed.get(at) ?? lines[at] ?? '');
  }
  if (changed.size === 0) return undefined;
  const written = given.map((line, at) => `${changed.get(at) ?? line}${ends[at] ?? ''}`);
  const numbers = [...changed.keys()].map((at) => at + 1).sort((one, other) => one - other);
  return { source: written.join(''), lines: numbers };
}

/** The line of a text with this number. */
export function lineOf(text: string, number: number): string {
  return linesOf(text)[number - 1] ?? '';
}

/** Replaces several parts of a text, each once. */
export function withFixes(text: string, fixes: readonly Fix[]): string {
  const byPlace = new Map(fixes.map((fix) => [fix.start, fix]));
  const lastFirst = [...byPlace.values()].sort((one, other) => other.start - one.start);
  return lastFirst.reduce((fixed, fix) => withFix(fixed, fix), text);
}

/** Puts a fix into words: a text as in a `Message`, with what to write and what to delete as quotes. */
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
    return { text: 'There are more of them on this line: type the line again.', quotes: {} };
  const separator = signBetween(remove, write);
  if (separator !== undefined) return { text: `Write {write}, without ${separator}.`, quotes: { write } };
  if (remove !== '') return { text: 'Write {write} instead of {remove}.', quotes: { write, remove } };
  const rest = source.slice(end, end + 80);
  const next = /^[ \t]*([\p{L}\p{N}_$]+|\/\/|\/\*|\S)/u.exec(rest)?.[1];
  return next === undefined
    ? { text: 'Write {write} at the end of the line.', quotes: { write } }
    : { text: 'Write {write} before {next}.', quotes: { write, next } };
}

/** `the comma` or `the commas`, if removing them from a number is the whole change; otherwise undefined. */
export function signBetween(removed: string, written: string): string | undefined {
  const commas = removed.replace(/[\d"']/g, '');
  if (written === '' || !/^,+$/.test(commas) || removed.replace(/\D/g, '') !== written) return undefined;
  return commas.length > 1 ? 'the commas' : 'the comma';
}

/** How far a file could be read. */
export interface Progress {
  /** Why reading stopped, if it did. */
  readonly fault: Diagnostic | undefined;
  /** Whether every name of a row or a column in the file is where it belongs. */
  readonly hasAllNames: boolean;
  /** The content of the cells. */
  readonly values: string;
  /** The offsets of parts that have no value, or a value that no cell accepts. */
  readonly unread: readonly number[];
}

/** A fix that is certain, and what it leads to. */
export interface Correction {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
  /** The file with this fix, and with the ones that follow it on its line, or further down for slips of the same kind. */
  readonly source: string;
  /** The content of the cells once it is fixed. */
  readonly values: string;
  /** How much of the file still cannot be read, in characters. */
  readonly left: number;
  /** The offsets of parts that then have no value, or a value that no cell accepts. */
  readonly unread: readonly number[];
}

/**
 * The one fix that is certain: it makes the whole file readable, or clearly more of it, there is no reason to doubt it,
 * and no other fix gets further.
 *
 * @param fault why reading stopped.
 * @param progressOf reads a changed file; undefined if too many were read.
 */
export function certainFix(
  source: string,
  fault: Diagnostic,
  progressOf: (text: string) => Progress | undefined,
): Correction | undefined {
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a fix is tried step by step, and each step may end it.
  const tryFix = (diagnostic: Diagnostic, fix: Fix): Correction | undefined => {
    const isDoubtful = (tried: Pick<Tried, 'text' | 'unread'>) =>
      doubts.some((isSo) => isSo({ ...tried, fix, before: source }));
    const text = withFix(source, fix);
    const progress = progressOf(text);
    if (!progress || isDoubtful({ text, unread: progress.unread })) return undefined;
    const { fault: next, hasAllNames, values, unread } = progress;
    const correction = { diagnostic, fix, source: text, values, unread };
    // The fix may have left a row outside every table: `export default {`.
    if (!next) return hasAllNames ? { ...correction, left: 0 } : undefined;
    // Go on if the next fault can be fixed further along, and is on the same line or a slip of the same kind.
    const left = leftOf(text, next);
    const slips = slipsAt(text, next);
    const isMended = slips.some(({ fixes }) => fixes.some((one) => isBehind(one, fix)));
    const isOnLine = lineStart(text, next.offset ?? 0) === lineStart(text, fix.start);
    const isAlike = slips.some(({ code }) => code === diagnostic.code);
    const canGoOn = left < leftOf(source, fault) && isMended && (isOnLine || isAlike);
    const further = canGoOn && certainFix(text, next, progressOf);
    if (further && isBehind(further.fix, fix))
      return isDoubtful({ text: further.source, unread: further.unread })
        ? undefined
        : { ...correction, ...further, diagnostic, fix };
    return isFar(fix, text, next) ? { ...correction, left } : undefined;
  };
  const corrections = slipsAt(source, fault).flatMap((diagnostic) =>
    diagnostic.fixes.flatMap((fix) => tryFix(diagnostic, fix) ?? []),
  );
  let best: Correction | undefined;
  let isClear = true;
  for (const correction of corrections) {
    // If two fixes get equally far but give different values, only the student can choose: `22 // 2 },`.
    if (best && correction.left === best.left && correction.values !== best.values) isClear = false;
    if (!best || correction.left < best.left) best = correction;
  }
  return isClear ? best : undefined;
}

/** The slips that may have stopped the reader, likeliest first. */
function slipsAt(source: string, fault: Diagnostic): Diagnostic[] {
  return [...lostComments(source, fault.offset), fault].filter((slip) => slip !== undefined);
}

/** Reasons to doubt a fix: it would change or hide values. `submission/cases/files.txt` has an example of each. */
const doubts: readonly ((tried: Tried) => boolean)[] = [
  // A different number would be a different answer.
  changesDigits,
  // A row would become a comment: `7 basket: { down: 7, across: 11 },`.
  hidesName,
  // A value beside it could no longer be read, or would have no cell: `a{cross: 11 }`.
  losesValueBeside,
  // A cell uses the name that would become part of a comment: `apples = 7`.
  losesNamed,
];

/** A fix that was tried, by itself or with the ones that follow it. */
interface Tried {
  readonly fix: Fix;
  /** The text before the fix. */
  readonly before: string;
  /** The text after the fix. */
  readonly text: string;
  readonly unread: readonly number[];
}

/** How much of a text comes after the place where reading stopped. */
function leftOf({ length }: string, { offset = 0 }: Diagnostic): number {
  return length - offset + 1;
}

/** Whether a fix only changes what comes after another one. Deleting word after word would end up deleting a text. */
function isBehind(next: Fix, { start, text }: Fix): boolean {
  return next.start >= start + text.length && (text !== '' || next.text !== '');
}

/** After a wrong fix, the reader often gets through a few more words by accident, and soon meets another kind of slip. */
const minTokens = 3;
const minLines = 2;
const maxLook = 400;

/** Whether the next fault is so far away that the text before it cannot have been read by accident. */
function isFar(fix: Fix, text: string, { offset = 0 }: Diagnostic): boolean {
  const further = text.slice(fix.start, Math.max(fix.start, offset));
  const tokens = tokensOf(further.slice(0, maxLook)).length - tokensOf(fix.text).length;
  return tokens >= minTokens && further.split(/\r\n?|\n/).length > minLines;
}

function changesDigits({ fix: { start, end, text }, before }: Tried): boolean {
  const digitsIn = (part: string) =>
    plainDigits(part).normalize('NFKC').replace(/\D/g, '').replace(/^0+/, '');
  return digitsIn(before.slice(start, end)) !== digitsIn(text);
}

/** Whether a fix comments out a number or a brace whose name also occurs elsewhere: a row, or a name that cells use. */
function hidesName({ fix: { start, end, text }, before }: Tried): boolean {
  const note = text.indexOf('//');
  if (note < 0) return false;
  const rest = restOfLine(before, end);
  const others = before.slice(0, lineStart(before, start)) + before.slice(end + rest.length);
  const words = new Set(others.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
  const hidden = text.slice(note) + rest;
  const named = hidden.matchAll(/(?<![\p{L}\p{N}_$])([\p{L}_$][\p{L}\p{N}_$]*)['"]?\s*(?:[:=]\s*)?[\d{]/gu);
  return [...named].some(([, name = '']) => words.has(name));
}

function losesValueBeside({ fix, text, unread }: Tried): boolean {
  const end = fix.start + fix.text.length;
  const next = end + text.slice(end).search(/\S|$/);
  return unread.some((at) => at >= lineStart(text, fix.start) && at <= next);
}

function losesNamed({ fix, text, unread }: Tried): boolean {
  if (!fix.text.startsWith('//')) return false;
  const words = new Set(restOfLine(text, fix.start).match(/[\p{ID_Continue}$]+/gu));
  const nameAt = (at: number) =>
    /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(text.slice(at, at + 100))?.[0] ?? '';
  return unread.some((at) => words.has(nameAt(at)));
}
