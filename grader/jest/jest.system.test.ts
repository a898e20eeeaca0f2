import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import path from 'node:path';
import { newCopy, newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { runGrade, runJest, runOnActions, runWatch, startJest } from '../testing/run';
import { answersOf, blankAnswers, courseFiles, notesOf, rightAnswers } from '../testing/worksheet';
import { gradeForJest, reportFile } from './grade';

const keyIsOpen = /\nWarning: this repository holds solution\/[\s\S]*?npm run release makes\.\n/;
const reportIn = (root: string) => path.join(root, reportFile);

let course: string;
beforeAll(() => {
  course = newCourse(courseFiles);
});
afterAll(removeFolders);

function grade(answers: string, notes: string, ...args: string[]) {
  writeFiles(course, { 'work/boxes.ts': answers, 'work/notes.md': notes });
  return runJest(course, ...args);
}

/** The titles of Jest's own tests by outcome, and their failure messages. */
function jestTests(answers: string, notes: string): Record<string, string[]> {
  const { stdout } = grade(answers, notes, '--json', '--reporters=default');
  const { testResults } = JSON.parse(stdout) as {
    testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
  };
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const titles = (wanted: string) =>
    tests.filter(({ status }) => status === wanted).map(({ title }) => title);
  return {
    passed: titles('passed'),
    failed: titles('failed'),
    messages: tests.flatMap(({ failureMessages }) => failureMessages),
  };
}

test('a finished worksheet passes, with one test a cell and a response', () => {
  expect(jestTests(rightAnswers, notesOf('a', 'b'))).toEqual({
    passed: [
      'Basket of fruit · down',
      'Basket of fruit · across',
      'Crate · down',
      'Crate · across',
      'Reflection · Which fruit was the sweetest?',
      'Reflection · Which fruit was the sourest?',
    ],
    failed: [],
    messages: [],
  });
});

test('a wrong worksheet fails the tests that are wrong, and says why without a stack or what was expected', () => {
  const { failed, messages } = jestTests(
    answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }'),
    notesOf('a'),
  );
  expect(failed).toEqual(['Basket of fruit · across', 'Reflection · response 2']);
  expect(messages).toEqual([
    'Only one kind lies in a basket. (work/boxes.ts:2:30)',
    'So far 1 of 2 responses. Pick one more question.',
  ]);
});

test.each([
  ['finished', rightAnswers, notesOf('a', 'b'), 0],
  ['wrong', answersOf('{ down: 7, across: 24 }', 'null'), notesOf('a'), 1],
  ['unreadable', 'export const boxes = {', notesOf('a', 'b'), 1],
  ['untouched', blankAnswers, notesOf(), 0],
])(
  'a worksheet that is %s prints the same as the command line does, and nothing of Jest’s',
  (_name, answers, notes, status) => {
    // Without an earlier run there is nothing to compare with, and right answers are explained at once or not at all.
    rmSync(path.join(course, '.graded'), { recursive: true, force: true });
    const { stdout, ...jest } = grade(answers, notes);
    expect(jest).toEqual({ status, stderr: '' });
    expect(stdout.replace(keyIsOpen, '')).toBe(runGrade(course, course).stdout);
  },
);

test('whoever fills in answers beside the key is told that the key can be read there', () => {
  expect(grade(rightAnswers, notesOf()).stdout).toMatch(keyIsOpen);
  expect(grade(blankAnswers, notesOf()).stdout).not.toMatch(keyIsOpen);
  const form = `self_check: form\n${courseFiles['rubric.yaml']}`;
  const copy = newCopy({ ...courseFiles, 'rubric.yaml': form, 'work/boxes.ts': rightAnswers });
  rmSync(path.join(copy, 'solution'), { recursive: true });
  expect(runJest(copy).stdout).not.toMatch(keyIsOpen);
});

