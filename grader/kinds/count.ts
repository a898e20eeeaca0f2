import { integer } from './integer';
import { type Kind, type KindDefinition, unread } from './kind';
import { comesTo } from './numeric';

const isCount = (value: unknown) => Number(value) >= 1;

const kind: Kind = {
  ...integer,
  takes: 'a whole number from 1',
  parse(written, sourceText) {
    const reading = integer.parse(written, sourceText);
    if ('reason' in reading || isCount(reading.value)) return reading;
    const text = `{written} is not a count; it must be 1 or more.${comesTo(Number(reading.value), sourceText)}`;
    return unread('too-small', text, sourceText);
  },
  answerOf: (value) => (isCount(value) ? integer.answerOf(value) : undefined),
};

/** A whole number, 1 or more. */
export const countKind: KindDefinition = { id: 'count', settings: {}, required: [], create: () => kind };
