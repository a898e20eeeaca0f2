import fc from 'fast-check';
import { seal } from '../authoring/release/seal';
import type { KeyContent, Misconception, Quantity } from '../key/hints';
import { plainKey } from '../key/key';
import { sealedKey } from '../key/sealed';
import { firstSentence, interpolate } from '../message';
import { renderMarkdown } from '../render/markdown';
import { gradedCells } from '../render/status';
import { renderTerminal } from '../render/terminal';
import { testsOf } from '../render/tests';
import { parseRubric } from '../rubric/load';
import { gradeTexts } from '../testing/grade';
import { tries } from '../testing/long';
import type { Report } from './report.schema';

/** A random course and a student's answers, all numbers of four digits: no place or score has so many. */
const number = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1000, max: 1005 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1006, max: 1999 }) },
);
const cases = fc
  .record({ rows: fc.integer({ min: 1, max: 5 }), columns: fc.integer({ min: 1, max: 3 }) })
  .chain(({ rows, columns }) => {
    const table = fc.array(fc.array(number, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    });
    const wrong = fc.record({
      row: fc.nat(rows - 1),
      values: fc.oneof(
        fc.array(number, { minLength: columns, maxLength: columns }),
        fc.tuple(fc.nat(columns - 1), number),
      ),
      isWhole: fc.boolean(),
      id: fc.constantFrom('apple', 'pear', 'plum'),
    });
    return fc.record({
      expected: table,
      written: table,
      isRight: fc.array(fc.boolean(), { minLength: rows * columns, maxLength: rows * columns }),
      wrong: fc.array(wrong, { maxLength: 8 }),
      quantities: fc.array(
        fc.record({ value: number, phrase: fc.constantFrom('a dozen', 'a score', 'a gross') }),
        {
          maxLength: 6,
        },
      ),
    });
  });

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

const [rowIds, columnIds] = [
  ['a', 'b', 'c', 'd', 'e'],
  ['x', 'y', 'z'],
];

/** Makes a law of each pair of neighbors in a column that are equal in the key. */
function courseOf({ expected, wrong, quantities }: Case) {
  const rows = expected.map((_, index) => rowIds[index] ?? '');
  const columns = (expected[0] ?? []).map((_, index) => columnIds[index] ?? '');
  const laws = expected
    .slice(1)
    .flatMap((row, index) =>
      row.flatMap((value, column) =>
        value === expected[index]?.[column]
          ? [
              `  - { law: ${rows[index]}.${columns[column]} = ${rows[index + 1]}.${columns[column]}, because: So. }`,
            ]
          : [],
      ),
    );
  const rubric = parseRubric(
    [
      'title: Random\nfile: work/a.ts\ntables:\n- export: it\n  points: 1\n  rows:',
      ...rows.map((id) => `    - { id: ${id}, label: Row ${id} }`),
      '  columns:',
      ...columns.map((id) => `    - { id: ${id}, label: Column ${id}, ask: What is ${id}? }`),
      ...(laws.length > 0 ? ['laws:', ...laws] : []),
      '',
    ].join('\n'),
  );
  const misconceptions = wrong.map(({ row, values, isWhole, id }): Misconception => {
    const whole = Object.fromEntries(columns.map((column, index) => [column, values[index] ?? 1000]));
    const [at = 0, value = 1000] = values;
    const column = columns[at] ?? columns[0] ?? '';
    return {
      id,
      row: rows[row] ?? '',
      values: isWhole || at >= columns.length ? whole : { [column]: value },
      text: `It is the ${id}. Is it ripe?`,
    };
  });
  const content: KeyContent = {
    expected: expected.map((row, index) => ({
      id: rows[index] ?? '',
      cells: row.map((value, column) => ({ id: columns[column] ?? '', value })),
    })),
    misconceptions,
    quantities,
    explanations: Object.fromEntries(rows.map((id) => [id, `So it is with ${id}.`])),
  };
  return { rubric, content, rows, columns };
}

