import fc from 'fast-check';
import { seal } from '../authoring/release/seal';
import { score } from '../grading/score';
import type { ExpectedCell, KeyContent, Misconception } from '../key/hints';
import { type AnswerKey, plainKey } from '../key/key';
import { sealedKey } from '../key/sealed';
import { gradedCells } from '../render/status';
import { parseRubric } from '../rubric/load';
import { rowsOf } from '../rubric/rubric';
import { readSubmission } from '../submission/submission';
import { asFoundFiles } from '../testing/grade';
import { tries } from '../testing/long';
import { decimalKind } from './decimal';
import type { Answer } from './kind';
import { kindOf, kinds } from './registry';
import { textKind } from './text';

/** The right answer to a cell of one kind, with ways to write it correctly and incorrectly. */
interface Case {
  readonly right: Answer | readonly Answer[];
  /** TypeScript that evaluates to a right answer. */
  readonly spelling: fc.Arbitrary<string>;
  /** TypeScript that does not evaluate to a right answer. */
  readonly wrong: fc.Arbitrary<string>;
}

/** One of several ways to write a number in TypeScript. */
const spelled = (value: number): fc.Arbitrary<string> =>
  fc.constantFrom(
    String(value),
    `${value} `,
    `+(${value})`,
    `(${value})`,
    `${value} as number`,
    `${value} * 1`,
    `${value * 2} / 2`,
    `- ${value < 0 ? String(-value) : `-${value}`}`,
    `Math.min(${value}, 1e15)`,
    value.toExponential(),
    ...(Number.isInteger(value) && value >= 0
      ? [`0x${value.toString(16)}`, `0b${value.toString(2)}`, `${value}.0`, `${value}.`]
      : []),
    ...(Number.isInteger(value) && value > 9_999
      ? [String(value).replace(/(?<=\d)(?=(?:\d{3})+$)/g, '_')]
      : []),
  );

const quoted = (text: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    `'${text.replaceAll("'", "\\'")}'`,
    JSON.stringify(text),
    `\`${text.replaceAll('`', '\\`')}\``,
  );

/** A text with its letter case, spaces and Unicode normalization form varied. */
const disguised = (text: string): fc.Arbitrary<string> =>
  fc
    .record({
      upper: fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }),
      space: fc.constantFrom(' ', '  ', '\\t ', ' \\n'),
      around: fc.constantFrom('', ' ', '\\t'),
      form: fc.constantFrom('NFC', 'NFD'),
    })
    .map(({ upper, space, around, form }) => {
      const cased = [...text].map((letter, index) =>
        upper[index] ? letter.toUpperCase() : letter.toLowerCase(),
      );
      return `${around}${cased.join('').normalize(form).replaceAll(' ', space)}${around}`;
    })
    .chain((said) => fc.constantFrom(`"${said}"`, `'${said}'`));

const junk = fc.constantFrom(
  '"seven"',
  'true',
  '[1]',
  '{}',
  '7n',
  'Infinity',
  'NaN',
  '0 / 0',
  "''",
  'nobody',
  '1e400',
);
const number = (arbitrary: fc.Arbitrary<number>, isWrong: (value: number) => boolean) =>
  fc.oneof({ weight: 6, arbitrary: arbitrary.filter(isWrong).map(String) }, { weight: 1, arbitrary: junk });

/** Eighths, so that sums and differences of them are exact. */
const eighths = fc.integer({ min: -80_000, max: 80_000 }).map((value) => value / 8);

const casesByColumn: Readonly<
  Record<string, { readonly settings: string; readonly case: fc.Arbitrary<Case> }>
