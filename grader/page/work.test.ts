import fc from 'fast-check';
import { evaluate } from '../answers/evaluate';
import { parseModule } from '../answers/parser';
import { worksheetFiles } from '../authoring/generate/worksheet';
import { plainKey } from '../key/plain';
import { interpolate } from '../message';
import { parseRubric } from '../rubric/load';
import { rowsOf } from '../rubric/rubric';
import { gradeTexts } from '../testing/grade';
import { tries } from '../testing/long';
import { anyText } from '../testing/texts';
import { rubric as fruit, notesOf, rubricYaml, solution } from '../testing/worksheet';
import {
  fieldOf,
  misreadResponses,
  readAnswersBack,
  readReflectionBack,
  type Sheet,
  type TypedWork,
  workFilesOf,
  writtenIn,
} from './work';

const facts = { apples: 7, pears: 24 };
const sheetOf = (rubric: Sheet['rubric']): Sheet => ({
  rubric,
  stub: worksheetFiles(rubric)[rubric.file] ?? '',
  facts,
});
const plain = sheetOf(fruit);
/** The plain sheet with a text, a choice, and a decimal, each in place of a number. */
const mixed = sheetOf(
  parseRubric(
    rubricYaml
      .replace('  orientation: apples-as-rows\n', '')
      .replace(
        '{ id: basket, label: Basket of fruit }',
        '{ id: basket, label: Basket of fruit, cells: { down: { kind: text }, across: { kind: choice, options: [ripe, "not yet"] } } }',
      )
      .replace(
        '{ id: crate, label: Crate }',
        '{ id: crate, label: Crate, cells: { across: { kind: decimal, tolerance: 2%, unit: kg } } }',
      ),
  ),
);

const cells = { down: fieldOf.cell('basket', 'down'), across: fieldOf.cell('basket', 'across') };
const workOf = (typed: Readonly<Record<string, string>>): TypedWork => new Map(Object.entries(typed));

/** Pieces of typed text: numbers, slips, TypeScript, Markdown, and anything else. */
const pieces = fc.constantFrom(
  ...[
    '7',
    '4,096',
    '100 x 128',
    'apples',
    'apples * 2',
    '"7"',
    "'",
    '`',
    '1 // x',
    '/*',
    '*/',
    '{',
    '}',
    '1), b: (2',
    '1, across: 2',
  ],
  ...[
    '=>',
    'hack()',
    'null',
    '# a',
    '## 2. Which fruit was the sourest?',
    '```',
    '~~~',
    '<script>alert(1)</script>',
    '<!--',
    '-->',
    '===',
    '---',
  ],
  ...[
    '- a',
    '1. b',
    '> c',
    '    d',
    '\\#',
    '\\\\',
    '&nbsp;',
    '{1}',
    '\u2028',
    '\u202e',
    'ripe',
    'not yet',
    '½',
    '2¹²',
    '\u201cripe\u201d',
    '7kg',
    '3,5',
  ],
);
const line = fc.oneof(
  pieces,
  anyText(20),
  fc.array(pieces, { maxLength: 3 }).map((all) => all.join(' ')),
);
/** The text of an input element, which has no line ends. */
const inCell = line.map((text) => text.replace(/[\r\n]/g, ''));
const inArea = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n').replaceAll('\r', ''));

const anyWork = ({ rubric }: Sheet): fc.Arbitrary<TypedWork> => {
  const fields = rowsOf(rubric).flatMap(({ id, cells: own }) =>
    own.map((cell) => {
      const options = cell.kind === 'choice' ? ['ripe', 'not yet'] : undefined;
      const typed = options ? fc.constantFrom('', ...options) : fc.oneof(inCell, fc.constant(''));
      return typed.map((text) => [fieldOf.cell(id, cell.id), text] as const);
    }),
  );
  const responses = (rubric.reflection?.questions ?? []).map(({ id }) =>
    fc.oneof(inArea, fc.constant('')).map((text) => [fieldOf.response(id), text] as const),
  );
  return fc.tuple(...fields, ...responses).map((all) => new Map(all));
};

test.each([
  ['of numbers', plain],
  ['of every kind', mixed],
])('what is saved of a worksheet %s and opened again is saved as the same files', (_name, sheet) => {
  fc.assert(
    fc.property(anyWork(sheet), (work) => {
      const files = workFilesOf(work, sheet);
      const answers = readAnswersBack(files.answers, sheet);
      expect(answers.notes).toEqual([]);
      const { reflection } = sheet.rubric;
      const responses = reflection && readReflectionBack(files.reflection ?? '', reflection).work;
      const again = workFilesOf(new Map([...answers.work, ...(responses ?? [])]), sheet);
      expect(again.answers).toBe(files.answers);
      if (misreadResponses(work, sheet.rubric).length === 0) expect(again.reflection).toBe(files.reflection);
    }),
    { numRuns: tries(600) },
  );
});

