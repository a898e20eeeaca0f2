import {
  type Answer,
  exact,
  type Kind,
  type KindDefinition,
  type NoAnswer,
  noAnswer,
  type WrittenValue,
} from './kind';

/**
 * A short text. Comparing ignores case, spaces around it, repeated spaces, a hyphen in place of a space, invisible
 * characters, punctuation at the end, and whether quotes and hyphens are typographic.
 */
export const textKind: KindDefinition = {
  id: 'text',
  about:
    'a short text; case, repeated spaces, a hyphen in place of a space, typographic quotes, and punctuation at the end do not count',
  settings: {},
  required: [],
  create(): Kind {
    const takes = 'a text in quotes';
    return {
      ...exact,
      type: 'string | null',
      valueKind: 'string',
      takes,
      width: 30,
      unquoted: (sourceText) => notInQuotes(sourceText, takes, true),
      parse(written, sourceText) {
        const reading = textIn(written, sourceText, takes, isShort);
        if ('reason' in reading) return reading;
        const typed = written.kind === 'string' ? onOneLine(written.value) : reading.text;
        return { value: comparableText(reading.text), shown: isShort(typed) ? typed : reading.text };
      },
      answerOf: (value) =>
        typeof value === 'string' && isShort(collapsed(value)) ? comparableText(value) : undefined,
      spelling: (value) => visible(String(value)),
      sourceText: (answer: Answer) => quoted(String(answer)),
    };
  },
  examples: [
    {
      settings: {},
      right: ['star fruit', 'Σίσυφος'],
      spellings: ["'star-fruit.'", "'Star\\t Fruit '", "' STAR \\nFRUIT'", "'σίσυφοσ'", "'ΣΊΣΥΦΟΣ'"],
      wrong: ["'starfruit'", "'xstar fruit'", "'star frui'"],
    },
  ],
};

const maxLength = 200;

/**
 * Normalizes a text to characters that a keyboard types: single spaces and none around it, NFC, plain quotation marks
 * and hyphens, and no invisible characters.
 */
function collapsed(text: string): string {
  return visible(text)
    .replace(/[\u2018-\u201b\u2032]/g, "'")
    .replace(/[\u201c-\u201f\u2033]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-');
}

/** A text on one line, without invisible characters. */
function visible(text: string): string {
  return onOneLine(text.replace(/\p{Default_Ignorable_Code_Point}/gu, '').normalize('NFC'));
}

/** The form in which texts are compared: without case, hyphens in words, or punctuation at the end. */
export function comparableText(text: string): string {
  const words = withoutEnd(collapsed(text)).replace(/(?<=\p{L}) ?- ?(?=\p{L})/gu, ' ');
  // Some letters have one capital and several lower-case forms, such as the Greek sigma.
  return words.toUpperCase().toLowerCase();
}

/** Collapses each run of whitespace to a single space, and trims the text. */
function onOneLine(text: string): string {
  return text.trim().replace(/\s+/gu, ' ');
}

/** Removes the punctuation at the end of a text, unless the text is nothing but punctuation. */
function withoutEnd(text: string): string {
  return text.replace(/(?<=[^\p{Terminal_Punctuation}…\s])[\p{Terminal_Punctuation}…\s]+$/u, '');
}

/** Writes a text as a TypeScript string in single quotes. */
export function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  // JSON leaves two characters unescaped that some TypeScript parsers take for line ends.
  return `'${inside.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** Whether a text is neither empty nor too long for a cell. */
function isShort(text: string): boolean {
  return text !== '' && text.length <= maxLength;
}

/**
 * Reports something that should be in quotes and is not.
 *
 * @param isAnswer whether adding quotes is enough.
 */
export function notInQuotes(sourceText: string, takes: string, isAnswer: boolean): NoAnswer {
  const text = `{written} is not in quotes. This cell takes ${takes}.`;
  return { ...noAnswer('unquoted', text, sourceText), corrected: isAnswer ? quoted(sourceText) : undefined };
}

/**
 * Reads the text from a cell that takes one, or says why the cell contains something else.
 *
 * @param takes completes the sentence `Write …` in messages.
 * @param isAnswer tells whether the cell accepts a text.
 */
export function textIn(
  written: WrittenValue,
  sourceText: string,
  takes: string,
  isAnswer: (text: string) => boolean,
): { readonly text: string } | NoAnswer {
  const because = (code: string, text: string) => noAnswer(code, text, sourceText);
  switch (written.kind) {
    case 'string': {
      const text = collapsed(written.value);
      if (text === '')
        return because(
          'empty-text',
          'Nothing is between the quotation marks. Write your answer there, or null.',
        );
      return !isShort(text)
        ? because('long-text', `{written} has more than ${maxLength} characters. Write a shorter answer.`)
        : { text };
    }
    case 'number':
    case 'boolean':
      return notInQuotes(sourceText, takes, isAnswer(sourceText));
    case 'array':
      return because('list', '{written} is a list. A cell takes one text, without square brackets.');
    case 'object':
      return because('object', 'There is an object in braces here. Write one text in quotes instead.');
  }
}
