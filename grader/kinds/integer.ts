import { exact, type Kind, type KindDefinition } from './kind';
import { notWhole, numberIn, unsignedZero } from './numeric';

/** The kind of a whole number, which other kinds may narrow. */
export const integer: Kind = {
  ...exact,
  type: 'number | null',
  valueKind: 'number',
  isWhole: true,
  quiz: { type: 'numerical', tolerance: () => 0 },
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
  settings: {},
  required: [],
  create: () => integer,
};
