import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false };
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Bytes = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', description: 'base64' });

const BoxSchema = Type.Object({ slot: Bytes, box: Bytes }, closed);

/**
 * What a sealed key holds. `scrypt` turns a cell and a value into the secret of that value; a secret
 * gives the slot to look in and the key that opens the box found there. Every list of boxes is as
 * long as its neighbours, and every box as large as the others, whatever is in it, if anything is.
 */
export const SealedFileSchema = Type.Object(
  {
    about: Type.String({ description: 'For whoever opens the file; it is not part of the key.' }),
    digest: Type.Unsafe<string>({
      ...Sha256,
      description: 'SHA-256 of all that follows; it shows damage and is no signature.',
    }),
    version: Type.Literal(1),
    rubric: Type.Unsafe<string>({ ...Sha256, description: 'Digest of the rubric it was sealed for.' }),
    scrypt: Type.Object(
      {
        log2N: Type.Integer({ minimum: 10, maximum: 17 }),
        r: Type.Literal(8),
        p: Type.Literal(1),
      },
      closed,
    ),
    cells: Type.Array(
      Type.Object(
        { row: Type.String(), column: Type.String(), salt: Bytes, boxes: Type.Array(BoxSchema) },
        closed,
      ),
      { description: 'By cell: that a value is right, or a hint for it alone.' },
    ),
    rows: Type.Array(Type.Object({ row: Type.String(), boxes: Type.Array(BoxSchema) }, closed), {
      description: 'By row: a hint for all of its values together.',
    }),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sealed key',
    description: 'An answer key that tells whether a value is right, and cannot be read.',
    ...closed,
  },
);

export type SealedBox = Static<typeof BoxSchema>;
export type SealedFile = Static<typeof SealedFileSchema>;
