import { rubric, solution } from '../testing/worksheet';
import { type KnownRow, knownRows, type Misconception } from './hints';

/** Crate, which is 7 down and 13 across, as a key with these misconceptions knows it. */
function crate(misconceptions: readonly Misconception[]): KnownRow {
  const rows = knownRows(rubric, { ...solution, misconceptions });
  return rows.find(({ id }) => id === 'crate') as KnownRow;
}

function hints(known: readonly Misconception[]) {
  const row = crate(known);
  return {
    whole: Object.fromEntries(row.rowHints.map(({ values, hint }) => [values.join('x'), hint])),
    single: row.cells.flatMap(({ id, answers }) =>
      answers.flatMap(({ value, hint }) => (hint ? [[id, value, hint.misconception]] : [])),
    ),
  };
}

const cause = (id: string, values: Record<string, number>): Misconception => ({
  id,
  row: 'crate',
  values,
  text: `About ${id}.`,
});

test('a row that two causes explain has one hint that names both', () => {
  expect(hints(solution.misconceptions).whole['5x24']).toEqual({
    misconception: 'peeled+sliced',
    text: 'Either: Nothing was peeled. Or: Nothing was sliced.',
  });
});

test('a row that is right is no misconception', () => {
  expect(hints([cause('odd', { down: 7, across: 13 })])).toEqual({ whole: {}, single: [] });
});

test('a number that is known to be wrong by itself has a hint of its own', () => {
  expect(hints([cause('wide', { across: 50 })]).single).toEqual([['across', 50, 'wide']]);
});

test('a number of a whole row tells nothing by itself', () => {
  expect(hints([cause('wide', { down: 9, across: 50 })]).single).toEqual([]);
});

test('a number that is a quantity says all that it is, unless it is right or has a hint of its own', () => {
  const [down, across] = crate([cause('wide', { across: 70 })]).cells;
  const quantities = (cell: typeof down) =>
    (cell?.answers ?? []).flatMap(({ value, quantity }) =>
      quantity === undefined ? [] : [[value, quantity]],
    );
  expect(quantities(down)).toEqual([[70, ['how many seeds an apple has', 'how many leaves a twig has']]]);
  expect(quantities(across)).toEqual([[7, ['how many apples there are']]]);
});

test('a number that two causes explain has no hint, and one that is right has none', () => {
  expect(hints([cause('wide', { across: 50 }), cause('deep', { across: 50 })]).single).toEqual([]);
  expect(hints([cause('wide', { across: 13 })]).single).toEqual([]);
});
