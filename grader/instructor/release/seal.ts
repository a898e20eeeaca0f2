import { randomBytes } from 'node:crypto';
import { hintsOf, type Misconception } from '../../key/hints';
import {
  closeBox,
  decoy,
  type Lock,
  lockOf,
  rowSecret,
  type Scrypt,
  saltBytes,
  valueSecret,
} from '../../key/lock';
import { boundToCell, boundToRow, type Note } from '../../key/sealed';
import { type SealedContent, sealedDigest } from '../../key/sealed-file';
import type { SealedBox, SealedFile } from '../../key/sealed-file.schema';
import type { Solution } from '../../key/solution';
import type { Rubric } from '../../rubric/rubric';
import type { Course } from '../course';

/** 16 MiB and some 25 ms a guess; a worksheet of 14 cells opens in 0.2 s on two cores. */
export const usualScrypt: Scrypt = { log2N: 14, r: 8, p: 1 };

const about =
  'The sealed answer key of this assignment. It can tell whether a value is right, and holds no value that can be read. Leave it as it is: the grader refuses a key that has been changed.';

/** What is to be locked up, before it is known how large and how many the boxes have to be. */
interface Contents {
  readonly bound: string;
  readonly texts: readonly { readonly lock: Lock; readonly text: string }[];
}

/** The key of a students' copy, where it has one. */
export async function keyForStudents({ rubric, solution }: Course): Promise<SealedFile | undefined> {
  return rubric.selfCheck === 'scored' ? seal(rubric, solution) : undefined;
}

/** Locks an answer key up. Two sealings of one key share no salt, slot or box. */
export async function seal(
  rubric: Rubric,
  { expected, misconceptions }: Solution,
  scrypt = usualScrypt,
): Promise<SealedFile> {
  const locked = await Promise.all(
    [...expected].map(([row, right]) => lockRow(row, right, misconceptions, scrypt)),
  );
  const cells = locked.flatMap((row) => row.cells);
  const rows = locked.map(({ row, contents }) => ({ row, contents }));
  const texts = [...cells, ...rows].flatMap(({ contents }) => contents.texts);
  const size = roundUp(Math.max(...texts.map(({ text }) => Buffer.byteLength(text))), 64);
  const content: SealedContent = {
    version: 1,
    rubric: rubric.digest,
    scrypt,
    cells: fill(cells, size),
    rows: fill(rows, size),
  };
  return { about, digest: sealedDigest(content), ...content };
}

async function lockRow(
  row: string,
  right: ReadonlyMap<string, number>,
  misconceptions: readonly Misconception[],
  scrypt: Scrypt,
) {
  const { shapes, lone } = hintsOf(row, right, misconceptions);
  const salted = [...right].map(([column, value]) => {
    const cell = { row, column, salt: randomBytes(saltBytes).toString('base64') };
    const secrets = new Map<number, Promise<Buffer>>();
    const secretOf = (typed: number): Promise<Buffer> => {
      const secret = secrets.get(typed) ?? valueSecret(scrypt, cell, typed);
      secrets.set(typed, secret);
      return secret;
    };
    return { cell, right: value, secretOf };
  });

  const cells = salted.map(async ({ cell, right, secretOf }) => {
    const hints = lone.filter(({ column }) => column === cell.column);
    const notes: (readonly [number, Note])[] = [
      [right, 'right'],
      ...hints.map(({ value, hint }) => [value, hint] as const),
    ];
    const texts = notes.map(async ([value, note]) => lockUp(await secretOf(value), note));
    return { ...cell, contents: { bound: boundToCell(cell), texts: await Promise.all(texts) } };
  });
  const texts = shapes.map(async ({ values, hint }) => {
    const secrets = salted.map(({ secretOf }, index) => secretOf(values[index] ?? 0));
    return lockUp(rowSecret(await Promise.all(secrets)), hint);
  });
  const bound = boundToRow(
    row,
    salted.map(({ cell }) => cell),
  );
  return {
    row,
    cells: await Promise.all(cells),
    contents: { bound, texts: await Promise.all(texts) },
  };
}

function lockUp(secret: Buffer, note: Note): Contents['texts'][number] {
  return { lock: lockOf(secret), text: JSON.stringify(note) };
}

/** Closes every box and adds decoys, so that each list is as long as the others. */
function fill<Holder extends { readonly contents: Contents }>(
  holders: readonly Holder[],
  size: number,
): (Omit<Holder, 'contents'> & { boxes: SealedBox[] })[] {
  // At least one decoy each; rounded up, so that the count tells little of how much there is to find.
  const count = roundUp(1 + Math.max(...holders.map(({ contents }) => contents.texts.length)), 8);
  return holders.map(({ contents, ...holder }) => {
    const boxes = contents.texts.map(({ lock, text }) => closeBox(lock, contents.bound, text, size));
    while (boxes.length < count) boxes.push(decoy(size));
    // Slots are as good as random, so their order says nothing of what lies in them.
    return { ...holder, boxes: boxes.sort((a, b) => (a.slot < b.slot ? -1 : 1)) };
  });
}

function roundUp(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}
