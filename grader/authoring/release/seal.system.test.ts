import fc from 'fast-check';
import { type AnswerKey, noKey, plainKey } from '../../key/key';
import { type SealedFile, sealedDigest, sealedKey } from '../../key/sealed';
import type { Answer } from '../../kinds/kind';
import { rubric, solution, table } from '../../testing/worksheet';
import { seal } from './seal';

let file: SealedFile;
let sealed: AnswerKey;
beforeAll(async () => {
  file = await seal(rubric, solution);
  sealed = sealedKey(file, rubric);
});

const plain = plainKey(rubric, solution);
const { rows } = table;
/** A row with the given values; all other cells are empty. */
const rowOf = (id: string, values: Readonly<Record<string, Answer>>) => ({
  id,
  cells: ['down', 'across'].map((column) => {
    const value = values[column];
    return { id: column, ...(value !== undefined && { value }) };
  }),
});

async function expectAgreement(id: string, values: Record<string, Answer>) {
  const row = rowOf(id, values);
  const said = async (key: AnswerKey) => [await key.judge(row), await key.explain?.(row)];
  expect({ row, said: await said(sealed) }).toEqual({ row, said: await said(plain) });
}

const rightIn = (id: string): Record<string, Answer> =>
  Object.fromEntries(
    solution.expected.find((row) => row.id === id)?.cells.map((cell) => [cell.id, cell.value]) ?? [],
  );

test('a sealed key says of the right table what the plain one says', async () => {
  for (const row of solution.expected) {
    await expectAgreement(row.id, rightIn(row.id));
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

test('a guess takes milliseconds, for a script cannot leave out a part of it', async () => {
  const guesses = 20;
  const started = process.cpuUsage();
  for (let value = 1; value <= guesses; value++)
    await sealedKey(file, rubric).judge(rowOf('basket', { down: 1000 + value }));
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1000 / guesses).toBeGreaterThan(2);
});

test('boxes lie in the order of their ids, whatever they hold', () => {
  expect(file.boxes).toEqual([...file.boxes].sort());
});

test('the file names no cell and no row, and has one box for each value and each row of values that it knows', () => {
  expect(Object.keys(file)).toEqual(['about', 'digest', 'version', 'rubric', 'salt', 'boxes']);
  const { about: _, digest, ...rest } = file;
  const strings = [digest, rest.rubric, rest.salt, ...rest.boxes];
  for (const text of strings) expect(text).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
  // 7, 11, 13, 70, and 99 by themselves; 7 x 11 has no explanation; 11 x 7, 13 x 7, 7 x 24, 5 x 24 and 7 x 13.
  expect(file.boxes).toHaveLength(5 + 5);
});

test('two sealings of one key share no salt, lookup id or part of a box', async () => {
  const other = await seal(rubric, solution);
  const parts = (key: SealedFile) => [key.salt, ...key.boxes].flatMap((text) => text.match(/.{20}/g) ?? []);
  const both = [...parts(file), ...parts(other)];
  expect(new Set(both).size).toBe(both.length);
});

test('neither the file nor its bytes hold a word of a hint', () => {
  const bytes = [file.salt, ...file.boxes].map((text) => Buffer.from(text, 'base64').toString('latin1'));
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

test('a box that was exchanged for another does not open, and says so', async () => {
  const [first = ''] = file.boxes;
  const boxes = file.boxes.map((box) => `${box.slice(0, 20)}${first.slice(20)}`);
  const exchanged = { ...file, boxes, digest: sealedDigest({ ...file, boxes }) };
  const judged = Promise.all(
    [7, 11, 13].map((down) => sealedKey(exchanged, rubric).judge(rowOf('basket', { down }))),
  );
  await expect(judged).rejects.toThrow(expect.objectContaining({ code: 'sealed-box-damaged' }));
});
