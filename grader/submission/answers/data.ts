import type { Refusal } from './refusal';

/** A value that was worked out, and where it stands in the file. */
export type Datum = { readonly start: number; readonly end: number } & (
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'text'; readonly value: string }
  | { readonly is: 'bigint'; readonly text: string }
  | { readonly is: 'boolean'; readonly value: boolean }
  | { readonly is: 'nothing' }
  | { readonly is: 'list'; readonly items: readonly Datum[] }
  | { readonly is: 'record'; readonly fields: ReadonlyMap<string, Field> }
  | { readonly is: 'unreadable'; readonly why: Refusal }
);

export interface Field {
  readonly keyStart: number;
  readonly value: Datum;
}

/** A datum in the words of a message. */
export function describe(datum: Datum): string {
  switch (datum.is) {
    case 'number':
      return 'a number';
    case 'text':
      return 'a text in quotes';
    case 'bigint':
      return 'a number with an n after it';
    case 'boolean':
      return 'true or false';
    case 'nothing':
      return 'an empty value';
    case 'list':
      return 'a list in square brackets';
    case 'record':
      return 'a group in braces';
    case 'unreadable':
      return 'something that is not read';
  }
  return datum satisfies never;
}

/** A datum that another is to be worked out from. */
export function readable(datum: Datum): Datum {
  if (datum.is === 'unreadable') throw datum.why;
  return datum;
}
