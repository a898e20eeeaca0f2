/**
 * Returns how often to try a property: `all` times in `npm run test:long`, a fifth of that in `npm run test:all`, and a
 * tenth in `npm test`.
 */
export function tries(all: number): number {
  const { part = 1 / 10 } = globalThis as { part?: number };
  return Math.ceil(all * part);
}
