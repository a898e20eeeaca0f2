import type { Due } from './deadline';
import type { Commit, History, Ref } from './history';

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
export function statesThatCount(history: History, { grace, cutoff }: Due): State[] {
  return unique([...statesAt(history, grace), ...statesAt(history, cutoff)]);
}

/**
 * The same by tags, which the host sets when work is handed in; they come from the newest to the oldest.
 * What counts is when the commit was made, as Classroom 50 counts: a tag may be set anew by a regrade.
 */
export function tagsThatCount(tags: readonly Ref[], { grace, cutoff }: Due): State[] {
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
