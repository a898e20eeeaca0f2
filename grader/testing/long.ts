/** How often a property is tried: as often as asked in `npm run test:all`, a tenth of that in `npm test`. */
export function tries(all: number): number {
  const { isLong } = globalThis as { isLong?: boolean };
  return isLong ? all : Math.ceil(all / 10);
}
