import { type ChildProcess, execFile } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { exists } from '../../submission/folder';
import type { WorkFinder } from '../../submission/read-files';
import { gitFolder } from '../../submission/which-files';
import { graderRoot } from '../../system/files';
import { earlierRefs } from '../../system/github';
import { groupBy } from '../../system/lists';
import type { Commit, History } from './versions';

// Reads what git says about a clone. versions.ts says what it means.

/**
 * The most files that all commits in memory may have together: an honest history may have 250 commits of 3,000 files.
 */
const maxEntries = 1_000_000;

/** The last commit of the remote's default branch, if there is a remote, and of the branch that is checked out. */
const heads = ['refs/remotes/origin/HEAD^{commit}', 'HEAD^{commit}'];

/**
 * Reads the history of a clone.
 *
 * @param gitDir its git directory.
 * @returns undefined if there is no commit.
 * @throws an Error if it cannot be read, or reading it costs too much.
 */
export async function readHistory(gitDir: string, finder: WorkFinder): Promise<History | undefined> {
  const git = openClone(gitDir);
  const { commits, submitted, named } = await readCommits(git, finder);
  if (commits.length === 0) return undefined;
  const { headIds, contents } = await readContents(git, sizesToRead(commits, finder));
  return { commits, heads: headIds, submitted, named, contents, page: pageIn(git.file('config')) };
}

/** Reads every commit that a branch or a tag leads to, parents before children, and finds those that have a name. */
async function readCommits(git: Git, finder: WorkFinder) {
  const listed = (await git.run(log)).toString();
  const commits = new Map<string, Commit>();
  const names = new Map<string, readonly string[]>();
  let files = new Map<string, string>();
  let entries = 0;
  let end = 0;
  // A commit, or one of its changes.
  const records = listed.matchAll(
    /([0-9a-f]+),(\d*),([^,]*),([^\0]*)\0|\n?:\d+ (\d+) \w+ (\w+) \w\0([^\0]*)\0/gy,
  );
  for (const [
    record,
    id,
    seconds,
    parentIds = '',
    refs = '',
    mode = '',
    content = '',
    file = '',
  ] of records) {
    end += record.length;
    if (id === undefined) {
      changeFile(files, file, mode, finder.matters(file) ? content : undefined);
      continue;
    }
    entries += files.size;
    if (entries > maxEntries) throw new Error('the history has far too many files');
    const parents = parentIds.split(' ').filter(Boolean);
    const [first = ''] = parents;
    // Start with the first parent's files and apply the changes. Without a parent, every file is a change.
    files = new Map(commits.get(first)?.files);
    commits.set(id, { id, time: momentIn(seconds), parents, files });
    names.set(id, namesIn(refs));
  }
  // Otherwise the work would be graded without the missing commits, or as if it had no history.
  if (end < listed.length) throw new Error('git lists the history in an unknown form');
  return { commits: [...commits.values()], ...namedIn(names) };
}

/** The full names of the branches and tags in a decoration: `HEAD -> refs/heads/main, tag: refs/tags/one`. */
function namesIn(decoration: string) {
  return decoration.split(', ').map((name) => name.replace(/^(?:tag:|HEAD ->) /, ''));
}

/** The commits with a `submit/…` tag, and those with any branch or tag that GitHub still has. */
function namedIn(names: ReadonlyMap<string, readonly string[]>) {
  const idsWith = (isWanted: (name: string) => boolean) =>
    new Set([...names].flatMap(([id, ofCommit]) => (ofCommit.some(isWanted) ? id : [])));
  return {
    submitted: idsWith((name) => name.startsWith('refs/tags/submit/')),
    named: idsWith((name) => name.startsWith('refs/') && !name.startsWith(earlierRefs)),
  };
}

/**
 * Applies a change to a commit's files. A file matters only if its content is given. Git's modes: 000000 is no file,
 * 120000 a link.
 */
function changeFile(files: Map<string, string>, file: string, mode: string, content: string | undefined) {
  files.delete(file);
  files.delete(`${file}/${gitFolder}`);
  // This is a commit of another repository.
  if (mode === '160000') files.set(`${file}/${gitFolder}`, '');
  else if (mode !== '000000' && content !== undefined) files.set(file, mode === '120000' ? '' : content);
}

/** A time from git, no later than the year 9999. */
function momentIn(seconds = '') {
  return Math.min(Number(seconds) * 1000, Date.parse('9999-12-31T23:59:59Z'));
}

/** For each content that helps decide which files count, by its id: the size up to which to read it. */
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

