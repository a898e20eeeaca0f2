import { readHandout } from './handout';
import { linkedFiles, linkedWorkflows, movedToRoot } from './links';

const page = `# Title

[![Runs](../../../actions/workflows/a.yml/badge.svg)](../../../actions/workflows/a.yml)

See [the answers](answers.ts), [a line](answers.ts#L3 "here"), ![a picture](figures/one.png), [more](../work/b.md?plain=1),
[home](https://example.org/a), [below](#below), [mail](mailto:a@example.org), [root](/x) and [by name].

[by name]: other.md

\`[not a link](answers.ts)\`

| A **1** | B |
| --- | --- |
| c | **2** |
| d |  |

1. one
2. two
   words
`;

test('a page moved to the root leads where it led before', () => {
  expect(readHandout(movedToRoot(page, 'assignment')).links).toEqual([
    '../../actions/workflows/a.yml',
    '../../actions/workflows/a.yml/badge.svg',
    'assignment/answers.ts',
    'assignment/answers.ts#L3',
    'assignment/figures/one.png',
    'work/b.md?plain=1',
    'https://example.org/a',
    '#below',
    'mailto:a@example.org',
    '/x',
    'assignment/other.md',
  ]);
});

test('nothing but links is changed', () => {
  const words = (text: string) => text.replace(/\([^)]*\)|\]: .*/g, '');
  expect(words(movedToRoot(page, 'assignment'))).toBe(words(page));
});

test('the files and workflows that a page links to are known', () => {
  const files = ['assignment/answers.ts', 'assignment/answers.ts', 'assignment/figures/one.png'];
  expect(linkedFiles(page, 'assignment')).toEqual([...files, 'work/b.md', 'assignment/other.md']);
  expect(linkedWorkflows(page)).toEqual(['a.yml']);
});

test('what a page says in bold, in tables and in numbered lists is read as it shows', () => {
  const { bold, tables, lists, headings } = readHandout(page);
  expect(bold).toEqual(['1', '2']);
  const rows = [
    ['c', '2'],
    ['d', ''],
  ];
  expect(tables).toEqual([{ head: ['A 1', 'B'], rows }]);
  expect(lists).toEqual([['one', 'two words']]);
  expect(headings).toEqual(['Title']);
});

test.each([
  ['[a](<answers.ts>)', 'a/answers.ts'],
  ['[a]( answers.ts )', 'a/answers.ts'],
  ['[a](answers.ts\n"title")', 'a/answers.ts'],
  ['[a]:    answers.ts "title"\r\n\r\n[a]', 'a/answers.ts'],
  ['[a]\n\n[a]: answers.ts', 'a/answers.ts'],
  ['![a](grün.png)', 'a/gr%C3%BCn.png'],
  ['![a](<two words.png>)', 'a/two%20words.png'],
  ['[a](a.md) [b](a/a.md)', 'a/a.md a/a/a.md'],
])('a link written as %s is moved as well', (written, links) => {
  expect(readHandout(movedToRoot(written, 'a')).links.join(' ')).toBe(links);
});

test('a link that cannot be found in the text is refused by name rather than left behind', () => {
  expect(() => movedToRoot('[a](an&#x73;wers.ts)', 'a')).toThrow(/the link to answers\.ts cannot be moved/);
});

test('links in HTML are seen', () => {
  expect(readHandout('a <img src="x.png"> b <b>c</b>\n\n<p><a href="y">z</a></p>\n').html).toEqual([
    '<img src="x.png">',
    '<p><a href="y">z</a></p>',
  ]);
});
