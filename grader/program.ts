import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { GraderError } from './error';
import { onInterrupt } from './interrupt';

/** The exit status and output of a program. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a Node.js script to its end without blocking this process.
 *
 * @throws {GraderError} if it was interrupted, as this process is at the same time, or was killed.
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
    // If a program ends before it has read all its input, its exit status says why.
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
