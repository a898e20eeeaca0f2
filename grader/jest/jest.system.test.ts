import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { readText } from '../system/files';
import { newCopy, newCourse, newFolder, writeFiles } from '../testing/folders';
import { runGrade, runJest, runOnActions, runWatch, startJest } from '../testing/run';
import { answersOf, blankAnswers, courseFiles, notesOf, partly, rightAnswers } from '../testing/worksheet';
import { reportFile } from './autograde';

const keyIsOpen = /\nWarning: this repository holds solution\/[\s\S]*?npm run release makes\.\n/;
const hasReport = (root: string) => existsSync(path.join(root, reportFile));
const never = ['--testFailureExitCode', '0'];

let course: string;
beforeAll(() => {
  course = newCourse(courseFiles);
});
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

test('a run prints and leaves what the command line gives, first what has changed, and nothing of Jest’s', () => {
  // A file that somebody put in place of the earlier run's Report is ignored.
  writeFiles(course, { [reportFile]: '{"rubric":"x","rows":{"length":1e9}}' });
  const untouched = grade(blankAnswers, notesOf());
  expect(untouched).toEqual({ ...runGrade(course, course), stderr: '' });
  const { stdout, ...jest } = grade(rightAnswers, notesOf('a'));
  expect(jest).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(
    /^\+7: Basket of fruit and Crate are right\.\n[\s\S]*A crate holds what the basket holds/,
  );
  // An author who fills in answers beside the key gets a warning that everybody can read the key there.
  expect(stdout).toMatch(keyIsOpen);
  expect(readText(course, reportFile)).toBe(runGrade(course, '--json', course).stdout);
});

test('nothing that lies beside the two files is run, mocked or even looked at', () => {
  const mark = "require('fs').writeFileSync(require('path').join(__dirname, 'ran'), '');";
  const names = ['worksheet.suite.ts', 'mine.test.js', '__mocks__/fs.js', 'jest.config.js'];
  const files = {
    ...Object.fromEntries(names.map((name) => [name, mark])),
    'package.json': '{"name":"p\\n::notice::forged"}',
    'torn/package.json': '{',
  };
  const root = newCopy({
    ...courseFiles,
    'rubric.yaml': `self_check: form\n${courseFiles['rubric.yaml']}`,
    'work/boxes.ts': rightAnswers,
    'work/notes.md': notesOf('a', 'b'),
  });
  rmSync(path.join(root, 'solution'), { recursive: true });
  const folders = ['work', 'assignment', 'work/grader/jest'];
  for (const folder of folders) writeFiles(path.join(root, folder), files);
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
    // Replace the file as git does: delete it, and create another with that name.
    for (const [answers, points] of [[rightAnswers, 7] as const, [partly, 6] as const]) {
      rmSync(path.join(root, 'work', 'boxes.ts'));
      await saved('boxes.ts', answers, points);
    }
  } finally {
    watching.stop();
  }
});

test('a course in a folder with an odd name is graded, and one that cannot be is refused in one sentence', () => {
  const courseIn = (name: string) => {
    const root = path.join(newFolder(), name);
    mkdirSync(path.dirname(root), { recursive: true });
    renameSync(newCopy({ ...courseFiles, 'work/boxes.ts': rightAnswers }), root);
    return root;
  };
  const root = courseIn("node_modules/a*b [x] (1) {y} it's $1 #2 %20 é");
  const { status, stdout, stderr } = runJest(root, ...never);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect([stdout.includes('4 of 10 points'), hasReport(root)]).toEqual([true, true]);
  // Windows does not allow `\` in a name.
  for (const name of path.sep === '/' ? ['node_modules', 'a\\b'] : ['node_modules']) {
    const refused = expect.stringMatching(/^(?:No folder on the way .*|This folder cannot .*): ".*"\n$/);
    expect(runJest(courseIn(name))).toEqual({ status: 2, stdout: '', stderr: refused });
  }
});

test('runs at the same time leave one Report, and nothing else', async () => {
  const root = newCourse({ ...courseFiles, 'work/boxes.ts': rightAnswers });
  for (const { status, stdout, stderr } of await Promise.all([1, 2].map(() => startJest(root)))) {
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain('4 of 10 points');
  }
  expect(readdirSync(path.join(root, '.graded'))).toEqual(['report.json']);
  expect(readText(root, reportFile)).toBe(runGrade(root, '--json', root).stdout);
});

describe('when grading itself cannot be done', () => {
  test('a grader that is cut short is told in one sentence, at GitHub as an error too, and leaves no earlier Report', () => {
    const broken = newCopy(courseFiles);
    writeFiles(broken, { [reportFile]: '{}' });
    truncateSync(path.join(broken, 'grader', 'grade.js'), 100_000);
    const said = /^The grader itself cannot be loaded\. This says nothing about the answers\. .*\n$/;
    const stderr = expect.stringMatching(said);
    expect(runJest(broken, ...never)).toEqual({ status: 2, stdout: '', stderr });
    expect(hasReport(broken)).toBe(false);
    expect(runOnActions(broken, {}).stderr).toMatch(
      /^::error title=Grading failed \(this is not a zero\)::The grader itself cannot be loaded\. .*\n$/,
    );
  });

  test('what is in the place of its results is replaced, and nothing behind it is touched', () => {
    const [outside, root] = [newFolder('outside'), newCopy(courseFiles)];
    writeFiles(outside, { 'report.json': 'mine' });
    symlinkSync(outside, path.join(root, '.graded'), 'junction');
    expect([runJest(root).status, hasReport(root)]).toEqual([0, true]);
    expect(readText(outside, 'report.json')).toBe('mine');
  });

  test('a crash of the suite is no pass', () => {
    const broken = newCopy(courseFiles);
    writeFiles(broken, { 'grader/jest/worksheet.suite.js': 'throw new Error("out of order");' });
    const { status, stderr } = runJest(broken, ...never);
    expect(status).toBe(2);
    expect(stderr).toContain('out of order');
  });
});
