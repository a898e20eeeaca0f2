import { stripVTControlCharacters } from 'node:util';
import { noKey, plainKey } from '../key/key';
import { interpolate } from '../message';
import { parseRubric } from '../rubric/load';
import { gradeTexts } from '../testing/grade';
import {
  answersOf,
  blankAnswers,
  notesOf,
  rightAnswers,
  rubric,
  rubricYaml,
  solution,
} from '../testing/worksheet';
import { changesSince, renderTerminal } from './terminal';

async function shown(
  answers: string,
  notes = notesOf(),
  key = undefined as Parameters<typeof gradeTexts>[2],
): Promise<string> {
  return renderTerminal(await gradeTexts(answers, notes, key), { hasColors: false });
}

test('a graded worksheet shows rows in order, marks in words, points, reasons and what to do next', async () => {
  const text = await shown(
    answersOf('{ down: 7, across: 24 }', '{ down: "7", across: null }'),
    notesOf('Pears'),
  );
  expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
    'Fruit in boxes',
    '4 of 10 points',
    '',
    'Worksheet                         Down              Across            Points',
    '--------------------------------  ----------------  ----------------  ------',
    'Basket of fruit                   7 correct         24 wrong          1 of 2',
    'Crate                             not read          blank             0 of 2',
    '',
    'Reflection (work/notes.md): 3 of 6 points',
    '    So far 1 of 2 responses. Pick one more question.',
    '',
    'What to look at',
    '    Crate · down: “7” is in quotes; write it without them.',
    '    (work/boxes.ts:3:18)',
    '        crate: { down: "7", across: null },',
    '                       ^',
    '    The same line without this slip:',
    '        crate: { down: 7, across: null },',
    '    Basket of fruit: Only one kind lies in a basket. (work/boxes.ts:2:30)',
    'Next: Fix Crate · down (work/boxes.ts:3:18).',
  ]);
});

const changed = async (before: string | undefined, now: string) => {
  const report = await gradeTexts(now, notesOf());
  const changes = changesSince(
    before === undefined ? undefined : await gradeTexts(before, notesOf()),
    report,
  );
  return { changes, text: renderTerminal(report, { hasColors: false, changes }) };
};
const basketRight = answersOf('{ down: 7, across: 11 }', '{ down: null, across: null }');

test.each([
  ['a row that is right now', blankAnswers, basketRight, '+2: Basket of fruit is right.'],
  ['two rows', blankAnswers, rightAnswers, '+4: Basket of fruit and Crate are right.'],
  ['a row that was right', rightAnswers, basketRight, '−2: Crate is no longer right.'],
  ['half a row', blankAnswers, basketRight.replace('11', '12'), '+1.'],
  ['nothing', basketRight, basketRight, 'Same points as before.'],
])('what has changed comes first: %s', async (_name, before, now, line) => {
  expect((await changed(before, now)).text.split('\n')[0]).toBe(line);
});

test.each([
  ['without a key', rightAnswers, basketRight, noKey],
  ['of a file that cannot be read now', rightAnswers, 'export const boxes = {', undefined],
  ['of a file that could not be read before', 'export const boxes = {', rightAnswers, undefined],
])('%s nothing is called gained or lost', async (_name, before, now, key) => {
  const [earlier, report] = [await gradeTexts(before, notesOf(), key), await gradeTexts(now, notesOf(), key)];
  expect(changesSince(earlier, report)).toEqual({ risen: new Set() });
});

test('only rows that have just become right are explained, and all of a worksheet that is right at once', async () => {
  expect((await changed(basketRight, rightAnswers)).text).toContain('A crate holds what the basket holds');
  const again = await changed(rightAnswers, rightAnswers);
  expect(again.text).not.toContain('A crate holds');
  expect((await changed(undefined, rightAnswers)).text).toContain('A crate holds');
  expect((await changed(undefined, rightAnswers)).changes.text).toBeUndefined();
});

test('what to look at, and the next step, is the last thing in a terminal', async () => {
  const { text } = await changed(blankAnswers, basketRight.replace('11', '24'));
  const last = text.trimEnd().split('\n').slice(-2);
  expect(last[0]).toContain('Only one kind lies in a basket.');
  expect(last[1]).toBe('Next: Take another look at Basket of fruit (work/boxes.ts:2:30).');
});

