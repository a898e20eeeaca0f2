import {
  bytesOf,
  concat,
  decryptGcm,
  encryptGcm,
  fromBase64,
  hkdf,
  randomBytes,
  scryptKey,
  toBase64,
} from '../platform';
import type { SealedFile } from './sealed-file.schema';

/*
 * How a sealed key is encrypted:
 *
 *   stretched value   = scrypt(place of a value, salt of the key)            slow on purpose
 *   secret of a place = HKDF(stretched value, its row and cell)
 *   secret of a row   = HKDF(secrets of its values in order, its name)
 *   lookup id, key    = HKDF(secret, "lookup id"), HKDF(secret, "key")
 *   box               = lookup id, iv, AES-256-GCM(key, iv, its content as JSON)
 *
 * A text that boxes refer to is in a box of its own. The secret of that box is random, and stored where it is used.
 *
 * Follows RFC 7914 (scrypt), RFC 5869 (HKDF) and NIST SP 800-38D (GCM).
 */

export type Scrypt = SealedFile['scrypt'];

const secretBytes = 32;
/** A whole number of base64 characters, so that the rest of a box can be decoded by itself. */
const lookupIdBytes = 15;
const lookupIdLength = 20;
const ivBytes = 12;
const saltBytes = 16;

export function randomSalt(): string {
  return toBase64(randomBytes(saltBytes));
}

/** Returns a random secret in base64, which is not derived from any value. */
export function randomSecret(): string {
  return toBase64(randomBytes(saltBytes));
}

/** Returns the secret of a place in a cell. If a place has only one value, it is the secret of that value. */
export type SecretOf = (row: string, cell: string, place: string) => Promise<Uint8Array>;

/** Returns the secrets of one key. The slow part runs only once per value, however many cells it is in. */
export function secretsOf({ log2N, r, p, salt }: Scrypt): SecretOf {
  const stretched = new Map<string, Promise<Uint8Array>>();
  const stretchedOnce = (place: string) => {
    const known =
      stretched.get(place) ?? scryptKey(place, fromBase64(salt), { N: 2 ** log2N, r, p }, secretBytes);
    stretched.set(place, known);
    return known;
  };
  return async (row, cell, place) =>
    hkdf(await stretchedOnce(place), JSON.stringify(['cell', row, cell]), secretBytes);
}

/** Derives the secret of a whole row from the secrets of all its values, without another scrypt. */
export function rowSecret(row: string, values: readonly Uint8Array[]): Uint8Array {
  return hkdf(concat(values), JSON.stringify(['row', row]), secretBytes);
}

function lookupIdOf(secret: Uint8Array): string {
  return toBase64(hkdf(secret, 'lookup id', lookupIdBytes));
}

function keyOf(secret: Uint8Array): Uint8Array {
  return hkdf(secret, 'key', secretBytes);
}

/** Seals content in a box that only its secret opens. */
export function sealBox(secret: Uint8Array, content: unknown): string {
  const iv = randomBytes(ivBytes);
  const sealed = encryptGcm(keyOf(secret), iv, bytesOf(JSON.stringify(content)));
  return `${lookupIdOf(secret)}${toBase64(concat([iv, sealed]))}`;
}

/**
 * Returns the content of the box of a secret, or undefined if there is none.
 *
 * @throws if the box has changed since it was sealed.
 */
export function openBox(secret: Uint8Array, boxes: readonly string[]): unknown {
  const lookupId = lookupIdOf(secret);
  const found = boxes.find((box) => box.startsWith(lookupId));
  if (found === undefined) return undefined;
  const box = fromBase64(found.slice(lookupIdLength));
  const content = decryptGcm(keyOf(secret), box.subarray(0, ivBytes), box.subarray(ivBytes));
  return JSON.parse(new TextDecoder().decode(content));
}
