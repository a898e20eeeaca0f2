import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { classOf, graded, partly, runClass, work } from '../../testing/classes';
import { class30, loginRoster } from '../../testing/downloads';
import { newCourse, newFolder, removeFolders } from '../../testing/folders';
import { courseFiles, rightAnswers } from '../../testing/worksheet';

afterAll(removeFolders);

const course = newCourse(courseFiles);
const slug = (number: number) => `classroom50-group-86471e6c42321c77-${number}`;
const teamsOf = (...teams: string[][]) => ({
  schema: 'classroom50/teams/v1',
  assignments: {
    fruit: { teams: teams.map((members, index) => ({ slug: slug(index + 1), id: index, members })) },
  },
});

function classWith(teams: unknown): { root: string; roster: string } {
  const root = classOf(
    {
      'course-fruit-group-1': work(rightAnswers, 'Pears', 'Lemons'),
      'course-fruit-group-2': work(partly, 'a', 'b'),
    },
    'course-fruit',
  );
  writeFileSync(path.join(root, 'teams.json'), JSON.stringify(teams));
  const roster = path.join(newFolder(), 'roster.csv');
  writeFileSync(roster, loginRoster(class30.slice(0, 4)));
  return { root, roster };
}

test('Classroom 50’s teams have a row for each member, by its own teams.json', async () => {
  const { root, roster } = classWith(teamsOf(['s-00', 'S-02'], ['s-01', 'gone']));
  const { rows, codes } = await graded(course, root, '--roster', roster);
  expect(rows.map(({ key, points, group, matched }) => [key, points, group, matched])).toEqual([
    ['s-00', 10, 'course-fruit-group-1', 'login'],
    ['s-01', 9, 'course-fruit-group-2', 'login'],
    ['s-02', 10, 'course-fruit-group-1', 'login'],
    ['s-03', null, undefined, undefined],
  ]);
  expect(codes('s-01')).toContain('download/unknown');
});

test('a student in two teams has the work with more points, with a remark', async () => {
  const { root, roster } = classWith(teamsOf(['s-00', 's-01'], ['s-00']));
  const { row, codes } = await graded(course, root, '--roster', roster);
  expect([row('s-00').points, row('s-01').points]).toEqual([10, 10]);
  expect([codes('s-00'), codes('s-01')]).toEqual([expect.arrayContaining(['class/twice']), []]);
});

test.each([
  ['another table', { teams: [] }, 'teams.json'],
  [
    'the teams of other assignments',
    { schema: 'classroom50/teams/v1', assignments: { a: { teams: [] }, b: { teams: [] } } },
    'None of the 2 submissions belongs to a student on the roster',
  ],
])('%s stops the run', async (_name, teams, says) => {
  const { root, roster } = classWith(teams);
  const { status, stderr } = await runClass(course, root, '--roster', roster);
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
});

test('team 1 of one classroom is not team 1 of another', async () => {
  const [a, b] = [classWith(teamsOf(['s-00'], ['s-01'])), classWith(teamsOf(['s-02'], ['s-03']))];
  writeFileSync(path.join(b.root, 'course-fruit-group-1', 'work', 'boxes.ts'), partly);
  const { rows } = await graded(course, a.root, b.root, '--roster', a.roster);
  expect(rows.map(({ key, points, source }) => [key, points, source])).toEqual([
    ['s-00', 10, 'course-fruit'],
    ['s-01', 9, 'course-fruit'],
    ['s-02', 9, 'course-fruit-2'],
    ['s-03', 9, 'course-fruit-2'],
  ]);
});
