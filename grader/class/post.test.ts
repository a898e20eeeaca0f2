import { loadCourse } from '../course/course';
import { courseWith, work } from '../testing/classes';
import { newFolder, writeFiles } from '../testing/folders';
import { gradeHistories } from '../testing/grade-histories';
import type { MadeHistory } from '../testing/histories';
import { Hub } from '../testing/hub';
import { runInProcess } from '../testing/in-process';
import { partly, rightAnswers } from '../testing/worksheet';
import { postsFile } from './downloads/github';
import { feedbackFolder } from './returns/feedback-files';

const hub = new Hub();
const course = courseWith();
let out = '';

/** Eve's clone says that it comes from Dan's repository. */
const nameOf = (login: string) => `fruit-${login === 'eve' ? 'dan' : login}`;
const students = ['ada', 'bob', 'cyd', 'eve'];

beforeAll(async () => {
  out = await gradedInto({ ada: rightAnswers, bob: partly, cyd: partly, eve: partly });
  hub.answerInProcess();
});
afterAll(() => jest.restoreAllMocks());

type Repository = ReturnType<typeof hub.add>;
let [ada, bob]: Repository[] = [];

beforeEach(() => {
  Object.assign(hub, { writes: 0, breaksAfter: Number.POSITIVE_INFINITY });
  hub.repositories.clear();
  [ada, bob] = students.map((login) => hub.add(nameOf(login)));
});

