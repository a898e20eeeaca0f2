import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeRepository } from '../../authoring/demo/demo';
import { classOf, outputsIn, runClass, runMerge, tableFile, work } from '../../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { courseFiles, rightAnswers, rubricYaml } from '../../testing/worksheet';

afterAll(removeFolders);

const course = newCourse(courseFiles);
const table = (...lines: string[]) => tableFile('roster.csv', ['login,name,email,section,group', ...lines]);
const full = work(rightAnswers, 'Pears are the best of all fruit.', 'Lemons');

test('an override and an extension of one are of nobody else in the group', async () => {
  const late = newCourse({
    ...courseFiles,
    'rubric.yaml': `${rubricYaml}deadline: { due: 2026-10-01T12:00Z, late: { per_day: 2, until: 2026-10-09T12:00Z }, timezone: UTC }\n`,
  });
  const root = classOf({});
  const time = Date.parse('2026-10-02T11:00Z');
  makeRepository(path.join(root, 'fruit-team'), 'x', [{ time, message: 'x', files: full }]);
  const roster = table('ada,Ada,,,team', 'bob,Bob,,,team');
  const out = path.join(newFolder(), 'out');
  writeFiles(out, { 'extensions.csv': 'who,due\nada,2026-10-03T12:00Z\n' });
  expect((await runClass(late, root, '--roster', roster, '--out', out)).stderr).toBe('');
  const { row } = outputsIn(out);
  expect([row('ada').points, row('bob').points]).toEqual([10, 8]);
  writeFileSync(path.join(out, 'overrides.csv'), 'login,total,adjust,reason\nbob,,+1,Came to see me\n');
  const again = await runClass(late, root, '--roster', roster, '--out', out);
  expect(again.stdout).toContain('bob: 8 to 9: ');
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
      makeRepository(path.join(root, `fruit-${name}`), name, [{ time: 1, message: 'x', files: full }]);
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
      expect(team).toContain('see your own');
      expect(team).not.toMatch(/Only Ada|For Ada|by hand/);
      expect(read('ada.txt')).toMatch(/9 of 10.*Only Ada.*For Ada alone/s);
      expect(cyd).toContain('Only Cyd');
      expect(outputsIn(out).rows.map(({ key, shared }) => [key, shared])).toEqual(
        lines.map((line) => [line.slice(0, 3), line.endsWith('team') ? true : undefined]),
      );
    }
  },
);
