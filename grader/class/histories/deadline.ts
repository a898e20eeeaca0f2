import type { Deadline } from '../../rubric/file.schema';
import { momentForm, momentOf, msPerDay } from '../../rubric/moment';
import { byStudent } from '../members/by-login';
import { assertNoProblems, readTable } from '../members/csv-table';
import type { People } from '../members/people';
import type { Commit, History, Ref } from './history';

/** When work is due, as moments in milliseconds since 1970. */
export interface Due {
  readonly dueAt: number;
  /** Work that comes no later than this is on time. */
  readonly graceEndsAt: number;
  /** Work that comes later than this does not count; never before `graceEndsAt`. */
  readonly closesAt: number;
  readonly penaltyPerDay: number;
}

const minute = 60 * 1000;

/**
 * Returns the deadline of one student.
 *
 * @param extension a later moment for this student; the cutoff moves along with it.
 */
export function dueOf(policy: Deadline, extension?: number): Due {
  const due = momentOf(policy.due) ?? Number.NaN;
  const cutoff =
    policy.cutoff === undefined ? Number.POSITIVE_INFINITY : (momentOf(policy.cutoff) ?? Number.NaN);
  const moved = extension === undefined ? 0 : Math.max(0, extension - due);
  const grace = due + moved + (policy.grace_minutes ?? 0) * minute;
  return {
    dueAt: due + moved,
    graceEndsAt: grace,
    closesAt: Math.max(cutoff + moved, grace),
    penaltyPerDay: policy.per_day_points ?? 0,
  };
}

/**
 * The last moment at which anybody's work may still count, in milliseconds since 1970; infinite if there is no cutoff,
 * because late work then always counts.
 */
export function openUntil(policy: Deadline, extensions: ReadonlyMap<string, number>): number {
  const ends = [...extensions.values()].map((extension) => dueOf(policy, extension).closesAt);
  return ends.reduce((latest, end) => Math.max(latest, end), dueOf(policy).closesAt);
}

/** The penalty for late work. */
export interface Lateness {
  readonly reason: string;
  readonly points: number;
  /** The penalty without a cap: its size if there are enough points to deduct. */
  readonly cost: number;
}

/**
 * Returns the penalty for late work, never more than the points earned; undefined if the work is on time.
 *
 * @param submitted when the work was committed, no later than the cutoff.
 * @param earned the points before the penalty.
 */
export function lateness(
  { dueAt: due, graceEndsAt: grace, penaltyPerDay: perDay }: Due,
  submitted: number,
  earned: number,
): Lateness | undefined {
  if (submitted <= grace) return undefined;
  const days = Math.ceil((submitted - due) / msPerDay);
  const cost = perDay === 0 ? 'which costs nothing' : `at ${perDay} point${perDay === 1 ? '' : 's'} a day`;
  const reason = `Late by ${days} day${days === 1 ? '' : 's'}, ${cost}`;
  return { reason, points: Math.min(earned, days * perDay), cost: days * perDay };
}

/**
 * Reads extensions: a table with a login and a moment in each line.
 *
 * @param policy the deadline to extend.
 * @param people everybody in the class.
 * @throws {GraderError} that lists every line that cannot be used.
 */
export function readExtensions(
  file: string,
  policy: Deadline | undefined,
  people: People,
): Map<string, number> {
  const extensions = new Map<string, number>();
  const { headings, rows: read } = readTable(file, ['login']);
  const { rows, problems } = byStudent(read, people, 'has an extension');
  if (!headings.includes('due'))
    problems.push({ line: 1, text: `there is no column due, but ${headings.join(', ')}. Write login,due.` });
  if (!policy)
    problems.push({
      line: 1,
      text: 'there is no deadline to extend. Write one into rubric.yaml, or give it with --due.',
    });
  const end = policy && momentOf(policy.due);
  for (const [key, { line, cells }] of rows) {
    const { due = '' } = cells;
    const time = momentOf(due);
    if (time === undefined) problems.push({ line, text: `${due || 'nothing'} is not ${momentForm}.` });
    else if (end !== undefined && time < end)
      problems.push({ line, text: `${due} is before the work is due (${policy?.due}).` });
    extensions.set(key, time ?? 0);
  }
  assertNoProblems(file, problems);
  return extensions;
}

/** A state of the work that counts, and how it came to be there. */
export interface State {
  readonly commit: Commit;
  /** When it was handed in, in milliseconds since 1970. */
  readonly time: number;
  /** Whether it was then on a branch that was merged into the default branch only later. */
  readonly isMerged?: boolean;
  /** The tag that hands it in. */
  readonly tag?: string;
}

/**
 * The states that may be graded: the content of the default branch at the end of the grace period, and at the cutoff.
 * Git records no pushes, so the default branch is followed by first parents; the newest commit of the whole graph may
 * be one that was merged later and never contained the work. If a merge came too late, the commits on its other side
 * that were on time count as well.
 */
export function statesThatCount(history: History, { graceEndsAt: grace, closesAt: cutoff }: Due): State[] {
  return unique([...statesAt(history, grace), ...statesAt(history, cutoff)]);
}

/**
 * Finds the states that count by tags, which the host sets when work is handed in; they are ordered from the newest to
 * the oldest. The time of the commit counts, as in Classroom 50: a regrade may set a tag again.
 */
export function tagsThatCount(tags: readonly Ref[], { graceEndsAt: grace, closesAt: cutoff }: Due): State[] {
  const newest = [grace, cutoff].flatMap((limit) => tags.find(({ commit }) => commit.time <= limit) ?? []);
  return unique(newest.map(({ name, commit }) => ({ commit, time: commit.time, tag: name })));
}

function statesAt({ mainline, commits }: History, limit: number): State[] {
  const main = mainline.find(({ time }) => time <= limit);
  const contained = main ? ancestors(main.id, commits) : new Set<string>();
  const later = main ? mainline.slice(0, mainline.indexOf(main)) : mainline;
  const merged: Commit[] = [];
  const seen = new Set(later.map(({ id }) => id));
  const open = later.flatMap(({ parents }) => parents.slice(1));
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    // Follow a branch by its own first parents, until a commit was on time or is part of the state that counts.
    for (let next: string | undefined = id; next !== undefined && !seen.has(next); ) {
      seen.add(next);
      const commit: Commit | undefined = contained.has(next) ? undefined : commits.get(next);
      if (!commit) break;
      if (commit.time <= limit) {
        merged.push(commit);
        break;
      }
      open.push(...commit.parents.slice(1));
      next = commit.parents[0];
    }
  }
  return [
    ...(main ? [{ commit: main, time: main.time }] : []),
    ...merged.map((commit) => ({ commit, time: commit.time, isMerged: true })),
  ];
}

/** A commit and all its ancestors. */
function ancestors(id: string, commits: ReadonlyMap<string, Commit>): ReadonlySet<string> {
  const found = new Set([id]);
  // The set grows during this loop.
  for (const next of found) for (const parent of commits.get(next)?.parents ?? []) found.add(parent);
  return found;
}

function unique(states: readonly State[]): State[] {
  const byCommit = new Map<string, State>();
  for (const state of states) if (!byCommit.has(state.commit.id)) byCommit.set(state.commit.id, state);
  return [...byCommit.values()];
}
