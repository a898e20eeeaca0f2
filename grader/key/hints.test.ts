import { solution } from '../testing/worksheet';
import { hintsOf, type Misconception } from './hints';

const right = new Map([
  ['down', 7],
  ['across', 13],
]);

function hints(known: readonly Misconception[]) {
  const { shapes, lone } = hintsOf('crate', right, known);
  return {
    shapes: Object.fromEntries(shapes),
    lone: lone.map(({ column, value, hint }) => [column, value, hint.misconception]),
  };
}

const cause = (id: string, shape: Record<string, number>): Misconception => ({
  id,
  row: 'crate',
  shape,
  text: `About ${id}.`,
});

test('a shape that two causes explain has one hint that names both', () => {
  expect(hints(solution.misconceptions).shapes['5x24']).toEqual({
    misconception: 'peeled+sliced',
    text: 'Several things can lead to this. Nothing was peeled. Or: Nothing was sliced.',
  });
});

test('a shape that is right is no misconception', () => {
  expect(hints([cause('odd', { down: 7, across: 13 })])).toEqual({ shapes: {}, lone: [] });
});

test('a number that only one cause explains has a hint of its own', () => {
  const known = [cause('wide', { down: 7, across: 50 }), cause('wide', { down: 9, across: 50 })];
  expect(hints(known).lone).toEqual([
    ['down', 9, 'wide'],
    ['across', 50, 'wide'],
  ]);
});

test('a number that several causes explain, or a transposed row, has none', () => {
  expect(
    hints([cause('wide', { down: 7, across: 50 }), cause('deep', { down: 7, across: 50 })]).lone,
  ).toEqual([]);
  expect(hints([cause('transposed', { down: 13, across: 7 })]).lone).toEqual([]);
});

test('a number that is right in its cell has none, even if the shape is wrong', () => {
  expect(hints([cause('wide', { down: 7, across: 50 })]).lone).toEqual([['across', 50, 'wide']]);
});
