import { spawn, spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from './error';
import { onInterrupt } from './interrupt';

/** A request to GitHub that failed. */
export class GitHubError extends Error {}

/** GitHub's API through the gh program, which holds the login; see https://docs.github.com/rest. */
export const github = {
  /** @throws {GitHubError} where the resource does not exist or cannot be read. */
  get: <Body>(address: string) => ask<Body>('GET', address),

  /** @throws {GitHubError} where GitHub refuses, as it does after some eighty comments a minute. */
  write: <Body>(method: 'POST' | 'PATCH', address: string, body: object) => ask<Body>(method, address, body),

  /** Reads every page of a list. */
  async list<Item>(address: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let page = 1; ; page++) {
      const more = address.includes('?') ? '&' : '?';
      const found = await ask<Item[]>('GET', `${address}${more}per_page=100&page=${page}`);
      items.push(...found);
      if (found.length < 100) return items;
    }
  },

  /** The login of the current user. @throws {GraderError} if nobody is logged in, or gh is missing. */
  async login(): Promise<string> {
    try {
      return (await ask<{ login: string }>('GET', 'user')).login;
    } catch (error) {
      if (!(error instanceof GitHubError || error instanceof GraderError)) throw error;
      throw missing('gh');
    }
  },
};

async function ask<Body>(method: string, address: string, body?: object): Promise<Body> {
  const { status, text } = await callGh(method, address, body);
  if (status >= 200 && status < 300) return (text === '' ? undefined : JSON.parse(text)) as Body;
  throw new GitHubError(`GitHub said ${status}${saidOf(text)}`);
}

function saidOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? `: ${message}` : '';
  } catch {
    return '';
  }
}

async function callGh(
  method: string,
  address: string,
  body: object | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  const input = body === undefined ? [] : ['--input', '-'];
  const { stdout, stderr } = await run(
    'gh',
    ['api', '--include', '--method', method, address, ...input],
    body === undefined ? '' : JSON.stringify(body),
  );
  const [head = '', ...rest] = stdout.split(/\r?\n\r?\n/);
  const status = Number(/^HTTP\/\S+ (\d{3})/.exec(head)?.[1]);
  if (!status) throw new GitHubError(stderr.trim().split('\n')[0] || 'gh gave no answer');
  return { status, text: rest.join('\n\n').trim() };
}

/** Settings that keep a repository, or a setting of this machine for it, from running programs during a clone. */
const withoutPrograms = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'submodule.recurse=false',
  'protocol.allow=never',
  'protocol.https.allow=always',
  // Do not let a server that sends next to nothing hold up a run, in bytes per second and seconds.
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=60',
];

/** Makes git get the password from gh, and ask no other helper. */
const credentials = ['credential.helper=', 'credential.helper=!gh auth git-credential'];

/** @throws {GraderError} where git is missing. */
export function assertGit(): void {
  if (spawnSync('git', ['--version'], { stdio: 'ignore' }).status !== 0) throw missing('git');
}

/**
 * Brings a repository with its history, its default branch and its tags, into a folder that does not exist yet or
 * holds an earlier clone. Nothing in it is run: no hook, no filter, no submodule.
 *
 * @param address as GitHub gives it.
 * @param made where a new clone is made before it is put in its place.
 * @param template the folder with the initial contents of each new `.git`.
 * @throws {GitHubError} where it cannot be fetched; an earlier clone then stays as it was.
 */
export async function fetchRepository(
  address: string,
  folder: string,
  made: string,
  template: string,
): Promise<void> {
  const { protocol, username, password } = new URL(address);
  if (protocol !== 'https:' || username !== '' || password !== '')
    throw new GitHubError(`Its address is not one to clone from: ${address}`);
  // A user whose git settings rewrite all GitHub addresses has them for another purpose.
  const asIs = `url.${address}.insteadOf=${address}`;
  const settings = [...withoutPrograms, ...credentials, asIs].flatMap((setting) => ['-c', setting]);
  const git = async (...args: string[]) => {
    const { status, stdout, stderr } = await run('git', [...settings, ...args], '', {
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
    });
    // This system may refuse to write one file, or all of them. What is committed is graded all the same.
    if (status === 0 || /^warning: Clone succeeded, but checkout failed/m.test(stderr)) return stdout.trim();
    throw new GitHubError(reasonIn(stderr) || `git ended with status ${status}`);
  };
  if (!existsSync(folder)) {
    await git('clone', '--quiet', `--template=${template}`, '--no-recurse-submodules', '--', address, made);
    renameSync(made, folder);
    return;
  }
  const there = existsSync(path.join(folder, '.git'))
    ? await git('-C', folder, 'config', '--get', 'remote.origin.url')
    : '';
  if (there !== address)
    throw new GitHubError(`${folder} exists, but this command did not make it. Move it away.`);
  await git('-C', folder, 'fetch', '--quiet', '--prune', '--prune-tags', '--force', '--tags', 'origin');
  // An empty repository has no branch.
  if ((await git('-C', folder, 'ls-remote', 'origin', 'HEAD')) === '') return;
  await git('-C', folder, 'remote', 'set-head', 'origin', '--auto');
  await git('-C', folder, 'reset', '--quiet', '--hard', 'origin/HEAD');
}

/** The error that git reports, without its advice. */
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
      : 'The program git is missing. Install it from https://git-scm.com.',
  );
}

/** @throws {GraderError} where the program is missing. */
function run(
  program: 'gh' | 'git',
  args: readonly string[],
  input: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...variables }, windowsHide: true });
    const out: Buffer[] = [];
    const error: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => error.push(chunk));
    // The child must not outlive this process.
    const release = onInterrupt(() => child.kill());
    child.on('error', () => {
      release();
      reject(missing(program));
    });
    child.on('close', (status) => {
      release();
      resolve({
        status,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(error).toString('utf8'),
      });
    });
    // gh may end before it has read all of the input. Its answer is what counts then.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
