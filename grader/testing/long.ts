/**
 * Returns how often to try a property: a tenth of `all` in `npm test`, a fifth in `npm run test:all`, and `all` if
 * EVERY_TRY is set there.
 */
export function tries(all: number): number {
  const { part = 1 / 10 } = globalThis as { part?: number };
  return Math.ceil(all * part);
}
