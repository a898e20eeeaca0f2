import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

// The platform functions that the grader needs, for Node.js. The page that works without an install has its own
// version: page/client/platform.ts.

export { randomBytes };

/** SHA-256 of a text in UTF-8. */
export function sha256(text: string, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash('sha256').update(text).digest(encoding);
}

const deriveBytes = promisify<string, Uint8Array, number, object, Buffer>(scrypt);

/** scrypt (RFC 7914): slow on purpose, and takes 128 · N · r bytes of memory. Several can run at once. */
export function scryptKey(
  password: string,
  salt: Uint8Array,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
  bytes: number,
): Promise<Uint8Array> {
  return deriveBytes(password, salt, bytes, { N, r, p, maxmem: 256 * N * r * p });
}

/** HKDF with SHA-256 (RFC 5869) and no salt. */
export function hkdf(secret: Uint8Array, purpose: string, bytes: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), purpose, bytes));
}

const tagBytes = 16;

/** AES-256-GCM (NIST SP 800-38D). Returns the ciphertext followed by its 16-byte tag. */
export function encryptGcm(key: Uint8Array, iv: Uint8Array, content: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** @throws if `sealed` is not the output of `encryptGcm` for this key and iv. */
export function decryptGcm(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  return concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]);
}

/** Encodes a text in UTF-8. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

export function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}
