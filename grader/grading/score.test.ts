import { noKey } from '../key/key';
import { gradedCells, misconceptionIn } from '../render/status';
import { gradeTexts } from '../testing/grade';
import { answersOf, blankAnswers, notesOf, rightAnswers, solution } from '../testing/worksheet';

const outcomes = async (answers: string) =>
  gradedCells(await gradeTexts(answers)).map(({ outcome }) => outcome);

test('the right table and two responses earn everything', async () => {
  const report = await gradeTexts(rightAnswers, notesOf('Pears', 'Lemons'));
  expect(report).toMatchObject({ points: 10, possible: 10, started: true, problems: [] });
  expect(gradedCells(report).every(({ outcome, points }) => outcome === 'correct' && points === 1)).toBe(
    true,
  );
  expect(report.reflection).toMatchObject({ points: 6, possible: 6, present: true });
});

test('the untouched stub is not started, and is worth nothing', async () => {
  expect(await gradeTexts(blankAnswers)).toMatchObject({ started: false, points: 0 });
});

test.each([
  ['one cell', answersOf('{ down: 9, across: null }', 'null'), notesOf()],
  ['one response', blankAnswers, notesOf('Pears')],
  ['a file that cannot be read', 'export const', notesOf()],
])('%s is a start', async (_name, answers, notes) => {
  expect((await gradeTexts(answers, notes)).started).toBe(true);
});

test('each single wrong cell loses exactly its own point', async () => {
  const right = { basket: [7, 11], crate: [7, 13] };
  for (const row of ['basket', 'crate'] as const) {
    for (const column of [0, 1]) {
      for (const wrong of ['1', '8', '1000', '"7"', 'null', 'f']) {
        const cells = { basket: [...right.basket], crate: [...right.crate] } as Record<
          string,
          (number | string)[]
        >;
        (cells[row] ?? [])[column] = wrong;
        const text = (name: string) => `{ down: ${cells[name]?.[0]}, across: ${cells[name]?.[1]} }`;
        const report = await gradeTexts(answersOf(text('basket'), text('crate')), notesOf('a', 'b'));
        expect(report.points).toBe(9);
        const lost = gradedCells(report).filter(({ points }) => points === 0);
        expect(lost).toEqual([report.rows.find(({ id }) => id === row)?.cells[column]]);
        const isBlank = wrong === 'null';
        expect([lost[0]?.outcome === 'blank', lost[0]?.reason === undefined]).toEqual([isBlank, isBlank]);
      }
    }
  }
});

test('a known wrong shape gives its hint to the cells that are wrong, and to no others', async () => {
  const cells = gradedCells(
    await gradeTexts(answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }')),
  );
  expect(cells.map(misconceptionIn)).toEqual([undefined, 'all-fruit', undefined, undefined]);
});

test('a wrong number that is a quantity says what it is, and one that is two things asks which was meant', async () => {
  const cells = gradedCells(await gradeTexts(answersOf('{ down: 7 * 10, across: 7 }', 'null')));
  expect(cells.map(({ reason }) => reason?.text)).toEqual([
    '{typed} comes to 70, which could be how many seeds an apple has, or how many leaves a twig has. Which did you mean?',
    '7 is how many apples there are.',
    undefined,
    undefined,
  ]);
});

test('a row that is right says why, and one that is not says nothing', async () => {
  const explained = async (crate: string) =>
    (await gradeTexts(answersOf('{ down: 7, across: 11 }', crate))).rows.map(
      ({ explanation }) => explanation,
    );
  expect(await explained('{ down: 7, across: 13 }')).toEqual([undefined, solution.explanations.crate]);
  expect(await explained('{ down: 7, across: 12 }')).toEqual([undefined, undefined]);
  expect(await explained('{ down: 7, across: null }')).toEqual([undefined, undefined]);
});

test('a lone number gives its hint whatever stands beside it', async () => {
  const cells = gradedCells(await gradeTexts(answersOf('null', '{ down: 1000, across: 99 }')));
  expect(cells.map(misconceptionIn)).toEqual([undefined, undefined, undefined, 'peeled']);
});

test('a wrong cell without a hint asks the question of its column', async () => {
  const cells = gradedCells(await gradeTexts(answersOf('{ down: 3 + 5, across: 1 }', 'null')));
  expect(cells[0]?.reason).toEqual({
    code: 'cell/wrong',
    text: '{typed} comes to 8, which is not right here. How many lie below each other?',
    quotes: { typed: '3 + 5' },
  });
  expect(cells[1]?.reason?.text).toBe('{typed} is not right here.');
});

test('a table that is transposed throughout gets one hint, not one a row', async () => {
  const report = await gradeTexts(answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }'));
  expect(report.tables[0]?.hint).toEqual({ misconception: 'transposed', text: 'Turn it round.' });
  expect(gradedCells(report).every(({ outcome, cause }) => outcome === 'wrong' && cause === undefined)).toBe(
    true,
  );
});

test('one transposed row among others gets a hint of its own', async () => {
  const report = await gradeTexts(answersOf('{ down: 11, across: 7 }', '{ down: 7, across: 13 }'));
  expect(report.tables[0]?.hint).toBeUndefined();
  expect(gradedCells(report).map(misconceptionIn)).toEqual([
    'transposed',
    'transposed',
    undefined,
    undefined,
  ]);
});

describe('without a key', () => {
  test('what is filled in is ungraded, and no points are claimed', async () => {
    const report = await gradeTexts(
      answersOf('{ down: 7, across: 999 }', '{ down: "7", across: null }'),
      notesOf('a', 'b'),
      noKey,
    );
    expect(report).toMatchObject({ key: 'none', points: null, reflection: { points: null } });
    expect(gradedCells(report).map(({ outcome, points }) => [outcome, points])).toEqual([
      ['ungraded', null],
      ['ungraded', null],
      ['invalid', null],
      ['blank', null],
    ]);
  });
});

test('a file that cannot be read gives zeros with reasons in every cell', async () => {
  const report = await gradeTexts('export const boxes = {', notesOf('a'));
  expect(report).toMatchObject({ points: 3, problems: [{ location: { line: 1 } }] });
  expect(await outcomes('export const boxes = {')).toEqual(['invalid', 'invalid', 'invalid', 'invalid']);
});

test('more responses than asked for earn no more', async () => {
  expect((await gradeTexts(blankAnswers, notesOf('a', 'b', 'c'))).reflection?.points).toBe(6);
});

test('the same submission always gives the same report', async () => {
  const grade = () =>
    gradeTexts(answersOf('{ down: 7, across: 24 }', '{ down: x, across: 13 }'), notesOf('a'));
  expect(JSON.stringify(await grade())).toBe(JSON.stringify(await grade()));
});
