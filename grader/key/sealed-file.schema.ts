import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false };
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Bytes = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', description: 'base64' });

const BoxesSchema = Type.Array(Bytes, { description: 'Each begins with its lookup id.' });

const CellSchema = Type.Object(
  { id: Type.String(), salt: Bytes, boxes: BoxesSchema },
  { ...closed, description: 'In its boxes: the values of one place that are right, or tell something.' },
);

/**
 * What a sealed key holds. `scrypt` stretches a place, in which
 * one value lies or a few that are nearly the same; with a cell that gives the secret of the place there, and a secret
 * gives the id of a box and the key that opens it. Lists of boxes are equally long, and
 * boxes equally large, among rows and among the cells of which one place has one value, or several.
 */
export const SealedFileSchema = Type.Object(
  {
    about: Type.String({ description: 'For whoever opens the file; it is not part of the key.' }),
    digest: Type.Unsafe<string>({
      ...Sha256,
      description: 'SHA-256 of all that follows; it shows damage and is no signature.',
    }),
    version: Type.Literal(5),
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
    texts: Type.Array(Bytes, {
      description: 'What boxes refer to, each once: hints, and what numbers are. All are equally long.',
    }),
    example: Type.Optional(
      Type.Object(
        { token: Bytes, box: Bytes },
        { ...closed, description: 'The worksheet worked out for other sizes, and what opens it.' },
      ),
    ),
    rows: Type.Array(
      Type.Object({ id: Type.String(), cells: Type.Array(CellSchema), boxes: BoxesSchema }, closed),
      { description: 'The rows of the worksheet; in the boxes of a row, a hint for all of its values.' },
    ),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sealed key',
    description: 'An answer key that tells whether a value is right, and cannot be read.',
    ...closed,
  },
);

export type SealedCell = Static<typeof CellSchema>;
export type SealedFile = Static<typeof SealedFileSchema>;
