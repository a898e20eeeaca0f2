import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { bundledHosts } from '../../hosts/registry';
import { fileDigest, listFiles, resolvePath } from '../../system/files';
import { newCourse, newFolder, packageRoot, removeFolders, writeFiles } from '../../testing/folders';
import { runInProcess } from '../../testing/in-process';
import { type Finished, runCommand, runGrade, runJest, runTypes, runWatchOnce } from '../../testing/run';
import { answersOf, notesOf, rightAnswers, rubricYaml, wholeCourse } from '../../testing/worksheet';

const runRelease = (courseRoot: string, ...args: string[]) => runCommand(courseRoot, 'release', ...args);

afterAll(removeFolders);

/** The digest of each file below a folder. */
function snapshot(root: string): Record<string, string> {
  return Object.fromEntries(listFiles(root).map((file) => [file, fileDigest(root, file)]));
}

const parts = ['student', 'page', ...bundledHosts.map(({ id }) => id)];

function expectReleased({ status, stdout, stderr }: Finished): void {
  expect({ status, stderr, stdout: status === 0 ? '' : stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout: '',
  });
}

/** The package.json of a course that links this repository as its grader. */
const ownPackage = { 'package.json': '{ "name": "fruit", "version": "1.0.0" }' };

// Students get the picture beside the handout, and not the draft.
const course = newCourse({ ...wholeCourse, 'assignment/crate.png': '', 'assignment/draft.md': '' });
let copy: string;
beforeAll(() => {
  expectReleased(runRelease(course));
  copy = path.join(course, 'dist', 'student');
});

const students = newFolder('a student (2) [ü]');

/** Makes a new copy in its own folder, with this package's dependencies and other answers. */
function studentsFolder(files: Record<string, string> = {}): string {
  // Use the same place each time, so that Jest does not need to compile the grader again.
  for (const name of readdirSync(students)) rmSync(path.join(students, name), { recursive: true });
  cpSync(copy, students, { recursive: true });
  symlinkSync(path.join(packageRoot, 'node_modules'), path.join(students, 'node_modules'), 'junction');
  writeFiles(students, files);
  return students;
}

