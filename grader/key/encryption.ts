import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { SealedFile } from './sealed-file.schema';

/**
 * How a sealed key is encrypted and decrypted:
 *
 *   stretched value   = scrypt(place of a value, salt of the key)            slow on purpose
 *   secret of a place = HKDF(stretched value, the cell and its salt)
 *   secret of a row   = HKDF(secrets of its values, in order)
 *   lookup id, key    = HKDF(secret, "lookup id"), HKDF(secret, "key")
 *   box               = lookup id, AES-256-GCM(key, what is said, with its cell or row as additional data)
 *   text              = AES-256-GCM(HKDF(token of the text), a hint or a quantity, with its number)
 *
 * Follows RFC 7914 (scrypt), RFC 5869 (HKDF) and NIST SP 800-38D (GCM).
 */
export interface BoxKeys {
  /** How the box begins, in base64. */
  readonly lookupId: string;
  /** What opens it. */
  readonly key: Buffer;
}

export type Scrypt = SealedFile['scrypt'];

const secretBytes = 32;
/** In base64 that is a whole number of characters, so that what follows stands by itself. */
const lookupIdBytes = 15;
const lookupIdLength = 20;
const ivBytes = 12;
const tagBytes = 16;
export const saltBytes = 16;
/** Of what stands for a value that shares its place with others. */
export const tokenBytes = 16;

const derive = promisify<Buffer | string, Buffer, number, object, Buffer>(scrypt);

/** The secret of a place in a cell: of the value, where no other lies there. */
export type SecretOf = (
  row: string,
  cell: { readonly id: string; readonly salt: string },
  place: string,
) => Promise<Buffer>;

/**
 * Secrets of one key. What is slow is done once for a value, in whatever cells it stands; it runs in Node's
 * thread pool, so several go on at once.
 */
export function secretsOf({ log2N, r, p, salt }: Scrypt): SecretOf {
  const N = 2 ** log2N;
  const stretched = new Map<string, Promise<Buffer>>();
  const stretch = (place: string) => {
    const known =
      stretched.get(place) ??
      // scrypt needs 128 · N · r bytes
      derive(place, Buffer.from(salt, 'base64'), secretBytes, { N, r, p, maxmem: 256 * N * r * p });
    stretched.set(place, known);
    return known;
  };
  return async (row, cell, place) =>
    expand(await stretch(place), JSON.stringify([row, cell.id, cell.salt]), secretBytes);
}

/** The secret of a whole row: it takes the secrets of all its values, and no scrypt of its own. */
export function rowSecret(values: readonly Buffer[]): Buffer {
  return expand(Buffer.concat(values), 'row', secretBytes);
}

export function boxKeys(secret: Buffer): BoxKeys {
  return {
    lookupId: expand(secret, 'lookup id', lookupIdBytes).toString('base64'),
    key: expand(secret, 'key', secretBytes),
  };
}

/** A box with a text in it, padded to `size` bytes; `aad` has to be the same again to decrypt it. */
export function encrypt({ lookupId, key }: BoxKeys, aad: string, text: string, size: number): string {
  return `${lookupId}${sealed(key, aad, text, size)}`;
}

/** A text that several boxes refer to, encrypted once; its token opens it. */
export function encryptText(token: Buffer, aad: string, text: string, size: number): string {
  return sealed(expand(token, 'text', secretBytes), aad, text, size);
}

function sealed(key: Buffer, aad: string, text: string, size: number): string {
  const padded = Buffer.alloc(size, ' ');
  if (padded.write(text) < Buffer.byteLength(text))
    throw new RangeError(`more than ${size} bytes to encrypt`);
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(aad));
  return Buffer.concat([iv, cipher.update(padded), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** A box like any other, with nothing in it. */
export function decoy(size: number): string {
  return `${randomBytes(lookupIdBytes).toString('base64')}${decoyText(size)}`;
}

/** The same of a text. */
export function decoyText(size: number): string {
  return randomBytes(ivBytes + size + tagBytes).toString('base64');
}

/**
 * The text of the box with this lookup id, or undefined where there is none.
 *
 * @throws where the box there is not the one that was encrypted.
 */
export function decrypt(
  { lookupId, key }: BoxKeys,
  aad: string,
  boxes: readonly string[],
): string | undefined {
  const found = boxes.find((box) => box.startsWith(lookupId));
  return found === undefined ? undefined : opened(key, aad, found.slice(lookupIdLength));
}

/** @throws where it is not the text that was encrypted. */
export function decryptText(token: Buffer, aad: string, text: string): string {
  return opened(expand(token, 'text', secretBytes), aad, text);
}

function opened(key: Buffer, aad: string, text: string): string {
  const box = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  }).setAAD(Buffer.from(aad));
  decipher.setAuthTag(box.subarray(-tagBytes));
  return Buffer.concat([decipher.update(box.subarray(ivBytes, -tagBytes)), decipher.final()]).toString();
}

function expand(secret: Buffer, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), purpose, bytes));
}
