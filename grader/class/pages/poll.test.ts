import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { loadCourse } from '../../course';
import { newCourse, removeFolders } from '../../testing/folders';
import { gradeTexts } from '../../testing/grade';
import { tries } from '../../testing/long';
import { answersOf, courseFiles, notesOf, rightAnswers, rubricYaml } from '../../testing/worksheet';
import { renderPoll } from './poll';
import { ClassStats } from './statistics';
import { pollOf } from './vote';

afterAll(removeFolders);

// A course whose answers are computed from its sizes: apples and their boxes.
const course = (...lines: string[]) =>
  loadCourse(
    newCourse({
      ...courseFiles,
      'rubric.yaml': `${rubricYaml}${lines.join('\n')}\n`,
      'solution/index.ts': `
export const derive = ({ apples }) => ({ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: apples + 6 } });
export const measure = derive;
export const misconceptions = ({ apples }) => [
  { id: 'all-fruit', title: 'All fruit', row: 'basket', values: { down: apples, across: 3 * apples + 3 }, text: 'Only one kind lies in a basket.' },
  { id: 'turned', title: 'Turned', row: 'basket', values: { down: apples + 4, across: apples }, text: 'Turn it round.' },
  { id: 'square', title: 'Square', row: 'basket', values: { down: apples, across: apples }, text: 'Not a square.' },
  { id: 'narrow', title: 'Narrow', row: 'crate', values: { down: apples, across: apples + 4 }, text: 'Wider.' },
];
export const quantities = ({ apples }) => [{ value: apples + 4, phrase: 'how wide a basket is' }];
export const explanations = () => ({ basket: 'A basket holds all apples.' });
`,
    }),
  );

const wrong = answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }');

async function statsOf(all: ReturnType<typeof course>, answers: readonly string[]) {
  const stats = new ClassStats(all.rubric, ({ login }) => ({ label: login }), all.solution.misconceptions);
  for (const [index, text] of answers.entries()) {
    const report = await gradeTexts(text, notesOf());
    stats.add({
      key: `s${index}`,
      login: `Secret${index}`,
      status: 'graded',
      enrolled: true,
      adjustments: [],
      points: report.points,
      report,
      responses: [],
      warnings: [],
    });
  }
  return stats;
}

test('the question is asked at the sizes that the rubric lists, with what students had, what is known and what is right', async () => {
  const one = course('vote: { apples: 20, brand: Shiny }');
  const poll = pollOf(one, await statsOf(one, [wrong, wrong, rightAnswers]));
  if ('reason' in poll) throw new Error(poll.reason);
  expect(poll).toMatchObject({
    idea: { id: 'all-fruit' },
    given: ['apples: 20', 'brand: Shiny'],
    explanation: 'A basket holds all apples.',
  });
  expect(poll.options.map(({ text, source }) => [text, source]).sort()).toEqual([
    ['down 20, across 20', 'filler'],
    ['down 20, across 24', 'right'],
    ['down 20, across 63', 'class'],
    ['down 24, across 20', 'filler'],
  ]);
  const page = renderPoll(poll, one.rubric.title);
  expect(page.replace(/<script[\s>].*?<\/script>/gs, '')).not.toMatch(/Secret|NaN|undefined|filler/);
  expect(page).not.toContain('Secret');
  // Shows neither a student's answer nor the worksheet's own.
  expect(page.replace(/<style>.*<\/style>|<script>.*<\/script>/gs, '')).not.toMatch(/across 11|down 7,/);
});

test('where names are stated other sizes have to be written, and the reason says so', async () => {
  const one = course();
  expect(pollOf(one, await statsOf(one, [wrong, wrong]))).toEqual({
    reason: expect.stringContaining('vote in rubric.yaml'),
  });
});

test('numbers alone are varied where nothing is written', async () => {
  const one = loadCourse(
    newCourse({
      ...courseFiles,
      'rubric.yaml': rubricYaml.replace('  brand: Sunny\n', ''),
      'solution/index.ts': readFileSync(path.join(course().root, 'solution', 'index.ts'), 'utf8'),
    }),
  );
  expect(pollOf(one, await statsOf(one, [wrong, wrong]))).toMatchObject({
    given: ['apples: 14'],
  });
});

test('what one student alone holds is not asked', async () => {
  const one = course('vote: { apples: 20 }');
  expect(pollOf(one, await statsOf(one, [wrong, rightAnswers]))).toHaveProperty('reason');
  const four = await statsOf(one, [wrong, wrong, wrong, wrong, rightAnswers]);
  expect(pollOf(one, four)).not.toHaveProperty('reason');
});

test('whatever a class wrote, a vote has one right option, none twice, and no part that is only in the right one', async () => {
  const one = course('vote: { apples: 20 }');
  const answer = fc.constantFrom(
    ...[
      '{ down: 7, across: 11 }',
      '{ down: 7, across: 24 }',
      '{ down: 11, across: 7 }',
      '{ down: 7, across: 7 }',
      'null',
    ],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 9 }), async (baskets) => {
      const stats = await statsOf(
        one,
        [...baskets, '{ down: 7, across: 24 }', '{ down: 7, across: 24 }'].map((basket) =>
          answersOf(basket, '{ down: 7, across: 13 }'),
        ),
      );
      const poll = pollOf(one, stats);
      if ('reason' in poll) throw new Error(poll.reason);
      const { options } = poll;
      expect(options.filter(({ isRight }) => isRight)).toHaveLength(1);
      expect(new Set(options.map(({ text }) => text)).size).toBe(options.length);
      expect(options.length).toBeGreaterThanOrEqual(3);
      expect(options.length).toBeLessThanOrEqual(5);
      const numbers = (text: string) => text.match(/\d+/g) ?? [];
      const wrongOnes = options.filter(({ isRight }) => !isRight).flatMap(({ text }) => numbers(text));
      const right = options.find(({ isRight }) => isRight)?.text ?? '';
      expect(wrongOnes).toEqual(expect.arrayContaining(numbers(right)));
      const sources = options.map(({ source }) => source);
      expect(sources.filter((source) => source === 'class').length).toBeGreaterThan(0);
    }),
    { numRuns: tries(300) },
  );
});
