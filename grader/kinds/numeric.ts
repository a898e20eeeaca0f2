import { type Message, message } from '../message';
import type { WrittenValue } from './kind';

/** The number that was written in a cell that takes one, or what else stands there. */
export function numberIn(
  written: WrittenValue,
  sourceText: string,
): { readonly number: number } | { readonly reason: Message } {
  const because = (code: string, text: string) => ({
    reason: message(`cell/${code}`, text, { written: sourceText }),
  });
  switch (written.kind) {
    case 'number':
      return Number.isFinite(written.value)
        ? { number: written.value }
        : because('not-finite', `{written} is not an ordinary number.${comesTo(written.value, sourceText)}`);
    case 'string':
      return { reason: inQuotes(written.value) };
    case 'bigint':
      return because('bigint', 'Delete the n after {written}: a plain number is enough.');
    case 'boolean':
      return because('boolean', '{written} is not a number. Write a number, or null.');
    case 'array':
      return because('list', '{written} is a list. A cell takes one number, without square brackets.');
    case 'object':
      return because('object', 'There is an object in braces here. Write one number instead.');
  }
}

/** What is said of a number that was not written as such. */
export function comesTo(value: number, sourceText: string): string {
  return String(value) === sourceText ? '' : ` It comes to ${value}.`;
}

/** Why a number is not whole, or too large to be exact; undefined where it is neither. */
export function notWhole(value: number, sourceText: string): Message | undefined {
  const because = (code: string, text: string) => message(`cell/${code}`, text, { written: sourceText });
  if (!Number.isInteger(value)) {
    const point = /^\d{1,3}\.\d{3}$/.test(sourceText) ? ' If the point separates thousands, delete it.' : '';
    return because('fraction', `{written} is not a whole number.${comesTo(value, sourceText)}${point}`);
  }
  if (!Number.isSafeInteger(value)) {
    const size = value > 0 ? 'large' : 'small';
    return because(`too-${size}`, `{written} is too ${size} to be counted exactly.`);
  }
  return undefined;
}

/** What is wrong with a text: without its quotes it may be a number, a shape, or neither. */
function inQuotes(text: string): Message {
  const found = text.trim();
  if (/^\d{1,3}(?:[,' ]\d{3})+$/.test(found)) {
    return message(
      'cell/quoted',
      '{found} is in quotes, and split inside the number. Write its digits alone.',
      { found },
    );
  }
  if (/^\d+\s*[x×*,;]\s*\d+$/iu.test(found)) {
    return message(
      'cell/shape-in-a-cell',
      '{found} looks like a whole shape. Each cell takes one number, without quotation marks.',
      { found },
    );
  }
  return /^-?(?:\d+|\d{1,3}(?:_\d{3})+)(?:\.\d+)?$/.test(found)
    ? message('cell/quoted', '{found} is in quotes; write it without them.', { found })
    : message(
        'cell/text',
        '{found} is text, not a number. Write a number without quotation marks, or null.',
        { found },
      );
}
