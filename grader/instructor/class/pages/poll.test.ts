import { newCourse, removeFolders } from '../../../testing/folders';
import { gradeTexts } from '../../../testing/grade';
import { answersOf, courseFiles, notesOf, rightAnswers, rubricYaml } from '../../../testing/worksheet';
import { loadCourse } from '../../course';
import { renderPoll } from './poll';
import { ClassStats } from './statistics';
import { pollOf } from './vote';

afterAll(removeFolders);

// A course whose answers follow from its sizes: apples and their boxes.
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

const five = [wrong, wrong, wrong, wrong, wrong, rightAnswers];

test('the question is asked at the sizes of the example, with what students hold and what is right', async () => {
  const one = course('example: { apples: 20, brand: Sunny }');
  const poll = pollOf(one, await statsOf(one, five));
  if ('reason' in poll) throw new Error(poll.reason);
  expect(poll).toMatchObject({
    idea: { id: 'all-fruit' },
    given: ['apples: 20', 'brand: Sunny'],
    explanation: 'A basket holds all apples.',
  });
  expect(poll.options.map(({ text, isRight }) => [text, isRight]).sort()).toEqual([
    ['down 20, across 24', true],
    ['down 20, across 63', false],
  ]);
  const page = renderPoll(poll, one.rubric.title);
  expect(page).not.toMatch(/Secret|<script|NaN|undefined/);
  // Nobody's answer, and not the worksheet's own.
  expect(page.replace(/<style>.*<\/style>/s, '')).not.toMatch(/across 11|down 7,/);
});

test('without an example other sizes are found', async () => {
  const one = course();
  expect(pollOf(one, await statsOf(one, five))).toMatchObject({ given: ['apples: 14', 'brand: Sunny'] });
});

test('what fewer than five hold is not asked, for somebody may know whose it is', async () => {
  const one = course();
  const poll = pollOf(one, await statsOf(one, five.slice(1)));
  expect(poll).toEqual({ reason: expect.stringContaining('that 5 students or more hold') });
  expect(renderPoll(poll as { reason: string }, 'x')).toContain('There is nothing to vote on.');
});
