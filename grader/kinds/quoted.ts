import { message } from '../message';
import type { Unread, WrittenValue } from './kind';

const maxLength = 200;

/**
 * A text as a keyboard writes it: single spaces and none around it, each letter in one way of writing it,
 * plain quotation marks and hyphens, and nothing that cannot be seen.
 */
export function collapsed(text: string): string {
  return onOneLine(text.replace(/\p{Default_Ignorable_Code_Point}/gu, '').normalize('NFC'))
    .replace(/[\u2018-\u201b\u2032]/g, "'")
    .replace(/[\u201c-\u201f\u2033]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-');
}

/** A text with single spaces in it and none around it. */
export function onOneLine(text: string): string {
  return text.trim().replace(/\s+/gu, ' ');
}

/** A text without the punctuation at its end; one that is nothing else is as it is. */
export function withoutEnd(text: string): string {
  return text.replace(/(?<=[^\p{Terminal_Punctuation}…\s])[\p{Terminal_Punctuation}…\s]+$/u, '');
}

/** A text as it is compared where upper and lower case do not matter. */
export function withoutCase(text: string): string {
  // Some letters have several small forms and one capital, as the Greek sigma has.
  return text.toUpperCase().toLowerCase();
}

/** A text as TypeScript, in quotes. */
export function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  // JSON leaves two characters as they are that end a line for some readers of TypeScript.
  return `'${inside.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** Whether a text is one that a cell takes. */
export function isShort(text: string): boolean {
  return text !== '' && text.length <= maxLength;
}

/**
 * What is said of something that is not in quotes, and has to be.
 *
 * @param isAnswer whether it only lacks the quotes.
 */
export function notInQuotes(sourceText: string, takes: string, isAnswer: boolean): Unread {
  const reason = message('cell/unquoted', `{written} is not in quotes. Write ${takes}.`, {
    written: sourceText,
  });
  return { reason, ...(isAnswer && { corrected: quoted(sourceText) }) };
}

/**
 * The text that was written in a cell that takes one, or what else stands there.
 *
 * @param takes what to write, for messages.
 * @param isAnswer whether some text is one that the cell takes.
 */
export function textIn(
  written: WrittenValue,
  sourceText: string,
  takes: string,
  isAnswer: (text: string) => boolean,
): { readonly text: string } | Unread {
  const because = (code: string, text: string) => ({
    reason: message(`cell/${code}`, text, { written: sourceText }),
  });
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
    case 'bigint':
    case 'boolean':
      return notInQuotes(sourceText, takes, isAnswer(sourceText));
    case 'array':
      return because('list', '{written} is a list. A cell takes one text, without square brackets.');
    case 'object':
      return because('object', 'There is an object in braces here. Write one text in quotes instead.');
  }
}
