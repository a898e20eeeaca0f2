import {
  type BoxKeys,
  boxKeys,
  decoy,
  decoyText,
  encrypt,
  encryptText,
  rowSecret,
  type Scrypt,
  type SecretOf,
  saltBytes,
  secretsOf,
  tokenBytes,
} from '../../../key/encryption';
import type { WorkedExample } from '../../../key/example.schema';
import { type KnownCell, type KnownRow, knownRow } from '../../../key/hints';
import type { KeyContent } from '../../../key/plain';
import {
  cellAad,
  exampleAad,
  type KnownValue,
  rowAad,
  type SealedContent,
  type SealedText,
  sealedDigest,
  type TextRef,
  textAad,
} from '../../../key/sealed';
import type { SealedFile } from '../../../key/sealed-file.schema';
import { workedExample } from '../../../key/solution';
import type { Answer } from '../../../kinds/kind';
import { fromBase64, randomBytes, toBase64 } from '../../../platform';
import { type Rubric, rowsOf } from '../../../rubric/rubric';
import type { Course } from '../../course';

/** 4 MiB and some 6 ms a guess: it keeps values from eyes and search, and no setting could do more. */
export const usualScrypt: Omit<Scrypt, 'salt'> = { log2N: 12, r: 8, p: 1 };

const about =
  'The sealed answer key of this assignment. It can tell whether a value is right, and holds no value that can be read. Leave it as it is: the grader refuses a key that has been changed.';

/** The key of a students' copy, where it has one. */
export async function keyForStudents({ root, rubric, solution }: Course): Promise<SealedFile | undefined> {
  return rubric.selfCheck === 'scored'
    ? seal(rubric, { ...solution, example: workedExample(root, rubric) })
    : undefined;
}

/** A sealed key as a file: on one line, for there is nothing in it to read. */
export function sealedKeyText(key: SealedFile): string {
  return `${JSON.stringify(key)}\n`;
}

/** Texts to encrypt, before it is known how large and how many the boxes have to be. */
interface Contents {
  readonly aad: string;
  readonly texts: readonly { readonly keys: BoxKeys; readonly text: string }[];
}

/** Seals an answer key. Two sealings of one key share no salt, lookup id or box. */
export async function seal(
  rubric: Rubric,
  {
    expected,
    misconceptions,
    quantities,
    explanations,
    example,
  }: KeyContent & { readonly example?: WorkedExample | undefined },
  strength = usualScrypt,
): Promise<SealedFile> {
  const known = rowsOf(rubric).flatMap(({ id, cells }) => {
    const right = expected.find((row) => row.id === id);
    return right ? [{ id, ...knownRow(right, cells, misconceptions, quantities) }] : [];
  });
  const texts = new Texts();
  const scrypt = { ...strength, salt: toBase64(randomBytes(saltBytes)) };
  const secretOf = secretsOf(scrypt);
  const rows = await Promise.all(known.map((row) => contentsOf(row, explanations[row.id], texts, secretOf)));
  const cells = rows.flatMap((row) => row.cells);
  // Which cells take a range of values the rubric says, and their boxes are more and larger.
  const groups = [true, false].map((isExact) => cells.filter((cell) => cell.isExact === isExact));
  const [forExact, forRanges] = groups.map((group) => filler(group.map(({ contents }) => contents)));
  const forRows = filler(rows.map(({ contents }) => contents));
  const content: SealedContent = {
    version: 5,
    rubric: rubric.digest,
    scrypt,
    texts: texts.sealed(),
    ...(example && { example: sealedExample(example) }),
    rows: rows.map((row) => ({
      id: row.id,
      cells: row.cells.map(({ id, salt, isExact, contents }) => ({
        ...{ id, salt },
        boxes: (isExact ? forExact : forRanges)?.(contents) ?? [],
      })),
      boxes: forRows(row.contents),
    })),
  };
  return { about, digest: sealedDigest(content), ...content };
}

function sealedExample(example: WorkedExample): NonNullable<SealedFile['example']> {
  const [token, text] = [randomBytes(tokenBytes), JSON.stringify(example)];
  const box = encryptText(token, exampleAad, text, roundUp(Buffer.byteLength(text), 256));
  return { token: toBase64(token), box };
}

/** Texts that boxes refer to, each once however many do. */
class Texts {
  private readonly tokens = new Map<string, Uint8Array>();

  refer(said: SealedText): TextRef {
    const text = JSON.stringify(said);
    const token = this.tokens.get(text) ?? randomBytes(tokenBytes);
    this.tokens.set(text, token);
    return [[...this.tokens.keys()].indexOf(text), toBase64(token)];
  }

