import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { packageRoot } from './folders';

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The code of the error that ended it, if it ran in this process. */
  readonly code?: string;
}

/** The file that runs a course's commands: its own, in a clone or a students' copy, or that of this package. */
function starterOf(courseRoot: string, name: 'run.js' | 'start.js'): string {
  const own = path.join(courseRoot, 'grader', name);
  return existsSync(own) ? own : path.join(packageRoot, 'grader', name);
}

const instructors = (courseRoot: string) => starterOf(courseRoot, 'run.js');
const graderOf = (courseRoot: string) => starterOf(courseRoot, 'start.js');

/** Runs an instructor command as its own process, as `npm run` does. */
export function runCommand(courseRoot: string, command: string, ...args: string[]): Finished {
  return run(courseRoot, [instructors(courseRoot), command, ...args]);
}

/** Runs an instructor command with its temporary folders in `tmp`. */
export function runCommandIn(courseRoot: string, command: string, tmp: string, ...args: string[]): Finished {
  return run(courseRoot, [instructors(courseRoot), command, ...args], { TMPDIR: tmp });
}

/** Starts an instructor command, so that others can run at the same time. */
export function startCommand(courseRoot: string, command: string, ...args: string[]): Promise<Finished> {
  return start(courseRoot, [instructors(courseRoot), command, ...args]);
}

/**
 * Starts an instructor command and sends it a signal after some milliseconds.
 *
 * @param tmp where it keeps temporary folders.
 */
export async function stopAfter(
  courseRoot: string,
  command: string,
  signal: NodeJS.Signals,
  after: number,
  args: readonly string[],
  tmp?: string,
): Promise<void> {
  const started = spawn(process.execPath, [instructors(courseRoot), command, ...args], {
    cwd: courseRoot,
    env: { ...environment(), ...(tmp && { TMPDIR: tmp }) },
    stdio: 'ignore',
  });
  const ended = once(started, 'exit');
  await Promise.race([setTimeout(after), ended]);
  started.kill(signal);
  await ended;
}

/** Runs the students' `grade` as its own process. */
export function runGrade(courseRoot: string, ...args: string[]): Finished {
  return run(courseRoot, [graderOf(courseRoot), 'grade', ...args]);
}

async function start(cwd: string, args: readonly string[]): Promise<Finished> {
  const started = spawn(process.execPath, args, {
    cwd,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  started.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = (await once(started, 'close')) as [number | null];
  return { status, stdout, stderr };
}

/** Runs the Jest grader of a course as its own process. */
export function runJest(courseRoot: string, ...args: string[]): Finished {
  return run(courseRoot, [graderOf(courseRoot), 'autograde', ...args]);
}

/** Starts the Jest grader of a course, so that other commands can run at the same time. */
export function startJest(courseRoot: string): Promise<Finished> {
  return start(courseRoot, [graderOf(courseRoot), 'autograde']);
}

/** Runs the Jest grader as a step of GitHub Actions, where variables say which files to write. */
export function runOnActions(courseRoot: string, variables: Readonly<Record<string, string>>): Finished {
  return run(courseRoot, [graderOf(courseRoot), 'autograde'], { GITHUB_ACTIONS: 'true', ...variables });
}

/** Runs what the students' script `types` does as its own process. */
export function runTypes(courseRoot: string): Finished {
  return run(courseRoot, [require.resolve('typescript/bin/tsc'), '--noEmit']);
}

/** Runs `watch` where it cannot start and so exits. */
export function runWatchOnce(courseRoot: string): Finished {
  return run(courseRoot, [graderOf(courseRoot), 'watch']);
}

export interface Watching {
  /** Waits until the text has been printed since the last call; fails after 30 seconds. */
  next(wanted: string): Promise<void>;
  stop(): void;
}

/** Starts grading a course at each save, as `npm run watch` does. */
export function runWatch(courseRoot: string): Watching {
  const watching = spawn(process.execPath, [graderOf(courseRoot), 'watch'], {
    cwd: courseRoot,
    env: environment(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let printed = '';
  watching.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return {
    next: async (wanted) => {
      for (const start = Date.now(); !printed.includes(wanted); await setTimeout(50))
        if (Date.now() - start > 30_000) break;
      expect(printed).toContain(wanted);
      printed = '';
    },
    stop: () => watching.kill('SIGKILL'),
  };
}

function run(cwd: string, args: string[], variables: NodeJS.ProcessEnv = {}): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { ...environment(), ...variables },
  });
  return { status, stdout, stderr };
}

/** This process's variables, except those that would change the output or the folder, or make it look like GitHub. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:GITHUB_|FORCE_COLOR$|INIT_CWD$)/.test(name),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1' };
}
