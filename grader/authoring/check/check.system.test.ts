import { existsSync, readdirSync } from 'node:fs';
import Ajv from 'ajv';
import { loadCourse } from '../../course';
import { gradeFolder } from '../../grading/context';
import reportSchema from '../../grading/report.schema.json';
import { gradedCells } from '../../render/status';
import { renderTerminal } from '../../render/terminal';
import { resolvePath } from '../../system/files';
import { newCourse, newFolder, newOwnCourse, removeFolders } from '../../testing/folders';
import { runInProcess } from '../../testing/in-process';
import { runCommand } from '../../testing/run';
import { rubricYaml, wholeCourse } from '../../testing/worksheet';
import { findingsOf, release } from './check';

afterAll(removeFolders);

describe('this package', () => {
  // The stub as it is handed out, so that assignment/ may be filled in while someone tries it.
  const root = newOwnCourse();
  const course = loadCourse(root);

  test('passes every check, with nothing to note', async () => {
    const { status, stdout } = await runInProcess(root, 'check');
    expect(stdout).toMatch(/^(?:ok {6}.*\n){6}\nAll 6 checks passed\.\n$/);
    expect(status).toBe(0);
  });

  const submissions = readdirSync(resolvePath(root, 'solution/fixtures')).map((name) => `fixtures/${name}`);
  const validate = new Ajv().compile(reportSchema);

  test.each([...submissions, 'reference'])(
    'grades solution/%s to a Report that fits the schema, gives a reason for every lost point and prints within 80 columns',
    async (name) => {
      const report = await gradeFolder(resolvePath(root, `solution/${name}`), course.rubric, course.key);
      expect(validate(JSON.parse(JSON.stringify(report)))).toBe(true);
      for (const cell of gradedCells(report)) {
        const isTold = cell.outcome === 'blank' || cell.reason !== undefined;
        expect(cell.points === cell.possible || isTold).toBe(true);
      }
      const lines = renderTerminal(report, { hasColors: false }).split('\n');
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
    },
  );
});

describe('a release', () => {
  /** The findings in the release of the whole course with a text added to its handout, or another rubric. */
  const found = async (handout: string, rubric = rubricYaml) => {
    const template = `${wholeCourse['solution/handout.md']}\n${handout}\n`;
    const root = newCourse({ ...wholeCourse, 'solution/handout.md': template, 'rubric.yaml': rubric });
    return (await findingsOf(() => release(loadCourse(root, false), newFolder()))).map(({ text }) => text);
  };

  test('of a whole course holds nothing that it must not, also where students get no key', async () => {
    expect(await found('')).toEqual([]);
    expect(await found('', `${rubricYaml}self_check: form\n`)).toEqual([]);
  });

  test('with a right row in the handout names the file', async () => {
    expect((await found('A crate is 7 by 13.')).join('\n')).toMatch(/^student\/README\.md says “Crate … /m);
  });
});

describe('npm run check', () => {
  test('prints a line for each promise, and exits with 0 where all hold', () => {
    const { status, stdout, stderr } = runCommand(newCourse(wholeCourse), 'check');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.match(/^ok {6}/gm)).toHaveLength(6);
    expect(stdout).toContain('All 6 checks passed.');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('says under a broken promise what to do, goes on with the others, and exits with 1', async () => {
    const root = newCourse({ ...wholeCourse, 'assignment/README.md': '# Fruit\n' });
    const { status, stdout } = await runInProcess(root, 'check');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^failed {2}Each generated file .*\n {8}assignment\/README\.md: not what/m);
    expect(stdout.match(/^ok {6}/gm)).toHaveLength(5);
    expect(stdout).toContain('Failed: 1.');
  });

  test('releases nothing where the release cannot be made, and leaves nothing of it', () => {
    const root = newCourse({ ...wholeCourse, 'solution/handout.md': '# {{ nothing }}\n' });
    for (const command of ['check', 'release']) {
      const { status, stdout, stderr } = runCommand(root, command);
      expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
      expect(stdout).toContain('solution/handout.md:1:6: undefined variable: nothing.');
    }
    expect(existsSync(resolvePath(root, 'dist')) ? readdirSync(resolvePath(root, 'dist')) : []).toEqual([]);
  });

  test('stops where the course cannot be loaded, for nothing else can be told then', async () => {
    const rubric = rubricYaml.replace('points: 3', 'points: -3');
    const { status, stdout } = await runInProcess(
      newCourse({ ...wholeCourse, 'rubric.yaml': rubric }),
      'check',
    );
    expect(status).toBe(1);
    expect(stdout).toContain('points is -3');
    expect(stdout.match(/^(?:ok|failed) /gm)).toHaveLength(1);
    expect(stdout).toContain('The other checks need this one to pass first.');
  });
});
