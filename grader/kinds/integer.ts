import { exact, type Kind, type KindDefinition, noAnswer } from './kind';
import { comesTo, notWhole, numberIn, unsignedZero } from './numeric';

const integer: Kind = {
  ...exact,
  type: 'number | null',
  valueKind: 'number',
  isWholeNumber: true,
  width: 6,
  takes: 'a whole number, perhaps 0 or negative',
  parse(written, sourceText) {
    const reading = numberIn(written, sourceText);
    if ('reason' in reading) return reading;
    return notWhole(reading.number, sourceText) ?? { value: unsignedZero(reading.number) };
  },
  answerOf: (value) => (Number.isSafeInteger(value) ? unsignedZero(Number(value)) : undefined),
  sourceText: String,
};

/** A whole number, which may be 0 or negative. */
export const integerKind: KindDefinition = {
  id: 'integer',
  about: 'a whole number, including 0 and negative numbers',
  settings: {},
  required: [],
  create: () => integer,
  examples: [{ settings: {}, right: [-12], spellings: [], wrong: ['12', '-11', '-12.5', '0'] }],
};

const isCount = (value: unknown) => Number(value) >= 1;

const count: Kind = {
  ...integer,
  takes: 'a whole number from 1',
  parse(written, sourceText) {
    const reading = integer.parse(written, sourceText);
    if ('reason' in reading || isCount(reading.value)) return reading;
    const text = `{written} is not a count; it must be 1 or more.${comesTo(Number(reading.value), sourceText)}`;
    return noAnswer('too-small', text, sourceText);
  },
  answerOf: (value) => (isCount(value) ? integer.answerOf(value) : undefined),
};

/** A whole number, 1 or more. */
export const countKind: KindDefinition = {
  id: 'count',
  about: 'a whole number from 1',
  settings: {},
  required: [],
  create: () => count,
  examples: [
    {
      settings: {},
      right: [16_384],
      spellings: ['16_384', '0x4000', '0b100000000000000', '16384.0', '16384.'],
      wrong: ['16_383', '16_385', '-16_384', '16_384.5'],
    },
  ],
};
