import { parseRubric } from '../rubric/load';
import { notesOf, rubricYaml } from '../testing/worksheet';
import { readReflection } from './reflection';

const label = 'Is something marked wrong that you think is right?';
const { reflection } = parseRubric(rubricYaml.replace('  choose: 2', `  dispute: ${label}\n  choose: 2`));
const disputed = (...notes: string[]) => `${notesOf(...notes.slice(1))}\n## ${label}\n\n${notes[0]}\n`;

function read(source: string) {
  if (!reflection) throw new Error('the worksheet has a reflection');
  const { responses, unsorted, reason, dispute, isUntouched } = readReflection(source, reflection);
  return {
    responses: Object.fromEntries([...responses].map(([id, { text }]) => [id, text])),
    unsorted: unsorted.map(({ text }) => text),
    why: reason?.code,
    dispute: dispute?.text,
    isUntouched,
    lines: [...responses.values(), ...unsorted].map(({ location }) => location.line),
  };
}

test('text under a question is its response, and keeps its place', () => {
  const found = read(notesOf('Pears.', 'Lemons,\nby **far**.\n\n- really'));
  expect(found.responses).toEqual({ sweetest: 'Pears.', sourest: 'Lemons,\nby **far**.\nreally' });
  expect(found).toMatchObject({ unsorted: [], why: undefined, lines: [7, 11] });
});

test('what is written in comments and between tags is read without them', () => {
  const { responses, lines } = read(
    notesOf('<!--\nPears.\n-->', '<div>\n\n<b>Lemons</b> &amp; limes\n</div>'),
  );
  expect([responses, lines]).toEqual([{ sweetest: 'Pears.', sourest: 'Lemons & limes' }, [8, 15]]);
});

test.each([
  ['untouched', notesOf(), true],
  ['untouched', '', true],
  ['untouched', notesOf('Which fruit was the sourest?', '\u3164'), true],
  ['copied', notesOf('same', 'same', 'same'), undefined],
  ['copied', `Ann Lee\n\n${notesOf()}`, undefined],
  ['copied', `---\nname: Ann\n---\n${notesOf()}`, undefined],
  ['too-few', notesOf('', 'Lemons'), undefined],
])('who has too few responses reads why: %s', (code, source, isUntouched) => {
  expect(read(source)).toMatchObject({ why: `reflection/${code}`, isUntouched });
});

test('more responses than asked for are all kept', () => {
  expect(Object.keys(read(notesOf('a', 'b', 'c')).responses)).toEqual(['sweetest', 'sourest', 'wish']);
});

test('what is under no question, or below a response, counts only where responses are missing', () => {
  const above = (text: string, ...notes: string[]) => notesOf(...notes).replace('## 1.', `${text}\n\n## 1.`);
  expect(read(above('One.\n\nTwo.\n\nThree.')).unsorted).toEqual(['One.', 'Two.', 'Three.']);
  expect(read(above('One.', 'a'))).toMatchObject({ responses: { sweetest: 'a' }, unsorted: ['One.'] });
  expect(read(above('One.', 'a', 'b')).unsorted).toEqual([]);
  expect(read(notesOf('1. Pears\n2. Apples'))).toMatchObject({
    responses: { sweetest: 'Pears' },
    unsorted: ['Apples'],
  });
  expect(read(notesOf('1. Pears\n2. Apples', 'b')).responses).toEqual({
    sweetest: 'Pears\nApples',
    sourest: 'b',
  });
});

test('a heading of one’s own goes with what is below it', () => {
  expect(read('## Mine\n\nPears\n\n- Apples\n  - and more\n- Limes\n\n## Lemons!').unsorted).toEqual([
    'Mine\nPears',
    'Apples\nand more',
    'Limes',
    'Lemons!',
  ]);
});

test('a dispute is kept apart, and counts only where nothing else is written', () => {
  const two = 'Basket is 24.\n\nReally.';
  expect(read(disputed(two, 'Pears'))).toMatchObject({
    responses: { sweetest: 'Pears' },
    unsorted: [],
    dispute: 'Basket is 24.\nReally.',
    why: 'reflection/too-few',
  });
  expect(read(disputed(two))).toMatchObject({
    unsorted: ['Basket is 24.', 'Really.'],
    isUntouched: undefined,
  });
  expect(read(disputed('', 'a', 'b')).dispute).toBeUndefined();
});

test('a heading for disputes in the words of a question is refused', () => {
  const same = rubricYaml.replace('  choose: 2', '  dispute: Which fruit was the sweetest\n  choose: 2');
  expect(() => parseRubric(same)).toThrow('is a question already');
});

test.each([
  'Binary search',
  'RoPE',
  'Big O is hard',
  '42 is all',
  '🙂',
  '???',
  'Q2: Recursion',
  '- Binary Search',
  '### Binary Search',
  'Muddiest: positions and masks',
  'https://example.org/A1',
])('%s is no name, and counts under no heading', (text) => {
  expect(read(text)).toMatchObject({ why: 'reflection/too-few' });
});

test.each(['Ann Lee', 'Name: Ann Lee', '**Name:** Ann', '2026-03-04', 'March 4th, 2026', 'ID: 20451234'])(
  '%s only says who wrote it, or when, at the top; under a question it is a response',
  (text) => {
    expect(read(`${text}\n\n${notesOf()}`).why).toBe('reflection/copied');
    expect(read(notesOf(text)).responses).toEqual({ sweetest: text });
  },
);

test('questions that differ in a digit alone are two', () => {
  if (!reflection) throw new Error('the worksheet has a reflection');
  const questions = ['1', '2'].map((id) => ({ id: `q${id}`, label: `What of part ${id}?` }));
  const { responses } = readReflection('## What of part 2?\n\nPears\n', { ...reflection, questions });
  expect([...responses.keys()]).toEqual(['q2']);
});

test.each([
  '>',
  '*a_',
  '[',
  '![](',
  '`',
  '<!--',
  '<!-- a -->',
  '- ',
  '1. ',
  '\\',
  '# ',
  '<a ',
  '<a b=c ',
  '<a b="',
  '|a',
  '<!---->\n',
  '\u0301',
  `|${'a|'.repeat(256)}\n|${'-|'.repeat(256)}\n${'|\n'.repeat(253)}\n`,
  '<div>\n',
  '~~~\n',
  '&',
  '**a',
  '[a]: b\n',
  'a\n',
  '1',
  '## Which fruit was the sweetest?\n',
])('64 KiB of %j are read like any other file', (unit) => {
  const { responses } = read(
    `## Which fruit was the sourest?\nLemons\n## Which fruit was the sweetest?\n\n${unit.repeat(65_000 / unit.length)}`,
  );
  expect(responses).toMatchObject({ sourest: expect.stringContaining('Lemons') });
});
