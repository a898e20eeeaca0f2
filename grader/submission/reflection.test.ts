import { notesOf, rubric } from '../testing/worksheet';
import { readReflection } from './reflection';

function read(source: string) {
  if (!rubric.reflection) throw new Error('the worksheet has a reflection');
  const { responses, why } = readReflection(source, rubric.reflection);
  return {
    responses: Object.fromEntries([...responses].map(([id, { text }]) => [id, text])),
    why: why?.code,
    responsesFull: responses,
  };
}

test('text under a question is its response', () => {
  const { responses, why } = read(notesOf('Pears.', 'Lemons,\nby **far**.'));
  expect(responses).toEqual({ sweetest: 'Pears.', sourest: 'Lemons,\nby **far**.' });
  expect(why).toBeUndefined();
});

test('the untouched file holds no response, and says so', () => {
  expect(read(notesOf())).toMatchObject({ responses: {}, why: 'reflection/untouched' });
});

test('one response of two says how many are missing', () => {
  expect(read(notesOf('', 'Lemons'))).toMatchObject({
    responses: { sourest: 'Lemons' },
    why: 'reflection/too-few',
  });
});

test('more responses than asked for are all kept', () => {
  expect(Object.keys(read(notesOf('a', 'b', 'c')).responses)).toEqual(['sweetest', 'sourest', 'wish']);
});

test('neither a comment, nor the placeholder without its marks, nor the question repeated is a response', () => {
  expect(
    read(notesOf('<!-- my own note -->', 'Type here.', 'What do you wish for tomorrow?')).responses,
  ).toEqual({});
});

test('text within a comment is told apart, for nobody sees it', () => {
  expect(read(notesOf('<!-- Pears are sweet -->')).why).toBe('reflection/hidden');
  expect(read(notesOf('<!-- Pears, and the mark is never closed')).why).toBe('reflection/hidden');
});

test('text beside a comment counts', () => {
  expect(read(notesOf('<!-- Type here. --> Pears', 'Lemons <!-- Type here. -->')).responses).toEqual({
    sweetest: 'Pears',
    sourest: 'Lemons',
  });
});

test.each([
  ['reordered', '## Which fruit was the sourest?\nLemons\n## Which fruit was the sweetest?\nPears\n'],
  ['renumbered', '## 5) Which fruit was the sweetest?\nPears\n## Q1. Which fruit was the sourest?\nLemons\n'],
  ['typed again in short', '# sweetest\nPears\n# The sourest fruit\nLemons\n'],
  [
    'in another case, with other marks',
    '### WHICH FRUIT WAS THE SWEETEST\nPears\n\nWhich fruit was the sourest:\n---\nLemons\n',
  ],
  [
    'in bold in place of a heading',
    '**Which fruit was the sweetest?**\n\nPears\n\n**2. Which fruit was the sourest?**\nLemons\n',
  ],
  [
    'answered on their own line',
    '## 1. Which fruit was the sweetest? Pears\n## 2. Which fruit was the sourest? Lemons\n',
  ],
  ['misspelt', '## sweetst fruit\nPears\n## The sourst\nLemons\n'],
  ['translated', '## 1. Welches Obst war am süßesten?\nPears\n## 2. Und welches am sauersten?\nLemons\n'],
  ['left as numbers', '## 1.\nPears\n## Question 2\nLemons\n'],
  [
    'in a list',
    '1. Which fruit was the sweetest?\n\n   Pears\n\n2. Which fruit was the sourest?\n\n   Lemons\n',
  ],
])('questions that are %s are still told', (_name, source) => {
  expect(read(source).responses).toEqual({ sweetest: 'Pears', sourest: 'Lemons' });
});

test('a response that takes up the words of its question is no question', () => {
  expect(read(notesOf('Which fruit was the sweetest for me? The pear was.')).responses).toEqual({
    sweetest: 'Which fruit was the sweetest for me? The pear was.',
  });
});

test.each([
  ['one word', 'RoPE'],
  ['another script', '为什么要除以根号？'],
  ['right to left', 'כן'],
  ['a number', '42'],
  ['an emoji', '🙂'],
  ['code', '```\nq @ k.T\n```'],
  ['an indented block', '    q @ k.T'],
  ['a list', '- pears\n- apples'],
  ['a quotation', '> pears'],
  ['a table', '| a | b |\n|---|---|\n| 1 | 2 |'],
  ['a heading of its own', '### Pears!'],
  ['HTML', '<b>Pears</b>'],
  ['a block of HTML', '<div>\nPears\n</div>'],
  ['a formula', '$\\sqrt{d}$'],
])('%s is a response', (_name, text) => {
  expect(Object.keys(read(notesOf(text)).responses)).toEqual(['sweetest']);
});

test.each([
  ['dots', '...'],
  ['a rule', '---'],
  ['white space', ' \t '],
  ['an empty list', '- \n- '],
  ['a lone dash', '–'],
])('%s is no response', (_name, text) => {
  expect(read(notesOf(text)).responses).toEqual({});
});

test('filler is a warning for the instructor, and counts', () => {
  const { responsesFull } = read(
    notesOf('pear pear pear pear', 'Lorem ipsum dolor sit amet', 'Really, pears.'),
  );
  expect([...responsesFull.values()].map(({ warning }) => warning?.code)).toEqual([
    'reflection/filler',
    'reflection/filler',
    undefined,
  ]);
});

test('a file without any of the questions says so', () => {
  expect(read('I liked pears.')).toMatchObject({ responses: {}, why: 'reflection/no-questions' });
  expect(read('')).toMatchObject({ responses: {}, why: 'reflection/no-questions' });
});

test('a heading of the response is no question because of one short word that they share', () => {
  expect(read(notesOf('### Do\nPears do it.')).responses).toEqual({ sweetest: 'Do\nPears do it.' });
});

test('a response keeps its place', () => {
  expect(read(notesOf('Pears')).responsesFull.get('sweetest')?.at).toEqual({
    file: 'work/notes.md',
    line: 7,
    column: 1,
  });
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
  '|a',
  '<!---->\n',
  '\u0301',
  `|${'a|'.repeat(256)}\n|${'-|'.repeat(256)}\n${'|\n'.repeat(253)}\n`,
  '<div>\n',
  '~~~\n',
  '&',
  '**a',
  '[a]: b\n',
  '## sweetest\n',
])('64 KiB of %j are read like any other file', (unit) => {
  const { responses } = read(
    `## Which fruit was the sourest?\nLemons\n## Which fruit was the sweetest?\n\n${unit.repeat(65_000 / unit.length)}`,
  );
  expect(responses).toMatchObject({ sourest: expect.stringContaining('Lemons') });
});
