import { type Course, loadCourse } from '../course/course';
import { parseRubric } from '../rubric/load';
import { newCourse, removeFolders, writeFiles } from '../testing/folders';
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
  'solution/handout.md':
    '# All\n\nThere are {{ boxes | count: "box" }} and {{ boxes | count: "leaf", "leaves" }}.\n\n{{ table }}\n',
  'solution/reference/fixture.yaml':
    'about: All right.\nreflection: { sweetest: Apples are the sweetest of all. }\n',
  'solution/fixtures/blank/fixture.yaml': 'about: The stub.\nright: none\n',
  'solution/fixtures/pears/fixture.yaml': 'about: Only pears.\nright: [pears]\n',
  'solution/fixtures/pears/work/fruit.ts': 'export const boxes = { pears: { many: 15 } };\n',
};

/** That course with its generated files. */
let whole = course;
beforeAll(() => {
  const root = newCourse(course);
  whole = { ...course, ...generate(loadCourse(root, false)).files } as Record<string, string>;
});

/** Runs npm run generate on the course with some files changed, and returns what npm run check then says. */
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
    for (const [file, text = ''] of Object.entries(generate(loaded).files))
      writeFiles(root, { [file]: text });
    return misnamed(loaded);
  });
  for (const find of [outOfDate, telling, fixtures, fairness])
    if (loaded) found.push(...(await findingsOf(() => find(loaded as Course))));
  return [...new Set(found.filter(({ kind }) => kind === 'failed').map(({ text }) => text))];
}

/**
 * The mistake | the text in the file | what an author wrote there | where the error is | what it says. `…` stands for
 * other words, and \n for the end of a line.
 */
