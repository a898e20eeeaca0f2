import { plainKey } from '../key/plain';
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

/** Grades six rows, each given as `x, y`, and returns the labels and the text of each reason. */
async function told(...rows: string[]) {
  const cells = rows.map((row, index) => {
    const [x, y] = row.split(', ');
    return `${names[index]}: { x: ${x}, y: ${y} }`;
  });
  const { slips, first, later } = reasonsOf(
    await gradeTexts(`export const it = { ${cells.join(', ')} };`, undefined, key, rubric),
  );
  const shown = (all: typeof first) =>
    all.map(({ labels, reason }) => `${labels.join(', ')}: ${reason.text}`);
  return { first: shown([...slips, ...first]), later: shown(later.reasons), rows: later.rows };
}

test('only the first three wrong rows are told at once, and how many come after these', async () => {
  const { first, later, rows } = await told('3, 2', '4, 2', '5, 2', '6, 2', '1, 2', '7, 2');
  expect(first).toEqual(['a', 'b', 'c'].map((id) => `Row ${id} · x: {typed} is not right here.`));
  expect(later).toHaveLength(2);
  expect(rows).toBe(2);
});

test('a row tells the one thing that helps most: a hint, then a quantity, then what it asks', async () => {
  expect((await told('9, 50', '9, 3', '3, 4', '1, 2', '1, 2', '1, 2')).first).toEqual([
    'Row a · y: Too wide.',
    'Row b · x: 9 is how many lives a cat has.',
    'Row c · x: {typed} is not right here.',
  ]);
});

test('one idea in several rows is told once, also for rows that come later', async () => {
  const { first, rows } = await told('1, 50', '1, 50', '3, 2', '1, 50', '1, 9', '1, 2');
  expect(first).toEqual([
    'Row a · y, Row b · y, Row d · y: Too wide.',
    'Row c · x: {typed} is not right here.',
  ]);
  expect(rows).toBe(1);
});

test('what cannot be read is told first, however many there are, and nothing else of its row', async () => {
  const { first } = await told('"1", 50', '"1", 2', '"1", 2', '1, true', '9, 2', '1, 2');
  expect(first).toEqual([
    'Row a · x, Row b · x, Row c · x: {found} is in quotes; write it without them.',
    'Row d · y: {written} is not a number. Write a number, or null.',
    'Row e · x: 9 is how many lives a cat has.',
  ]);
});
