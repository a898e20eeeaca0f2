import { type ObjectOptions, type Static, type TProperties, type TSchema, Type } from '@sinclair/typebox';

// Parts that several schemas of this package share.

export const text = Type.String();

/** One of some words. */
export const oneOf = <const Word extends string>(words: readonly Word[], description?: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: words, description });

/** An object with these properties, and no others. */
export const record = <Properties extends TProperties>(properties: Properties, options: ObjectOptions = {}) =>
  Type.Object(properties, { ...options, additionalProperties: false });

/** A schema with a description for people who read its JSON. */
export const withDescription = <Schema extends TSchema>(description: string, schema: Schema): Schema => ({
  ...schema,
  description,
});

/** An object with any names, whose values all have one form. */
export const byName = <Value extends TSchema>(value: Value, description?: string) =>
  Type.Record(text, value, { description });

/** Text written by a student. Show it only through `render/escape/`. */
export type Untrusted = string & { readonly __raw: true };

export const UntrustedSchema = Type.Unsafe<Untrusted>({
  type: 'string',
  description: 'Written by a student. Escape it for wherever it is shown.',
});

export const LocationSchema = record({
  file: Type.String({ description: "Path below the submission's root, with forward slashes." }),
  line: Type.Integer({ minimum: 1 }),
  column: Type.Integer({ minimum: 1, description: 'In UTF-16 units, as editors count.' }),
});

export const MessageSchema = record({
  code: Type.String({ description: 'Stable name of what is said, for programs.' }),
  text: Type.String({
    description: 'A plain sentence; {name} stands for the entry of quotes with that name.',
  }),
  quotes: byName(UntrustedSchema),
  next: Type.Optional(
    Type.String({ description: 'The next step, for someone who has the file; it follows the text.' }),
  ),
  forField: Type.Optional(
    Type.String({ description: 'The text for someone who fills in a field and sees no file.' }),
  ),
});

export const ExcerptSchema = record(
  {
    line: UntrustedSchema,
    column: Type.Integer({ minimum: 1, description: 'Where in that line, in UTF-16 units.' }),
    corrected: Type.Optional(UntrustedSchema),
  },
  {
    description:
      'A line of the file, cut if it is long, and the same line as it should be where that is certain.',
  },
);

export const ProblemSchema = record({
  reason: MessageSchema,
  location: Type.Optional(LocationSchema),
  excerpt: Type.Optional(ExcerptSchema),
  table: Type.Optional(
    Type.String({ description: 'The table that cannot be read for this reason, where others can.' }),
  ),
});

export type Excerpt = Static<typeof ExcerptSchema>;
export type Location = Static<typeof LocationSchema>;
export type Message = Static<typeof MessageSchema>;
/** Why something that a student wrote is not read, and where it is. */
export type Problem = Static<typeof ProblemSchema>;
