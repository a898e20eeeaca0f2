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
  const { rows, stdout } = await graded(course, root, '--roster', roster);
  expect(rows.map(({ key, points, group, matched }) => [key, points, group, matched])).toEqual([
    ['s-00', 10, 'group-1 of course-fruit', 'group'],
    ['s-01', 9, 'group-2 of course-fruit', 'group'],
    ['s-02', 10, 'group-1 of course-fruit', 'group'],
    ['s-03', null, undefined, undefined],
  ]);
  expect(stdout).toContain('In teams.json and not on the roster: gone.');
});

test.each([
  ['a student in two teams', teamsOf(['s-00'], ['s-00']), 's-00 is in two teams of fruit'],
  ['another table', { teams: [] }, 'is not a teams.json of Classroom 50'],
  [
    'several assignments of which none is named as the folder',
    { schema: 'classroom50/teams/v1', assignments: { a: { teams: [] }, b: { teams: [] } } },
    'has the assignments a, b, and the folder’s name does not tell',
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
