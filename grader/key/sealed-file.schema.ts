import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false };
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Bytes = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', description: 'base64' });

const BoxesSchema = Type.Array(Bytes, { description: 'Sorted; each begins with its lookup id.' });

/**
 * A sealed key. `scrypt` stretches a place, which holds one value or a few nearly equal ones. Together with a cell,
 * this gives the secret of the place in that cell. A secret gives the id of a box and the key that opens it.
 */
export const SealedFileSchema = Type.Object(
  {
    about: Type.String({ description: 'For whoever opens the file; it is not part of the key.' }),
    digest: Type.Unsafe<string>({
      ...Sha256,
      description: 'SHA-256 of all that follows; it shows damage and is no signature.',
    }),
    version: Type.Literal(8),
    rubric: Type.Unsafe<string>({ ...Sha256, description: 'Digest of the rubric it was sealed for.' }),
    scrypt: Type.Object(
      {
        log2N: Type.Integer({ minimum: 10, maximum: 17 }),
        r: Type.Literal(8),
        p: Type.Literal(1),
        salt: Bytes,
      },
      closed,
    ),
    texts: Type.Unsafe<string[]>({
      ...BoxesSchema,
      description: 'The texts that boxes refer to, each once: hints, meanings of numbers, and explanations.',
    }),
    rows: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          cells: Type.Array(Type.Object({ id: Type.String(), boxes: BoxesSchema }, closed), {
            description: 'In the boxes of a cell: the values of one place that are right, or tell something.',
          }),
          boxes: BoxesSchema,
        },
        closed,
      ),
      { description: 'In the boxes of a row: what all of its values together tell.' },
    ),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sealed key',
    description: 'An answer key that tells whether a value is right, and cannot be read.',
    ...closed,
  },
);

export type SealedFile = Static<typeof SealedFileSchema>;
