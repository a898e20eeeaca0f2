import { loadCourse } from '../course';
import { loadSolution } from '../key/solution';
import { loadRubric } from '../rubric/load';
import { newCourse, removeFolders } from '../testing/folders';
import { runInProcess } from '../testing/in-process';
import { findingsOf } from './check/check';
import { generatedCheck } from './check/generated';

afterAll(removeFolders);

/** A course with two tables and every kind of answer; its solution is split into several files. */
const course: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "fruit", "engines": { "node": ">=20" } }\n',
  'rubric.yaml': `title: Fruit
given:
  boxes: 3
file: work/fruit.ts
tables:
  - export: boxes
    points: 1
    rows:
      - { id: apples, label: Apples }
      - { id: pears, label: Pears, cells: { weight: { void: true } } }
    columns:
      - { id: many, label: How many }
      - { id: weight, label: Weight, kind: decimal, tolerance: 5%, unit: kg }
  - export: words
    points: 2
    rows:
      - id: taste
        label: Taste
        cells:
          said: { kind: choice, options: [sweet, sour] }
      - { id: name, label: Name }
    columns:
      - { id: said, label: In a word, kind: text }
`,
  'solution/index.ts': `export { derive, derive as measure } from './derive';
export { misconceptions } from './wrong';
`,
  'solution/derive.ts': `export function derive({ boxes }: { boxes: number }) {
  return {
    apples: { many: 5 * boxes, weight: 1.5 * boxes },
    pears: { many: 4 * boxes },
    taste: { said: 'sweet' },
    name: { said: ['fruit', 'a fruit'] },
  };
}
`,
  'solution/wrong.ts': `export function misconceptions({ boxes }: { boxes: number }) {
  return [
    { id: 'one-box', row: 'apples', values: { many: 5 }, text: 'That is one box.' },
    { id: 'pounds', row: 'apples', values: { weight: 3.3 * boxes }, text: 'That is in pounds.' },
    { id: 'lemon', row: 'taste', values: { said: 'sour' }, text: 'Not a lemon.' },
  ];
}
`,
  'solution/handout.md': '# {{ title }}\n\nThere are {{ boxes | count: "box" }}.\n\n{{ table }}\n',
  'solution/reference/fixture.yaml': 'about: All right.\n',
};

/** A file, the text to take out of it, and the replacement. */
type Change = readonly [file: string, from: string, to: string];

/** The output for a course with some changes, as its author reads it. */
async function said(...changes: readonly Change[]): Promise<string> {
  const files = { ...course };
  for (const [file, from, to] of changes) {
    const text = files[file] ?? '';
    expect(text).toContain(from);
    files[file] = text.replace(from, to);
  }
  const root = newCourse(files);
  const { status, stdout, stderr } = await runInProcess(root, 'generate');
  expect(status).toBe(2);
  return `${stdout}${stderr}`.trimEnd();
}

test('without a mistake everything is written', async () => {
  expect((await runInProcess(newCourse(course), 'generate')).stderr).toBe('');
});

const inRubric: [name: string, from: string, to: string, says: string][] = [
  [
    'an unknown key',
    'tolerance: 5%',
    'tolerence: 5%',
    `rubric.yaml has 2 faults:

rubric.yaml:13:38: decimal needs tolerance: how far off an answer may be: a number above 0, or a part of what is right, such as 2%.
   13 |       - { id: weight, label: Weight, kind: decimal, tolerence: 5%, unit: kg }
      |                                      ^

rubric.yaml:13:53: entry 2 in columns of entry 1 in tables knows no "tolerence"; write "tolerance".
   13 |       - { id: weight, label: Weight, kind: decimal, tolerence: 5%, unit: kg }
      |                                                     ^`,
  ],
  [
    'an unknown kind',
    'kind: decimal, tolerance: 5%, unit: kg',
    'kind: decimel',
    `rubric.yaml has a fault:

rubric.yaml:13:44: kind of entry 2 in columns of entry 1 in tables is "decimel"; write "decimal".
   13 |       - { id: weight, label: Weight, kind: decimel }
      |                                            ^`,
  ],
  [
    'a setting of another kind',
    'kind: text }',
    'kind: text, options: [a, b] }',
    `rubric.yaml has a fault:

rubric.yaml:23:51: options is not a setting of text; write kind: choice beside it, or take it away.
   23 |       - { id: said, label: In a word, kind: text, options: [a, b] }
      |                                                   ^`,
  ],
  [
    'an option that is there twice',
    'options: [sweet, sour]',
    'options: [sweet, sour, Sweet]',
    `rubric.yaml has a fault:

rubric.yaml:20:42: The option "Sweet" is there twice; upper and lower case do not tell options apart.
   20 |           said: { kind: choice, options: [sweet, sour, Sweet] }
      |                                          ^`,
  ],
  [
    'a row that two tables have',
    'id: name,',
    'id: pears,',
    `rubric.yaml has a fault:

rubric.yaml:21:15: The id "pears" is taken already; give each its own.
   21 |       - { id: pears, label: Name }
      |               ^`,
  ],
  [
    'a void cell with points',
    '{ void: true }',
    '{ void: true, points: 2 }',
    `rubric.yaml has a fault:

rubric.yaml:10:67: points beside void: this row does not have the cell. Take void or the rest away.
   10 |       - { id: pears, label: Pears, cells: { weight: { void: true, points: 2 } } }
      |                                                                   ^`,
  ],
  [
    'a cell of no column',
    'cells: { weight: { void: true } }',
    'cells: { wieght: { void: true } }',
    `rubric.yaml has a fault:

rubric.yaml:10:45: cells has no column "wieght"; write "weight".
   10 |       - { id: pears, label: Pears, cells: { wieght: { void: true } } }
      |                                             ^`,
  ],
];

