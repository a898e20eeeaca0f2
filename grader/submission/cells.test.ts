import { cellsOf } from '../rubric/rubric';
import { reallyRun } from '../testing/really-run';
import { answersOf, blankAnswers, rightAnswers, rubric } from '../testing/worksheet';
import { type Answers, isUntouched, readAnswers } from './cells';

const read = (source: string) => readAnswers(source, rubric);

/** A cell, without its id. */
function cellAt({ rows }: Answers, row: string, column: string) {
  const cell = rows.find(({ id }) => id === row)?.cells.find(({ id }) => id === column);
  if (!cell) throw new Error(`There is no cell ${row}, ${column}`);
  const { id: _, ...content } = cell;
  return content;
}

/** One cell, down in the basket, of a file in which it is written as given. */
function cellOf(written: string, before = '') {
  return cellAt(
    read(`${before}${answersOf(`{ down: ${written}, across: 11 }`, '{ down: 7, across: 13 }')}`),
    'basket',
    'down',
  );
}

/** The values of all cells, in order; what is no value is told by its kind. */
function valuesOf(source: string): unknown[] {
  return cellsOf(read(source)).map((cell) => (cell.kind === 'value' ? cell.value : cell.kind));
}

function problemOf(source: string) {
  const { problems } = read(source);
  expect(problems).toHaveLength(1);
  return problems[0];
}

describe('a number', () => {
  const spellings: [string, number][] = [
    ['100', 100],
    ['1_000', 1000],
    ['0x64', 100],
    ['0o17', 15],
    ['0b101', 5],
    ['1e2', 100],
    ['100.0', 100],
    ['.5e1', 5],
    ['100.', 100],
    ['4096 / 32', 128],
    ['32*4', 128],
    ['2 ** 7', 128],
    ['2 ** 3 ** 2', 512],
    ['257 % 129', 128],
    ['(100)', 100],
    ['((4 + 4) * 16)', 128],
    ['+100', 100],
    ['- -100', 100],
    ['-(-100)', 100],
    ['(-2) ** 2', 4],
    ['1 + 2 * 3 - 4', 3],
    ['7 - 2 - 1', 4],
    ['100 /* rows */', 100],
    ['Math.floor(128.9)', 128],
    ['Math.ceil(127.1)', 128],
    ['Math.round(127.5)', 128],
    ['Math.trunc(128.9)', 128],
    ['Math.sqrt(16384)', 128],
    ['Math.pow(2, 7)', 128],
    ['Math.max(1, 128, 3)', 128],
    ['Math.min(500, 128)', 128],
    ['Math.abs(-128)', 128],
    ['Math.log2(256)', 8],
    ['Math.max(...[1, 2, 3])', 3],
    ['100 as number', 100],
    ['100 as const', 100],
    ['100 satisfies number', 100],
    ['100!', 100],
    ['[1, 2, 3][1]', 2],
    ['({ a: 5 }).a', 5],
    ["{ 'a': 5 }['a']", 5],
    ['[...[4], 5][0]', 4],
    ['({ ...{ a: 1 }, a: 2 }).a', 2],
    ['// the rows\n 100', 100],
    ['\u00a0100', 100],
  ];
  test.each(spellings)('may be written %j', (written, value) => {
    expect(cellOf(written)).toMatchObject({ kind: 'value', value });
    const { boxes } = reallyRun(answersOf(`{ down: ${written}, across: 11 }`, '{ down: 7, across: 13 }')) as {
      boxes: { basket: { down: number } };
    };
    expect(boxes.basket.down).toBe(value);
  });

  test('keeps how it was written and where', () => {
    expect(cellOf('4096 / 32')).toEqual({
      kind: 'value',
      value: 128,
      sourceText: '4096 / 32',
      location: { file: 'work/boxes.ts', line: 2, column: 19 },
    });
  });
});

