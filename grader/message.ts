import type { Message, Untrusted } from './schema';
import { joinNames } from './system/lists';

export type { Excerpt, Location, Message, Problem, Untrusted } from './schema';

const maxQuote = 60;

/** Makes a message with quotes from a student; `{name}` in `text` stands for the quote of that name. */
export function message(
  code: string,
  text: string,
  quotes: Readonly<Record<string, string>> = {},
  more: Pick<Message, 'next' | 'forField'> = {},
): Message {
  return {
    code,
    text,
    quotes: Object.fromEntries(Object.entries(quotes).map(([name, words]) => [name, quote(words)])),
    ...more,
  };
}

/** The version of a message that a page shows beside a field. */
export function asForField({ next: _, forField, text, ...more }: Message): Message {
  return { ...more, text: forField ?? text };
}

/** Splits a message into its pieces, in order: each is our own words or a quote. */
export function piecesOf({ text, quotes, next }: Message): ({ words: string } | { quote: Untrusted })[] {
  return `${text}${next === undefined ? '' : ` ${next}`}`.split(/(\{[a-zA-Z]\w*\})/).map((words) => {
    const name = /^\{(\w+)\}$/.exec(words)?.[1];
    const quoted = name !== undefined && Object.hasOwn(quotes, name) ? quotes[name] : undefined;
    return quoted === undefined ? { words } : { quote: quoted };
  });
}

/** Fills in a message's quotes, in quotation marks or as `showQuote` returns them. Escapes nothing by itself. */
export function interpolate(
  message: Message,
  showQuote: (quote: Untrusted) => string = (quoted) => `“${quoted}”`,
): string {
  return piecesOf(message)
    .map((piece) => ('words' in piece ? piece.words : showQuote(piece.quote)))
    .join('');
}

/** Prepares a student's text for a message: on one line, and cut to `maxQuote` characters. */
export function quote(text: string): Untrusted {
  const line = text
    .slice(0, 4 * maxQuote)
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  const cutLine = characters.length > maxQuote ? `${characters.slice(0, maxQuote - 1).join('')}…` : line;
  return asUntrusted(cutLine);
}

/**
 * The part of a message that lists quotes, at most nine, and the quotes.
 *
 * @returns a text such as `{name1}, {name2} and 3 more`.
 */
export function quoteList(
  texts: readonly string[],
  between = ', ',
  count = texts.length,
): { readonly text: string; readonly quotes: Readonly<Record<string, string>> } {
  const entries = texts.slice(0, 9).map((text, index) => [`name${index + 1}`, text] as const);
  const more = count > entries.length ? ` and ${count - entries.length} more` : '';
  const text = entries.map(([name]) => `{${name}}`).join(between);
  return { text: `${text}${more}`, quotes: Object.fromEntries(entries) };
}

/** Marks text as a student's, without cutting it. */
export function asUntrusted(text: string): Untrusted {
  return text as Untrusted;
}

/** Created on first use, since creating it takes some milliseconds. */
let segmenter: Intl.Segmenter | undefined;

export function firstSentence(text: string): string {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'sentence' });
  let sentence = '';
  for (const { segment } of segmenter.segment(text.trimStart())) {
    sentence += segment;
    if (!abbreviation.test(sentence)) break;
  }
  return sentence.trim();
}

/** An abbreviation whose period does not end a sentence. */
const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|cf|vs|et al|approx|resp|fig|eq)\.\s*$/i;

const smallNumbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Marks an error that leaves no grade. */
export const gradingFailed = 'Grading failed (this is not a zero)';

/** A count as in a sentence: `two`, or digits from ten on. */
export function countWord(count: number): string {
  return smallNumbers[count] ?? String(count);
}

/** `1 student`, `2 students` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `line 3`, `lines 2, 3` */
export function linesText(lines: readonly number[]): string {
  return `line${lines.length === 1 ? '' : 's'} ${joinNames(lines.map(String))}`;
}

/** `no points`, `1 point`, `2 points` */
export function pointsText(points: number | null): string {
  return points === null ? 'no points' : counted(points, 'point');
}

/** The next step, for people who run a command and for people who use the grading page. */
export interface Advice {
  readonly command: string;
  readonly page: string;
}

/** The part of the course or the call that has to be fixed. Code that catches an error decides by this. */
type GraderErrorKind = 'rubric' | 'key' | 'folder' | 'usage';

/**
 * Grading was not possible because of the course or the call, never because of a submission. The message is for the
 * person who ran the command: it names the thing, echoes the value found, and says what to do next.
 */
export class GraderError extends Error {
  override readonly name = 'GraderError';
  readonly kind: GraderErrorKind;
  /** Identifies what is wrong, for programs and tests. */
  readonly code: string;
  /** The message, line by line; no line contains a line end. */
  readonly lines: readonly string[];
  /** Its message for people who use the grading page. */
  readonly linesOnPage: readonly string[];

  constructor(kind: GraderErrorKind, code: string, ...parts: readonly (string | Advice)[]) {
    const linesFor = (reader: keyof Advice) =>
      parts.flatMap((part) => (typeof part === 'string' ? part : part[reader]).split(/\r\n|\r|\n/));
    const lines = linesFor('command');
    super(lines.join('\n'));
    this.kind = kind;
    this.code = code;
    this.lines = lines;
    this.linesOnPage = linesFor('page');
  }
}

/** The message of a caught error, or the text of any other thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
