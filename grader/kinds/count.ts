import { type Message, message } from '../message';
import type { Kind } from './kind';

/** A whole number from 1. */
export const count: Kind = {
  id: 'count',
  type: {
    name: 'Count',
    definition: 'number | null',
    comment: 'A whole number, or `null` while you have not filled it in.',
  },
  parse(written, sourceText) {
    const because = (code: string, text: string) => ({
      reason: message(`cell/${code}`, text, { written: sourceText }),
    });
    switch (written.kind) {
      case 'number':
        return isCount(written.value)
          ? { value: written.value }
          : because(...notACount(written.value, sourceText));
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
  },
  wrongValues: (right) =>
    [...new Set([right + 1, right - 1, right * 2, 1, 3, 77_777])].filter(
      (value) => value !== right && isCount(value),
    ),
};

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}
/** Code and text of what is wrong with a number that is none. */
function notACount(value: number, sourceText: string): [code: string, text: string] {
  const comesTo = String(value) === sourceText ? '' : ` It comes to ${value}.`;
  if (!Number.isFinite(value)) return ['not-finite', `{written} is not an ordinary number.${comesTo}`];
  if (!Number.isInteger(value)) {
    const point = /^\d{1,3}\.\d{3}$/.test(sourceText) ? ' If the point separates thousands, delete it.' : '';
    return ['fraction', `{written} is not a whole number.${comesTo}${point}`];
  }
  if (value < 1) return ['too-small', `{written} is not a count; it must be 1 or more.${comesTo}`];
  return ['too-large', '{written} is too large to be counted exactly.'];
}

/** What is wrong with a text: without its quotes it may be a number, a shape, or neither. */
function inQuotes(text: string): Message {
  const found = text.trim();
  if (/^\d{1,3}(?:[,' ]\d{3})+$/.test(found)) {
    return message(
      'cell/quoted',
      '{found} is in quotes, and split inside the number. Write its digits alone.',
      {
        found,
      },
    );
  }
  if (/^\d+\s*[x×*,;]\s*\d+$/iu.test(found)) {
    return message(
      'cell/shape-in-a-cell',
      '{found} looks like a whole shape. Each cell takes one number, without quotation marks.',
      { found },
    );
  }
  return /^(?:\d+|\d{1,3}(?:_\d{3})+)(?:\.\d+)?$/.test(found)
    ? message('cell/quoted', '{found} is in quotes; write it without them.', { found })
    : message(
        'cell/text',
        '{found} is text, not a number. Write a number without quotation marks, or null.',
        { found },
      );
}
