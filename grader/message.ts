import type { Message, Raw } from './message.schema';

export type { Message, Place, Raw } from './message.schema';

const longestQuote = 60;

/** A message whose quotes come from a student; `{0}` in `text` stands for the first of them. */
export function message(code: string, text: string, ...quotes: string[]): Message {
  return { code, text, quotes: quotes.map(quote) };
}

/** What a message says, with each of its quotes as it is to be shown. The text is as raw as its quotes. */
export function filledIn({ text, quotes }: Message, shown: (quote: Raw) => string): string {
  return text.replace(/\{(\d)\}/g, (place, index) => {
    const quoted = quotes[Number(index)];
    return quoted === undefined ? place : shown(quoted);
  });
}

/** Student text as a message carries it: on one line, and cut where it grows long. */
export function quote(text: string): Raw {
  const line = text
    .slice(0, 4 * longestQuote)
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  const shown =
    characters.length > longestQuote ? `${characters.slice(0, longestQuote - 1).join('')}…` : line;
  return raw(shown);
}

/** Marks text as a student's, whole. */
export function raw(text: string): Raw {
  return text as Raw;
}
