import {
  bytesOf,
  concat,
  decryptGcm,
  encryptGcm,
  fromBase64,
  hkdf,
  randomBytes,
  stretch,
  toBase64,
} from '../platform';
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
  readonly key: Uint8Array;
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

/** The secret of a place in a cell: of the value, where no other lies there. */
export type SecretOf = (
  row: string,
  cell: { readonly id: string; readonly salt: string },
  place: string,
) => Promise<Uint8Array>;

/**
 * Secrets of one key. What is slow is done once for a value, in whatever cells it stands.
 */
export function secretsOf({ log2N, r, p, salt }: Scrypt): SecretOf {
  const stretched = new Map<string, Promise<Uint8Array>>();
  const stretchedOnce = (place: string) => {
    const known =
      stretched.get(place) ?? stretch(place, fromBase64(salt), { N: 2 ** log2N, r, p }, secretBytes);
    stretched.set(place, known);
    return known;
  };
  return async (row, cell, place) =>
    hkdf(await stretchedOnce(place), JSON.stringify([row, cell.id, cell.salt]), secretBytes);
}

/** The secret of a whole row: it takes the secrets of all its values, and no scrypt of its own. */
export function rowSecret(values: readonly Uint8Array[]): Uint8Array {
  return hkdf(concat(values), 'row', secretBytes);
}

export function boxKeys(secret: Uint8Array): BoxKeys {
  return {
    lookupId: toBase64(hkdf(secret, 'lookup id', lookupIdBytes)),
    key: hkdf(secret, 'key', secretBytes),
  };
}

/** A box with a text in it, padded to `size` bytes; `aad` has to be the same again to decrypt it. */
export function encrypt({ lookupId, key }: BoxKeys, aad: string, text: string, size: number): string {
  return `${lookupId}${sealed(key, aad, text, size)}`;
}

/** A text that several boxes refer to, encrypted once; its token opens it. */
export function encryptText(token: Uint8Array, aad: string, text: string, size: number): string {
  return sealed(hkdf(token, 'text', secretBytes), aad, text, size);
}

function sealed(key: Uint8Array, aad: string, text: string, size: number): string {
  const content = bytesOf(text);
  if (content.length > size) throw new RangeError(`more than ${size} bytes to encrypt`);
  const padded = concat([content, bytesOf(' '.repeat(size - content.length))]);
  const iv = randomBytes(ivBytes);
  return toBase64(concat([iv, encryptGcm(key, iv, aad, padded)]));
}

/** A box like any other, with nothing in it. */
export function decoy(size: number): string {
  return `${toBase64(randomBytes(lookupIdBytes))}${decoyText(size)}`;
}

/** The same of a text. */
export function decoyText(size: number): string {
  return toBase64(randomBytes(ivBytes + size + tagBytes));
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
export function decryptText(token: Uint8Array, aad: string, text: string): string {
  return opened(hkdf(token, 'text', secretBytes), aad, text);
}

function opened(key: Uint8Array, aad: string, text: string): string {
  const box = fromBase64(text);
  const content = decryptGcm(key, box.subarray(0, ivBytes), aad, box.subarray(ivBytes));
  return new TextDecoder().decode(content);
}
