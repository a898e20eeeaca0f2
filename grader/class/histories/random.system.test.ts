import path from 'node:path';
import { classOf, graded, partly, work } from '../../testing/classes';
import { newCourse, removeFolders } from '../../testing/folders';
import { type MadeCommit, makeHistory } from '../../testing/histories';
import { Random } from '../../testing/sampler';
import { blankAnswers, courseFiles, rightAnswers, rubricYaml } from '../../testing/worksheet';

afterAll(removeFolders);

// A second implementation of what counts, from docs/grade-a-class.md alone, so that two programs have to agree.

const due = Date.parse('2026-10-01T12:00:59.999Z');
const grace = 15 * 60_000;
const until = Date.parse('2026-10-04T12:00:59.999Z');
const day = 24 * 60 * 60_000;
const deadline = {
  due: '2026-10-01T12:00Z',
  grace_minutes: 15,
  late: { per_day: '15%', at_most: 4, until: '2026-10-04T12:00Z' },
};

/** Works of every worth, from the stub up, with the points that each earns on time. */
const works: readonly (readonly [points: number, files: Readonly<Record<string, string>>])[] = [
  [0, work(blankAnswers)],
  [3, work(blankAnswers, 'Pears')],
  [6, work(partly, 'Pears')],
  [7, work(rightAnswers, 'Pears')],
  [10, work(rightAnswers, 'Pears', 'Lemons')],
];

interface Made {
  readonly time: number;
  /** Which of the works it holds. */
  readonly work: number;
  readonly parents: readonly number[];
}

/** A history of some commits, each after one or two earlier ones; the last one is the newest of the branch. */
function historyOf(random: Random, hasOddClocks: boolean): Made[] {
  const all: Made[] = [{ time: due - 5 * day, work: 0, parents: [] }];
  const count = 2 + random.below(7);
  for (let index = 1; index <= count; index++) {
    const parents = [index - 1 - (random.chance(0.3) ? random.below(index) : 0)];
    if (index > 1 && random.chance(0.3)) parents.push(random.below(index));
    const usual = due + ((index - count * 0.6) * 10 * day) / count + random.below(100_000) * 1000;
    const odd = random.chance(0.5)
      ? usual - 4 * day
      : Date.parse('2031-01-01T00:00Z') + random.below(1000) * 1000;
    const time = Math.floor((hasOddClocks && random.chance(0.15) ? odd : usual) / 1000) * 1000;
    all.push({ time, work: random.below(works.length), parents: [...new Set(parents)] });
  }
  return all;
}

/** The points that a fair person gives, or none where all the work came too late. */
function fair(all: readonly Made[], isForm: boolean): number | null {
  const reached = new Set<number>([all.length - 1]);
  for (const index of reached) for (const parent of all[index]?.parents ?? []) reached.add(parent);
  const commits = all.flatMap((commit, index) => (reached.has(index) ? commit : []));
  const timeOf = (which: number) =>
    Math.min(...commits.filter((one) => one.work === which).map((one) => one.time));
  // Nobody knows when it was, if it is in the future or before what it builds on.
  const isDoubtful = (which: number) => {
    const earliest = commits.find((one) => one.work === which && one.time === timeOf(which));
    const before = (earliest?.parents ?? []).map((parent) => all[parent]?.time ?? 0);
    return timeOf(which) > Date.now() || before.some((time) => time > timeOf(which));
  };
  let which = [...new Set(commits.map((one) => one.work))];
  if (isForm)
    which = [due + grace, until].flatMap((limit) => {
      const inside = commits.filter(({ time }) => time <= limit).sort((a, b) => b.time - a.time);
      return inside[0]?.work ?? [];
    });
  const earned = which.flatMap((one) => {
    const [points = 0] = works[one] ?? [];
    if (isDoubtful(one) || timeOf(one) <= due + grace) return points;
    if (timeOf(one) > until) return [];
    const days = Math.ceil((timeOf(one) - due) / day);
    return Math.max(0, points - Math.floor(Math.min(days * 1.5, 4)));
  });
  const best = Math.max(0, ...earned);
  const isTooLate = commits.some((one) => one.work > 0 && timeOf(one.work) > until && !isDoubtful(one.work));
  const hasWork = which.some((one) => one > 0 && (isDoubtful(one) || timeOf(one) <= until));
  return !hasWork && isTooLate ? null : best;
}

/** Grades a class of histories and returns the points of each. */
async function pointsOf(course: string, histories: readonly (readonly Made[])[]): Promise<(number | null)[]> {
  const root = classOf({});
  const logins = histories.map((_, index) => `s${String(index).padStart(3, '0')}`);
  for (const [index, all] of histories.entries()) {
    const entries = all.map(({ time, work: which, parents }, at): [string, MadeCommit] => [
      `c${at}`,
      { time, files: works[which]?.[1] ?? {}, parents: parents.map((parent) => `c${parent}`) },
    ]);
    makeHistory(path.join(root, `fruit-${logins[index]}`), { commits: Object.fromEntries(entries) });
  }
  const { row } = await graded(course, root);
  return logins.map((login) => row(login).points);
}

const courseWith = (more: object) =>
  newCourse({
    ...courseFiles,
    'rubric.yaml': `${rubricYaml}deadline: ${JSON.stringify(deadline)}\n${Object.entries(more)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join('')}`,
  });

const histories = (seed: number, hasOddClocks: boolean) => {
  const random = new Random(seed);
  return Array.from({ length: 25 }, () => historyOf(random, hasOddClocks));
};

test('no commit that is added, whenever and by whomever, lowers the points, and they are those of the rules', async () => {
  const random = new Random(5);
  const before = histories(4, true);
  const after = before.map((all) => {
    const last = all.length - 1;
    const parents = random.chance(0.7) ? [last] : [last, random.below(last)];
    const time =
      Math.max(...all.map((one) => (one.time < Date.now() ? one.time : 0))) + random.below(7) * day;
    return [...all, { time, work: random.below(works.length), parents }];
  });
  const points = await pointsOf(courseWith({}), [...before, ...after]);
  expect(points).toEqual([...before, ...after].map((all) => fair(all, false)));
  for (const index of before.keys())
    expect([index, (points[before.length + index] ?? 0) >= (points[index] ?? 0)]).toEqual([index, true]);
});

test('where students see no marks, only the last work on time and the last of all count', async () => {
  const all = histories(6, false);
  expect(await pointsOf(courseWith({ self_check: 'form' }), all)).toEqual(all.map((one) => fair(one, true)));
});

test('where students see no marks, a clock that is wrong or counts whole seconds costs nothing', async () => {
  const hour = 60 * 60_000;
  const at = (time: number, which: number, index: number): Made => ({
    time,
    work: which,
    parents: index === 0 ? [] : [index - 1],
  });
  const then = Math.floor((due - hour) / 1000) * 1000;
  const after = (...times: number[]) => [
    at(due - 5 * day, 0, 0),
    ...times.map((time, index) => at(time, index === times.length - 1 ? 4 : 2, index + 1)),
  ];
  const all = [after(then, then), after(then, then - 240_000), after(then, Date.parse('2041-01-01T00:00Z'))];
  const usual = Array.from({ length: 3 }, () => after(then));
  expect(await pointsOf(courseWith({ self_check: 'form' }), [...all, ...usual])).toEqual(
    [...all, ...usual].map(() => 10),
  );
});
