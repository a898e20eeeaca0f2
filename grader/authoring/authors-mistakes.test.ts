import fc from 'fast-check';
import { type Course, loadCourse } from '../course/course';
import { parseRubric } from '../rubric/load';
import { escapeRegExp } from '../system/lists';
import { casesIn } from '../testing/cases';
import { newCourse, writeFiles } from '../testing/folders';
import { tries } from '../testing/long';
import { atBothSizes, fixtures, foundBy, misnamed, outOfDate, telling } from './check/check';
import { generate } from './generate/generate';

test.each(casesIn('mistakes.txt', 'authoring'))(
  '$name is one fault, with its place and what to write ($section)',
  async ({ section: file, input, outcome }) => {
    const lines = input.split('\n');
    const textOf = (sign: string) =>
      lines
        .flatMap((line) => (line.startsWith(sign) || line.startsWith(' ') ? line.slice(1) : []))
        .join('\n');
    const text = course[file] ?? '';
    expect(text).toContain(textOf('-'));
    const [found = '', ...others] = await faultsIn({ [file]: text.replace(textOf('-'), () => textOf('+')) });
    expect(others).toEqual([]);
    // A file with faults is quoted below a line that counts them.
    const parts = outcome.result.split(' … ').map(escapeRegExp);
    expect(found).toMatch(new RegExp(parts.join('.*'), 's'));
    expect(found).not.toMatch(/has [2-9] faults|undefined(?! variable: )|\[object/);
  },
);

test('every fault of a file is told at once, in its order, with its line and a mark below the place', async () => {
  const { 'rubric.yaml': rubric = '' } = course;
  const text = rubric.replace('Apples }', 'Apples, red }').replace('unit: kg', 'units: kg');
  const [found = '', ...others] = await faultsIn({ 'rubric.yaml': text.replace('points: 2', 'points: two') });
  expect(others).toEqual([]);
  expect(found).toContain(`rubric.yaml has 3 faults:

rubric.yaml:9:23: label ends at the comma; put the label in quotes.
    9 |       - { id: apples, label: Apples, red }
      |                       ^

rubric.yaml:13:`);
  expect(found.match(/(?<=^rubric\.yaml:)\d+/gm)).toEqual(['9', '13', '15']);
});

/** Files that authors write, and in which they may slip. */
const written = [
  'rubric.yaml',
  'solution/handout.md',
  'solution/reference/fixture.yaml',
  'solution/fixtures/words/fixture.yaml',
  'solution/derive.ts',
  'solution/wrong.ts',
];

test.each(written)('whatever slip is in %s has a file and a line, or is none', async (file) => {
  const text = course[file] ?? '';
  const slip = fc.record({ kind: fc.constantFrom(...Object.values(slips)), at: fc.nat(text.length - 1) });
  const isPlaced = fc.asyncProperty(slip, async ({ kind, at }) => {
    const faults = await faultsIn({ [file]: kind(text, at) });
    expect(faults.filter((fault) => !placed.test(fault))).toEqual([]);
  });
  await fc.assert(isPlaced, { numRuns: tries(300, 1.5) });
});

/** A fault with a file and a line, perhaps below a line that counts them. */
const placed = /^(?:\S+ has (?:a fault|\d+ faults):\n\n)?\S+\.\w+:\d+/;

/** Ways to spoil a text at an offset. */
const slips: Readonly<Record<string, (text: string, at: number) => string>> = {
  characterLess: (text, at) => text.slice(0, at) + text.slice(at + 1),
  lineLess: (text, at) => withLine(text, at, () => []),
  lineTwice: (text, at) => withLine(text, at, (line) => [line, line]),
  wordMisspelt: (text, at) =>
    text.slice(0, at) + text.slice(at).replace(/\w(\w)/, (word) => `${word[1]}${word[0]}`),
};

/** Changes the line of a text that contains an offset. */
function withLine(text: string, at: number, change: (line: string) => string[]): string {
  const lines = text.split('\n');
  const index = text.slice(0, at).split('\n').length - 1;
  return lines.flatMap((line, other) => (other === index ? change(line) : [line])).join('\n');
}

/** A course with every kind of answer, laws and a reflection. */
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
ask_again: { boxes: 11 }
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
  'solution/handout.md':
    '# All\n\nThere are {{ boxes | count: "box" }} and {{ boxes | count: "leaf", "leaves" }}.\n\n{{ table }}\n',
  'solution/reference/fixture.yaml':
    'about: All right.\nreflection: { sweetest: Apples are the sweetest of all. }\n',
  'solution/fixtures/blank/fixture.yaml': 'about: The stub.\nright: none\n',
  'solution/fixtures/pears/fixture.yaml': 'about: Only pears.\nright: [pears]\n',
  'solution/fixtures/pears/work/fruit.ts': 'export const boxes = { pears: { many: 15 } };\n',
  'solution/fixtures/words/fixture.yaml': 'about: Only words.\nresponses: [sourest]\n',
  'solution/fixtures/words/work/notes.md':
    '## Which was the sweetest?\n\n## Which was the sourest?\n\nThe lemon.\n',
};

/** The course with its generated files. */
let whole = course;
beforeAll(() => {
  const root = newCourse(course);
  whole = { ...course, ...generate(loadCourse(root, false)).files } as Record<string, string>;
});

/** Runs npm run generate on the course with some files changed, and returns what npm run check then says. */
async function faultsIn(changes: Readonly<Record<string, string>>): Promise<string[]> {
  const files = { ...whole, ...changes };
  const rubric = await foundBy(() => {
    parseRubric(files['rubric.yaml'] ?? '');
    return [];
  });
  if (rubric.length > 0) return rubric.map(({ text }) => text);
  const root = newCourse(files);
  let loaded: Course | undefined;
  const found = await foundBy(() => {
    loaded = loadCourse(root);
    for (const [file, text = ''] of Object.entries(generate(loaded).files))
      writeFiles(root, { [file]: text });
    return misnamed(loaded);
  });
  for (const find of [outOfDate, telling, fixtures, atBothSizes])
    if (loaded) found.push(...(await foundBy(() => find(loaded as Course))));
  return [...new Set(found.filter(({ kind }) => kind === 'fault').map(({ text }) => text))];
}
