import { strToU8, zipSync } from 'fflate';
import { Random } from '../authoring/demo/sample';
import { againRubric, rightAgain, rightFirst, twoTables } from '../testing/again';
import { newFolder, removeFolders, writeFiles } from '../testing/folders';
import { notesOf } from '../testing/worksheet';
import {
  attemptsFile,
  attemptsNotice,
  completeRows,
  joinAttempts,
  readAttempts,
  statesOf,
  withAttempts,
} from './attempts';
import { readAnswers } from './cells';
import { findInFolder } from './folder';

afterAll(removeFolders);

const day = '2026-11-27';

/** The attempts file after a student asked for marks on each text, one after the other. */
function keptOf(...texts: string[]): string | undefined {
  return texts.reduce<string | undefined>(
    (kept, text) => withAttempts(kept, readAnswers(text, againRubric), againRubric, day) ?? kept,
    undefined,
  );
}

/** The attempts in a file, as `1 basket 7,24`. */
function told(kept: string | undefined): string[] {
  return readAttempts(kept ?? '', againRubric).attempts.map(
    ({ run, row, values }) => `${run} ${row} ${values}`,
  );
}

test('the first complete answer of a row is kept, and each later one that differs', () => {
  const kept = keptOf(
    twoTables({ basket: [7, 'null'] }),
    twoTables({ basket: [7, 24] }),
    twoTables({ basket: [7, 24] }),
    twoTables({ basket: ['3 + 4', 11], crate: [7, 13] }),
    twoTables({ basket: [7, 24], crate: [7, 13] }),
  );
  expect(told(kept)).toEqual(['1 basket 7,24', '2 basket 7,11', '2 crate 7,13', '3 basket 7,24']);
});

test('rows that are asked again are kept once all of them are filled in', () => {
  const begun = twoTables(rightFirst, { basket: [12, 16] });
  expect(told(keptOf(begun))).toEqual(['1 basket 7,11', '1 crate 7,13']);
  expect(told(keptOf(begun, twoTables(rightFirst, rightAgain)))).toEqual([
    '1 basket 7,11',
    '1 crate 7,13',
    '2 again.basket 12,16',
    '2 again.crate 12,18',
  ]);
});

test('the file begins with what it is for, and says no time of day, name or outcome', () => {
  const [first = '', ...lines] = (keptOf(twoTables(rightFirst)) ?? '').trim().split('\n');
  expect(JSON.parse(first).about).toBe(attemptsNotice);
  expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual(
    lines.map(() => ['run', 'day', 'row', 'values']),
  );
});

test('nothing is added to a file that is turned off', () => {
  const answers = readAnswers(twoTables(rightFirst), againRubric);
  expect(withAttempts('off', answers, againRubric, day)).toBeUndefined();
  expect(withAttempts(' OFF\r\n', answers, againRubric, day)).toBeUndefined();
});

test('a course can do without it', () => {
  expect(attemptsFile(againRubric)).toBe('work/attempts.jsonl');
  expect(attemptsFile({ ...againRubric, keepsAttempts: false })).toBeUndefined();
});

test('it never grows beyond two hundred lines', () => {
  const texts = Array.from({ length: 250 }, (_, index) => twoTables({ basket: [7, index + 1] }));
  expect(told(keptOf(...texts))).toHaveLength(200);
});

test('repeated and unordered lines, as where git joins two branches, say the same', () => {
  const kept =
    keptOf(twoTables({ basket: [7, 24] }), twoTables(rightFirst), twoTables(rightFirst, rightAgain)) ?? '';
  const lines = kept.trim().split('\n');
  const mixed = [...lines, ...lines].reverse().join('\r\n');
  expect(told(mixed).sort()).toEqual(told(kept).sort());
  expect(told(joinAttempts(`${mixed}\n${kept}`, againRubric)).sort()).toEqual(told(kept).sort());
});

test('the states that it tells of are those for which marks were asked', () => {
  const texts = [
    twoTables({ basket: [7, 24] }),
    twoTables({ ...rightFirst, crate: [1, 2] }),
    twoTables(rightFirst, rightAgain),
  ];
  const { attempts } = readAttempts(keptOf(...texts) ?? '', againRubric);
  expect(statesOf(attempts, againRubric).map(({ answers }) => completeRows(answers))).toEqual(
    texts.map((text) => completeRows(readAnswers(text, againRubric))),
  );
});

test('whatever stands in the file, it is read, and each line is an attempt or is counted as none', () => {
  const random = new Random(20261127);
  const parts = [
    '{',
    '}',
    '[',
    ']',
    '"row"',
    '"basket"',
    '"again.crate"',
    ':',
    ',',
    '7',
    '-1',
    '1e999',
    'null',
    '"\u0000"',
    '"__proto__"',
    '"values"',
    '"run"',
    '"day"',
    '"2026-11-27"',
    'x',
  ];
  const hostile = [
    '{"row":"__proto__","values":[1,2],"run":1,"day":"2026-11-27"}',
    '{"row":"basket","values":[1,2,3],"run":1,"day":"2026-11-27"}',
    '{"row":"basket","values":[1,{}],"run":1,"day":"2026-11-27"}',
    '{"row":"basket","values":[1,0.5],"run":1,"day":"2026-11-27"}',
    '{"row":"basket","values":[1,2],"run":-1,"day":"2026-11-27"}',
    '{"row":"basket","values":[1,2],"run":1,"day":"yesterday"}',
    `${'['.repeat(5000)}`,
    'null',
    '"off"',
    ...Array.from({ length: 200 }, () =>
      Array.from({ length: 1 + random.below(12) }, () => random.pick(parts, '')).join(''),
    ),
  ];
  for (const line of hostile) expect(readAttempts(line, againRubric)).toEqual({ attempts: [], unread: 1 });
  expect(readAttempts(`${hostile.join('\n')}\n`.repeat(100), againRubric).attempts).toEqual([]);
});

test.each([
  'work/attempts.jsonl',
  'attempts.jsonl',
  'attempts (1).jsonl',
  'Kopie von attempts.jsonl',
  'smithjane_7001_9002_attempts-2.jsonl',
  'attempts.jsonl.txt',
  'mine.zip/work/attempts.jsonl',
])('%s is found, costs nothing and is remarked nowhere', async (place) => {
  const kept = keptOf(twoTables(rightFirst)) ?? '';
  const files = { 'work/boxes.ts': twoTables(rightFirst), 'work/notes.md': notesOf('a', 'b') };
  const [archive, inside = ''] = place.includes('.zip/') ? place.split(/(?<=\.zip)\//) : [undefined, place];
  const packed = zipSync({ [inside]: strToU8(kept) });
  const found = await readFound({ ...files, ...(archive ? { [archive]: packed } : { [place]: kept }) });
  expect(readAttempts(found.attempts ?? '', againRubric).attempts).toHaveLength(2);
  expect({ remarks: found.remarks, instead: found.instead }).toEqual({ remarks: [], instead: [] });
});

/** Writes some files to a new folder, and returns the submission found in it. */
async function readFound(files: Readonly<Record<string, string | Uint8Array>>) {
  const root = newFolder();
  writeFiles(
    root,
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name, Buffer.from(content)])),
  );
  return findInFolder(root, againRubric);
}
