import { cellsOf, type RubricCell } from '../../rubric/rubric';
import { table } from '../../testing/worksheet';
import { KeywordCounter } from './response-stats';
import { SimilarTexts } from './similar';

const essay =
  'The most important thing today was that every token keeps a row of its own from the first matrix to the last one.';

test('texts that are nearly the same are found, whatever their spacing, case and marks', () => {
  const texts = new SimilarTexts();
  texts.add('ada', essay);
  texts.add('bob', `${essay.toUpperCase().replaceAll(' ', '  ')}!!`);
  texts.add('cyd', essay.replace('important', 'interesting'));
  texts.add(
    'dan',
    'I found the picture with the arrows very helpful, and would like to see more of such pictures.',
  );
  expect(texts.alike()).toEqual([
    {
      owners: ['ada', 'bob', 'cyd'],
      excerpts: [expect.stringContaining('The most'), expect.stringContaining('The most')],
    },
  ]);
});

test('short texts, and texts of one student, are no group', () => {
  const texts = new SimilarTexts();
  for (const owner of ['ada', 'bob']) texts.add(owner, 'Everything was clear.');
  for (const part of ['', ' Again.']) texts.add('cyd', `${essay}${part}`);
  expect(texts.alike()).toEqual([]);
});

test('a thousand students who hand in one text are one group', () => {
  const texts = new SimilarTexts();
  for (let index = 0; index < 1000; index++) texts.add(`student ${index}`, essay);
  expect(texts.alike()[0]?.owners).toHaveLength(1000);
});

test('words are counted once a text, without those of the question and those that everybody uses', () => {
  const counter = new KeywordCounter('What was the muddiest concept today?');
  const [first, second] = cellsOf(table) as [RubricCell, RubricCell];
  counter.add('The muddiest concept was blending, blending and masks.', [first]);
  counter.add('Blending. What is it for?', [first, second]);
  counter.add('Nothing that I could name', []);
  expect(counter.most(5).map(({ word, count, missed }) => [word, count, [...missed]])).toEqual([
    [
      'blending',
      2,
      [
        [first, 2],
        [second, 1],
      ],
    ],
  ]);
});

test('words are told where no space stands between them', () => {
  const counter = new KeywordCounter('?');
  for (const text of ['矩阵的形状很难', '我不懂矩阵']) counter.add(text, []);
  expect(counter.most(5).map(({ word }) => word)).toContain('矩阵');
});
