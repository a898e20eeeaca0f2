import { newCourse, removeFolders } from '../testing/folders';
import { runInProcess } from '../testing/in-process';
import { courseFiles } from '../testing/worksheet';

let course: string;
beforeAll(() => {
  course = newCourse(courseFiles);
});
afterAll(removeFolders);

test('every known wrong answer of a row is printed with what a student reads', async () => {
  const { status, stdout } = await runInProcess(course, 'hints', 'basket');
  expect(status).toBe(0);
  expect(stdout.trimEnd().split('\n')).toEqual([
    'Basket of fruit',
    'down 11, across 7',
    '    Turn it round.',
    'down 7, across 24',
    '    Only one kind lies in a basket.',
    'down 70; across 70',
    '    70 could be how many seeds an apple has, or how many leaves a twig has.',
    '    Which did you mean?',
    'across 7',
    '    7 is how many apples there are.',
  ]);
});

test('without a row all of them are printed, and an unknown row is told with those that there are', async () => {
  const { stdout } = await runInProcess(course, 'hints');
  expect(stdout).toContain('Basket of fruit');
  expect(stdout).toContain('Either: Nothing was peeled. Or: Nothing was sliced.');
  expect(await runInProcess(course, 'hints', 'bascet')).toMatchObject({
    status: 2,
    code: 'unknown-row',
  });
});
