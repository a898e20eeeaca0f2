import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { toolRoot } from '../instructor/files';

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const students = ['--require', 'tsx/cjs', path.join('grader', 'cli.ts')];

/** A course elsewhere has the grader of this package. */
const instructors = (courseRoot: string) => [
  ...['--require', 'tsx/cjs'],
  path.join(toolRoot(courseRoot), 'grader', 'instructor', 'cli.ts'),
];

/** Runs a command of the instructor's as its own process, as `npm run` does. */
export function runCommand(courseRoot: string, command: string, ...args: string[]): Finished {
  return run(courseRoot, [...instructors(courseRoot), command, ...args]);
}

/** The same, with temporary folders in a place of the test's own. */
export function runCommandIn(courseRoot: string, command: string, tmp: string, ...args: string[]): Finished {
  return run(courseRoot, [...instructors(courseRoot), command, ...args], { TMPDIR: tmp });
}

/** The same, beside whatever else is started meanwhile. */
export function startCommand(courseRoot: string, command: string, ...args: string[]): Promise<Finished> {
  return start(courseRoot, [...instructors(courseRoot), command, ...args]);
}

/**
 * The same, and sends it a signal after some milliseconds.
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
  const started = spawn(process.execPath, [...instructors(courseRoot), command, ...args], {
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
  return run(courseRoot, [...students, 'grade', ...args]);
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

const jestGrader = [
  path.join('node_modules', 'jest', 'bin', 'jest.js'),
  '--config',
  'grader/jest/jest.config.js',
];

/** Runs the Jest grader of a course as its own process. */
export function runJest(courseRoot: string, ...args: string[]): Finished {
  return run(courseRoot, [...jestGrader, ...args]);
}

/** The same, beside whatever else is started meanwhile. */
export function startJest(courseRoot: string): Promise<Finished> {
  return start(courseRoot, jestGrader);
}

/** Runs a command as the scripts of package.json do. */
export function runScript(courseRoot: string, file: string, ...args: string[]): Finished {
  return run(courseRoot, ['--require', './grader/preload.js', file, ...args]);
}

/** Runs the Jest grader as a step of GitHub Actions, which tells by variables where to write. */
export function runOnActions(courseRoot: string, variables: Readonly<Record<string, string>>): Finished {
  return run(courseRoot, jestGrader, { GITHUB_ACTIONS: 'true', ...variables });
}

export interface Watching {
  /** Waits until something is printed that was not there the last time, or fails after 30 seconds. */
  next(wanted: string): Promise<void>;
  stop(): void;
}

/** Starts grading a course at each save, as `npm run watch` does. */
export function runWatch(courseRoot: string): Watching {
  const watching = spawn(process.execPath, [...students, 'watch'], {
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
      for (const start = Date.now(); !printed.includes(wanted); await setTimeout(50)) {
        if (Date.now() - start > 30_000) throw new Error(`"${wanted}" was not printed, but:\n${printed}`);
      }
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

/** This process's own, without what would change the output, the folder that is meant, or a run on GitHub. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:GITHUB_|FORCE_COLOR$|INIT_CWD$)/.test(name),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1' };
}
