import { noKey } from '../key/key';
import { gradedCells } from '../render/status';
import { gradeTexts } from '../testing/grade';
import { answersOf, notesOf, rubricYaml } from '../testing/worksheet';
import { equationsOf, holds, LawError } from './laws';
import { parseRubric } from './load';

const { tables } = parseRubric(rubricYaml);

/** Whether each equation of a law holds for [basket down, basket across, crate down, crate across]. */
function truthOf(law: string, [a = 0, b = 0, c = 0, d = 0]: readonly number[]): (boolean | undefined)[] {
  const values: Readonly<Record<string, number>> = {
    'basket.down': a,
    'basket.across': b,
    'crate.down': c,
    'crate.across': d,
  };
  return equationsOf(law, tables).map((equation) =>
    holds(equation, ({ row, column }) => values[`${row}.${column}`] ?? 0),
  );
}

test('a law of cells, arithmetic and whole rows holds or does not', () => {
  expect(truthOf('basket.down = crate.down', [7, 11, 7, 13])).toEqual([true]);
  expect(truthOf('basket.down = crate.down', [7, 11, 8, 13])).toEqual([false]);
  expect(truthOf('2 * basket.down + 1 = crate.across - basket.across', [1, 2, 0, 5])).toEqual([true]);
  expect(truthOf('basket.across / 2 = crate.across', [0, 22, 0, 11])).toEqual([true]);
  expect(truthOf('basket = crate', [7, 11, 7, 13])).toEqual([true, false]);
});

test('whole numbers and their quotients are compared exactly, however large', () => {
  expect(truthOf('basket.down = crate.down', [2_000_000_001, 0, 2_000_000_000, 0])).toEqual([false]);
  expect(truthOf('basket.down + 1 = crate.down', [4e15, 0, 4e15 + 1, 0])).toEqual([true]);
  // Both products exceed 2^53 and differ by 1.
  const [one, other] = [3_000_000_001, 3_000_000_003];
  const law = 'basket.down * basket.across = crate.down * crate.across - 1';
  expect(truthOf(law, [one, other, one + 1, one + 1])).toEqual([true]);
  expect(truthOf(law, [one, other, one, other])).toEqual([false]);
  expect(truthOf('basket.down / 3 * 3 = crate.down', [10, 0, 10, 0])).toEqual([true]);
  expect(truthOf('basket.down / basket.across = crate.down', [1, 0, 5, 0])).toEqual([undefined]);
});

test.each([
  ['basket.down', 'it needs two sides with one = between them'],
  ['basket.down = crate.down = 7', 'it needs two sides'],
  ['basket.down = 7', 'it needs a cell on either side, and two different ones'],
  ['basket.down = basket.down', 'two different ones'],
  ['basket.down = apples', 'there is no row apples; the rows are basket, crate'],
  ['basket.dwon = crate.down', 'the row basket has no column dwon'],
  ['basket = crate.down', 'a whole row stands alone on its side; write basket.column'],
  ['basket.down = Math.max(crate.down, 1)', 'it takes rows, cells such as total.count'],
  ['basket.down = crate.down)', 'cannot be read'],
])('%s is no law, and says why', (law, says) => {
  expect(() => equationsOf(law, tables)).toThrow(LawError);
  expect(() => equationsOf(law, tables)).toThrow(says);
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
      'This law is not understood: the row crate has no column dwon.',
    );
    expect(() => lawful('basket.down = crate.down', 'There are 7.')).toThrow('because holds a number');
  });
});
