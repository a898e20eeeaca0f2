import { loadCourse } from '../../course';
import { newCourse, removeFolders } from '../../testing/folders';
import { gradeTexts } from '../../testing/grade';
import { answersOf, courseFiles, rubricYaml, solution } from '../../testing/worksheet';
import { findingsOf } from './check';
import { reasonsCheck, shareExplained } from './reasons';

afterAll(removeFolders);

const courseWith = (changes: Readonly<Record<string, string>> = {}) =>
  loadCourse(newCourse({ ...courseFiles, ...changes }));

test('what a student reads is kept to two sentences: texts with more are told', async () => {
  const rubric = rubricYaml
    .replace('How many lie below each other?', 'Look down. How many lie below each other?')
    .concat('laws:\n  - { law: basket.down = crate.down, because: Both stand. On one floor. }\n');
  const long = solution.misconceptions.map((entry) => ({ ...entry, text: 'One. Two. Three.' }));
  const index = courseFiles['solution/index.ts']?.replace(
    JSON.stringify(solution.misconceptions),
    JSON.stringify(long.slice(0, 1)),
  );
  const found = await findingsOf(
    reasonsCheck,
    courseWith({ 'rubric.yaml': rubric, 'solution/index.ts': index ?? '' }),
    '',
  );
  expect(found.filter(({ kind }) => kind === 'failed').map(({ text }) => text)).toEqual([
    'There are 3 sentences in the hint of misconception transposed of row basket: “One. Two. Three.” Write at most 2.',
    'There are 2 sentences in because of the law basket.down = crate.down: “Both stand. On one floor.” Write one sentence.',
    'There are 2 sentences in ask of Basket of fruit · down: “Look down. How many lie below each other?” Write one sentence.',
    'There are 2 sentences in ask of Crate · down: “Look down. How many lie below each other?” Write one sentence.',
  ]);
});

test('the share of plausible wrong rows is that of the rows whose Report has a cause', async () => {
  const numbers = [7, 70, 11, 13];
  const counts = { all: 0, explained: 0 };
  for (const down of numbers)
    for (const across of numbers)
      for (const [row, right] of [
        ['basket', 11],
        ['crate', 13],
      ] as const) {
        if (down === 7 && across === right) continue;
        const changed = `{ down: ${down}, across: ${across} }`;
        const answers =
          row === 'basket'
            ? answersOf(changed, '{ down: 7, across: 13 }')
            : answersOf('{ down: 7, across: 11 }', changed);
        const { rows } = await gradeTexts(answers);
        counts.all++;
        if (rows.find(({ id }) => id === row)?.cells.some(({ cause }) => cause)) counts.explained++;
      }
  const { without, ...share } = await shareExplained(courseWith());
  expect(share).toEqual(counts);
  expect(share.explained).toBeLessThan(share.all);
  expect(without[0]?.[0]).toBe('Basket of fruit · down');
});

test('without any quantity the right numbers of other cells are tried', async () => {
  const index = courseFiles['solution/index.ts']?.replace(/export const quantities.*\n/, '');
  const found = await findingsOf(reasonsCheck, courseWith({ 'solution/index.ts': index ?? '' }), '');
  expect(found.at(-1)?.text).toMatch(/^Of \d+ plausible wrong rows, [\d.]+ % get a reason of their own\./);
});