test('nothing that lies beside the two files is run, mocked or even looked at', () => {
  const mark = "require('fs').writeFileSync(require('path').join(__dirname, 'ran'), '');";
  const files = {
    'worksheet.suite.ts': `${mark} test('mine', () => {});`,
    'mine.test.js': mark,
    '__mocks__/fs.js': mark,
    'deep/__mocks__/fs.js': mark,
    'package.json': '{"name":"p\\n::notice::forged"}',
    'deep/package.json': '{"name":"p\\n::notice::forged"}',
    'torn/package.json': '{',
    'jest.config.js': mark,
  };
  const root = newCopy({
    ...courseFiles,
    'work/boxes.ts': rightAnswers,
    'work/notes.md': notesOf('a', 'b'),
  });
  for (const folder of ['work', 'assignment', 'work/grader/jest']) {
    writeFiles(
      root,
      Object.fromEntries(Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text])),
    );
  }
  const { status, stdout, stderr } = runJest(root);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('10 of 10 points');
  expect(stdout).not.toContain('forged');
  for (const folder of ['work', 'assignment', 'work/grader/jest']) {
    expect(existsSync(path.join(root, folder, 'ran'))).toBe(false);
  }
});

test('failing tests can be told not to fail the command, as for the stub of an unsolved course', () => {
  expect(
    grade(answersOf('{ down: 7, across: 24 }', 'null'), notesOf(), '--testFailureExitCode', '0').status,
  ).toBe(0);
});

test('the Report is left for other programs, the same as the command line gives', () => {
  grade(answersOf('{ down: 7, across: 24 }', 'null'), notesOf('a'));
  expect(readFileSync(reportIn(course), 'utf8')).toBe(runGrade(course, '--json', course).stdout);
});

test('each save of the answers or of the reflection is graded anew, without a repository', async () => {
  const root = newCourse(courseFiles);
  const watching = runWatch(root);
  try {
    await watching.next('Not started yet: 0 of 10 points');
    writeFiles(root, { 'work/boxes.ts': answersOf('{ down: 7, across: 24 }', 'null') });
    await watching.next('1 of 10 points');
    writeFiles(root, { 'work/notes.md': notesOf('Pears') });
    await watching.next('4 of 10 points');
    writeFiles(root, { 'work/boxes.ts': rightAnswers });
    await watching.next('7 of 10 points');
    // Replace the file as git does: delete it, and create another with its name.
    for (const [answers, points] of [
      [answersOf('{ down: 7, across: 24 }', 'null'), '4 of 10 points'],
      [rightAnswers, '7 of 10 points'],
      [answersOf('null', '{ down: 7, across: 13 }'), '5 of 10 points'],
    ] as const) {
      rmSync(path.join(root, 'work', 'boxes.ts'));
      writeFiles(root, { 'work/boxes.ts': answers });
      await watching.next(points);
    }
  } finally {
    watching.stop();
  }
});

/** Makes a course in a folder with this name. */
function courseIn(name: string): string {
  const root = path.join(newFolder(), name);
  mkdirSync(path.dirname(root), { recursive: true });
  renameSync(newCopy({ ...courseFiles, 'work/boxes.ts': rightAnswers }), root);
  return root;
}

test.each(['node_modules/course', 'a*b [x] (1) {y}', "it's $1 #2 %20 é"])(
  'a course in the folder %s is graded like any other',
  (name) => {
    const root = courseIn(name);
    const { status, stdout, stderr } = runJest(root, '--testFailureExitCode', '0');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('4 of 10 points');
    expect(existsSync(reportIn(root))).toBe(true);
  },
);

// Windows does not allow `?` or `\` in a name.
const unsupported = path.sep === '/' ? ['node_modules', 'a?b', 'a\\b'] : ['node_modules'];
test.each(unsupported)('a folder that is called %s is refused in one sentence, whatever is run', (name) => {
  const root = courseIn(name);
  expect(runJest(root)).toEqual({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^(?:No folder on the way .*|This folder cannot .*): ".*"\n$/),
  });
});

test('runs at the same time leave a whole Report each, and nothing else', async () => {
  const root = newCourse({ ...courseFiles, 'work/boxes.ts': rightAnswers });
  const finished = await Promise.all([1, 2, 3, 4].map(() => startJest(root)));
  for (const { status, stdout, stderr } of finished) {
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain('4 of 10 points');
  }
  expect(readdirSync(path.join(root, '.graded'))).toEqual(['report.json']);
  expect(readFileSync(reportIn(root), 'utf8')).toBe(runGrade(root, '--json', root).stdout);
});

