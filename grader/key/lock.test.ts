import { closeBox, decoy, lockOf, openBox, rowSecret, valueSecret } from './lock';

const quick = { log2N: 10, r: 8, p: 1 } as const;
const cell = { row: 'crate', column: 'down', salt: Buffer.alloc(16, 1).toString('base64') };
const secret = () => valueSecret(quick, cell, 7);

test('a box opens with its own lock and what it is bound to, and says what was locked up', async () => {
  const lock = lockOf(await secret());
  const box = closeBox(lock, 'crate', '"right"', 64);
  expect(openBox(lock, 'crate', [decoy(64), box])?.trim()).toBe('"right"');
  expect(() => openBox(lock, 'basket', [box])).toThrow();
  expect(openBox(lockOf(await valueSecret(quick, cell, 8)), 'crate', [box])).toBeUndefined();
});

test('the secret of a value depends on the value, the row, the column, the salt and the strength', async () => {
  const others = [
    valueSecret(quick, cell, 70),
    valueSecret(quick, { ...cell, row: 'basket' }, 7),
    valueSecret(quick, { ...cell, column: 'across' }, 7),
    valueSecret(quick, { ...cell, salt: Buffer.alloc(16, 2).toString('base64') }, 7),
    valueSecret({ ...quick, log2N: 11 }, cell, 7),
  ];
  const secrets = (await Promise.all([secret(), ...others])).map((buffer) => buffer.toString('hex'));
  expect(new Set(secrets).size).toBe(6);
  expect((await secret()).toString('hex')).toBe(secrets[0]);
});

test('the secret of a row depends on each of its values and on their order', async () => {
  const [one, two] = [await secret(), await valueSecret(quick, cell, 8)];
  const rows = [[one, two], [two, one], [one, one], [one]].map((values) => rowSecret(values).toString('hex'));
  expect(new Set([...rows, one.toString('hex')]).size).toBe(5);
});

test('a box and a decoy are of one size, whatever is in them, and what is too long is refused', async () => {
  const lock = lockOf(await secret());
  const sizes = [closeBox(lock, 'a', '', 64), closeBox(lock, 'a', 'x'.repeat(64), 64), decoy(64)].map(
    ({ slot, box }) => [slot.length, box.length],
  );
  expect(new Set(sizes.map(String)).size).toBe(1);
  expect(() => closeBox(lock, 'a', 'é'.repeat(33), 64)).toThrow(RangeError);
});

test('neither boxes nor decoys have a byte that tells which they are', async () => {
  const lock = lockOf(await secret());
  const bytes = (make: () => { slot: string; box: string }) =>
    Array.from({ length: 40 }, make).map(({ box }) => [...Buffer.from(box, 'base64')]);
  for (const boxes of [bytes(() => closeBox(lock, 'a', '"right"', 64)), bytes(() => decoy(64))]) {
    for (let place = 0; place < 12 + 64 + 16; place++) {
      // forty random bytes hardly ever hold fewer than twenty values
      expect(new Set(boxes.map((box) => box[place])).size).toBeGreaterThan(20);
    }
  }
});
