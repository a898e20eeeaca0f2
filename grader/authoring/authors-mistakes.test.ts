import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Course, loadCourse } from '../course';
import { listFiles } from '../system/files';
import { newCourse, removeFolders } from '../testing/folders';
import { runInProcess } from '../testing/in-process';
import { fairness, findingsOf, fixtures, misnamed, outOfDate, telling } from './check/check';

afterAll(removeFolders);

/** A course with every kind of answer, a second table, a vote, laws and an exit ticket. */
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
      - { id: many, label: How many, ask: What lies in a box? }
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
  - export: again
    repeats: boxes
    rows: [apples]
    given: { boxes: 7 }
    marks: complete
    points: 0
laws:
  - { law: apples.many = pears.many, because: A box holds as many of both. }
reflection:
  file: work/notes.md
  choose: 1
  points: 1
  intro: Pick one.
  questions:
    - { id: sweetest, label: Which was the sweetest? }
    - { id: sourest, label: Which was the sourest? }
vote: { boxes: 11 }
`,
  'solution/index.ts': `export { derive } from './derive';
export { measure } from './measure';
export { explanations, misconceptions, quantities } from './wrong';
`,
  'solution/derive.ts': `export function derive({ boxes }: { boxes: number }) {
  return {
    apples: { many: 5 * boxes, weight: 1.5 * boxes },
    pears: { many: 5 * boxes },
    taste: { said: 'sweet' },
    name: { said: ['fruit', 'a fruit'] },
  };
}
`,
  'solution/measure.ts': `export const measure = ({ boxes }: { boxes: number }) => {
  const many = 5 * boxes;
  return { apples: { many, weight: 0.3 * many }, pears: { many }, taste: { said: 'sweet' }, name: { said: 'fruit' } };
};
`,
  'solution/wrong.ts': `export function misconceptions({ boxes }: { boxes: number }) {
  return [
    { id: 'one-box', row: 'apples', values: { many: 6 }, text: 'That is one box.' },
    { id: 'pounds', row: 'apples', values: { weight: 3.3 * boxes }, text: 'That is in pounds.' },
    { id: 'lemon', row: 'taste', values: { said: 'sour' }, text: 'Not a lemon.' },
  ];
}
export const quantities = ({ boxes }: { boxes: number }) => [{ value: boxes, phrase: 'the boxes' }];
export const explanations = () => ({ apples: 'A box is full.' });
`,
  'solution/handout.md': '# All\n\nThere are {{ boxes | count: "box" }}.\n\n{{ table }}\n',
  'solution/reference/fixture.yaml':
    'about: All right.\nreflection: { sweetest: Apples are the sweetest of all. }\n',
  'solution/fixtures/blank/fixture.yaml': 'about: The stub.\npoints: 0\n',
  'solution/fixtures/pears/fixture.yaml': 'about: Only pears.\npoints: 1\n',
  'solution/fixtures/pears/work/fruit.ts': 'export const boxes = { pears: { many: 15 } };\n',
};

/** That course with its generated files. */
let whole: Record<string, string>;
beforeAll(async () => {
  const root = newCourse(course);
  expect((await runInProcess(root, 'generate')).stderr).toBe('');
  whole = Object.fromEntries(
    listFiles(root).map((file) => [file, readFileSync(path.join(root, file), 'utf8')]),
  );
});

/** The faults that npm run check tells after npm run generate, with a part of one file replaced. */
async function faults(file?: string, from: string | RegExp = '', to = ''): Promise<string[]> {
  const files = { ...whole };
  if (file !== undefined) {
    expect(files[file]).toMatch(from);
    files[file] = files[file]?.replace(from, () => to) ?? '';
  }
  const root = newCourse(files);
  await runInProcess(root, 'generate');
  let loaded: Course | undefined;
  const load = () => {
    loaded = loadCourse(root);
    return misnamed(loaded);
  };
  const found = await findingsOf(load);
  for (const find of [outOfDate, telling, fixtures, fairness])
    if (loaded) found.push(...(await findingsOf(() => find(loaded as Course))));
  return found.filter(({ kind }) => kind === 'failed').map(({ text }) => text);
}

test('without a mistake there is nothing to say', async () => {
  expect(await faults()).toEqual([]);
});

const [rubric, derive, wrong, index] = [
  'rubric.yaml',
  'solution/derive.ts',
  'solution/wrong.ts',
  'solution/index.ts',
];

/** The mistake, and the words that an author looks for: what it is, after the place where it is. */
const mistakes: [
  name: string,
  file: string,
  from: string | RegExp,
  to: string,
  place: string,
  says: RegExp,
][] = [
  ['a tab in front of a line', rubric, '  boxes: 3', '\tboxes: 3', 'rubric.yaml:3:1:', /tab/i],
  ['a colon inside a text', rubric, 'title: Fruit', 'title: Fruit: a worksheet', 'rubric.yaml:1:', /quot/],
  ['a bracket that is not closed', rubric, 'rows: [apples]', 'rows: [apples', 'rubric.yaml:2', /\S/],
  [
    'a comma in a label without quotes',
    rubric,
    'label: Apples }',
    'label: Apples, red }',
    'rubric.yaml:9:',
    /red/,
  ],
  ['a setting twice', rubric, 'boxes: 3', 'boxes: 3\n  boxes: 4', 'rubric.yaml:4:3:', /unique/],
  ['an unknown setting', rubric, 'unit: kg', 'units: kg', 'rubric.yaml:13:68:', /write "unit"/],
  ['an unknown setting at the top', rubric, 'vote:', 'votes:', 'rubric.yaml:', /write "vote"/],
  ['no title', rubric, 'title: Fruit\n', '', 'rubric.yaml:1:1:', /"title"/],
  ['half a point', rubric, 'points: 2', 'points: 0.5', 'rubric.yaml:15:5:', /0\.5/],
  [
    'an unknown kind',
    rubric,
    'kind: decimal,',
    'kind: decimel,',
    'rubric.yaml:13:38:',
    /count, integer, decimal/,
  ],
  [
    'a setting of another kind',
    rubric,
    'kind: text }',
    'kind: text, unit: g }',
    'rubric.yaml:23:51:',
    /unit .*text/,
  ],
  ['a decimal without a tolerance', rubric, 'tolerance: 5%, ', '', 'rubric.yaml:13:', /needs tolerance/],
  ['a tolerance of everything', rubric, '5%', '60%', 'rubric.yaml:13:', /at most 50%/],
  ['an option twice', rubric, '[sweet, sour]', '[sweet, sour, Sweet]', 'rubric.yaml:20:', /"Sweet"/],
  ['a row that two tables have', rubric, 'id: name,', 'id: pears,', 'rubric.yaml:21:11:', /"pears" is taken/],
  [
    'a column twice',
    rubric,
    'kind: text }\n',
    'kind: text }\n      - { id: said, label: Again }\n',
    'rubric.yaml:24:11:',
    /"said" is taken/,
  ],
  ['a question twice', rubric, 'id: sourest', 'id: sweetest', 'rubric.yaml:39:9:', /"sweetest" is taken/],
  ['an id that is no name', rubric, 'id: pears,', 'id: my-pears,', 'rubric.yaml:10:11:', /my-pears/],
  [
    'a void cell with a label',
    rubric,
    '{ void: true }',
    '{ void: true, label: Kilos }',
    'rubric.yaml:10:45:',
    /write void alone, /,
  ],
  [
    'a cell of no column',
    rubric,
    'cells: { weight',
    'cells: { wieght',
    'rubric.yaml:10:45:',
    /write "weight"/,
  ],
  ['a question for a cell with a number', rubric, 'in a box?', 'in 3 boxes?', 'rubric.yaml:12:', /number/],
  ['more responses than questions', rubric, 'choose: 1', 'choose: 3', 'rubric.yaml:34:3:', /3/],
  ['one file for both', rubric, 'work/notes.md', 'work/fruit.ts', 'rubric.yaml:33:3:', /file of its own/],
  [
    'a table that repeats one that is not there',
    rubric,
    'repeats: boxes',
    'repeats: boxs',
    'rubric.yaml:25:5:',
    /write "boxes"/,
  ],
  ['a row again that is not there', rubric, 'rows: [apples]', 'rows: [aples]', 'rubric.yaml:26:12:', /aples/],
  ['a size again that is not given', rubric, '{ boxes: 7 }', '{ boxen: 7 }', 'rubric.yaml:27:', /boxen/],
  ['a second table with points', rubric, 'points: 0', 'points: 1', 'rubric.yaml:29:5:', /points/],
  [
    'a law about a row that is not there',
    rubric,
    '= pears.many',
    '= peers.many',
    'rubric.yaml:31:7:',
    /no peers\.many/,
  ],
  [
    'a law about a cell that is not there',
    rubric,
    '= pears.many',
    '= pears.weight',
    'rubric.yaml:31:7:',
    /pears.*weight/,
  ],
  ['a law without an equals sign', rubric, 'many = pears', 'many + pears', 'rubric.yaml:31:7:', /one = /],
  [
    'a law that does not hold',
    derive,
    'pears: { many: 5 * boxes }',
    'pears: { many: 15 }',
    'rubric.yaml:31: the law apples.many = pears.many',
    /pears\b.*many|law/,
  ],
  [
    'a date that there is not',
    rubric,
    'vote:',
    'deadline: { due: 2026-02-30T23:59, timezone: Europe/Paris }\nvote:',
    'rubric.yaml:40:',
    /2026-02-30/,
  ],
  [
    'a time zone that there is not',
    rubric,
    'vote:',
    'deadline: { due: 2026-02-20T23:59, timezone: Europe/Pari }\nvote:',
    'rubric.yaml:40:',
    /Europe\/Pari /,
  ],
  [
    'a vote at the sizes of the worksheet',
    rubric,
    'vote: { boxes: 11 }',
    'vote: { boxes: 3 }',
    'rubric.yaml:40: the vote',
    /vote asks for 15 [\s\S]*which are fair: \{"boxes":/,
  ],
  [
    'a second table at the sizes of the vote',
    rubric,
    '{ boxes: 7 }',
    '{ boxes: 11 }',
    'rubric.yaml:24: the table',
    /again asks for 55 [\s\S]*right in the vote too[\s\S]*which are fair: \{"boxes":/,
  ],
  [
    'a label that tells an answer',
    rubric,
    'label: Pears,',
    'label: 15 pears,',
    'rubric.yaml:10: “',
    /15 pears.*Reword/,
  ],
  ['a missing export', index, "export { measure } from './measure';\n", '', 'solution/index.ts: ', /measure/],
  ['a file that is not there', index, './derive', './derived', 'solution/index.ts:1:', /derived/],
  ['a syntax error', derive, 'return {', 'return {{', 'solution/derive.ts:', /\S/],
  [
    'something that is thrown',
    derive,
    '  return {',
    "  if (boxes > 2) throw new RangeError('at most two boxes');\n  return {",
    'solution/derive.ts:2:',
    /at most two boxes/,
  ],
  ['a name that is not defined', derive, '5 * boxes,', '5 * boxen,', 'solution/derive.ts:3:', /boxen/],
  ['not a number', derive, '5 * boxes,', '0 / 0,', 'solution/', /NaN|null/],
  ['a cell too few', derive, 'many: 5 * boxes, weight', 'weight', 'solution/', /apples\W.*many/],
  ['a row too few', derive, "    taste: { said: 'sweet' },\n", '', 'solution/', /taste/],
  ['a text where a number belongs', derive, '5 * boxes,', "'fifteen',", 'solution/', /"fifteen"/],
  ['an option that there is not', derive, "'sweet'", "'bitter'", 'solution/', /"bitter"/],
  ['derivations that differ', derive, '1.5 * boxes', '2 * boxes', 'solution/', /apples\W.*weight[\s\S]*6/],
  ['a hint with a digit', wrong, 'That is one box.', 'That is 1 box.', 'solution/', /digit|1 box/],
  [
    'a hint with a digit that two rows have',
    wrong,
    /That is in pounds.' },/,
    "Write 1.' },\n    { id: 'pounds', row: 'pears', values: { many: 6 }, text: 'Write 1.' },",
    'solution/index.ts: misconceptions[1].text: ',
    /Write 1/,
  ],
  ['a misconception without a text', wrong, ", text: 'Not a lemon.'", '', 'solution/', /misconceptions/],
  [
    'a misconception about a column that is not there',
    wrong,
    'values: { many: 6 }',
    'values: { mny: 6 }',
    'solution/',
    /mny/,
  ],
  [
    'misconceptions that are no list',
    wrong,
    'return [',
    'return boxes > 0 ? {} : [',
    'solution/',
    /misconceptions.* list/,
  ],
  [
    'a misconception that is right',
    wrong,
    'values: { many: 6 }',
    'values: { many: 5 * boxes }',
    'solution/',
    /one-box .*apples.* right/,
  ],
  ['a quantity without words', wrong, "'the boxes'", "'3'", 'solution/', /quantit/],
  [
    'an explanation that tells another row',
    wrong,
    'A box is full.',
    'Called a fruit.',
    'solution/: “Called a fruit.”',
    /Name/,
  ],
  [
    'a fact that there is not',
    'solution/handout.md',
    '{{ boxes',
    '{{ bokses',
    'solution/handout.md:3:',
    /variable: bokses\.\nKnown facts: /,
  ],
  [
    'a number typed into the handout',
    'solution/handout.md',
    '# All',
    '# All 25',
    'solution/handout.md:1:7:',
    /25 is typed by hand/,
  ],
  [
    'a fixture with other points',
    'solution/fixtures/pears/fixture.yaml',
    'points: 1',
    'points: 2',
    'solution/fixtures/pears/fixture.yaml:2:',
    /gives 1 .* Write points: 1/,
  ],
  [
    'a fixture with an unknown setting',
    'solution/fixtures/pears/fixture.yaml',
    'points: 1',
    'point: 1',
    'solution/fixtures/pears/fixture.yaml:2:',
    /write "points"/,
  ],
];

test.each(mistakes)('%s gives one error, with its place', async (_name, file, from, to, place, says) => {
  const [found = '', ...others] = await faults(file, from, to);
  expect(others).toEqual([]);
  // A file that has faults is quoted below a line that counts them.
  expect(found).toContain(place);
  expect(found).toMatch(says);
  expect(found).not.toMatch(/has [2-9] faults|undefined(?! variable: )|\[object/);
});

test('the stub says the sizes of a table once', () => {
  expect(whole['work/fruit.ts']?.match(/7/g)).toHaveLength(1);
});

test('faults of one file are all told at once', async () => {
  const text = whole['rubric.yaml'] ?? '';
  const both = text.replace('unit: kg', 'units: kg').replace('points: 2', 'points: -2');
  const [found = '', ...others] = await faults('rubric.yaml', text, both);
  expect(others).toEqual([]);
  expect(found).toMatch(/^rubric\.yaml has 2 faults:/);
});