describe('a whole file', () => {
  const files: [string, string][] = [
    [
      'consts above the table',
      'const n = 7;\nconst m = n + 4;\nexport const boxes = { basket: { down: n, across: m }, crate: { down: n, across: m + 2 } };',
    ],
    [
      'an annotation',
      'export const boxes: Record<string, { down: number | null; across: number }> = { basket: { down: 7, across: 11 }, crate: { down: 7, across: 13 } };',
    ],
    [
      'types of its own',
      "import type { T } from './t';\ntype A = { a: number } | null\ninterface B<X> extends A { b(c: string): X[] }\nexport type { A };\n" +
        rightAnswers,
    ],
    [
      'satisfies and as const',
      'export const boxes = { basket: { down: 7, across: 11 }, crate: { down: 7, across: 13 } } as const satisfies object;',
    ],
    [
      'an export under another name',
      'const table = { basket: { down: 7, across: 11 }, crate: { down: 7, across: 13 } };\nexport { table as boxes };',
    ],
    [
      'an export above its const',
      'export { boxes };\nconst boxes = { basket: { down: 7, across: 11 }, crate: { down: 7, across: 13 } };',
    ],
    [
      'shared rows and spread',
      'const row = { down: 7, across: 11 };\nexport const boxes = { basket: row, crate: { ...row, across: 13 } };',
    ],
    [
      'shorthand',
      'const down = 7, across = 11;\nconst basket = { down, across };\nexport const boxes = { basket, crate: { down, across: 13 } };',
    ],
    [
      'member access',
      'const s = { n: 7, list: [11, 13] };\nexport const boxes = { basket: { down: s.n, across: s.list[0] }, crate: { down: s["n"], across: s.list[1] } };',
    ],
    [
      'quoted and computed names',
      "export const boxes = { 'basket': { 'down': 7, \"across\": 11 }, ['crate']: { ['down']: 7, [`across`]: 13 } };",
    ],
    [
      'printing',
      `console.log('here');\n${rightAnswers}console.table(boxes); console.log(boxes.basket.down * 2)\n`,
    ],
    [
      'types of many forms',
      `type Pair<T = number> = readonly [T, T?];\ntype F = (a: number, b?: [F]) => () => void;\ntype Table = { readonly [row in 'basket' | 'crate']?: Record<string, number> } & object;\n` +
        `interface Box extends Other.Box<number[], Pair<Pair>> { a?: typeof boxes.basket; 'b': -1 | 2, [key: string]: unknown }\n${rightAnswers}`,
    ],
    [
      'the length of a list',
      "const fruit = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];\n" +
        answersOf('{ down: fruit.length, across: 11 }', '{ down: 7, across: 13 }'),
    ],
    [
      'imports of types without the word type',
      `import { Table, type Box as B } from './t';\nimport * as all from './u';\nexport type { Table } from './t';\n${rightAnswers}`,
    ],
    [
      'no semicolons',
      'const a = 7\nconst b = 11\nexport const boxes = {\n basket: { down: a, across: b },\n crate: { down: a, across: 13 }\n}\n',
    ],
    ['CRLF', rightAnswers.replaceAll('\n', '\r\n')],
    ['a directive', `'use strict';\n${rightAnswers}`],
    ['two tables, the first as exported', `${rightAnswers}\nexport default { basket: {}, crate: {} };`],
  ];
  test.each(files)('may have %s', (_name, source) => {
    expect(valuesOf(source)).toEqual([7, 11, 7, 13]);
    const { boxes } = reallyRun(source) as { boxes: Record<string, Record<string, number>> };
    expect([boxes.basket?.down, boxes.basket?.across, boxes.crate?.down, boxes.crate?.across]).toEqual([
      7, 11, 7, 13,
    ]);
  });

  test('may export the table as its default', () => {
    expect(
      valuesOf('export default { basket: { down: 7, across: 11 }, crate: { down: 7, across: 13 } }'),
    ).toEqual([7, 11, 7, 13]);
  });

  test('that is the untouched stub is all blank', () => {
    expect(isUntouched(read(blankAnswers))).toBe(true);
    expect(isUntouched(read(rightAnswers))).toBe(false);
    // A stub of an earlier version has other names.
    const older = (value: string) => blankAnswers.replace('};', `  barrel: { down: ${value} },\n};`);
    expect(isUntouched(read(older('null')))).toBe(true);
    expect(isUntouched(read(older('7')))).toBe(false);
  });

  test('with rows or cells left out has blanks there', () => {
    expect(valuesOf('export const boxes = { basket: { down: undefined } };')).toEqual([
      'blank',
      'blank',
      'blank',
      'blank',
    ]);
  });
});

