import type { Answer } from '../kinds/kind';
import { kindOf } from '../kinds/registry';
import { GraderError } from '../message';
import { type Rubric, rowsOf } from '../rubric/rubric';
import {
  bytesOf,
  concat,
  decryptGcm,
  encryptGcm,
  fromBase64,
  hkdf,
  scryptKey,
  sha256,
  toBase64,
} from '../system/platform';
import { type AnswerKey, keyOf, type RowFact } from './judge';
import { type KnownAnswer, recognize } from './known-answers';

/*
 * How a key is sealed:
 *
 *   stretched bucket = scrypt(bucket of a value, salt of the key)                           slow on purpose
 *   lookup id, key  = HKDF(stretched buckets, whether they are of a cell or of a row)
 *   box             = lookup id, AES-256-GCM(key, facts as JSON, padded)
 *
 * The box of one bucket says what the key knows about it in each cell, and the box of several buckets what they say together
 * in some columns of each row. So a box belongs to values and not to a cell, and the file shows nothing about any cell.
 * A bucket is one value, or an interval of decimals.
 *
 * Follows RFC 7914 (scrypt), RFC 5869 (HKDF) and NIST SP 800-38D (GCM).
 */

/** A sealed key: a file in a students' copy, and a part of the page. */
export interface SealedFile {
  /** For people who open the file; it is not part of the key. */
  readonly about: string;
  /** SHA-256 of everything below; it reveals damage, but is not a signature. */
  readonly digest: string;
  readonly version: number;
  /** The digest of the rubric that it was sealed for. */
  readonly rubric: string;
  /** In base64, like the boxes. */
  readonly salt: string;
  /** Sorted; each begins with its lookup id. */
  readonly boxes: readonly string[];
}

export const sealedVersion = 10;

/** The path of the key in a student's copy, from the root of the course, with forward slashes. */
export const sealedKeyFile = 'grader/sealed-key.json';

/**
 * A fact about a cell that a bucket reveals: one known answer or, for decimals, all known answers in the interval, with
 * their values.
 */
type CellFact = readonly (Omit<KnownAnswer, 'value'> & { readonly value?: Answer })[];

/** The content of a box: each fact with the names of the cells or rows that it is about. */
export type SealedContent = readonly (readonly [fact: CellFact | RowFact, ...names: string[]])[];

/** The name of a cell in a box. Column ids have no dots. */
export function cellName(row: string, column: string): string {
  return `${row}.${column}`;
}

/** The name of a row in a box, with the columns that its values fill. */
export function rowFactName(row: string, columns: readonly string[]): string {
  return `${row}: ${columns.join(' ')}`;
}

/**
 * The key in a student's copy. It judges a value by the boxes that the value opens, and its judgments contain no
 * values. In its file, only the boxes of decimals contain any, and only a value within about their tolerance opens one.
 *
 * @throws {GraderError} if the file is damaged, or was made for another rubric.
 */
export function sealedKey(file: SealedFile | null, rubric: Rubric): AnswerKey {
  assertUsable(file, rubric);
  const rows = rowsOf(rubric);
  const secretOf = secretsOf(file.salt);

  const inBox = async <Fact>(scope: Scope, buckets: readonly string[], name: string) => {
    const secret = await secretOf(scope, buckets);
    try {
      const namedFact = openBox(secret, file.boxes)?.find(([, ...names]) => names.includes(name));
      return namedFact?.[0] as Fact | undefined;
    } catch {
      throw new UnusableKey('sealed-box-damaged', 'holds a box that does not open');
    }
  };

  return keyOf(`sealed:${file.digest}`, {
    answerIn: async (row, column, value) => {
      const cell = rows.find(({ id }) => id === row)?.cells.find(({ id }) => id === column);
      if (!cell) return undefined;
      const kind = kindOf(cell);
      const fact = await inBox<CellFact>('cell', [kind.bucketOf(value)], cellName(row, column));
      return recognize(value, { kind, answers: (fact ?? []).map((one) => ({ value, ...one })) });
    },
    factOf: (row, columns, answers) =>
      inBox<RowFact>(
        'row',
        answers.map(({ value }) => String(value)),
        rowFactName(row, columns),
      ),
  });
}

