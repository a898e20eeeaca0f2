import { execFile } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { exists } from '../../submission/folder';
import { graderRoot } from '../../system/files';

/** Where the repository of a clone is: in `.git`, or in the folder itself for a bare or mirror clone. */
export type GitFolder = '.git' | '.';

// Runs git's plumbing in clones that students made or changed: no command of it runs what a repository's settings say,
// in this environment (tried with git 2.47; docs/formats.md). Each clone costs no more than its own share of time and memory.

/** In milliseconds and in bytes of output, for all of a clone; an honest clone takes a hundredth of either. */
const maxTime = 30_000;
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
export type Git = ReturnType<typeof openClone>;

/**
 * Opens the git directory of a clone, and counts what reading it costs.
 *
 * @returns `run`, which runs a command, with lines for its standard input: what comes from the repository is never an
 *   argument; `lines`, the same, for the lines of its output without empty ones; and `file`, a small file of git's own,
 *   empty if it is missing.
 * @throws an Error if git would read another repository than the one in the folder; so do the functions, where reading
 *   it fails or costs too much.
 */
export function openClone(root: string, gitFolder: GitFolder) {
  const gitDir = path.join(root, gitFolder);
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
