import { GraderError } from '../error';
import { newFolder, removeFolders } from '../testing/folders';
import { rubric, rubricYaml, table } from '../testing/worksheet';
import { loadRubric, parseRubric } from './load';
import { cellsOf, rowsOf } from './rubric';

afterAll(removeFolders);

function faultsOf(text: string): string {
  try {
    parseRubric(text);
  } catch (error) {
    if (error instanceof GraderError) return error.message;
    throw error;
  }
  throw new Error('the rubric was taken as it is');
}

test('a good rubric gives its rows, columns, cells and questions in order', () => {
  const count = { kind: 'count', settings: {} };
  expect(table.rows).toEqual([
    {
      id: 'basket',
      label: 'Basket of fruit',
      cells: [
        {
          id: 'down',
          label: 'Basket of fruit · down',
          points: 1,
          guidingQuestion: 'How many lie below each other?',
          ...count,
        },
        { id: 'across', label: 'Basket of fruit · across', points: 1, ...count },
      ],
    },
    {
      id: 'crate',
      label: 'Crate',
      cells: [
        {
          id: 'down',
          label: 'Crate · down',
          points: 1,
          guidingQuestion: 'How many lie below each other?',
          ...count,
        },
        { id: 'across', label: 'Crate · across', points: 1, ...count },
      ],
    },
  ]);
  expect(rubric.given).toEqual({ apples: 7, brand: 'Sunny' });
  expect(rubric.reflection?.questions.map(({ id }) => id)).toEqual(['sweetest', 'sourest', 'wish']);
});

test('a row may give its cells other points than the rest', () => {
  const changed = rubricYaml
    .replace('{ id: crate,', '{ id: crate, points: 5,')
    .replace('possible: 10', 'possible: 18');
  expect(cellsOf({ rows: rowsOf(parseRubric(changed)) }).map(({ points }) => points)).toEqual([1, 1, 5, 5]);
});

test('a reflection may be worth nothing, and may be left out', () => {
  expect(
    parseRubric(rubricYaml.replace('points: 3', 'points: 0').replace('possible: 10', 'possible: 4')).possible,
  ).toBe(4);
  const without = `${rubricYaml.slice(0, rubricYaml.indexOf('reflection:'))}possible: 4\n`;
  expect(parseRubric(without).reflection).toBeUndefined();
});

test('what only the instructor needs may be left out, and does not change the digest', () => {
  const without = parseRubric(rubricYaml.replace(/^given:\n(?: {2}.*\n)+/m, ''));
  expect(without).toEqual({ ...rubric, given: {} });
  const form = parseRubric(`self_check: form\n${rubricYaml}`);
  expect(form).toEqual({ ...rubric, selfCheck: 'form' });
});

test('comments and spacing do not change the digest, and points do', () => {
  expect(parseRubric(`# a comment\n\n${rubricYaml}`).digest).toBe(rubric.digest);
  expect(
    parseRubric(rubricYaml.replaceAll('points: 1', 'points: 2').replace('possible: 10', 'possible: 14'))
      .digest,
  ).not.toBe(rubric.digest);
});

const faults: [name: string, from: string, to: string, at: string, says: string][] = [
  [
    'negative points',
    'points: 1',
    'points: -1',
    '8:11',
    'points of entry 1 in tables is -1; write a whole number of points, 0 or more.',
  ],
  ['fractional points', 'points: 3', 'points: 1.5', '18:11', 'reflection.points is 1.5'],
  ['points in quotes', 'points: 1', 'points: "1"', '8:11', 'points of entry 1 in tables is "1"'],
  ['an unknown key', 'title:', 'titel:', '1:1', 'knows no "titel"; write "title".'],
  [
    'a missing key',
    '- export: boxes\n  points',
    '- points',
    '7:3',
    'entry 1 in tables has no "export"; add it.',
  ],
  ['an id that occurs twice', 'id: crate', 'id: basket', '11:13', 'The id "basket" is taken already'],
  [
    'an id that is no name',
    'id: crate',
    'id: 2crate',
    '11:13',
    'id of entry 2 in rows of entry 1 in tables is "2crate"',
  ],
  [
    'a sum that does not hold',
    'possible: 10',
    'possible: 11',
    '27:11',
    'all points add up to 10; write 10, or leave it out.',
  ],
  ['more to choose than there is', 'choose: 2', 'choose: 4', '17:11', 'there are 3 questions'],
  ['a path that leads out', 'file: work/boxes.ts', 'file: ../boxes.ts', '5:7', 'file is "../boxes.ts"'],
  ['one file for both', 'file: work/notes.md', 'file: work/boxes.ts', '16:9', 'needs a file of its own'],
  [
    'a self-check that there is not',
    'title: Fruit in boxes',
    'self_check: score\ntitle: Fruit in boxes',
    '1:13',
    'self_check is "score"; write "scored".',
  ],
  [
    'a key that occurs twice',
    'title: Fruit in boxes',
    'title: A\ntitle: B',
    '2:1',
    'Map keys must be unique.',
  ],
  [
    'a number in a question that wrong cells are asked',
    'ask: How many lie below each other?',
    'ask: Are there 7?',
    '13:37',
    'ask holds a number',
  ],
  [
    'a deadline without its offset',
    'possible: 10',
    'deadline: { due: 2026-12-01T23:59 }\npossible: 10',
    '27:18',
    'write timezone under deadline, or an offset such as -05:00',
  ],
  [
    'a deadline that the calendar does not have',
    'possible: 10',
    'deadline: { due: 2026-13-01T23:59Z }\npossible: 10',
    '27:18',
    'a date that does not exist',
  ],
  [
    'a deadline on a day that its month does not have',
    'possible: 10',
    'deadline: { due: 2026-11-31T23:59Z }\npossible: 10',
    '27:18',
    'due is 2026-11-31T23:59Z, a date that does not exist',
  ],
  [
    'a question with the words of another',
    'label: Which fruit was the sourest?',
    'label: "Which fruit was the sweetest!"',
    '25:29',
    'has the same words as question 1',
  ],
  [
    'a cutoff before the deadline',
    'possible: 10',
    'deadline: { due: 2026-12-02T23:59Z, late: { until: 2026-12-01T23:59Z } }\npossible: 10',
    '27:52',
    'until is earlier than due',
  ],
  [
    'a list where a group should be',
    'given:\n  apples: 7\n  brand: Sunny',
    'given: [7]',
    '2:8',
    'given is [7]; write what the worksheet states, by name.',
  ],
];

