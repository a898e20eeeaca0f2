import type { Course } from '../../course/course';
import { type Message, message } from '../../message';
import { failed, fileTooLarge, linkAt } from '../../submission/decode';
import { type FoundFiles, gitFolder, isRepository } from '../../submission/find';
import { listFolder, type WorkFinder } from '../../submission/folder';
import { groupBy } from '../../system/lists';
import type { GitFolder } from '../members/source';
import { timeText } from './deadline';
import { type Clone, openClone } from './git';

/** When something was committed, so far as is known. */
interface Moment {
  /** As the committer's clock said, in milliseconds since 1970. */
  readonly time: number;
  /** Why that is not its time: it is in the future, before that of a commit it builds on, or not known at all. */
  readonly doubt?: 'future' | 'backwards' | 'unknown';
  /** When it was written, as its author's clock said. */
  readonly writtenAt: number;
}

/** A commit, without its message. */
interface Commit extends Moment {
  readonly id: string;
  readonly parents: readonly string[];
  /** The ids of the contents of its files that may matter, by path; empty for a link or a repository in it. */
  readonly files: Map<string, string>;
}

/** One content of a student's two files. */
export interface Version {
  readonly found: FoundFiles;
  /** The earliest commit that holds it, whose time is when it was handed in; one in doubt, where that may be the earliest. */
  readonly earliest: Moment;
  /** The earliest commit that holds it on any branch, if one whose time is known is earlier. */
  readonly elsewhere?: Moment;
  /** `Thursday 1 October 2026, 12:00 (UTC, commit 3b18e51)`; empty for files of which nobody knows a history. */
  readonly label: string;
  /** Whether the history is cut off behind the earliest commit, so that the version may be older. */
  readonly isCut?: boolean;
  /** Whether the last commit of the default branch holds it. */
  readonly isLast: boolean;
  /** Why it does not count, if so; ends with the subject of a sentence about its points. */
  readonly outside?: Message;
}

/** Newest work: a commit, with the version that it holds. */
export interface Newest {
  readonly version: Version;
  /** As of a version. Earlier commits may hold the same. */
  readonly label: string;
  readonly time: number;
  readonly isInDoubt: boolean;
}

/** All work of one submission. */
export interface History {
  readonly versions: readonly Version[];
  /** The repository's page on GitHub. */
  readonly page?: string;
  /** Paths of repositories inside of its folder that no commit names. */
  readonly nested?: readonly string[];
  /**
   * The work up to a moment that no other work up to then builds on: of each commit that counts and is not later, or of
   * whose time there is doubt, unless another such commit whose time is known descends from it.
   *
   * @param limit in milliseconds since 1970.
   */
  newestUntil(limit: number): readonly Newest[];
}

/**
 * Reads every version of the worksheet's files that a clone has, and what is in its folder without a commit.
 *
 * @param repository where its git directory is.
 * @param now in milliseconds since 1970; no commit can be later.
 * @returns undefined if there is no commit.
 * @throws an Error if the history cannot be read.
 */