> = {
  count: {
    settings: '',
    case: fc.integer({ min: 1, max: 2 ** 40 }).map((right) => ({
      right,
      spelling: spelled(right),
      wrong: number(
        fc.oneof(fc.integer(), fc.constantFrom(right + 1, right - 1, -right, right + 0.5)),
        (v) => v !== right,
      ),
    })),
  },
  integer: {
    settings: 'kind: integer, ',
    case: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }).map((right) => ({
      right,
      spelling: spelled(right),
      wrong: number(
        fc.oneof(fc.integer(), fc.constantFrom(right + 1, -right, right - 0.5)),
        (v) => v !== right,
      ),
    })),
  },
  absolute: {
    settings: 'kind: decimal, tolerance: 0.375, unit: m, ',
    case: eighths.map((right) => ({
      right,
      spelling: fc
        .oneof(fc.constantFrom(-0.375, 0.375, 0, 1 / 3), fc.double({ min: -0.374, max: 0.374, noNaN: true }))
        .chain((off) => spelled(right + off)),
      wrong: number(
        fc.oneof(
          eighths,
          fc.constantFrom(right + 0.5, right - 0.5, right + 0.376, right - 0.376),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
        ),
        (value) => Math.abs(value - right) > 0.375,
      ),
    })),
  },
  relative: {
    settings: 'kind: decimal, tolerance: 2.5%, ',
    case: fc
      .oneof(eighths, fc.double({ min: 1e-200, max: 1e200, noNaN: true }))
      .filter((right) => right !== 0)
      .map((right) => ({
        right,
        spelling: fc
          .double({ min: -0.024_99, max: 0.024_99, noNaN: true })
          .map((off) => String(right * (1 + off))),
        wrong: number(
          fc.oneof(
            fc.constantFrom(0, -right, right * 1.0251, right * 0.9749, right * 2, right / 2),
            fc.double({ noNaN: true, noDefaultInfinity: true }),
          ),
          (value) => Math.abs(value / right - 1) > 0.025_001,
        ),
      })),
  },
  choice: {
    settings: "kind: choice, options: [More, 'far less', 'Größe', '2'], ",
    case: fc.constantFrom('More', 'far less', 'Größe', '2').map((right) => ({
      right,
      spelling: disguised(right),
      wrong: fc.oneof(
        fc
          .constantFrom('More', 'far less', 'Größe', '2', 'farless', 'Mor', '', 'more more')
          .filter((option) => option !== right)
          .chain(quoted),
        junk,
        fc.constant('2'),
      ),
    })),
  },
  text: {
    settings: 'kind: text, ',
    case: fc.constantFrom(['starfruit', 'star fruit'], ['Σίσυφος'], ['a  b']).map((right) => ({
      right,
      spelling: fc.constantFrom(...right).chain((text) => disguised(text.replace(/ +/g, ' '))),
      wrong: fc.oneof(
        fc
          .constantFrom('star-fruit', 'starfrui', 'xstarfruit', 'ab', 'constructor', '__proto__')
          .chain(quoted),
        junk,
        fc.constant('12'),
      ),
    })),
  },
};

const columns = Object.keys(casesByColumn);
const rowCount = 100;
const rubric = parseRubric(`title: Every kind
file: work/all.ts
tables:
- export: all
  points: 1
  rows: [${Array.from({ length: rowCount }, (_, index) => `{ id: row${index}, label: Row ${index} }`).join(', ')}]
  columns: [${columns.map((id) => `{ id: ${id}, ${casesByColumn[id]?.settings}label: ${id} }`).join(', ')}]
`);

/** A case for each cell, the same in every run. */
const cases = rowsOf(rubric).map(({ id, cells }, row) => ({
  id,
  cells: cells.map((cell, column) => {
    const all =
      casesByColumn[cell.id]?.case ?? fc.constant({ right: 1, spelling: fc.constant('1'), wrong: junk });
    const [found] = fc.sample(all, { seed: row * 31 + column, numRuns: 1 });
    return { id: cell.id, ...(found as Case) };
  }),
}));

/** The expected cell that an author's `derive` would give, in the form that the grader takes. */
function expectedOf(id: string, right: Case['right']): ExpectedCell {
  const rubricCell = rowsOf(rubric)[0]?.cells.find((cell) => cell.id === id);
  const [value = 0, ...alternatives] = (Array.isArray(right) ? right : [right]).map(
    (answer) => (rubricCell && kindOf(rubricCell).answerOf(answer)) ?? 0,
  );
  return { id, value, ...(alternatives.length > 0 && { alternatives }) };
}

