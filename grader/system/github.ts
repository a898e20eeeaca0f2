import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { GraderError } from '../message';
import { graderRoot } from './files';
import { isNeededGit, neededGit } from './git-version';
import { onInterrupt, removeFolder, rename } from './lock';

const execute = promisify(execFile);

/** The exit status and output of a program. */
interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A request to GitHub that failed. */
export class GitHubError extends Error {}

/** GitHub's API through the gh program, which has the login; see https://docs.github.com/rest. */
export const github = {
  /** @throws {GitHubError} if the resource does not exist or cannot be read. */
  get: <Body>(address: string) => ask<Body>(address),

  /** @throws {GitHubError} if GitHub refuses, as it does after some eighty comments a minute. */
  write: <Body>(method: 'POST' | 'PATCH', address: string, body: object) =>
    ask<Body>(address, ['--method', method, '--input', '-'], JSON.stringify(body)),

  /** Reads every page of a list. */
  async list<Item>(address: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let page = 1; ; page++) {
      const more = address.includes('?') ? '&' : '?';
      const pageItems = await ask<Item[]>(`${address}${more}per_page=100&page=${page}`);
      items.push(...pageItems);
      if (pageItems.length < 100) return items;
    }
  },

  /** The login of the current user. @throws {GraderError} if nobody is logged in, or gh is missing. */
  async login(): Promise<string> {
    try {
      return (await ask<{ login: string }>('user')).login;
    } catch (error) {
      if (!(error instanceof GitHubError || error instanceof GraderError)) throw error;
      throw missing('gh');
    }
  },
};

async function ask<Body>(address: string, options: readonly string[] = [], input = ''): Promise<Body> {
  const { status, stdout, stderr } = await run('gh', ['api', ...options, address], input);
  if (status !== 0) throw new GitHubError(stderr.trim().split('\n')[0] || 'gh gave no answer');
  return (stdout === '' ? undefined : JSON.parse(stdout)) as Body;
}

/** Settings that stop a repository, or this machine's settings for it, from running programs during a clone. */
const withoutPrograms = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'submodule.recurse=false',
  'protocol.allow=never',
  'protocol.https.allow=always',
  // Give up on a server that sends next to nothing, so that it cannot stall a run; in bytes per second, and seconds.
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=60',
];

/** Makes git get the password from gh and no other helper. */
const credentials = ['credential.helper=', 'credential.helper=!gh auth git-credential'];

let isGitFound: boolean | undefined;

/**
 * Whether this machine has a git that can read histories. Checks only once, and in the grader's folder, because Windows
 * looks for a program in the current folder first.
 */
export function hasGit(): boolean {
  const options = { cwd: graderRoot, windowsHide: true, encoding: 'utf8' } as const;
  // A missing git prints nothing.
  isGitFound ??= isNeededGit(spawnSync('git', ['--version'], options).stdout ?? '');
  return isGitFound;
}

/** @throws {GraderError} if git is missing, or too old to read fetched histories. */
export function assertGit(): void {
  if (!hasGit()) throw missing('git');
}

/** The suffix of an earlier clone while a new one takes its place. */
export const earlierEnd = '.earlier';

/**
 * Fetches a repository with its history, its default branch and its tags, into a folder that does not exist yet or has
 * an earlier clone. Runs nothing in it: no hook, no filter, no submodule. Commits that only the earlier clone has are
 * kept in the new one, below `refs/earlier/`, because the history on GitHub may have been recreated or force-pushed.
 *
 * @param address as GitHub gives it.
 * @param folder where the repository goes.
 * @param made where the clone is made before it is put in its place.
 * @param template the folder with the initial contents of each new `.git`.
 * @returns how many commits were kept this way.
 * @throws {GitHubError} if it cannot be fetched; an earlier clone then stays as it was.
 */
