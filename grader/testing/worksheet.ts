import { parse } from 'yaml';
import { worksheetFiles } from '../course/stub';
import type { Solution } from '../key/solution';
import type { RubricFile } from '../rubric/file.schema';
import { type RubricTable, rubricOf } from '../rubric/rubric';

/**
 * An invented worksheet with two rows, for the grader's own tests. It shares no name and no number with any real one,
 * so a test that passes with it shows that none is hard-coded in the grader.
 */
export const rubricYaml = `title: Fruit in boxes
given:
  apples: 7
  brand: Sunny
file: work/boxes.ts
tables:
- export: boxes
  points: 1
  rows:
    - { id: basket, label: Basket of fruit }
    - { id: crate, label: Crate }
  columns:
    - { id: down, label: Down, ask: How many lie below each other? }
    - { id: across, label: Across }
reflection:
  file: work/notes.md
  choose: 2
  points: 3
  intro: |
    Notes
    Pick two.
  questions:
    - { id: sweetest, label: Which fruit was the sweetest? }
    - { id: sourest, label: Which fruit was the sourest? }
    - { id: wish, label: What do you wish for tomorrow? }
`;

/** Not validated: the loader's tests do that, and it takes longer than most tests. */
export const rubricIn = (yaml: string) => rubricOf(parse(yaml) as RubricFile);
export const rubric = rubricIn(rubricYaml);

/** The worksheet's only table. */
export const [table] = rubric.tables as [RubricTable];

const cells = (down: number, across: number) => [
  { id: 'down', value: down },
  { id: 'across', value: across },
];
const onlyOneKind = 'Only one kind lies in a basket.';

/** basket is 7 down and 11 across, crate 7 down and 13 across. */
export const solution: Solution = {
  expected: [
    { id: 'basket', cells: cells(7, 11) },
    { id: 'crate', cells: cells(7, 13) },
  ],
  misconceptions: [
    { id: 'transposed', row: 'basket', values: { down: 11, across: 7 }, text: 'Turn it round.' },
    { id: 'transposed', row: 'crate', values: { down: 13, across: 7 }, text: 'Turn it round.' },
    { id: 'all-fruit', row: 'basket', values: { down: 7, across: 24 }, text: onlyOneKind },
    { id: 'peeled', row: 'crate', values: { down: 5, across: 24 }, text: 'Nothing was peeled.' },
    { id: 'sliced', row: 'crate', values: { down: 5, across: 24 }, text: 'Nothing was sliced.' },
    { id: 'peeled', row: 'crate', values: { across: 99 }, text: 'Nothing was peeled.' },
  ],
  quantities: [
    { value: 7, phrase: 'how many apples there are' },
    { value: 70, phrase: 'how many seeds an apple has' },
    { value: 70, phrase: 'how many leaves a twig has' },
  ],
  explanations: { crate: 'A crate holds what the basket holds, and a little more. So it is wider.' },
  handoutFacts: {},
};

/** The text of an answers file, with each row written as given. */
export function answersOf(basket: string, crate: string): string {
  return `export const boxes = {\n  basket: ${basket},\n  crate: ${crate},\n};\n`;
}

/** The right answers, with something else in the first cell. */
export const withCell = (written: string) =>
  answersOf(`{ down: ${written}, across: 11 }`, '{ down: 7, across: 13 }');

export const blankAnswers = answersOf('{ down: null, across: null }', '{ down: null, across: null }');
export const rightAnswers = answersOf('{ down: 7, across: 11 }', '{ down: 7, across: 13 }');

/** One cell is wrong: 9 of 10 points with two responses, 6 with one. */
export const partly = answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }');

/** The text of a reflection file, with responses under the questions in order. */
export function notesOf(...responses: string[]): string {
  const { questions = [] } = rubric.reflection ?? {};
  const sections = questions.map(
    ({ label }, index) => `## ${index + 1}. ${label}\n\n${responses[index] ?? ''}`,
  );
  return `${['# Notes', 'Pick two.', ...sections].join('\n\n').trimEnd()}\n`;
}

const disputeLabel = 'Is something marked wrong that you think is right?';
/** Adds a place for disputes to a rubric.yaml. */
export const disputable = (yaml: string) =>
  yaml.replace('  choose: 2', `  dispute: ${disputeLabel}\n  choose: 2`);
export const disputableYaml = disputable(rubricYaml);

/** The text of a reflection file with a dispute below its responses. */
export const disputing = (dispute: string, ...responses: string[]) =>
  `${notesOf(...responses)}\n## ${disputeLabel}\n\n${dispute}\n`;

/** A course with this worksheet, for `newCourse`. Its two derivations agree. */
export const courseFiles: Readonly<Record<string, string>> = {
  'rubric.yaml': rubricYaml,
  'solution/index.ts': `
    const table = { basket: { down: 7, across: 11 }, crate: { down: 7, across: 13 } };
    export const derive = () => table;
    export const measure = () => table;
    export const quantities = () => ${JSON.stringify(solution.quantities)};
    export const explanations = () => (${JSON.stringify(solution.explanations)});
    export const misconceptions = () => ${JSON.stringify(solution.misconceptions)};
    export const handoutFacts = () => ({ juicy: true });
  `,
  'work/boxes.ts': blankAnswers,
  'work/notes.md': notesOf(),
};

const template = `# {{ title }}

There are **{{ apples | count: 'apple' }}** of the brand **{{ brand }}**. Fill in [your boxes]({{ answers.link }} "here") and
[your notes]({{ reflection.link }}).

{{ table }}

**{{ cells | count: 'cell' }}** and **{{ responses | count: 'response' }}** make **{{ possible | count: 'point' }}**.
{% for question in questions %}
{{ forloop.index }}. {{ question.label }}
{%- endfor %}
`;

const handout = `# Fruit in boxes

There are **7 apples** of the brand **Sunny**. Fill in [your boxes](../work/boxes.ts "here") and
[your notes](../work/notes.md).

|  | Down | Across |
| :--- | ---: | ---: |
| Basket of fruit |  |  |
| Crate |  |  |

**4 cells** and **2 responses** make **10 points**.

1. Which fruit was the sweetest?
2. Which fruit was the sourest?
3. What do you wish for tomorrow?
`;

const workflow = `name: Autograding Tests
on: push
permissions:
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    steps:
      - id: grade
        run: npm run autograde
`;

/** The course with everything that a release needs. It passes every check. */
export const wholeCourse: Readonly<Record<string, string>> = {
  ...courseFiles,
  '.github/workflows/classroom.yml': workflow,
  'solution/handout.md': template,
  'assignment/README.md': handout,
  ...worksheetFiles(rubric),
  'solution/reference/fixture.yaml':
    "about: All right.\nreflection: { sweetest: 'Pears, and why they are sweet.', sourest: 'Lemons, of course.' }\n",
  'solution/reference/work/boxes.ts': rightAnswers,
  'solution/reference/work/notes.md': notesOf('Pears, and why they are sweet.', 'Lemons, of course.'),
  'solution/fixtures/blank/fixture.yaml': 'about: The stub.\nright: none\n',
  'solution/fixtures/blank/work/boxes.ts': worksheetFiles(rubric)['work/boxes.ts'] ?? '',
  'solution/fixtures/blank/work/notes.md': notesOf(),
};