export async function readHistory(
  root: string,
  repository: GitFolder,
  { file: { deadline } }: Pick<Course, 'file'>,
  finder: WorkFinder,
  now: number,
): Promise<History | undefined> {
  const clone = openClone(root, repository);
  const commits = await readCommits(clone, finder, now);
  if (commits.size === 0) return undefined;
  const states = groupBy([...commits.values()], ({ files }) => JSON.stringify([...files].sort()));
  const { heads, listedIn } = await readContents(
    clone,
    [...states.values()].flatMap(([first]) => first ?? []),
    finder,
  );
  const tip = tipOf(heads, commits);
  const isByTag = deadline?.submission === 'tag';
  const tags = ['for-each-ref', '--format=%(objectname) %(*objectname)', 'refs/tags/submit/'];
  // The ids of tags with a text are among them, and are no commit's.
  const submitted = isByTag ? (await clone.lines(tags)).flatMap((line) => line.split(' ')) : [];
  const reached = withAncestors([tip.id, ...submitted], commits);
  const [code, where, counting] = isByTag
    ? ['history/untagged', 'has no tag submit/…', new Set(submitted)]
    : ['history/other-branch', 'is on a branch that is not merged', reached];
  const byContent = new Map<string, { found: FoundFiles; holders: Commit[] }>();
  for (const sameState of states.values()) {
    clone.assertTime();
    const [{ files } = tip] = sameState;
    const found = await finder.find(listedIn(files));
    const content = contentOf(found);
    const { holders = [] } = byContent.get(content) ?? {};
    byContent.set(content, { found, holders: [...holders, ...sameState] });
  }
  const cut = clone.file('shallow').split('\n');
  const labelOf = ({ id, time }: Commit) => timeText(time, deadline, `commit ${id.slice(0, 7)}`);
  const versionOf = new Map<Commit, Version>();
  const versions = [...byContent.values()].map(({ found, holders }): Version => {
    clone.assertTime();
    const own = holders.filter(({ id }) => reached.has(id));
    const earliest = earliestHolder(own.length > 0 ? own : holders, commits);
    const first = earliestOf(holders.filter(({ doubt }) => !doubt).concat(earliest));
    const label = labelOf(earliest);
    const version = {
      found,
      earliest,
      elsewhere: first.time < earliest.time ? first : undefined,
      label,
      isCut: cut.includes(earliest.id),
      isLast: holders.includes(tip),
      outside: holders.some(({ id }) => counting.has(id))
        ? undefined
        : message(code, `The version of ${label} ${where} and does not count. It`),
    };
    for (const commit of holders) versionOf.set(commit, version);
    return version;
  });
  const onDisk = repository === '.git' ? listFolder(root) : [];
  if (repository === '.git') {
    const foundOnDisk = await finder.find(onDisk);
    if (!byContent.has(contentOf(foundOnDisk)))
      versions.push({
        ...unversioned(foundOnDisk),
        isLast: false,
        outside: message(
          'class/uncommitted',
          'The files in the folder were never committed and do not count. They',
        ),
      });
  }
  /** Whether a commit, like a fix of the template on a branch, only repeats work on which other work goes on. */
  const isOvertaken = (commit: Commit, newest: readonly Commit[]) => {
    const version = versionOf.get(commit);
    let origin = commit;
    for (let next: Commit | undefined = commit; next && versionOf.get(next) === version; ) {
      origin = next;
      next = next.parents.length === 1 ? commits.get(next.parents[0] ?? '') : undefined;
    }
    if (origin === commit) return false;
    return newest.some(
      (other) => versionOf.get(other) !== version && withAncestors([other.id], commits).has(origin.id),
    );
  };
  return {
    versions,
    page: pageIn(clone.file('config')),
    nested: onDisk.flatMap(({ path }) => (isRepository(path) && !tip.files.has(path) ? path : [])),
    newestUntil: (limit) => {
      const inTime = [...counting]
        .flatMap((id) => commits.get(id) ?? [])
        .filter(({ time, doubt }) => doubt || time <= limit);
      const known = inTime.filter(({ doubt }) => !doubt);
      const older = withAncestors(
        known.flatMap(({ parents }) => parents),
        commits,
      );
      const newest = inTime.filter(({ id }) => !older.has(id));
      return newest.flatMap((commit): Newest | readonly [] => {
        clone.assertTime();
        const version = versionOf.get(commit);
        const { time, doubt } = commit;
        if (!version || isOvertaken(commit, newest)) return [];
        return { version, label: labelOf(commit), time, isInDoubt: doubt !== undefined };
      });
    },
  };
}

/** Files of which nobody knows a history, as a version that was handed in at some time, if that is known. */
function unversioned(foundFiles: FoundFiles, time?: number): Version {
  const earliest: Moment = {
    time: time ?? 0,
    doubt: time === undefined ? 'unknown' : undefined,
    writtenAt: Number.POSITIVE_INFINITY,
  };
  return { found: foundFiles, earliest, label: '', isLast: true };
}

