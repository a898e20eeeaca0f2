import { message } from '../message';
import { exact, type Kind, type KindDefinition } from './kind';
import { comesTo, notWhole, numberIn } from './numeric';

const kind: Kind = {
  ...exact,
  type: 'number | null',
  valueKind: 'number',
  isWhole: true,
  quiz: { type: 'numerical', tolerance: () => 0 },
  width: 6,
  takes: 'a whole number from 1',
  parse(written, sourceText) {
    const reading = numberIn(written, sourceText);
    if ('reason' in reading) return reading;
    const { number: value } = reading;
    // Check whole numbers below 1 first. A fraction below 1 is reported as not whole.
    const reason = value < 1 && Number.isInteger(value) ? tooSmall(value, sourceText) : undefined;
    const wrong = reason ?? notWhole(value, sourceText);
    return wrong ? { reason: wrong } : { value };
  },
  answerOf: (value) => (isCount(value) ? value : undefined),
  sourceText: String,
};

/** A whole number, 1 or more. */
export const countKind: KindDefinition = { id: 'count', settings: {}, required: [], create: () => kind };

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function tooSmall(value: number, sourceText: string) {
  const text = `{written} is not a count; it must be 1 or more.${comesTo(value, sourceText)}`;
  return message('cell/too-small', text, { written: sourceText });
}
