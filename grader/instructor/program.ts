import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { GraderError } from '../error';
import { onInterrupt } from './interrupt';

/** How a program ended, and what it printed. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a script of Node.js to its end, while this process goes on.
 *
 * @throws {GraderError} where it was told to stop, as this process is at the same time, or was killed.
 */
export async function runScript(
  args: readonly string[],
  { input = '', ...options }: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, args, options);
  const release = onInterrupt(() => child.kill());
  try {
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status, signal) => resolve([status, signal]));
    });
    // A program that ends before it has read everything says why by its status.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [stdout, stderr, [status, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ]);
    if (signal !== null && ['SIGINT', 'SIGTERM', 'SIGHUP'].includes(signal))
      throw new GraderError('interrupted', 'stopped', 'Interrupted. Nothing was changed.');
    if (signal !== null)
      throw new GraderError(
        'folder',
        'process-killed',
        `${path.basename(args[0] ?? '')} was stopped by the system (${signal}). Free some memory, and run this again.`,
      );
    return { status, stdout, stderr };
  } finally {
    release();
  }
}
