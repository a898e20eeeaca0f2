import { plainKey } from '../key/key';
import { parseRubric } from '../rubric/load';
import { gradeTexts } from '../testing/grade';
import { reasonsOf } from './reasons';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const rubric = parseRubric(`title: Six rows
given: {}
file: work/a.ts
tables:
- export: it
  points: 1
  columns: [{ id: x, label: X }, { id: y, label: Y, ask: Why? }]
  rows:
${names.map((id) => `    - { id: ${id}, label: Row ${id} }`).join('\n')}
`);

const key = plainKey(rubric, {
  expected: names.map((id) => ({
    id,
    cells: [
      { id: 'x', value: 1 },
      { id: 'y', value: 2 },
    ],
  })),
  misconceptions: names.map((row) => ({ id: 'wide', row, values: { y: 50 }, text: 'Too wide.' })),
  quantities: [{ value: 9, phrase: 'how many lives a cat has' }],
  explanations: {},
});

/** Grades six rows, each given as `x, y`, and returns the labels and the text of each reason, in order. */
async function told(...rows: string[]) {
  const cells = rows.map((row, index) => {
    const [x, y] = row.split(', ');
    return `${names[index]}: { x: ${x}, y: ${y} }`;
  });
  const report = await gradeTexts(`export const it = { ${cells.join(', ')} };`, undefined, key, rubric);
  return reasonsOf(report).map(({ labels, also, reason }) =>
    [`${labels.join(', ')}: ${reason.text}`, ...also].join(' And: '),
  );
}

test.each<[string, string[], string[]]>([
  [
    'mistakes of one kind once, whatever was typed',
    ['3, 2', '4, 2', '3, 2', '1, 2', '1, 2', '7, 2'],
    ['Row a · x, Row c · x: {typed} is not right here. And: Row b · x And: Row f · x'],
  ],
  [
    'of each row the one thing that helps most: a hint, then a quantity, then what it asks',
    ['9, 50', '9, 3', '3, 4', '1, 2', '1, 2', '1, 2'],
    [
      'Row a · y: Too wide.',
      'Row b · x: 9 is how many lives a cat has.',
      'Row c · x: {typed} is not right here.',
    ],
  ],
  [
    'one idea in several rows once',
    ['1, 50', '1, 50', '3, 2', '1, 50', '1, 9', '1, 2'],
    [
      'Row a · y, Row b · y, Row d · y: Too wide.',
      'Row c · x: {typed} is not right here.',
      'Row e · y: 9 is how many lives a cat has. Why?',
    ],
  ],
  [
    'what cannot be read first, and nothing else of its row',
    ['9, 2', '"1", 50', '"1", 2', '"2", 2', '1, true', '1, 2'],
    [
      'Row b · x, Row c · x: {found} is in quotes; write it without them. And: Row d · x',
      'Row e · y: {written} is not a number. Write a number, or null.',
      'Row a · x: 9 is how many lives a cat has.',
    ],
  ],
])('a worksheet tells %s', async (_name, rows, expected) => {
  expect(await told(...rows)).toEqual(expected);
});
