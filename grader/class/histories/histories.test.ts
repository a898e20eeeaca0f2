import { type Course, loadCourse } from '../../course/course';
import { interpolate } from '../../message';
import { isNeededGit } from '../../system/git-version';
import { courseWith, toldOf } from '../../testing/classes';
import {
  commitsOf,
  day,
  fairPoints,
  type Made,
  randomHistory,
  rules,
  works,
} from '../../testing/fair-histories';
import { gradeHistories } from '../../testing/grade-histories';
import {
  at,
  committed,
  deadline,
  full,
  historyCases,
  historyOf,
  started,
  stub,
} from '../../testing/history-cases';
import { tries } from '../../testing/long';
import { Random } from '../../testing/sampler';
import type { StudentResult } from '../results/student-result.schema';
import { notesIn } from '../results/to-decide';

// Histories as values, without git: histories.system.test.ts reads them from repositories.

const courseOf = (more: object): Course => loadCourse(courseWith(more), false);

/** The words that staff read about a student: changes of the points, and notes. */
const wordsOn = (row: StudentResult) => [
  ...row.adjustments.map(({ reason, before, after }) => `${reason} (${before} to ${after})`),
  ...notesIn(row).map(({ note }) => `${note.kind}: ${interpolate(note)}`),
];

test('each history is worth what a fair person gives it', async () => {
  const told: string[] = [];
  const named = historyCases.map((one, index) => ({ deadline, ...one, login: `h-${index}` }));
  for (const chosen of new Set(named.map((one) => one.deadline))) {
    const these = named.filter((one) => one.deadline === chosen);
    const clones = these.map((one) => [one.login, { ...historyOf(one), disk: one.disk }] as const);
    const { row } = await gradeHistories(
      courseOf(chosen ? { deadline: chosen } : {}),
      Object.fromEntries(clones),
      { started },
    );
    const got = these.map(({ login, name }) => [name, row(login).points, row(login).status]);
    expect(got).toEqual(these.map(({ name, points, status = 'graded' }) => [name, points, status]));
    for (const { login, name } of these) told.push([name, ...wordsOn(row(login))].join('\n    '));
  }
  // To update: npx jest histories.test -u
  expect(`\n${told.join('\n')}\n`).toMatchSnapshot();
});

test('work behind a pointer of Git LFS, in a repository inside of the work, or in a clone that is cut off is no zero', async () => {
  const { file, ...zeros } = courseOf({});
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 300\n';
  const { students, text } = await gradeHistories(
    { ...zeros, file: { ...file, no_submission: 'zero' } },
    {
      cyd: committed(-1, { 'work/boxes.ts': pointer }),
      dov: committed(-1, stub),
      eve: committed(-1, { ...stub, 'mine/.git': '' }),
      fay: { ...committed(-1), isCutOff: true },
    },
  );
  expect(toldOf(students)).toEqual({
    cyd: 'not readable file/lfs file/missing',
    dov: '0',
    eve: 'not readable found/nested-repository found/nested-repository',
    fay: 'not fetched history/cut',
  });
  expect(text('follow-up.html')).toContain('Run git lfs untrack for it, and commit it again.');
});

test('a line to copy extends the due date to the minute in which work came, unless there is such a line already', async () => {
  const late = { commits: { a: at(100.51, full) } };
  const linesWith = async (extensions: string) => {
    const { row } = await gradeHistories(
      courseOf({ deadline }),
      { ada: late },
      { tables: { 'extensions.csv': extensions } },
    );
    return notesIn(row('ada'))
      .flatMap(({ note }) => note.lines ?? [])
      .map(({ cells }) => cells);
  };
  expect(await linesWith('who,due\n')).toEqual([{ who: 'ada', due: '2026-10-05T16:30Z' }]);
  expect(await linesWith('who,due\nada,2026-10-02T12:00Z\n')).toEqual([]);
});

test('another due date for one run moves neither the cutoff nor the grace, and costs and tags stay', async () => {
  const tagged = (hours: number) => ({
    ...committed(hours),
    refs: { 'refs/heads/main': 'a', 'refs/tags/submit/1': 'a' },
  });
  const { students } = await gradeHistories(
    courseOf({ deadline: { ...deadline, submission: 'tag' } }),
    { grace: tagged(24.2), late: tagged(25), after: tagged(49), untagged: committed(-1) },
    { due: '2026-10-02T12:00Z' },
  );
  expect(toldOf(students, 'no code')).toEqual({
    grace: '10',
    late: '9',
    after: 'after cutoff',
    untagged: 'no submission',
  });
});

test('without git, nobody is graded where work may be late, and elsewhere files are graded as they are', async () => {
  const clones = { ada: { ...committed(-1), isWithoutGit: true } };
  await expect(gradeHistories(courseOf({ deadline }), clones)).rejects.toMatchObject({ code: 'git-needed' });
  const { row, notes } = await gradeHistories(courseOf({}), clones);
  expect(row('ada').points).toBe(10);
  expect(notes.join()).toContain('is not installed: files are graded as they are');
});

test('git reads histories from version 2.36 on, whoever built it', () => {
  const printed = (version: string) => `git version ${version}\n`;
  const needed = ['2.36.0', '2.39.5 (Apple Git-154)', '2.47.1.windows.1', '2.100.0', '3.0.0', '10.1'];
  const tooOld = ['2.35.8', '2.4.0', '1.40.0', 'unknown', ''];
  expect([...needed, ...tooOld].filter((version) => isNeededGit(printed(version)))).toEqual(needed);
  expect(isNeededGit('')).toBe(false);
});

/** Grades a class of histories and returns the points of each. */
async function pointsOf(more: object, histories: readonly (readonly Made[])[]) {
  const clones = histories.map((all, index) => [`s${index}`, { commits: commitsOf(all) }] as const);
  const { row } = await gradeHistories(courseOf({ deadline: rules, ...more }), Object.fromEntries(clones));
  return clones.map(([login]) => row(login).points ?? row(login).status);
}

const histories = (random: Random, hasOddClocks: boolean) =>
  Array.from({ length: tries(400) }, () => randomHistory(random, hasOddClocks));

test('no commit that is added, whenever and by whomever, lowers the points, and they are those of the rules', async () => {
  const random = new Random(5);
  const before = histories(random, true);
  const after = before.map((all) => {
    const last = all.length - 1;
    const parents = random.chance(0.7) ? [last] : [last, random.below(last)];
    const known = all.flatMap(({ time }) => (time < Date.now() ? time : []));
    const time = Math.max(0, ...known) + random.below(7) * day;
    return [...all, { time, work: random.below(works.length), parents }];
  });
  const points = await pointsOf({}, [...before, ...after]);
  expect(points).toEqual([...before, ...after].map(fairPoints));
  for (const index of before.keys()) {
    const numberOf = (one: (typeof points)[number] | undefined) => (typeof one === 'number' ? one : 0);
    const isLower = numberOf(points[before.length + index]) < numberOf(points[index]);
    expect([index, isLower]).toEqual([index, false]);
  }
});

test('where students see no marks, the same work counts', async () => {
  const random = new Random(6);
  const made = [...histories(random, false), ...histories(random, true)];
  expect(await pointsOf({ self_check: 'form' }, made)).toEqual(made.map(fairPoints));
});