/** The versions of a submission without a history: its files alone, or several attempts at a quiz, the first one first. */
export function withoutHistory(attempts: readonly FoundFiles[], time?: number): History {
  const versions = attempts.map(
    (found, index): Version => ({
      ...unversioned(found, time),
      label: attempts.length > 1 ? `attempt ${index + 1}` : '',
      isLast: index === attempts.length - 1,
    }),
  );
  const newest = versions
    .slice(-1)
    .map((version) => ({ version, label: version.label, time: time ?? 0, isInDoubt: time === undefined }));
  return { versions, newestUntil: (limit) => newest.filter((work) => work.time <= limit) };
}

/** The last commit of the default branch: the remote's as it was fetched, unless the checked-out branch goes on from there. */
function tipOf(heads: readonly string[], commits: ReadonlyMap<string, Commit>) {
  const [remote, local] = heads.map((id) => commits.get(id));
  const isAhead = remote && local && withAncestors([local.id], commits).has(remote.id);
  const tip = isAhead ? local : (remote ?? local);
  if (!tip) throw new Error('the default branch is missing');
  return tip;
}

/** The ids of commits, and of all that they descend from. */
function withAncestors(ids: readonly string[], commits: ReadonlyMap<string, Commit>) {
  const reached = new Set(ids);
  // The set grows during this loop.
  for (const id of reached) for (const parent of commits.get(id)?.parents ?? []) reached.add(parent);
  return reached;
}

function earliestOf(commits: readonly Commit[]) {
  return commits.reduce((earliest, commit) => (commit.time < earliest.time ? commit : earliest));
}

/** The earliest of the commits that hold a version. One whose time is in doubt may be that, unless it builds on one of the others. */
function earliestHolder(holders: readonly Commit[], commits: ReadonlyMap<string, Commit>) {
  const known = holders.filter(({ doubt }) => !doubt);
  if (known.length === 0 || known.length === holders.length) return earliestOf(holders);
  const later = new Set<string>();
  const isOfKnown = new Set(known.map(({ id }) => id));
  // Parents come before their children.
  for (const { id, parents } of commits.values())
    if (parents.some((parent) => isOfKnown.has(parent) || later.has(parent))) later.add(id);
  const inDoubt = holders.filter(({ id, doubt }) => doubt && !later.has(id));
  return earliestOf(inDoubt.length > 0 ? inDoubt : known);
}

/** How many files all commits together may have, which are in memory: 250 commits of 3,000 files are honest. */
const maxEntries = 1_000_000;

/** Reads every commit that a branch or a tag leads to, by id; parents come before children. */
async function readCommits(clone: Clone, finder: WorkFinder, now: number) {
  const commits = new Map<string, Commit>();
  // The latest time that a commit and its ancestors claim, without times in the future.
  const latest = new Map<string, number>();
  for (const line of await clone.lines([
    'rev-list',
    '--all',
    '--date-order',
    '--reverse',
    '--format=%H %ct %at %P',
  ])) {
    const [id = '', committed, written, ...parents] = line.split(' ');
    if (id === 'commit') continue;
    const time = momentIn(committed);
    const isFuture = time > now;
    const before = Math.max(0, ...parents.map((parent) => latest.get(parent) ?? 0));
    latest.set(id, isFuture ? before : Math.max(before, time));
    const isBackwards = before > time || parents.some((parent) => (commits.get(parent)?.time ?? 0) > time);
    const doubtByOrder = isBackwards ? 'backwards' : undefined;
    commits.set(id, {
      id,
      time,
      doubt: isFuture ? 'future' : doubtByOrder,
      writtenAt: momentIn(written),
      parents,
      files: new Map(),
    });
  }
  // The changes of each commit against its first parent, or all its files where it has none.
  const pairs = [...commits.values()].map(({ id, parents: [first = ''] }) => `${id} ${first}`.trim());
  const form = '--stdin -r --root --raw -z --always --no-abbrev --no-renames --no-ext-diff --no-textconv';
  const changes = (await clone.run(['diff-tree', ...form.split(' ')], pairs)).toString();
  let files = new Map<string, string>();
  let entries = 0;
  for (const [, id, mode, content = '', kind, file = ''] of changes.matchAll(
    // The id of a commit, or one of its changes.
    /([0-9a-f]+)\0|:\d+ (\d+) \w+ (\w+) (\w)\0([^\0]*)\0/gy,
  )) {
    const commit = commits.get(id ?? '');
    if (commit) {
      entries += files.size;
      if (entries > maxEntries) throw new Error('the history has far too many files');
      files = commit.files;
      for (const [before, entry] of commits.get(commit.parents[0] ?? '')?.files ?? [])
        files.set(before, entry);
      continue;
    }
    files.delete(file);
    files.delete(`${file}/${gitFolder}`);
    // A commit of another repository.
    if (mode === '160000') files.set(`${file}/${gitFolder}`, '');
    else if (kind !== 'D' && finder.matters(file)) files.set(file, mode === '120000' ? '' : content);
  }
  return commits;
}