test.each(faults)(
  '%s is shown with its place, what was found and what to write',
  (_name, from, to, at, says) => {
    expect(rubricYaml).toContain(from);
    const message = faultsOf(rubricYaml.replace(from, to));
    const [line] = at.split(':');
    expect(message).toContain(`rubric.yaml:${at}: `);
    expect(message).toContain(says);
    expect(message).toContain(`${line} | ${rubricYaml.replace(from, to).split('\n')[Number(line) - 1]}`);
  },
);

test('every fault is told at once, in the order of the file', () => {
  const message = faultsOf(
    rubricYaml
      .replace('points: 1', 'points: -1')
      .replace('choose: 2', 'choose: no')
      .replace('label: Crate', 'lable: Crate'),
  );
  const places = [...message.matchAll(/^rubric\.yaml:(\d+)/gm)].map((match) => Number(match[1]));
  expect(places).toEqual([8, 11, 11, 17]);
});

test('aliases that multiply are refused before they grow', () => {
  const bomb = `a: &a [x, x, x, x]\nb: &b [${'*a, '.repeat(9)}]\nc: &c [${'*b, '.repeat(9)}]\nd: [${'*c, '.repeat(9)}]\n`;
  expect(faultsOf(bomb)).toContain('This alias (*) leads to others too many times');
});

test.each([
  ['nothing at all', ''],
  ['a lone word', 'hello'],
  ['a torn bracket', 'title: [a'],
])('%s is no rubric, and says so', (_name, text) => {
  expect(faultsOf(text)).toMatch(/^rubric\.yaml has (a fault|\d+ faults):\n\nrubric\.yaml:1:\d+: /);
});

test('a missing rubric names the file that was looked for', () => {
  expect(() => loadRubric(newFolder())).toThrow(expect.objectContaining({ code: 'rubric-unreadable' }));
});

test.each([
  [
    'boxen',
    '{ apples: 12 }',
    '[basket]',
    'marks: complete, points: 0',
    'There is no table boxen; write "boxes".',
  ],
  ['boxes', '{ pears: 12 }', '[basket]', 'marks: complete, points: 0', 'There is no pears in given'],
  ['boxes', '{ apples: 12 }', '[barrel]', 'marks: complete, points: 0', 'There is no barrel in boxes'],
  [
    'boxes',
    '{ apples: 12 }',
    '[{ id: basket, label: B }]',
    'marks: complete, points: 0',
    'write the id of one of its rows alone',
  ],
  [
    'boxes',
    '{ apples: 12 }',
    '[basket, basket]',
    'marks: complete, points: 0',
    'The id "basket" is taken already',
  ],
  ['boxes', '{ apples: 12 }', '[basket]', 'marks: complete, points: 1', 'write points: 0'],
])(
  'a table that repeats %s with given %s, rows %s and %s is refused',
  (repeats, given, rows, marks, says) => {
    const table = `- { export: again, repeats: ${repeats}, given: ${given}, rows: ${rows}, ${marks} }`;
    expect(faultsOf(rubricYaml.replace('reflection:', `${table}\nreflection:`))).toContain(says);
  },
);

test('only the last table is marked once it is complete', () => {
  const table = '- { export: again, repeats: boxes, given: { apples: 12 }, marks: complete, points: 0 }';
  expect(faultsOf(rubricYaml.replace('- export: boxes', `${table}\n- export: boxes`))).toContain(
    'Only the last table can have marks: complete.',
  );
});

test('a table that repeats another has its rows and columns, or those that it lists, under ids of its own', () => {
  const { tables } = parseRubric(
    rubricYaml.replace('possible: 10', 'possible: 16').replace(
      'reflection:',
      `- { export: more, repeats: boxes, points: 1 }
- { export: some, repeats: boxes, points: 1, rows: [crate], columns: [across] }
- { export: last, repeats: boxes, points: 1, rows: [basket], columns: [down], given: { apples: 9 } }
reflection:`,
    ),
  );
  const cells = tables.map(({ rows }) => rows.map(({ id, cells }) => [id, ...cells.map((cell) => cell.id)]));
  expect(cells.slice(1)).toEqual([
    [
      ['more.basket', 'down', 'across'],
      ['more.crate', 'down', 'across'],
    ],
    [['some.crate', 'across']],
    [['last.basket', 'down']],
  ]);
  expect(tables.map(({ given }) => given)).toEqual([
    undefined,
    undefined,
    undefined,
    { apples: 9, brand: 'Sunny' },
  ]);
});
