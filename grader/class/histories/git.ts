import { type ExecFileException, execFile } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../error';
import { graderRoot } from '../../files';
import { exists } from '../../submission/folder';
import type { GitFolder } from '../members/source';

// Reads the histories of clones that students made or changed, with git's plumbing alone: no command of it runs what a
// repository's settings say, in this environment. Each clone costs no more than its own share of time and memory.

/** A commit, without its message. */
export interface Commit {
  readonly id: string;
  /** When it was committed, as the committer's clock said, in milliseconds since 1970. */
  readonly time: number;
  /** When it was written, as its author's clock said. */
  readonly writtenAt: number;
  readonly parents: readonly string[];
  /** Its place in an order in which parents come before children, and else earlier commits before later ones. */
  readonly place: number;
  /** Whether its time cannot be right: it is in the future, or before that of a parent. */
  readonly isDoubtful: boolean;
  /** Its files that may matter, by path, with their modes and the ids of their contents: `100644 3b18e51…`. */
  readonly files: ReadonlyMap<string, string>;
}

/** The commits, branches and tags of a clone. */
export interface Repository {
  /** Every commit that a branch or a tag leads to, by id; parents come before children. */
  readonly commits: ReadonlyMap<string, Commit>;
  /** The commits of each branch and tag: `main`, `origin/main`, `submit/1`. */
  readonly branches: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  /** The newest commit of the default branch: the remote's as it was fetched, where there is a remote. */
  readonly tip: string | undefined;
  /** The oldest commits of a clone whose history is cut: what came before them is not known. */
  readonly cut: ReadonlySet<string>;
  /** Its page on GitHub. */
  readonly page: string | undefined;
}

/** A clone whose history cannot be read. The reason may quote `{said}`, which the clone decides. */
export class GitError extends Error {
  readonly said: string;

  constructor(reason: string, said = '') {
    super(reason);
    this.said = said;
  }
}

/** In milliseconds and in bytes of output, for all of a clone; an honest clone takes a hundredth of either. */
const maxTime = 30_000;
const maxOutput = 64 * 1024 * 1024;
/** In KiB, for one process, where the system can hold it to that. */
const maxMemory = 1024 * 1024;

const nothing = process.platform === 'win32' ? 'NUL' : '/dev/null';

/** Nothing of the user's and nothing that a repository could name: no other settings, programs or places. */
const environment = {
  PATH: process.env.PATH,
  // Windows starts no program without it.
  ...(process.platform === 'win32' && { SystemRoot: process.env.SystemRoot }),
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
];

/** The git directory of a clone and what it may still cost. */
export class Clone {
  private readonly gitDir: string;
  private readonly endsAt = Date.now() + maxTime;
  private output = 0;

  /** @throws {GitError} if git would read another repository than the one in the folder. */
  constructor(root: string, gitFolder: GitFolder) {
    this.gitDir = path.join(root, gitFolder);
    const wrong = otherPlaceIn(this.gitDir);
    if (wrong !== undefined) throw new GitError('{said} leads to another place, so it was not read', wrong);
  }

  /**
   * Reads all commits, with the files that may matter.
   *
   * @param now in milliseconds since 1970; no commit can be later.
   * @throws {GitError} if that cannot be read, or takes too much.
   */
  async read(mayMatter: (file: string) => boolean, now: number): Promise<Repository> {
    const format = '%(refname)%00%(objectname)%00%(*objectname)%00%(symref)';
    const [refs, log] = await Promise.all([
      this.run(['for-each-ref', `--format=${format}`, 'refs/heads', 'refs/remotes', 'refs/tags']),
      this.run(['rev-list', '--all', '--date-order', '--reverse', '--format=%H %ct %at %P']),
    ]);
    const listed = linesOf(log).flatMap((line) => {
      const [id = '', time, writtenAt, ...parents] = line.split(' ');
      return id === 'commit' ? [] : [{ id, time: momentIn(time), writtenAt: momentIn(writtenAt), parents }];
    });
    const changes = await this.changes(listed, mayMatter);
    const commits = new Map<string, Commit>();
    for (const commit of listed) {
      const before = commits.get(commit.parents[0] ?? '')?.files ?? new Map<string, string>();
      const changed = changes.get(commit.id) ?? [];
      const files = changed.length === 0 ? before : new Map(before);
      for (const [file, entry] of changed)
        (files as Map<string, string>)[entry ? 'set' : 'delete'](file, entry);
      const isDoubtful =
        commit.time > now || commit.parents.some((id) => (commits.get(id)?.time ?? 0) > commit.time);
      commits.set(commit.id, { ...commit, place: commits.size, isDoubtful, files });
      this.assertTime();
    }
    return {
      commits,
      ...this.refs(linesOf(refs)),
      cut: new Set(linesOf(this.file('shallow'))),
      page: pageIn(this.file('config')),
    };
  }

