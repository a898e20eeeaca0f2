import fc from 'fast-check';
import { seal } from '../authoring/release/sealed-facts';
import { score } from '../grading/score';
import { plainKey } from '../key/judge';
import type { KeyContent, Misconception } from '../key/known-answers';
import { sealedKey } from '../key/sealed-key';
import { cellsOf, rowsOf } from '../rubric/rubric';
import { readSubmission } from '../submission/submission';
import { asFoundFiles } from '../testing/grade';
import { tries } from '../testing/long';
import { rubricIn } from '../testing/worksheet';
import { decimalKind } from './decimal';
import type { Answer } from './kind';
import { kindOf, kindSettings, kinds, settingsOf } from './registry';
import { textKind } from './text';

test.each(['right', 'wrong'] as const)(
  'a key takes every %s example of every kind for that',
  async (side) => {
    const key = plainKey(rubric, content);
    const cells = (row: number) =>
      columns.map(({ id, [side]: all }) => `${id}: ${all[row % all.length]}`).join(', ');
    const rows = rowsOf(rubric).map(({ id }, row) => `  ${id}: { ${cells(row)} },`);
    const text = ['export const all = {', ...rows, '};'].join('\n');
    const files = asFoundFiles({ 'work/all.ts': text });
    const report = await score(rubric, readSubmission(files, rubric), key);
    // An unreadable file would have no right cell either.
    expect(report.problems).toEqual([]);
    const graded = cellsOf(report);
    const odd = graded.filter(({ outcome }) => (outcome === 'correct') !== (side === 'right'));
    expect(odd.map((cell) => ({ ...cell, line: text.split('\n')[(cell.location?.line ?? 1) - 1] }))).toEqual(
      [],
    );
    if (side === 'right')
      for (const { id, valueKind } of columns) {
        const answer = graded.find((cell) => cell.id === id)?.value;
        expect([id, typeof answer]).toEqual([id, valueKind]);
      }
  },
);

test('a decimal is shown with six digits, or with one behind the point where it has more before it', () => {
  const { print } = decimalKind.create({ tolerance: 1 });
  expect([1.23456789, 123_456.74, 1_234_567.25].map((value) => print(value))).toEqual([
    '1.23457',
    '123456.7',
    '1234567.3',
  ]);
});

test('a decimal as it is shown counts, however narrow its tolerance is', () => {
  const { print, matches } = decimalKind.create({ tolerance: 1e-8 });
  for (const value of [0.1234567, -98.76543219, 2 / 3])
    expect(matches(Number(print(value)), value)).toBe(true);
  expect(print(0.1234567)).toBe('0.1234567');
});

test('a decimal counts where exact fractions say that it is within the tolerance, and the sealed key finds it', () => {
  // Numerators of fractions with the common denominator `scale`.
  const scale = 10n ** 15n;
  const size = (value: bigint) => (value < 0n ? -value : value);
  const decimalOf = (value: bigint) =>
    Number(`${value < 0n ? '-' : ''}${size(value) / scale}.${String(size(value) % scale).padStart(15, '0')}`);
  const edge = fc.record({
    known: fc
      .tuple(fc.bigInt(-99_999n, 99_999n), fc.integer({ min: 0, max: 5 }))
      .map(([value, places]) => value * 10n ** BigInt(15 - places)),
    tolerance: fc.tuple(fc.integer({ min: 1, max: 499 }), fc.constantFrom(1, 10, 100, 1000)),
    isPart: fc.boolean(),
    side: fc.constantFrom(-1n, 1n),
    // Further off than rounding can get: one part in 10^11.
    beyond: fc.constantFrom(-1n, 0n, 1n),
  });
  fc.assert(
    fc.property(edge, ({ known, tolerance: [count, of], isPart, side, beyond }) => {
      const most = isPart
        ? (size(known) * BigInt(count)) / BigInt(of * 1000)
        : (BigInt(count) * scale) / BigInt(of);
      const answer = known + side * most + beyond * ((size(known) + most) / 10n ** 11n + 1n);
      const { matches, bucketOf, bucketsOf } = decimalKind.create({
        tolerance: isPart ? `${count / of / 10}%` : count / of,
      });
      const [one, other] = [decimalOf(answer), decimalOf(known)];
      const counts = size(answer - known) <= most;
      expect(matches(one, other)).toBe(counts);
      expect(bucketsOf(other).includes(bucketOf(one)) || !counts).toBe(true);
      // An interval is at least as long as the tolerance, so a value is in only a few.
      expect(new Set(bucketsOf(other)).size).toBeLessThanOrEqual(5);
    }),
    { numRuns: tries(3000) },
  );
});

test.each([
  ['star-fruit', 'star\u2011fruit', true],
  ['star-fruit', 'star\u2013fru\u200bit\u00ad', true],
  ["newton's", 'Newton\u2019s', true],
  ['the "big" one', 'The \u201cbig\u201d one', true],
  ['本当', '本当\u3002', true],
  ['c#', 'c', false],
  ['...', '?', false],
])('where the text %j is right, %j counts: %s', (right, typed, counts) => {
  const kind = textKind.create({});
  const read = kind.parse({ kind: 'string', value: typed, start: 0, end: 0 }, `'${typed}'`);
  expect(read).toMatchObject({ shown: typed });
  expect('value' in read && kind.matches(read.value, kind.answerOf(right) ?? '')).toBe(counts);
});

test('a number without quotes is corrected only where it is the text of an option', () => {
  const { parse } = kindOf({ kind: 'choice', settings: { options: ['2', 'more'] } });
  const typed = (value: number) => parse({ kind: 'number', value, start: 0, end: 1 }, String(value));
  expect([typed(2), typed(3)]).toMatchObject([{ corrected: "'2'" }, { corrected: undefined }]);
});

