import fc from 'fast-check';
import { type AnswerKey, noKey } from '../../key/key';
import { plainKey } from '../../key/plain';
import { boundToCell, boundToRow, sealedKey } from '../../key/sealed';
import { sealedDigest } from '../../key/sealed-file';
import type { SealedFile } from '../../key/sealed-file.schema';
import { rubric, solution } from '../../testing/worksheet';
import { seal, usualScrypt } from './seal';

/** The least that the format allows, so that many values can be tried. */
const quick = { ...usualScrypt, log2N: 10 };

let file: SealedFile;
let sealed: AnswerKey;
beforeAll(async () => {
  file = await seal(rubric, solution, quick);
  sealed = sealedKey(file, rubric);
});

const plain = plainKey(solution);
const { rows, columns } = rubric.table;
const lists = ({ cells, rows }: SealedFile) => [...cells, ...rows].map(({ boxes }) => boxes);
const texts = ({ cells, rows }: SealedFile) => [
  ...cells.map(({ salt }) => salt),
  ...[...cells, ...rows].flatMap(({ boxes }) => boxes.flatMap(({ slot, box }) => [slot, box])),
];

async function expectAgreement(row: string, values: Record<string, number>, key = sealed) {
  const typed = new Map(Object.entries(values));
  const [said, expected] = [await key.judge(row, typed), await plain.judge(row, typed)];
  expect({ row, values, said }).toEqual({ row, values, said: expected });
}

test('a sealed key says of the right table what the plain one says, at its full strength too', async () => {
  const strong = sealedKey(await seal(rubric, solution), rubric);
  for (const [row, right] of solution.expected) {
    await expectAgreement(row, Object.fromEntries(right));
    await expectAgreement(row, Object.fromEntries(right), strong);
    expect([...(await sealed.judge(row, right)).cells.values()]).toEqual(['right', 'right']);
  }
});

test('every known wrong answer unlocks its hint', async () => {
  for (const { row, shape } of solution.misconceptions) {
    const right = Object.fromEntries(solution.expected.get(row) ?? []);
    const values = { ...right, ...shape };
    await expectAgreement(row, values);
    const { hints } = await sealed.judge(row, new Map(Object.entries(values)));
    expect(hints).toHaveLength(1);
  }
});

test('every number up to 200 in every cell is judged as the plain key judges it', async () => {
  for (const { id: row } of rows) {
    const right = Object.fromEntries(solution.expected.get(row) ?? []);
    for (const { id: column } of columns) {
      for (let value = 1; value <= 200; value++) await expectAgreement(row, { ...right, [column]: value });
    }
  }
});

test('any pair of numbers is judged as the plain key judges it', async () => {
  const number = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 2 ** 53 - 1 }));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...rows), number, number, (row, down, across) =>
      expectAgreement(row.id, { down, across }),
    ),
    { numRuns: 300 },
  );
});

test('a row that is half filled in is judged as far as it goes', async () => {
  await expectAgreement('basket', { down: 7 });
  await expectAgreement('crate', { across: 99 });
  await expectAgreement('crate', {});
});

test('the usual strength is 16 MiB a guess, and boxes grow in steps', async () => {
  expect((await seal(rubric, solution)).scrypt).toEqual({ log2N: 14, r: 8, p: 1 });
  const sizes = lists(file).flatMap((boxes) => boxes.map(({ box }) => Buffer.from(box, 'base64').length));
  expect(sizes.every((size) => (size - 12 - 16) % 64 === 0)).toBe(true);
  expect(lists(file).every((boxes) => boxes.length % 8 === 0)).toBe(true);
});

test('boxes are bound to their cell or row, and to its salts', () => {
  const [one, two] = file.cells;
  if (!one || !two) throw new Error('no cells');
  const bounds = [
    boundToCell(one),
    boundToCell(two),
    boundToCell({ ...one, salt: two.salt }),
    boundToRow('crate', [one, two]),
    boundToRow('crate', [two, one]),
    boundToRow('basket', [one, two]),
  ];
  expect(new Set(bounds).size).toBe(6);
});

test('every list of boxes is as long, and every box as large, as the others', () => {
  for (const kind of [file.cells, file.rows]) {
    expect(new Set(kind.map(({ boxes }) => boxes.length)).size).toBe(1);
  }
  const boxes = lists(file).flat();
  expect(new Set(boxes.map(({ box }) => Buffer.from(box, 'base64').length)).size).toBe(1);
  expect(new Set(boxes.map(({ slot }) => Buffer.from(slot, 'base64').length)).size).toBe(1);
});

test('boxes lie in the order of their slots, whatever they hold', () => {
  for (const boxes of lists(file)) {
    const slots = boxes.map(({ slot }) => slot);
    expect(slots).toEqual([...slots].sort());
  }
});

test('the same file comes of two keys but for what looks random', async () => {
  const other = new Map(
    [...solution.expected].map(([row]) => [
      row,
      new Map([
        ['down', 1],
        ['across', 2],
      ]),
    ]),
  );
  const masked = (sealed: SealedFile) =>
    JSON.stringify(sealed, (_key, value) => (/^[\w+/]{20,}=*$/.test(value) ? value.length : value));
  const two = await seal(rubric, { ...solution, expected: other }, quick);
  expect(masked(two)).toBe(masked(file));
});

test('two sealings of one key share no salt, slot or box, and neither repeats one', async () => {
  const both = [...texts(file), ...texts(await seal(rubric, solution, quick))];
  expect(new Set(both).size).toBe(both.length);
});

test('neither the file nor its bytes hold a word of a hint', () => {
  const bytes = texts(file).map((text) => Buffer.from(text, 'base64').toString('latin1'));
  const readable = [JSON.stringify(file), ...bytes].join('\n');
  for (const { id, text } of solution.misconceptions) {
    expect(readable).not.toContain(text);
    expect(readable).not.toContain(id);
  }
});

test('a key for the worksheet as it stands tells which one it is, and no more', () => {
  expect(sealed.digest).toBe(`sealed:${file.digest}`);
  expect(sealed.digest).not.toContain(plain.digest.slice('plain:'.length));
  expect(sealed.digest).not.toBe(noKey.digest);
});

/** A file changed on purpose, with a digest that fits again. */
function forged(change: (file: SealedFile) => void): SealedFile {
  const copy = structuredClone(file);
  change(copy);
  return { ...copy, digest: sealedDigest(copy) };
}

test('a box that was put into another cell does not open there', async () => {
  const moved = forged(({ cells: [first, second] }) => {
    if (first && second) Object.assign(second, { salt: first.salt, boxes: first.boxes });
  });
  const judged = await sealedKey(moved, rubric).judge('basket', new Map([['across', 7]]));
  expect(judged.cells.get('across')).toBe('wrong');
});

test('a box whose content was exchanged does not open, and says so', async () => {
  const exchanged = forged(({ cells }) => {
    for (const { boxes } of cells) for (const box of boxes) box.box = boxes[0]?.box ?? '';
    for (const { boxes } of cells)
      boxes[0] = { slot: boxes[0]?.slot ?? '', box: boxes[1]?.box.replace(/^...../, 'AAAAA') ?? '' };
  });
  const key = sealedKey(exchanged, rubric);
  await expect(key.judge('basket', new Map([['down', 7]]))).rejects.toThrow('holds a box that does not open');
});