function answersOf({ expected, written, isRight }: Case): { text: string; typed: number[] } {
  const width = expected[0]?.length ?? 0;
  const values = expected.map((row, index) =>
    row.map((right, column) =>
      isRight[index * width + column] ? right : (written[index]?.[column] ?? right),
    ),
  );
  const rows = values.map(
    (row, index) =>
      `${rowIds[index]}: { ${row.map((value, column) => `${columnIds[column]}: ${value}`).join(', ')} }`,
  );
  return { text: `export const it = {\n  ${rows.join(',\n  ')},\n};\n`, typed: values.flat() };
}

/** Everything in a Report that a student can see before the due date. */
function outputs(report: Report): string[] {
  return [
    renderTerminal(report, { hasColors: false }),
    renderTerminal(report, { hasColors: false, isWhole: true }),
    renderMarkdown(report, { notes: [] }),
    ...testsOf(report).map(({ failure = '' }) => failure),
  ];
}

/** Asserts that each cell's reason is true, worked out from the course alone. */
function assertTrue(
  report: Report,
  misconceptions: readonly Misconception[],
  quantities: readonly Quantity[],
): void {
  for (const row of report.rows) {
    const values = Object.fromEntries(row.cells.map(({ id, value }) => [id, value]));
    const fitting = misconceptions.filter(
      (known) =>
        known.row === row.id && Object.entries(known.values).every(([id, value]) => values[id] === value),
    );
    const whole = fitting.filter((known) => Object.keys(known.values).length === row.cells.length);
    for (const cell of row.cells) {
      if (cell.outcome === 'correct') expect(cell).not.toMatchObject({ reason: expect.anything() });
      const { cause, reason } = cell;
      if (!cause || !reason) continue;
      expect(cell.outcome).toBe('wrong');
      if (cause.kind === 'quantity') {
        const known = quantities.filter(({ value }) => value === cell.value).map(({ phrase }) => phrase);
        expect([...new Set(known)].join(', or: ')).toBe(cause.name);
      }
      if (cause.kind === 'misconception') {
        const own = whole.length > 0 ? whole : fitting.filter((known) => known.values[cell.id] !== undefined);
        const ids = [...new Set(own.map(({ id }) => id))];
        expect(cause.name.split('+').sort()).toEqual(ids.sort());
        // A cause is named alone only if it is the only one.
        const texts = [...new Set(own.map(({ text }) => text))];
        const said = interpolate(reason, String);
        if (texts.length === 1) expect(said).toBe(texts[0]);
        else
          for (const text of texts) expect(said).toMatch(new RegExp(`(?:Either|Or): ${firstSentence(text)}`));
      }
    }
  }
}

test('at random sizes no reason is false, none is at a right cell, and no output has a number that was not typed', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (random) => {
      const { rubric, content } = courseOf(random);
      const { text, typed } = answersOf(random);
      const report = await gradeTexts(text, undefined, plainKey(rubric, content), rubric);
      expect(gradedCells(report).every(({ outcome }) => outcome === 'correct' || outcome === 'wrong')).toBe(
        true,
      );
      assertTrue(report, content.misconceptions, content.quantities);
      const shown = outputs(report).flatMap((output) => output.match(/\d{4,}/g) ?? []);
      expect(shown.filter((found) => !typed.includes(Number(found)))).toEqual([]);
    }),
    { numRuns: tries(200) },
  );
});

test('a sealed key gives the same reasons as a plain one', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (random) => {
      const { rubric, content } = courseOf(random);
      const { text } = answersOf(random);
      const sealed = sealedKey(await seal(rubric, content), rubric);
      const [one, other] = await Promise.all(
        [plainKey(rubric, content), sealed].map((key) => gradeTexts(text, undefined, key, rubric)),
      );
      expect({ ...other, key: '' }).toEqual({ ...one, key: '' });
    }),
    { numRuns: tries(40) },
  );
}, 120_000);
