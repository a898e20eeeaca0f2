import { type Static, Type } from '@sinclair/typebox';
import { AnswerSchema } from '../kinds/answer.schema';

const closed = { additionalProperties: false };

/**
 * An answer key as a file, for a host where students cannot read it and the course's `solution/`
 * cannot run.
 */
export const PlainKeySchema = Type.Object(
  {
    about: Type.String({ description: 'For whoever opens the file; it is not part of the key.' }),
    digest: Type.String({ description: 'SHA-256 of the rest, so that damage is noticed.' }),
    version: Type.Literal(5),
    rubric: Type.String({ description: 'Digest of the rubric it was made for.' }),
    expected: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          cells: Type.Array(
            Type.Object(
              {
                id: Type.String(),
                value: AnswerSchema,
                alternatives: Type.Optional(Type.Array(AnswerSchema)),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
      { description: 'What is right.' },
    ),
    misconceptions: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          row: Type.String(),
          values: Type.Record(Type.String(), AnswerSchema),
          text: Type.String(),
        },
        closed,
      ),
      { description: 'Known wrong answers, and the hint for each.' },
    ),
    quantities: Type.Array(Type.Object({ value: Type.Number(), phrase: Type.String() }, closed), {
      description: 'Numbers of the worksheet, and what each is.',
    }),
    explanations: Type.Record(Type.String(), Type.String(), {
      description: 'Why rows are as they are, by row.',
    }),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Plain key',
    description: 'An answer key that can be read. It is for the instructor alone.',
    ...closed,
  },
);

export type PlainKeyFile = Static<typeof PlainKeySchema>;