describe('a value that is no count costs its own cell only', () => {
  const values: [string, string, string][] = [
    ['"100"', 'cell/quoted', 'is in quotes; write it without them'],
    ['"1_000"', 'cell/quoted', 'is in quotes'],
    ['"10.0.0.3"', 'cell/text', 'is text, not a number'],
    ['"..."', 'cell/text', 'is text, not a number'],
    ["'7x11'", 'cell/shape-in-a-cell', 'looks like a whole shape'],
    ['"many"', 'cell/word', 'Write the number that it stands for.'],
    ['"perBox"', 'cell/word', 'is a word in quotes'],
    ['"a few more"', 'cell/text', 'is text, not a number'],
    ['"one hundred"', 'cell/number-word', 'Write it in digits'],
    ['"Twenty-five"', 'cell/number-word', 'is a number in words'],
    ['"4096/32"', 'cell/quoted', 'is in quotes; write it without them'],
    ['"4096/32 = 128"', 'cell/equation', 'Write one of the two'],
    ['`7`', 'cell/quoted', 'is in quotes'],
    ['100n', 'cell/bigint', 'Delete the n'],
    ['true', 'cell/boolean', 'is not a number'],
    ['[7, 11]', 'cell/list', 'without square brackets'],
    ['{ a: 7 }', 'cell/object', 'Write one number instead'],
    ['0', 'cell/too-small', 'must be 1 or more'],
    ['-7', 'cell/too-small', 'must be 1 or more'],
    ['4 - 4', 'cell/too-small', 'It comes to 0.'],
    ['3.5', 'cell/fraction', 'is not a whole number'],
    ['1 / 3', 'cell/fraction', 'It comes to 0.333'],
    ['NaN', 'cell/not-finite', 'not an ordinary number'],
    ['1e999', 'cell/not-finite', 'It comes to Infinity'],
    ['2 ** 60', 'cell/too-large', 'too large'],
    ['____', 'answers/placeholder', 'the gap to fill in'],
    ['Math.PI', 'answers/unknown-name', 'has no value here. Write the number.'],
    ['tokens', 'answers/unknown-name', 'There is no const called'],
    ['boxes.crate.down', 'answers/circular', 'refers to itself'],
    ['"7" * 1', 'answers/not-a-number', 'needs numbers, and this is a text in quotes'],
    ['null + 7', 'answers/not-a-number', 'needs numbers, and this is an empty value'],
    ['7n * 2', 'answers/not-a-number', 'a number with an n after it'],
    ['{ a: 7 } / 1', 'answers/not-a-number', 'add the name of the part after a dot'],
    ['[...7][0]', 'answers/spread', 'Three dots need a list here'],
    ['4.096', 'cell/fraction', 'If the point separates thousands, delete it.'],
    ['"4,096"', 'cell/quoted', 'Write its digits alone.'],
    ['{ a: 1 }.b', 'answers/no-member', 'is not a part of this value'],
    ['7 boxes', 'answers/unit', 'Leave out the unit'],
  ];
  test.each(values)('%j', (written, code, says) => {
    const cell = cellOf(written);
    expect(cell).toMatchObject({ kind: 'invalid', reason: { code } });
    expect(cell?.kind === 'invalid' && cell.reason.text).toContain(says);
    expect(
      valuesOf(answersOf(`{ down: ${written}, across: 11 }`, '{ down: 7, across: 13 }')).slice(1),
    ).toEqual([11, 7, 13]);
  });

  test('a row that is no object costs both of its cells', () => {
    expect(valuesOf(answersOf('[7, 11]', '{ down: 7, across: 13 }'))).toEqual(['invalid', 'invalid', 7, 13]);
    expect(valuesOf(answersOf('77', '{ down: 7, across: 13 }'))).toEqual(['invalid', 'invalid', 7, 13]);
  });

  test('an imported value', () => {
    expect(cellOf('n', "import { n } from './elsewhere';\n")).toMatchObject({
      kind: 'invalid',
      reason: { code: 'answers/imported' },
    });
  });

  test('a const below the table', () => {
    expect(
      valuesOf(`${answersOf('{ down: n, across: 11 }', '{ down: 7, across: 13 }')}const n = 7;`),
    ).toEqual(['invalid', 11, 7, 13]);
  });
});

describe('a name that the worksheet does not have', () => {
  test('is reported with the one that was probably meant, and its cells say so', () => {
    const answers = read(
      'export const boxes = { baskett: { down: 7, across: 11 }, crate: { Down: 7, across: 13 } };',
    );
    expect(answers.problems).toEqual([]);
    expect(cellAt(answers, 'basket', 'down')).toMatchObject({
      kind: 'invalid',
      reason: { code: 'answers/misspelled-row', quotes: { name: 'baskett' } },
    });
    expect(cellAt(answers, 'crate', 'down')).toMatchObject({
      kind: 'invalid',
      reason: { text: expect.stringContaining('Write down instead of') },
    });
    expect(cellAt(answers, 'crate', 'across')).toMatchObject({ kind: 'value', value: 13 });
  });

  test('is passed over with a word where nothing like it exists', () => {
    const problem = problemOf(`${rightAnswers.slice(0, -3)}  elephants: { down: 1 },\n};`);
    expect(problem).toMatchObject({
      reason: { code: 'answers/unknown-row', quotes: { name: 'elephants' } },
      location: { line: 4, column: 3 },
    });
  });
});

