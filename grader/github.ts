import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GraderError } from './error';
import { onInterrupt } from './interrupt';

/** A request to GitHub that failed. */
export class GitHubError extends Error {}

/** GitHub asks for no more than 80 content-creating requests a minute and 500 an hour. */
const maxAnHour = 450;
const hour = 60 * 60 * 1000;
/** The longest wait for a limit that is used up. */
const maxWait = hour + 60_000;
const maxTries = 4;

/** GitHub's API through the gh program, which holds the login; see https://docs.github.com/rest. */
export class GitHub {
  private readonly pause: number;
  private readonly wait: (milliseconds: number, why: string) => void;
  private readonly written: number[] = [];

  /**
   * @param perMinute the most comments to write per minute.
   * @param wait called before a long pause.
   */
  constructor(perMinute: number, wait: (milliseconds: number, why: string) => void) {
    this.pause = 60_000 / perMinute;
    this.wait = wait;
  }

  /** @throws {GitHubError} where the resource does not exist or cannot be read. */
  async get<Body>(address: string): Promise<Body> {
    return (await this.ask('GET', address)) as Body;
  }

  /** The login of the current user. Undefined if nobody is logged in, or gh is missing. */
  async login(): Promise<string | undefined> {
    try {
      return (await this.get<{ login: string }>('user')).login;
    } catch (error) {
      if (error instanceof GitHubError || error instanceof GraderError) return undefined;
      throw error;
    }
  }

  /** Reads every page of a list. */
  async list<Item>(address: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let page = 1; ; page++) {
      const found = await this.get<Item[]>(
        `${address}${address.includes('?') ? '&' : '?'}per_page=100&page=${page}`,
      );
      items.push(...found);
      if (found.length < 100) return items;
    }
  }

  /** Writes something, no sooner than GitHub's limits allow. */
  async write<Body>(method: 'POST' | 'PATCH', address: string, body: object): Promise<Body> {
    const [oldest = 0] = this.written.slice(-maxAnHour);
    const isFull = this.written.length >= maxAnHour;
    const ready = Math.max((this.written.at(-1) ?? 0) + this.pause, isFull ? oldest + hour : 0);
    const rest = ready - Date.now();
    if (rest > 10_000) this.wait(rest, 'GitHub takes only so many comments an hour');
    if (rest > 0) await sleep(rest);
    const answer = await this.ask(method, address, body);
    this.written.push(Date.now());
    return answer as Body;
  }

  private async ask(method: string, address: string, body?: object): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const { status, headers, text } = await callGh(method, address, body);
      if (status >= 200 && status < 300) return text === '' ? undefined : JSON.parse(text);
      // A write that failed on GitHub's side may still have been done, so it must not be repeated.
      const isUnclear = status >= 500 && method !== 'GET';
      const rest = isUnclear ? undefined : restOf(headers, status, text);
      if (rest === undefined || attempt === maxTries || rest > maxWait)
        throw new GitHubError(`GitHub said ${status}${saidOf(text)}`);
      if (rest > 10_000) this.wait(rest, 'a limit of GitHub’s is used up');
      await sleep(rest);
    }
  }
}

/** How long to wait before another try, in milliseconds. Undefined if waiting does not help. */
function restOf(headers: ReadonlyMap<string, string>, status: number, text: string): number | undefined {
  if (status >= 500) return 2000;
  const isLimit = status === 429 || (status === 403 && /rate limit|abuse/i.test(text));
  if (!isLimit) return undefined;
  const after = Number(headers.get('retry-after'));
  if (after > 0) return after * 1000;
  const reset = Number(headers.get('x-ratelimit-reset')) * 1000 - Date.now();
  return headers.get('x-ratelimit-remaining') === '0' && reset > 0 ? reset : 60_000;
}

function saidOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? `: ${message}` : '';
  } catch {
    return '';
  }
}

interface GithubResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

async function callGh(method: string, address: string, body: object | undefined): Promise<GithubResponse> {
  const input = body === undefined ? [] : ['--input', '-'];
  const { stdout, stderr } = await run(
    'gh',
    ['api', '--include', '--method', method, address, ...input],
    body === undefined ? '' : JSON.stringify(body),
  );
  const [head = '', ...rest] = stdout.split(/\r?\n\r?\n/);
  const [first = '', ...lines] = head.split(/\r?\n/);
  const status = Number(/^HTTP\/\S+ (\d{3})/.exec(first)?.[1]);
  if (!status) throw new GitHubError(stderr.trim().split('\n')[0] || 'gh gave no answer');
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  return { status, headers, text: rest.join('\n\n').trim() };
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
 * Clones a repository with its history, its default branch and its tags into a folder that does not exist yet.
 * Nothing in it is run: no hook, no filter, no submodule.
 *
 * @param address as GitHub gives it.
 * @param template the folder with the initial contents of each new `.git`.
 * @returns what to add to the message that it was cloned, or an empty text.
 * @throws {GitHubError} where it cannot be cloned.
 */
export async function cloneRepository(address: string, folder: string, template: string): Promise<string> {
  const { protocol, username, password } = new URL(address);
  if (protocol !== 'https:' || username !== '' || password !== '')
    throw new GitHubError(`Its address is not one to clone from: ${address}`);
  // A user whose git settings rewrite all GitHub addresses has them for another purpose.
  const asIs = `url.${address}.insteadOf=${address}`;
  const settings = [...withoutPrograms, ...credentials, asIs].flatMap((setting) => ['-c', setting]);
  const options = ['--quiet', `--template=${template}`, '--no-recurse-submodules'];
  const { status, stderr } = await run('git', [...settings, 'clone', ...options, '--', address, folder], '', {
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  });
  if (status === 0) return '';
  if (/^warning: Clone succeeded, but checkout failed/m.test(stderr)) {
    // This system refuses one file, or all of them. Then only what is committed counts here.
    for (const name of readdirSync(folder))
      if (name !== '.git') rmSync(path.join(folder, name), { recursive: true, force: true });
    return `, without its files, for not all can be written here; what is committed is graded (${reasonIn(stderr)})`;
  }
  throw new GitHubError(reasonIn(stderr) || `git ended with status ${status}`);
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
      ? 'The program gh is missing. Install it from https://cli.github.com, and run gh auth login.'
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
