import { casesIn } from '../testing/cases';
import { type FuzzResult, fuzz } from '../testing/fuzz/command';
import { compare } from '../testing/fuzz/compare';
import { kinds } from '../testing/fuzz/files';
import { tries } from '../testing/long';
import { answersOf } from '../testing/worksheet';

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

test('every case in which only numbers are read is read as it really runs', () => {
  const withCell = (written: string) =>
    answersOf(`{ down: ${written}, across: 11 }`, '{ down: 7, across: 13 }');
  const cells = casesIn('cells.txt').map((one) => ({ ...one, input: withCell(one.input) }));
  const numbers = [...cells, ...casesIn('files.txt')].filter(({ outcome }) =>
    /^[\d ]+$/.test(outcome.result),
  );
  for (const { name, input } of numbers)
    expect([name, compare(input)]).toEqual([name, { kind: 'read as it runs' }]);
  expect(numbers.length).toBeGreaterThan(kinds.length);
});