describe('the students’ copy', () => {
  test('is a complete repository without solution, instructor’s tools, tests or history', () => {
    const files = listFiles(copy).filter((file) => !file.startsWith('grader/'));
    expect(files).toEqual([
      '.devcontainer/devcontainer.json',
      '.gitattributes',
      '.github/workflows/classroom.yml',
      '.gitignore',
      '.npmrc',
      '.vscode/settings.json',
      '.vscode/tasks.json',
      'AGENTS.md',
      'README.md',
      'assignment/crate.png',
      'package-lock.json',
      'package.json',
      'rubric.yaml',
      'tsconfig.json',
      'work/boxes.ts',
      'work/notes.md',
      'work/worksheet.ts',
    ]);
    const jest = ['jest.config.js', 'reporter.js', 'setup.js', 'worksheet.suite.js'];
    expect(listFiles(copy, 'grader')).toEqual([
      'grader/grade.js',
      ...jest.map((name) => `grader/jest/${name}`),
      ...['sealed-key.json', 'start.js'].map((name) => `grader/${name}`),
    ]);
  });

  test('tells assistants which files are the student’s', () => {
    const text = readFileSync(resolvePath(copy, 'AGENTS.md'), 'utf8');
    for (const file of ['work/boxes.ts', 'work/notes.md']) expect(text).toContain(file);
  });

  test('has the handout as its page, with links that lead where they led before', () => {
    expect(readFileSync(resolvePath(copy, 'README.md'), 'utf8')).toContain(
      '[your boxes](work/boxes.ts "here")',
    );
  });

  test('has a package and a lock that ask for what students run, and for nothing else', () => {
    const { dependencies, devDependencies, scripts } = JSON.parse(
      readFileSync(resolvePath(copy, 'package.json'), 'utf8'),
    );
    const lock = JSON.parse(readFileSync(resolvePath(copy, 'package-lock.json'), 'utf8'));
    expect(devDependencies).toBeUndefined();
    expect(lock.packages[''].dependencies).toEqual(dependencies);
    expect(Object.values<{ dev?: boolean }>(lock.packages).some(({ dev }) => dev)).toBe(false);
    expect(JSON.stringify(lock)).not.toMatch(/https?:\/\/[^"]*\.tgz/);
    expect(Object.keys(scripts)).toEqual(['test', 'watch', 'autograde', 'grade', 'types']);
  });

  test('has a rubric without comments and without what the key is derived from', () => {
    const text = readFileSync(resolvePath(copy, 'rubric.yaml'), 'utf8');
    expect(text).not.toMatch(/given|apples: 7|Sunny/);
    expect(text).toContain('title: Fruit in boxes');
  });

  test('has nothing that TypeScript would find, until an answer is no number', () => {
    const stub = readFileSync(resolvePath(copy, 'work/boxes.ts'), 'utf8');
    expect(runTypes(studentsFolder())).toEqual({ status: 0, stdout: '', stderr: '' });
    const { status, stdout } = runTypes(studentsFolder({ 'work/boxes.ts': stub.replace(/: null/, ": 'x'") }));
    expect(status).not.toBe(0);
    expect(stdout).toMatch(/^work\/boxes\.ts\(\d+,\d+\): error TS2322: Type 'string' is not assignable/);
  });

  test('grades before its packages are installed, and else says what to run', () => {
    const root = newFolder('a clone');
    cpSync(copy, root, { recursive: true });
    expect(runGrade(root)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Not started yet'),
      stderr: '',
    });
    for (const run of [runJest, runWatchOnce])
      expect(run(root)).toEqual({
        status: 2,
        stdout: '',
        stderr: 'Some packages are not installed. Run npm ci, and then run this again.\n',
      });
  });

  test('is the same again but for the key, and the manifest says what it was made of', () => {
    const again = newFolder();
    expectReleased(runRelease(course, '--out', again));
    const [first, second] = [snapshot(path.join(course, 'dist')), snapshot(again)];
    const differing = Object.keys({ ...first, ...second }).filter((file) => first[file] !== second[file]);
    const keys = Object.keys(second).filter((file) => file.endsWith('grader/sealed-key.json'));
    // The archives contain the key as well.
    const archives = Object.keys(second).filter((file) => file.endsWith('.zip'));
    expect(keys).toContain('student/grader/sealed-key.json');
    expect(differing.sort()).toEqual(['page/worksheet.html', 'release.json', ...keys, ...archives].sort());
    const key = keys.map((file) => readFileSync(resolvePath(again, file), 'utf8'));
    expect(new Set(key).size).toBe(1);
    const manifest = JSON.parse(readFileSync(path.join(again, 'release.json'), 'utf8'));
    const { 'release.json': _, ...released } = second;
    expect(manifest.files).toEqual(released);
    expect(manifest.rubric).toBe(readFileSync(path.join(course, 'rubric.yaml'), 'utf8'));
    expect(readdirSync(again).sort()).toEqual([...parts, 'release.json'].sort());
  });
});

describe('in the students’ copy', () => {
  const grade = (files: Record<string, string> = {}) => {
    const root = studentsFolder(files);
    return { ...runJest(root), sheet: runGrade(root).stdout };
  };

  test('the stub is not started, earns nothing and is no failure', () => {
    const { status, stdout } = grade();
    expect(status).toBe(0);
    expect(stdout).toContain('Not started yet: 0 of 10 points');
    expect(stdout).toContain('Next: Fill in each cell in work/boxes.ts');
  });

  test('right answers earn every point', () => {
    const { status, stdout, sheet } = grade({
      'work/boxes.ts': rightAnswers,
      'work/notes.md': notesOf('a', 'b'),
    });
    expect(status).toBe(0);
    expect(stdout).toContain('10 of 10 points');
    expect(sheet).toBe(stdout);
  });

  test('a wrong answer fails, and unlocks its hint', () => {
    const { status, stdout } = grade({
      'work/boxes.ts': answersOf('{ down: 11, across: 7 }', '{ down: 7, across: 99 }'),
    });
    expect(status).toBe(1);
    expect(stdout).toContain('Turn it round.');
    expect(stdout).toContain('Nothing was peeled.');
  });

  test('CRLF line ends in every file change nothing', () => {
    const root = studentsFolder({ 'work/boxes.ts': rightAnswers, 'work/notes.md': notesOf('a', 'b') });
    for (const file of listFiles(copy)) {
      writeFiles(root, { [file]: readFileSync(resolvePath(root, file), 'utf8').replace(/\r?\n/g, '\r\n') });
    }
    expect(runJest(root).stdout).toContain('10 of 10 points');
  });

  test.each([
    [
      'a key that was cut short',
      { 'grader/sealed-key.json': '{ "version"' },
      'grader/sealed-key.json has been cut short or edited',
    ],
    ['a key that is missing', { 'grader/sealed-key.json': null }, 'grader/sealed-key.json is missing'],
    [
      'a rubric that was changed',
      { 'rubric.yaml': rubricYaml.replace('Crate', 'Box') },
      'was made for another version of rubric.yaml',
    ],
    [
      'a rubric with a fault',
      { 'rubric.yaml': 'title: Fruit\n' },
      'rubric.yaml is missing or has been changed',
    ],
    ['a rubric that is missing', { 'rubric.yaml': null }, 'rubric.yaml is missing or has been changed'],
  ])('%s is told in one line, and is no zero', (_name, files, says) => {
    const root = studentsFolder();
    for (const [file, text] of Object.entries<string | null>(files)) {
      if (text === null) rmSync(resolvePath(root, file));
      else writeFiles(root, { [file]: text });
    }
    const { status, stdout } = runJest(root);
    expect(status).toBe(2);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stdout).toContain(says);
    expect(stdout).toContain('your answers are not the cause');
  });

  test.each(['work', 'assignment'])('a missing folder %s is told with a reason, never a crash', (folder) => {
    const root = studentsFolder();
    rmSync(path.join(root, folder), { recursive: true, force: true });
    const { status, stdout, stderr } = runJest(root);
    expect(stderr).toBe('');
    expect({ folder, status }).toEqual({ folder, status: folder === 'work' ? 1 : 0 });
    expect(stdout).toContain(folder === 'work' ? 'work/boxes.ts' : 'Not started yet');
  });
});

