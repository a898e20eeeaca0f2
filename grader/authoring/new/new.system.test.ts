import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { deleteAsTold } from '../../testing/fixtures';
import { newCourse, newFolder, packageRoot } from '../../testing/folders';
import { runInProcess } from '../../testing/in-process';
import { runCommand, runNpm } from '../../testing/run';
import { wholeCourse } from '../../testing/worksheet';

const course = path.join(newFolder(), "next week's (2)");

const examples = readdirSync(path.join(packageRoot, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => path.join(packageRoot, 'examples', name));

const ending = (status: number, text: string) => ({ status, stdout: expect.stringContaining(text) });

test('a new course passes npm test, check and release before a word is changed', () => {
  expect(runCommand(packageRoot, 'new', course)).toMatchObject({ status: 0, stderr: '' });
  expect(runNpm(course, ['test'])).toMatchObject(ending(0, 'Not started yet: 0 of 4 points'));
  expect(runNpm(course, ['run', 'check'])).toMatchObject(ending(0, 'All 6 checks passed.'));
  expect(runNpm(course, ['run', 'release'])).toMatchObject(
    ending(0, 'student/: the repository for students.'),
  );
  const copied = (file: string) =>
    JSON.parse(readFileSync(path.join(course, 'dist', 'student', file), 'utf8'));
  expect(copied('package.json')).toMatchObject({ name: 'next-week-s-2' });
  expect(copied('package-lock.json')).toMatchObject({ name: 'next-week-s-2' });
}, 120_000);

test('a course that begins with this worksheet grades like it', () => {
  const own = path.join(newFolder(), 'next-year');
  expect(runCommand(packageRoot, 'new', own, '--from', packageRoot)).toMatchObject({ status: 0, stderr: '' });
  const fixture = ['grade', 'solution/fixtures/typical'];
  expect(runCommand(own, ...fixture)).toEqual(runCommand(packageRoot, ...fixture));
  expect(readFileSync(path.join(own, 'assignment', 'README.md'), 'utf8')).toBe(
    readFileSync(path.join(packageRoot, 'assignment', 'README.md'), 'utf8'),
  );
}, 120_000);

test('a course is begun with the files that its sizes name and the packages that it imports', async () => {
  const from = newCourse({
    ...wholeCourse,
    'rubric.yaml': `${wholeCourse['rubric.yaml']}`.replace(
      /^given:\n/m,
      "given:\n  market: './a market.json'\n",
    ),
    'a market.json': '{}',
    'solution/other.ts': "import 'yaml/util';\nexport * from './index';\n",
    'package.json': JSON.stringify({
      description: 'Fruit.',
      dependencies: { yaml: '^2.9.1', jest: '^30.0.0' },
    }),
  });
  const own = path.join(newFolder(), 'next-year');
  expect(await runInProcess(packageRoot, 'new', own, '--from', from)).toMatchObject({
    status: 0,
    stderr: '',
  });
  const made = JSON.parse(readFileSync(path.join(own, 'package.json'), 'utf8'));
  expect(made).toMatchObject({ name: 'next-year', description: 'Fruit.' });
  expect(Object.keys(made.devDependencies)).toEqual(['yaml', 'worksheet-grader']);
  expect(existsSync(path.join(own, 'a market.json'))).toBe(true);
}, 60_000);

test.each<[what: string, change: (from: string) => void, says: string]>([
  ['without a rubric', (from) => rmSync(path.join(from, 'rubric.yaml')), 'it has no rubric.yaml'],
  [
    'with a link',
    (from) => symlinkSync(newFolder(), path.join(from, 'solution/etc')),
    'solution/etc is not a plain file',
  ],
  [
    'with sizes outside of it',
    (from) => {
      writeFileSync(path.join(from, '..', 'sizes.json'), '{}');
      const rubric = path.join(from, 'rubric.yaml');
      const text = readFileSync(rubric, 'utf8');
      writeFileSync(rubric, text.replace(/^given:\n/m, 'given:\n  market: ../sizes.json\n'));
    },
    '../sizes.json is not a plain file in',
  ],
])('a course %s is not begun with, and nothing is written', async (_what, change, says) => {
  const from = path.join(newFolder(), 'course');
  cpSync(newCourse(wholeCourse), from, { recursive: true, filter: (file) => !file.endsWith('node_modules') });
  change(from);
  const own = path.join(newFolder(), 'next-year');
  const { status, stderr } = await runInProcess(packageRoot, 'new', own, '--from', from);
  expect({ status, says: stderr.includes(says) ? says : stderr, isMade: existsSync(own) }).toEqual({
    status: 2,
    says,
    isMade: false,
  });
});

test.each<[name: string, folder: string]>([
  ['this repository', packageRoot],
  ['a new course', course],
  ...examples.map((example): [string, string] => ['an example', example]),
])('git leaves out what holds grades or answers in %s', (_name, folder) => {
  const made = ['out/grades.csv', 'out.before-2026-10-01T10-00-00/grades.csv', 'out.new/grades.csv'].concat([
    'dist/release.json',
    'dist.new/release/release.json',
    'submissions/ada/x',
    'demo/out/grades.csv',
    'out-2027/grades.csv',
    'dist-2027/release.json',
    'dist-instructor/grading.html',
    'clones/ada/x',
    'class.zip',
    'roster.csv',
  ]);
  spawnSync('git', ['init', '--quiet'], { cwd: course });
  const { stdout } = spawnSync('git', ['check-ignore', ...made], { cwd: folder, encoding: 'utf8' });
  expect(stdout.trim().split('\n')).toEqual([...made]);
});

test('what somebody changes in a new course is graded, and a fault in it has its place', async () => {
  writeFileSync(
    path.join(course, 'assignment', 'answers.ts'),
    'export const floor = { whole: { tiles: 6 * 4 }, edge: { tiles: 2 * 6 + 2 * 4, share: 0.67 } };\n',
  );
  const { status, stdout } = runNpm(course, ['test']);
  expect({ status, stdout }).toEqual(ending(1, '2 of 4 points'));
  expect(stdout).toContain('Which tiles do you step');
  const rubric = path.join(course, 'rubric.yaml');
  writeFileSync(rubric, readFileSync(rubric, 'utf8').replace('width: 6', 'width: 1'));
  expect((await runInProcess(course, 'generate')).stderr).toMatch(
    /^rubric\.yaml:\d+: given\.width is 1; write 2 or more$/m,
  );
});

test('the exit ticket of a new course can be taken away, as its comment says', async () => {
  const own = path.join(newFolder(), 'no-ticket');
  await runInProcess(packageRoot, 'new', own);
  const file = path.join(own, 'rubric.yaml');
  const rubric = parseDocument(readFileSync(file, 'utf8'));
  rubric.delete('reflection');
  writeFileSync(file, String(rubric));
  expect((await runInProcess(own, 'generate')).stderr).toBe('');
  deleteAsTold(own, (await runInProcess(own, 'check')).stdout);
  expect(await runInProcess(own, 'check')).toMatchObject(ending(0, 'All 6 checks passed.'));
});

test('a folder that holds something is left as it is', async () => {
  const taken = newFolder();
  mkdirSync(path.join(taken, 'notes'));
  const made = await runInProcess(packageRoot, 'new', taken);
  expect(made.stderr).toContain('is in use (notes), and is left as it is');
  writeFileSync(path.join(taken, 'file'), 'Mine.');
  const { status, stderr } = await runInProcess(packageRoot, 'new', path.join(taken, 'file'));
  expect({ status, says: stderr.includes('it is a file') }).toEqual({ status: 2, says: true });
  expect(existsSync(path.join(taken, 'package.json'))).toBe(false);
});
