import { oneOrTwo } from '../answers/diagnostics';
import { signBetween, withFix } from '../answers/fix';
import { parseModule, soleValue } from '../answers/parser';
import { message } from '../message';
import { type NoAnswer, noAnswer, type WrittenValue } from './kind';

/**
 * Reads the number from a cell that takes one, or says why the cell contains something else.
 *
 * @param isDecimal whether a comma may be meant as a decimal point.
 */
export function numberIn(
  written: WrittenValue,
  sourceText: string,
  isDecimal = false,
): { readonly number: number } | NoAnswer {
  const because = (code: string, text: string) => noAnswer(code, text, sourceText);
  switch (written.kind) {
    case 'number':
      return Number.isFinite(written.value)
        ? { number: written.value }
        : because('not-finite', `{written} is not an ordinary number.${comesTo(written.value, sourceText)}`);
    case 'string':
      return inQuotes(written.value, isDecimal);
    case 'boolean':
      return because('boolean', '{written} is not a number. Write a number, or null.');
    case 'array':
      return because('list', '{written} is a list. A cell takes one number, without square brackets.');
    case 'object':
      return because('object', 'There is an object in braces here. Write one number instead.');
  }
}

/** ` It comes to 7.`, or an empty text if the student wrote exactly this number. */
export function comesTo(value: number, sourceText: string): string {
  return String(value) === sourceText ? '' : ` It comes to ${value}.`;
}

/** Says why a number is not whole, or is beyond the safe integers; undefined if neither is the case. */
export function notWhole(value: number, sourceText: string): NoAnswer | undefined {
  if (!Number.isInteger(value)) {
    const meant = /^\d{1,3}\.\d{3}$/.test(sourceText) ? ` ${oneOrTwo}` : comesTo(value, sourceText);
    return noAnswer('fraction', `{written} is not a whole number.${meant}`, sourceText);
  }
  if (Number.isSafeInteger(value)) return undefined;
  const size = value > 0 ? 'large' : 'small';
  return noAnswer(`too-${size}`, `{written} is too ${size} to be counted exactly.`, sourceText);
}

/** Widens a distance to allow for binary rounding: by one part in 10^12 of the larger number compared. */
export function withRoom(distance: number, larger: number): number {
  return distance + 1e-12 * larger;
}

/** Turns -0 into 0. */
export function unsignedZero(value: number): number {
  return value === 0 ? 0 : value;
}

/**
 * The forms that a text in quotes may have, each with its message: in a file, and in a field of the page, which has no
 * quotes.
 */
interface Quoted {
  readonly code: string;
  readonly looks: Pick<RegExp, 'test'>;
  readonly advice: string;
  readonly forField?: string;
  /** Whether it would be an answer without its quotes. */
  readonly isAnswer?: boolean;
}

const noQuotes = { code: 'quoted', advice: 'is in quotes, but a number takes none.', isAnswer: true };

/** The first that matches counts. */
const quotedForms: readonly Quoted[] = [
  {
    code: 'shape-in-a-cell',
    looks: /^(?!0x)\d+\s*[x×*,;]\s*\d+$/iu,
    advice: 'looks like a whole shape. Each cell takes one number, without quotation marks.',
    forField: 'looks like a whole shape. Each cell takes one number. (A product takes a *.)',
  },
  { ...noQuotes, looks: { test: isNumber } },
  // A number with a leading zero, or arithmetic that cannot be read: a digit with an operator after it.
  { ...noQuotes, isAnswer: false, looks: /^(?:-?0\d+(?:\.\d+)?|(?=.*\d\s*[-+*/])[\d\s.()+\-*/]+)$/s },
  {
    code: 'equation',
    looks: /^(?=.*\d\s*[-+*/])[\d\s.()+\-*/]+=/s,
    advice: 'is arithmetic and its result, in quotes. Write one of the two, without quotes.',
    forField: 'is arithmetic and its result. Write one of the two.',
  },
  {
    code: 'unit',
    looks: /^(?!\d+\s*x)[-+]?\d[\d.,_]*\s*(?:%|\p{L})/iu,
    advice: 'is in quotes, and is more than a number. Write the number alone, without quotes or a unit.',
    forField: 'is more than a number. Write the number alone, without a unit.',
  },
  {
    code: 'number-word',
    looks: { test: isNumberInWords },
    advice: 'is a number in words. Write it in digits, without quotes.',
    forField: 'is a number in words. Write it in digits.',
  },
  {
    code: 'word',
    looks: /^\p{L}[\p{L}\d]*(?:_[\p{L}\d]+)*$/u,
    advice: 'is a word in quotes. Write the number that it stands for.',
  },
];

