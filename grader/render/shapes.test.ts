import { renderPage } from '../class/pages/report';
import { statisticsOf } from '../class/pages/statistics';
import type { StudentResult } from '../class/results/student-result.schema';
import { score } from '../grading/score';
import { renderAnnotations } from '../hosts/github/host';
import type { KeyContent } from '../key/hints';
import { noKey, plainKey } from '../key/key';
import { parseRubric } from '../rubric/load';
import { type Rubric, rowsOf } from '../rubric/rubric';
import { readSubmission } from '../submission/submission';
import { asFoundFiles } from '../testing/grade';
import { renderMarkdown } from './markdown';
import { renderTerminal } from './terminal';
import { testsOf } from './tests';

/** A worksheet with one table, given its rows and columns in `rubric.yaml` syntax. */
function worksheetOf(rows: string, columns: string): Rubric {
  return parseRubric(
    `title: Shapes\nfile: work/a.ts\ntables:\n- export: t\n  points: 1\n  rows: [${rows}]\n  columns: [${columns}]\n`,
  );
}

/** An answer key in which every cell has one and the same right value. */
function contentOf(rubric: Rubric, value: number | string): KeyContent {
  return {
    expected: rowsOf(rubric).map(({ id, cells }) => ({
      id,
      cells: cells.map((cell) => ({ id: cell.id, value })),
    })),
    misconceptions: [],
    quantities: [],
    explanations: {},
  };
}

async function shown(rubric: Rubric, text: string, value: number | string = 7) {
  const key = plainKey(rubric, contentOf(rubric, value));
  const report = await score(rubric, readSubmission(asFoundFiles({ 'work/a.ts': text }), rubric), key);
  const result: StudentResult = {
    login: 'ada',
    key: 'ada',
    status: 'graded',
    enrolled: true,
    points: report.points,
    adjustments: [],
    report,
    responses: [],
    warnings: [],
  };
  return {
    report,
    terminal: renderTerminal(report, { hasColors: false }),
    markdown: renderMarkdown(report, { notes: [] }),
    page: renderPage(statisticsOf(rubric, [result]), {
      notes: [],
      vote: { reason: '' },
      explanations: {},
    }),
    annotations: renderAnnotations(report).join('\n'),
    tests: testsOf(report),
  };
}

const list = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index));

test('a worksheet of a single cell is one line everywhere', async () => {
  const rubric = worksheetOf('{ id: only, label: The only row }', '{ id: one, label: One }');
  const { terminal, markdown, page, tests } = await shown(rubric, 'export const t = { only: { one: 7 } };\n');
  expect(terminal).toContain('The only row');
  expect(terminal).toContain('7 correct');
  expect(terminal).toContain('1 of 1 point');
  expect(markdown).toContain('| The only row | ✓ correct ` 7 ` | 1 of 1 |');
  expect(page.match(/<strong>1<\/strong> of 1</g)).toHaveLength(1);
  expect(tests).toEqual([{ title: 'The only row · one' }]);
});

