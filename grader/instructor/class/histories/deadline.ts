import type { Deadline } from '../../../rubric/file.schema';
import { momentForm, momentOf } from '../../../rubric/moment';
import { byStudent } from '../members/by-login';
import { assertNoProblems, readTable } from '../members/csv-table';
import type { People } from '../members/people';
import type { Commit, History, Ref } from './history';

/** When work is due, as moments in milliseconds since 1970. */
export interface Due {
  readonly dueAt: number;
  /** What comes no later than this is on time. */
  readonly graceEndsAt: number;
  /** What comes later than this does not count; never before `grace`. */
  readonly closesAt: number;
  readonly penaltyPerDay: number;
}

const minute = 60 * 1000;
const day = 24 * 60 * minute;

/**
 * What holds for one student.
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
 * The last moment at which anybody's work may still count, in milliseconds since 1970; infinite where
 * there is no cutoff, for late work counts then without end.
 */
export function openUntil(policy: Deadline, extensions: ReadonlyMap<string, number>): number {
  const ends = [...extensions.values()].map((extension) => dueOf(policy, extension).closesAt);
  return ends.reduce((latest, end) => Math.max(latest, end), dueOf(policy).closesAt);
}

/** What lateness costs. */
export interface Lateness {
  readonly reason: string;
  readonly points: number;
  /** Uncapped: its price where there are enough points to take. */
  readonly cost: number;
}

/**
 * What lateness costs, never more than there is; undefined for what is on time.
 *
 * @param submitted when the work was committed, no later than the cutoff.
 * @param earned its points before.
 */
export function lateness(
  { dueAt: due, graceEndsAt: grace, penaltyPerDay: perDay }: Due,
  submitted: number,
  earned: number,
): Lateness | undefined {
  if (submitted <= grace) return undefined;
  const days = Math.ceil((submitted - due) / day);
  const cost = perDay === 0 ? 'which costs nothing' : `at ${perDay} point${perDay === 1 ? '' : 's'} a day`;
  const reason = `Late by ${days} day${days === 1 ? '' : 's'}, ${cost}`;
  return { reason, points: Math.min(earned, days * perDay), cost: days * perDay };
}

/**
 * Reads extensions: a table of a login and a moment for each.
 *
 * @param policy what they extend.
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
  /** It was on a branch at that time that was merged into the default branch only later. */
  readonly isMerged?: boolean;
  /** The tag that hands it in. */
  readonly tag?: string;
}

/**
 * The states that may be graded: what the default branch contained at the end of the grace, and at the
 * cutoff. Git records no pushes, so the default branch is followed by first parents; the newest commit
 * of the whole graph may be one that was merged later and never saw the work. Where a merge came too
 * late, what was on time on its other side counts as well.
 */
export function statesThatCount(history: History, { graceEndsAt: grace, closesAt: cutoff }: Due): State[] {
  return unique([...statesAt(history, grace), ...statesAt(history, cutoff)]);
}

/**
 * The same by tags, which the host sets when work is handed in; they come from the newest to the oldest.
 * What counts is when the commit was made, as Classroom 50 counts: a tag may be set anew by a regrade.
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
    // A branch is followed by its own first parents, until it was on time or is part of what counts.
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

/** A commit and all that it builds on. */
function ancestors(id: string, commits: ReadonlyMap<string, Commit>): ReadonlySet<string> {
  const found = new Set([id]);
  // The set grows while it is gone through.
  for (const next of found) for (const parent of commits.get(next)?.parents ?? []) found.add(parent);
  return found;
}

function unique(states: readonly State[]): State[] {
  const byCommit = new Map<string, State>();
  for (const state of states) if (!byCommit.has(state.commit.id)) byCommit.set(state.commit.id, state);
  return [...byCommit.values()];
}
