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
import { readText } from '../system/files';
import { newCopy, newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { runGrade, runJest, runOnActions, runWatch, startJest } from '../testing/run';
import { answersOf, blankAnswers, courseFiles, notesOf, rightAnswers } from '../testing/worksheet';
import { gradeForJest, reportFile } from './autograde';

const keyIsOpen = /\nWarning: this repository holds solution\/[\s\S]*?npm run release makes\.\n/;
const hasReport = (root: string) => existsSync(path.join(root, reportFile));
const partly = answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }');
const never = ['--testFailureExitCode', '0'];

let course: string;
beforeAll(() => {
  course = newCourse(courseFiles);
});
afterAll(removeFolders);

function grade(answers: string, notes: string, ...args: string[]) {
  writeFiles(course, { 'work/boxes.ts': answers, 'work/notes.md': notes });
  return runJest(course, ...args);
}

test('each cell and response is a test of Jest’s, and a failure says why without a stack or what was expected', () => {
  const { stdout } = grade(partly, notesOf('a'), '--json', '--reporters=default');
  const tests: { title: string; status: string; failureMessages: string[] }[] =
    JSON.parse(stdout).testResults[0].assertionResults;
  expect(tests.map(({ title, status, failureMessages }) => [title, status, ...failureMessages])).toEqual([
    ['Basket of fruit · down', 'passed'],
    ['Basket of fruit · across', 'failed', 'Only one kind lies in a basket. (work/boxes.ts:2:30)'],
    ['Crate · down', 'passed'],
    ['Crate · across', 'passed'],
    ['Reflection · Which fruit was the sweetest?', 'passed'],
    ['Reflection · response 2', 'failed', 'So far 1 of 2 responses. Pick one more question.'],
  ]);
});

test.each([
  ['finished', rightAnswers, notesOf('a', 'b'), 0],
  ['wrong', partly.replace('13', '12'), notesOf('a'), 1],
  ['unreadable', 'export const boxes = {', notesOf('a', 'b'), 1],
  ['untouched', blankAnswers, notesOf(), 0],
])(
  'a worksheet that is %s prints and leaves what the command line gives, and nothing of Jest’s',
  (name, answers, notes, status) => {
    // Without an earlier run there is nothing to compare with, and right answers are explained at once or not at all.
    rmSync(path.join(course, '.graded'), { recursive: true, force: true });
    const { stdout, ...jest } = grade(answers, notes);
    expect(jest).toEqual({ status, stderr: '' });
    expect(stdout.replace(keyIsOpen, '')).toBe(runGrade(course, course).stdout);
    // Whoever fills in answers beside the key is told that it can be read there.
    expect(keyIsOpen.test(stdout)).toBe(name !== 'untouched');
    if (name === 'wrong')
      expect(readText(course, reportFile)).toBe(runGrade(course, '--json', course).stdout);
  },
);

test('a run says first what has changed since the one before, whatever somebody put there in its place', () => {
  writeFiles(course, { [reportFile]: '{"rubric":"x","rows":{"length":1e9}}' });
  expect(grade(blankAnswers, notesOf('a')).stdout).toMatch(/^Fruit in boxes\n/m);
  const { stdout } = grade(rightAnswers, notesOf('a'));
  expect(stdout).toMatch(
    /^\+4: Basket of fruit and Crate are right\.\n[\s\S]*A crate holds what the basket holds/,
  );
});

test('nothing that lies beside the two files is run, mocked or even looked at', () => {
  const mark = "require('fs').writeFileSync(require('path').join(__dirname, 'ran'), '');";
  const forged = '{"name":"p\\n::notice::forged"}';
  const files = {
    'worksheet.suite.ts': `${mark} test('mine', () => {});`,
    'mine.test.js': mark,
    '__mocks__/fs.js': mark,
    'package.json': forged,
    'deep/package.json': forged,
    'torn/package.json': '{',
    'jest.config.js': mark,
  };
  const [form, answers] = [
    `self_check: form\n${courseFiles['rubric.yaml']}`,
    { 'work/boxes.ts': rightAnswers },
  ];
  const root = newCopy({
    ...courseFiles,
    'rubric.yaml': form,
    ...answers,
    'work/notes.md': notesOf('a', 'b'),
  });
  rmSync(path.join(root, 'solution'), { recursive: true });
  const folders = ['work', 'assignment', 'work/grader/jest'];
  for (const folder of folders)
    writeFiles(
      root,
      Object.fromEntries(Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text])),
    );
  const { status, stdout, stderr } = runJest(root);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Everything is filled in');
  expect(stdout).not.toMatch(/forged|Warning/);
  for (const folder of folders) expect(existsSync(path.join(root, folder, 'ran'))).toBe(false);
});

