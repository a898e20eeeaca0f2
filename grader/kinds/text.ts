import { type Answer, exact, type Kind, type KindDefinition } from './kind';
import { collapsed, comparableText, isShort, notInQuotes, onOneLine, quoted, textIn } from './quoted';

/**
 * A short text. Ignored are spaces around it, repeated spaces, a hyphen in place of a space, invisible characters,
 * punctuation at its end, and whether quotes and hyphens are typographic.
 */
export const textKind: KindDefinition = {
  id: 'text',
  settings: {},
  required: [],
  create(): Kind {
    const takes = 'a text in quotes';
    return {
      ...exact,
      type: 'string | null',
      valueKind: 'string',
      quiz: { type: 'shortanswer' },
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
      sourceText: (answer: Answer) => quoted(String(answer)),
    };
  },
};
