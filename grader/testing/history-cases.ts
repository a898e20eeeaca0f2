import type { Deadline } from '../rubric/file.schema';
import { work } from './classes';
import type { MadeCommit, MadeHistory } from './histories';
import { blankAnswers, partly, rightAnswers } from './worksheet';

const hour = 60 * 60 * 1000;
export const due = Date.parse('2026-10-01T12:00Z');
/** The time at which classes are graded when tests compare texts, so that the day of the test does not matter. */
export const started = new Date('2026-12-01T12:00Z');
const late = { per_day: 1, until: '2026-10-03T12:00Z' };
const timezone = 'UTC';
export const deadline: Deadline = { due: '2026-10-01T12:00Z', timezone, grace_minutes: 15, late };

const tag: Deadline = { ...deadline, submission: 'tag' };

export const stub = work(blankAnswers);
export const full = work(rightAnswers, 'Pears', 'Lemons');
export const half = work(partly, 'Pears');
const notes = { 'work/notes.md': full['work/notes.md'] };
const answersAlone = { ...stub, 'work/boxes.ts': rightAnswers };
const reflectionAlone = { ...stub, ...notes };
const reworded = { ...full, 'work/notes.md': `${full['work/notes.md']}\nBye.\n` };

/** A commit some hours after the deadline, or before it (-). */
export const at = (hours: number, files: Record<string, string>, ...parents: string[]): MadeCommit => ({
  time: due + hours * hour,
  files,
  ...(parents.length > 0 && { parents }),
});
export const start = at(-100, stub);
/** The history of a student who commits the stub, and these files some hours after the deadline, or before it (-). */
export const committed = (hours: number, files: Record<string, string> = full): MadeHistory => ({
  commits: { start, a: at(hours, files) },
});

/** A history, and the grade that a fair person would give for it. */
interface HistoryCase {
  /** The commits after the stub, by name; none for an empty repository. */
  readonly commits: Readonly<Record<string, MadeCommit>>;
  readonly isEmpty?: boolean;
  /** Branches and tags of the clone, and branches on the host, by name, each with its commit. */
  readonly branches?: Readonly<Record<string, string>>;
  readonly onHost?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** The checked-out branch, if not main. */
  readonly head?: string;
  readonly isBare?: boolean;
  /** Uncommitted files on disk. */
  readonly disk?: Readonly<Record<string, string>>;
  /** Undefined if the course has none. */
  readonly deadline?: Deadline | undefined;
  readonly points: number | null;
  readonly status?: string;
}

export function historyOf({
  commits,
  isEmpty,
  branches,
  onHost,
  tags,
  head,
  isBare,
}: HistoryCase): MadeHistory {
  const prefixed = (prefix: string, refs: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(refs).map(([name, commit]) => [`refs/${prefix}/${name}`, commit]));
  const refs = {
    ...prefixed('heads', branches),
    ...prefixed('remotes/origin', onHost && { ...onHost, HEAD: 'ref: refs/remotes/origin/main' }),
    ...prefixed('tags', tags),
  };
  const all = isEmpty ? {} : { start, ...commits };
  const hasRefs = isEmpty || Object.keys(refs).length > 0;
  return { commits: all, head, isBare, refs: hasRefs ? refs : undefined };
}