describe('an ordinary slip is named, with its line and its fix', () => {
  const row = (text: string) =>
    `export const boxes = {\n  basket: { ${text} },\n  crate: { down: 7, across: 13 },\n};\n`;
  const table = (...lines: string[]) =>
    `export const boxes = {\n${lines.map((line) => `  ${line}\n`).join('')}};\n`;
  const basket = 'basket: { down: 7, across: 11 },';
  const crate = 'crate: { down: 7, across: 13 },';
  const slips: [string, string, string, string][] = [
    ['a missing comma', row('down: 7 across: 11'), '2:20', 'A comma is missing after'],
    [
      'a missing comma between rows',
      table('basket: { down: 7, across: 11 }', crate),
      '2:34',
      'A comma is missing after',
    ],
    [
      'a missing closing brace',
      table('basket: { down: 7, across: 11,', crate),
      '2:11',
      'is not closed before',
    ],
    [
      'a missing last brace',
      `export const boxes = {\n  ${basket}\n`,
      '2:35',
      'A } is missing here: the { of line 1 is never closed',
    ],
    [
      'a lone semicolon at the end',
      `export const boxes = {\n  ${basket}\n;\n`,
      '2:35',
      'A } is missing here',
    ],
    [
      'a brace too many in a row',
      table('basket: { down: 7, across: 11 } },', crate),
      '2:35',
      'There is an extra } here',
    ],
    ['a brace too many on its own line', table(basket, '}', crate), '3:3', 'There is an extra } here'],
    [
      'a brace too many in the last row',
      table(basket, 'crate: { down: 7, across: 13 } },'),
      '3:34',
      'There is an extra } here',
    ],
    [
      'a comma for the last semicolon',
      table(basket, crate).replace('};', '},'),
      '4:2',
      'write a semicolon instead of this comma',
    ],
    ['a brace too many at the end', `${table(basket, crate)}};`, '5:1', 'There is an extra } here'],
    [
      'a missing opening brace',
      table('basket: down: 7, across: 11 },', crate),
      '2:11',
      'write a number, or { where an object begins',
    ],
    ['a table without its brace', `export const boxes =\n  ${basket}\n`, '1:21', 'A { is missing here'],
    ['a round bracket for a brace', row('down: 7, across: 11 )'), '2:33', 'Write } instead'],
    ['a number beside null', row('down: null 7'), '2:19', 'Delete the word null and keep the number'],
    ['a number glued to null', row('down: 7null'), '2:19', 'Delete the word null and keep the number'],
    ['null made equal to a number', row('down: null = 7'), '2:24', 'keep the number'],
    ['two numbers in a cell', row('down: 7 11'), '2:19', 'There are two numbers side by side'],
    ['a shape in a cell', row('down: 7x11'), '2:19', 'looks like a whole shape'],
    ['a spaced shape in a cell', row('down: 7 x 11'), '2:19', 'looks like a whole shape'],
    ['a shape with a real times sign', row('down: 7×11'), '2:19', 'looks like a whole shape'],
    ['a comma in a number', row('down: 4,096'), '2:19', 'is split inside the number'],
    [
      'a comma in a number without a zero',
      row('down: 1,234, across: 11'),
      '2:19',
      'is split inside the number',
    ],
    ['a space in a number', row('down: 4 096'), '2:19', 'is split inside the number'],
    ['a thin space in a number', row('down: 4\u2009096'), '2:19', 'is split inside the number'],
    ['an apostrophe in a number', row("down: 4'096"), '2:19', 'is split inside the number'],
    ['a leading zero', row('down: 07'), '2:19', 'starts with a zero'],
    ['a unit after a number', row('down: 7px'), '2:19', 'cannot be read as a number'],
    ['words for a number', row('down: one hundred'), '2:19', 'Write one number, in digits.'],
    ['two words after a number', row('down: 7 boxes high'), '2:21', 'Only a number belongs here. Delete'],
    [
      'an equals sign after default',
      'export default = { basket: { down: 7, across: 11 } };',
      '1:16',
      'Delete the equals sign',
    ],
    [
      'a semicolon for a comma',
      row('down: 7; across: 11'),
      '2:20',
      'Write a comma instead of this semicolon.',
    ],
    ['a comma too many', row('down: 7,, across: 11'), '2:21', 'an extra comma'],
    ['no value', row('down: , across: 11'), '2:13', 'has no value'],
    ['no value at the end', row('down: 7, across:'), '2:22', 'has no value'],
    ['no value before the next name', row('down: across: 11'), '2:19', 'A value is missing before'],
    ['no colon', row('down 7'), '2:17', 'A colon is missing after'],
    ['numbers without names', row('7, 11'), '2:13', 'has no name'],
    ['an equals sign for a colon', row('down = 7'), '2:18', 'Write a colon instead of'],
    ['an arrow for a colon', row('down => 7'), '2:18', 'Write a colon instead of'],
    ['both sides of an equation', row('down: 4096 / 32 = 128'), '2:29', 'Keep only one side'],
    ['a question mark', row('down: ?'), '2:19', 'A question mark is not a value'],
    ['question marks', row('down: ???'), '2:19', 'A question mark is not a value'],
    ['dots', row('down: …'), '2:19', 'Write a number, or null'],
    ['a division sign', row('down: 4096÷32'), '2:23', 'To divide, write /'],
    ['a typographic minus', row('down: 9 − 2'), '2:21', 'Write the plain minus sign'],
    ['curly quotes', row('down: “7”'), '2:19', 'curly quotation mark'],
    ['digits of another script', row('down: ٧'), '2:19', 'is not one of 0 to 9'],
    ['a full-width comma', row('down: 7，across: 11'), '2:20', 'Write the plain comma'],
    ['an invisible character', row('down: 7\u200b, across: 11'), '2:20', 'There is an invisible character'],
    ['an unclosed text', row('down: "7'), '2:19', 'no other on this line'],
    [
      'parentheses for braces',
      table('basket: ( down: 7, across: 11 ),', crate),
      '2:11',
      'write { instead of (',
    ],
    ['a row in parentheses', table('basket: (7, 11),', crate), '2:11', 'write { instead of ('],
    ['a note after a number', row('down: 7 (per box), across: 11'), '2:21', 'Delete the parentheses after'],
    ['a question mark after a number', row('down: 7?, across: 11'), '2:20', 'A question mark is not a value'],
    ['a number sign', row('down: #7'), '2:19', 'Write a number, or null'],
    ['a type before a number', row('down: <number>7'), '2:19', 'Delete the type in < and >'],
    ['a power with the wrong sign', row('down: 2^7'), '2:20', 'For a power, write **.'],
    ['a shift', row('down: 1 >> 2'), '2:21', 'is not supported here'],
    ['a colon for a division', row('down: 4096 : 32'), '2:24', 'To divide, write /'],
    ['two strokes for a division', row('down: 4096//32'), '2:23', 'To divide, write one /.'],
    [
      'a brace behind a comment',
      table('basket: { down: 7, across: 11 // eleven },', crate),
      '2:33',
      'Move the closing bracket before it.',
    ],
    [
      'a value behind a comment',
      table('basket: { down: 7, across: // 11 },', crate),
      '2:30',
      'Move the closing bracket before it.',
    ],
    ['a mark that opens a text after a number', row("down: 7'"), '2:20', 'Delete it if this is a number'],
    ['a digit of another width in a number', row('down: 1０'), '2:20', 'is not one of 0 to 9'],
    ['a full-width bracket', row('down: （7)'), '2:19', 'Write the plain ('],
    ['a const inside of the table', table('const n = 7;', basket), '2:3', 'Move it above the table.'],
    ['printing inside of the table', table(basket, 'console.log(1);'), '3:3', 'Move it above the table.'],
    [
      'a bracket for a brace on its own line',
      table('basket: {', '  down: 7,', '),', crate),
      '4:3',
      'Write } instead',
    ],
    [
      'a last row that is not closed',
      table(basket, 'crate: {', '  down: 7,', '  across: 13'),
      '5:15',
      'the { of line 3 is never closed',
    ],
    [
      'a missing comma in a table without indentation',
      'export const boxes = {\nbasket: { down: 7, across: 11 }\ncrate: { down: 7, across: 13 },\n};\n',
      '2:32',
      'A comma is missing after',
    ],
    [
      'a comma for a semicolon before a line of another kind',
      `const n = 7,\n${rightAnswers}`,
      '1:12',
      'write a semicolon instead of this comma',
    ],
    [
      'a comma and a semicolon at the end',
      rightAnswers.replace('};', '},;'),
      '4:2',
      'write a semicolon instead of this comma',
    ],
    ['two braces at the end', rightAnswers.replace('};', '}}'), '4:2', 'There is an extra } here'],
    [
      'a table without its name',
      '{ basket: { down: 7, across: 11 } }',
      '1:1',
      'begins with the words export const',
    ],
    [
      'a table that is assigned to exports',
      'exports.boxes = { basket: { down: 7 } };',
      '1:1',
      'begins with the words export const',
    ],
    [
      'a number on a line of its own',
      `${rightAnswers}\n77\n`,
      '6:1',
      'Delete this line, or put // before it.',
    ],
    ['an unclosed comment', '/* here\nexport const boxes = {};', '1:1', 'never ends'],
    [
      'a comment with the wrong sign',
      table('# the basket', basket),
      '2:3',
      'A comment starts with two slashes.',
    ],
    [
      'a merge conflict',
      table('<<<<<<< HEAD', basket, '=======', basket, '>>>>>>> other').replaceAll(/^ {2}(?=[<=>])/gm, ''),
      '2:1',
      'marks of a merge conflict',
    ],
    [
      'what is left of a merge conflict',
      table(basket, '>>>>>>> other', crate).replaceAll(/^ {2}(?=>)/gm, ''),
      '3:1',
      'marks of a merge conflict',
    ],
    [
      'no export const',
      'boxes: Boxes = { basket: { down: 7 } };',
      '1:1',
      'begins with the words export const',
    ],
    [
      'an export without the word const',
      rightAnswers.replace('const ', ''),
      '1:8',
      'Write the word const before',
    ],
    ['a const without the word', `n = 7;\n${rightAnswers}`, '1:1', 'Write the word const before'],
    [
      'a capital where none belongs',
      rightAnswers.replace('export', 'Export'),
      '1:1',
      'Write export instead of',
    ],
    [
      'a sentence above the table',
      `Hello there\n${rightAnswers}`,
      '1:1',
      'Delete this line, or put // before it.',
    ],
    [
      'a cut-off file',
      'export const boxes = {\n  basket: { down: ',
      '2:19',
      'The file ends where a value should be',
    ],
    ['a table under a wrong name', rightAnswers.replace('boxes', 'boxs'), '1:14', 'Call it boxes.'],
    [
      'a table that is not exported',
      rightAnswers.replace('export ', ''),
      '1:7',
      'The word export is missing',
    ],
    ['a table that is no object', 'export const boxes = [1, 2];', '1:14', 'has to be an object in braces'],
  ];
  test.each(slips)('%s', (_name, source, at, says) => {
    const [line, column] = at.split(':').map(Number);
    const problem = problemOf(source);
    expect(problem?.location).toEqual({ file: 'work/boxes.ts', line, column });
    expect(problem?.reason.text).toContain(says);
    expect(problem?.reason.next).toContain(`fix line ${line}`);
    expect(valuesOf(source)).toEqual(['invalid', 'invalid', 'invalid', 'invalid']);
  });

  test.each([
    ['an empty file', '', 'answers/empty'],
    ['rich text', '{\\rtf1\\ansi export const boxes = 7;}', 'answers/rich-text'],
  ])('%s is told as such, and of no line', (_name, source, code) => {
    const problem = problemOf(source);
    expect(problem).toMatchObject({ location: { line: 1, column: 1 }, reason: { code } });
    expect([problem?.reason.next, problem?.excerpt]).toEqual([undefined, undefined]);
  });

  test.each(slips)(
    '%s is shown with its line, and a line to write in its place fixes it',
    (_name, source) => {
      const { location, excerpt } = problemOf(source) ?? {};
      const lines = source.split('\n');
      const line = lines[(location?.line ?? 0) - 1] ?? '';
      expect(excerpt?.line.slice(excerpt.column - 1)).toBe(line.slice((location?.column ?? 0) - 1).trimEnd());
      if (excerpt?.corrected === undefined) return;
      lines[(location?.line ?? 0) - 1] = line.replace(excerpt.line, () => excerpt.corrected ?? '');
      const next = read(lines.join('\n')).problems[0]?.location;
      const isLater =
        next === undefined ||
        next.line > (location?.line ?? 0) ||
        (next.line === location?.line && next.column > (location?.column ?? 0));
      expect({ corrected: excerpt.corrected, isLater }).toMatchObject({ isLater: true });
    },
  );

  test('many slips have a line to write in their place, and ambiguous ones have none', () => {
    const correctedOf = (source: string) => problemOf(source)?.excerpt?.corrected;
    expect(correctedOf(row('down: 7 across: 11'))).toBe('basket: { down: 7, across: 11 },');
    expect(correctedOf(row('down： 7， across： 11'))).toBe('basket: { down: 7, across: 11 },');
    expect(correctedOf(row('down: null 7'))).toBe('basket: { down: 7 },');
    expect(correctedOf(row('down: 4096//32'))).toBe('basket: { down: 4096/32 },');
    expect(correctedOf(table('basket: { down: 4096 // 32, across: 11 },', '// the crate', crate))).toBe(
      'basket: { down: 4096 / 32, across: 11 },',
    );
    expect(correctedOf(row('down: null across: 11'))).toBe('basket: { down: null, across: 11 },');
    expect(correctedOf(row('down: n across: 11'))).toBe('basket: { down: n, across: 11 },');
    expect(correctedOf(row('down: 4,096'))).toBeUndefined();
    expect(correctedOf(row('down: 7 11'))).toBeUndefined();
    // What would be another slip on the same line fixes nothing.
    for (const slip of ['down: 7), across: 11', 'down: 7;, across: 11', 'down: null 4,096', 'down: 5’10”'])
      expect(correctedOf(row(slip))).toBeUndefined();
  });

  test('a slip in a cell is shown in the same way', () => {
    expect(cellOf('"7"')).toMatchObject({
      excerpt: {
        line: 'basket: { down: "7", across: 11 },',
        column: 17,
        corrected: 'basket: { down: 7, across: 11 },',
      },
    });
    expect(cellOf('7n')).toMatchObject({ excerpt: { corrected: 'basket: { down: 7, across: 11 },' } });
    for (const odd of ['"0128"', '"128//32"', '"3*)("', '"2026-01-02"'])
      expect(cellOf(odd)).not.toMatchObject({ excerpt: { corrected: expect.anything() } });
    expect(cellOf('"a"')).toMatchObject({ reason: { code: 'cell/word' } });
    expect(cellOf('"many"')).not.toMatchObject({ excerpt: { corrected: expect.anything() } });
  });

  test('a long line is cut around the place', () => {
    const others = Array.from({ length: 200 }, (_, index) => `x${index}: 1, `);
    const far = `basket: { ${others.join('')}down: 7 across: 11 },`;
    const { excerpt } = problemOf(table(far)) ?? {};
    expect(excerpt?.line.length).toBeLessThan(80);
    expect(excerpt?.line.slice(0, (excerpt?.column ?? 0) - 1)).toMatch(/down: 7$/);
    expect(excerpt?.corrected).toContain('down: 7, across: 11');
  });
});

