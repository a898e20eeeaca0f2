/**
 * Returns how often to try a property: a tenth of `all` in `npm test`, a fifth in `npm run test:all`, and `all` if
 * EVERY_TRY is set there.
 *
 * @param cost how many times longer than usual each try takes. Divides the number of tries, unless it is `all`.
 */
export function tries(all: number, cost = 1): number {
  const { part = 1 / 10 } = globalThis as { part?: number };
  return Math.ceil(part === 1 ? all : (all * part) / cost);
}
