import path from 'node:path';
import { type Course, loadCourse } from '../course';
import { loadRubric, parseRubric } from '../rubric/load';
import { newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { fairness, findingsOf, fixtures, misnamed, outOfDate, telling } from './check/check';
import { generate } from './generate/generate';

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
let whole = course;
beforeAll(() => {
  const root = newCourse(course);
  whole = { ...course, ...generate(loadCourse(root, false)).files } as Record<string, string>;
});

/** What npm run check says after npm run generate about the course with some files changed. */
async function faultsIn(changes: Readonly<Record<string, string>>): Promise<string[]> {
  const files = { ...whole, ...changes };
  const rubric = await findingsOf(() => {
    parseRubric(files['rubric.yaml'] ?? '');
    return [];
  });
  if (rubric.length > 0) return rubric.map(({ text }) => text);
  const root = newCourse(files);
  let loaded: Course | undefined;
  const found = await findingsOf(() => {
    loaded = loadCourse(root);
    return misnamed(loaded);
  });
  await findingsOf(() => {
    for (const [file, text = ''] of Object.entries(loaded ? generate(loaded).files : {}))
      writeFiles(root, { [file]: text });
    return [];
  });
  for (const find of [outOfDate, telling, fixtures, fairness])
    if (loaded) found.push(...(await findingsOf(() => find(loaded as Course))));
  return found.filter(({ kind }) => kind === 'failed').map(({ text }) => text);
}

/**
 * What is wrong | the text in the file | what an author wrote there | where the error is | what it says. `…` stands for
 * other words, and \n for the end of a line.
 */
const mistakes = String.raw`
# rubric.yaml
a tab in front of a line | given:\n  boxes | given:\n\tboxes | 3:1 | Tabs
a colon inside a text | title: Fruit | title: Fruit: a worksheet | 1: | quotation marks
a bracket that is not closed | [apples] | [apples | 2 | bracket
a comma in a label without quotes | Apples } | Apples, red } | 9:23 | label ends at the comma; put the label in quotes
a setting twice | boxes: 3 | boxes: 3\n  boxes: 4 | 4:3 | unique
an unknown setting | unit: kg | units: kg | 13:68 | knows no "units"; write "unit"
no title | title: Fruit\n |  | 1:1 | has no "title"; add it
a table without a name | export: words\n    points | points | 14:5 | entry 2 of tables has no "export"
negative points | points: 2 | points: -2 | 15:5 | points is -2; write a whole number of points, 0 or more
a list where a group should be | given:\n  boxes: 3 | given: [3] | 2:1 | given is [3]; write what the worksheet states
a path that leads out | work/fruit.ts | ../fruit.ts | 4:1 | file is "../fruit.ts"
a self-check that there is not | file: work/fruit | self_check: 3\nfile: work/fruit | 4:1 | self_check is 3; write scored
an alias without its anchor | Apples } | Apples, cells: *none } | 9:38 | cells is null
an unknown kind | decimal, | decimel, | 13:38 | count, integer, decimal
a setting of another kind | kind: text } | kind: text, unit: g } | 23:51 | unit is not a setting of text
a decimal without a tolerance | tolerance: 5%, |  | 13: | decimal needs tolerance
a tolerance of everything | 5% | 60% | 13: | at most 50%
an option twice | sour] | sour, Sweet] | 20: | "Sweet"
an id that is no name | id: pears, | id: my-pears, | 10:11 | id is "my-pears"; write a short name
a row that two tables have | id: name, | id: pears, | 21:11 | The id "pears" is taken already
a column twice | kind: text }\n | kind: text }\n      - { id: said, label: B }\n | 24:11 | "said" is taken
a question twice | id: sourest | id: sweetest | 39:9 | "sweetest" is taken
a question with the words of another | the sourest? | the sweetest! | 39:22 | label "Which was the sweetest!" is taken
a dispute that is a question | choose: 1 | dispute: Which was the sourest?\n  choose: 1 | 34:3 | is a question already
more responses than questions | choose: 1 | choose: 3 | 34:3 | choose is 3, but there are 2 questions
one file for both | work/notes.md | work/fruit.ts | 33:3 | needs a file of its own
a question about a cell with a number | in a box? | in 3 boxes? | 12: | on one line without numbers
a row without a cell | Apples } | Apples, cells: { many: { void: true }, weight: { void: true } } } | 9:9 | Every cell of this row is void
a void cell with a label | { void: true } | { void: true, label: Kilos } | 10:45 | write void alone
a cell of no column | cells: { weight | cells: { wieght | 10:45 | no wieght in columns; write "weight"
a table that repeats one that is not there | repeats: boxes | repeats: boxs | 25:5 | no boxs in tables; write "boxes"
a table that repeats, misspelt | - export: again | - { export: b, points: 0, repeat: boxes }\n  - export: again | 24:29 | knows no "repeat"; write "repeats"
a table without columns | - export: again | - { export: b, points: 0, rows: [{ id: a, label: A }] }\n  - export: again | 24:5 | entry 3 of tables has no "columns"
a table after the one that is marked late | laws: |   - { export: b, repeats: boxes, points: 0 }\nlaws: | 28:5 | Only the last table
a row again that is not there | [apples] | [aples] | 26:12 | no aples in boxes
a row again that is written out | [apples] | [{ id: apples, label: A }] | 26:12 | write the id of one of the rows
a row again twice | [apples] | [apples, apples] | 26:5 | each once
a size again that is not given | boxes: 7 | boxen: 7 | 27: | no boxen in given
a size of the vote that is not given | vote: { boxes | vote: { boxen | 40:9 | no boxen in given
points for what is marked late | points: 0 | points: 1 | 29:5 | write points: 0
a law about a row that is not there | = pears.many | = peers.many | 31:7 | there is no peers.many with whole … the rows are apples, pears
a law about a cell without a whole number | = pears.many | = apples.weight | 31:7 | there is no apples.weight with
a law about a number | = pears.many | = 7 | 31:7 | there is no 7 with
a law about a product | = pears.many | = 2 * pears.many | 31:7 | there is no 2 * pears.many with
a law about a row and a cell | apples.many = | apples = | 31:7 | there is no apples with
a law about the same twice | = pears.many | = pears.many + apples.many | 31:7 | names something twice
a law without an equals sign | many = pears | many + pears | 31:7 | two sides with one =
a law with a number in its reason | as many of both | 5 of both | 31: | without numbers
a date that there is not | vote: | deadline: { due: 2026-02-30T23:59Z, timezone: UTC }\nvote: | 40:13 | due is 2026-02-30T23:59Z, a date that does not exist
a deadline in no time zone | vote: | deadline: { due: 2026-12-01T23:59 }\nvote: | 40:1 | deadline has no "timezone"; add it
a time zone that there is not | vote: | deadline: { due: 2026-12-01T23:59, timezone: New York, late: { until: 2026-12-08T23:59 } }\nvote: | 40:36 | New York is no time zone … such as America/New_York
late work that ends early | vote: | deadline: { due: 2026-12-02T23:59Z, late: { until: 2026-12-01T23:59Z }, timezone: UTC }\nvote: | 40:45 | until is earlier than due
late work that costs more than all | vote: | deadline: { due: 2026-12-02T23:59Z, late: { per_day: 150% }, timezone: UTC }\nvote: | 40:45 | per_day is "150%"; write whole points, or percent
answers told while work still counts | vote: | solution: after_due\ndeadline: { due: 2026-12-01T23:59Z, timezone: UTC }\nvote: | 40:1 | write until under late
a vote at the sizes of the worksheet | { boxes: 11 } | { boxes: 3 } | 40: | the vote asks for 15 … which are fair: {"boxes":
a second table at the sizes of the vote | { boxes: 7 } | { boxes: 11 } | 24: | the table again asks for 55 … right in the vote too … fair: {"boxes":
a label that tells an answer | label: Pears, | label: 15 pears, | 10: | “15 pears … Reword it
# solution/index.ts
a missing export | { measure } | { measure as other } |  | it does not export measure(given)
a file that is not there | ./derive | ./derived | 1: | derived
# solution/derive.ts
a syntax error | return { | return {{ | 2: | it cannot be loaded
something that is thrown | return { | if (boxes > 2) throw new RangeError('at most two'); return { | 2: | at most two
a name that is not defined | 5 * boxes, | 5 * boxen, | 3: | boxen
not a number | 5 * boxes, | 0 / 0, | solution/ | derive.apples.many: expected … NaN
a cell too few | many: 5 * boxes, weight | weight | solution/ | derive.apples.many: expected … found nothing
a row too few | taste: { said: 'sweet' }, |  | solution/ | derive.taste.said
a text where a number belongs | 5 * boxes, | 'fifteen', | solution/ | "fifteen"
an option that there is not | 'sweet' | 'bitter' | solution/ | "bitter"
two derivations that differ | 1.5 * boxes | 2 * boxes | solution/ | derive.apples.weight is 6, and measure.apples.weight
a law that does not hold | pears: { many: 5 * boxes } | pears: { many: 15 } | rubric.yaml:31: | the law apples.many = pears.many does not hold
# solution/wrong.ts
a hint with a digit | That is one box. | That is 1 box. | solution/ | misconceptions[0].text: expected … That is 1 box
a hint with a digit that two rows have | in pounds.' }, | 1.' }, { id: 'pounds', row: 'pears', values: { many: 6 }, text: 'That is 1.' }, | solution/ | misconceptions[1].text
a misconception without a text | , text: 'Not a lemon.' |  | solution/ | misconceptions[2].text
a misconception about a column that is not there | { many: 6 } | { mny: 6 } | solution/ | mny
misconceptions that are no list | return [ | return boxes > 0 ? {} : [ | solution/ | misconceptions: expected a list
a misconception that is right | { many: 6 } | { many: 5 * boxes } | solution/ | one-box of row apples (many) counts as right
a quantity without words | 'the boxes' | '3' | solution/ | quantities[0].phrase
an explanation of no row | ({ apples: | ({ plums: | solution/ | explanations: expected only rows that derive gives
an explanation that tells another row | A box is full. | Called a fruit. | solution/: “Called a fruit.” | Name
# solution/handout.md
a fact that there is not | {{ boxes | {{ bokses | 3: | undefined variable: bokses.\nKnown facts:
a number typed into the handout | # All | # All 25 | 1:7 | 25 is typed by hand
# solution/fixtures/pears/fixture.yaml
a fixture with other points | points: 1 | points: 2 | 2: | gives 1 of 8 points, and not 2. Correct its files
a fixture without a word on it | about: Only pears.\n |  | 1:1 | has no "about"
`;

/** The cases of the table, each with the file that its mistake is in. */
const cases = mistakes.split(/^# /m).flatMap((part) => {
  const [file = '', ...lines] = part.trim().split('\n');
  return lines.map((line) => {
    const fields = line.split(' | ').map((field) => field.replaceAll('\\n', '\n').replaceAll('\\t', '\t'));
    const [name = '', from = '', to = '', at = '', says = ''] = fields;
    const place = /^\d|^$/.test(at) ? `${file}:${at}` : at;
    return { name, file, from, to, place, says: says.split(' … ') };
  });
});