test('whatever is typed into one cell, the others keep their values', async () => {
  await fc.assert(
    fc.asyncProperty(inCell, async (typed) => {
      const work = workOf({
        [cells.down]: typed,
        [fieldOf.cell('crate', 'down')]: '7',
        [fieldOf.cell('crate', 'across')]: '13',
      });
      const { rows, unreadable, problems } = await gradeTexts(workFilesOf(work, plain).answers);
      expect(unreadable).toBeUndefined();
      expect(problems).toEqual([]);
      expect(rows[1]?.cells.map(({ outcome }) => outcome)).toEqual(['correct', 'correct']);
      expect(rows[0]?.cells[1]?.outcome).toBe('blank');
    }),
    { numRuns: tries(400) },
  );
});

test('a response reads as it was typed, whatever Markdown there is in it, or else the page knows', () => {
  const { reflection } = fruit;
  if (!reflection) throw new Error('no reflection');
  fc.assert(
    fc.property(anyWork(plain), (work) => {
      const { work: read } = readReflectionBack(workFilesOf(work, plain).reflection ?? '', reflection);
      const misread = misreadResponses(work, fruit);
      for (const { id } of reflection.questions) {
        const field = fieldOf.response(id);
        if (!misread.includes(field))
          expect(read.get(field) ?? '').toBe(
            (work.get(field) ?? '').replace(/[\v\f\u2028\u2029]/g, '\n').trim(),
          );
      }
    }),
    { numRuns: tries(400) },
  );
});

test.each([
  ['a\nWhich fruit was the sourest?\nb'],
  ['1. Which fruit was the sweetest?\n2. Which fruit was the sourest?'],
  ['```\nx\n# y\n<!-- z'],
  ['## 2. Which fruit was the sourest?\n\nLemons.'],
  ['Title\n===\n\u000bMore'],
  ['Good.\n\nPick two.\nType here.'],
])('%j is kept in the file as it was typed', (typed) => {
  const work = workOf({ [fieldOf.response('sweetest')]: typed, [fieldOf.response('wish')]: 'More.' });
  expect(misreadResponses(work, fruit)).toEqual([]);
});

test('with nothing typed the files are those that are handed out', () => {
  for (const sheet of [plain, mixed]) {
    const handedOut = worksheetFiles(sheet.rubric);
    const { answers, reflection } = workFilesOf(new Map(), sheet);
    expect(answers).toBe(handedOut[sheet.rubric.file]);
    expect(reflection).toBe(handedOut[sheet.rubric.reflection?.file ?? '']);
  }
});

test('a name of the handout counts, and stands in the file with its value', async () => {
  const { answers } = workFilesOf(workOf({ [cells.down]: 'apples', [cells.across]: 'apples + 4' }), plain);
  expect(answers).toContain("from './worksheet';\n\nconst apples = 7;\n");
  expect(answers).not.toContain('pears');
  const { rows } = await gradeTexts(answers, notesOf(), plainKey(fruit, solution));
  expect(rows[0]?.cells.map(({ outcome }) => outcome)).toEqual(['correct', 'correct']);
});

const written: [name: string, source: string, fields: Record<string, string>, notes: RegExp][] = [
  [
    'as it is handed out but for numbers',
    'export const boxes = { basket: { down: 7, across: 0x18 }, crate: {down: null, across: null} };',
    { [cells.down]: '7', [cells.across]: '0x18' },
    /comments and names of your own, is not kept/,
  ],
  [
    'with a name of its own',
    'const mine = 7;\nexport const boxes = { basket: { down: mine, across: mine + 4 }, crate: { down: 1, across: 2 } };',
    { [cells.down]: '7', [cells.across]: '11' },
    /down was filled in with the value of “mine”/,
  ],
  [
    'with a name that means something else here',
    'const apples = 8;\nexport const boxes = { basket: { down: apples, across: 1 }, crate: { down: 1, across: 2 } };',
    { [cells.down]: '8' },
    /filled in with the value of “apples”/,
  ],
  [
    'with rows that are spread',
    'const row = { down: 7, across: 11 };\nexport const boxes = { basket: { ...row }, crate: row };',
    { [cells.down]: '7', [fieldOf.cell('crate', 'across')]: '11' },
    /is not kept/,
  ],
  [
    'with a number in quotes',
    'export const boxes = { basket: { down: "7", across: 1 }, crate: { down: 1, across: 2 } };',
    { [cells.down]: '"7"' },
    /is not kept/,
  ],
  [
    'with a list in a cell',
    'export const boxes = { basket: { down: [7], across: 1 }, crate: { down: 1, across: 2 } };',
    { [cells.down]: '[7]' },
    /is not kept/,
  ],
  [
    'with a row that is not one of the worksheet',
    'export const boxes = { basket: { down: 7, across: 1 }, crate: { down: 1, across: 2 }, barrel: { down: 1, across: 1 } };',
    { [cells.down]: '7' },
    /“barrel” is not a row of this worksheet/,
  ],
];

