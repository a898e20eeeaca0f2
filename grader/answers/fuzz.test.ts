import { type FuzzResult, fuzz } from '../testing/fuzz/command';
import { kinds } from '../testing/fuzz/files';
import { tries } from '../testing/long';

// `npm run fuzz` does this for as long as it is told to.
const size = tries(1000);

test.each(kinds)('every one of many %s files is rejected, or read as it really runs', (kind) => {
  const result: FuzzResult = { counts: new Map(), mismatches: [] };
  fuzz(kind, 1, size, result);
  expect(result.mismatches).toEqual([]);
  const { 'read as it runs': read = 0, rejected = 0 } = Object.fromEntries(result.counts);
  expect(read).toBeGreaterThan(0);
  // A generated file is read, unless it exceeds a limit or declares a name twice.
  if (kind === 'generated') expect(rejected).toBeLessThan(0.15 * size);
  expect([...result.counts.values()].reduce((sum, count) => sum + count, 0)).toBe(size);
});
