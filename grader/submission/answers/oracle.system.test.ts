import { parse } from '@babel/parser';
import fc from 'fast-check';
import { reallyRun } from '../../testing/really-run';
import { rubric } from '../../testing/worksheet';
import { readAnswers } from './read';

/** A number as it may be written, or a name of the constants above the table. */
const number = fc.oneof(
  fc.integer({ min: 0, max: 5000 }).map(String),
  fc.integer({ min: 0, max: 5000 }).map((n) => `0x${n.toString(16)}`),
  fc.integer({ min: 0, max: 9 }).map((n) => `${n}e2`),
  fc.constantFrom(
    '1_024',
    '.5',
    '4.',
    '0b101',
    '0o17',
    'base',
    'setting.width',
    'setting["height"]',
    'list[1]',
  ),
);

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    number,
    fc
      .tuple(tie('expression'), fc.constantFrom(' + ', ' - ', '*', '/', ' % '), tie('expression'))
      .map((parts) => parts.join('')),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `((${a}) ** (${b}))`),
    tie('expression').map((inner) => `(${inner})`),
    tie('expression').map((inner) => `+(${inner})`),
    tie('expression').map((inner) => `- ${inner}`),
    tie('expression').map((inner) => `(${inner})!`),
    tie('expression').map((inner) => `((${inner}) as number)`),
    fc
      .tuple(fc.constantFrom('floor', 'ceil', 'round', 'trunc', 'abs', 'sqrt', 'log2'), tie('expression'))
      .map(([f, a]) => `Math.${f}(${a})`),
    fc
      .tuple(fc.constantFrom('max', 'min', 'pow'), tie('expression'), tie('expression'))
      .map(([f, a, b]) => `Math.${f}(${a}, ${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `[${a}, ${b}][1]`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `({ a: ${a}, ...{ b: ${b} } }).b`),
  ),
}));

const key = (name: string) => fc.constantFrom(name, `'${name}'`, `"${name}"`, `['${name}']`);
const cell = fc.oneof(
  { weight: 6, arbitrary: expression },
  fc.constantFrom('NaN', 'undefined', 'null', '"7"', '[7]'),
);
const row = fc
  .tuple(key('down'), cell, key('across'), cell)
  .map(([a, b, c, d]) => `{ ${a}: ${b}, ${c}: ${d} }`);
const space = fc.constantFrom('', '\n', ' /* here */ ', ' // there\n');
const file = fc
  .tuple(
    expression,
    row,
    row,
    space,
    fc.constantFrom('export const boxes = ', 'export const boxes: object = ', 'const boxes = '),
  )
  .map(([base, basket, crate, gap, head]) => {
    const above = `const base = 3;\nconst setting = { width: base * 2, height: 40 } as const;\nconst list = [1, setting.width];\nconst free = ${base};\n`;
    const below = head.startsWith('export') ? '' : 'export { boxes };\n';
    return `${above}${head}{${gap} basket: ${basket},${gap} crate: { ...${crate}, free } };\n${below}`;
  });

interface Boxes {
  boxes?: Record<string, Record<string, unknown> | undefined>;
}

/** Every cell that was read as a value has to be that value when the file really runs. */
function expectSameAsRun(source: string): void {
  const { cells } = readAnswers(source, rubric.table);
  const { boxes } = reallyRun(source) as Boxes;
  for (const { row, column } of rubric.table.cells) {
    const read = cells.get(`${row}.${column}`);
    const run = boxes?.[row]?.[column];
    if (read?.is === 'value') expect(run).toBe(read.value);
    if (read?.is === 'blank') expect(run ?? null).toBeNull();
    if (read?.is === 'invalid') expect(Number.isSafeInteger(run) && Number(run) >= 1).toBe(false);
  }
}

test('a file reads as it would run, in spellings put together at random', () => {
  fc.assert(fc.property(file, expectSameAsRun), { numRuns: 1500 });
});

/** Lines that do something, or nothing, when they run; some change what the table reads. */
const action = fc.constantFrom(
  'console.log(list, setting.width);',
  'console.log(list.reverse());',
  'const half = (n: number) => (n + 1) / 2;',
  'function twice(n = 2) { let m = n; m *= 2; return m }',
  'const f = list.sort();',
  'const f = list.push(1), g = list.pop();',
  'const f = (() => { list[1] = 77; })();',
  'const f = () => { setting.width = 77 }; const g = f();',
  'const f = () => 1\n++list[1]',
  'const f = Object.assign(setting, { width: 77 });',
  'const f = [list].map((l) => l.reverse());',
  'const f = { get a() { list[1] = 77; return 1 } }; const g = { ...f };',
  'const f = new (class { constructor() { list[1] = 77 } })();',
  'const f = true ? list.fill(77) : 0;',
  `const f = \`\${list.fill(77)}\`;`,
  'const f = ((l) => { l[1] = 77 })(list);',
  'const f = [...list].reverse();',
  'const same = list; const f = same.reverse();',
  'const f = { list }; const g = f.list.reverse();',
  "const f = /[']/.test(''), g = list.fill(77), h = /[']/;",
  "const f = (() => { if (1) /'/.test(''); list[1] = 77; /'/ })();",
);