test.each(written)(
  'a file that somebody wrote %s is taken over, and what is not is told',
  (_name, source, fields, told) => {
    const { work, notes } = readAnswersBack(source, plain);
    expect(Object.fromEntries(Object.keys(fields).map((field) => [field, work.get(field)]))).toEqual(fields);
    expect(notes.map((note) => interpolate(note, (quote) => `“${quote}”`)).join('\n')).toMatch(told);
  },
);

test('of a file that cannot be read nothing is taken, and its line is told', () => {
  const { work, notes, isUnreadable } = readAnswersBack(
    'export const boxes = {\n basket: { down: 7 8 } };',
    plain,
  );
  expect(isUnreadable).toBe(true);
  expect(work.size).toBe(0);
  expect(notes[0]?.text).toMatch(/work\/boxes\.ts, line 2: /);
});

test('a reflection that somebody wrote is taken over, with its lists, and what is under no question is told', () => {
  const { reflection } = fruit;
  if (!reflection) throw new Error('no reflection');
  const source = `# Notes\n\nPick two.\n\nA stray thought.\n\n## 1. Which fruit was the sweetest?\n\n- Pears,\n- *ripe* ones.\n\nAnd more.\n\n## 2. Which fruit was the sourest?\n\n<!-- Type here. -->\n`;
  const { work, notes } = readReflectionBack(source, reflection);
  expect([...work]).toEqual([[fieldOf.response('sweetest'), '- Pears,\n- *ripe* ones.\n\nAnd more.']]);
  expect(notes.map(({ text }) => text)).toEqual([
    'work/notes.md, line 5: this is not under any of the questions, so it was not copied.',
  ]);
});

test.each([
  ['4,096', true],
  ['100 x 128', true],
  ['7 8', true],
  ['7', false],
  ['"7"', false],
  ['abc', false],
  ['', false],
])('%s goes into the file in quotes: %s', (typed, isQuoted) => {
  expect(workFilesOf(workOf({ [cells.down]: typed }), plain).quoted.has(cells.down)).toBe(isQuoted);
});

test.each([
  ['2¹²', 4096],
  ['64²', 4096],
  ['(4 + 4)²', 64],
  ['10 - 3²', 1],
  ['１２²', 144],
  ['apples²', 49],
  ['2 × 3', undefined],
  ['10₂', undefined],
  ['②', undefined],
  ['7ⁿ', undefined],
  ['2²½', undefined],
])('%s is typed into a cell for a count: it counts as %s', async (typed, value) => {
  const { rows } = await gradeTexts(workFilesOf(workOf({ [cells.down]: typed }), plain).answers);
  const [cell] = rows[0]?.cells ?? [];
  expect(cell?.value).toBe(value);
  if (value === undefined) expect(cell?.reason?.text).toContain(`{found} `);
});

test.each([
  ['1½', 1.5],
  ['1 ½', 1.5],
  ['¾', 0.75],
  ['-2⅛', -2.125],
  ['10⁻²', 0.01],
  ['-3²', -9],
  ['1⁄2', 0.5],
])('%s is typed into a cell for a decimal: it counts as %d', (typed, value) => {
  const cell = mixed.rubric.tables[0]?.rows[1]?.cells[1];
  if (!cell) throw new Error('no cell');
  const written = writtenIn(cell, typed, mixed);
  expect(evaluate(parseModule(`export const it = ${written};`)).exported('it')).toMatchObject({
    kind: 'number',
    value,
  });
});

test('a text between the quotation marks of a phone is that text', () => {
  const { answers } = workFilesOf(workOf({ [cells.down]: '\u201cStar fruit\u201d' }), mixed);
  expect(answers).toContain("'Star fruit'");
});
