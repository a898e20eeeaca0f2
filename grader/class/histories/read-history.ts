import { execFile } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { exists } from '../../submission/folder';
import type { WorkFinder } from '../../submission/read-files';
import { gitFolder } from '../../submission/which-files';
import { graderRoot } from '../../system/files';
import { groupBy } from '../../system/lists';
import type { Commit, History } from './versions';

// Reads what git says of a clone. What it means is said in versions.ts.

/** How many files all commits together may have, which are in memory: 250 commits of 3,000 files are honest. */
const maxEntries = 1_000_000;

/** The last commit of the remote's default branch, where there is a remote, and of the branch that is checked out. */
const heads = ['refs/remotes/origin/HEAD^{commit}', 'HEAD^{commit}'];

/**
 * Reads the history of a clone.
 *
 * @param gitDir its git directory.
 * @param isByTag whether tags hand work in; else nobody needs them.
 * @returns undefined if there is no commit.
 * @throws an Error if it cannot be read, or costs too much.
 */
export async function readHistory(
  gitDir: string,
  finder: WorkFinder,
  isByTag: boolean,
): Promise<History | undefined> {
  const git = openClone(gitDir);
  const commits = await readCommits(git, finder);
  if (commits.length === 0) return undefined;
  const limits = sizesToRead(commits, finder);
  const { headIds, contents } = await readContents(git, limits);
  const tags = ['for-each-ref', '--format=%(objectname) %(*objectname)', 'refs/tags/submit/'];
  return {
    commits,
    heads: headIds,
    // The ids of tags with a text are among them, and are no commit's.
    submitted: new Set(isByTag ? (await git.lines(tags)).flatMap((line) => line.split(' ')) : []),
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
      const [first = ''] = commit.parents;
      // Those of the first parent, which the changes below turn into its own.
      files = new Map(commits.get(first)?.files);
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

/** A time of git's, no later than the year 9999. */
function momentIn(seconds = '') {
  return Math.min(Number(seconds) * 1000, Date.parse('9999-12-31T23:59:59Z'));
}

/** The size up to which each content is read that decides which files count, by its id. */
function sizesToRead(commits: readonly Commit[], finder: WorkFinder) {
  const largest = new Map<string, number>();
  const states = groupBy(commits, ({ files }) => JSON.stringify([...files]));
  for (const [commit] of states.values())
    for (const [file, limit] of finder.limitsOf([...commit.files.keys()])) {
      const id = commit.files.get(file) ?? '';
      largest.set(id, Math.max(largest.get(id) ?? 0, limit));
    }
  return largest;
}

/** Reads contents, each once; of those that are too large only the size. Finds the heads; a missing one has no commit's id. */
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
  const [remote = '', local = ''] = checked.map(([id = '']) => id);
  return { headIds: [remote, local] as const, contents };
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

// Runs git's plumbing in clones that students made or changed: no command of it runs what a repository's settings say,
// in this environment (tried with git 2.47; grader/class/hosts/FORMATS.md). Each clone costs no more than its own share of time and memory.

/** In milliseconds and in bytes of output, for all of a clone; an honest clone takes a thirtieth of either. */
const maxTime = 10_000;
const maxOutput = 64 * 1024 * 1024;
/** In KiB, for one process, where the system can hold it to that. */
const maxMemory = 1024 * 1024;

const nothing = process.platform === 'win32' ? 'NUL' : '/dev/null';

/** Nothing of the user's and nothing that a repository could name: no other settings, programs or places. */
const environment = {
  PATH: process.env.PATH,
  // Windows starts no program without it; elsewhere it is not set.
  SystemRoot: process.env.SystemRoot,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: nothing,
  GIT_GRAFT_FILE: nothing,
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  // No transport at all, whatever a repository allows.
  GIT_ALLOW_PROTOCOL: '',
};

const settings = [
  'safe.directory=*',
  'core.fsmonitor=false',
  `core.hooksPath=${nothing}`,
  'core.commitGraph=false',
  'advice.graftFileDeprecated=false',
].flatMap((setting) => ['-c', setting]);

/** Where a shell can set a limit of memory, it does, and becomes git. */
const [program = '', ...before] =
  process.platform === 'linux'
    ? ['/bin/sh', '-c', `ulimit -v ${maxMemory} && exec git "$@"`, 'git']
    : ['git'];

/** A clone that git reads. */
type Git = ReturnType<typeof openClone>;

/**
 * Opens the git directory of a clone, and counts what reading it costs.
 *
 * @returns `run`, which runs a command, with lines for its standard input: what comes from the repository is never an
 *   argument; `lines`, the same, for the lines of its output without empty ones; and `file`, a small file of git's own,
 *   empty if it is missing.
 * @throws an Error if git would read another repository than the one in the folder; so do the functions, where reading
 *   it fails or costs too much.
 */
function openClone(gitDir: string) {
  const otherPlace = otherPlaceIn(gitDir);
  if (otherPlace !== undefined) throw new Error(`the clone leads to another place: ${otherPlace}`);
  const endsAt = Date.now() + maxTime;
  let output = 0;
  const run = (args: readonly string[], input: readonly string[] = []) => {
    if (Date.now() > endsAt) throw new Error(tooMuch);
    const fixed = [`--git-dir=${gitDir}`, '--no-pager', '--literal-pathspecs', ...settings];
    return new Promise<Buffer>((resolve, reject) => {
      const child = execFile(
        program,
        [...before, ...fixed, ...args],
        {
          env: environment,
          // Windows looks for a program in the current folder first.
          cwd: graderRoot,
          encoding: 'buffer',
          timeout: Math.max(1, endsAt - Date.now()),
          maxBuffer: maxOutput - output,
          killSignal: 'SIGKILL',
          windowsHide: true,
        },
        (error, stdout, stderr) => {
          output += stdout.length;
          // A process that a limit ends has no exit code.
          if (error)
            reject(
              new Error(
                child.exitCode === null
                  ? tooMuch
                  : `git says ${stderr.toString().trim().split('\n').at(-1) || error.message}`,
              ),
            );
          else resolve(stdout);
        },
      );
      // A process that ended early says why itself.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input.map((line) => `${line}\n`).join(''));
    });
  };
  return {
    run,
    lines: async (...command: Parameters<typeof run>) =>
      (await run(...command)).toString().split('\n').filter(Boolean),
    file: (name: string) => {
      try {
        return readFileSync(path.join(gitDir, name)).toString('utf8', 0, 1024 * 1024);
      } catch {
        return '';
      }
    },
  };
}

const tooMuch = 'the history is too large, or takes too long to read';

/** Finds what would make git read another place than a git directory, perhaps a classmate's, or wait without end. */
function otherPlaceIn(gitDir: string) {
  if (!lstatSync(gitDir).isDirectory()) return '.git';
  const link = readdirSync(gitDir, { recursive: true, withFileTypes: true }).find(
    (entry) => entry.isSymbolicLink() || entry.isFIFO(),
  );
  return (
    link?.name ??
    ['commondir', 'objects/info/alternates', 'objects/info/http-alternates'].find((name) =>
      exists(gitDir, name),
    )
  );
}