/** A time of git's, no later than the year 9999. */
function momentIn(seconds = '') {
  return Math.min(Number(seconds) * 1000, Date.parse('9999-12-31T23:59:59Z'));
}

/** Equal for submissions whose two files are equal, but for the ends of lines, which git may have changed. */
function contentOf({ files, unread }: FoundFiles) {
  const read = [...files.values()].flatMap(({ opened, versions = [] }) =>
    [opened, ...versions].map((one) =>
      'bytes' in one ? Buffer.from(one.bytes).toString('latin1').replaceAll('\r\n', '\n') : one,
    ),
  );
  return JSON.stringify([read, unread]);
}

/** The last commit of the remote's default branch, where there is a remote, and of the branch that is checked out. */
const tips = ['refs/remotes/origin/HEAD^{commit}', 'HEAD^{commit}'];

/**
 * Reads the contents that decide which files count, each once; of those that are too large only the size.
 *
 * @returns the ids of the tips as far as they are there, and a function that lists the files of a commit with their contents.
 */
async function readContents(clone: Clone, commits: readonly Commit[], finder: WorkFinder) {
  const largest = new Map<string, number>();
  for (const { files } of commits)
    for (const [path, limit] of finder.limitsOf([...files.keys()])) {
      const id = files.get(path) ?? '';
      largest.set(id, Math.max(largest.get(id) ?? 0, limit));
    }
  const contents = new Map<string, Uint8Array | number>();
  const checked = (await clone.lines(['cat-file', '--batch-check'], [...tips, ...largest.keys()])).map(
    (line) => line.split(' '),
  );
  for (const [id = '', type, size] of checked) if (type === 'blob') contents.set(id, Number(size));
  const wanted = [...contents].filter(([id, size]) => Number(size) <= (largest.get(id) ?? 0));
  const bytes = await clone.run(
    ['cat-file', '--batch'],
    wanted.map(([id]) => id),
  );
  let end = 0;
  for (const [id, size] of wanted) {
    // A line of its own comes before each content, and ends after it.
    const start = bytes.indexOf('\n', end) + 1;
    end = start + Number(size);
    contents.set(id, bytes.subarray(start, end++));
  }
  const listedIn = (files: Commit['files']) =>
    [...files].map(([path, id]) => {
      const content = contents.get(id);
      const read = (largest: number) => {
        if (id === '') return linkAt(path);
        if (content === undefined)
          return failed(
            message('file/unread', '{name} could not be read: the clone is not complete.', { name: path }),
          );
        return typeof content === 'number' ? fileTooLarge(path, largest) : content;
      };
      return { path, read };
    });
  return { heads: checked.slice(0, tips.length).map(([id = '']) => id), listedIn };
}

/** The page on GitHub of the remote in a config, if its address has the usual form. */
function pageIn(config: string) {
  const [, host, name] =
    /^\[remote "origin"\][^[]*?^[ \t]*url[ \t]*=[ \t]*(?:https:\/\/(?:[^@/\s]+@)?|git@)([\w.-]+(?::\d+)?)[/:]([\w.-]{1,100}\/[\w.-]{1,100}?)(?:\.git)?\/?\r?$/m.exec(
      config,
    ) ?? [];
  // gh may be configured for another GitHub server.
  return name !== undefined && ['github.com', process.env.GH_HOST].includes(host)
    ? `https://${host}/${name}`
    : undefined;
}
