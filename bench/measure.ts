import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { graderRoot } from '../grader/system/files';

/** The cost of a run. All but the elapsed time is known only of Node.js processes, and NaN for other programs. */
interface Measured {
  /** Elapsed time, in seconds. */
  readonly wall: number;
  /** Processor time of all processes, in seconds. */
  readonly cpu: number;
  /** Peak memory of the largest process, in MB. */
  readonly memory: number;
}

/** A row of a table: a way to do what the others do, too. */
interface Contender {
  readonly name: string;
  readonly run: () => Measured;
  /** How many submissions a run grades, if it is a class. The times are those of one. */
  readonly submissions?: number;
}

/** Measures the elapsed time of some work. */
export function timed(work: () => void): Measured {
  const start = process.hrtime.bigint();
  work();
  return { wall: Number(process.hrtime.bigint() - start) / 1e9, cpu: Number.NaN, memory: Number.NaN };
}

/**
 * Runs Node.js to its end, and measures it and any Node.js processes that it starts.
 *
 * @throws if it fails.
 */
export function node(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Measured {
  const folder = mkdtempSync(path.join(tmpdir(), 'meter-'));
  const file = path.join(folder, 'taken');
  const meter = JSON.stringify(path.join(graderRoot, 'bench', 'meter.js'));
  try {
    const { wall } = timed(() => {
      const { error, status, stderr } = spawnSync(process.execPath, [...args], {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, ...env, METER_FILE: file, NODE_OPTIONS: `--require ${meter}` },
      });
      if (error || status !== 0)
        throw error ?? new Error(`node ${args.join(' ')} ended with status ${status}: ${stderr}`);
    });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const processes = lines.map((line) => line.split(' ').map(Number));
    return {
      wall,
      cpu: processes.reduce((sum, [cpu = 0]) => sum + cpu, 0) / 1e6,
      memory: Math.max(...processes.map(([, kilobytes = 0]) => kilobytes)) / 1024,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/**
 * Lets the contenders take turns in every round, after a warm-up round that is not counted. Machines differ and are
 * noisy, so the figures to look at are the times relative to the first contender.
 */
export function compare(title: string, rounds: number, contenders: readonly Contender[]): void {
  const taken = contenders.map((contender) => ({ ...contender, runs: [] as Measured[] }));
  for (let round = 0; round <= rounds; round++)
    for (const { run, runs } of taken) {
      const measured = run();
      if (round > 0) runs.push(measured);
    }
  const rows = taken.map(({ name, runs, submissions = 1 }) => {
    const usual = (unit: keyof Measured) => median(runs.map((measured) => measured[unit]));
    const [wall, cpu] = [usual('wall') / submissions, usual('cpu') / submissions];
    return { name, wall, cpu, memory: usual('memory') };
  });
  console.log(
    `\n${title} (median of ${rounds}: what passed, and processor time; each also as times the first row)`,
  );
  for (const { name, wall, cpu, memory } of rows) {
    const time = (seconds: number, first = seconds) =>
      `${(seconds * 1000).toFixed(1).padStart(8)} ms ${(seconds / first).toFixed(2).padStart(8)}`;
    const columns = [
      time(wall, rows[0]?.wall),
      time(cpu, rows[0]?.cpu),
      `${memory.toFixed(0).padStart(5)} MB`,
    ];
    // Of a program that is not Node.js, only the elapsed time is known.
    const known = columns.filter((column) => !column.includes('NaN'));
    console.log(`  ${name.padEnd(62)} ${known.join('   ')}`);
  }
}