describe('what would have to run, or could be read in two ways, costs the file', () => {
  const refused: [string, string, string][] = [
    ['let', rightAnswers.replace('const', 'let'), 'answers/use-const'],
    ['var', `var n = 7;\n${rightAnswers}`, 'answers/use-const'],
    ['an assignment afterwards', `${rightAnswers}boxes.basket.down = 7;`, 'answers/assignment'],
    ['an increment afterwards', `${rightAnswers}boxes.basket.down++;`, 'answers/assignment'],
    [
      'an increment on a line of its own',
      `${rightAnswers.slice(0, -2)}\n++boxes.basket.down`,
      'answers/assignment',
    ],
    ['a printed assignment', `${rightAnswers}console.log(boxes.basket.down = 7);`, 'answers/not-data'],
    [
      'a printed call',
      `${rightAnswers}console.log(Object.assign(boxes.basket, { down: 99 }));`,
      'answers/not-data',
    ],
    ['a call', `${rightAnswers}process.exit(0);`, 'answers/not-data'],
    ['a loop', `${rightAnswers}for (;;) {}`, 'answers/not-data'],
    [
      'a function that nothing uses',
      `function half(n: number): number { return n / 2; }\n${rightAnswers}`,
      'answers/not-data',
    ],
    [
      'an arrow function that nothing uses',
      `const twice = (n: number) => n * 2;\n${rightAnswers}`,
      'answers/not-data',
    ],
    ['an import of code', `import './elsewhere';\n${rightAnswers}`, 'answers/another-file'],
    ['an export of what there is not', `${rightAnswers}export { nothing };`, 'answers/unknown-export'],
    ['a table printed with columns', `${rightAnswers}console.table(boxes, 'down');`, 'answers/not-data'],
    ['a name of the language', `const Math = { floor: 7 };\n${rightAnswers}`, 'answers/taken-name'],
    [
      'a calculation after a type',
      answersOf('{ down: 8 as number * 2, across: 11 }', 'null'),
      'answers/type-in-arithmetic',
    ],
    ['a list in parentheses', answersOf('(7, 11)', 'null'), 'answers/round-brackets'],
    ['__proto__', answersOf('{ __proto__: { down: 7 }, across: 11 }', 'null'), 'answers/proto'],
    ['a quoted __proto__', answersOf('{ "__proto__": { down: 7 }, across: 11 }', 'null'), 'answers/proto'],
    ['a name given twice', answersOf('{ down: 7, down: 8 }', 'null'), 'answers/duplicate-key'],
    [
      'a row given twice',
      'export const boxes = { basket: { down: 7 }, basket: { down: 8 } };',
      'answers/duplicate-key',
    ],
    ['a const given twice', `const n = 7;\nconst n = 8;\n${rightAnswers}`, 'answers/duplicate-name'],
    ['an export given twice', `${rightAnswers}export { boxes };`, 'answers/duplicate-export'],
    ['destructuring', `const { n } = { n: 7 };\n${rightAnswers}`, 'answers/destructuring'],
    ['an enum', `enum N { A = 7 }\n${rightAnswers}`, 'answers/not-data'],
    ['a class', `class N {}\n${rightAnswers}`, 'answers/not-data'],
    ['a table in another file', "export { boxes } from './elsewhere';", 'answers/another-file'],
    ['all of another file', "export * from './elsewhere';", 'answers/another-file'],
    ['a signed power', answersOf('{ down: -2 ** 2, across: 11 }', 'null'), 'answers/signed-power'],
    ['a regular expression', answersOf('{ down: /7/, across: 11 }', 'null'), 'answers/unexpected'],
    [
      'a type assertion in angle brackets',
      answersOf('{ down: <number>7, across: 11 }', 'null'),
      'answers/angle-brackets',
    ],
    ['a NUL', answersOf('{ down: 7\0, across: 11 }', 'null'), 'answers/invisible-character'],
    ['a backslash in a name', answersOf('{ d\\u006fwn: 7, across: 11 }', 'null'), 'answers/look-alike'],
  ];
  test.each(refused)('%s', (_name, source, code) => {
    const problem = problemOf(source);
    expect(problem?.reason.code).toBe(code);
    expect(problem?.location?.line).toBeGreaterThan(0);
    expect(valuesOf(source)).toEqual(['invalid', 'invalid', 'invalid', 'invalid']);
  });
});