/** Says what is wrong with a text in quotes: it may be a number, arithmetic, a shape, or words. */
function inQuotes(text: string, isDecimal: boolean): NoAnswer {
  const trimmed = text.trim();
  const reasonOf = ({ code, advice, forField = notNumber }: Omit<Quoted, 'looks'>) =>
    message(`cell/${code}`, `{found} ${advice}`, { found: trimmed }, { forField: `{found} ${forField}` });
  const written = { found: trimmed };
  if (/^\d{1,3}(?:[,' ]\d{3})+$/.test(trimmed)) {
    const corrected = trimmed.replaceAll(',', '');
    const signs = signBetween(trimmed, corrected);
    if (signs === undefined || isDecimal || !/^[1-9]\d?,/.test(trimmed)) {
      const forField = `{found} may be one number or two. ${oneOrTwo}`;
      const advice = `{found} is in quotes and may be one number or two. ${oneOrTwo}`;
      return { reason: message('cell/quoted', advice, written, { forField }) };
    }
    const forField = `Write {corrected}, without ${signs}.`;
    const quotes = { ...written, corrected };
    return { corrected, reason: message('cell/quoted', `{found} ${noQuotes.advice}`, quotes, { forField }) };
  }
  if (isDecimal && /^-?\d+,\d+$/.test(trimmed)) {
    const reason = reasonOf({
      code: 'decimal-comma',
      advice: 'is in quotes and has a comma. Write a decimal with a point and without quotes.',
      forField: 'has a comma. Write a decimal with a point.',
    });
    const decimal = trimmed.replace(',', '.');
    return { reason, corrected: isNumber(decimal) ? decimal : undefined };
  }
  const form = quotedForms.find(({ looks }) => looks.test(trimmed));
  if (form) return { reason: reasonOf(form), corrected: form.isAnswer ? trimmed : undefined };
  const advice = '{written} is text, not a number. Write a number without quotation marks, or null.';
  const { text: forField, quotes } = faultOfField(trimmed);
  return { reason: message('cell/text', advice, { ...quotes, written: trimmed }, { forField }) };
}

/** Codes of the parser's messages about signs and words that make sense without a file. */
const ofField = new Set(
  'bad-number leading-zero look-alike no-digit one-or-two-numbers operator signed-power two-numbers'.split(
    ' ',
  ),
);

/** The fault that the parser finds in the text of a field, and the correction if that is a number. */
function faultOfField(typed: string): { text: string; quotes: Record<string, string> } {
  const before = 'export const it = { one: ';
  const { fault } = parseModule(`${before}${typed}, two: 0 };`);
  const corrected = fault?.fixes.map((fix) => withFix(typed, fix, before.length)).find(isNumber);
  const cause = fault && ofField.has(fault.code) ? fault.text : `{written} ${notNumber}`;
  return corrected === undefined
    ? { text: cause, quotes: { ...fault?.quotes } }
    : { text: `${cause} Write {corrected}.`, quotes: { ...fault?.quotes, corrected } };
}

/** Whether a text is a number, or arithmetic that comes to one, and nothing else. */
function isNumber(text: string): boolean {
  const value = soleValue(text);
  return value?.kind === 'number' && Number.isFinite(value.value) && !/[[\]]|\/[/*]|\bas\b/.test(text);
}

/** The advice for anything else that a student types into a field. */
const notNumber = 'is neither a number nor arithmetic that can be read.';

const numberWords = new Set(
  (
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
    'seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand ' +
    'million billion'
  ).split(' '),
);

/** `one hundred and twenty-eight` */
function isNumberInWords(text: string): boolean {
  const words = text
    .slice(0, 100)
    .toLowerCase()
    .split(/[\s-]+/);
  const isNumeral = (word: string) => numberWords.has(word);
  return words.some(isNumeral) && words.every((word) => isNumeral(word) || /^(?:and|a|half)$/.test(word));
}