const content: KeyContent = {
  expected: cases.map(({ id, cells }) => ({
    id,
    cells: cells.map((cell) => expectedOf(cell.id, cell.right)),
  })),
  misconceptions: [],
  quantities: [],
  explanations: {},
};

const keys: Record<string, AnswerKey> = {};
beforeAll(async () => {
  keys.plain = plainKey(rubric, content);
  keys.sealed = sealedKey(await seal(rubric, content), rubric);
});

/** A worksheet in which each cell holds one of its right or wrong spellings. */
function worksheet(which: 'spelling' | 'wrong', seed: number): string {
  const rows = cases.map(({ id, cells }, row) => {
    const entries = cells.map((cell, column) => {
      const [written] = fc.sample(cell[which], { seed: seed * 7919 + row * 31 + column, numRuns: 1 });
      return `${cell.id}: ${written}`;
    });
    return `  ${id}: { ${entries.join(', ')} },\n`;
  });
  return `export const all = {\n${rows.join('')}};\n`;
}

const seeds = Array.from({ length: tries(10) }, (_, index) => index);

test('every kind is here', () => {
  const used = new Set(rowsOf(rubric).flatMap(({ cells }) => cells.map(({ kind }) => kind)));
  expect([...used].sort()).toEqual(kinds.map(({ id }) => id).sort());
});

test.each(['plain', 'sealed'])(
  'a %s key takes every right spelling for right, and no wrong one',
  async (name) => {
    const key = keys[name] as AnswerKey;
    for (const seed of seeds) {
      for (const which of ['spelling', 'wrong'] as const) {
        const text = worksheet(which, seed);
        const report = await score(
          rubric,
          readSubmission(asFoundFiles({ 'work/all.ts': text }), rubric),
          key,
        );
        const odd = gradedCells(report).filter(
          ({ outcome }) => (outcome === 'correct') !== (which === 'spelling'),
        );
        expect(
          odd.map((cell) => ({ ...cell, line: text.split('\n')[(cell.location?.line ?? 1) - 1] })),
        ).toEqual([]);
      }
    }
  },
  120_000,
);

test('a decimal counts where exact fractions say that it is within the tolerance, and laws and sealed keys know', () => {
  // Numerators of fractions that have `scale` as their common denominator.
  const scale = 10n ** 15n;
  const decimalOf = (value: bigint) =>
    Number(`${value < 0n ? '-' : ''}${size(value) / scale}.${String(size(value) % scale).padStart(15, '0')}`);
  const size = (value: bigint) => (value < 0n ? -value : value);
  const digits = (places: number) =>
    fc.integer({ min: 0, max: places }).map((place) => 10n ** BigInt(15 - place));
  const edge = fc.record({
    known: fc.tuple(fc.bigInt(-99_999n, 99_999n), digits(5)).map(([value, unit]) => value * unit),
    tolerance: fc.tuple(fc.integer({ min: 1, max: 499 }), fc.constantFrom(1, 10, 100, 1000)),
    isPart: fc.boolean(),
    side: fc.constantFrom(-1n, 1n),
    // Further than rounding can reach: one part in 10^11.
    beyond: fc
      .constantFrom(-1n, 0n, 0n, 1n)
      .map((step) => (larger: bigint) => step * (larger / 10n ** 11n + 1n)),
  });
  fc.assert(
    fc.property(edge, ({ known, tolerance: [count, of], isPart, side, beyond }) => {
      const part = `${count / of / 10}%`;
      const setting = isPart ? part : count / of;
      const most = isPart
        ? (size(known) * BigInt(count)) / BigInt(of * 1000)
        : (BigInt(count) * scale) / BigInt(of);
      const answer = known + side * most + beyond(size(known) + most);
      const kind = decimalKind.create({ tolerance: setting });
      const [one, other] = [decimalOf(answer), decimalOf(known)];
      const counts = size(answer - known) <= most;
      expect(kind.matches(one, other)).toBe(counts);
      const isFound = kind.placesOf(other).includes(kind.placeOf(one));
      expect(isFound || !counts).toBe(true);
    }),
    { numRuns: tries(10_000) },
  );
});

