import { type Message, message } from '../../message';
import type { Deadline } from '../../rubric/file.schema';
import { timeText } from '../../rubric/moment';
import { failed, fileTooLarge, linkAt } from '../../submission/decode';
import type { WorkFinder } from '../../submission/read-files';
import { type FoundFiles, isRepository, type ListedFile } from '../../submission/which-files';
import { groupBy } from '../../system/lists';

// The versions of a student's work: what the commits of a history mean.

/** A commit, without its message. */
export interface Commit {
  readonly id: string;
  /** When it was made, as the committer's clock said, in milliseconds since 1970. */
  readonly time: number;
  readonly parents: readonly string[];
  /** The ids of the contents of its files that may matter, by path; empty for a link or a nested repository. */
  readonly files: ReadonlyMap<string, string>;
}

/** The history of a clone, as git has it. */
export interface History {
  /** Every commit that a branch or a tag leads to, parents before children. */
  readonly commits: readonly Commit[];
  /** The last commits of the remote's default branch and the checked-out branch. A missing one has no commit's id. */
  readonly heads: readonly [remote: string, local: string];
  /** The commits that a tag `submit/…` names. */
  readonly submitted: ReadonlySet<string>;
  /** The commits that a branch or a tag names, except those that `fetch:class` kept after GitHub no longer had them. */
  readonly named: ReadonlySet<string>;
  /** The contents of files by id; only the size if they are too large, or if nobody needs them. */
  readonly contents: ReadonlyMap<string, Uint8Array | number>;
  /** The repository's page on GitHub. */
  readonly page: string | undefined;
}

/** Why nobody knows when something was handed in. */
type Doubt = 'future' | 'backwards' | 'unknown';

/** One content of a student's two files. */
export interface Version {
  readonly foundFiles: FoundFiles;
  /** When it was handed in, in milliseconds since 1970: from the earliest commit that contains it, or from the host. */
  readonly time: number;
  /** Why the time is in doubt: it is in the future, earlier than an ancestor's, or not known. */
  readonly doubt?: Doubt | undefined;
  /** `Thursday 1 October 2026, 12:00 (UTC, commit 3b18e51)`; empty for files without a known history. */
  readonly label: string;
  /** The time of the default branch's last commit, if that contains this version, or of the files; 0 if in doubt. */
  readonly lastAt?: number | undefined;
  /** Why it does not count, if it does not. The message ends with the subject of a sentence about its points. */
  readonly outside?: Message | undefined;
}

/** A commit whose time may be in doubt. */
interface Dated extends Commit {
  readonly doubt: Doubt | undefined;
}

/** The facts besides a history that its versions depend on. */
interface Setting {
  readonly deadline: Deadline | undefined;
  /** In milliseconds since 1970; no commit can be later. */
  readonly now: number;
  /** The files in its folder, unless it is bare. */
  readonly onDisk: readonly ListedFile[] | undefined;
}

/**
 * Finds every version of the worksheet's files in a history, and anything in its folder that was not committed. If a
 * version was on an unmerged branch earlier, it is listed twice. The earlier copy does not count.
 *
 * @throws an Error if there are far too many.
 */
export async function versionsOf(history: History, finder: WorkFinder, setting: Setting): Promise<Version[]> {
  const { deadline, onDisk } = setting;
  const commits = datedCommits(history, setting.now);
  const tip = tipOf(history, commits);
  const isByTag = deadline?.submission === 'tag';
  const reached = withAncestors([tip.id, ...(isByTag ? history.submitted : [])], commits);
  const counting = isByTag ? history.submitted : reached;
  const onGitHub = withAncestors(history.named, commits);
  const contents = await contentsIn(history, commits, finder);
  const versions = [...contents.values()].flatMap(({ foundFiles, holders }): Version[] => {
    const reachedHolders = holders.filter(({ id }) => reached.has(id));
    const earliest = earliestHolder(reachedHolders.length > 0 ? reachedHolders : holders, commits);
    const version = { foundFiles, ...whenMade(earliest, deadline) };
    const isOutside = !holders.some(({ id }) => counting.has(id));
    if (isOutside) {
      const isGone = !holders.some(({ id }) => onGitHub.has(id));
      return [{ ...version, outside: outsideOf(version.label, isByTag, isGone) }];
    }
    const elsewhere = earliestOf(holders.filter(({ doubt }) => !doubt).concat(earliest));
    const lastAt = tip.doubt ? 0 : tip.time;
    const counts = { ...version, lastAt: holders.includes(tip) ? lastAt : undefined };
    if (elsewhere.time >= earliest.time) return [counts];
    const before = whenMade(elsewhere, deadline);
    const text = `The version of ${before.label} was on a branch that is not merged. At that time it`;
    return [counts, { foundFiles, ...before, outside: message('history/earlier-branch', text) }];
  });
  const foundOnDisk = onDisk && (await finder.find(onDisk));
  if (foundOnDisk && !contents.has(comparableContent(foundOnDisk))) {
    const text = 'The files in the folder were never committed and do not count. They';
    versions.push({ ...versionOfFiles(foundOnDisk), outside: message('class/uncommitted', text) });
  }
  return versions;
}

/** The paths of repositories inside a student's folder that its last commit does not name. */
export function nestedIn(history: History, onDisk: readonly ListedFile[]): string[] {
  const { files } = tipOf(history, new Map(history.commits.map((commit) => [commit.id, commit])));
  return onDisk.flatMap(({ path }) => (isRepository(path) && !files.has(path) ? path : []));
}