  /** Reads contents by id. Those that are larger or missing are left out, with their sizes for the former. */
  async contents(
    ids: readonly string[],
    largest: (id: string) => number,
  ): Promise<Map<string, Uint8Array | number>> {
    const found = new Map<string, Uint8Array | number>();
    const sizes = linesOf(await this.run(['cat-file', '--batch-check'], ids)).map((line) => line.split(' '));
    for (const [id = '', type, size] of sizes) if (type === 'blob') found.set(id, Number(size));
    const wanted = [...found].flatMap(([id, size]) => (Number(size) <= largest(id) ? id : []));
    const bytes = await this.run(['cat-file', '--batch'], wanted);
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf('\n', at);
      const [id = '', type, size] = bytes.toString('latin1', at, end).split(' ');
      if (type !== 'blob') throw new GitError('a part of it is missing');
      found.set(id, bytes.subarray(end + 1, end + 1 + Number(size)));
      at = end + 2 + Number(size);
    }
    return found;
  }

  /** The changes of each commit against its first parent, or of all its files where it has none. */
  private async changes(
    commits: readonly Pick<Commit, 'id' | 'parents'>[],
    mayMatter: (file: string) => boolean,
  ): Promise<Map<string, [file: string, entry: string][]>> {
    const pairs = commits.map(({ id, parents: [first = ''] }) => `${id} ${first}`.trim());
    const raw = await this.run(
      [
        'diff-tree',
        '--stdin',
        '-r',
        '--root',
        '--raw',
        '-z',
        '--no-renames',
        '--no-ext-diff',
        '--no-textconv',
        '--no-abbrev',
      ],
      pairs,
    );
    const changes = new Map<string, [string, string][]>();
    const parts = raw.toString('utf8').split('\0');
    let of: [string, string][] = [];
    for (let index = 0; index < parts.length - 1; index++) {
      const part = parts[index] ?? '';
      if (!part.startsWith(':')) {
        of = [];
        changes.set(part, of);
        continue;
      }
      const [, mode = '', , id = '', kind] = part.split(' ');
      const file = parts[++index] ?? '';
      if (mayMatter(file)) of.push([file, kind === 'D' ? '' : `${mode} ${id}`]);
    }
    return changes;
  }

  private refs(lines: readonly string[]): Pick<Repository, 'branches' | 'tags' | 'tip'> {
    const branches = new Map<string, string>();
    const tags = new Map<string, string>();
    let remote: string | undefined;
    for (const line of lines) {
      const [ref = '', id = '', tagged = '', target = ''] = line.split('\0');
      if (ref === 'refs/remotes/origin/HEAD') remote = target;
      else if (ref.startsWith('refs/tags/')) tags.set(ref.slice('refs/tags/'.length), tagged || id);
      else branches.set(shortName(ref), id);
    }
    const head = this.file('HEAD')
      .toString()
      .trim()
      .replace(/^ref: /, '');
    const isId = /^[0-9a-f]{40,64}$/.test(head);
    const tip = branches.get(shortName(remote ?? '')) ?? (isId ? head : branches.get(shortName(head)));
    return { branches, tags, tip };
  }

  /** A small file of git's own, empty if it is missing. */
  private file(name: string): Buffer {
    try {
      return readFileSync(path.join(this.gitDir, name)).subarray(0, 1024 * 1024);
    } catch {
      return Buffer.alloc(0);
    }
  }

  private run(args: readonly string[], input: readonly string[] = []): Promise<Buffer> {
    this.assertTime();
    const all = [
      `--git-dir=${this.gitDir}`,
      '--no-pager',
      '--literal-pathspecs',
      ...settings.flatMap((one) => ['-c', one]),
      ...args,
    ];
    // Where a shell can set a limit of memory, it does, and becomes git.
    const [program, before] =
      process.platform === 'linux'
        ? ['/bin/sh', ['-c', `ulimit -v ${maxMemory} && exec git "$@"`, 'git']]
        : ['git', []];
    return new Promise((resolve, reject) => {
      const child = execFile(
        program as string,
        [...before, ...all],
        {
          env: environment,
          // Windows looks for a program in the current folder first.
          cwd: graderRoot,
          encoding: 'buffer',
          timeout: Math.max(1, this.endsAt - Date.now()),
          maxBuffer: maxOutput - this.output,
          killSignal: 'SIGKILL',
          windowsHide: true,
        },
        (error, stdout, stderr) => {
          this.output += stdout.length;
          if (!error) resolve(stdout);
          else reject(whyNot(error, stderr.toString()));
        },
      );
      // A process that ended early says why itself.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input.map((line) => `${line}\n`).join(''));
    });
  }

  private assertTime(): void {
    if (Date.now() > this.endsAt) throw new GitError('reading it takes too long');
  }
}

