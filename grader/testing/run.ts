import { spawnSync } from 'node:child_process';
import path from 'node:path';

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command-line grader of a course as its own process. */
export function runGrade(courseRoot: string, ...args: string[]): Finished {
  return run(courseRoot, ['--require', 'tsx/cjs', path.join('grader', 'cli.ts'), ...args]);
}

/** Proves a course as its own process, as `npm run check` does. */
export function runCheck(courseRoot: string): Finished {
  return run(courseRoot, ['--require', 'tsx/cjs', path.join('grader', 'instructor', 'check', 'command.ts')]);
}

/** Releases a course as its own process, as `npm run release` does. */
export function runRelease(courseRoot: string, ...args: string[]): Finished {
  const command = path.join('grader', 'instructor', 'release', 'command.ts');
  return run(courseRoot, ['--require', 'tsx/cjs', command, ...args]);
}

/** Runs the Jest grader of a course as its own process. */
export function runJest(courseRoot: string, ...args: string[]): Finished {
  return run(courseRoot, [
    path.join('node_modules', 'jest', 'bin', 'jest.js'),
    '--config',
    'grader/jest/jest.config.js',
    ...args,
  ]);
}

function run(cwd: string, args: string[]): Finished {
  const { FORCE_COLOR: _color, INIT_CWD: _folder, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}
