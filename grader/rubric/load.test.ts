import { GraderError } from '../message';
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
  const changed = rubricYaml.replace('{ id: crate,', '{ id: crate, points: 5,');
  expect(cellsOf({ rows: rowsOf(parseRubric(changed)) }).map(({ points }) => points)).toEqual([1, 1, 5, 5]);
});

test('a reflection may be worth nothing, and may be left out', () => {
  expect(parseRubric(rubricYaml.replace('points: 3', 'points: 0')).possible).toBe(4);
  const without = rubricYaml.slice(0, rubricYaml.indexOf('reflection:'));
  expect(parseRubric(without).reflection).toBeUndefined();
});

test('what only the instructor needs may be left out, and does not change the digest', () => {
  const without = parseRubric(rubricYaml.replace(/^given:\n(?: {2}.*\n)+/m, ''));
  expect(without).toEqual({ ...rubric, given: {} });
  const form = parseRubric(`self_check: form\n${rubricYaml}`);
  expect(form).toEqual({ ...rubric, selfCheck: 'form' });
});

test('comments and spacing do not change the digest', () => {
  expect(parseRubric(`# a comment\n\n${rubricYaml}`).digest).toBe(rubric.digest);
});

describe('whatever decides a mark or what students read of it changes the digest:', () => {
  const everything = `title: Every setting
given: { apples: 7 }
file: work/boxes.ts
tables:
- export: boxes
  points: 1
  rows:
    - { id: basket, label: Basket, points: 2 }
    - { id: crate, label: Crate, cells: { down: { kind: integer }, share: { void: true } } }
  columns:
    - { id: down, label: Down }
    - { id: share, label: Share, kind: decimal, tolerance: 2%, unit: kg }
    - { id: taste, label: Taste, kind: choice, options: [sweet, sour] }
- export: again
  repeats: boxes
  rows: [basket]
  columns: [down]
  given: { apples: 12 }
  marks: complete
  points: 0
laws:
  - { law: basket.down = crate.down, because: Both stand on one floor. }
reflection:
  file: work/notes.md
  choose: 1
  points: 3
  intro: Notes
  dispute: Is one marked wrong?
  questions:
    - { id: sweetest, label: Which was the sweetest? }
    - { id: wish, label: What do you wish for? }
`;
  const { digest } = parseRubric(everything);

  test.each([
    ['the file', 'work/boxes.ts', 'work/pots.ts'],
    ['an export', ': boxes', ': cases'],
    ['the points of a table', 'points: 1', 'points: 2'],
    ['the points of a row', 'label: Basket, points: 2', 'label: Basket, points: 3'],
    ['the id of a row', 'crate', 'chest'],
    ['the id of a column', 'id: taste', 'id: flavour'],
    ['the kind of a cell', 'kind: integer', 'kind: count'],
    ['a cell that a row does not have', ', share: { void: true }', ''],
    ['a tolerance', 'tolerance: 2%', 'tolerance: 3%'],
    ['a unit', 'unit: kg', 'unit: g'],
    ['an option', 'sour]', 'sour, salty]'],
    ['the rows of the second table', 'rows: [basket]', 'rows: [crate]'],
    ['the columns of the second table', 'columns: [down]', 'columns: [down, taste]'],
    ['the sizes of the second table', 'apples: 12', 'apples: 13'],
    ['when the second table is marked', '  marks: complete\n', ''],
    ['a law', 'basket.down = crate.down', 'crate.down = basket.down'],
    ['how many responses count', 'choose: 1', 'choose: 2'],
    ['the points of a response', 'points: 3', 'points: 4'],
    ['the file of the responses', 'file: work/notes.md', 'file: work/words.md'],
    ['the text above the questions', 'intro: Notes', 'intro: Words'],
    ['the heading of a dispute', 'dispute: Is one', 'dispute: Is any'],
    ['a question', 'label: What do you wish for?', 'label: What would you like?'],
  ])('%s', (_name, from, to) => {
    expect(everything).toContain(from);
    expect(parseRubric(everything.replaceAll(from, to)).digest).not.toBe(digest);
  });
});

