import path from 'node:path';
import { classOf, graded, outputsIn, partly, runClass, work } from '../testing/classes';
import { canvasFiles, class30, zip } from '../testing/downloads';
import { fileOf, newCourse, newFolder, removeFolders } from '../testing/folders';
import { makeHistory } from '../testing/histories';
import { at, deadline, full, start } from '../testing/history-cases';
import { runCommand } from '../testing/run';
import { courseFiles, rightAnswers, rubricYaml } from '../testing/worksheet';

afterAll(removeFolders);

const course = newCourse(courseFiles);
/** The two files as somebody uploads them, without their folder. */
const beside = (files: ReturnType<typeof work>) => ({
  'boxes.ts': files['work/boxes.ts'],
  'notes.md': files['work/notes.md'],
});
const withDeadline = newCourse({
  ...courseFiles,
  'rubric.yaml': `${rubricYaml}deadline: ${JSON.stringify(deadline)}\n`,
});

test('a class that hands in at two places is one class, and who is in both has the work with more points', async () => {
  const clones = classOf({});
  for (const login of ['ada', 'ben'])
    makeHistory(path.join(clones, `fruit-${login}`), { commits: { start, a: at(-1, full) } });
  const [ben, cyd] = class30;
  const uploads = [
    { ...ben, login: 'ben', handedIn: beside(work(partly, 'Pears')) },
    { ...cyd, login: 'cyd', handedIn: beside(work(rightAnswers)) },
  ] as typeof class30;
  const download = fileOf('canvas.zip', zip(canvasFiles(uploads)));
  const roster = fileOf(
    'roster.csv',
    ['login,id', 'ada,1', ...uploads.map(({ login, userId }) => `${login},${userId}`)].join('\n'),
  );
  const { rows, row, table, stdout } = await graded(withDeadline, clones, download, '--roster', roster);
  expect(rows.map(({ login, points, source }) => [login, points, source])).toEqual([
    ['ada', 10, 'fruit-submissions'],
    ['ben', 10, 'fruit-submissions'],
    ['cyd', 4, 'canvas'],
  ]);
  expect(row('ben').warnings.map(({ code }) => code)).toEqual(['class/twice']);
  expect(JSON.stringify(row('ben').warnings)).toContain('canvas/');
  const [heads = [], ...lines] = table('grades.csv');
  expect(lines.map((line) => line[heads.indexOf('source')])).toEqual([
    'fruit-submissions',
    'fruit-submissions',
    'canvas',
  ]);
  expect(stdout.match(/canvas does not say when work was handed in/g)).toHaveLength(1);
});

test('where most of a class is from the future, the clock of the machine is named and nobody is graded', async () => {
  const clones = classOf({});
  const future = Date.parse('2041-01-01T12:00Z');
  for (const [index, login] of ['ada', 'ben', 'cyd'].entries())
    makeHistory(path.join(clones, `fruit-${login}`), {
      commits: { start, a: index === 0 ? at(-1, full) : { time: future, files: full } },
    });
  const run = await runClass(withDeadline, clones, '--out', path.join(newFolder(), 'out'));
  expect(run).toMatchObject({ status: 2, code: 'clock-behind' });
  expect(run.stderr).toContain('2 of 3 students is from the future');
});

describe('without git', () => {
  const before = process.env.PATH;
  beforeAll(() => {
    process.env.PATH = newFolder();
  });
  afterAll(() => {
    process.env.PATH = before;
  });
  const clones = classOf({ 'fruit-ada': { ...full, '.git/HEAD': 'ref: refs/heads/main\n' } });

  const grade = (root: string, folder: string) => {
    const out = path.join(newFolder(), 'out');
    return { ...runCommand(root, 'grade:class', folder, '--out', out), out };
  };

  test('files are graded, and it is said once that lateness is not known', () => {
    const { stdout, out } = grade(course, clones);
    expect(outputsIn(out).row('ada')).toMatchObject({ status: 'graded', points: 10 });
    expect(stdout.match(/git is not installed/g)).toHaveLength(1);
  });

  test('clones with a deadline stop the run, and plain folders do not', () => {
    expect(grade(withDeadline, clones)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Install git from'),
    });
    expect(outputsIn(grade(withDeadline, classOf({ ada: full })).out).row('ada').points).toBe(10);
  });
});
