import type { Answer, Kind, KindDefinition } from './kind';
import { numberIn, unsignedZero, withRoom } from './numeric';

type DecimalSettings = {
  readonly tolerance: number | string;
  readonly unit?: string;
};

/** A number that may be off by a tolerance, with an optional unit shown beside it. */
export const decimalKind: KindDefinition<DecimalSettings> = {
  id: 'decimal',
  about:
    'a number that may be off by a tolerance (a percentage is at most 50%, and none where 0 is right); fractions such as `1 / 3` too',
  settings: {
    tolerance: {
      type: ['number', 'string'],
      exclusiveMinimum: 0,
      pattern: '^(?!0+(?:\\.0+)?\\s*%)\\d{1,2}(?:\\.\\d+)?\\s*%$',
      description: 'how far off an answer may be: a number above 0, or a part of what is right, such as 2%',
    },
    unit: {
      type: 'string',
      minLength: 1,
      maxLength: 20,
      pattern: '^\\S(?:.*\\S)?$',
      description: 'the unit that is shown beside an answer, such as kg',
    },
  },
  required: ['tolerance'],
  faults: ({ tolerance }) =>
    typeof tolerance === 'string' && Number.parseFloat(tolerance) > maxPercent
      ? [{ setting: 'tolerance', text: `tolerance is ${tolerance}; write at most ${maxPercent}%.` }]
      : [],
  create({ tolerance, unit }): Kind {
    // Either an amount, or a percentage of the right answer.
    const isPart = typeof tolerance === 'string';
    const size = isPart ? Number.parseFloat(tolerance) / 100 : tolerance;
    const bucketOf = isPart ? relative(size) : absolute(size);
    const off = (answer: Answer, known: Answer) => Math.abs(Number(answer) - Number(known));
    const most = (known: Answer) => (isPart ? size * Math.abs(Number(known)) : size);
    const matches = (answer: Answer, known: Answer) =>
      off(answer, known) <=
      withRoom(most(known), Math.max(Math.abs(Number(answer)), Math.abs(Number(known))));
    // No matching answer is further off than this: it allows the largest one twice its room for rounding.
    const reach = (known: Answer) => withRoom(most(known), 2 * (Math.abs(Number(known)) + most(known)));
    return {
      type: 'number | null',
      valueKind: 'number',
      takes: 'a number',
      unit,
      note: `within ${tolerance}`,
      width: 6 + (unit === undefined ? 0 : unit.length + 1),
      faultOf: (right) =>
        isPart && right === 0
          ? 'only 0 is within a percentage of 0; write the tolerance as a number'
          : undefined,
      isExact: false,
      parse(answer, sourceText) {
        const reading = numberIn(answer, sourceText, true);
        return 'reason' in reading ? reading : { value: unsignedZero(reading.number) };
      },
      answerOf: (value) =>
        typeof value === 'number' && Number.isFinite(value) ? unsignedZero(value) : undefined,
      matches,
      distance: off,
      bucketOf: (answer) => bucketOf(Number(answer)),
      bucketsOf: (known) => [...new Set(steps.map((step) => bucketOf(Number(known) + step * reach(known))))],
      print(answer) {
        const shown = rounded(Number(answer), (number) => matches(number, answer));
        return unit === undefined ? String(shown) : `${shown} ${unit}`;
      },
      sourceText: String,
    };
  },
  examples: [
    {
      settings: { tolerance: 0.375, unit: 'm' },
      right: [2.5],
      spellings: ['2.125', '2.875', '2.75', '17 / 8'],
      wrong: ['2.876', '2.124', '-2.5', '25', '0'],
    },
    {
      settings: { tolerance: '2.5%' },
      right: [-2e-9],
      spellings: ['-2.0499e-9', '-1.9501e-9', '-2 / 1e9'],
      wrong: ['-2.0501e-9', '-1.9499e-9', '2e-9', '0'],
    },
  ],
};

/**
 * Rounds for display: to six significant digits, or to one decimal if the integer part has six or more digits. Keeps
 * more digits where the rounded number would not count as the original.
 */
function rounded(value: number, isAlike: (shown: number) => boolean): number {
  const fewest = Math.max(6, Math.ceil(Math.log10(Math.abs(value) + 1)) + 1);
  for (let digits = fewest; digits <= 15; digits++) {
    const shown = Number(value.toPrecision(digits));
    if (isAlike(shown)) return shown;
  }
  return value;
}

/** With a larger tolerance, hardly any answer would be wrong. */
const maxPercent = 50;

/** From the lowest to the highest match of a known answer, in steps shorter than any bucket there. */
const steps = Array.from({ length: 17 }, (_, index) => index / 8 - 1);

/**
 * Intervals of equal length, a power of two so that dividing by it is exact. Where the room for rounding would exceed
 * that length, they grow with the number.
 */
function absolute(tolerance: number): (value: number) => string {
  const length = 2 ** exponentAbove(tolerance);
  const growing = relative(smallestPart);
  return (value) =>
    Math.abs(value) * 2 * smallestPart < length ? String(Math.floor(value / length)) : growing(value);
}

/**
 * Intervals that grow with the number, so that their length reveals nothing about the right answer: each contains the
 * numbers whose IEEE 754 representations begin with the same bits.
 */
function relative(tolerance: number): (value: number) => string {
  const fractionBits = Math.max(0, -exponentAbove(Math.max(tolerance, smallestPart)) - 1);
  return (value) =>
    value === 0 ? '0' : `${value < 0 ? '-' : '+'}${leadingBits(Math.abs(value), 12 + fractionBits)}`;
}

/** Even intervals of this fraction of a number are longer than the room for rounding. */
const smallestPart = 2 ** -36;

/**
 * The smallest n with 2 ** n >= number; found step by step, because a logarithm may be rounded differently on another
 * machine.
 */
function exponentAbove(number: number): number {
  let exponent = 0;
  while (2 ** exponent < number) exponent++;
  while (2 ** (exponent - 1) >= number) exponent--;
  return exponent;
}

/** The first bits of a non-negative number, as an integer that grows with the number. */
function leadingBits(value: number, bits: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return Number(view.getBigUint64(0) >> BigInt(64 - bits));
}
