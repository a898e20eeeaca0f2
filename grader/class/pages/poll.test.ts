import fc from 'fast-check';
import { loadCourse } from '../../course';
import { newCourse, removeFolders } from '../../testing/folders';
import { gradeTexts } from '../../testing/grade';
import { tries } from '../../testing/long';
import { answersOf, courseFiles, notesOf, rubricYaml } from '../../testing/worksheet';
import { statisticsOf } from './statistics';
import { placeOf, pollOf, renderPoll } from './vote';

afterAll(removeFolders);

// A course whose answers are computed from its sizes: apples and their boxes.
const courseWith = (...lines: string[]) =>
  loadCourse(
    newCourse({
      ...courseFiles,
      'rubric.yaml': `${rubricYaml}${lines.join('\n')}\n`,
      'solution/index.ts': `
export const derive = ({ apples }) => ({ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: apples + 6 } });
export const measure = derive;
export const misconceptions = ({ apples }) => [
  { id: 'all-fruit', title: 'All fruit', row: 'basket', values: { down: apples, across: 3 * apples + 3 }, text: 'Only one kind lies in a basket.' },
  { id: 'transposed', title: 'Turned', row: 'basket', values: { down: apples + 4, across: apples }, text: 'Turn it round.' },
  { id: 'square', title: 'Square', row: 'basket', values: { down: apples, across: apples }, text: 'Not a square.' },
  { id: 'one', title: 'One', row: 'basket', values: { down: 1, across: apples === 20 ? apples + 4 : 1 }, text: 'More than one.' },
  { id: 'seven', title: 'Seven', row: 'crate', values: { down: apples, across: apples === 20 ? apples + 6 : 7 }, text: 'Wider.' },
];
export const quantities = ({ apples }) => [{ value: apples + 4, phrase: 'how wide a basket is' }];
export const explanations = () => ({ basket: 'A basket holds all apples.' });
`,
    }),
  );

const course = courseWith('vote: { apples: 20, brand: Shiny }');

/** What a student who has an idea writes as basket, at the sizes of the worksheet and at those of the vote. */
const ideas = {
  'all-fruit': ['{ down: 7, across: 24 }', '20 and 63'],
  transposed: ['{ down: 11, across: 7 }', '24 and 20'],
  square: ['{ down: 7, across: 7 }', '20 and 20'],
  right: ['{ down: 7, across: 11 }', '20 and 24'],
} as const;
type Held = keyof typeof ideas;

async function statsOf(held: readonly Held[], of: typeof course, crate = '{ down: 7, across: 13 }') {
  const rows = await Promise.all(
    held.map(async (idea, index) => {
      const report = await gradeTexts(answersOf(ideas[idea][0], crate), notesOf(), of.key, of.rubric);
      return {
        ...({ key: `s${index}`, login: `Secret${index}`, status: 'graded', enrolled: true } as const),
        ...{ points: report.points, report, adjustments: [], responses: [], warnings: [] },
      };
    }),
  );
  return statisticsOf(of.rubric, rows, of.solution.misconceptions);
}

const voteOf = async (held: readonly Held[], of = course, crate?: string) =>
  pollOf(of, await statsOf(held, of, crate));

const three = ['all-fruit', 'all-fruit', 'all-fruit'] as const;

test('the question is asked at the sizes of vote, with what the class holds and what is right', async () => {
  const poll = await voteOf([...three, 'square', 'transposed', 'right']);
  if ('reason' in poll) throw new Error(poll.reason);
  expect(poll).toMatchObject({ asked: 'Basket of fruit: down, across?', facts: ['apples 20, brand Shiny'] });
  expect(poll.options.map(({ text, isRight, why }) => [text, isRight, why]).sort()).toEqual([
    ['20 and 20', false, 'Not a square.'],
    ['20 and 24', true, 'A basket holds all apples.'],
    ['20 and 63', false, 'Only one kind lies in a basket.'],
    ['24 and 20', false, 'Turn it round.'],
  ]);
  const page = renderPoll(poll, course.rubric.title).replace(/<style>.*<\/style>/gs, '');
  // Shows neither a name, nor a student's answer, nor the worksheet's own.
  expect(page).not.toMatch(/Secret|NaN|undefined|, 11\b|7, |<script/);
});

test.each<[string, readonly Held[], string, RegExp]>([
  ['a class of the right answer', ['right', 'right', 'right'], '', /no idea is shared by many/],
  ['an idea of two', ['all-fruit', 'all-fruit', 'square'], '', /no idea is shared by many/],
  ['a rubric without vote', [...three, 'square'], 'none', /rubric.yaml states no other sizes under vote/],
  ['a class of one idea', [...three, 'right'], '', /give only one wrong answer at those sizes/],
  ['an idea that is right there', ['right', 'right', 'right'], 'seven', /this idea gives no wrong answer/],
])('there is no vote for %s, and the reason says why', async (_name, held, special, reason) => {
  const of = special === 'none' ? courseWith() : course;
  const crate = special === 'seven' ? '{ down: 7, across: 7 }' : undefined;
  expect(await voteOf(held, of, crate)).toEqual({ reason: expect.stringMatching(reason) });
});

test('whatever a class wrote, a vote has three to five options, one right, none twice, and each wrong one an idea of the class', async () => {
  const idea = fc.constantFrom(...(Object.keys(ideas) as Held[]));
  await fc.assert(
    fc.asyncProperty(fc.array(idea, { minLength: 1, maxLength: 12 }), async (held) => {
      const poll = await voteOf(held);
      const wrong = [...new Set(held)].filter((one) => one !== 'right');
      const counts = wrong.map((one) => held.filter((other) => other === one).length);
      const isAsked = wrong.length >= 2 && Math.max(...counts) >= 3;
      expect('asked' in poll).toBe(isAsked);
      if ('reason' in poll) return;
      expect(poll.options.map(({ text, isRight }) => (isRight ? 'right' : text)).sort()).toEqual(
        [...wrong.map((one) => ideas[one][1]), 'right'].sort(),
      );
      expect(await voteOf(held)).toEqual(poll);
    }),
    { numRuns: tries(200) },
  );
});

/** The place of the right option, for each of many worksheets, rows and sizes. */
async function placesOf(held: readonly Held[]): Promise<number[]> {
  const stats = await statsOf(held, course);
  const sizes = Array.from({ length: 60 }, (_, index) => ({ apples: 21 + index }));
  return ['Fruit in boxes', 'Shapes'].flatMap((title) =>
    sizes.flatMap((vote) => {
      const other = { ...course, rubric: { ...course.rubric, title }, file: { ...course.file, vote } };
      const poll = pollOf(other, stats);
      return 'asked' in poll ? poll.options.findIndex(({ isRight }) => isRight) : [];
    }),
  );
}

const otherPlaces = ['basket', 'crate', 'bowl', 'box', 'sack', 'jar', 'tray'].flatMap((row) =>
  Array.from({ length: 60 }, (_, apples) => placeOf(JSON.stringify(['Shapes', row, { apples }]), 5)),
);

test.each<[string, () => Promise<number[]>, number]>([
  ['three', () => placesOf([...three, 'square']), 3],
  ['four', () => placesOf([...three, 'square', 'transposed']), 4],
  ['five', async () => otherPlaces, 5],
])(
  'over worksheets, rows and sizes each of %s places has its share of right options',
  async (_name, find, count) => {
    const found = await find();
    const share = found.length / count;
    expect(share).toBeGreaterThanOrEqual(30);
    for (let place = 0; place < count; place++) {
      const there = found.filter((one) => one === place).length;
      expect(Math.abs(there - share)).toBeLessThan(share / 3);
    }
  },
);
