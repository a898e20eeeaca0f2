import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { seal, usualScrypt } from '../authoring/release/seal';
import { GraderError } from '../error';
import { parseRubric } from '../rubric/load';
import { newFolder, removeFolders, writeFiles } from '../testing/folders';
import { rubric, rubricYaml, solution } from '../testing/worksheet';
import { sealBox, secretsOf } from './encryption';
import { sealedDigest, sealedKeyFile } from './sealed';
import { loadSealedKey } from './sealed-file';
import type { SealedFile } from './sealed-file.schema';

afterAll(removeFolders);

let text: string;
beforeAll(async () => {
  text = JSON.stringify(await seal(rubric, solution, { ...usualScrypt, log2N: 10 }), null, 1);
});

function load(content: string | Buffer, by = rubric) {
  const root = newFolder();
  writeFiles(root, { [sealedKeyFile]: content });
  return loadSealedKey(root, by);
}

function refusal(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (error instanceof GraderError) return error.code;
    throw error;
  }
  throw new Error('the key was taken as it is');
}

test('spacing and line ends do not matter', () => {
  const { digest } = load(text);
  expect(load(text.replaceAll('\n', '\r\n')).digest).toBe(digest);
  expect(load(JSON.stringify(JSON.parse(text))).digest).toBe(digest);
});

test('any character of the content that was changed is found', () => {
  const places = [...text.matchAll(/"(?:rubric|id|salt)": "(.)|^ +"(.)/gm)];
  expect(places.length).toBeGreaterThan(40);
  for (const { index, 0: found } of places) {
    const at = index + found.length - 1;
    const changed = `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;
    expect(refusal(() => load(changed))).toMatch(/^(?:sealed-key-changed|sealed-key-of-other-version)$/);
  }
});

const foreign: [name: string, content: () => string | Buffer, code: string][] = [
  ['cut short', () => text.slice(0, -500), 'sealed-key-cut'],
  ['empty', () => '', 'sealed-key-cut'],
  ['not text', () => Buffer.from([0xff, 0xfe, 0, 1]), 'sealed-key-cut'],
  ['another file', () => '{ "name": "fruit" }', 'sealed-key-of-other-version'],
  ['a list', () => '[]', 'sealed-key-of-other-version'],
  [
    'of an earlier version',
    () => text.replace('"version": 8', '"version": 7'),
    'sealed-key-of-other-version',
  ],
  ['of a later version', () => text.replace('"version": 8', '"version": 9'), 'sealed-key-of-other-version'],
  [
    'made to take all memory',
    () => text.replace('"log2N": 10', '"log2N": 40'),
    'sealed-key-of-other-version',
  ],
  ['made weaker', () => text.replace('"log2N": 10', '"log2N": 11'), 'sealed-key-changed'],
];

test.each(foreign)('a key file that is %s is refused as such', (_name, content, expected) => {
  expect(refusal(() => load(content()))).toBe(expected);
});

test('a key for another version of the rubric is refused, and both files are named', () => {
  const other = parseRubric(rubricYaml.replace('label: Crate', 'label: Box'));
  expect(refusal(() => load(text, other))).toBe('sealed-for-other-rubric');
});

test('a folder in the place of the key is told', () => {
  const root = newFolder();
  mkdirSync(path.join(root, ...sealedKeyFile.split('/')), { recursive: true });
  expect(refusal(() => loadSealedKey(root, rubric))).toBe('sealed-key-foreign');
});

test('a missing key, and what is no file at all, are told', () => {
  const root = newFolder();
  expect(refusal(() => loadSealedKey(root, rubric))).toBe('sealed-key-missing');
  writeFiles(root, { [sealedKeyFile]: Buffer.alloc(5 * 1024 * 1024, ' ') });
  expect(refusal(() => loadSealedKey(root, rubric))).toBe('sealed-key-foreign');
});

/** A key that somebody changed on purpose, with its digest recomputed to match. */
function forged(change: (file: SealedFile) => void): string {
  const file = JSON.parse(text) as SealedFile;
  change(file);
  return JSON.stringify({ ...file, digest: sealedDigest(file) });
}

const forgeries: [name: string, change: (file: SealedFile) => void][] = [
  ['without a cell', ({ rows }) => rows[0]?.cells.pop()],
  ['with a cell twice', ({ rows: [row] }) => row?.cells[0] && row.cells.push(row.cells[0])],
  ['with its cells in another order', ({ rows }) => rows[0]?.cells.reverse()],
  ['with its rows in another order', ({ rows }) => rows.reverse()],
  ['without its rows', ({ rows }) => rows.splice(0)],
  ['with a row of another name', ({ rows }) => rows[0] && Object.assign(rows[0], { id: 'barrel' })],
];

test.each(forgeries)('a key %s is refused', (_name, change) => {
  expect(refusal(() => load(forged(change)))).toBe('sealed-other-cells');
});

test.each(['5', '[]', '{}', '"x"', 'null', '[{"rank":"x"}]', '[{"rank":"wrong","text":5}]'])(
  'a box that says %s is refused, and nothing of it is shown',
  async (said) => {
    const key = JSON.parse(text) as SealedFile;
    const [row] = key.rows;
    const [cell] = row?.cells ?? [];
    if (!row || !cell) throw new Error('no cell');
    const secret = await secretsOf(key.scrypt)(row.id, cell.id, '5');
    cell.boxes = [sealBox(secret, JSON.parse(said))];
    const forgedKey = load(JSON.stringify({ ...key, digest: sealedDigest(key) }));
    const judged = forgedKey.judge({ id: row.id, cells: [{ id: cell.id, value: 5 }] });
    await expect(judged).rejects.toMatchObject({ code: 'sealed-box-foreign' });
  },
);