describe('code in a cell costs the file, and the message says what it is and what to write', () => {
  const code: [string, string][] = [
    ['half(14)', 'A call of a function'],
    ['(() => 7)()', 'A function'],
    ['() => 7', 'A function'],
    ['n => 7', 'A function'],
    ['(a: number, b = [1, 2]): number => a', 'A function'],
    ['(r, c) => ({ down: r })', 'A function'],
    ['(a = 1) => a', 'A function'],
    ['() => 1', 'A function'],
    ['async (a) => { await a; }', 'A function'],
    ['function () { return { down: 7 }; }', 'A function'],
    ['class { static down = 7; }', 'A class'],
    ['new Number(7)', 'Making an object with new'],
    ['true ? 7 : { a: [1, 2] }', 'A choice with ? and :'],
    ['boxes?.crate', 'The sign ?.'],
    ['tag`7`', 'A call of a function'],
    [`\`\${3 + 4}\``, 'Text in backticks with values in it'],
    ['typeof 7', 'The word typeof'],
    ['Math.random()', 'Math.{name} is not supported here.'],
    ['1 << 3', 'The sign {operator} is not supported here.'],
    ['7 > 3', 'The sign {operator} is not supported here.'],
    ['7 || 3', 'The sign {operator} is not supported here.'],
    ['!7', 'The sign {operator} is not supported here.'],
    ['n++', 'Changing a value later'],
    ['n += 7', 'Changing a value later'],
    ['delete n.a', 'Deleting a part of a value'],
    ['7, get up() { return 7; }', 'A getter or setter'],
    ['7, up() { return 7; }', 'A function'],
    ['7, async up() { return 7; }', 'A function'],
  ];
  test.each(code)('%j', (written, says) => {
    const source = answersOf(`{ down: ${written}, across: 11 }`, '{ down: 7, across: 13 }');
    const { reason, location } = problemOf(source) ?? {};
    expect(reason?.text).toContain(says);
    expect(reason?.text).toMatch(/Write|Delete/);
    expect(location?.line).toBe(2);
    expect(valuesOf(source)).toEqual(['invalid', 'invalid', 'invalid', 'invalid']);
  });
});

