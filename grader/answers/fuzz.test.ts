import { fuzz, type Tally } from '../testing/fuzz/command';
import { kinds } from '../testing/fuzz/files';

// `npm run fuzz` does the same for as long as it is told to.
test.each(kinds)('every one of a thousand %s files is rejected, or read as it really runs', (kind) => {
  const tally: Tally = { counts: new Map(), mismatches: [] };
  fuzz(kind, 1, 1000, tally);
  expect(tally.mismatches).toEqual([]);
  expect(tally.counts.get('read as it runs')).toBeGreaterThan(0);
  expect([...tally.counts.values()].reduce((sum, count) => sum + count, 0)).toBe(1000);
});