test('a file with code in it is refused, or reads as it would run', () => {
  const actions = fc.array(action, { minLength: 1, maxLength: 2 });
  const property = fc.property(file, actions, (source, lines) => {
    const withCode = source.replace('const free =', () => `${lines.join('\n')}\nconst free =`);
    const run = tryRun(withCode);
    if (run) for (const [id, value] of valuesOf(withCode)) expect(cellOf(run, id)).toBe(value);
  });
  fc.assert(property, { numRuns: 1500 });
});

test('a file with one random slip is refused, or Babel accepts it too and it reads as it would run', () => {
  const character = fc.constantFrom(...'(){}[],;:.\'"`=+-*/%!?<>&|^~@#\\$_ \n0179eExnabfo');
  const edit = fc.record({
    at: fc.nat(),
    cut: fc.constantFrom(0, 0, 1, 1, 2),
    put: fc.oneof(fc.constant(''), character),
  });
  const seen = { accepted: 0, costOneCell: 0, refused: 0 };
  const property = fc.property(file, edit, (source, { at, cut, put }) => {
    const start = at % source.length;
    const slipped = source.slice(0, start) + put + source.slice(start + cut);
    const values = valuesOf(slipped);
    if (values.size === 0) seen.refused++;
    else if (accepted(slipped)) {
      seen.accepted++;
      const run = tryRun(slipped);
      if (run) for (const [id, value] of values) expect(cellOf(run, id)).toBe(value);
    } else {
      // Something that is not data is passed over without being checked: the other cells stand as they did.
      seen.costOneCell++;
      const before = valuesOf(source);
      for (const [id, value] of values) expect(before.get(id)).toBe(value);
    }
  });
  fc.assert(property, { numRuns: 2500 });
  expect(seen.accepted).toBeGreaterThan(250);
  expect(seen.refused).toBeGreaterThan(250);
  expect(seen.costOneCell).toBeLessThan(seen.accepted / 10);
});

function valuesOf(source: string): Map<string, number> {
  const { cells } = readAnswers(source, rubric.table);
  return new Map([...cells].flatMap(([id, cell]) => (cell.is === 'value' ? [[id, cell.value]] : [])));
}

function cellOf({ boxes }: Boxes, id: string): unknown {
  const [row = '', column = ''] = id.split('.');
  return boxes?.[row]?.[column];
}

function accepted(source: string): boolean {
  try {
    parse(source, { sourceType: 'module', plugins: ['typescript'] });
    return true;
  } catch {
    return false;
  }
}

/** A file may read well and yet throw when run, at a const that no cell uses. */
function tryRun(source: string): Boxes | undefined {
  try {
    return reallyRun(source) as Boxes;
  } catch {
    return undefined;
  }
}