test('code in a line that no answer depends on is to be deleted, and with it what it is', () => {
  for (const line of [
    'console.log(JSON.stringify(boxes));',
    'console.log(boxes.basket?.down);',
    'console.log(boxes.basket.down === 7);',
    'console.log;',
    'process.exit(0);',
  ])
    expect(problemOf(`${rightAnswers}${line}`)).toMatchObject({
      reason: {
        text: expect.stringMatching(
          /^This line is program code, and this file is only read. Delete the line./,
        ),
      },
      location: { line: 5, column: 1 },
    });
  expect(problemOf(`import './code';\n${rightAnswers}`)?.reason.text).toContain('Delete this line.');
  expect(problemOf(`export function f() {}\n${rightAnswers}`)?.reason.text).toContain('Delete it');
});

test('a name that is nearly a const’s is told which one', () => {
  const read = cellOf('wdth', 'const width = 7;\n');
  expect(read?.kind === 'invalid' && read.reason).toMatchObject({
    text: 'There is no const called {unknown}. Did you mean {meant}?',
    quotes: { unknown: 'wdth', meant: 'width' },
  });
});

describe('what TypeScript takes for something else is not read as a number', () => {
  test.each([
    ['a comparison after a type', answersOf('{ down: 8 as number < 5, across: 3 > -4 }', 'null')],
    ['a generator’s star', answersOf('{ *down: 7, across: 11 }', 'null')],
    ['a word of the language as a name', answersOf('{ down: 7, across: 11, if }', 'null')],
    ['a default export above its const', 'export default boxes;\nconst boxes = { basket: { down: 7 } };'],
  ])('%s', (_name, source) => {
    expect(valuesOf(source)[0]).toBe('invalid');
  });
});