test('a run says first what has changed since the one before, whatever somebody put there in its place', () => {
  writeFiles(course, { [reportFile]: '{"rubric":"x","rows":{"length":1e9}}' });
  expect(grade(blankAnswers, notesOf('a')).stdout).toMatch(/^Fruit in boxes\n/m);
  const { stdout } = grade(rightAnswers, notesOf('a'));
  expect(stdout.split('\n')[0]).toBe('+4: Basket of fruit and Crate are right.');
  expect(stdout).toContain('A crate holds what the basket holds');
});

test('where nothing can be written, the worksheet is graded all the same, and the run says why', async () => {
  const root = newCourse({ ...courseFiles, 'work/boxes.ts': rightAnswers });
  // A folder is in the way, which stands for a disk that cannot be written.
  mkdirSync(path.join(root, `${reportFile}.${process.pid}`), { recursive: true });
  const { text, isGraded } = await gradeForJest(root);
  expect(text).toContain('4 of 10 points');
  expect(text).toContain('Nothing was saved in .graded/, because it is not writable (EISDIR).');
  expect(isGraded).toBe(true);
});

describe('on GitHub Actions', () => {
  function gradeThere(answers: string, notes: string, files: Record<string, string> = {}) {
    writeFiles(course, { 'work/boxes.ts': answers, 'work/notes.md': notes });
    const folder = newFolder();
    const [GITHUB_OUTPUT, GITHUB_STEP_SUMMARY] = [path.join(folder, 'out'), path.join(folder, 'summary.md')];
    writeFiles(folder, { out: '', 'summary.md': '' });
    const finished = runOnActions(course, { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, ...files });
    const read = (file: string) => readFileSync(file, 'utf8');
    return { ...finished, outputs: read(GITHUB_OUTPUT).split('\n'), summary: read(GITHUB_STEP_SUMMARY) };
  }

  test('one grading leaves the summary, the points and the warnings, and guards the log', () => {
    const { status, stdout, outputs, summary } = gradeThere(
      answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }'),
      notesOf('Pears', 'Lemons'),
    );
    expect(status).toBe(1);
    expect(summary).toContain('**9 of 10 points**');
    expect(outputs.map((line) => line.split('=')[0])).toEqual([...['comment', 'comment-only-updates', '']]);
    expect(outputs.slice(0, 2)).toEqual(['comment=.graded/comment.md', 'comment-only-updates=false']);
    expect(readFileSync(path.join(course, '.graded', 'comment.md'), 'utf8')).toContain('**9 of 10 points**');
    const [, token = ''] = /^::stop-commands::([-0-9a-f]{36})$/m.exec(stdout) ?? [];
    const [guarded = '', after = ''] = stdout.split(`\n::${token}::\n`);
    expect(guarded).toContain('9 of 10 points');
    expect(after).toMatch(
      /^::notice [^\n]*::Points 9\/10\n::notice [^\n]*\n::warning file=work\/boxes\.ts,line=2,col=30,title=Basket of fruit · across::[^\n]*\n$/,
    );
  });

  test('each run has a token of its own', () => {
    const tokens = [1, 2].map(
      () => /^::stop-commands::(.*)$/m.exec(gradeThere(blankAnswers, notesOf()).stdout)?.[1],
    );
    expect(new Set(tokens).size).toBe(2);
  });

  test('an untouched worksheet is green, no points are posted, and only a comment that is there says so', () => {
    const { status, outputs, summary } = gradeThere(blankAnswers, notesOf());
    expect(status).toBe(0);
    expect(outputs).toEqual(['comment=.graded/comment.md', 'comment-only-updates=true', '']);
    expect(readFileSync(path.join(course, '.graded', 'comment.md'), 'utf8')).toContain('Not started yet');
    expect(summary).toContain('Fill in each cell in work/boxes\\.ts');
  });

  test('outputs that cannot be written cost no points, for the log has them', () => {
    const nowhere = path.join(newFolder(), 'none', 'file');
    const { status, stdout } = gradeThere(rightAnswers, notesOf('a', 'b'), { GITHUB_OUTPUT: nowhere });
    expect(status).toBe(0);
    expect(stdout).toContain('::Points 10/10');
    expect(stdout).toMatch(/^::warning title=Not written::/m);
  });

  test('a bad rubric is an error of its own, and no points are posted', () => {
    const broken = newCopy({
      ...courseFiles,
      'rubric.yaml': 'title: Fruit\n',
      'work/boxes.ts': rightAnswers,
    });
    const folder = newFolder();
    const [GITHUB_OUTPUT, GITHUB_STEP_SUMMARY] = [path.join(folder, 'out'), path.join(folder, 'summary.md')];
    writeFiles(folder, { out: '', 'summary.md': '' });
    const { status, stdout } = runOnActions(broken, { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY });
    expect(status).toBe(2);
    expect(stdout).toMatch(/^::stop-commands::[-0-9a-f]{36}$/m);
    expect(stdout).toMatch(/^::error title=Grading failed \(this is not a zero\)::rubric\.yaml has/m);
    // A message of several lines has real line breaks, as the log's own syntax writes them.
    expect(stdout).not.toContain('\\u{a}');
    const outputs = readFileSync(GITHUB_OUTPUT, 'utf8');
    expect(outputs.replace('runners=\n', '')).toBe('comment=.graded/comment.md\ncomment-only-updates=true\n');
    expect(readFileSync(path.join(broken, '.graded', 'comment.md'), 'utf8')).toContain(
      'Grading failed (this is not a zero)',
    );
    expect(readFileSync(GITHUB_STEP_SUMMARY, 'utf8').includes('Grading failed (this is not a zero)')).toBe(
      true,
    );
  });
});