export async function fetchRepository(
  address: string,
  folder: string,
  made: string,
  template: string,
): Promise<number> {
  const { protocol, username, password } = new URL(address);
  if (protocol !== 'https:' || username !== '' || password !== '')
    throw new GitHubError(`It cannot be cloned from its address: ${address}`);
  // Ignore git settings that rewrite all GitHub addresses: users have them for another purpose.
  const asIs = `url.${address}.insteadOf=${address}`;
  const settings = [...withoutPrograms, ...credentials, asIs].flatMap((setting) => ['-c', setting]);
  const gitWith = async (input: string, ...args: string[]) => {
    const { status, stdout, stderr } = await run('git', [...settings, ...args], input, {
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
    });
    // The system may refuse to write some files, or all of them. Committed work is graded all the same.
    if (status === 0 || /^warning: Clone succeeded, but checkout failed/m.test(stderr)) return stdout.trim();
    throw new GitHubError(reasonIn(stderr) || `git ended with status ${status}`);
  };
  const git = (...args: string[]) => gitWith('', ...args);
  const isRepository = existsSync(path.join(folder, '.git'));
  const before = isRepository && (await git('-C', folder, 'config', '--get', 'remote.origin.url'));
  if (existsSync(folder) && before !== address)
    throw new GitHubError(`${folder} exists, but this command did not make it. Move it away.`);
  await git('clone', '--quiet', `--template=${template}`, '--no-recurse-submodules', '--', address, made);
  const kept = isRepository ? await keepEarlier(folder, made, gitWith) : 0;
  const earlier = `${made}${earlierEnd}`;
  if (isRepository) rename(folder, earlier);
  try {
    rename(made, folder);
  } catch (error) {
    if (isRepository) rename(earlier, folder);
    throw error;
  }
  removeFolder(earlier);
  return kept;
}

/** Where to keep commits that GitHub no longer has. */
export const earlierRefs = 'refs/earlier/';

/**
 * Copies the commits of an earlier clone that a new one lacks, with each tip as `refs/earlier/<id>`.
 *
 * @param git runs git with a text on its standard input, and returns its output.
 * @returns how many commits these are.
 */
async function keepEarlier(
  earlier: string,
  made: string,
  git: (input: string, ...args: string[]) => Promise<string>,
): Promise<number> {
  // The tips of all references, and of a detached head.
  const tips = (await git('', '-C', earlier, 'rev-list', '--no-walk', '--all')).split('\n');
  const ids = [...new Set(tips)].filter(Boolean);
  if (ids.length === 0) return 0;
  const checked = await git(`${ids.join('\n')}\n`, '-C', made, 'cat-file', '--batch-check');
  const missing = checked
    .split('\n')
    .flatMap((line) => (line.endsWith(' missing') ? line.split(' ')[0] : []));
  const refs = missing.map((id) => `${earlierRefs}${id}`);
  if (refs.length === 0) return 0;
  const specs = refs.map((ref, index) => `${missing[index]}:${ref}`);
  const local = ['-c', 'protocol.file.allow=always', '-C', made];
  await git('', ...local, 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head', earlier, ...specs);
  const notAmong = ['--not', '--branches', '--remotes', '--tags'];
  return Number(await git('', '-C', made, 'rev-list', '--count', ...refs, ...notAmong));
}

/** The error in git's output, without the advice. */
function reasonIn(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines[0] ?? '';
}

function missing(program: 'gh' | 'git'): GraderError {
  return new GraderError(
    'folder',
    'program-missing',
    program === 'gh'
      ? 'gh is not installed or not logged in. Install it from https://cli.github.com, and run gh auth login.'
      : `${neededGit} is missing. Install it from https://git-scm.com.`,
  );
}

/** @throws {GraderError} if the program is missing. */
async function run(
  program: 'gh' | 'git',
  args: readonly string[],
  input = '',
  variables: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const env = { ...process.env, ...variables };
  const running = execute(program, args, { env, windowsHide: true, maxBuffer: Number.POSITIVE_INFINITY });
  // Do not let the program outlive this process.
  const off = onInterrupt(() => running.child.kill());
  // gh may exit before it has read all of its input. Its answer is all that counts then.
  running.child.stdin?.on('error', () => {}).end(input);
  try {
    return { status: 0, ...(await running) };
  } catch (error) {
    const { code, stdout, stderr } = error as Omit<Ended, 'status'> & { readonly code?: unknown };
    if (typeof code === 'string') throw missing(program);
    return { status: typeof code === 'number' ? code : null, stdout, stderr };
  } finally {
    off();
  }
}
