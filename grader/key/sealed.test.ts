import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import { seal, usualScrypt } from '../instructor/release/seal';
import { parseRubric } from '../rubric/load';
import { newFolder, removeFolders, writeFiles } from '../testing/folders';
import { rubric, rubricYaml, solution } from '../testing/worksheet';
import { hasSealedKey, loadSealedKey, sealedKeyFile } from './sealed';

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
    if (error instanceof GraderError) return error.message;
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
  const places = [...text.matchAll(/"(?:rubric|row|column|salt|slot|box)": "(.)/g)];
  expect(places.length).toBeGreaterThan(100);
  for (const { index, 0: found } of places) {
    const at = index + found.length - 1;
    const changed = `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;
    expect(refusal(() => load(changed))).toMatch(/has been changed since it was made|is no sealed key/);
  }
});

const foreign: [name: string, content: () => string | Buffer, says: string][] = [
  ['cut short', () => text.slice(0, -500), 'has been cut short or edited'],
  ['empty', () => '', 'has been cut short or edited'],
  ['not text', () => Buffer.from([0xff, 0xfe, 0, 1]), 'has been cut short or edited'],
  ['another file', () => '{ "name": "fruit" }', 'is no sealed key of this version'],
  ['a list', () => '[]', 'is no sealed key of this version'],
  [
    'of a later version',
    () => text.replace('"version": 1', '"version": 2'),
    'is no sealed key of this version',
  ],
  [
    'made to take all memory',
    () => text.replace('"log2N": 10', '"log2N": 40'),
    'is no sealed key of this version',
  ],
  ['made weaker', () => text.replace('"log2N": 10', '"log2N": 11'), 'has been changed since it was made'],
];

test.each(foreign)('a key file that is %s gets one plain line and a next step', (_name, content, says) => {
  const message = refusal(() => load(content()));
  expect(message).toContain(`grader/sealed-key.json ${says}`);
  expect(message).toContain('Put back grader/sealed-key.json');
  expect(message).not.toContain('\n');
});

test('a key for another version of the rubric is refused, and both files are named', () => {
  const other = parseRubric(rubricYaml.replace('label: Crate', 'label: Box'));
  expect(refusal(() => load(text, other))).toMatch(
    /was made for another version of rubric\.yaml.*Put back grader\/sealed-key\.json and rubric\.yaml/,
  );
});

test('a folder in the place of the key is told', () => {
  const root = newFolder();
  mkdirSync(path.join(root, ...sealedKeyFile.split('/')), { recursive: true });
  expect(refusal(() => loadSealedKey(root, rubric))).toContain('cannot be read: EISDIR');
});

test('where there is no such file there is no sealed key', () => {
  const root = newFolder();
  expect(hasSealedKey(root)).toBe(false);
  writeFiles(root, { [sealedKeyFile]: text });
  expect(hasSealedKey(root)).toBe(true);
  expect(readFileSync(path.join(root, ...sealedKeyFile.split('/')), 'utf8')).toBe(text);
  rmSync(root, { recursive: true });
});
