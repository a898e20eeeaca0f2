import fc from 'fast-check';
import { type AnswerKey, noKey } from '../../key/key';
import { plainKey } from '../../key/plain';
import { sealedDigest, sealedKey } from '../../key/sealed';
import type { SealedFile } from '../../key/sealed-file.schema';
import type { Answer } from '../../kinds/kind';
import { rubric, solution, table } from '../../testing/worksheet';
import { seal, usualScrypt } from './seal';

/** The lowest strength that the format allows, so that many values can be tried. */
const quick = { ...usualScrypt, log2N: 10 };

let file: SealedFile;
let sealed: AnswerKey;
beforeAll(async () => {
  file = await seal(rubric, solution, quick);
  sealed = sealedKey(file, rubric);
});

const plain = plainKey(rubric, solution);
const { rows } = table;
const cellsIn = ({ rows }: SealedFile) => rows.flatMap(({ cells }) => cells);
const lists = (file: SealedFile) => [...cellsIn(file), ...file.rows].map(({ boxes }) => boxes);
const texts = (file: SealedFile) => [file.scrypt.salt, ...file.texts, ...lists(file).flat()];

/** A row with the given values; all other cells are empty. */
const rowOf = (id: string, values: Readonly<Record<string, Answer>>) => ({
  id,
  cells: ['down', 'across'].map((column) => {
    const value = values[column];
    return { id: column, ...(value !== undefined && { value }) };
  }),
});

async function expectAgreement(id: string, values: Record<string, Answer>, key = sealed) {
  const row = rowOf(id, values);
  const [judged, expected] = [await key.judge(row), await plain.judge(row)];
  expect({ row, judged }).toEqual({ row, judged: expected });
}

const rightIn = (id: string): Record<string, Answer> =>
  Object.fromEntries(
    solution.expected.find((row) => row.id === id)?.cells.map((cell) => [cell.id, cell.value]) ?? [],
  );

test('a sealed key says of the right table what the plain one says, at its full strength too', async () => {
  const strong = sealedKey(await seal(rubric, solution), rubric);
  for (const row of solution.expected) {
    await expectAgreement(row.id, rightIn(row.id));
    await expectAgreement(row.id, rightIn(row.id), strong);
    expect((await sealed.judge(row)).map(({ verdict }) => verdict)).toEqual(['right', 'right']);
  }
});

test('every known wrong answer unlocks its hint', async () => {
  for (const { row, values: wrong } of solution.misconceptions) {
    const values = { ...rightIn(row), ...wrong };
    await expectAgreement(row, values);
    const hints = (await sealed.judge(rowOf(row, values))).flatMap(({ hint }) => hint ?? []);
    expect(new Set(hints.map(({ text }) => text)).size).toBe(1);
  }
});

test('every number up to 200 in every cell is judged as the plain key judges it', async () => {
  for (const { id: row, cells } of rows) {
    for (const { id: column } of cells)
      for (let value = 1; value <= 200; value++)
        await expectAgreement(row, { ...rightIn(row), [column]: value });
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

test('the usual strength is 4 MiB a guess', async () => {
  expect((await seal(rubric, solution)).scrypt).toMatchObject({ log2N: 12, r: 8, p: 1 });
});

test('boxes lie in the order of their ids, whatever they hold', () => {
  for (const boxes of [file.texts, ...lists(file)]) expect(boxes).toEqual([...boxes].sort());
});

test('two sealings of one key share no salt, lookup id or box, and neither repeats one', async () => {
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

/** A sealed file that was tampered with, with its digest updated to match. */
function forged(change: (file: SealedFile) => void): SealedFile {
  const copy = structuredClone(file);
  change(copy);
  return { ...copy, digest: sealedDigest(copy) };
}

test('a box that was put into another cell does not open there', async () => {
  const moved = forged((copy) => {
    const [first, second] = cellsIn(copy);
    if (first && second) Object.assign(second, { boxes: first.boxes });
  });
  const judged = await sealedKey(moved, rubric).judge(rowOf('basket', { across: 7 }));
  expect(judged.find(({ id }) => id === 'across')?.verdict).toBe('wrong');
});

test('a box whose content was exchanged does not open, and says so', async () => {
  const exchanged = forged((copy) => {
    for (const { boxes } of cellsIn(copy)) {
      const [first = ''] = boxes;
      for (const [index, box] of boxes.entries()) boxes[index] = `${box.slice(0, 20)}AAAAA${first.slice(25)}`;
    }
  });
  const key = sealedKey(exchanged, rubric);
  await expect(key.judge(rowOf('basket', { down: 7 }))).rejects.toThrow(
    expect.objectContaining({ code: 'sealed-box-damaged' }),
  );
});
