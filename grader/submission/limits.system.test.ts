import { cellsOf, type Rubric } from '../rubric/rubric';
import { rubric, withCell } from '../testing/worksheet';
import { readAnswers } from './cells';
import { maxFile } from './decode';
import { readReflection } from './reflection';

// Files at the size limit that are hard to read. The time they take depends on what else runs on the machine.

const openings =
  `( [ { {a: <T>( async( - ! \`\${ a?b: a=> f( ... {... a. a[ /* // " \` 1+ 2** a, \\ 😀 ٧ a<b> ((a)=>
as·A< #[ 0_ 1e Math.max( get·a(){ function·f(){ ;const·a=`.split(/\s/);

const timeOf = (source: string) => {
  const start = process.cpuUsage();
  expect(cellsOf(readAnswers(source, rubric))).toHaveLength(4);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
};

test('a cell of openings and pieces of code, as long as a quarter of a file, is read in linear time', () => {
  for (const unit of openings) {
    const source = withCell(unit.replace('·', ' ').repeat(maxFile / 4 / unit.length));
    // Other programs run at the same time, so the faster of two tries counts.
    const isFast = timeOf(source) < 100 || timeOf(source) < 100;
    expect({ unit, isFast }).toEqual({ unit, isFast: true });
  }
});

const right = withCell('7');
test.each<[where: string, around: (much: string) => string]>([
  ['in a comment before a slip', (much) => `// ${much.replaceAll('\n', ' ')}\n${withCell('2,048')}`],
  ['before the tables', (much) => `${much}\n${right}`],
  ['behind a word before them', (much) => `/ note${much}\n${right}`],
  ['behind them', (much) => `${right}${much}`],
  ['behind a slip', (much) => `${withCell('7 across: 11')}${much}`],
  ['in a cell with a text', (much) => withCell(JSON.stringify(much))],
])('a file that is full of one thing %s is read in linear time', (_where, around) => {
  for (const unit of [
    'x',
    'é',
    ' ',
    '\n',
    '{',
    '}',
    '1,',
    "'",
    '`',
    '//',
    'const x',
    'x: {',
    '},\n',
    '2,048 ',
    '1+',
    '-(',
  ]) {
    const source = around(unit.repeat((maxFile - 500) / Buffer.byteLength(unit)));
    const isFast = timeOf(source) < 400 || timeOf(source) < 400;
    expect({ unit, isFast }).toEqual({ unit, isFast: true });
  }
});

test('64 KiB of what is hard in Markdown are read like any other file', () => {
  const marks = '> *a_ [ ![]( ` <!-- -· 1.· \\ <a· <a·b=" |a \u0301 & <!---->¶ <div>¶ ~~~¶ [a]:·b¶'.split(
    ' ',
  );
  const grid = `|${'a|'.repeat(256)}\n|${'-|'.repeat(256)}\n${'|\n'.repeat(253)}\n`;
  // The most cells that fit into eight columns; the parser adds most of them.
  const narrow = `a|b|c|d|e|f|g|h\n${'-|'.repeat(8)}\n${'|\n'.repeat(8200)}`;
  for (const mark of [...marks, grid, narrow, '## Which fruit was the sweetest?\n']) {
    const unit = mark.replace('·', ' ').replace('¶', '\n');
    const text = unit.repeat(65_000 / unit.length);
    const notes = `## Which fruit was the sourest?\nLemons\n## Which fruit was the sweetest?\n\n${text}`;
    const start = process.cpuUsage();
    const { responses } = readReflection(notes, rubric.reflection as NonNullable<Rubric['reflection']>);
    const { user } = process.cpuUsage(start);
    expect([unit, responses.get('sourest')?.text]).toEqual([unit, expect.stringContaining('Lemons')]);
    expect([unit, user < 4_000_000]).toEqual([unit, true]);
  }
});