/** Whether the machine has git. */
export function hasGit(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('git', ['--version'], { cwd: graderRoot, windowsHide: true }, (error) => resolve(!error));
  });
}

/** Finds what would make git read another place than a git directory, perhaps a classmate's, or wait without end. */
function otherPlaceIn(gitDir: string): string | undefined {
  const stats = lstatSync(gitDir);
  if (stats.isSymbolicLink() || !stats.isDirectory()) return '.git';
  const other = ['commondir', 'objects/info/alternates', 'objects/info/http-alternates'];
  const link = readdirSync(gitDir, { recursive: true, withFileTypes: true }).find(
    (entry) => entry.isSymbolicLink() || entry.isFIFO(),
  );
  return link?.name ?? other.find((name) => exists(gitDir, name));
}

function whyNot(error: ExecFileException, stderr: string): GitError {
  if (String(error.code) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return new GitError('it is far too large');
  if (error.killed) return new GitError('reading it takes too long');
  return new GitError('git says {said}', stderr.trim().split('\n').at(-1) || messageOf(error));
}

function linesOf(output: Buffer): string[] {
  return output.toString('utf8').split('\n').filter(Boolean);
}

/** A time of git's; a number that is no time is the year 9999. */
function momentIn(seconds = ''): number {
  const last = Date.parse('9999-12-31T23:59:59Z');
  const time = Number(seconds) * 1000;
  return Number.isNaN(time) ? last : Math.min(last, Math.max(0, time));
}

/** `refs/heads/main` -> `main` */
function shortName(ref: string): string {
  return ref.replace(/^refs\/(?:heads|remotes)\//, '');
}

/** The page on GitHub of the remote in a config, if its address has the usual form. */
function pageIn(config: Buffer): string | undefined {
  const url = /^\[remote "origin"\][^[]*?^\s*url\s*=\s*(\S+)/m.exec(config.toString())?.[1] ?? '';
  const [, host, name] =
    /^(?:https:\/\/(?:[^@/]+@)?|git@)([\w.-]+(?::\d+)?)[/:]([\w.-]{1,100}\/[\w.-]{1,100}?)(?:\.git)?\/?$/.exec(
      url,
    ) ?? [];
  // gh may be configured for another GitHub server.
  return host !== undefined && ['github.com', process.env.GH_HOST].includes(host)
    ? `https://${host}/${name}`
    : undefined;
}
