import { type Static, Type } from '@sinclair/typebox';
import { byName, record } from './schema';

/** Text that a student wrote. Show it only through `render/escape/`. */
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

export type Excerpt = Static<typeof ExcerptSchema>;
export type Location = Static<typeof LocationSchema>;
export type Message = Static<typeof MessageSchema>;
