import { boxKeys, decoy, decrypt, encrypt, rowSecret, secretsOf } from './encryption';

const quick = { log2N: 10, r: 8, p: 1, salt: Buffer.alloc(16, 1).toString('base64') } as const;
const secretOf = secretsOf(quick);
const cell = { id: 'down', salt: Buffer.alloc(16, 1).toString('base64') };
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const secret = () => secretOf('crate', cell, '7');

test('a box opens with its own keys and additional data, and says what was encrypted', async () => {
  const keys = boxKeys(await secret());
  const box = encrypt(keys, 'crate', '"right"', 64);
  expect(decrypt(keys, 'crate', [decoy(64), box])?.trim()).toBe('"right"');
  expect(() => decrypt(keys, 'basket', [box])).toThrow();
  expect(decrypt(boxKeys(await secretOf('crate', cell, '8')), 'crate', [box])).toBeUndefined();
});

test('the secret of a place depends on the place, the row, the column, the salts and the strength', async () => {
  const others = [
    secretOf('crate', cell, '70'),
    secretOf('basket', cell, '7'),
    secretOf('crate', { ...cell, id: 'across' }, '7'),
    secretOf('crate', { ...cell, salt: Buffer.alloc(16, 2).toString('base64') }, '7'),
    secretsOf({ ...quick, log2N: 11 })('crate', cell, '7'),
    secretsOf({ ...quick, salt: Buffer.alloc(16, 2).toString('base64') })('crate', cell, '7'),
  ];
  const secrets = (await Promise.all([secret(), ...others])).map(hex);
  expect(new Set(secrets).size).toBe(7);
  expect(hex(await secret())).toBe(secrets[0]);
});

test('the secret of a row depends on each of its values and on their order', async () => {
  const [one, two] = [await secret(), await secretOf('crate', cell, '8')];
  const rows = [[one, two], [two, one], [one, one], [one]].map((values) => hex(rowSecret(values)));
  expect(new Set([...rows, hex(one)]).size).toBe(5);
});

test('a box and a decoy are of one size, whatever is in them, and what is too long is refused', async () => {
  const keys = boxKeys(await secret());
  const sizes = [encrypt(keys, 'a', '', 64), encrypt(keys, 'a', 'x'.repeat(64), 64), decoy(64)].map(
    ({ length }) => length,
  );
  expect(new Set(sizes.map(String)).size).toBe(1);
  expect(() => encrypt(keys, 'a', 'é'.repeat(33), 64)).toThrow(RangeError);
});

test('neither boxes nor decoys have a byte that tells which they are', async () => {
  const keys = boxKeys(await secret());
  const bytes = (make: () => string) =>
    Array.from({ length: 40 }, make).map((box) => [...Buffer.from(box.slice(20), 'base64')]);
  for (const boxes of [bytes(() => encrypt(keys, 'a', '"right"', 64)), bytes(() => decoy(64))]) {
    for (let place = 0; place < 12 + 64 + 16; place++) {
      // forty random bytes hardly ever hold fewer than twenty values
      expect(new Set(boxes.map((box) => box[place])).size).toBeGreaterThan(20);
    }
  }
});