describe('self_check: form', () => {
  const other = `
    const table = { basket: { down: 8, across: 12 }, crate: { down: 8, across: 14 } };
    export const derive = () => table;
    export const measure = () => table;
    export const misconceptions = () => [];
  `;
  const form = { ...wholeCourse, 'rubric.yaml': `self_check: form\n${rubricYaml}` };
  const otherForm = { ...form, 'solution/index.ts': other };

  test('nothing in the copy differs between two keys, and it records cells without points', async () => {
    const release = async (files: Readonly<Record<string, string>>) => {
      const root = newCourse({ ...ownPackage, ...files });
      expect(await runInProcess(root, 'generate')).toMatchObject({ status: 0, stderr: '' });
      expectReleased(await runInProcess(root, 'release'));
      return path.join(root, 'dist', 'student');
    };
    const [one, two] = [await release(form), await release(otherForm)];
    expect(snapshot(one)).toEqual(snapshot(two));
    expect(existsSync(resolvePath(one, 'grader/sealed-key.json'))).toBe(false);

    symlinkSync(path.join(packageRoot, 'node_modules'), path.join(one, 'node_modules'), 'junction');
    writeFiles(one, {
      'work/boxes.ts': answersOf('{ down: 999, across: 7 }', '{ down: 1, across: 2 }'),
      'work/notes.md': notesOf('a', 'b'),
    });
    const { status, stdout } = runJest(one);
    expect(status).toBe(0);
    expect(stdout).toContain('Checked for form only: 4 of 4 cells are filled in and well-formed.');
    expect(stdout).not.toMatch(/points|correct|wrong/i);
    const { points, rows, reflection } = JSON.parse(runGrade(one, '--json').stdout);
    const cells = rows.flatMap((row: { cells: unknown[] }) => row.cells);
    expect([
      points,
      reflection.points,
      ...cells.map((cell: { points: number | null }) => cell.points),
    ]).toEqual([null, null, null, null, null, null]);
    expect(cells.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(4).fill('ungraded'));

    writeFiles(one, { 'work/boxes.ts': answersOf('{ down: null, across: 7 }', '{ down: 1, across: "x" }') });
    expect(runJest(one)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('2 of 4 cells are filled in'),
    });
  });
});