const mistakes = String.raw`
# rubric.yaml
a merge that is not done | title: Fruit | <<<<<<< HEAD\ntitle: Fruit\n=======\ntitle: Fruits\n>>>>>>> other | 1: | Git left two versions here
a tab in front of a line | given:\n  boxes | given:\n\tboxes | 3:1 | Tabs
a colon inside a text | title: Fruit | title: Fruit: a worksheet | 1: | quotation marks
a bracket that is not closed | [apples] | [apples | 2 | bracket
a comma in a label without quotes | Apples } | Apples, red } | 9:23 | label ends at the comma; put the label in quotes
an unknown setting | unit: kg | units: kg | 13:68 | knows no "units"; write "unit"
a table without a name | export: words\n    points | points | 14:5 | entry 2 of tables has no "export"
negative points | points: 2 | points: -2 | 15:5 | points is -2; write a whole number of points, 0 or more
a path that leads out | work/fruit.ts | ../fruit.ts | 4:1 | file is "../fruit.ts"
an unknown kind | decimal, | decimel, | 13:38 | count, integer, decimal
a setting of another kind | kind: text } | kind: text, unit: g } | 23:51 | unit is not a setting of text
a decimal without a tolerance | tolerance: 5%, |  | 13: | decimal needs tolerance
an option twice | sour] | sour, Sweet] | 20: | "Sweet"
an id that is no name | id: pears, | id: my-pears, | 10:11 | id is "my-pears"; write a short name
a row that two tables have | id: name, | id: pears, | 21:11 | The id "pears" is taken already
a question twice | id: sourest | id: sweetest | 39:9 | "sweetest" is taken
more responses than questions | choose: 1 | choose: 3 | 34:3 | choose is 3, but there are 2 questions
one file for both | work/notes.md | work/fruit.ts | 33:3 | needs a file of its own
a question about a cell with a number | in a box? | in 3 boxes? | 12: | on one line without numbers
a void cell with a label | { void: true } | { void: true, label: Kilos } | 10:45 | write void alone
a table that repeats one that is not there | repeats: boxes | repeats: boxs | 25:5 | no boxs in tables; write "boxes"
a table after the one that is marked late | laws: |   - { export: b, repeats: boxes, points: 0 }\nlaws: | 28:5 | Only the last table
a row again that is not there | [apples] | [aples] | 26:12 | no aples in boxes
a size that is misspelt where it is given | boxes: 3 | boxen: 3 | 2: | no boxes in given
a size again that is not given | boxes: 7 | boxen: 7 | 27: | no boxen in given
points for what is marked late | points: 0 | points: 1 | 29:5 | write points: 0
a law about a row that is not there | = pears.many | = peers.many | 31:7 | there is no peers.many with whole … the rows are apples, pears
a law about the same twice | = pears.many | = pears.many + apples.many | 31:7 | names something twice
a law with a number in its reason | as many of both | 5 of both | 31: | without numbers
a date that there is not | vote: | deadline: { due: 2026-02-30T23:59Z, timezone: UTC }\nvote: | 40:13 | due is 2026-02-30T23:59Z, a date that does not exist
a time zone that there is not | vote: | deadline: { due: 2026-12-01T23:59, timezone: New York, late: { until: 2026-12-08T23:59 } }\nvote: | 40:36 | New York is no time zone … such as America/New_York
late work that ends early | vote: | deadline: { due: 2026-12-02T23:59Z, late: { until: 2026-12-01T23:59Z }, timezone: UTC }\nvote: | 40:45 | until is earlier than due
answers told while work still counts | vote: | solution: after_due\ndeadline: { due: 2026-12-01T23:59Z, timezone: UTC }\nvote: | 40:1 | write until under late
a vote at the sizes of the worksheet | { boxes: 11 } | { boxes: 3 } | 40: | the vote asks for 15 … which are fair: {"boxes":
a second table at the sizes of the vote | { boxes: 7 } | { boxes: 11 } | 24: | the table again asks for 55 … right in the vote too … fair: {"boxes":
a label that tells an answer | label: Pears, | label: 15 pears, | 10: | “15 pears … Reword it
# solution/index.ts
a misspelt export | misconceptions, quantities | misconceptions, quantities as quantites |  | it exports quantites. Write quantities
a missing export | { measure } | { measure as other } |  | it does not export measure(given)
# solution/derive.ts
a syntax error | return { | return {{ | 2: | it cannot be loaded
something that is thrown | return { | if (boxes > 2) throw new RangeError('at most two'); return { | 2: | at most two
a name that is not defined | 5 * boxes, | 5 * boxen, | 3: | boxen
a function that has to be waited for | export function | export async function | solution/index.ts | derive gives a Promise. Write it without async
a cell too few | many: 5 * boxes, weight | weight | solution/ | derive.apples.many: expected … found nothing
a text where a number belongs | 5 * boxes, | 'fifteen', | solution/ | "fifteen"
two derivations that differ | 1.5 * boxes | 2 * boxes | solution/ | derive.apples.weight is 6, and measure.apples.weight
a law that does not hold | pears: { many: 5 * boxes } | pears: { many: 15 } | rubric.yaml:31: | the law apples.many = pears.many does not hold
# solution/wrong.ts
a hint with a digit | in pounds. | in 2 pounds. | solution/wrong.ts:4: | misconceptions[1].text of pounds: expected … That is in 2 pounds
a misconception about a column that is not there | { many: 6 } | { mny: 6 } | solution/wrong.ts:3: | misconceptions[0].values of one-box … mny
a misconception of another kind | { many: 6 } | { many: 6.5 } | solution/wrong.ts:3: | misconceptions[0].values.many of one-box
a misconception that is right | { many: 6 } | { many: 5 * boxes } | solution/ | one-box of row apples (many) counts as right
an explanation that tells another row | A box is full. | Called a fruit. | solution/: “Called a fruit.” | Name
a value in place of a function | quantities = ({ boxes }: { boxes: number }) => [{ value: boxes, phrase: 'the boxes' }] | quantities = [{ value: 3, phrase: 'the boxes' }] | solution/ | quantities is no function
# solution/handout.md
a fact that there is not | {{ boxes | {{ bokses | 3: | undefined variable: bokses.\nKnown facts:
a merge that is not done | # All | <<<<<<< HEAD\n# All\n=======\n# Most\n>>>>>>> other | 1: | Git left two versions here
a number typed into the handout | # All | # All 25 | 1:7 | 25 is typed by hand
# solution/fixtures/pears/fixture.yaml
a cell of the last table that is not as a fixture says | [pears] | [pears, again.apples.many] | solution/fixtures/pears/fixture.yaml | again.apples.many is under right, and
a fixture that is not as it says | [pears] | [pears, apples.many] | solution/fixtures/pears/fixture.yaml | apples.many is under right, and blank
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
