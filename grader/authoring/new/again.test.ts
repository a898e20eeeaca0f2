import { loadCourse } from '../../course';
import { againYaml } from '../../testing/again';
import { classOf, graded } from '../../testing/classes';
import { newCourse, newFolder, removeFolders } from '../../testing/folders';
import { runInProcess } from '../../testing/in-process';
import { notesOf, wholeCourse } from '../../testing/worksheet';
import { followUpCourse } from './again';

afterAll(removeFolders);

const rows = ['basket', 'crate', 'box', 'bag'];
const yaml = `${againYaml
  .replace(/again:\n.*\n.*\n/, '')
  .replace(
    '    - { id: crate, label: Crate }\n',
    rows
      .slice(1)
      .map((id) => `    - { id: ${id}, label: ${id === 'crate' ? 'Crate' : id} }\n`)
      .join(''),
  )
  .replace('possible: 10\n', '')}vote: [{ apples: 30 }, { apples: 52 }, { apples: 75 }]\n`;

const course = newCourse({
  ...wholeCourse,
  'rubric.yaml': yaml,
  'solution/index.ts': `
import { wider } from './wider';
export const derive = ({ apples }) => Object.fromEntries(${JSON.stringify(rows)}.map((row, index) => [row, { down: apples, across: wider(apples, index) }]));
export const measure = derive;
export const misconceptions = ({ apples }) => [{ id: 'all-fruit', row: 'crate', values: { across: 3 * apples }, text: 'Which one?' }];
export const quantities = ({ apples }) => [{ value: apples, phrase: 'how many apples there are' }];
export const handoutFacts = () => ({});
`,
  'solution/wider.ts': 'export const wider = (apples: number, index: number) => apples + 4 + 2 * index;\n',
  'solution/wider.test.ts': 'throw new Error("a test is no part of a course");\n',
});

/** The results of a class of ten, given how many students have each row right. */
async function resultsOf(right: Readonly<Record<string, number>>): Promise<string> {
  const answers = (student: number) =>
    rows.map(
      (row, index) => `${row}: { down: 7, across: ${(right[row] ?? 0) > student ? 11 + 2 * index : 1} }`,
    );
  const students = Array.from({ length: 10 }, (_, student) => [
    `s${student}`,
    {
      'work/boxes.ts': `export const boxes = { ${answers(student).join(', ')} };`,
      'work/notes.md': notesOf(),
    },
  ]);
  return (await graded(course, classOf(Object.fromEntries(students)))).out;
}

const right = { basket: 9, crate: 2, box: 6, bag: 4 };

test('it asks for the two rows that most missed and one that most had right, at the sizes that are given', async () => {
  const { asked, sizes } = followUpCourse(course, await resultsOf(right), 'apples=21');
  expect(asked).toEqual(['Basket of fruit', 'Crate', 'bag']);
  expect(sizes).toBe('apples 21, brand Sunny');
});

test('without sizes it takes the first of the vote where no vote was held', async () => {
  expect(followUpCourse(course, await resultsOf(right), undefined).sizes).toBe('apples 30, brand Sunny');
});

test('the course that it makes passes what a course has to, and shows nothing of the worksheet before', async () => {
  const { files } = followUpCourse(course, await resultsOf(right), 'apples=21');
  const root = newCourse(files);
  expect(await runInProcess(root, 'generate')).toMatchObject({ status: 0 });
  const { rubric } = loadCourse(root);
  expect(rubric).toMatchObject({ selfCheck: 'form', keepsAttempts: false, given: { apples: 21 }, laws: [] });
  expect(Object.keys(files)).not.toContain('solution/wider.test.ts');
  const handout = files['solution/handout.md'] ?? '';
  expect(handout).toContain('In class, alone, notes closed.');
  expect(handout).not.toMatch(/\b7\b/);
});

test.each([
  ['sizes whose answers stand in the worksheet', 'apples=11', 'again-unfair'],
  ['sizes of a vote', 'apples=52', 'again-unfair'],
  ['what is no size', 'apples', 'given-not-read'],
  ['a name that is not given', 'aples=21', 'given-not-known'],
])('%s are refused', async (_name, given, code) => {
  const results = await resultsOf(right);
  expect(() => followUpCourse(course, results, given)).toThrow(expect.objectContaining({ code }));
});

test('results in which nobody has begun are refused', async () => {
  const { out } = await graded(
    course,
    classOf({ ada: { 'work/boxes.ts': wholeCourse['work/boxes.ts'] ?? '', 'work/notes.md': notesOf() } }),
  );
  expect(() => followUpCourse(course, out, 'apples=21')).toThrow(
    expect.objectContaining({ code: 'again-without-answers' }),
  );
});

test('what cannot be read is refused before anything is made', async () => {
  expect((await runInProcess(course, 'new', newFolder(), '--given', 'apples=21')).code).toBe(
    'given-without-again',
  );
});
