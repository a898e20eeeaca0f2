import type { Safe } from './safe';

export type Base64 = Safe<'base64'>;

/** A value as JSON in base64, on one line. */
export function base64(value: unknown): Base64 {
  return Buffer.from(JSON.stringify(value)).toString('base64') as Base64;
}
