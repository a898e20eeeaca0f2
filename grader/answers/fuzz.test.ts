import { fuzz, type Tally } from '../testing/fuzz/command';
import { kinds } from '../testing/fuzz/files';
import { tries } from '../testing/long';

// `npm run fuzz` does the same for as long as it is told to.
const size = tries(1000);

test.each(kinds)('every one of many %s files is rejected, or read as it really runs', (kind) => {
  const tally: Tally = { counts: new Map(), mismatches: [] };
  fuzz(kind, 1, size, tally);
  expect(tally.mismatches).toEqual([]);
  const { 'read as it runs': read = 0, rejected = 0 } = Object.fromEntries(tally.counts);
  expect(read).toBeGreaterThan(0);
  // What is made by the grammar is read, but where it comes upon too much of it or a name twice.
  if (kind === 'generated') expect(rejected).toBeLessThan(0.15 * size);
  expect([...tally.counts.values()].reduce((sum, count) => sum + count, 0)).toBe(size);
});
