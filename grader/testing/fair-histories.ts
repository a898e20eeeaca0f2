import { work } from './classes';
import type { MadeHistory } from './histories';
import { full } from './history-cases';
import type { Random } from './sampler';
import { blankAnswers, partly, rightAnswers } from './worksheet';

// A second implementation of which work counts, from docs/grade-a-class.md alone, so that two programs have to agree.

export const due = Date.parse('2026-10-01T12:00:59.999Z');
const grace = 15 * 60_000;
const until = Date.parse('2026-10-04T12:00:59.999Z');
export const day = 24 * 60 * 60_000;
export const rules = {
  due: '2026-10-01T12:00Z',
  timezone: 'UTC',
  grace_minutes: 15,
  late: { per_day: '15%', at_most: 4, until: '2026-10-04T12:00Z' },
};

/** Different works, worth nothing and up, each with the points that it earns on time. */
export const works: readonly (readonly [points: number, files: Readonly<Record<string, string>>])[] = [
  [0, work(blankAnswers)],
  [3, work(blankAnswers, 'Pears')],
  [6, work(partly, 'Pears')],
  [7, work(rightAnswers, 'Pears')],
  [10, full],
];

export interface Made {
  readonly time: number;
  /** The index of its content in `works`. */
  readonly work: number;
  readonly parents: readonly number[];
}

/** A history of a few commits, each after one or two earlier ones; the last is the newest of the branch. */
export function randomHistory(random: Random, hasOddClocks: boolean): Made[] {
  const all: Made[] = [{ time: due - 5 * day, work: 0, parents: [] }];
  const count = 2 + random.below(7);
  for (let index = 1; index <= count; index++) {
    const parents = [index - 1 - (random.chance(0.3) ? random.below(index) : 0)];
    if (index > 1 && random.chance(0.3)) parents.push(random.below(index));
    const usual = due + ((index - count * 0.6) * 10 * day) / count + random.below(100_000) * 1000;
    const time = Math.floor(clockOf(usual, random, hasOddClocks) / 1000) * 1000;
    all.push({ time, work: random.below(works.length), parents: [...new Set(parents)] });
  }
  return all;
}

/** The time that a clock shows, which may be behind or far ahead. */
function clockOf(usual: number, random: Random, isOdd: boolean): number {
  const odd = random.chance(0.5)
    ? usual - 4 * day
    : Date.parse('2031-01-01T00:00Z') + random.below(1000) * 1000;
  return isOdd && random.chance(0.15) ? odd : usual;
}

export type Fair = number | 'after cutoff';

/** The commits of the default branch, by index. */
function reachedIn(all: readonly Made[]): Set<number> {
  const reached = new Set<number>([all.length - 1]);
  for (const index of reached) for (const parent of all[index]?.parents ?? []) reached.add(parent);
  return reached;
}

/** The commits that one builds on, by index. */
const ancestorsOf = (all: readonly Made[], index: number) =>
  [...reachedIn(all.slice(0, index + 1))].filter((ancestor) => ancestor !== index);

/** Nobody knows when a commit was made if its time is in the future, or before that of a commit it builds on. */
function isDoubtful(all: readonly Made[], index: number): boolean {
  const { time = 0 } = all[index] ?? {};
  const isBefore = ancestorsOf(all, index).some((ancestor) => (all[ancestor]?.time ?? 0) > time);
  return time > Date.now() || isBefore;
}

/** The points of a version by itself, judged by the earliest commit that contains it. */
function pointsFor(all: readonly Made[], work: number): number | 'after cutoff' {
  const holders = [...reachedIn(all)].filter((index) => all[index]?.work === work);
  const known = holders.filter((index) => !isDoubtful(all, index));
  // A commit with a doubtful time may be the first, unless it builds on one with a known time.
  const mayBeFirst = holders.some((index) => {
    const ancestors = reachedIn(all.slice(0, index + 1));
    return isDoubtful(all, index) && !known.some((holder) => ancestors.has(holder));
  });
  const [points = 0] = works[work] ?? [];
  const time = Math.min(...known.map((index) => all[index]?.time ?? 0));
  if (mayBeFirst || time <= due + grace) return points;
  if (time > until) return 'after cutoff';
  const days = Math.ceil((time - due) / day);
  return Math.max(0, points - Math.floor(Math.min(days * 1.5, 4)));
}

/** The most points that any of these versions earns; none if all work came too late. */
function bestOf(all: readonly Made[], versions: readonly number[]): Fair {
  const earned = versions.map((work) => ({ work, points: pointsFor(all, work) }));
  const inTime = earned.filter(({ points }) => points !== 'after cutoff');
  const isBegun = inTime.some(({ work }) => work > 0);
  const isTooLate = [...reachedIn(all)].some((index) => {
    const work = all[index]?.work ?? 0;
    return work > 0 && pointsFor(all, work) === 'after cutoff';
  });
  if (!isBegun && isTooLate) return 'after cutoff';
  return Math.max(0, ...inTime.map(({ points }) => Number(points)));
}

/** The best of all versions counts. */
export const fairPoints = (all: readonly Made[]): Fair =>
  bestOf(all, [...new Set([...reachedIn(all)].map((index) => all[index]?.work ?? 0))]);

export const commitsOf = (all: readonly Made[]): MadeHistory['commits'] =>
  Object.fromEntries(
    all.map(({ time, work: which, parents }, nth) => [
      `c${nth}`,
      { time, files: works[which]?.[1] ?? {}, parents: parents.map((parent) => `c${parent}`) },
    ]),
  );
