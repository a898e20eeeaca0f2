import fc from 'fast-check';
import { worksheetFiles } from '../authoring/generate/worksheet';
import { plainKey } from '../key/key';
import { parseRubric } from '../rubric/load';
import { gradeTexts } from '../testing/grade';
import { tries } from '../testing/long';
import { anyText } from '../testing/texts';
import { rubric as fruit, notesOf, rubricYaml, solution } from '../testing/worksheet';
import { fieldOf, type Sheet, workFilesOf } from './work';

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

test('whatever is typed into one cell, the others keep their values', async () => {
  await fc.assert(
    fc.asyncProperty(inCell, async (typed) => {
      const work = {
        [cells.down]: typed,
        [fieldOf.cell('crate', 'down')]: '7',
        [fieldOf.cell('crate', 'across')]: '13',
      };
      const { rows, unreadable, problems } = await gradeTexts(workFilesOf(work, plain).answers);
      expect(unreadable).toBeUndefined();
      expect(problems).toEqual([]);
      expect(rows[1]?.cells.map(({ outcome }) => outcome)).toEqual(['correct', 'correct']);
      expect(rows[0]?.cells[1]?.outcome).toBe('blank');
    }),
    { numRuns: tries(400) },
  );
});

test('with nothing typed the files are those that are handed out', () => {
  for (const sheet of [plain, mixed]) {
    const handedOut = worksheetFiles(sheet.rubric);
    const { answers, reflection } = workFilesOf({}, sheet);
    expect(answers).toBe(handedOut[sheet.rubric.file]);
    expect(reflection).toBe(handedOut[sheet.rubric.reflection?.file ?? '']);
  }
});

test('a name of the handout counts, and stands in the file with its value', async () => {
  const { answers } = workFilesOf({ [cells.down]: 'apples', [cells.across]: 'apples + 4' }, plain);
  expect(answers).toContain("from './worksheet';\n\nconst apples = 7;\n");
  expect(answers).not.toContain('pears');
  const { rows } = await gradeTexts(answers, notesOf(), plainKey(fruit, solution));
  expect(rows[0]?.cells.map(({ outcome }) => outcome)).toEqual(['correct', 'correct']);
});

test.each([
  ['4,096', true],
  ['100 x 128', true],
  ['7 8', true],
  ['7', false],
  ['"7"', false],
  ['abc', false],
  ['2¹²', true],
  ['', false],
])('%s goes into the file in quotes: %s', (typed, isQuoted) => {
  expect(workFilesOf({ [cells.down]: typed }, plain).quoted.has(cells.down)).toBe(isQuoted);
});

test('a response keeps its own lines, and the questions after it', async () => {
  const [first, second] = fruit.reflection?.questions ?? [];
  const typed = {
    [fieldOf.response(first?.id ?? '')]: '# mine\r\n```\n<!-- x\n---',
    [fieldOf.response(second?.id ?? '')]: 'An answer.',
  };
  const { answers, reflection } = workFilesOf(typed, plain);
  expect(reflection).toContain('\\# mine\n\\```\n\\<!-- x\n\\---\n');
  const report = await gradeTexts(answers, reflection ?? '');
  expect(report.reflection?.responses.map(({ answered }) => answered)).toEqual([true, true, false]);
});