test.each([
  ['2.6', true],
  ['2.4', true],
  ['2.600001', false],
])('%s is within 0.1 of 2.5: %s', (answer, counts) => {
  expect(decimalKind.create({ tolerance: 0.1 }).matches(Number(answer), 2.5)).toBe(counts);
});

test.each([1e15, 1e20, -3e250, 0, 1e-300])('the sealed key finds what is near %d, in few places', (known) => {
  for (const tolerance of [1e-9, 0.1, 7, 1e9, '0.00000001%', '50%']) {
    const { matches, placeOf, placesOf } = decimalKind.create({ tolerance });
    const places = placesOf(known);
    expect(places.length).toBeLessThanOrEqual(6);
    for (const answer of [known, known * (1 + 0.9e-12), known * (1 - 0.9e-12)])
      expect([matches(answer, known), places.includes(placeOf(answer))]).toEqual([true, true]);
  }
});

test.each([
  ['star fruit', 'Star\u200b fruit', true],
  ['star-fruit', 'star\u2011fruit', true],
  ['star-fruit', 'star\u2013fruit\u00ad', true],
  ["newton's", 'Newton\u2019s', true],
  ['the "big" one', 'The \u201cbig\u201d one', true],
  ['star fruit', 'Star fruit.', true],
  ['Really?', 'really', true],
  ['本当', '本当\u3002', true],
  ['c#', 'c', false],
  ['star-fruit', 'star fruit', false],
  ['e.g', 'eg', false],
  ['...', '?', false],
])('where the text %j is right, %j counts: %s', (right, typed, counts) => {
  const kind = textKind.create({});
  const known = kind.answerOf(right) ?? '';
  const read = kind.parse({ kind: 'string', value: typed, start: 0, end: 0 }, `'${typed}'`);
  expect(read).toMatchObject({ shown: typed });
  expect('value' in read && kind.matches(read.value, known)).toBe(counts);
});

test('plain and sealed keys agree on every value and hint, also where tolerances overlap', async () => {
  const small = parseRubric(`title: Overlaps
file: work/all.ts
tables:
- export: all
  points: 1
  rows: [{ id: only, label: Only }]
  columns:
  - { id: near, label: Near, kind: decimal, tolerance: 0.5 }
  - { id: part, label: Part, kind: decimal, tolerance: 10% }
  - { id: word, label: Word, kind: text }
`);
  const value = fc.integer({ min: -12, max: 12 }).map((eighth) => eighth / 4);
  const word = fc.constantFrom('left', 'right');
  const row = fc.record({ near: value, part: value, word });
  const known = fc.oneof(row, fc.record({ near: value }), fc.record({ part: value }), fc.record({ word }));
  await fc.assert(
    fc.asyncProperty(
      row,
      fc.array(fc.tuple(known, fc.constantFrom('one', 'two', 'three')), { maxLength: 6 }),
      fc.array(fc.tuple(value, fc.constantFrom('one thing', 'another')), { maxLength: 4 }),
      fc.array(row, { minLength: 12, maxLength: 12 }),
      async (right, wrong, numbers, answers) => {
        const overlapping: KeyContent = {
          expected: [{ id: 'only', cells: Object.entries(right).map(([id, one]) => ({ id, value: one })) }],
          misconceptions: wrong.map(
            ([values, id]): Misconception => ({
              id,
              row: 'only',
              values: { ...values },
              text: `About ${id}.`,
            }),
          ),
          quantities: numbers.map(([number, phrase]) => ({ value: number, phrase })),
          explanations: { only: 'It is so.' },
        };
        const plain = plainKey(small, overlapping);
        const sealed = sealedKey(await seal(small, overlapping), small);
        for (const answer of answers) {
          const cells = Object.entries(answer).map(([id, one]) => ({ id, value: one }));
          const judged = await sealed.judge({ id: 'only', cells });
          expect({ answer, judged }).toEqual({ answer, judged: await plain.judge({ id: 'only', cells }) });
          const row = { id: 'only', cells };
          expect(await sealed.explain?.(row)).toBe(await plain.explain?.(row));
        }
      },
    ),
    { numRuns: tries(40) },
  );
}, 120_000);
