import { gcm } from '@noble/ciphers/aes.js';
import { hkdf as expand } from '@noble/hashes/hkdf.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, randomBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type * as Node from '../../system/platform';

// The browser version of grader/system/platform.ts. crypto.subtle is missing on a page without https, and has no scrypt.

export { randomBytes, utf8ToBytes as bytesOf };

export const sha256: typeof Node.sha256 = (text, encoding = 'hex') => {
  const hash = digest(utf8ToBytes(text));
  return encoding === 'hex' ? bytesToHex(hash) : toBase64(hash);
};

export const scryptKey: typeof Node.scryptKey = async (password, salt, strength, bytes) =>
  scrypt(password, salt, { ...strength, dkLen: bytes });

export const hkdf: typeof Node.hkdf = (secret, purpose, bytes) =>
  expand(digest, secret, undefined, utf8ToBytes(purpose), bytes);

export const encryptGcm: typeof Node.encryptGcm = (key, iv, content) => gcm(key, iv).encrypt(content);

export const decryptGcm: typeof Node.decryptGcm = (key, iv, sealed) => gcm(key, iv).decrypt(sealed);

export const concat: typeof Node.concat = (parts) => concatBytes(...parts);

export const toBase64: typeof Node.toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

export const fromBase64: typeof Node.fromBase64 = (text) =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