/** Reads each content once, or only its size if it is too large. Finds the heads; a missing one gets no commit's id. */
async function readContents(git: Git, limits: ReadonlyMap<string, number>) {
  const contents = new Map<string, Uint8Array | number>();
  const isWanted = ([id, size]: [string, unknown]) => Number(size) <= (limits.get(id) ?? 0);
  let headIds: History['heads'] = ['', ''];
  let end = 0;
  const bytes = await git.run(
    ['cat-file', '--batch-command', '--buffer'],
    [...heads, ...limits.keys()].map((name) => `info ${name}`),
    (answers) => {
      end = answers.length;
      const checked = answers
        .toString()
        .split('\n')
        .map((line) => line.split(' '));
      const [remote = '', local = ''] = checked.map(([id = '']) => id);
      headIds = [remote, local];
      for (const [id = '', type, size] of checked) if (type === 'blob') contents.set(id, Number(size));
      return [...contents].filter(isWanted).map(([id]) => `contents ${id}`);
    },
  );
  for (const [id, size] of [...contents].filter(isWanted)) {
    // Each content comes after a line of its own and ends with a line break.
    const start = bytes.indexOf('\n', end) + 1;
    end = start + Number(size);
    contents.set(id, bytes.subarray(start, end++));
  }
  return { headIds, contents };
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

// Runs git in clones that students made or changed. With these options and this environment, git runs nothing that a
// repository's settings name (tried with git 2.47; grader/class/downloads/FORMATS.md). Each clone gets only its own
// share of time and memory.

/** In milliseconds and in bytes of output, for all of a clone; an honest clone takes a thirtieth of either. */
const maxTime = 10_000;
const maxOutput = 64 * 1024 * 1024;
/** In KiB, for one process, if the system can enforce it. */
const maxMemory = 1024 * 1024;

const nothing = process.platform === 'win32' ? 'NUL' : '/dev/null';

/** No settings, programs or places of the user's, and none that a repository could name. */
const environment = {
  PATH: process.env.PATH,
  // Windows starts no program without it. Other systems do not set it.
  SystemRoot: process.env.SystemRoot,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: nothing,
  GIT_GRAFT_FILE: nothing,
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  // Allow no transport at all, whatever a repository allows.
  GIT_ALLOW_PROTOCOL: '',
};

const settings = [
  'safe.directory=*',
  'core.fsmonitor=false',
  `core.hooksPath=${nothing}`,
  'core.commitGraph=false',
  'advice.graftFileDeprecated=false',
].flatMap((setting) => ['-c', setting]);

/** Lists commits with their changes, whatever a repository's settings say about `log`. */
const log = [
  'log',
  '--all',
  '--date-order',
  '--reverse',
  '-z',
  '--format=%H,%ct,%P,%D',
  '--encoding=UTF-8',
  '--decorate=full',
  '--decorate-refs=refs/',
  '--no-mailmap',
  // Otherwise git would run gpg.program for a signed commit.
  '--no-show-signature',
  '--raw',
  '--root',
  '--diff-merges=first-parent',
  '--no-abbrev',
  '--no-renames',
  '--no-relative',
  '--ignore-submodules=none',
  `-O${nothing}`,
  '--no-ext-diff',
  '--no-textconv',
];

/** If a shell can set a memory limit, it does so and then becomes git. */
const [program = '', ...before] =
  process.platform === 'linux'
    ? ['/bin/sh', '-c', `ulimit -v ${maxMemory} && exec git "$@"`, 'git']
    : ['git'];

/** A clone as git reads it. */
type Git = ReturnType<typeof openClone>;

/**
 * Opens the git directory of a clone, and tracks what reading it costs.
 *
 * @returns `run`, which runs a command and returns what it prints; and `file`, which reads a small file of git's own,
 *   empty if missing. Text from the repository is never an argument of a command, only sent on standard input.
 * @throws an Error if git would read a repository other than the one in the folder. The functions throw one, too, if
 *   reading fails or costs too much.
 */
function openClone(gitDir: string) {
  const otherPlace = otherPlaceIn(gitDir);
  if (otherPlace !== undefined) throw new Error(`the clone leads to another place: ${otherPlace}`);
  const endsAt = Date.now() + maxTime;
  let output = 0;
  const run = (args: readonly string[], questions: readonly string[] = [], next?: Next) => {
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
          // A process that is stopped by a limit has no exit code.
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
      // If a process ends early, its own error says why.
      child.stdin?.on('error', () => {});
      if (next) ask(child, questions, next);
      else child.stdin?.end();
    });
  };
  return {
    run,
    file: (name: string) => {
      try {
        return readFileSync(path.join(gitDir, name)).toString('utf8', 0, 1024 * 1024);
      } catch {
        return '';
      }
    },
  };
}

/** Makes the next questions from a command's answers to the first ones, a line for each. */
type Next = (answers: Buffer) => readonly string[];

/** Sends a batch command its first questions, waits for an answer of one line to each, and then sends the next ones. */
function ask({ stdin, stdout }: ChildProcess, questions: readonly string[], next: Next): void {
  const linesOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  const answers: Buffer[] = [];
  let left = questions.length;
  const listen = (chunk: Buffer) => {
    answers.push(chunk);
    left -= chunk.toString('latin1').split('\n').length - 1;
    if (left > 0) return;
    stdout?.off('data', listen);
    stdin?.end(linesOf(next(Buffer.concat(answers))));
  };
  stdout?.on('data', listen);
  stdin?.write(linesOf([...questions, 'flush']));
}

const tooMuch = 'the history is too large, or takes too long to read';

/** Finds anything that would make git wait forever, or read outside the git directory, perhaps a classmate's files. */
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