/** Whether a box is about the cells that its value is in, or about the rows that its values fill. */
export type Scope = 'cell' | 'row';

/** The lookup id of a box, which is public, and its key. */
interface Secret {
  readonly id: string;
  readonly key: Uint8Array;
}

/** 4 MiB and about 6 ms per guess. This hides values from readers and searches; stronger settings could not do more. */
const strength = { N: 2 ** 12, r: 8, p: 1 };
/** Divisible by three, so its base64 has no padding and the rest of a box can be decoded separately. */
const idBytes = 15;
const idLength = 20;
const keyBytes = 32;

/** Returns a function for the secrets of one key's boxes. The slow part runs once per bucket, however many cells use it. */
export function secretsOf(salt: string): (of: Scope, buckets: readonly string[]) => Promise<Secret> {
  const stretched = new Map<string, Promise<Uint8Array>>();
  const stretch = (bucket: string) => {
    const known = stretched.get(bucket) ?? scryptKey(bucket, fromBase64(salt), strength, keyBytes);
    stretched.set(bucket, known);
    return known;
  };
  return async (of, buckets) => {
    const bytes = hkdf(concat(await Promise.all(buckets.map(stretch))), of, idBytes + keyBytes);
    return { id: toBase64(bytes.subarray(0, idBytes)), key: bytes.subarray(idBytes) };
  };
}

/** A key seals only one box, so the nonce may be the same for all of them. */
const nonce = new Uint8Array(12);
/** Boxes are padded to a multiple of this, because their length would give away which texts are in them. */
const step = 256;

/** Seals facts in a box that can only be opened with its secret. */
export function sealBox({ id, key }: Secret, content: SealedContent): string {
  const bytes = bytesOf(JSON.stringify(content));
  const padding = bytesOf(' '.repeat(step - (bytes.length % step)));
  return `${id}${toBase64(encryptGcm(key, nonce, concat([bytes, padding])))}`;
}

/**
 * Returns the facts in the box of a secret, or undefined if there is none.
 *
 * @throws if the box has changed since it was sealed.
 */
function openBox({ id, key }: Secret, boxes: readonly string[]): SealedContent | undefined {
  const box = boxes.find((one) => one.startsWith(id));
  if (box === undefined) return undefined;
  return JSON.parse(new TextDecoder().decode(decryptGcm(key, nonce, fromBase64(box.slice(idLength)))));
}

/** @throws {GraderError} if a sealed key is of another version, damaged, or was made for another rubric. */
function assertUsable(file: SealedFile | null, rubric: Rubric): asserts file is SealedFile {
  if (file?.version !== sealedVersion)
    throw new UnusableKey('sealed-key-of-other-version', 'is not a key of this version');
  if (file.digest !== sealedDigest(file))
    throw new UnusableKey('sealed-key-changed', 'has been changed since it was made');
  if (file.rubric !== rubric.digest) {
    const both = `${sealedKeyFile} and rubric.yaml as they came`;
    throw new UnusableKey('sealed-for-other-rubric', 'was made for another version of rubric.yaml', both);
  }
}

/** SHA-256 of the content of a sealed key, independent of the spacing and line ends of its file. */
export function sealedDigest({ version, rubric, salt, boxes }: Omit<SealedFile, 'about' | 'digest'>): string {
  return sha256(JSON.stringify([version, rubric, salt, boxes]));
}

/** A sealed key that cannot be used for grading. Its message tells the student who has the copy what to do. */
export class UnusableKey extends GraderError {
  /** The problem without that advice, for readers who are not students. */
  readonly problem: string;

  /** @param original what to put back. */
  constructor(code: string, reason: string, original = `${sealedKeyFile} as it came`) {
    const problem = `${sealedKeyFile} ${reason}, so nothing can be graded with it.`;
    super(
      'key',
      code,
      `${problem} Put back ${original} with the assignment; your answers are not the cause.`,
    );
    this.problem = problem;
  }
}
