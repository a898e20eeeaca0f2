import type { Answer, Kind, KindDefinition, Settings } from './kind';
import { numberIn, unsignedZero } from './numeric';

interface DecimalSettings {
  readonly tolerance: number | string;
  readonly unit?: string;
}

/** How far off an answer may be: so much, or such a part of what is right. */
type Tolerance = { readonly absolute: number } | { readonly relative: number };

/** A number that may be off by a tolerance, in a unit that is shown. */
export const decimal: KindDefinition = {
  id: 'decimal',
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
  } as KindDefinition['settings'],
  required: ['tolerance'],
  faults: ({ tolerance }) =>
    typeof tolerance === 'string' && Number.parseFloat(tolerance) > mostPercent
      ? [{ setting: 'tolerance', text: `tolerance is ${tolerance}; write at most ${mostPercent}%.` }]
      : [],
  create(settings: Settings): Kind {
    const { tolerance: written, unit } = settings as unknown as DecimalSettings;
    const tolerance = toleranceOf(written);
    const { placeOf, placesOf } =
      'absolute' in tolerance ? absolute(tolerance.absolute) : relative(tolerance.relative);
    const off = (answer: Answer, known: Answer) => Math.abs(Number(answer) - Number(known));
    const most = (known: Answer) => mostOff(tolerance, Number(known));
    const of = unit === undefined ? '' : ` in ${unit}`;
    return {
      type: {
        // A unit may hold what no name does.
        ...(/^\w*$/.test(unit ?? '') && { name: unit === undefined ? 'Decimal' : `In_${unit}` }),
        definition: 'number | null',
        comment: `A number${of}, such as 2.5 or 5 / 2, or \`null\` while you have not filled it in.`,
      },
      valueKind: 'number',
      takes: 'a number',
      ...(unit !== undefined && { unit }),
      note: `within ${written}`,
      width: 6 + (unit === undefined ? 0 : unit.length + 1),
      ...('relative' in tolerance && {
        faultOf: (right: Answer) =>
          right === 0 ? 'nothing but 0 is within a part of 0; write the tolerance as a number' : undefined,
      }),
      isExact: false,
      parse(answer, sourceText) {
        const found = numberIn(answer, sourceText, true);
        return 'reason' in found ? found : { value: unsignedZero(found.number) };
      },
      answerOf: (value) =>
        typeof value === 'number' && Number.isFinite(value) ? unsignedZero(value) : undefined,
      matches: (answer, known) => off(answer, known) <= most(known),
      distance: off,
      placeOf: (answer) => String(placeOf(Number(answer))),
      placesOf: (known) => placesOf(Number(known)).map(String),
      print: (answer) => `${rounded(Number(answer))}${unit === undefined ? '' : ` ${unit}`}`,
      sourceText: String,
      numbers: (answer) => {
        const [value, far] = [Number(answer), most(answer)];
        return [value - far, value, value + far];
      },
      rightAnswers: (right) => {
        const [value, far] = [Number(right), most(right)];
        return [value, value + 0.99 * far, value - 0.99 * far];
      },
      wrongAnswers: (right) => {
        const [value, far] = [Number(right), most(right)];
        const near = far > 0 ? [value + 1.01 * far, value - 1.01 * far] : [value + 1, value - 1];
        return [...near, -value, value * 2 + 1, 77_777.5].filter(
          (wrong) => Number.isFinite(wrong) && off(wrong, value) > far,
        );
      },
    };
  },
};

/** A number as it is shown: whole digits all, and of the rest as many as make six. */
function rounded(value: number): number {
  const digits = Math.max(6, Math.ceil(Math.log10(Math.abs(value) + 1)) + 1);
  return digits > 15 ? value : Number(value.toPrecision(digits));
}

function toleranceOf(written: number | string): Tolerance {
  return typeof written === 'number' ? { absolute: written } : { relative: Number.parseFloat(written) / 100 };
}

/** Beyond it, hardly any answer would be wrong. */
const mostPercent = 50;

function mostOff(tolerance: Tolerance, known: number): number {
  return 'absolute' in tolerance ? tolerance.absolute : tolerance.relative * Math.abs(known);
}

/** Rounding may take an answer this part of a tolerance further than it says. */
const rounding = 1 + 2 ** -20;

interface Grid {
  placeOf(value: number): number | string;
  placesOf(known: number): (number | string)[];
}

/**
 * Intervals of one length, a power of two so that dividing by it is exact. A known answer with its
 * tolerance lies in five of them at most.
 */
function absolute(tolerance: number): Grid {
  const length = 2 ** exponentAbove(tolerance);
  const placeOf = (value: number) => Math.floor(value / length);
  return {
    placeOf,
    placesOf(known) {
      const first = placeOf(known - tolerance * rounding);
      const last = placeOf(known + tolerance * rounding);
      if (Number.isSafeInteger(first) && Number.isSafeInteger(last)) return range(first, last);
      // So far from zero no other number lies between these.
      return [...new Set([placeOf(known - tolerance), placeOf(known), placeOf(known + tolerance)])];
    },
  };
}

/**
 * Intervals that grow with the number, so that their length says nothing of what is right: numbers
 * whose IEEE 754 representations begin with the same bits. A known answer with its tolerance lies in
 * six of them at most.
 */
function relative(tolerance: number): Grid {
  const fractionBits = Math.max(0, -exponentAbove(tolerance) - 1);
  const place = (size: number) => leadingBits(size, 12 + fractionBits);
  const signed = (value: number, at: number) => (value === 0 ? '0' : `${value < 0 ? '-' : '+'}${at}`);
  return {
    placeOf: (value) => signed(value, place(Math.abs(value))),
    placesOf(known) {
      const size = Math.abs(known);
      if (size === 0) return ['0'];
      const off = size * tolerance * rounding;
      return range(place(size - off), place(Math.min(size + off, Number.MAX_VALUE))).map((at) =>
        signed(known, at),
      );
    },
  };
}

/** The least exponent of two that gives at least this number; worked out by steps, so that no machine rounds it otherwise. */
function exponentAbove(number: number): number {
  let exponent = 0;
  while (2 ** exponent < number) exponent++;
  while (2 ** (exponent - 1) >= number) exponent--;
  return exponent;
}

/** The first bits of a number that is not negative, as an integer; it grows with the number. */
function leadingBits(value: number, bits: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return Number(view.getBigUint64(0) >> BigInt(64 - bits));
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
