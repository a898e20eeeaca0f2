import { gradeTexts } from '../testing/grade';
import { answersOf, blankAnswers, notesOf, rightAnswers } from '../testing/worksheet';
import { testsOf } from './tests';

const tests = async (answers: string, notes = notesOf()) => testsOf(await gradeTexts(answers, notes));

test('there is a test for each cell, titled as the worksheet words it, and one for each response', async () => {
  expect(await tests(rightAnswers, notesOf('a', '', 'c'))).toEqual([
    { title: 'Basket of fruit · down' },
    { title: 'Basket of fruit · across' },
    { title: 'Crate · down' },
    { title: 'Crate · across' },
    { title: 'Reflection · Which fruit was the sweetest?' },
    { title: 'Reflection · What do you wish for tomorrow?' },
  ]);
});

test('a failing test says why, and where', async () => {
  const failures = (
    await tests(answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }'), notesOf('a'))
  ).filter(({ failure }) => failure);
  expect(failures).toEqual([
    {
      title: 'Basket of fruit · across',
      failure: 'Only one kind lies in a basket. (work/boxes.ts:2:30)',
    },
    { title: 'Reflection · response 2', failure: 'So far 1 of 2 responses. Pick one more question.' },
  ]);
});

test('an unreadable file fails every cell with its reason', async () => {
  const failures = (await tests('let boxes = 1;')).slice(0, 4).map(({ failure }) => failure);
  expect(new Set(failures).size).toBe(1);
  expect(failures[0]).toContain('Write const instead');
});

test('an untouched worksheet is one test that passes', async () => {
  expect(await tests(blankAnswers)).toEqual([{ title: 'Not started yet' }]);
});
