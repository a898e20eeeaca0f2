import { plainKey } from '../key/key';
import { gradedCells } from '../render/status';
import { parseRubric } from '../rubric/load';
import { gradeTexts } from '../testing/grade';
import { answersOf, notesOf, rubric, rubricYaml, solution } from '../testing/worksheet';

/** A key without hints and quantities, which would take precedence. */
const bare = plainKey(rubric, { ...solution, misconceptions: [], quantities: [] });

async function reasons(answers: string, key = bare, of = rubric): Promise<(string | undefined)[]> {
  const report = await gradeTexts(answers, notesOf(), key, of);
  return gradedCells(report).map(({ cause, reason }) => (cause?.kind === 'place' ? reason?.text : undefined));
}

test('two answers that are exchanged in their row are told as one slip', async () => {
  const text = 'Down and Across look swapped in this row.';
  expect(await reasons(answersOf('{ down: 11, across: 7 }', '{ down: 7, across: 13 }'))).toEqual([
    ...[text, text, undefined, undefined],
  ]);
});

test('two rows that are exchanged are told as one slip', async () => {
  const text = 'Basket of fruit and Crate look swapped.';
  expect(await reasons(answersOf('{ down: 7, across: 13 }', '{ down: 7, across: 11 }'))).toEqual([
    ...[undefined, text, undefined, text],
  ]);
});

test('an answer that is right in another cell is told from where it was copied', async () => {
  expect(await reasons(answersOf('{ down: 7, across: 7 }', '{ down: 3, across: 3 }'))).toEqual([
    undefined,
    '{typed} is right in Basket of fruit · down, but not here.',
    undefined,
    undefined,
  ]);
  const [, , , across] = await reasons(answersOf('{ down: 7, across: 11 }', '{ down: 3, across: 11 }'));
  expect(across).toBe('{typed} is right in Basket of fruit, but not here.');
});

test('of a cell that is not right nothing is told at another: it would say what is right there', async () => {
  expect(await reasons(answersOf('{ down: 99, across: 7 }', 'null'))).toEqual(Array(4).fill(undefined));
  expect(await reasons(answersOf('{ down: 99, across: 98 }', '{ down: 99, across: 11 }'))).toEqual(
    Array(4).fill(undefined),
  );
});

test('a hint, a quantity and a law come first', async () => {
  const [, across] = await reasons(answersOf('{ down: 7, across: 7 }', 'null'), plainKey(rubric, solution));
  expect(across).toBeUndefined();
  const lawful = parseRubric(
    `${rubricYaml}laws:\n  - { law: basket.across = crate.across, because: So it is. }\n`,
  );
  const exchanged = answersOf('{ down: 7, across: 13 }', '{ down: 7, across: 11 }');
  expect(await reasons(exchanged, bare, lawful)).toEqual(Array(4).fill(undefined));
});
