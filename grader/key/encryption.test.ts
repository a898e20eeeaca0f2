import { openBox, rowSecret, sealBox, secretsOf } from './encryption';

const quick = { log2N: 10, r: 8, p: 1, salt: Buffer.alloc(16, 1).toString('base64') } as const;
const secretOf = secretsOf(quick);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const secret = () => secretOf('crate', 'down', '7');

test('a box opens with its own secret, and says what was sealed', async () => {
  const boxes = [sealBox(await secretOf('crate', 'down', '8'), 'wrong'), sealBox(await secret(), ['right'])];
  expect(openBox(await secret(), boxes)).toEqual(['right']);
  expect(openBox(await secretOf('crate', 'down', '9'), boxes)).toBeUndefined();
});

test('a box that was changed does not open', async () => {
  const own = await secret();
  const box = sealBox(own, 'right');
  const changed = `${box.slice(0, 30)}${box[30] === 'A' ? 'B' : 'A'}${box.slice(31)}`;
  expect(() => openBox(own, [changed])).toThrow();
});

test('the secret of a place depends on the place, the row, the column, the salt and the strength', async () => {
  const others = [
    secretOf('crate', 'down', '70'),
    secretOf('basket', 'down', '7'),
    secretOf('crate', 'across', '7'),
    secretsOf({ ...quick, log2N: 11 })('crate', 'down', '7'),
    secretsOf({ ...quick, salt: Buffer.alloc(16, 2).toString('base64') })('crate', 'down', '7'),
  ];
  const secrets = (await Promise.all([secret(), ...others])).map(hex);
  expect(new Set(secrets).size).toBe(1 + others.length);
  expect(hex(await secret())).toBe(secrets[0]);
});

test('the secret of a row depends on the row, on each of its values and on their order', async () => {
  const [one, two] = [await secret(), await secretOf('crate', 'down', '8')];
  const lists = [[one, two], [two, one], [one, one], [one]];
  const rows = lists.map((values) => hex(rowSecret('crate', values)));
  const other = hex(rowSecret('basket', [one, two]));
  expect(new Set([...rows, other, hex(one)]).size).toBe(lists.length + 2);
});

test('a box has no byte that two sealings of one thing share', async () => {
  const own = await secret();
  const boxes = Array.from({ length: 40 }, () => sealBox(own, 'right').slice(20));
  const bytes = boxes.map((box) => [...Buffer.from(box, 'base64')]);
  // Forty random bytes almost never have 20 or fewer distinct values.
  for (const place of bytes[0]?.keys() ?? [])
    expect(new Set(bytes.map((box) => box[place])).size).toBeGreaterThan(20);
});
