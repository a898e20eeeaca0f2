import { notesOf, rubric } from '../testing/worksheet';
import { readReflection } from './reflection';

function notes() {
  if (!rubric.reflection) throw new Error('the worksheet has a reflection');
  return rubric.reflection;
}

function read(source: string) {
  const { responses, unsorted, remark, reason } = readReflection(source, notes());
  return {
    responses: Object.fromEntries([...responses].map(([id, { text }]) => [id, text])),
    unsorted: unsorted.map(({ text }) => text),
    remark: remark?.code,
    why: reason?.code,
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

test('a question that is copied below itself is no response, and is told as such', () => {
  const copied = notesOf('Which fruit was the sweetest?', 'Which fruit was the sourest?');
  expect(read(copied)).toMatchObject({ responses: {}, why: 'reflection/copied' });
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

test('neither the placeholder, with or without its marks, nor the question repeated is a response', () => {
  expect(
    read(
      notesOf(
        '<!-- Write your response here. -->',
        'Write your response here.',
        'What do you wish for tomorrow?',
      ),
    ).responses,
  ).toEqual({});
});

test('what replaces the placeholder inside its comment is a response, for whoever opens the file sees it', () => {
  for (const text of [
    '<!-- Pears. -->',
    '<!-- Write your response here. Pears. -->',
    '<!--\nWrite your response here.\n\nPears.\n-->',
  ])
    expect(read(notesOf(text))).toMatchObject({
      responses: { sweetest: 'Pears.' },
      why: 'reflection/too-few',
    });
  expect(read(notesOf('<!-- Pears, and the mark is never closed')).responses).toEqual({
    sweetest: 'Pears, and the mark is never closed',
  });
});

test('text beside a comment counts', () => {
  expect(
    read(notesOf('<!-- Write your response here. --> Pears', 'Lemons <!-- Write your response here. -->'))
      .responses,
  ).toEqual({
    sweetest: 'Pears',
    sourest: 'Lemons',
  });
});

test.each([
  ['reordered', '## Which fruit was the sourest?\nLemons\n## Which fruit was the sweetest?\nPears\n'],
  ['renumbered', '## 5) Which fruit was the sweetest?\nPears\n## Q1. Which fruit was the sourest?\nLemons\n'],
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
  ['misspelt', '## Wich fruit was the sweetst?\nPears\n## Which fruits was the sourest for you?\nLemons\n'],
  ['in Roman numbers', '## I.\nPears\n## II\nLemons\n'],
  ['in the digits of another script', '## ١.\nPears\n## २)\nLemons\n'],
  [
    'in the HTML of a word processor',
    '<h2 style="x"><span>1. Which fruit was the sweetest?</span></h2>\n<p>Pears</p>\n<h2>2. Which fruit was the sourest?</h2>\n\nLemons\n',
  ],
  ['all translated, without numbers', '## Süß?\nPears\n## Sauer?\nLemons\n## Morgen?\n'],
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
  ['a line break in HTML', '<br>'],
  ['an empty paragraph in HTML', '<p></p>'],
  ['a space that does not break', '&nbsp;'],
  ['a space in a block of HTML', '<p>&nbsp;</p>'],
  ['a letter that fills a place', '\u3164'],
  ['another one', '\u115f'],
  ['a space of no width', '\u200b'],
  ['an empty box', '- [ ]'],
  ['a ticked box', '- [x]'],
  ['a link that Markdown does not show', '[//]: # (pears)'],
  ['an empty block of code', '```\n```'],
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

test('a file without any of the questions says so, and its text counts all the same', () => {
  expect(read('')).toMatchObject({ responses: {}, unsorted: [], why: 'reflection/no-questions' });
  expect(read('I liked pears.')).toMatchObject({
    responses: {},
    unsorted: ['I liked pears.'],
    why: 'reflection/too-few',
    remark: 'reflection/unsorted',
  });
});

test('what stands under no question counts as far as responses are missing, and no further', () => {
  const above = (text: string, ...notes: string[]) => notesOf(...notes).replace('## 1.', `${text}\n\n## 1.`);
  expect(read(above('Pears are sweet.'))).toMatchObject({ unsorted: ['Pears are sweet.'] });
  expect(read(above('Pears are sweet.', 'a')).unsorted).toEqual(['Pears are sweet.']);
  expect(read(above('Pears are sweet.', 'a', 'b'))).toMatchObject({ unsorted: [], remark: undefined });
  expect(read(above('One.\n\nTwo.\n\nThree.')).unsorted).toEqual(['One.', 'Two.\nThree.']);
  expect(read('- One\n- Two\n  - and a half').unsorted).toEqual(['One', 'Two\nand a half']);
  expect(read('## My answer\n\nPears\n\n## Another\n\nLemons').unsorted).toEqual([
    'My answer\nPears',
    'Another\nLemons',
  ]);
});

test('the template’s own text is no response, nor with a slip of the pen in it', () => {
  expect(read('# Notes\n\nPick two.\n').unsorted).toEqual([]);
  expect(read('# Note\n\nPick two!\n').unsorted).toEqual([]);
});

test('questions that differ in a digit alone are two', () => {
  const ticket = {
    ...notes(),
    questions: ['1', '2'].map((id) => ({ id: `q${id}`, label: `What of part ${id}?` })),
  };
  const { responses } = readReflection('## What of part 2?\n\nPears\n', ticket);
  expect([...responses.keys()]).toEqual(['q2']);
});

test('a heading of the response is no question because of one short word that they share', () => {
  expect(read(notesOf('### Do\nPears do it.')).responses).toEqual({ sweetest: 'Do\nPears do it.' });
});

test.each([
  ['followed by a rule, which makes it a heading', 'Pears are sweet.\n---'],
  ['typed as a heading', '### Pears are sweet'],
  ['typed as a heading of the template’s level', '## Pears are sweet'],
  ['that counts things', '## 2 things\nPears and apples'],
  ['under a numbered heading of its own', '## Lecture 2\nPears'],
  ['under an underlined heading with a number', 'Step 3: pears\n---\nApples'],
])('a response %s is one response, to its own question', (_name, text) => {
  const { responses, why } = read(notesOf(text));
  expect(Object.keys(responses)).toEqual(['sweetest']);
  expect(why).toBe('reflection/too-few');
});

test.each([
  ['numbered headings of its own', '### 1.\nPears\n### 2.\nApples'],
  ['headings in the words of two questions', '### Sweetest\nPears\n### Sourest\nLemons'],
  ['numbers of a list', '1. Pears\n2. Apples'],
  ['labels', 'Sweet ones: pears\nSour ones: lemons'],
  ['sentences in the words of two questions', 'The sweetest are pears.\n\nThe sourest are lemons.'],
])('two texts under one question, told apart by %s, are two responses, with a remark', (_name, text) => {
  const { responses, unsorted, remark, why } = read(notesOf(text));
  expect([Object.keys(responses), unsorted.length]).toEqual([['sweetest'], 1]);
  expect([remark, why]).toEqual(['reflection/unsorted', undefined]);
});

test('where another response is under its own question, a text stays whole', () => {
  expect(read(notesOf('1. Pears\n2. Apples', 'Lemons'))).toMatchObject({
    responses: { sweetest: 'Pears\nApples', sourest: 'Lemons' },
    unsorted: [],
  });
});

test('a response keeps its place', () => {
  expect(read(notesOf('Pears')).responsesFull.get('sweetest')?.location).toEqual({
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

test('what the file says of who reads it is no response, also where it was moved', () => {
  const notice = 'Your instructors read this with your name, and keep it until summer.';
  const withNotice = { ...notes(), intro: `${notes().intro}${notice}\n` };
  const template = notesOf().replace('Pick two.\n', `Pick two.\n\n${notice}\n`);
  expect(readReflection(template, withNotice).reason?.code).toBe('reflection/untouched');
  const moved = readReflection(`${notesOf('Pears.')}\n\n${notice}\n`, withNotice);
  expect([...moved.responses.keys()]).toEqual(['sweetest']);
});