test.each(inRubric)('rubric.yaml: %s', async (_name, from, to, says) => {
  expect(await said(['rubric.yaml', from, to])).toBe(says);
});

const inSolution: [name: string, changes: readonly Change[], says: string][] = [
  [
    'a cell without a value',
    [['solution/derive.ts', 'many: 4 * boxes', '']],
    'solution/derive.ts:4:5: derive gives no value for row pears, column many; give a whole number from 1.',
  ],
  [
    'values of the wrong kind, all at once',
    [
      ['solution/derive.ts', '5 * boxes', "'fifteen'"],
      ['solution/derive.ts', "'sweet'", "'bitter'"],
      ['solution/derive.ts', "'a fruit'", '7'],
    ],
    `solution/derive.ts:3:15: derive gives "fifteen" for row apples, column many; give a whole number from 1.
solution/derive.ts:5:14: derive gives "bitter" for row taste, column said; give one of 'sweet', 'sour'.
solution/derive.ts:6:13: derive gives 7 for row name, column said; give a text in quotes.`,
  ],
  [
    'a table without a right answer',
    [['solution/derive.ts', "taste: { said: 'sweet' },\n    name: { said: ['fruit', 'a fruit'] },", '']],
    'solution/derive.ts:1:17: derive gives no right answer for the table words: add taste, name.',
  ],
  [
    'a list with nothing in it',
    [['solution/derive.ts', "['fruit', 'a fruit']", '[]']],
    'solution/derive.ts:6:5: derive gives no value for row name, column said; give a text in quotes.',
  ],
  [
    'a tolerance that swallows a misconception',
    [
      ['rubric.yaml', 'tolerance: 5%', 'tolerance: 2.5'],
      ['solution/wrong.ts', '3.3', '2.2'],
    ],
    'solution/wrong.ts:4:11: The misconception pounds of row apples would count as right: the tolerance of weight in rubric.yaml is too wide to tell it from what is right. Write a smaller one.',
  ],
  [
    'misconceptions that do not fit, all at once',
    [
      ['solution/wrong.ts', 'That is one box.', 'That is 1 box.'],
      ['solution/wrong.ts', '{ weight: 3.3 * boxes }', '{ mass: 3 }'],
      ['solution/wrong.ts', "said: 'sour'", 'said: 3'],
    ],
    `solution/wrong.ts:3:11: The hint of misconception one-box of row apples holds a digit. Hints give a direction, never a number.
solution/wrong.ts:4:11: The misconception pounds of row apples has values for mass; the row has many, weight.
solution/wrong.ts:5:11: The misconception lemon of row taste gives 3 for column said; give one of 'sweet', 'sour'.`,
  ],
  [
    'a list of misconceptions that is none',
    [['solution/wrong.ts', 'return [', 'return boxes > 0 ? {} : [']],
    'solution/wrong.ts:1:17: misconceptions has to give a list.',
  ],
  [
    'something that throws',
    [
      [
        'solution/derive.ts',
        '  return {',
        "  if (boxes > 2) throw new RangeError('boxes has to be at most two');\n  return {",
      ],
    ],
    'solution/derive.ts:2:24: derive refuses what rubric.yaml gives it: boxes has to be at most two.',
  ],
  [
    'results that differ from run to run',
    [['solution/derive.ts', '5 * boxes', 'Math.ceil(Math.random() * 2 ** 40)']],
    'solution/derive.ts:1:17: derive gives different results on two runs. Take out what depends on chance or time.',
  ],
  [
    'no measure',
    [['solution/index.ts', ', derive as measure', '']],
    'solution/index.ts: it does not export measure(given). It must; docs/write-a-worksheet.md says what it gives.',
  ],
];

test.each(inSolution)('solution/: %s', async (_name, changes, says) => {
  expect(await said(...changes)).toBe(says);
});

test('solution/: something that never ends', () => {
  const root = newCourse({
    ...course,
    'solution/derive.ts':
      'export const derive = ({ boxes }: { boxes: number }) => {\n  for (;;) boxes++;\n};\n',
  });
  expect(() => loadSolution(root, loadRubric(root), false, 300)).toThrow(
    /^solution\/derive\.ts:1:14: derive does not end: it was stopped after 0\.3 seconds\. Look for a loop without an end\.$/,
  );
});

test('solution/handout.md: facts that there are not, all at once', async () => {
  expect(
    await said(
      ['solution/handout.md', 'There are {{ boxes', 'There are {{ bokses'],
      ['solution/handout.md', '{{ table }}', '{{ tabel }}'],
    ),
  ).toMatch(
    /^solution\/handout\.md:3:\d+: there is no fact called “bokses”\.\nsolution\/handout\.md:5:\d+: there is no fact called “tabel”\.\nKnown facts: .*\bboxes\b.*\.$/,
  );
});

test('solution/handout.md: a number that was typed', async () => {
  const root = newCourse({
    ...course,
    'solution/handout.md': 'All {{ boxes }} of the 25 boxes.\n{{ table }}\n',
  });
  const found = await findingsOf(generatedCheck, loadCourse(root, false), '');
  expect(found.map(({ code }) => code)).toContain('handout-number-by-hand');
  expect(found.map(({ text }) => text).join('\n')).toContain('solution/handout.md:1:24: 25 ');
});
