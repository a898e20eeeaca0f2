import { cellsOf } from '../rubric/rubric';
import { type Case, casesIn } from '../testing/cases';
import { outcomeOfCell, outcomeOfFile } from '../testing/outcomes';
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

/** The `down` cell of the basket row, in a file where it is written as given. */
function cellOf(written: string, before = '') {
  return cellAt(
    read(`${before}${answersOf(`{ down: ${written}, across: 11 }`, '{ down: 7, across: 13 }')}`),
    'basket',
    'down',
  );
}

/** The values of all cells, in order. A cell without a value is represented by its kind. */
function valuesOf(source: string): unknown[] {
  return cellsOf(read(source)).map((cell) => (cell.kind === 'value' ? cell.value : cell.kind));
}

function problemOf(source: string) {
  const { problems } = read(source);
  expect(problems).toHaveLength(1);
  return problems[0];
}

const cells = casesIn('cells.txt');
const files = casesIn('files.txt');
const fileWith = (written: string) =>
  answersOf(`{ down: ${written}, across: 11 }`, '{ down: 7, across: 13 }');
const isProblem = ({ outcome }: Case) => /^\d+:\d+ /.test(outcome.result);
const hasNumbersOnly = ({ outcome }: Case) => /^[\d ]+$/.test(outcome.result);
const isInDefaultExport = ({ input }: Case) => input.includes('export default');

describe.each([...new Set(cells.map(({ section }) => section))])('%s', (section) => {
  const here = cells.filter((one) => one.section === section).map((one) => [one.name, one] as const);
  test.each(here)('%s', (_name, one) => {
    expect(outcomeOfCell(one.input)).toEqual(one.outcome);
    const others = isProblem(one) ? ['invalid', 'invalid', 'invalid'] : [11, 7, 13];
    expect(valuesOf(fileWith(one.input)).slice(1)).toEqual(others);
    if (!hasNumbersOnly(one)) return;
    const { boxes } = reallyRun(fileWith(one.input)) as { boxes: { basket: { down: number } } };
    expect(String(boxes.basket.down)).toBe(one.outcome.result);
  });
});

describe.each([...new Set(files.map(({ section }) => section))])('%s', (section) => {
  const here = files.filter((one) => one.section === section).map((one) => [one.name, one] as const);
  test.each(here)('%s', (_name, one) => {
    expect(outcomeOfFile(one.input)).toEqual(one.outcome);
    if (isProblem(one)) {
      expect(valuesOf(one.input)).toEqual(['invalid', 'invalid', 'invalid', 'invalid']);
    } else if (hasNumbersOnly(one) && !isInDefaultExport(one)) {
      const { boxes } = reallyRun(one.input) as { boxes: Record<string, Record<string, number>> };
      expect(
        [boxes.basket?.down, boxes.basket?.across, boxes.crate?.down, boxes.crate?.across].join(' '),
      ).toBe(one.outcome.result);
    }
  });
});

describe('a number', () => {
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
  test('a row that is no object costs both of its cells', () => {
    expect(valuesOf(answersOf('[7, 11]', '{ down: 7, across: 13 }'))).toEqual(['invalid', 'invalid', 7, 13]);
    expect(valuesOf(answersOf('77', '{ down: 7, across: 13 }'))).toEqual(['invalid', 'invalid', 7, 13]);
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
      reason: { code: 'answers/misspelled-column', quotes: { name: 'Down' } },
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
  const crate = 'crate: { down: 7, across: 13 },';

  test.each(files.filter(isProblem).map((one) => [one.name, one.input]))(
    '%s is shown with its line, and a line to write in its place fixes it',
    (_name, source) => {
      const { location, excerpt, reason } = problemOf(source) ?? {};
      // No line fixes an empty file or rich text, so none is shown.
      expect(excerpt === undefined).toBe(reason?.next === undefined);
      if (excerpt === undefined) return;
      const lines = source.split('\n');
      const line = lines[(location?.line ?? 0) - 1] ?? '';
      expect(excerpt.line.slice(excerpt.column - 1)).toBe(line.slice((location?.column ?? 0) - 1).trimEnd());
      if (excerpt.corrected === undefined) return;
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
    // A correction that leaves another slip on the same line is not offered.
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

describe('a file made to be slow or large is refused or read like any other', () => {
  const size = 64 * 1024;
  /** In milliseconds of processor time, the better of two tries, because other programs run beside a test. */
  const timeOf = (source: string) => {
    const once = () => {
      const start = process.cpuUsage();
      read(source);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
    return Math.min(once(), once());
  };
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
      expect(timeOf(source)).toBeLessThan(300);
    }
  });

  test('a chain of consts as long as the file', () => {
    const chain = Array.from({ length: 1500 }, (_, n) => `const a${n + 1} = a${n};`).join('\n');
    expect(
      cellsOf(read(`const a0 = 7;\n${chain}\n${answersOf('{ down: a1500, across: 11 }', 'null')}`)).length,
    ).toBe(4);
  });
});
