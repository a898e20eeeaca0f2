import { plainKey } from '../../key/plain';
import { asFoundFiles } from '../../submission/find';
import { answersOf, rubric, solution } from '../../testing/worksheet';
import { answersIn, attemptsOf } from './attempts';
import type { Version } from './history';

/**
 * The reason given for each cell in a history, and what came next: `basket across misconception all-fruit: correct`.
 */
async function told(...texts: string[]): Promise<string[]> {
  // As in a history, a file that occurs again is the same object.
  const files = new Map(texts.map((text) => [text, Buffer.from(text)]));
  const versions = texts.map((text, index): Version => {
    const found = asFoundFiles({ [rubric.file]: files.get(text) ?? Buffer.from(text) });
    const commit = { id: String(index), time: index, parents: [], tree: '' };
    return { commit, id: String(index), files: found.files, found };
  });
  const { hints = [] } = await attemptsOf(answersIn(versions, rubric), rubric, plainKey(rubric, solution));
  return hints.map(({ row, column, cause, next }) => `${row} ${column} ${cause.kind} ${cause.name}: ${next}`);
}

const crate = '{ down: 7, across: 13 }';
const basket = (across: string) => answersOf(`{ down: 7, across: ${across} }`, crate);

test('a reason is followed to the next different answer of its cell', async () => {
  const fruit = 'basket across misconception all-fruit';
  expect(await told(basket('24'), basket('11'))).toEqual([`${fruit}: correct`]);
  expect(await told(basket('24'), basket('25'), basket('11'))).toEqual([`${fruit}: wrong`]);
  expect(await told(basket('24'))).toEqual([`${fruit}: undefined`]);
});

test('the same answer again, a blank or a slip between is no different answer', async () => {
  expect(
    await told(basket('24'), `// again\n${basket('24')}`, basket('null'), 'export', basket('11')),
  ).toEqual(['basket across misconception all-fruit: correct']);
});

test('a reason that was told before is counted once, with what came first', async () => {
  expect(await told(basket('24'), basket('25'), basket('24'), basket('11'))).toEqual([
    'basket across misconception all-fruit: wrong',
  ]);
});

test('an answer that comes back is an answer like any other', async () => {
  expect(await told(basket('24'), basket('11'), basket('24'), basket('25'))).toEqual([
    'basket across misconception all-fruit: correct',
  ]);
  expect(await told(basket('25'), basket('24'), basket('25'), basket('11'))).toEqual([
    'basket across misconception all-fruit: wrong',
  ]);
});

test('only what the student read counts: one reason a row', async () => {
  const both = answersOf('{ down: 70, across: 24 }', crate);
  expect(await told(both, basket('11'))).toEqual([
    'basket down quantity how many seeds an apple has, or: how many leaves a twig has: correct',
  ]);
});

test('quantities count as misconceptions do, and what has no reason does not', async () => {
  expect(await told(basket('70'), basket('1000'), basket('11'))).toEqual([
    'basket across quantity how many seeds an apple has, or: how many leaves a twig has: wrong',
  ]);
});

test('a table that is transposed throughout was told one thing at each cell', async () => {
  const turned = answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }');
  expect(await told(turned, answersOf('{ down: 7, across: 11 }', crate))).toEqual(
    ['basket down', 'basket across', 'crate down', 'crate across'].map(
      (cell) => `${cell} misconception transposed: correct`,
    ),
  );
});