test.each(cases)('$name is one fault, with its place and what to write', async (mistake) => {
  const { file, from, to, place, says } = mistake;
  const text = course[file] ?? '';
  expect(text).toContain(from);
  const [found = '', ...others] = await faultsIn({ [file]: text.replace(from, () => to) });
  expect(others).toEqual([]);
  // A file that has faults is quoted below a line that counts them.
  let at = found.indexOf(place);
  for (const part of says) at = at < 0 ? at : found.indexOf(part, at);
  expect(at < 0 ? found : '').toBe('');
  expect(found).not.toMatch(/has [2-9] faults|undefined(?! variable: )|\[object/);
});

test('without a mistake there is nothing to say', async () => {
  expect(await faultsIn({})).toEqual([]);
});

const rubric = course['rubric.yaml'] ?? '';

test('every fault of a file is told at once, in its order, with its line and a mark below the place', async () => {
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

test.each([
  ['nothing at all', ''],
  ['a lone word', 'hello'],
  ['a torn bracket', 'title: [a'],
])('%s is no rubric, and says so', (_name, text) => {
  expect(() => parseRubric(text)).toThrow(/^rubric\.yaml has (a fault|\d+ faults):\n\nrubric\.yaml:1:\d+: /);
});

test('where there is no rubric, the file that was looked for is named', () => {
  const folder = newFolder();
  expect(() => loadRubric(folder)).toThrow(path.join(folder, 'rubric.yaml'));
});
