import { seal } from '../authoring/release/sealed-facts';
import { loadSealedKey } from '../grading/context';
import { newFolder, writeFiles } from '../testing/folders';
import { rubric, rubricIn, rubricYaml, solution } from '../testing/worksheet';
import { plainKey } from './judge';
import { type SealedFile, sealBox, sealedDigest, sealedKey, sealedKeyFile, secretsOf } from './sealed-key';

test('the digest of a key is of what is right, whichever way its author wrote it', () => {
  const digestOf = (text: string) => {
    const cells = [{ id: 'down', value: 'red', written: [['red', text] as const] }];
    return plainKey(rubric, { ...solution, expected: [{ id: 'crate', cells }] }).digest;
  };
  expect(digestOf('Red')).toBe(digestOf('RED.'));
});

test('two numbers of three have a hint, whatever the third one is, from either kind of key', async () => {
  const yaml = rubricYaml.replace(
    '    - { id: across, label: Across }\n',
    '    - { id: across, label: Across }\n    - { id: deep, label: Deep }\n',
  );
  const cubes = rubricIn(yaml);
  const expected = solution.expected.map((row) => ({
    ...row,
    cells: [...row.cells, { id: 'deep', value: 3 }],
  }));
  const flat = { id: 'flat', row: 'crate', values: { across: 24, deep: 1 }, text: 'It is no picture.' };
  const content = { ...solution, expected, misconceptions: [flat] };
  for (const key of [plainKey(cubes, content), sealedKey(await seal(cubes, content), cubes)])
    for (const down of [7, 99]) {
      const cells = Object.entries({ down, across: 24, deep: 1 }).map(([id, value]) => ({ id, value }));
      const judged = await key.judge({ id: 'crate', cells });
      expect(judged.cells.map(({ hint }) => hint?.misconception)).toEqual([undefined, 'flat', 'flat']);
    }
});

describe('a sealed key file', () => {
  let text: string;
  beforeAll(async () => {
    text = JSON.stringify(await seal(rubric, solution), null, 1);
  });

  function load(content: string, by = rubric) {
    const root = newFolder();
    writeFiles(root, { [sealedKeyFile]: content });
    return loadSealedKey(root, by);
  }
  const refused = (code: string) => expect.objectContaining({ code });

  test('is refused where any character of its content was changed', () => {
    const places = [...text.matchAll(/"(?:rubric|salt|digest)": "(.)|^ {2}"(.)/gm)];
    expect(places.length).toBeGreaterThan(12);
    for (const { index, 0: found } of places) {
      const at = index + found.length - 1;
      const changed = `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;
      expect(() => load(changed)).toThrow(refused('sealed-key-changed'));
    }
  });

  test.each<[string, string, () => string]>([
    ['cut', 'cut short', () => text.slice(0, -500)],
    ['of-other-version', 'another file', () => '{ "name": "fruit" }'],
    ['of-other-version', 'nothing but null', () => 'null'],
    ['of-other-version', 'of an earlier version', () => text.replace(/"version": \d+/, '"version": 8')],
    ['changed', 'without a box', () => text.replace(/ {2}".*",\n/, '')],
  ])('is refused as %s if it is %s', (code, _name, content) => {
    expect(() => load(content())).toThrow(refused(`sealed-key-${code}`));
  });

  test('is refused for another rubric and where it is missing', () => {
    const advice = /Put back .*; your answers are not the cause\.$/;
    const root = newFolder();
    expect(() => load(text, { ...rubric, digest: 'another' })).toThrow(advice);
    expect(() => load(text, { ...rubric, digest: 'another' })).toThrow(refused('sealed-for-other-rubric'));
    expect(() => loadSealedKey(root, rubric)).toThrow(refused('sealed-key-missing'));
  });

  test('is refused where somebody made a box with other content, and nothing of it is shown', async () => {
    const key = JSON.parse(text) as SealedFile;
    const secret = await secretsOf(key.salt)('cell', ['5']);
    for (const said of ['5', '{}', '[null]', '[5]']) {
      const forged = { ...key, boxes: [sealBox(secret, JSON.parse(said))] };
      const forgedKey = load(JSON.stringify({ ...forged, digest: sealedDigest(forged) }));
      const judged = forgedKey.judge({ id: 'basket', cells: [{ id: 'down', value: 5 }] });
      await expect(judged).rejects.toMatchObject({ code: 'sealed-box-damaged' });
    }
  });
});