describe('when grading itself cannot be done', () => {
  test.each([
    ['a bad rubric', { 'rubric.yaml': 'title: Fruit\n' }, 'rubric.yaml has'],
    [
      'a broken solution',
      { 'solution/index.ts': 'export const derive = 7;' },
      'does not export derive(given)',
    ],
  ])(
    '%s is said plainly, fails whatever failing tests may do, and leaves no Report',
    (_name, files, says) => {
      const broken = newCopy({ ...courseFiles, ...files });
      writeFiles(broken, { [path.posix.join('.graded', 'report.json')]: '{}' });
      const { status, stdout } = runJest(broken, '--testFailureExitCode', '0');
      expect(status).toBe(2);
      expect(stdout).toContain(says);
      expect(existsSync(reportIn(broken))).toBe(false);
    },
  );

  test.each<[string, (file: string) => void]>([
    ['missing', (file) => rmSync(file)],
    ['cut short', (file) => truncateSync(file, 100_000)],
    ['left in conflict by git', (file) => appendFileSync(file, '\n<<<<<<< HEAD\n')],
  ])(
    'a grader that is %s is told in one sentence, at GitHub as an error too, and leaves no earlier Report',
    (_name, damage) => {
      const broken = newCopy(courseFiles);
      expect(runJest(broken).status).toBe(0);
      expect(existsSync(reportIn(broken))).toBe(true);
      damage(path.join(broken, 'grader', 'grade.js'));
      const { status, stdout, stderr } = runJest(broken, '--testFailureExitCode', '0');
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(
        /^The grader itself cannot be loaded\. This says nothing about the answers\. .*\n$/,
      );
      expect(existsSync(reportIn(broken))).toBe(false);
      expect(runOnActions(broken, {}).stderr).toMatch(
        /^::error title=Grading failed \(this is not a zero\)::The grader itself cannot be loaded\. .*\n$/,
      );
    },
  );

  test.each(['a file', 'a link to a folder elsewhere'])(
    '%s in the place of its results is replaced, and nothing behind it is touched',
    (kind) => {
      const outside = newFolder('outside');
      writeFiles(outside, { 'report.json': 'mine' });
      const root = newCopy(courseFiles);
      if (kind === 'a file') writeFiles(root, { '.graded': '' });
      else symlinkSync(outside, path.join(root, '.graded'), 'junction');
      expect(runJest(root).status).toBe(0);
      expect(existsSync(reportIn(root))).toBe(true);
      expect(readFileSync(path.join(outside, 'report.json'), 'utf8')).toBe('mine');
    },
  );

  test('a crash of the suite is no pass', () => {
    const broken = newCopy(courseFiles);
    writeFiles(broken, { 'grader/jest/worksheet.suite.js': 'throw new Error("out of order");' });
    const { status, stderr } = runJest(broken, '--testFailureExitCode', '0');
    expect(status).toBe(2);
    expect(stderr).toContain('out of order');
  });
});
