import { spawnSync } from 'node:child_process';

/** A whole process: Node.js with arguments, in a folder. */
export interface Command {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is done before each round, and takes no part of its time. */
  readonly prepare?: () => void;
}

export function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function seconds({ args, cwd, env, prepare }: Command): number {
  prepare?.();
  const start = process.hrtime.bigint();
  const { error, status } = spawnSync(process.execPath, args, {
    cwd,
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  if (error || status !== 0) throw error ?? new Error(`node ${args.join(' ')} ended with status ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** Whole processes take turns, one after the other in every round, after a round that is not counted. */
export function compare(title: string, rounds: number, commands: readonly Command[]): void {
  const times = commands.map(() => [] as number[]);
  for (let round = 0; round <= rounds; round++) {
    commands.forEach((command, index) => {
      const time = seconds(command);
      if (round > 0) times[index]?.push(time);
    });
  }
  const base = median(times[0] ?? []);
  console.log(`\n${title} (median of ${rounds}, and how many times the first row)`);
  commands.forEach(({ name }, index) => {
    const time = median(times[index] ?? []);
    console.log(`  ${name.padEnd(58)} ${time.toFixed(3)} s  ${(time / base).toFixed(2)}`);
  });
}
