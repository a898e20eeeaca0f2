import { noKey } from '../key/key';
import { gradedCells } from '../render/status';
import { gradeTexts } from '../testing/grade';
import { answersOf, notesOf, rubricYaml } from '../testing/worksheet';
import { equationsOf, holds } from './laws';
import { parseRubric } from './load';
import { ownRows } from './rubric';

const { tables } = parseRubric(rubricYaml);

/** Whether each equation of a law holds for [basket down, basket across, crate down, crate across]. */
function truthOf(law: string, values: readonly number[]): readonly (boolean | undefined)[] {
  const names = ['basket.down', 'basket.across', 'crate.down', 'crate.across'];
  const equations = equationsOf(law, ownRows(tables));
  if (typeof equations === 'string') throw new Error(equations);
  return equations.map((equation) =>
    holds(equation, ({ row, column }) => values[names.indexOf(`${row}.${column}`)]),
  );
}

test('a law of cells, sums and whole rows holds or does not', () => {
  expect(truthOf('basket.down = crate.down', [7, 11, 7, 13])).toEqual([true]);
  expect(truthOf('basket.down = crate.down', [7, 11, 8, 13])).toEqual([false]);
  expect(truthOf('crate.across = basket.down + basket.across', [7, 11, 0, 18])).toEqual([true]);
  expect(truthOf('basket.across + basket.down = crate.down + crate.across', [7, 11, 9, 10])).toEqual([false]);
  expect(truthOf('basket = crate', [7, 11, 7, 13])).toEqual([true, false]);
});

test('a law with an empty cell neither holds nor fails', () => {
  expect(truthOf('crate.across = basket.down + basket.across', [7, Number.NaN, 7, 18])).toEqual([undefined]);
});

test('whole numbers and their sums are compared exactly, however large', () => {
  expect(truthOf('basket.down = crate.down', [2_000_000_001, 0, 2_000_000_000, 0])).toEqual([false]);
  // Numbers of JavaScript would round both sums to the same.
  const most = Number.MAX_SAFE_INTEGER;
  expect(truthOf('basket.down + basket.across = crate.down + crate.across', [most, 2, most, 3])).toEqual([
    false,
  ]);
});

test.each([
  ['basket.down', 'it needs two sides with one = between them'],
  ['basket.down = crate.down = crate.across', 'it needs two sides'],
  [
    'basket.down = 7',
    'there is no 7 with whole numbers; it takes cells such as total.count, or rows alone, with = and + between them',
  ],
  ['basket.down = 2 * crate.down', 'there is no 2 * crate.down'],
  ['basket.down =', 'there is no  with whole numbers'],
  ['basket.down = basket.down', 'it names something twice'],
  ['basket.down = basket.down + crate.down', 'it names something twice'],
  ['basket.down = apples', 'there is no apples with'],
  ['basket.down = apples.down', 'and the rows are basket, crate'],
  ['basket.dwon = crate.down', 'there is no basket.dwon with whole numbers'],
  ['basket = crate.down', 'there is no basket with whole numbers; it takes cells'],
])('%s is no law, and says why', (law, says) => {
  expect(equationsOf(law, ownRows(tables))).toContain(says);
});

test('a law holds also in a table that repeats its rows, and whole rows there in the columns that it repeats', () => {
  const { laws } = parseRubric(`${rubricYaml.replace(
    'reflection:',
    '- { export: again, repeats: boxes, columns: [down], points: 0 }\nreflection:',
  )}laws:
  - { law: basket = crate, because: Both stand on one floor. }
  - { law: basket.across = crate.across, because: Both lean on one wall. }
`);
  const sides = laws.map(({ equations }) =>
    equations.map(({ left, right }) =>
      [...left, ...right].map(({ row, column }) => `${row}.${column}`).join(' = '),
    ),
  );
  expect(sides).toEqual([
    ['basket.down = crate.down', 'basket.across = crate.across'],
    ['again.basket.down = again.crate.down'],
    ['basket.across = crate.across'],
  ]);
});

describe('what a student reads of a broken law', () => {
  const lawful = (law: string, because = 'Both stand on one floor.') =>
    parseRubric(`${rubricYaml}laws:\n  - { law: ${law}, because: ${because} }\n`);
  const reasons = async (
    answers: string,
    key = undefined as Parameters<typeof gradeTexts>[2],
    law = 'basket.down = crate.down',
  ) => {
    const cells = gradedCells(await gradeTexts(answers, notesOf(), key, lawful(law)));
    return cells.map(({ reason }) => reason?.text);
  };

  test('beside a right cell it is told in words, and no number but the student’s own', async () => {
    expect(await reasons(answersOf('{ down: 7, across: 11 }', '{ down: 9, across: 13 }'))).toEqual([
      undefined,
      undefined,
      '{typed} is not right here, and does not fit Basket of fruit · down. Both stand on one floor.',
      undefined,
    ]);
  });

  test('where both are wrong it has the numbers that the student wrote', async () => {
    const [down, , crate] = await reasons(answersOf('{ down: 8, across: 11 }', '{ down: 9, across: 13 }'));
    expect(down).toBe(
      '{typed} is not right here, and does not fit Crate · down (9), which is not right either. Both stand on one floor.',
    );
    expect(crate).toBe(
      '{typed} is not right here, and does not fit Basket of fruit · down (8), which is not right either. Both stand on one floor.',
    );
  });

  test('a hint and a quantity come first, and a law that holds says nothing', async () => {
    const [down] = await reasons(answersOf('{ down: 70, across: 11 }', '{ down: 9, across: 13 }'));
    expect(down).toContain('how many seeds an apple has');
    const [eight] = await reasons(answersOf('{ down: 8, across: 11 }', '{ down: 8, across: 13 }'));
    expect(eight).toBe('{typed} is not right here. How many lie below each other?');
  });

  test('a table that is transposed throughout is one mistake, whatever does not fit in it', async () => {
    const all = await reasons(answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }'));
    expect(new Set(all)).toEqual(
      new Set(['{typed} is not right here. The hint for the whole table says why.']),
    );
  });

  test('without a key it is told at the last cell, and there is something left to do', async () => {
    const report = await gradeTexts(
      answersOf('{ down: 8, across: 11 }', '{ down: 9, across: 13 }'),
      notesOf('a', 'b'),
      noKey,
      lawful('basket.down = crate.down'),
    );
    expect(gradedCells(report).map(({ reason }) => reason?.text)).toEqual([
      undefined,
      undefined,
      '{typed} does not fit Basket of fruit · down (8). Both stand on one floor.',
      undefined,
    ]);
    expect(report.points).toBeNull();
  });

  test('a law that the key breaks, and one with a number in its reason, are told to the author', () => {
    expect(() => lawful('basket.down = crate.dwon')).toThrow(
      'This law is not understood: there is no crate.dwon with whole numbers;',
    );
    expect(() => lawful('basket.down = crate.down', 'There are 7.')).toThrow('without numbers');
  });
});
