import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { npmCli } from '../system/packages';
import { packageRoot } from './folders';

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The code of the error that ended the command, if it ran in this process. */
  readonly code?: string;
}

/** Runs an instructor command as its own process, as `npm run` does. */
export const runCommand = (root: string, ...args: string[]) => run(root, instructors(root, args));

/** Starts an instructor command, so that others can run at the same time. */
export const startCommand = (root: string, ...args: string[]) => start(root, instructors(root, args));

/** Runs the students' `grade` as its own process. */
export const runGrade = (root: string, ...args: string[]) => run(root, students(root, ['grade', ...args]));

/** Runs the Jest grader of a course as its own process. */
export const runJest = (root: string, ...args: string[]) => run(root, students(root, ['autograde', ...args]));

/** Starts the Jest grader of a course, so that other commands can run at the same time. */
export const startJest = (root: string) => start(root, students(root, ['autograde']));

/** Runs the Jest grader as a step of GitHub Actions, whose variables name the files to write. */
export const runOnActions = (root: string, variables: Readonly<Record<string, string>>) =>
  run(root, students(root, ['autograde']), { GITHUB_ACTIONS: 'true', ...variables });

/** Runs npm in a folder, as somebody at a terminal would. */
export function runNpm(cwd: string, args: readonly string[]): Finished {
  return run(cwd, [npmCli(), '--prefer-offline', '--no-audit', '--no-fund', ...args], { INIT_CWD: cwd });
}

/** Starts an instructor command and sends it a signal after some milliseconds. */
export async function stopAfter(
  root: string,
  command: string,
  signal: NodeJS.Signals,
  after: number,
  args: readonly string[],
): Promise<void> {
  const options = { cwd: root, env: environment(), stdio: 'ignore' } as const;
  const started = spawn(process.execPath, instructors(root, [command, ...args]), options);
  const ended = once(started, 'exit');
  await Promise.race([setTimeout(after), ended]);
  started.kill(signal);
  await ended;
}

/**
 * Starts `npm run watch` for a course, which grades it at each save. `next` waits until the given text has been printed
 * since the last call, and fails after 30 seconds.
 */
export function runWatch(root: string) {
  const options = { cwd: root, env: environment() };
  const watching = spawn(process.execPath, students(root, ['watch']), options);
  let printed = '';
  watching.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return {
    next: async (wanted: string) => {
      for (const end = Date.now() + 30_000; !printed.includes(wanted) && Date.now() < end; )
        await setTimeout(50);
      expect(printed).toContain(wanted);
      printed = '';
    },
    stop: () => watching.kill('SIGKILL'),
  };
}

const instructors = (root: string, args: readonly string[]) => [starterOf(root, 'run.js'), ...args];
const students = (root: string, args: readonly string[]) => [starterOf(root, 'start.js'), ...args];

/** The file that runs a course's commands: the course's own, in a clone or a students' copy, or this package's. */
function starterOf(root: string, name: string): string {
  const own = path.join(root, 'grader', name);
  return existsSync(own) ? own : path.join(packageRoot, 'grader', name);
}

function run(cwd: string, args: string[], variables: NodeJS.ProcessEnv = {}): Finished {
  const options = { cwd, encoding: 'utf8', env: { ...environment(), ...variables } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  return { status, stdout, stderr };
}

function start(cwd: string, args: string[]): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env: environment() }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/** This process's variables, except those that would change the output or the folder, or suggest that this is GitHub. */
function environment(): NodeJS.ProcessEnv {
  const isKept = ([name]: [string, unknown]) => !/^(?:GITHUB_|FORCE_COLOR$|INIT_CWD$)/.test(name);
  return { ...Object.fromEntries(Object.entries(process.env).filter(isKept)), NO_COLOR: '1' };
}