const faults: [name: string, from: string, to: string, at: string, says: string][] = [
  [
    'negative points',
    'points: 1',
    'points: -1',
    '8:3',
    'points is -1; write a whole number of points, 0 or more.',
  ],
  ['fractional points', 'points: 3', 'points: 1.5', '18:3', 'points is 1.5'],
  ['points in quotes', 'points: 1', 'points: "1"', '8:3', 'points is "1"'],
  ['an unknown key', 'title:', 'titel:', '1:1', 'knows no "titel"; write "title".'],
  [
    'a missing key',
    '- export: boxes\n  points',
    '- points',
    '7:3',
    'entry 1 of tables has no "export"; add it.',
  ],
  ['an id that occurs twice', 'id: crate', 'id: basket', '11:9', 'The id "basket" is taken already'],
  ['an id that is no name', 'id: crate', 'id: 2crate', '11:9', 'id is "2crate"; write a short name'],
  ['more to choose than there is', 'choose: 2', 'choose: 4', '17:3', 'there are 3 questions'],
  ['a path that leads out', 'file: work/boxes.ts', 'file: ../boxes.ts', '5:1', 'file is "../boxes.ts"'],
  ['one file for both', 'file: work/notes.md', 'file: work/boxes.ts', '16:3', 'needs a file of its own'],
  [
    'a self-check that there is not',
    'title: Fruit in boxes',
    'self_check: score\ntitle: Fruit in boxes',
    '1:1',
    'self_check is "score"; write scored, for a sealed key',
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
    '13:32',
    'is "Are there 7?"; write what to think about where such a cell is wrong, on one line without numbers.',
  ],
  [
    'a deadline without its offset',
    'title: Fruit in boxes',
    'deadline: { due: 2026-12-01T23:59 }\ntitle: Fruit in boxes',
    '1:13',
    'write timezone under deadline, or an offset such as -05:00',
  ],
  [
    'a deadline that the calendar does not have',
    'title: Fruit in boxes',
    'deadline: { due: 2026-13-01T23:59Z }\ntitle: Fruit in boxes',
    '1:13',
    'a date that does not exist',
  ],
  [
    'a deadline on a day that its month does not have',
    'title: Fruit in boxes',
    'deadline: { due: 2026-11-31T23:59Z }\ntitle: Fruit in boxes',
    '1:13',
    'due is 2026-11-31T23:59Z, a date that does not exist',
  ],
  [
    'a question with the words of another',
    'label: Which fruit was the sourest?',
    'label: "Which fruit was the sweetest!"',
    '24:22',
    'The label "Which fruit was the sweetest!" is taken already',
  ],
  [
    'a cutoff before the deadline',
    'title: Fruit in boxes',
    'deadline: { due: 2026-12-02T23:59Z, late: { until: 2026-12-01T23:59Z } }\ntitle: Fruit in boxes',
    '1:45',
    'until is earlier than due',
  ],
  [
    'a list where a group should be',
    'given:\n  apples: 7\n  brand: Sunny',
    'given: [7]',
    '2:1',
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

test.each([
  ['{ id: crate, label: Crate, which is wooden }', 'label'],
  ['{ id: crate, label: Crate, wooden, with a lid, points: 2 }', 'label'],
  ['{ id: crate, label: Crate, heading: Boxes, crates }', 'heading'],
])('a text that a comma cuts, as in %s, has one fault, which says to put it in quotes', (row, name) => {
  const text = rubricYaml.replace('{ id: crate, label: Crate }', row);
  const column = row.indexOf(`${name}: `) + 6;
  expect(faultsOf(text)).toBe(`rubric.yaml has a fault:

rubric.yaml:11:${column + 1}: ${name} ends at the comma; put the ${name} in quotes.
   11 |     - ${row}
      | ${' '.repeat(column)}^`);
});

test('a text that a comma cuts is told beside every other fault', () => {
  const message = faultsOf(
    rubricYaml.replace('label: Crate }', 'label: Crate, wooden }').replace('choose: 2', 'choose: 0'),
  );
  expect(message).toContain('rubric.yaml has 2 faults:');
  expect(message).toContain('put the label in quotes.');
  expect(message).toContain('choose is 0');
});

test('an alias without an anchor is told at its place, and one that is used in every row is fine', () => {
  const text = rubricYaml.replace('label: Crate }', 'label: Crate, cells: *none }');
  expect(faultsOf(text)).toContain('rubric.yaml:11:34: cells is null');
  const rows = Array.from({ length: 30 }, (_, index) => `- { id: box${index}, label: Box, cells: *none }`);
  const many = rubricYaml
    .replace('label: Basket of fruit }', 'label: Basket of fruit, cells: &none { across: { void: true } } }')
    .replace('  columns:', `    ${rows.join('\n    ')}\n  columns:`);
  expect(rowsOf(parseRubric(many))).toHaveLength(32);
});

test('a value of another type has one fault, also where only some words may stand', () => {
  expect(faultsOf(`self_check: 3\n${rubricYaml}`)).toContain('rubric.yaml has a fault:');
});

test('a cost that is neither points nor percent has one fault', () => {
  const text = `deadline: { due: 2026-12-01T23:59Z, late: { per_day: 150% } }\n${rubricYaml}`;
  expect(faultsOf(text)).toContain('rubric.yaml has a fault:');
  expect(faultsOf(text)).toContain('per_day is "150%"; write whole points, or percent');
});

test('every fault is told at once, in the order of the file', () => {
  const message = faultsOf(
    rubricYaml
      .replace('points: 1', 'points: -1')
      .replace('choose: 2', 'choose: no')
      .replace('label: Crate', 'lable: Crate'),
  );
  const places = [...message.matchAll(/^rubric\.yaml:(\d+)/gm)].map((match) => Number(match[1]));
  // A setting that is misspelt is not told to be missing too.
  expect(places).toEqual([8, 11, 17]);
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
    'There is no boxen in tables; write "boxes".',
  ],
  ['boxes', '{ pears: 12 }', '[basket]', 'marks: complete, points: 0', 'There is no pears in given'],
  ['boxes', '{ apples: 12 }', '[barrel]', 'marks: complete, points: 0', 'There is no barrel in boxes'],
  [
    'boxes',
    '{ apples: 12 }',
    '[{ id: basket, label: B }]',
    'marks: complete, points: 0',
    'write the id of one of the rows of the table that it repeats.',
  ],
  [
    'boxes',
    '{ apples: 12 }',
    '[basket, basket]',
    'marks: complete, points: 0',
    'write ids of rows of the table that it repeats, each once.',
  ],
  ['boxes', '{ apples: 12 }', '[basket]', 'marks: complete, points: 1', 'write points: 0'],
])(
  'a table that repeats %s with given %s, rows %s and %s is refused',
  (repeats, given, rows, marks, says) => {
    const table = `- { export: again, repeats: ${repeats}, given: ${given}, rows: ${rows}, ${marks} }`;
    expect(faultsOf(rubricYaml.replace('reflection:', `${table}\nreflection:`))).toContain(says);
  },
);

test.each([
  ['repeats, misspelt', 'repeat: boxes', 'knows no "repeat"; write "repeats".'],
  [
    'neither repeats nor columns',
    'rows: [{ id: pot, label: Pot }]',
    'entry 2 of tables has no "columns"; add it.',
  ],
])('a table with %s has one fault', (_name, setting, says) => {
  const text = rubricYaml.replace('reflection:', `- { export: again, points: 0, ${setting} }\nreflection:`);
  expect(faultsOf(text)).toMatch(/^rubric\.yaml has a fault:/);
  expect(faultsOf(text)).toContain(says);
});

test('a rubric whose only table repeats another says that there is none', () => {
  const text = 'title: A\nfile: a.ts\ntables: [{ export: a, points: 1, repeats: b }]\n';
  expect(faultsOf(text)).toContain('rubric.yaml:3:34: There is no b in tables; it may hold nothing.');
});

test.each(['Europe/Pari', 'New York', '5', '""'])(
  'a time zone such as %s has one fault, whatever else is in it',
  (zone) => {
    const late = 'late: { until: 2026-12-08T23:59 }';
    const text = `deadline: { due: 2026-12-01T23:59, timezone: ${zone}, ${late} }\n${rubricYaml}`;
    expect(faultsOf(text)).toMatch(
      /^rubric\.yaml has a fault:\n\nrubric\.yaml:1:36: .*such as America\/New_York\.$/m,
    );
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
