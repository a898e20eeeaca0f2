import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { graderFolder } from '../grader/system/files';

/** A Node.js process to run, with its arguments and working folder. */
export interface Command {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs before each round and is not timed. */
  readonly prepare?: () => void;
}

export interface Measured {
  /** Processor time of the process and of any Node.js processes that it started, in seconds. */
  readonly cpu: number;
  /** Elapsed time, in seconds. */
  readonly wall: number;
  /** Peak memory of the largest of these processes, in MB. */
  readonly memory: number;
}

/** Runs a command to completion and measures it. @throws if it fails. */
export function measure({ name, args, cwd, env, prepare }: Command): Measured {
  prepare?.();
  const folder = mkdtempSync(path.join(tmpdir(), 'meter-'));
  const file = path.join(folder, 'taken');
  try {
    const start = process.hrtime.bigint();
    const { error, status, stderr } = spawnSync(process.execPath, [...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        ...env,
        METER_FILE: file,
        NODE_OPTIONS: `--require ${JSON.stringify(path.join(graderFolder, '..', 'bench', 'meter.js'))}`,
      },
    });
    const wall = Number(process.hrtime.bigint() - start) / 1e9;
    if (error || status !== 0) throw error ?? new Error(`${name} ended with status ${status}: ${stderr}`);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    const taken = lines.map((line) => line.split(' ').map(Number));
    return {
      cpu: taken.reduce((sum, [cpu = 0]) => sum + cpu, 0) / 1e6,
      wall,
      memory: Math.max(...taken.map(([, kilobytes = 0]) => kilobytes)) / 1024,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/**
 * Runs the commands one after the other in every round, after a warm-up round that is not counted. Machines differ
 * and are noisy, so the figure to look at is the time of each command relative to the first.
 */
export function compare(title: string, rounds: number, commands: readonly Command[]): void {
  const taken = commands.map(() => [] as Measured[]);
  for (let round = 0; round <= rounds; round++) {
    commands.forEach((command, index) => {
      const measured = measure(command);
      if (round > 0) taken[index]?.push(measured);
    });
  }
  console.log(
    `\n${title} (median of ${rounds}: processor time, and what passed; each also as times the first row)`,
  );
  const rows = taken.map((list) =>
    (['cpu', 'wall'] as const).map((unit) => median(list.map((one) => one[unit]))),
  );
  const [base = []] = rows;
  commands.forEach(({ name }, index) => {
    const columns = (rows[index] ?? []).map(
      (time, unit) => `${time.toFixed(3)} s ${(time / (base[unit] ?? 1)).toFixed(2).padStart(6)}`,
    );
    console.log(`  ${name.padEnd(62)} ${columns.join('   ')}`);
  });
}
