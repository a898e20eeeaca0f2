import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { newCourse, newFolder, removeFolders, writeFiles } from './testing/folders';
import { runInProcess } from './testing/in-process';
import { answersOf, courseFiles, notesOf, rightAnswers } from './testing/worksheet';

let course: string;
beforeAll(() => {
  course = newCourse(courseFiles);
});
afterAll(removeFolders);

const grade = (courseRoot: string, ...args: string[]) => runInProcess(courseRoot, 'grade', ...args);

function submission(answers: string, notes = notesOf()): string {
  const root = newFolder('a student é');
  writeFiles(root, { 'work/boxes.ts': answers, 'work/notes.md': notes });
  return root;
}

test('a folder is graded and its worksheet printed back, whatever the score', async () => {
  const { status, stdout, stderr } = await grade(
    course,
    submission(answersOf('{ down: 7, across: 24 }', 'null'), notesOf('Pears')),
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('4 of 10 points');
  expect(stdout).toContain('Basket of fruit: Only one kind lies in a basket.');
});

test('without a folder the course itself is graded', async () => {
  expect(await grade(course)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Not started yet: 0 of 10 points'),
  });
});

test('a relative path is taken from where the command runs', async () => {
  const root = submission(rightAnswers, notesOf('a', 'b'));
  expect((await grade(course, path.relative(process.cwd(), root))).stdout).toContain('10 of 10 points');
});

test('a link that the caller names is followed', async () => {
  const link = path.join(newFolder(), 'link');
  symlinkSync(submission(rightAnswers, notesOf('a', 'b')), link, 'junction');
  expect((await grade(course, link)).stdout).toContain('10 of 10 points');
});

test('--json prints the Report and nothing else', async () => {
  const { stdout } = await grade(course, '--json', submission(rightAnswers, notesOf('a', 'b')));
  expect(JSON.parse(stdout)).toMatchObject({
    version: 9,
    points: 10,
    possible: 10,
    rows: [expect.objectContaining({ id: 'basket', cells: expect.any(Array) }), expect.anything()],
  });
});

test('what solution/ says of a row that the rubric does not have is passed over', async () => {
  const wider = newCourse({
    ...courseFiles,
    'solution/index.ts': (courseFiles['solution/index.ts'] ?? '')
      .replaceAll('crate: {', 'box: { down: 1, across: 1 }, crate: {')
      .replace('"row":"crate"', '"row":"box"'),
  });
  const { stdout } = await grade(wider, submission(rightAnswers, notesOf('a', 'b')));
  expect(stdout).toContain('10 of 10 points');
});

test('a report names neither the folder nor the machine', async () => {
  const [one, two] = [submission(rightAnswers), submission(rightAnswers)];
  expect((await grade(course, '--json', one)).stdout).toBe((await grade(course, '--json', two)).stdout);
});

test.each([
  ['github', 'notice title=Autograding complete'],
  ['gradescope', '"max_score": 1'],
  ['classroom50', '"max-score":'],
])('--as %s prints what that host would show or be given', async (host, part) => {
  const { status, stdout } = await grade(course, '--as', host, submission(rightAnswers.replace('11', '24')));
  expect(status).toBe(0);
  expect(stdout).toContain(part);
});

test('--as another host names those that there are', async () => {
  const { status, stderr } = await grade(course, '--as', 'blackboard');
  expect(status).toBe(2);
  expect(stderr).toMatch(/github.*gradescope.*classroom50|classroom50.*gradescope/s);
});

test('--all tells of every row that is wrong', async () => {
  const wrong = submission(answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 1000 }'));
  expect((await grade(course, '--all', wrong)).stdout).toContain('Crate · across');
});

test('nothing of a submission is run', async () => {
  const root = submission(
    `import { writeFileSync } from 'node:fs';\nwriteFileSync('ran.txt', '');\nprocess.exit(7);\n${rightAnswers}`,
  );
  const { status, stdout } = await grade(course, root);
  expect(status).toBe(0);
  expect(stdout).toContain('only types are imported');
});

test('an empty folder is graded: zero points, with the reasons', async () => {
  const { status, stdout } = await grade(course, newFolder());
  expect(status).toBe(0);
  expect(stdout).toContain('work/boxes.ts is missing');
  expect(stdout).toContain('work/notes.md is missing');
});

test('--help says what it does, what it takes and what its exit status means', async () => {
  const { status, stdout } = await grade(course, '--help');
  expect(status).toBe(0);
  for (const part of ['Usage: npm run grade', '[folder]', '--json', '--as', 'Exit status'])
    expect(stdout).toContain(part);
});

describe('what cannot be graded ends with status 2 and one plain message', () => {
  const broken = (file: string, content: string) => newCourse({ ...courseFiles, [file]: content });
  const solution = courseFiles['solution/index.ts'] ?? '';
  const rubric = courseFiles['rubric.yaml'] ?? '';

  test.each<[name: string, root: () => string, args: string[], code: string | undefined]>([
    ['no such folder', () => course, ['nowhere'], 'no-folder'],
    ['a file for a folder', () => course, ['package.json'], 'no-folder'],
    ['a path through a file', () => course, ['package.json/x'], 'no-folder'],
    ['a folder without a name', () => course, [''], 'no-folder'],
    ['an unknown option', () => course, ['--jsno'], undefined],
    ['two folders', () => course, ['.', '.'], undefined],
    [
      'a bad rubric',
      () => broken('rubric.yaml', rubric.replace('choose: 2', 'choose: 4')),
      [],
      'yaml-faults',
    ],
    [
      'a solution that does not load',
      () => broken('solution/index.ts', 'export const ='),
      [],
      'solution-not-loaded',
    ],
    [
      'a solution without derive',
      () => broken('solution/index.ts', solution.replace('derive', 'derived')),
      [],
      'solution-faults',
    ],
    [
      'a solution without a row',
      () => broken('solution/index.ts', solution.replace('crate: {', 'box: {')),
      [],
      'solution-faults',
    ],
    [
      'a solution that refuses',
      () =>
        broken(
          'solution/index.ts',
          solution.replace('() => table', '() => { throw new Error("7 apples are too few") }'),
        ),
      [],
      'solution-faults',
    ],
    [
      'a hint with a digit',
      () => broken('solution/index.ts', solution.replace('Nothing was sliced.', 'It is 13.')),
      [],
      'solution-faults',
    ],
  ])('%s', async (_name, root, args, expected) => {
    const { status, stdout, stderr, code } = await grade(root(), ...args);
    expect(code).toBe(expected);
    expect(stderr).not.toBe('');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

test('a copy whose rubric says form checks form only', async () => {
  const { 'solution/index.ts': _, ...files } = courseFiles;
  const copy = newCourse({ ...files, 'rubric.yaml': `self_check: form\n${files['rubric.yaml']}` });
  const { status, stdout } = await grade(copy, submission(rightAnswers));
  expect(status).toBe(0);
  expect(stdout).toContain('Checked for form only');
});
