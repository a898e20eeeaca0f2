import { gitFolder } from '../../submission/find';
import type { WorkFinder } from '../../submission/finder';
import { groupBy } from '../../system/lists';
import { type Git, type GitFolder, openClone } from './git';
import type { Commit, History } from './versions';

// Reads what git says of a clone. What it means is said in versions.ts.

/** How many files all commits together may have, which are in memory: 250 commits of 3,000 files are honest. */
const maxEntries = 1_000_000;

/** The last commit of the remote's default branch, where there is a remote, and of the branch that is checked out. */
const heads = ['refs/remotes/origin/HEAD^{commit}', 'HEAD^{commit}'];

/**
 * Reads the history of a clone.
 *
 * @param repository where its git directory is.
 * @param isByTag whether tags hand work in; else nobody needs them.
 * @returns undefined if there is no commit.
 * @throws an Error if it cannot be read, or costs too much.
 */
export async function readHistory(
  root: string,
  repository: GitFolder,
  finder: WorkFinder,
  isByTag: boolean,
): Promise<History | undefined> {
  const git = openClone(root, repository);
  const commits = await readCommits(git, finder);
  if (commits.length === 0) return undefined;
  const limits = limitsOf(commits, finder);
  const { found, contents } = await readContents(git, limits);
  const tags = ['for-each-ref', '--format=%(objectname) %(*objectname)', 'refs/tags/submit/'];
  return {
    commits,
    heads: found,
    // The ids of tags with a text are among them, and are no commit's.
    submitted: new Set(isByTag ? (await git.lines(tags)).flatMap((line) => line.split(' ')) : []),
    cut: new Set(git.file('shallow').split('\n')),
    contents,
    page: pageIn(git.file('config')),
  };
}

/** Reads every commit that a branch or a tag leads to; parents come before children. */
async function readCommits(git: Git, finder: WorkFinder): Promise<Commit[]> {
  const commits = new Map<string, Commit>();
  const listed = ['rev-list', '--all', '--date-order', '--reverse', '--format=%H %ct %P'];
  for (const line of await git.lines(listed)) {
    const [id = '', seconds, ...parents] = line.split(' ');
    if (id !== 'commit') commits.set(id, { id, time: momentIn(seconds), parents, files: new Map() });
  }
  await readFiles(git, finder, commits);
  return [...commits.values()];
}

/** Finds the files of each commit: its changes against its first parent, or all its files where it has none. */
async function readFiles(git: Git, finder: WorkFinder, commits: Map<string, Commit>): Promise<void> {
  const pairs = [...commits.values()].map(({ id, parents: [first = ''] }) => `${id} ${first}`.trim());
  const form = '--stdin -r --root --raw -z --always --no-abbrev --no-renames --no-ext-diff --no-textconv';
  const changes = (await git.run(['diff-tree', ...form.split(' ')], pairs)).toString();
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
      files = filesBefore(commit, commits);
      commits.set(commit.id, { ...commit, files });
      continue;
    }
    files.delete(file);
    files.delete(`${file}/${gitFolder}`);
    const isLink = mode === '120000';
    // A commit of another repository.
    if (mode === '160000') files.set(`${file}/${gitFolder}`, '');
    else if (kind !== 'D' && finder.matters(file)) files.set(file, isLink ? '' : content);
  }
}

/** The files of the first parent, to be changed to those of a commit. */
function filesBefore({ parents: [first = ''] }: Commit, commits: ReadonlyMap<string, Commit>) {
  return new Map(commits.get(first)?.files);
}

/** A time of git's, no later than the year 9999. */
function momentIn(seconds = '') {
  return Math.min(Number(seconds) * 1000, Date.parse('9999-12-31T23:59:59Z'));
}

/** The size up to which each content is read that decides which files count, by its id. */
function limitsOf(commits: readonly Commit[], finder: WorkFinder) {
  const largest = new Map<string, number>();
  const states = groupBy(commits, ({ files }) => JSON.stringify([...files]));
  for (const [commit] of states.values())
    for (const [path, limit] of finder.limitsOf([...(commit?.files.keys() ?? [])])) {
      const id = commit?.files.get(path) ?? '';
      largest.set(id, Math.max(largest.get(id) ?? 0, limit));
    }
  return largest;
}

/** Reads contents, each once; of those that are too large only the size. Finds the heads as far as they are there. */
async function readContents(git: Git, limits: ReadonlyMap<string, number>) {
  const contents = new Map<string, Uint8Array | number>();
  const checked = (await git.lines(['cat-file', '--batch-check'], [...heads, ...limits.keys()])).map((line) =>
    line.split(' '),
  );
  for (const [id = '', type, size] of checked) if (type === 'blob') contents.set(id, Number(size));
  const wanted = [...contents].filter(([id, size]) => Number(size) <= (limits.get(id) ?? 0));
  const bytes = await git.run(
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
  return { found: checked.slice(0, heads.length).map(([id = '']) => id), contents };
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