const cases: Readonly<Record<string, HistoryCase>> = {
  'all on time': { commits: { a: at(-1, full) }, points: 10 },
  'a day late': { commits: { a: at(20, full) }, points: 9 },
  'on time in part and whole a day late: the better counts': {
    commits: { a: at(-1, half), b: at(20, full) },
    points: 9,
  },
  'of equal points the less late counts': { commits: { a: at(-1, full), b: at(5, reworded) }, points: 10 },
  'a commit to another file, days later, by somebody else': {
    commits: { a: at(-1, full), b: at(120, { ...full, 'README.md': 'x' }) },
    points: 10,
  },
  'of two versions in doubt, the one that builds on the other is the last': {
    commits: { a: { ...at(-1, full), time: 1_924_905_600_000 }, b: at(-1, half) },
    points: 10,
  },
  'all that builds on a time in the future is in doubt': {
    commits: { a: { ...at(-1, half), time: 1_924_905_600_000 }, b: at(-1, stub), c: at(300, full) },
    points: 10,
  },
  'both files deleted after the cutoff': {
    commits: { c: at(200, {}) },
    points: 0,
    status: 'not started',
  },
  'written on time and committed late': {
    commits: { a: { ...at(20, full), writtenAt: due - hour } },
    points: 9,
  },
  'an empty repository': { isEmpty: true, commits: {}, points: null, status: 'no submission' },
  'only the stub': { commits: {}, points: 0, status: 'not started' },
  'work only after the cutoff': { commits: { a: at(49, full) }, points: null, status: 'after cutoff' },
  'a template fix on a side branch half an hour before the deadline, merged after the cutoff': {
    commits: {
      a: at(-1, full),
      b: at(-0.5, { ...stub, 'README.md': 'x' }, 'start'),
      c: at(60, { ...full, 'README.md': 'x' }, 'a', 'b'),
    },
    points: 10,
  },
  'a template fix on a side branch, with the student’s own work as the side that was merged in': {
    commits: {
      a: at(-1, full),
      b: at(-0.5, { ...stub, 'README.md': 'x' }, 'start'),
      c: at(60, { ...full, 'README.md': 'x' }, 'b', 'a'),
    },
    points: 10,
  },
  'answers from one machine and the reflection from another, merged after the cutoff: the better side': {
    commits: { a: at(-2, reflectionAlone), b: at(-1, answersAlone, 'start'), c: at(60, full, 'b', 'a') },
    points: 6,
  },
  'both sides merged an hour late: the whole counts, less a day': {
    commits: { a: at(-2, reflectionAlone), b: at(-1, answersAlone, 'start'), c: at(1, full, 'b', 'a') },
    points: 9,
  },
  'a merge on time that loses the answers: what was there counts': {
    commits: {
      a: at(-3, full),
      b: at(-2, { ...stub, other: 'x' }, 'start'),
      c: at(-1, { ...stub, other: 'x' }, 'b', 'a'),
    },
    points: 10,
  },
  'the stub restored on time: what was there counts': {
    commits: { a: at(-2, full), b: at(-1, stub) },
    points: 10,
  },
  'a file deleted on time: what was there counts': {
    commits: { a: at(-2, full), b: at(-1, notes) },
    points: 10,
  },
  'a commit that claims an earlier time than the one before it': {
    commits: { a: at(-2, half), b: at(60, half), c: at(-1, full) },
    points: 10,
  },
  'a clock that is far ahead for one commit, and right again': {
    commits: { a: at(1000000, half), b: at(-1, full) },
    points: 10,
  },
  'work on another branch that was never merged': {
    commits: { a: at(-1, full) },
    branches: { main: 'start', dev: 'a' },
    points: 0,
    status: 'not started',
  },
  'work on a branch of the host that nobody checked out': {
    commits: { a: at(-1, full) },
    branches: { main: 'start' },
    onHost: { main: 'start', dev: 'a' },
    points: 0,
    status: 'not started',
  },
  'another branch is checked out: the default branch counts': {
    commits: { a: at(-1, full), b: at(-1, half, 'start') },
    branches: { dev: 'b', main: 'a' },
    onHost: { main: 'a' },
    head: 'dev',
    points: 10,
  },
  'a corrected table on a newer branch that was never merged': {
    commits: { a: at(-5, half), b: at(-1, { ...half, ...notes }) },
    branches: { main: 'a', dev: 'b' },
    points: 6,
  },
  'a clone that was fetched and not merged: the host’s branch counts': {
    commits: { a: at(-5, half), b: at(-1, full) },
    branches: { main: 'a' },
    onHost: { main: 'b' },
    points: 10,
  },
  'a clone whose branch goes on from what the host has: its branch counts': {
    commits: { a: at(-5, half), b: at(-1, full) },
    branches: { main: 'b' },
    onHost: { main: 'a' },
    points: 10,
  },
  'a clone and its host that went apart: what the host has counts': {
    commits: { a: at(-5, half), b: at(-1, full, 'start') },
    branches: { main: 'a' },
    onHost: { main: 'b' },
    points: 10,
  },
  'answers in a folder of the student’s own, beside the stub': {
    commits: { a: at(-1, { ...stub, 'submission/boxes.ts': rightAnswers }) },
    points: 4,
  },
  'both files deleted, and nothing that was meant to be one: the stub counts': {
    commits: { a: at(-1, { 'README.md': 'x' }) },
    points: 0,
    status: 'not started',
  },
  'an old branch with less on it is nothing to be told': {
    commits: { a: at(-5, half), b: at(-1, full, 'start') },
    branches: { main: 'b', feedback: 'start', try: 'a' },
    points: 10,
  },
  'work that was not committed': { commits: { a: at(-1, half) }, disk: full, points: 6 },
  'a bare clone': { commits: { a: at(-1, full) }, isBare: true, points: 10 },
  'a bare clone without a deadline': {
    commits: { a: at(-1, full) },
    isBare: true,
    deadline: undefined,
    points: 10,
  },
  'a link in place of the answers': {
    commits: { a: at(-1, { ...full, 'work/boxes.ts': '-> ../../other/work/boxes.ts' }) },
    points: 6,
  },
  'a submitted tag on the commit that counts': {
    commits: { a: at(-1, full) },
    branches: { main: 'a' },
    tags: { 'submit/1': 'a' },
    points: 10,
  },
  'a submitted tag on another commit than the one that counts': {
    commits: { a: at(-2, half), b: at(-1, full) },
    branches: { main: 'b' },
    tags: { 'submit/2026-10-01T10-00-00Z-abcdef0': 'a' },
    points: 10,
  },
  'with submission: tag, the best of those that a tag hands in': {
    commits: { a: at(-3, stub), b: at(-2, half), c: at(-1, full), d: at(60, stub) },
    branches: { main: 'd' },
    tags: { 'submit/1': 'a', 'submit/2': 'b', 'submit/4': 'd', other: 'c' },
    deadline: tag,
    points: 6,
  },
  'with submission: tag, and no tag at all': {
    commits: { a: at(-1, full) },
    deadline: tag,
    points: null,
    status: 'no submission',
  },
};

export const historyCases = Object.entries(cases).map(([name, history]) => ({ name, ...history }));
