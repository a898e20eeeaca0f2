import { type Diagnostic, type Fix, lineStart, lostComments, plainDigits, restOfLine } from './diagnostics';
import { tokensOf } from './lexer';

/** A text with a part of it replaced; it begins at an offset of the file. */
export function withFix(text: string, { start, end, text: instead }: Fix, offset = 0): string {
  return text.slice(0, start - offset) + instead + text.slice(end - offset);
}

const linesOf = (text: string) => text.split(/\r\n|[\n\r\u2028\u2029]/);

/** A corrected text, and the numbers of the lines that differ; where one is deleted, of that one. */
export interface Corrected {
  readonly source: string;
  readonly lines: readonly number[];
}

/** A text with several corrections of it, of which each changes other lines, or one deletes a line. */
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
  /** Where parts of it have no value, or a value that no cell takes. */
  readonly unread: readonly number[];
}

/** An instruction that certainly leads on. */
export interface Correction {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
  /** The file with it, and with those that follow it on its line, or further on for slips of its kind. */
  readonly source: string;
  /** The content of the cells with it. */
  readonly values: string;
  /** How much of the file cannot be read even then, in characters. */
  readonly left: number;
  /** Where parts of it have no value then, or a value that no cell takes. */
  readonly unread: readonly number[];
}

/**
 * The instruction that certainly leads on: with it the whole file is read, or clearly more of it, nothing speaks against
 * it, and no other instruction leads further.
 *
 * @param fault why the file is not read any further.
 * @param progressOf reads a changed file; undefined if too many were read.
 */
export function certainFix(
  source: string,
  fault: Diagnostic,
  progressOf: (text: string) => Progress | undefined,
): Correction | undefined {
  let best: Correction | undefined;
  let isClear = true;
  const leads = slipsAt(source, fault).flatMap((diagnostic) =>
    diagnostic.fixes.flatMap(
      (fix) =>
        leadOf(diagnostic, fix, { before: source, leftBefore: leftOf(source, fault) }, progressOf) ?? [],
    ),
  );
  for (const lead of leads) {
    // If two fixes lead equally far and give different values, only the student can choose: `22 // 2 },`.
    if (best && lead.left === best.left && lead.values !== best.values) isClear = false;
    if (!best || lead.left < best.left) best = lead;
  }
  return isClear ? best : undefined;
}

/** The slips that may have stopped the reading, the likeliest first. */
function slipsAt(source: string, fault: Diagnostic): Diagnostic[] {
  return [...lostComments(source, fault.offset), fault].filter((slip) => slip !== undefined);
}

/**
 * Reasons to doubt an instruction: values that it would change or hide. `submission/cases/files.txt` has an example of
 * each.
 */
const doubts: readonly ((tried: Tried) => boolean)[] = [
  // Another number would be another answer.
  changesDigits,
  // A row would be a note: `7 basket: { down: 7, across: 11 },`.
  hidesName,
  // A value beside it cannot be read then, or has no cell: `a{cross: 11 }`.
  losesValueBeside,
  // A cell uses the name that would be in a note: `apples = 7`.
  losesNamed,
];

/** An instruction as it was tried, alone or with those that follow it. */
interface Tried {
  readonly fix: Fix;
  /** The text before it. */
  readonly before: string;
  /** The text after it. */
  readonly text: string;
  readonly unread: readonly number[];
}

function leadOf(
  diagnostic: Diagnostic,
  fix: Fix,
  { before, leftBefore }: { readonly before: string; readonly leftBefore: number },
  progressOf: (text: string) => Progress | undefined,
): Correction | undefined {
  const text = withFix(before, fix);
  const progress = progressOf(text);
  const isDoubtful = (tried: Pick<Tried, 'text' | 'unread'>) =>
    doubts.some((isSo) => isSo({ ...tried, fix, before }));
  if (!progress || isDoubtful({ text, unread: progress.unread })) return undefined;
  const { fault, hasAllNames, values, unread } = progress;
  const lead = { diagnostic, fix, source: text, values, unread };
  // A row may be in no table now: `export default {`.
  if (!fault) return hasAllNames ? { ...lead, left: 0 } : undefined;
  const left = leftOf(text, fault);
  const canGoOn = left < leftBefore && goesOn(diagnostic, fix, text, fault);
  const further = canGoOn && certainFix(text, fault, progressOf);
  if (further && isBehind(further.fix, fix))
    return isDoubtful({ text: further.source, unread: further.unread })
      ? undefined
      : { ...lead, ...further, diagnostic, fix };
  return isFar(fix, text, fault) ? { ...lead, left } : undefined;
}

/** How much of a text is behind the place where reading stopped. */
function leftOf({ length }: string, { offset = 0 }: Diagnostic): number {
  return length - offset + 1;
}

/** Whether what is wrong next can be mended behind an instruction, and is on its line or a slip of its kind. */
function goesOn({ code }: Diagnostic, fix: Fix, text: string, fault: Diagnostic): boolean {
  const { offset = 0 } = fault;
  const isOnLine = lineStart(text, offset) === lineStart(text, fix.start);
  const slips = slipsAt(text, fault);
  const isMended = slips.some(({ fixes }) => fixes.some((next) => isBehind(next, fix)));
  return isMended && (isOnLine || slips.some((slip) => slip.code === code));
}

/** Whether an instruction changes what is behind another one; one word deleted after the other would delete a text. */
function isBehind(next: Fix, { start, text }: Fix): boolean {
  return next.start >= start + text.length && (text !== '' || next.text !== '');
}

/** After a wrong instruction, the next words are often read by accident, and a slip of another kind follows soon. */
const minTokens = 3;
const minLines = 2;
const maxLook = 400;

/** Whether the next fault is so far away that what is between was read on purpose. */
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

/** Whether it makes a note of a number or a brace with a name that stands elsewhere, too: a row, or one that cells use. */
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
