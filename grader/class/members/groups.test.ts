import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { classOf, graded, partly, runClass, tableFile, work } from '../../testing/classes';
import { newCourse, removeFolders } from '../../testing/folders';
import { courseFiles, rightAnswers } from '../../testing/worksheet';

afterAll(removeFolders);

const course = newCourse(courseFiles);
const table = (...lines: string[]) => tableFile('roster.csv', ['login,name,email,section,group', ...lines]);
const full = work(rightAnswers, 'Pears are the best of all fruit.', 'Lemons');

test('everybody in a group has a row with what the group handed in', async () => {
  const root = classOf({ 'fruit-group-1': full, 'fruit-cyd': work(partly, 'a', 'b') });
  const {
    row,
    rows,
    page,
    table: read,
  } = await graded(
    course,
    root,
    '--roster',
    table('ada,Ada,,,group-1', 'bob,Bob,,,group-1', 'cyd,Cyd,,,', 'dan,Dan,,,group-2'),
  );
  expect(rows.map(({ key, points, group, folder }) => [key, points, group, folder])).toEqual([
    ['ada', 10, 'group-1', 'fruit-group-1'],
    ['bob', 10, 'group-1', 'fruit-group-1'],
    ['cyd', 9, undefined, 'fruit-cyd'],
    ['dan', null, 'group-2', undefined],
  ]);
  expect(row('ada').report).toEqual(row('bob').report);
  expect(row('dan').status).toBe('no submission');
  // A text that a group wrote together is one text, and nobody copied it.
  expect(page.match(/Pears are the best/g)).toHaveLength(1);
  expect(read('grades.csv').find(([login]) => login === 'bob')).toContain('group-1');
});

test('a folder of their own beside the group’s is reported, and the better one counts', async () => {
  const root = classOf({ 'fruit-team': work(partly, 'a', 'b'), 'fruit-ada': full });
  mkdirSync(path.join(root, 'fruit-bob'), { recursive: true });
  const { row, codes } = await graded(course, root, '--roster', table('ada,Ada,,,team', 'eve,Eve,,,team'));
  expect([row('ada').points, row('eve').points]).toEqual([10, 9]);
  expect(codes('ada')).toContain('class/twice');
  expect(codes('eve')).not.toContain('class/twice');
});

test('a student in two groups stops the run', async () => {
  const lines = ['ada,Ada,,,one', 'ada,Ada,,,two'];
  const { status, stderr } = await runClass(course, classOf({ ada: full }), '--roster', table(...lines));
  const says = 'ada is in line 2 already.';
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
});

test('--section grades one section, and says so', async () => {
  const root = classOf({ ada: full, bob: full });
  const roster = table('ada,Ada,,Monday,', 'bob,Bob,,Friday,');
  const { rows, run, page } = await graded(course, root, '--roster', roster, '--section', 'monday');
  expect(rows.map(({ key }) => key)).toEqual(['ada']);
  expect(run.notes).toContain('Only section monday: 1 of 2 students.');
  expect(page).toContain('Only section monday');
  const { code } = await runClass(course, root, '--roster', roster, '--section', 'Sunday');
  expect(code).toBe('unknown-section');
  expect((await runClass(course, root, '--section', 'Sunday')).code).toBe('unknown-section');
});

test.each([
  ['Section B', 'bob cyd dan'],
  ['section a', 'ada bob cyd'],
  ['C', 'cyd'],
  ['Reading and Writing', 'eve fay'],
  ['Lab', 'fay'],
])('in section %s are %s, some of them also in others', async (section, members) => {
  const sections = {
    ada: 'Section A',
    bob: 'Section A and Section B',
    cyd: '"Section A, Section B, and C"',
    dan: 'Section B',
    eve: 'Reading and Writing',
    fay: 'Lab and Reading and Writing',
  };
  const logins = Object.keys(sections);
  const list = table(...Object.entries(sections).map(([login, names]) => `${login},,,${names},`));
  const root = classOf(Object.fromEntries(logins.map((login) => [login, full])));
  const { rows } = await graded(course, root, '--roster', list, '--section', section);
  expect(rows.map(({ key }) => key).join(' ')).toBe(members);
});