const points = (repository: Repository | undefined) =>
  repository?.comments.map(({ body }) => /^# (\d+) of \d+ points/m.exec(body)?.[1]);

test('without --yes nothing is written, and with it each student’s feedback is in the own repository, and never twice', async () => {
  const shown = await post();
  expect(shown).toMatchObject({ ada: 'would be posted', bob: 'would be posted' });
  expect(shown.all).toContain('3 of 4: would be posted');
  expect(hub.writes).toBe(0);
  await post('--yes');
  expect([points(ada), points(bob)]).toEqual([['10'], ['9']]);
  // A comment on a pull request that was closed since still counts.
  Object.assign(ada ?? {}, { pulls: (ada?.pulls ?? []).map((pull) => ({ ...pull, state: 'closed' })) });
  expect((await post('--yes')).all).toContain('3 of 4: already there');
  expect([points(ada), ada?.issues]).toEqual([['10'], []]);
});

test('where there is no pull request an issue is begun once, and an issue of a student’s is left alone', async () => {
  const own = hub.add('fruit-ada', {
    pulls: [],
    issues: [{ number: 3, title: 'Feedback', user: { login: 'ada' } }],
  });
  expect((await post()).ada).toBe('would be posted');
  expect(own.issues).toHaveLength(1);
  for (let run = 0; run < 3; run++) {
    await post('--yes');
    expect(own.issues.map(({ user }) => user.login)).toEqual(['ada', 'prof']);
    expect(own.comments).toHaveLength(1);
    // A reader closes the issues.
    for (const issue of own.issues) issue.state = 'closed';
  }
});

test('a comment of an earlier run is put in a better one’s place, and a student’s like it is left', async () => {
  const mark = '<!-- worksheet feedback';
  ada?.comments.push({ id: 2, body: `${mark} ${'0'.repeat(64)} -->`, user: { login: 'ada' } });
  ada?.comments.push({ id: 1, body: `${mark} old -->\nold`, user: { login: 'prof' } });
  expect((await post('--yes')).ada).toBe('updated');
  expect(points(ada)).toEqual([undefined, '10']);
});

test('what another instructor posted is found and put in a better one’s place, and nothing is posted twice', async () => {
  const staff = ['ada', 'dean'].map((login) => ({ login, permissions: { admin: login === 'dean' } }));
  const own = hub.add('fruit-ada', {
    pulls: [],
    readers: staff,
    issues: [{ number: 3, title: 'Feedback', user: { login: 'Dean' } }],
  });
  own.comments.push({ id: 1, body: '<!-- worksheet feedback old -->\nold', user: { login: 'Dean' } });
  expect((await post('--yes')).ada).toBe('updated');
  expect([own.issues.length, points(own)]).toEqual([1, ['10']]);
  expect((await post('--yes')).ada).toBe('already there');
});

const readableBy = (login: string, permissions: object = {}) => ({
  readers: ['ada', login].map((reader) => ({
    login: reader,
    permissions: reader === 'ada' ? {} : permissions,
  })),
});

test.each<[string, Partial<Repository>, string[], string]>([
  ['that is public', { visibility: 'public' }, [], 'It is public, so others could read the feedback'],
  ['of a whole enterprise', { visibility: 'internal' }, [], 'It is internal, so others could read'],
  ['that somebody else can read', readableBy('Mallory', { push: true }), [], 'mallory can read it too'],
  ['that a student administers', readableBy('Bob', { admin: true }), [], 'bob can read it too.'],
  [
    'that a student named as staff can read',
    readableBy('cyd'),
    ['--staff', 'bob,cyd'],
    'cyd can read it too.',
  ],
])('a repository %s is left alone until that is changed', async (_name, differs, args, says) => {
  const open = hub.add('fruit-ada', differs);
  const first = await post('--yes', ...args);
  expect(first).toMatchObject({ ada: expect.stringMatching(/^not posted\. /), status: 1 });
  expect(first.ada).toContain(says);
  expect(open.comments).toEqual([]);
  const closed = hub.add('fruit-ada');
  expect((await post('--yes')).all).toContain('2 of 4: already there');
  expect(points(closed)).toEqual(['10']);
});

test('a repository that another submission names gets nothing of it', async () => {
  expect((await post('--yes')).eve).toBe('not posted. Its student (eve) cannot read it.');
  expect(hub.repositories.get('fruit-dan')?.comments).toEqual([]);
});

test('where there is nothing to post, or it is of another version, the command says so', async () => {
  for (const posts of ['{}', '{', JSON.stringify({ version: 0, posts: [{}] })])
    expect(await runInProcess(course, 'feedback:post', resultsWith(posts))).toMatchObject({
      status: 2,
      code: 'posts-missing',
    });
});

test('one repository alone gets its feedback', async () => {
  const alone = hub.add('fruit-fay', { readers: [{ login: 'fay', permissions: {} }] });
  const { stdout } = await runInProcess(
    course,
    'feedback:post',
    await gradedInto({ fay: rightAnswers }),
    '--yes',
  );
  expect(stdout).toContain('1 of 1: posted');
  expect(points(alone)).toEqual(['10']);
});

test('what was stopped goes on where it was', async () => {
  hub.breaksAfter = 1;
  expect((await post('--yes')).all).toContain('1 of 4: posted');
  hub.breaksAfter = Number.POSITIVE_INFINITY;
  expect((await post('--yes')).all).toContain('2 of 4: posted');
  expect([...hub.repositories.values()].map(({ comments }) => comments.length)).toEqual([1, 1, 1, 0]);
});

test('whose best work is another may read what is posted to the repository of the team, and nobody is told to remove them', async () => {
  const made = await gradedInto({ red: partly, ada: rightAnswers }, 'login,group\nada,red\nbob,red\n');
  const readers = ['ada', 'bob'].map((login) => ({ login, permissions: {} }));
  const team = hub.add('fruit-red', { readers });
  const { stdout, status } = await runInProcess(course, 'feedback:post', made, '--yes');
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('2 of 2: posted') });
  // One student does not see the other's grade.
  expect(team.comments[0]?.body).toContain('# Your grade\\: see your own\n');
  expect(team.comments[0]?.body).not.toMatch(/\d+ of 10 points/);
});

/** A results folder with these posts. */
function resultsWith(posts: string): string {
  const folder = newFolder();
  writeFiles(folder, { [`${feedbackFolder}/${postsFile}`]: posts });
  return folder;
}

/** Grades clones, and leaves the posts in a new folder. */
async function gradedInto(
  works: Readonly<Record<string, string>>,
  roster?: string,
  given: Parameters<typeof gradeHistories>[2] = {},
) {
  const clones = Object.entries(works).map(([login, answers]): [string, MadeHistory] => [
    login,
    {
      commits: { last: { time: 1, files: work(answers, 'Pears', 'Lemons') } },
      origin: `https://github.com/org/${nameOf(login)}.git`,
    },
  ]);
  const { text } = await gradeHistories(loadCourse(course, false), Object.fromEntries(clones), {
    ...given,
    feedback: true,
    roster,
  });
  return resultsWith(text(`${feedbackFolder}/${postsFile}`));
}

/** Posts, and returns what the run says about each student, and under `all` everything that it prints. */
async function post(...args: string[]) {
  const { stdout, status } = await runInProcess(course, 'feedback:post', out, ...args);
  const said = [...stdout.matchAll(/^\S+ \((\w+)\): (.*)$/gm)].map(([, login, what]) => [login, what]);
  return { ...Object.fromEntries(said), status, all: stdout } as Record<string, string> & { all: string };
}
