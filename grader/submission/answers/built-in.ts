import type { Datum } from './data';
import { Refusal } from './refusal';
import type { Span } from './syntax';

/** A name that the language gives a value, or why a name has none. */
export function builtIn(name: string, at: Span): Datum {
  switch (name) {
    case 'undefined':
      return { is: 'nothing', ...at };
    case 'NaN':
      return { is: 'number', value: Number.NaN, ...at };
    case 'Infinity':
      return { is: 'number', value: Number.POSITIVE_INFINITY, ...at };
    default:
      throw /^_+$/.test(name)
        ? new Refusal(
            'value',
            'placeholder',
            at.start,
            '{0} is still the gap to fill in: write a number, or null.',
            name,
          )
        : new Refusal(
            'value',
            'unknown-name',
            at.start,
            '{0} is not a const of this file. Write a number, or give it a const above.',
            name,
          );
  }
}