describe('a file made to be slow or large is refused or read like any other', () => {
  const size = 64 * 1024;
  const fill = (unit: string) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  const openings = [
    '(',
    '[',
    '{a:',
    '<T>(',
    'async(',
    '-',
    '!',
    '`${',
    'a?b:',
    'a=>',
    'f(',
    '...',
    '{...',
    'a.',
    'a[',
    '/*',
    '//',
    '"',
    '`',
    '1+',
    '2**',
    'as A<',
    'const a=',
    'a,',
    ';',
    '\\',
    '\u{1f600}',
    '٧',
    'a<b>',
    '((a)=>',
    '#[',
    '0_',
    '1e',
    'Math.max(',
    'function f(){',
    'get a(){',
  ];
  test.each(openings)('%j, over and over', (unit) => {
    for (const source of [
      fill(unit),
      `export const boxes = ${fill(unit)}`,
      answersOf(`{ down: ${fill(unit)} }`, 'null'),
    ]) {
      expect(read(source).rows.map(({ id, cells }) => [id, ...cells.map((cell) => cell.id)])).toEqual([
        ['basket', 'down', 'across'],
        ['crate', 'down', 'across'],
      ]);
    }
  });

  test('consts that double each other', () => {
    const doubled = Array.from({ length: 400 }, (_, n) => `const a${n + 1} = [...a${n}, ...a${n}];`).join(
      '\n',
    );
    expect(problemOf(`const a0 = [1, 2];\n${doubled}\nexport const boxes = a400;`)?.reason.code).toBe(
      'answers/too-large',
    );
  });

  test('a chain of consts as long as the file', () => {
    const chain = Array.from({ length: 1500 }, (_, n) => `const a${n + 1} = a${n};`).join('\n');
    expect(
      cellsOf(read(`const a0 = 7;\n${chain}\n${answersOf('{ down: a1500, across: 11 }', 'null')}`)).length,
    ).toBe(4);
  });
});