test('each save of the answers or of the reflection is graded anew, without a repository', async () => {
  const root = newCourse(courseFiles);
  const watching = runWatch(root);
  const saved = async (file: string, text: string, points: number) => {
    writeFiles(root, { [`work/${file}`]: text });
    await watching.next(`${points} of 10 points`);
  };
  try {
    await watching.next('Not started yet: 0 of 10 points');
    await saved('boxes.ts', answersOf('{ down: 7, across: 24 }', 'null'), 1);
    await saved('notes.md', notesOf('Pears'), 4);
    // Replace the file as git does: delete it, and create another with its name.
    for (const [answers, points] of [
      [rightAnswers, 7],
      [partly, 6],
      [rightAnswers, 7],
    ] as const) {
      rmSync(path.join(root, 'work', 'boxes.ts'));
      await saved('boxes.ts', answers, points);
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

test('a course in a folder with an odd name is graded, and its failures may be told not to fail the command', () => {
  const root = courseIn("node_modules/a*b [x] (1) {y} it's $1 #2 %20 é");
  const { status, stdout, stderr } = runJest(root, ...never);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('4 of 10 points');
  expect(hasReport(root)).toBe(true);
});

// Windows does not allow `\` in a name.
const unsupported = path.sep === '/' ? ['node_modules', 'a\\b'] : ['node_modules'];
test.each(unsupported)('a folder that is called %s is refused in one sentence, whatever is run', (name) => {
  const stderr = expect.stringMatching(/^(?:No folder on the way .*|This folder cannot .*): ".*"\n$/);
  expect(runJest(courseIn(name))).toEqual({ status: 2, stdout: '', stderr });
});

test('runs at the same time leave a whole Report each, and nothing else', async () => {
  const root = newCourse({ ...courseFiles, 'work/boxes.ts': rightAnswers });
  for (const { status, stdout, stderr } of await Promise.all([1, 2, 3].map(() => startJest(root)))) {
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain('4 of 10 points');
  }
  expect(readdirSync(path.join(root, '.graded'))).toEqual(['report.json']);
  expect(readText(root, reportFile)).toBe(runGrade(root, '--json', root).stdout);
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
  function onActions(root: string, files: Record<string, string> = {}) {
    writeFiles(root, files);
    const folder = newFolder();
    const [GITHUB_OUTPUT, GITHUB_STEP_SUMMARY] = ['out', 'summary.md'].map((name) =>
      path.join(folder, name),
    ) as [string, string];
    writeFiles(folder, { out: '', 'summary.md': '' });
    const finished = runOnActions(root, { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY });
    const [outputs, summary] = [
      readText(folder, 'out').replace('runners=\n', ''),
      readText(folder, 'summary.md'),
    ];
    const token = /^::stop-commands::([-0-9a-f]{36})$/m.exec(finished.stdout)?.[1] ?? '';
    return { ...finished, outputs, summary, comment: readText(root, '.graded/comment.md'), token };
  }
  const outputs = (isOnlyUpdate: boolean) =>
    `comment=.graded/comment.md\ncomment-only-updates=${isOnlyUpdate}\n`;

  test('one grading leaves the summary, the points and the warnings, and guards the log', () => {
    const run = onActions(course, { 'work/boxes.ts': partly, 'work/notes.md': notesOf('Pears', 'Lemons') });
    expect(run).toMatchObject({ status: 1, outputs: outputs(false) });
    for (const text of [run.summary, run.comment]) expect(text).toContain('**9 of 10 points**');
    const [guarded = '', after = ''] = run.stdout.split(`\n::${run.token}::\n`);
    expect(guarded).toContain('9 of 10 points');
    expect(after).toMatch(
      /^::notice [^\n]*::Points 9\/10\n::notice [^\n]*\n::warning file=work\/boxes\.ts,line=2,col=30,title=Basket of fruit · across::[^\n]*\n$/,
    );
    const untouched = onActions(course, { 'work/boxes.ts': blankAnswers, 'work/notes.md': notesOf() });
    // It is green, no points are posted, and only a comment that is there says so.
    expect(untouched).toMatchObject({ status: 0, outputs: outputs(true) });
    expect(untouched.stdout).not.toContain('::Points');
    expect(untouched.comment).toContain('Not started yet');
    expect(untouched.token).not.toBe(run.token);
  });

  test('outputs that cannot be written cost no points, for the log has them', () => {
    writeFiles(course, { 'work/boxes.ts': rightAnswers, 'work/notes.md': notesOf('a', 'b') });
    const { status, stdout } = runOnActions(course, {
      GITHUB_OUTPUT: path.join(newFolder(), 'none', 'file'),
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/::Points 10\/10[\s\S]*^::warning title=Not written::/m);
  });

  test('a bad rubric is an error of its own, and no points are posted', () => {
    const run = onActions(newCopy({ ...courseFiles, 'rubric.yaml': 'title: Fruit\n' }));
    expect(run).toMatchObject({ status: 2, outputs: outputs(true), token: expect.stringMatching(/^.{36}$/) });
    expect(run.stdout).toMatch(/^::error title=Grading failed \(this is not a zero\)::rubric\.yaml has/m);
    // A message of several lines has real line breaks, as the log's own syntax writes them.
    expect(run.stdout).not.toMatch(/\\u\{a\}|::Points/);
    for (const text of [run.comment, run.summary])
      expect(text).toContain('Grading failed (this is not a zero)');
  });
});

describe('when grading itself cannot be done', () => {
  test('it is said plainly, fails whatever failing tests may do, and leaves no Report', () => {
    const broken = newCopy({ ...courseFiles, 'solution/index.ts': 'export const derive = 7;' });
    writeFiles(broken, { [reportFile]: '{}' });
    const { status, stdout } = runJest(broken, ...never);
    expect([status, hasReport(broken)]).toEqual([2, false]);
    expect(stdout).toContain('does not export derive(given)');
  });

  test.each<[string, (file: string) => void]>([
    ['missing', rmSync],
    ['cut short', (file) => truncateSync(file, 100_000)],
    ['left in conflict by git', (file) => appendFileSync(file, '\n<<<<<<< HEAD\n')],
  ])(
    'a grader that is %s is told in one sentence, at GitHub as an error too, and leaves no earlier Report',
    (_name, damage) => {
      const broken = newCopy(courseFiles);
      writeFiles(broken, { [reportFile]: '{}' });
      damage(path.join(broken, 'grader', 'grade.js'));
      const said = /^The grader itself cannot be loaded\. This says nothing about the answers\. .*\n$/;
      expect(runJest(broken, ...never)).toEqual({
        status: 2,
        stdout: '',
        stderr: expect.stringMatching(said),
      });
      expect(hasReport(broken)).toBe(false);
      expect(runOnActions(broken, {}).stderr).toMatch(
        /^::error title=Grading failed \(this is not a zero\)::The grader itself cannot be loaded\. .*\n$/,
      );
    },
  );

  test('what is in the place of its results is replaced, and nothing behind it is touched', () => {
    const outside = newFolder('outside');
    writeFiles(outside, { 'report.json': 'mine' });
    for (const isLink of [true, false]) {
      const root = newCopy(courseFiles);
      if (isLink) symlinkSync(outside, path.join(root, '.graded'), 'junction');
      else writeFiles(root, { '.graded': '' });
      expect([runJest(root).status, hasReport(root)]).toEqual([0, true]);
    }
    expect(readFileSync(path.join(outside, 'report.json'), 'utf8')).toBe('mine');
  });

  test('a crash of the suite is no pass', () => {
    const broken = newCopy(courseFiles);
    writeFiles(broken, { 'grader/jest/worksheet.suite.js': 'throw new Error("out of order");' });
    const { status, stderr } = runJest(broken, ...never);
    expect(status).toBe(2);
    expect(stderr).toContain('out of order');
  });
});