test('an untouched worksheet says what to do, and shows no table', async () => {
  const text = await shown(blankAnswers);
  expect(text).toContain('Not started yet: 0 of 10 points');
  expect(text).toContain('Next: Fill in each cell in work/boxes.ts');
  expect(text).not.toMatch(/wrong|blank|not read/);
});

test('a finished worksheet says that nothing is left', async () => {
  const text = await shown(rightAnswers, notesOf('Pears', 'Lemons'));
  expect(text).toContain('10 of 10 points');
  expect(text).toContain('Next: There is nothing left to do.');
});

test('a file that cannot be read gives one reason and no table of empty rows', async () => {
  const source = 'export const boxes = {\n  basket: { down: 7 across: 11 },\n};';
  const report = await gradeTexts(source, notesOf());
  const text = renderTerminal(report, { hasColors: false });
  const words = report.problems.map(({ reason }) => interpolate(reason, (quoted) => `“${quoted}”`)).join();
  // Lines wrap at the width of a terminal.
  expect(text.replace(/\s+/g, ' ').split(words)).toHaveLength(2);
  expect(text).not.toContain('Crate');
});

test('a table that is transposed throughout shows its hint once', async () => {
  const text = await shown(answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }'));
  expect(text.match(/Turn it round\./g)).toHaveLength(1);
  expect(text).not.toContain('not right here');
});

test('without a key no points are shown, and it says why', async () => {
  const text = await shown(answersOf('{ down: 7, across: 999 }', 'null'), notesOf(), noKey);
  expect(text).toContain('Checked for form only: 2 of 4 cells are filled in and well-formed.');
  expect(text).toContain('7 filled in');
  expect(text).not.toMatch(/correct|wrong|points/i);
});

test('without a key a worksheet that is all filled in is not called right', async () => {
  const text = await shown(rightAnswers, notesOf('a', 'b'), noKey);
  expect(text).toContain('Reflection (work/notes.md): 2 of 2 responses');
  expect(text).toContain('Next: Everything is filled in and well-formed.');
  expect(text).not.toMatch(/correct|wrong|points/i);
});

test('colour adds nothing that the words do not say', async () => {
  const report = await gradeTexts(answersOf('{ down: 7, across: 24 }', 'null'), notesOf('Pears'));
  const coloured = renderTerminal(report, { hasColors: true });
  expect(coloured).toContain('\u001b[');
  expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(report, { hasColors: false }));
});

test('no line is longer than 80 columns, whatever a student wrote', async () => {
  const long = 'x'.repeat(5000);
  for (const answers of [
    answersOf(`"${long}"`, `{ down: ${long}, across: 9007199254740991 }`),
    answersOf(`{ ${long}: 1 }`, 'null'),
    `${long} ${long}`,
  ]) {
    const lines = (await shown(answers, notesOf(long))).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
  }
});

test('the same idea in several rows is told once, with all of them', async () => {
  const wide = {
    ...solution,
    misconceptions: ['basket', 'crate'].map((row) => ({
      id: 'wide',
      row,
      values: { across: 50 },
      text: 'Too wide.',
    })),
  };
  const text = await shown(
    answersOf('{ down: 7, across: 50 }', '{ down: 7, across: 50 }'),
    notesOf(),
    plainKey(rubric, wide),
  );
  expect(text.match(/Too wide\./g)).toHaveLength(1);
  expect(text).toContain('Basket of fruit · across, Crate · across: Too wide.');
});

test.each([1, 3, 4])('a worksheet of %d columns fits 80 columns of a terminal', async (count) => {
  const names = ['down', 'across', 'deep', 'long'].slice(0, count);
  const columns = names.map((id) => `    - { id: ${id}, label: ${id} }`).join('\n');
  const yaml = rubricYaml.replace(/ {4}- \{ id: down.*\n.*across.*/, columns);
  const wider = parseRubric(yaml);
  const cells = names.map((name) => `${name}: 123456`).join(', ');
  const report = await gradeTexts(answersOf(`{ ${cells} }`, '{ down: "x" }'), notesOf(), noKey, wider);
  const lines = renderTerminal(report, { hasColors: false }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('a thousand names that do not exist are told by the first few', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `elephant${index}: 1`).join(', ');
  const text = await shown(
    `const row = { ${names} };\nexport const boxes = { basket: row, crate: row, ${names} };`,
  );
  expect(text.match(/elephant\d+/g)).toHaveLength(5);
});
