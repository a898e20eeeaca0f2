import { randomBytes } from 'node:crypto';
import {
  type BoxKeys,
  boxKeys,
  decoy,
  encrypt,
  rowSecret,
  type Scrypt,
  saltBytes,
  valueSecret,
} from '../../../key/encryption';
import { type ExpectedRow, hintsOf, type Misconception } from '../../../key/hints';
import type { KeyContent } from '../../../key/plain';
import { cellAad, type Payload, rowAad, type SealedContent, sealedDigest } from '../../../key/sealed';
import type { SealedBox, SealedFile } from '../../../key/sealed-file.schema';
import type { Rubric } from '../../../rubric/rubric';
import type { Course } from '../../course';

/** 4 MiB and some 6 ms a guess: it keeps values from eyes and search, and no setting could do more. */
export const usualScrypt: Scrypt = { log2N: 12, r: 8, p: 1 };

const about =
  'The sealed answer key of this assignment. It can tell whether a value is right, and holds no value that can be read. Leave it as it is: the grader refuses a key that has been changed.';

/** The key of a students' copy, where it has one. */
export async function keyForStudents({ rubric, solution }: Course): Promise<SealedFile | undefined> {
  return rubric.selfCheck === 'scored' ? seal(rubric, solution) : undefined;
}

/** Texts to encrypt, before it is known how large and how many the boxes have to be. */
interface Contents {
  readonly aad: string;
  readonly texts: readonly { readonly keys: BoxKeys; readonly text: string }[];
}

/** Seals an answer key. Two sealings of one key share no salt, lookup id or box. */
export async function seal(
  rubric: Rubric,
  { expected, misconceptions }: KeyContent,
  scrypt = usualScrypt,
): Promise<SealedFile> {
  const rows = await Promise.all(expected.map((row) => contentsOf(row, misconceptions, scrypt)));
  const cells = rows.flatMap((row) => row.cells);
  const size = boxSize([...cells, ...rows].map(({ contents }) => contents));
  const forCells = filler(
    cells.map(({ contents }) => contents),
    size,
  );
  const forRows = filler(
    rows.map(({ contents }) => contents),
    size,
  );
  const content: SealedContent = {
    version: 2,
    rubric: rubric.digest,
    scrypt,
    rows: rows.map((row) => ({
      id: row.id,
      cells: row.cells.map(({ id, salt, contents }) => ({ id, salt, boxes: forCells(contents) })),
      boxes: forRows(row.contents),
    })),
  };
  return { about, digest: sealedDigest(content), ...content };
}

async function contentsOf(row: ExpectedRow, misconceptions: readonly Misconception[], scrypt: Scrypt) {
  const { rowHints, cellHints } = hintsOf(row, misconceptions);
  const salted = row.cells.map(({ id, value: right }) => {
    const salt = randomBytes(saltBytes).toString('base64');
    const secrets = new Map<number, Promise<Buffer>>();
    const secretOf = (value: number): Promise<Buffer> => {
      const secret = secrets.get(value) ?? valueSecret(scrypt, row.id, { id, salt }, value);
      secrets.set(value, secret);
      return secret;
    };
    return { id, salt, right, secretOf };
  });
  const cells = salted.map(async ({ id, salt, right, secretOf }) => {
    const payloads: (readonly [number, Payload])[] = [
      [right, 'right'],
      ...cellHints.filter(({ column }) => column === id).map(({ value, hint }) => [value, hint] as const),
    ];
    const texts = payloads.map(async ([value, payload]) => sealedText(await secretOf(value), payload));
    return { id, salt, contents: { aad: cellAad(row.id, { id, salt }), texts: await Promise.all(texts) } };
  });
  const texts = rowHints.map(async ({ values, hint }) => {
    const secrets = salted.map(({ secretOf }, index) => secretOf(values[index] ?? 0));
    return sealedText(rowSecret(await Promise.all(secrets)), hint);
  });
  return {
    id: row.id,
    cells: await Promise.all(cells),
    contents: { aad: rowAad(row.id, salted), texts: await Promise.all(texts) },
  };
}

function sealedText(secret: Buffer, payload: Payload): Contents['texts'][number] {
  return { keys: boxKeys(secret), text: JSON.stringify(payload) };
}

/** In bytes, the same for all: the longest text, rounded up. */
function boxSize(contents: readonly Contents[]): number {
  const texts = contents.flatMap((content) => content.texts);
  return roundUp(Math.max(...texts.map(({ text }) => Buffer.byteLength(text))), 64);
}

/** Encrypts what is to be in one of some lists of boxes, and adds decoys, so that all are equally long. */
function filler(all: readonly Contents[], size: number): (contents: Contents) => SealedBox[] {
  // At least one decoy each; rounded up, so that the count tells little of how much there is to find.
  const count = roundUp(1 + Math.max(...all.map(({ texts }) => texts.length)), 8);
  return ({ aad, texts }) => {
    const boxes = texts.map(({ keys, text }) => encrypt(keys, aad, text, size));
    while (boxes.length < count) boxes.push(decoy(size));
    // Lookup ids are as good as random, so their order says nothing of what is in the boxes.
    return boxes.sort((a, b) => (a.lookupId < b.lookupId ? -1 : 1));
  };
}

function roundUp(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}
