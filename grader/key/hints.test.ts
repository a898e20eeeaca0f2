import { solution } from '../testing/worksheet';
import { hintsOf, type Misconception } from './hints';

const right = {
  id: 'crate',
  cells: [
    { id: 'down', value: 7 },
    { id: 'across', value: 13 },
  ],
};

function hints(known: readonly Misconception[]) {
  const { rowHints, cellHints } = hintsOf(right, known);
  return {
    shapes: Object.fromEntries(rowHints.map(({ values, hint }) => [values.join('x'), hint])),
    lone: cellHints.map(({ column, value, hint }) => [column, value, hint.misconception]),
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

test('a number that is known to be wrong by itself has a hint of its own', () => {
  expect(hints([cause('wide', { across: 50 })]).lone).toEqual([['across', 50, 'wide']]);
});

test('a number of a whole shape tells nothing by itself', () => {
  expect(hints([cause('wide', { down: 9, across: 50 })]).lone).toEqual([]);
});

test('a number that two causes explain has no hint, and one that is right has none', () => {
  expect(hints([cause('wide', { across: 50 }), cause('deep', { across: 50 })]).lone).toEqual([]);
  expect(hints([cause('wide', { across: 13 })]).lone).toEqual([]);
});
