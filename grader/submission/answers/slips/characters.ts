import type { Refusal } from '../refusal';
import { slip } from './slip';

/** Characters that people type for another, and what to type instead. */
const lookAlikes = new Map([
  ['÷', 'To divide, write /'],
  ['−', 'Write the plain minus sign -'],
  ['–', 'Write the plain minus sign -'],
  ['—', 'Write the plain minus sign -'],
  ['；', 'Write the plain comma ,'],
  ['，', 'Write the plain comma ,'],
  ['：', 'Write the plain colon :'],
  ['…', 'Write a number, or null'],
  ['\\', 'To divide, write /'],
]);

/** A character that begins nothing in TypeScript. */
export function badCharacter(source: string, offset: number, character: string): Refusal {
  if ('“”„‘’‚«»'.includes(character)) {
    return slip(
      'curly-quote',
      offset,
      "This is a typographic quotation mark. Delete it around a number; elsewhere, type a plain ' in its place.",
    );
  }
  if (character === '×' || character === '✕') return shapeInACell(source, offset);
  if (/\p{Nd}/u.test(character)) {
    return slip(
      'foreign-digit',
      offset,
      'The digit {0} is not one of 0 to 9. Type it again on a plain keyboard.',
      character,
    );
  }
  if (/[\p{Cc}\p{Cf}]/u.test(character)) {
    return slip(
      'invisible-character',
      offset,
      'An invisible character, {0}, stands here. Delete what is around it and type it again.',
      character,
    );
  }
  const instead = lookAlikes.get(character);
  if (instead) return slip('look-alike', offset, `{0} is not read here. ${instead} in its place.`, character);
  return slip('unexpected-character', offset, '{0} does not belong here.', character);
}

/** What begins like a number and is none. */
export function badNumber(source: string, start: number): Refusal {
  const text = /^[\w.×]*/.exec(source.slice(start, start + 80))?.[0] ?? '';
  if (/^\d+[xX×]\d+/.test(text)) return shapeInACell(source, start);
  if (/^\d[\d._]*null$/.test(text)) return besideNull(start, text.slice(0, -4));
  if (afterThousands(source, start)) return thousands(source, start);
  if (/^0\d+$/.test(text))
    return slip('leading-zero', start, '{0} starts with a zero. Write it without.', text);
  return slip('bad-number', start, '{0} cannot be read as a number. Write digits only.', text);
}

/** A text whose closing quotation mark does not come on its line. */
export function unclosedText(source: string, start: number): Refusal {
  return /\d/.test(source[start - 1] ?? '')
    ? thousands(source, start + 1)
    : slip(
        'unclosed-text',
        start,
        'A quotation mark stands here and no other follows on this line. A number needs none: delete it.',
      );
}

/** `null 100`, `100null` or `null = 100` */
export function besideNull(offset: number, number: string): Refusal {
  return slip(
    'beside-null',
    offset,
    'The word null is still beside {0}. Delete the word null and keep the number.',
    number,
  );
}

/** `4,096`, `4 096` or `4'096`: a digit, a mark, and exactly three digits. */
export function afterThousands(source: string, start: number): boolean {
  return (
    /\d[,'\s]$/u.test(source.slice(Math.max(0, start - 2), start)) &&
    /^\d{3}(?!\d)/.test(source.slice(start, start + 4))
  );
}

/** A mark inside a number; `start` is where the digits after it begin. */
export function thousands(source: string, start: number): Refusal {
  const before = /[\d,' \u00a0\u2009\u202f]*$/.exec(source.slice(Math.max(0, start - 20), start))?.[0] ?? '';
  const after = /^[\d,']*\d/.exec(source.slice(start, start + 20))?.[0] ?? '';
  return slip(
    'thousands-separator',
    start - before.trimStart().length,
    '{0} is split inside the number. Write its digits together; if you mean two numbers, give each its own cell.',
    before + after,
  );
}

/** `7x13`, `7 x 13` or `7×13`; `offset` is anywhere in it. */
export function shapeInACell(source: string, offset: number): Refusal {
  const lineStart = source.lastIndexOf('\n', offset) + 1;
  const before = /[\d ]*$/.exec(source.slice(Math.max(lineStart, offset - 20), offset))?.[0] ?? '';
  const start = offset - before.trimStart().length;
  const text = /^[\d ]*[xX×✕]?[\d ]*/.exec(source.slice(start, start + 40))?.[0].trim() ?? '';
  return slip(
    'shape-in-a-cell',
    start,
    '{0} looks like a whole shape. Each cell takes one number, so a shape takes two cells. (To multiply, write *.)',
    text,
  );
}