  /** All of them, equally long, and some with nothing in them, so that their number tells little. */
  sealed(): string[] {
    const texts = [...this.tokens.keys()];
    const size = roundUp(Math.max(0, ...texts.map((text) => Buffer.byteLength(text))), 16);
    const sealed = [...this.tokens].map(([text, token], index) =>
      encryptText(token, textAad(index), text, size),
    );
    const count = roundUp(texts.length + 1, 16);
    while (sealed.length < count) sealed.push(decoyText(size));
    return sealed;
  }
}

/** @param explanation why the row is as it is, which its right values open. */
async function contentsOf(
  row: KnownRow & { readonly id: string },
  explanation: string | undefined,
  texts: Texts,
  secretOf: SecretOf,
) {
  const sealed = row.cells.map((cell) => sealCell(row.id, cell, texts, secretOf));
  const inRow = [...row.rowHints, ...rightRows(row, explanation)].map(async ({ values, ...said }) => {
    const ref = texts.refer('hint' in said ? said.hint : said);
    const secrets = sealed.map(({ secretOf }, index) => secretOf(values[index] ?? 0));
    return sealedText(rowSecret(await Promise.all(secrets)), ref);
  });
  return {
    id: row.id,
    cells: await Promise.all(
      sealed.map(async ({ id, salt, isExact, texts: inCell }) => ({
        ...{ id, salt, isExact },
        contents: { aad: cellAad(row.id, { id, salt }), texts: await inCell },
      })),
    ),
    contents: { aad: rowAad(row.id, sealed), texts: await Promise.all(inRow) },
  };
}

/** Every way in which a row is right, with the explanation for it. */
function rightRows({ cells }: KnownRow, explanation: string | undefined) {
  if (explanation === undefined) return [];
  const all = cells.reduce<Answer[][]>(
    (rows, { right }) => rows.flatMap((row) => right.map((answer) => [...row, answer])),
    [[]],
  );
  return all.slice(0, mostRightRows).map((values) => ({ values, explanation }));
}

/** A row of many cells with many accepted answers each has too many of them. */
const mostRightRows = 64;

/** What the boxes of one cell say, and what its values add to the secret of their row. */
function sealCell(
  row: string,
  { id, kind, right, hints, known, quantities }: KnownCell,
  texts: Texts,
  secretOf: SecretOf,
) {
  const random = (bytes: number) => toBase64(randomBytes(bytes));
  const salt = random(saltBytes);
  const placed = (place: string) => secretOf(row, { id, salt }, place);
  const isOf = (value: Answer): KnownValue['is'] => {
    const hint = hints.get(value);
    const quantity = quantities.get(value);
    if (right.includes(value)) return 'right';
    if (hint) return texts.refer(hint);
    return quantity === undefined ? undefined : texts.refer({ quantity });
  };
  const entries = [...new Set([...known, ...quantities.keys()])].map((value) => {
    const is = isOf(value);
    const entry: KnownValue = {
      ...(is && { is }),
      ...(!kind.isExact && { value, token: random(tokenBytes) }),
      ...(!kind.isExact && known.includes(value) && quantities.has(value) && { isKnown: true }),
    };
    return { value, entry };
  });
  const inPlaces = new Map<string, KnownValue[]>();
  for (const { value, entry } of entries) {
    // A value that has its place for itself and tells nothing needs no box.
    if (kind.isExact && !entry.is) continue;
    for (const place of kind.placesOf(value)) inPlaces.set(place, [...(inPlaces.get(place) ?? []), entry]);
  }
  return {
    ...{ id, salt, isExact: kind.isExact },
    texts: Promise.all(
      [...inPlaces].map(async ([place, content]) => sealedText(await placed(place), content)),
    ),
    secretOf: (value: Answer): Promise<Uint8Array> => {
      const token = entries.find((one) => one.value === value)?.entry.token;
      return token === undefined ? placed(kind.placeOf(value)) : Promise.resolve(fromBase64(token));
    },
  };
}

function sealedText(secret: Uint8Array, content: TextRef | readonly KnownValue[]): Contents['texts'][number] {
  return { keys: boxKeys(secret), text: JSON.stringify(content) };
}

/** Encrypts what is to be in one of some lists of boxes, and adds decoys, so that all are equally long and large. */
function filler(all: readonly Contents[]): (contents: Contents) => string[] {
  const lengths = all.flatMap(({ texts }) => texts.map(({ text }) => Buffer.byteLength(text)));
  const size = roundUp(Math.max(1, ...lengths), 16);
  // At least one decoy each; rounded up, so that the count tells little of how much there is to find.
  const count = roundUp(1 + Math.max(0, ...all.map(({ texts }) => texts.length)), 8);
  return ({ aad, texts }) => {
    const boxes = texts.map(({ keys, text }) => encrypt(keys, aad, text, size));
    while (boxes.length < count) boxes.push(decoy(size));
    // Lookup ids are as good as random, so their order says nothing of what is in the boxes.
    return boxes.sort();
  };
}

function roundUp(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}