/** The version of a submission without a history: just its files. */
export function versionOfFiles(foundFiles: FoundFiles, submittedAt?: number): Version {
  return {
    foundFiles,
    time: submittedAt ?? 0,
    doubt: submittedAt === undefined ? 'unknown' : undefined,
    label: '',
    lastAt: submittedAt ?? 0,
  };
}

function whenMade({ id, time, doubt }: Dated, deadline: Deadline | undefined) {
  return { time, doubt, label: timeText(time, deadline, `commit ${id.slice(0, 7)}`) };
}

function outsideOf(label: string, isByTag: boolean, isGone: boolean): Message {
  if (isGone)
    return message(
      'history/gone',
      `The version of ${label} is not on GitHub any more and does not count. It`,
    );
  return isByTag
    ? message('history/untagged', `The version of ${label} has no tag submit/… and does not count. It`)
    : message(
        'history/other-branch',
        `The version of ${label} is on a branch that is not merged and does not count. It`,
      );
}

/** The commits by id, each with the reason if its time is in doubt. */
function datedCommits({ commits }: History, now: number) {
  const dated = new Map<string, Dated>();
  // The latest time that a commit and its ancestors claim.
  const latest = new Map<string, number>();
  for (const commit of commits) {
    const { id, time, parents } = commit;
    const isFuture = time > now;
    const before = Math.max(0, ...parents.map((parent) => latest.get(parent) ?? 0));
    latest.set(id, Math.max(before, time));
    const doubtByOrder = before > time ? 'backwards' : undefined;
    dated.set(id, { ...commit, doubt: isFuture ? 'future' : doubtByOrder });
  }
  return dated;
}

/**
 * The last commit of the default branch: the remote's as fetched, unless the checked-out branch continues from there.
 */
function tipOf<One extends Commit>({ heads }: History, commits: ReadonlyMap<string, One>): One {
  const [remote, local] = heads.map((id) => commits.get(id));
  const isAhead = remote && local && withAncestors([local.id], commits).has(remote.id);
  const tip = isAhead ? local : (remote ?? local);
  if (!tip) throw new Error('the default branch is missing');
  return tip;
}

/** The ids of some commits and of all their ancestors. */
function withAncestors(ids: Iterable<string>, commits: ReadonlyMap<string, Commit>) {
  const reached = new Set(ids);
  // The set grows during this loop.
  for (const id of reached) for (const parent of commits.get(id)?.parents ?? []) reached.add(parent);
  return reached;
}

function earliestOf(commits: readonly Dated[]) {
  return commits.reduce((earliest, commit) => (commit.time < earliest.time ? commit : earliest));
}

/** The earliest commit with a version. One whose time is in doubt may be it, unless it builds on another of them. */
function earliestHolder(holders: readonly Dated[], commits: ReadonlyMap<string, Commit>) {
  const datedHolders = holders.filter(({ doubt }) => !doubt);
  if (datedHolders.length === 0 || datedHolders.length === holders.length) return earliestOf(holders);
  const later = new Set<string>();
  const datedIds = new Set(datedHolders.map(({ id }) => id));
  // Parents come before their children.
  for (const { id, parents } of commits.values())
    if (parents.some((parent) => datedIds.has(parent) || later.has(parent))) later.add(id);
  const inDoubt = holders.filter(({ id, doubt }) => doubt && !later.has(id));
  return earliestOf(inDoubt.length > 0 ? inDoubt : datedHolders);
}

/** An honest history has a few hundred states of a student's files. */
const maxStates = 10_000;

/** Each content of the two files in a history, with all commits that contain it. */
async function contentsIn(history: History, commits: ReadonlyMap<string, Dated>, finder: WorkFinder) {
  const states = groupBy([...commits.values()], ({ files }) => JSON.stringify([...files].sort()));
  if (states.size > maxStates) throw new Error('the history has far too many versions');
  const contents = new Map<string, { readonly foundFiles: FoundFiles; readonly holders: Dated[] }>();
  for (const sameState of states.values()) {
    const foundFiles = await finder.find(listedIn(sameState[0].files, history));
    const content = comparableContent(foundFiles);
    const { holders = [] } = contents.get(content) ?? {};
    contents.set(content, { foundFiles, holders: [...holders, ...sameState] });
  }
  return contents;
}

/** The files of a commit with their contents. */
function listedIn(files: Commit['files'], { contents }: History): ListedFile[] {
  return [...files].map(([path, id]) => {
    const content = contents.get(id);
    const read = (largest: number) => {
      if (id === '') return linkAt(path);
      if (content === undefined)
        return failed(
          message('file/unread', '{name} could not be read: the clone is not complete.', { name: path }),
        );
      return typeof content === 'number' ? fileTooLarge(path, largest) : content;
    };
    return { path, read, stamp: () => id };
  });
}

const latin1 = new TextDecoder('latin1');

/**
 * A text that is equal for submissions with equal files and equal pages with work. Line endings do not matter, since
 * git may have changed them. Nor does a repository beside the work, because nobody knows what is in it.
 */
function comparableContent({ files, unread: all, pages = [] }: FoundFiles) {
  const unread = all.filter(({ path }) => !isRepository(path));
  const read = [...files.values()].flatMap(({ opened, versions = [] }) =>
    [opened, ...versions].map((one) =>
      'bytes' in one ? latin1.decode(one.bytes).replaceAll('\r\n', '\n') : one,
    ),
  );
  return JSON.stringify([read, unread, pages.map(({ bytes }) => latin1.decode(bytes))]);
}
