import { hkdfSync, scryptSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { seal } from '../authoring/release/sealed-facts';
import { loadSealedKey } from '../grading/context';
import { newFolder, removeFolders, writeFiles } from '../testing/folders';
import { rubric, solution } from '../testing/worksheet';
import { knownRows, type Misconception } from './hints';
import { openBox, type SealedFile, sealBox, sealedDigest, sealedKeyFile, secretsOf } from './sealed-key';

afterAll(removeFolders);

describe('what a key knows of crate, which is 7 down and 13 across', () => {
  function known(...misconceptions: readonly Misconception[]) {
    const { cells, rowHints } = knownRows(rubric, { ...solution, misconceptions })[1] ?? {
      cells: [],
      rowHints: [],
    };
    const of = (field: 'hint' | 'quantity') =>
      cells.flatMap(({ id, answers }) =>
        answers.flatMap((one) => (one[field] ? [[id, one.value, one[field]]] : [])),
      );
    return { rows: rowHints, hints: of('hint'), quantities: of('quantity') };
  }
  const cause = (id: string, values: Record<string, number>) => ({
    id,
    row: 'crate',
    values,
    text: `About ${id}.`,
  });

  test('a row that two causes explain has one hint that names both', () => {
    const hint = {
      misconception: 'peeled+sliced',
      text: 'Either: Nothing was peeled. Or: Nothing was sliced.',
    };
    expect(known(...solution.misconceptions).rows).toContainEqual({ values: [5, 24], hint });
  });

  test('a number has a hint of its own if exactly one cause is about it alone, and it is wrong', () => {
    const wide = cause('wide', { across: 50 });
    const hint = { misconception: 'wide', text: 'About wide.' };
    expect(known(wide).hints).toEqual([['across', 50, hint]]);
    const others = [
      [wide, cause('deep', { across: 50 })],
      [cause('wide', { across: 13 })],
      [cause('wide', { down: 9, across: 50 })],
    ];
    for (const some of others) expect(known(...some).hints).toEqual([]);
    expect(known(cause('odd', { down: 7, across: 13 })).rows).toEqual([]);
  });

  test('a number that is a quantity says all that it is, unless it is right or has a hint of its own', () => {
    expect(known(cause('wide', { across: 70 })).quantities).toEqual([
      ['down', 70, ['how many seeds an apple has', 'how many leaves a twig has']],
      ['across', 7, ['how many apples there are']],
    ]);
  });
});

describe('a sealed key file', () => {
  let text: string;
  beforeAll(async () => {
    text = JSON.stringify(await seal(rubric, solution), null, 1);
  });

  function load(content: string | Buffer, by = rubric) {
    const root = newFolder();
    writeFiles(root, { [sealedKeyFile]: content });
    return loadSealedKey(root, by);
  }
  const refused = (code: string | RegExp) =>
    expect.objectContaining({ code: typeof code === 'string' ? code : expect.stringMatching(code) });

  test('may have other spaces and line ends', () => {
    const { digest } = load(text);
    for (const other of [text.replaceAll('\n', '\r\n'), JSON.stringify(JSON.parse(text))])
      expect(load(other).digest).toBe(digest);
  });

  test('is refused where any character of its content was changed', () => {
    const places = [...text.matchAll(/"(?:rubric|salt|digest)": "(.)|^ {2}"(.)/gm)];
    expect(places.length).toBeGreaterThan(12);
    for (const { index, 0: found } of places) {
      const at = index + found.length - 1;
      const changed = `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;
      expect(() => load(changed)).toThrow(refused('sealed-key-changed'));
    }
  });

  test.each<[string, string, () => string | Buffer]>([
    ['cut', 'cut short', () => text.slice(0, -500)],
    ['cut', 'not text', () => Buffer.from([0xff, 0xfe, 0, 1])],
    ['of-other-version', 'another file', () => '{ "name": "fruit" }'],
    ['of-other-version', 'nothing but null', () => 'null'],
    ['of-other-version', 'of an earlier version', () => text.replace('"version": 9', '"version": 8')],
    ['changed', 'without a box', () => text.replace(/ {2}".*",\n/, '')],
  ])('is refused as %s if it is %s', (code, _name, content) => {
    expect(() => load(content())).toThrow(refused(`sealed-key-${code}`));
  });

  test('is refused for another rubric, where it is missing, and where a folder has its name', () => {
    const advice = /Put back .*; your answers are not the cause\.$/;
    const root = newFolder();
    expect(() => load(text, { ...rubric, digest: 'another' })).toThrow(advice);
    expect(() => load(text, { ...rubric, digest: 'another' })).toThrow(refused('sealed-for-other-rubric'));
    expect(() => loadSealedKey(root, rubric)).toThrow(refused('sealed-key-missing'));
    mkdirSync(path.join(root, ...sealedKeyFile.split('/')), { recursive: true });
    expect(() => loadSealedKey(root, rubric)).toThrow(refused('sealed-key-unreadable'));
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

describe('a box', () => {
  const [salt, otherSalt] = [1, 2].map((byte) => Buffer.alloc(16, byte).toString('base64')) as [
    string,
    string,
  ];
  const secretOf = secretsOf(salt);

  test('opens with its own secret alone, and as long as nobody changed it', async () => {
    const [own, other, third] = await Promise.all(['7', '8', '9'].map((place) => secretOf('cell', [place])));
    if (!own || !other || !third) throw new Error('no secret');
    const facts = [[[{ rank: 'right' }], 'crate.down']] as const;
    const box = sealBox(own, facts as never);
    expect(openBox(own, [sealBox(other, []), box])).toEqual(facts);
    expect(openBox(third, [box])).toBeUndefined();
    expect(() =>
      openBox(own, [`${box.slice(0, 30)}${box[30] === 'A' ? 'B' : 'A'}${box.slice(31)}`]),
    ).toThrow();
  });

  test('has a secret of its own for each salt, place, order of places, and for a cell or a row, each hard to guess', async () => {
    const rows = [['7'], ['7', '8'], ['8', '7'], ['7', '7'], ['78']].map((places) => secretOf('row', places));
    const secrets = await Promise.all([
      ...[secretOf('cell', ['7']), secretOf('cell', ['70']), secretsOf(otherSalt)('cell', ['7'])],
      ...rows,
    ]);
    for (const part of ['id', 'key'] as const)
      expect(new Set(secrets.map((secret) => String(secret[part]))).size).toBe(secrets.length);
    const stretched = scryptSync('7', Buffer.from(salt, 'base64'), 32, { N: 2 ** 12, r: 8, p: 1 });
    const whole = Buffer.from(hkdfSync('sha256', stretched, '', 'cell', 15 + 32));
    expect([secrets[0]?.id, Buffer.from(secrets[0]?.key ?? [])]).toEqual([
      whole.toString('base64', 0, 15),
      whole.subarray(15),
    ]);
  });

  test('is as long with texts of other lengths', async () => {
    const own = await secretOf('cell', ['7']);
    const texts = ['', 'x', 'x'.repeat(200)];
    const lengths = texts.map((explanation) => sealBox(own, [[{ explanation }, 'crate']]).length);
    expect(new Set(lengths).size).toBe(1);
  });
});
