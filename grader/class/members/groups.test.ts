import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeRepository } from '../../authoring/demo/sample';
import {
  classOf,
  graded,
  outputsIn,
  partly,
  runClass,
  runMerge,
  tableFile,
  work,
} from '../../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { courseFiles, rightAnswers, rubricYaml } from '../../testing/worksheet';

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

test('an override and an extension of one are of nobody else in the group', async () => {
  const late = newCourse({
    ...courseFiles,
    'rubric.yaml': `${rubricYaml}deadline: { due: 2026-10-01T12:00Z, per_day_points: 2, cutoff: 2026-10-09T12:00Z }\n`,
  });
  const root = classOf({});
  const time = Date.parse('2026-10-02T11:00Z');
  await makeRepository(path.join(root, 'fruit-team'), 'x', [{ time, message: 'x', files: full }]);
  const roster = table('ada,Ada,,,team', 'bob,Bob,,,team');
  const extensions = tableFile('extensions.csv', ['login,due', 'ada,2026-10-03T12:00Z']);
  const { out, row } = await graded(late, root, '--roster', roster, '--extensions', extensions);
  expect([row('ada').points, row('bob').points]).toEqual([10, 8]);
  writeFileSync(path.join(out, 'overrides.csv'), 'login,total,adjust,reason\nbob,,+1,Came to see me\n');
  const again = await runClass(late, root, '--roster', roster, '--extensions', extensions, '--out', out);
  expect(again.stdout).toContain('bob: 8 to 9 (+1)');
  expect(again.stdout).not.toContain('ada:');
});

test.each([
  ['two members', ['ada,Ada,,,team', 'bob,Bob,,,team', 'cyd,Cyd,,,']],
  ['one member on the roster', ['ada,Ada,,,team', 'cyd,Cyd,,,']],
])(
  'a group with %s reads nothing of one member’s alone, also where parts are joined',
  async (_name, lines) => {
    const root = classOf({});
    for (const name of ['team', 'cyd']) {
      await makeRepository(path.join(root, `fruit-${name}`), name, [{ time: 1, message: 'x', files: full }]);
      const config = `[remote "origin"]\n\turl = https://github.com/org/fruit-${name}.git\n`;
      writeFiles(root, { [`fruit-${name}/.git/config`]: config });
    }
    const list = table(...lines);
    const whole = path.join(newFolder(), 'out');
    const joined = path.join(newFolder(), 'joined');
    const parts = ['1/2', '2/2'].map((shard) => ({ shard, out: path.join(newFolder(), 'part') }));
    for (const out of [whole, joined]) {
      mkdirSync(out);
      writeFiles(out, {
        'overrides.csv': 'login,total,adjust,reason\nada,,-1,Only Ada\ncyd,,-1,Only Cyd\n',
        'comments.csv': 'login,text\nada,For Ada alone\n',
      });
    }
    for (const { shard, out } of parts)
      await runClass(course, root, '--roster', list, '--shard', shard, '--out', out);
    const args = ['--roster', list, '--feedback', '--out'];
    const runs = [
      await runClass(course, root, ...args, whole),
      await runMerge(course, ...parts.map(({ out }) => out), ...args, joined),
    ];
    expect(runs.map(({ status, stderr }) => ({ status, stderr }))).toEqual(
      runs.map(() => ({ status: 0, stderr: '' })),
    );
    for (const out of [whole, joined]) {
      const read = (file: string) => readFileSync(path.join(out, 'feedback', file), 'utf8');
      const [team, cyd] = ['team', 'cyd'].map((name) =>
        JSON.stringify(
          JSON.parse(read('github.json')).posts.find(({ repository = '' }) =>
            repository.endsWith(`-${name}`),
          ),
        ),
      );
      expect(team).toContain('10 of 10 points');
      expect(team).not.toMatch(/Only Ada|For Ada|by hand/);
      expect(read('ada.txt')).toMatch(/9 of 10.*Only Ada.*For Ada alone/s);
      expect(cyd).toContain('Only Cyd');
      expect(outputsIn(out).rows.map(({ key, shared }) => [key, shared])).toEqual(
        lines.map((line) => [line.slice(0, 3), line.endsWith('team') ? true : undefined]),
      );
    }
  },
);

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
  const says = 'ada is in another group in line 2 (one, and here two)';
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
  const { rows, run } = await graded(course, root, '--roster', list, '--section', section);
  expect(rows.map(({ key }) => key).join(' ')).toBe(members);
  const several = members.split(' ').filter((login) => /bob|cyd|fay/.test(login));
  expect(run.notes.join().includes('In it is also who is in')).toBe(several.length > 0);
});