describe('a release refuses, and leaves everything as it was', () => {
  /** Releases to an output folder that holds some files, and returns the error text. */
  async function refusal(files: Record<string, string>, prepared = newFolder()): Promise<string> {
    writeFiles(prepared, files);
    const before = snapshot(prepared);
    const { status, stdout, stderr } = await runInProcess(course, 'release', '--out', prepared);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(snapshot(prepared)).toEqual(before);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('npm run release -- --out <folder>');
    return stderr;
  }

  test.each([
    [
      'a folder that no release made',
      { 'student/essay.md': 'Mine.' },
      'holds student/essay.md, not as a release made it',
    ],
    [
      'a file beside the parts of a release',
      { 'essay.md': 'Mine.' },
      'holds essay.md, not as a release made it',
    ],
  ])('%s', async (_name, files, says) => {
    expect(await refusal(files)).toContain(says);
  });

  test.each(['{"mine":1}', 'Mine.', 'null', '{"version":4,"files":{}}'])(
    'a release.json that says %s',
    async (text) => {
      expect(await refusal({ 'release.json': text })).toContain('was not made by a release of this version');
    },
  );

  test('a file in the place of the output folder', async () => {
    const folder = newFolder();
    writeFiles(folder, { file: 'Mine.' });
    const { status, code } = await runInProcess(course, 'release', '--out', path.join(folder, 'file'));
    expect({ status, code }).toEqual({ status: 2, code: 'out-unwritable' });
  });

  test.each([
    [
      'edited in a bundle',
      { 'classroom50/bundle/autograder.py': 'print(1)\n' },
      'holds classroom50/bundle/autograder.py, not as',
    ],
    [
      'edited',
      { 'student/work/boxes.ts': 'export const boxes = 7;\n' },
      'holds student/work/boxes.ts, not as',
    ],
    [
      'made a repository',
      { 'student/.git/HEAD': 'ref: refs/heads/main\n', 'student/.git/config': '' },
      'holds student/.git/HEAD and 1 more, not as',
    ],
  ])('a release of its own that was %s', async (_name, files, says) => {
    const out = newFolder();
    cpSync(path.join(course, 'dist'), out, { recursive: true });
    expect(await refusal(files, out)).toContain(says);
  });

  test('a folder that cannot be written to', async () => {
    const folder = newFolder();
    chmodSync(folder, 0o555);
    // Root may write anywhere except to system folders such as /proc, and Windows has no read-only folders.
    const out = process.getuid?.() === 0 ? '/proc/out' : folder;
    const { status, code } = await runInProcess(
      course,
      'release',
      '--out',
      process.platform === 'win32' ? 'Z:/none/out' : out,
    );
    chmodSync(folder, 0o755);
    expect(status).toBe(2);
    expect(code).toBe('out-unwritable');
  });

  test('a folder that is a part of the course', async () => {
    for (const part of ['work', '.'])
      expect(await runInProcess(course, 'release', '--out', resolvePath(course, part))).toMatchObject({
        status: 2,
        code: 'release-holds-other-files',
      });
  });

  test('a copy of its own in which a file became a link', async () => {
    const out = newFolder();
    cpSync(path.join(course, 'dist'), out, { recursive: true });
    const readme = path.join(out, 'student', 'README.md');
    rmSync(readme);
    symlinkSync(path.join(out, 'nowhere'), readme, 'file');
    const { status, code } = await runInProcess(course, 'release', '--out', out);
    expect({ status, code }).toEqual({ status: 2, code: 'release-holds-other-files' });
  });

  test('a course with a broken promise, and the earlier release stays', async () => {
    const broken = newCourse({
      ...ownPackage,
      ...wholeCourse,
      'solution/reference/work/boxes.ts': answersOf('null', 'null'),
    });
    cpSync(path.join(course, 'dist'), path.join(broken, 'dist'), { recursive: true });
    const before = snapshot(path.join(broken, 'dist'));
    const { status, stdout } = await runInProcess(broken, 'release');
    expect(status).toBe(1);
    expect(stdout).toContain('failed  Each fixture gives the points that its fixture.yaml says');
    expect(stdout).toContain('Nothing is released.');
    expect(snapshot(path.join(broken, 'dist'))).toEqual(before);
  });

  test('to replace a release that gave other grades, until it is told that nobody has it', async () => {
    const root = newCourse({ ...ownPackage, ...wholeCourse });
    expectReleased(await runInProcess(root, 'release'));
    const dist = path.join(root, 'dist');
    const before = snapshot(dist);
    writeFiles(root, { 'rubric.yaml': rubricYaml.replace('points: 3', 'points: 4').replace('10', '12') });
    expect(await runInProcess(root, 'generate')).toMatchObject({ status: 0, stderr: '' });
    const { status, code } = await runInProcess(root, 'release');
    expect(status).toBe(2);
    expect(code).toBe('other-grades-released');
    expect(snapshot(dist)).toEqual(before);
    expectReleased(await runInProcess(root, 'release', '--replace'));
    expect(snapshot(dist)).not.toEqual(before);
  });

  test('an option that there is not', () => {
    expect(runRelease(course, '--output', 'x')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("unknown option '--output'"),
    });
    expect(runRelease(course, '--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--out <folder>'),
    });
  });
});

test('a release replaces an earlier one, and says in eight lines what it made and what to do next', () => {
  const out = newFolder();
  expectReleased(runRelease(course, '--out', out));
  writeFiles(out, { 'student/node_modules/a/index.js': '', 'student/.graded/run.json': '{}' });
  const again = runRelease(course, '--out', out);
  expectReleased(again);
  expect(readdirSync(path.join(out, 'student'))).not.toContain('node_modules');
  expect(readdirSync(out).sort()).toEqual([...parts, 'release.json'].sort());
  const [, said = ''] = again.stdout.split(/checks passed.*\n/);
  expect(said.trim().split('\n').length).toBeLessThanOrEqual(8);
  for (const name of [...parts, 'release.json', 'npm ci', 'npm test', 'grade:class'])
    expect(said).toContain(name);
});