test('a text has from 1 to 200 characters, and none or more are told', () => {
  const read = (length: number) => {
    const value = 'a'.repeat(length);
    return textKind.create({}).parse({ kind: 'string', value, start: 0, end: 0 }, `'${value}'`);
  };
  expect(read(200)).toMatchObject({ shown: 'a'.repeat(200) });
  expect(read(201)).toMatchObject({ reason: { text: expect.stringContaining('200') } });
  expect(read(0)).toMatchObject({ reason: { code: expect.stringContaining('empty-text') } });
});

test('plain and sealed keys agree on every value and hint, also where tolerances overlap', async () => {
  const small = rubricWith(1, [
    '{ id: near, label: Near, kind: decimal, tolerance: 0.5 }',
    '{ id: part, label: Part, kind: decimal, tolerance: 10% }',
    '{ id: word, label: Word, kind: text }',
  ]);
  const value = fc.integer({ min: -12, max: 12 }).map((eighth) => eighth / 4);
  const row = fc.record({ near: value, part: value, word: fc.constantFrom('left', 'right') });
  const lone = fc
    .tuple(row, fc.constantFrom('near', 'part', 'word'))
    .map(([values, id]) => ({ [id]: values[id as 'near'] }));
  const id = fc.constantFrom('one', 'two', 'three');
  const course = fc.record({
    right: row,
    wrong: fc.array(fc.record({ values: fc.oneof(row, lone), id }), { maxLength: 4 }),
    quantities: fc.array(fc.record({ value, phrase: id }), { maxLength: 2 }),
    answers: fc.array(row, { minLength: 5, maxLength: 5 }),
  });
  const asCells = (values: Readonly<Record<string, Answer>>) =>
    Object.entries(values).map(([column, one]) => ({ id: column, value: one }));
  await fc.assert(
    fc.asyncProperty(course, async ({ right, wrong, quantities, answers }) => {
      const overlapping: KeyContent = {
        expected: [{ id: 'row0', cells: asCells(right) }],
        misconceptions: wrong.map(
          (one) => ({ ...one, row: 'row0', text: `About ${one.id}.` }) as Misconception,
        ),
        quantities,
        explanations: { row0: 'It is so.' },
      };
      const plain = plainKey(small, overlapping);
      const sealed = sealedKey(await seal(small, overlapping), small);
      for (const answer of [right, ...answers]) {
        const written = { id: 'row0', cells: asCells(answer) };
        expect(await sealed.judge(written)).toEqual(await plain.judge(written));
      }
    }),
    // Sealing is slow on purpose.
    { numRuns: tries(20) },
  );
});

test('two kinds with a setting of one name share what it means, or none of them can be used', () => {
  const percentage = {
    id: 'percentage',
    settings: { tolerance: { type: 'integer', description: 'points' } },
  };
  expect(() => settingsOf([...kinds, percentage])).toThrow('percentage has a setting tolerance that means');
  const { tolerance = { description: '' } } = decimalKind.settings;
  expect(settingsOf([...kinds, { ...percentage, settings: { tolerance } }])).toEqual(kindSettings);
});

/** Ways to write any answer of a type in TypeScript, and values that are not answers of that type. */
const written = {
  number: {
    spell: (value: Answer) => [
      ...[`${value}`, `+(${value})`, `${value} as number`, `${Number(value) * 2} / 2`, `- ${-value}`],
      ...[`Math.min(${value}, 1e15)`, Number(value).toExponential()],
    ],
    wrong: ['"seven"', 'true', '[1]', '7n', 'Infinity', "''", 'nobody', '1e400'],
  },
  string: {
    spell: (value: Answer) => [JSON.stringify(value), `'${value}'`, `('${value}')`],
    wrong: ['true', '[1]', '7n', 'Infinity', "''", 'nobody', '12', "'constructor'", "'__proto__'"],
  },
};

/** A column for each example of a kind. */
const columns = kinds.flatMap(({ id: kind, examples, create }) =>
  examples.map(({ settings, right, spellings, wrong }, index) => {
    const { valueKind } = create(settings);
    const { spell, wrong: anyWrong } = written[valueKind];
    const id = `${kind}${index}`;
    return {
      id,
      line: JSON.stringify({ id, label: id, kind, ...settings }),
      valueKind,
      answers: right,
      right: [...right.flatMap(spell), ...spellings],
      wrong: [...wrong, ...anyWrong],
    };
  }),
);

const rubricWith = (rows: number, columnLines: readonly string[]) =>
  rubricIn(`title: Every kind
file: work/all.ts
tables:
- export: all
  points: 1
  rows: [${Array.from({ length: rows }, (_, row) => `{ id: row${row}, label: Row ${row} }`).join(', ')}]
  columns: [${columnLines.join(', ')}]
`);

const rubric = rubricWith(
  Math.max(...columns.flatMap(({ right, wrong }) => [right.length, wrong.length])),
  columns.map(({ line }) => line),
);

const content: KeyContent = {
  expected: rowsOf(rubric).map((row) => ({
    id: row.id,
    cells: row.cells.map((cell) => {
      const right = columns.find(({ id }) => id === cell.id)?.answers ?? [];
      const [value = 0, ...alternatives] = right.map((answer) => kindOf(cell).answerOf(answer) as Answer);
      return { id: cell.id, value, alternatives };
    }),
  })),
  misconceptions: [],
  quantities: [],
  explanations: {},
};