test('ten columns are stacked in a terminal of 80, and side by side in Markdown and on the page', async () => {
  const rubric = worksheetOf(
    list(8, (row) => `{ id: row${row}, label: Row number ${row} }`).join(', '),
    list(10, (column) => `{ id: col${column}, label: Column ${column} }`).join(', '),
  );
  const row = `{ ${list(10, (column) => `col${column}: ${column === 4 ? 8 : 7}`).join(', ')} }`;
  const { terminal, markdown, page } = await shown(rubric, `export const t = { row3: ${row} };\n`);
  for (const line of terminal.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(terminal).toMatch(/^Row number 3$/m);
  expect(terminal).toMatch(/^ {4}Points: 9 of 10$/m);
  expect(terminal).toMatch(/^ {4}Column 3: 7 correct$/m);
  expect(terminal).toMatch(/^ {4}Column 4: 8 wrong$/m);
  expect(terminal).toMatch(/^ {4}Row number 3 · column 4: “8” is not right here\./m);
  const line = markdown.split('\n').find((one) => one.includes('Row number 3')) ?? '';
  expect(line.split(' | ')).toHaveLength(12);
  expect(page.match(/<td class="wrong\d"/g)).toHaveLength(80);
});

test('a cell that a row does not have is a dash, costs nothing and is asked nowhere', async () => {
  const rubric = worksheetOf(
    '{ id: both, label: Both, heading: "First & last" }, { id: left, label: Left only, cells: { right: { void: true } } }',
    '{ id: left, label: Left }, { id: right, label: Right }',
  );
  expect(rubric.possible).toBe(3);
  const { terminal, markdown, page, report } = await shown(
    rubric,
    'export const t = { both: { left: 7, right: 7 }, left: { left: 7 } };\n',
  );
  expect(report.points).toBe(3);
  expect(terminal).toMatch(/^First & last$/m);
  expect(terminal).toMatch(/^Left only +7 correct +– +1 of 1$/m);
  expect(markdown).toContain('| **First \\& last** |  |  |  |');
  expect(markdown).toContain('| Left only | ✓ correct ` 7 ` | – | 1 of 1 |');
  expect(page).toMatch(/<th scope="rowgroup" colspan="\d">First &amp; last</);
  expect(page.match(/<td class="wrong\d"/g)).toHaveLength(3);
  expect(page).toContain('<td>–</td>');
  const unknown = await shown(rubric, 'export const t = { left: { left: 7, right: 9 } };\n');
  expect(unknown.report.problems.map(({ reason }) => reason.code)).toEqual(['answers/unknown-column']);
});

test('a table of several that is missing or broken costs itself alone', async () => {
  const rubric = parseRubric(`title: Two
file: work/a.ts
tables:
- { export: one, label: Table one, points: 1, rows: [{ id: a, label: A }], columns: [{ id: x, label: X }] }
- { export: two, label: Table two, points: 1, rows: [{ id: b, label: B }], columns: [{ id: x, label: X }] }
`);
  const right = await shown(
    rubric,
    'export const one = { a: { x: 7 } };\nexport const two = { b: { x: 7 } };\n',
  );
  expect(right.report.points).toBe(2);
  expect(right.terminal.indexOf('Table one')).toBeLessThan(right.terminal.indexOf('Table two'));
  for (const broken of [
    '',
    'export const two = 5;\n',
    'export default { b: { x: 7 } };\n',
    'export const tow = { b: { x: 7 } };\n',
  ]) {
    const { report, terminal, markdown, annotations, tests } = await shown(
      rubric,
      `export const one = { a: { x: 7 } };\n${broken}`,
    );
    expect([report.points, report.unreadable, report.problems.length]).toEqual([1, undefined, 1]);
    expect(terminal).toMatch(/^A +7 correct/m);
    expect(terminal).toContain('No cell of the table Table two counts yet.');
    expect(markdown).toContain('No cell of the table Table two counts yet');
    expect(annotations).toContain('No cell of the table Table two counts yet');
    expect(tests[1]).toMatchObject({ title: 'B · x', failure: expect.stringContaining('two') });
  }
  const lost = await shown(rubric, 'export const one = {');
  expect(lost.report).toMatchObject({ points: 0, unreadable: true });
});

const hostile = [
  '<img src=x onerror=alert(1)>',
  '::error::owned',
  '##[error]owned',
  '\\u202eabc\\u001b[31m',
  '| a | b | ` <b>',
  '[x](https://example.org)',
  'work/a.ts(1,2): error TS1: y',
];

test('a text that a student wrote is shown nowhere as it is', async () => {
  const rubric = worksheetOf('{ id: said, label: Said }', '{ id: word, label: Word, kind: text }');
  for (const text of hostile) {
    const all = await shown(
      rubric,
      `export const t = { said: { word: ${JSON.stringify(text).replaceAll('\\\\u', '\\u')} } };\n`,
      'yes',
    );
    expect(all.report.rows[0]?.cells[0]?.outcome).toBe('wrong');
    for (const rendered of [
      all.terminal,
      all.markdown,
      all.page,
      all.annotations,
      JSON.stringify(all.tests),
    ]) {
      // The commands in annotations are our own.
      const inside = rendered.replace(/^::warning /gm, '').replace(/(?<=title=[^:]*)::/g, '');
      for (const raw of ['\u202e', '\u001b', '::error', '##[error', '): error TS1:'])
        expect(inside).not.toContain(raw);
    }
    for (const rendered of [all.page, all.markdown.replaceAll(/`[^`]*`/g, '')])
      expect(rendered).not.toContain('<img');
    const line = all.markdown.split('\n').find((one) => one.startsWith('| Said')) ?? '';
    expect(line.split(/(?<!\\)\|/)).toHaveLength(5);
  }
});

test('without a key every kind of answer is filled in, and none is judged', async () => {
  const rubric = worksheetOf(
    '{ id: r, label: R }',
    '{ id: a, label: A, kind: text }, { id: b, label: B, kind: choice, options: [x, y] }, { id: c, label: C, kind: decimal, tolerance: 1% }',
  );
  const text = "export const t = { r: { a: 'some', b: 'Y', c: 1 / 3 } };\n";
  const report = await score(rubric, readSubmission(asFoundFiles({ 'work/a.ts': text }), rubric), noKey);
  expect(report.rows[0]?.cells.map(({ outcome, value }) => [outcome, value])).toEqual([
    ['ungraded', 'some'],
    ['ungraded', 'y'],
    ['ungraded', 1 / 3],
  ]);
});
