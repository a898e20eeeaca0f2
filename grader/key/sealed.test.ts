import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { seal } from '../authoring/release/seal';
import { loadSealedKey } from '../grading/context';
import { GraderError } from '../message';
import { parseRubric } from '../rubric/load';
import { newFolder, removeFolders, writeFiles } from '../testing/folders';
import { rubric, rubricYaml, solution } from '../testing/worksheet';
import { openBox, type SealedFile, sealBox, sealedDigest, sealedKeyFile, secretsOf } from './sealed';

afterAll(removeFolders);

let text: string;
beforeAll(async () => {
  text = JSON.stringify(await seal(rubric, solution), null, 1);
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
  const places = [...text.matchAll(/"(?:rubric|salt|digest)": "(.)|^ {2}"(.)/gm)];
  expect(places.length).toBeGreaterThan(12);
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
  ['nothing but null', () => 'null', 'sealed-key-of-other-version'],
  [
    'of an earlier version',
    () => text.replace('"version": 9', '"version": 8'),
    'sealed-key-of-other-version',
  ],
  ['of a later version', () => text.replace('"version": 9', '"version": 10'), 'sealed-key-of-other-version'],
  ['without a box', () => text.replace(/ {2}".*",\n/, ''), 'sealed-key-changed'],
];

test.each(foreign)('a key file that is %s is refused as such', (_name, content, expected) => {
  expect(refusal(() => load(content()))).toBe(expected);
});

test('a key of another version is refused with what to do', () => {
  expect(() => load(text.replace('"version": 9', '"version": 8'))).toThrow(
    'grader/sealed-key.json is not a sealed key of this version, so nothing can be graded with it. Put back grader/sealed-key.json as it came with the assignment; your answers are not the cause.',
  );
});

test('a key for another version of the rubric is refused, and both files are named', () => {
  const other = parseRubric(rubricYaml.replace('label: Crate', 'label: Box'));
  expect(refusal(() => load(text, other))).toBe('sealed-for-other-rubric');
});

test('a missing key, and a folder in its place, are told', () => {
  const root = newFolder();
  expect(refusal(() => loadSealedKey(root, rubric))).toBe('sealed-key-missing');
  mkdirSync(path.join(root, ...sealedKeyFile.split('/')), { recursive: true });
  expect(refusal(() => loadSealedKey(root, rubric))).toBe('sealed-key-unreadable');
});

test.each(['5', '{}', '[null]', '[5]'])(
  'a box that somebody made to say %s is refused, and nothing of it is shown',
  async (said) => {
    const key = JSON.parse(text) as SealedFile;
    const secret = await secretsOf(key.salt)('cell', ['5']);
    const forged = { ...key, boxes: [sealBox(secret, JSON.parse(said))] };
    const forgedKey = load(JSON.stringify({ ...forged, digest: sealedDigest(forged) }));
    const judged = forgedKey.judge({ id: 'basket', cells: [{ id: 'down', value: 5 }] });
    await expect(judged).rejects.toMatchObject({ code: 'sealed-box-damaged' });
  },
);

const salts = [1, 2].map((byte) => Buffer.alloc(16, byte).toString('base64')) as [string, string];
const secretOf = secretsOf(salts[0]);

test('a box opens with its own secret, and says what was sealed', async () => {
  const [own, other, third] = await Promise.all(['7', '8', '9'].map((place) => secretOf('cell', [place])));
  if (!own || !other || !third) throw new Error('no secret');
  const facts = [[[{ rank: 'right' }], 'crate.down']] as const;
  const boxes = [sealBox(other, []), sealBox(own, facts as never)];
  expect(openBox(own, boxes)).toEqual(facts);
  expect(openBox(third, boxes)).toBeUndefined();
});

test('a box that was changed does not open', async () => {
  const own = await secretOf('cell', ['7']);
  const box = sealBox(own, []);
  const changed = `${box.slice(0, 30)}${box[30] === 'A' ? 'B' : 'A'}${box.slice(31)}`;
  expect(() => openBox(own, [changed])).toThrow();
});

test('a secret depends on the salt, on each place and their order, and on whether it is of a cell or a row', async () => {
  const secrets = await Promise.all([
    secretOf('cell', ['7']),
    secretOf('cell', ['70']),
    secretOf('row', ['7']),
    ...[['7', '8'], ['8', '7'], ['7', '7'], ['78']].map((places) => secretOf('row', places)),
    secretsOf(salts[1])('cell', ['7']),
  ]);
  for (const part of ['id', 'key'] as const)
    expect(new Set(secrets.map((secret) => Buffer.from(secret[part]).toString('hex'))).size).toBe(
      secrets.length,
    );
  expect(await secretOf('cell', ['7'])).toEqual(secrets[0]);
});

test('boxes with texts of other lengths are as long, and the lookup id is no part of the key', async () => {
  const own = await secretOf('cell', ['7']);
  const lengths = ['', 'x', 'x'.repeat(200)].map(
    (explanation) => sealBox(own, [[{ explanation }, 'crate']]).length,
  );
  expect(new Set(lengths).size).toBe(1);
  expect(Buffer.from(own.key).toString('base64')).not.toContain(own.id.slice(0, 8));
});
