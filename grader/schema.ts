import { type ObjectOptions, type TProperties, type TSchema, Type } from '@sinclair/typebox';

// The parts that several schemas of this package have.

export const text = Type.String();

/** One of some words. */
export const oneOf = <const Word extends string>(words: readonly Word[], description?: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: words, description });

/** An object with these properties, and no others. */
export const record = <Properties extends TProperties>(properties: Properties, options: ObjectOptions = {}) =>
  Type.Object(properties, { ...options, additionalProperties: false });

/** A schema with what a person who reads its JSON has to know. */
export const described = <Schema extends TSchema>(description: string, schema: Schema): Schema => ({
  ...schema,
  description,
});

/** An object whose names are free, with values of one form. */
export const byName = <Value extends TSchema>(value: Value, description?: string) =>
  Type.Record(text, value, { description });
