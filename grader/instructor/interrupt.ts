import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GraderError } from '../error';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Has something done where the process is interrupted, before it ends as it would have.
 *
 * @returns what takes that back.
 */
export function onInterrupt(act: () => void): () => void {
  const interrupted = (signal: NodeJS.Signals) => {
    takeBack();
    act();
    process.kill(process.pid, signal);
  };
  const takeBack = () => {
    for (const signal of signals) process.off(signal, interrupted);
  };
  for (const signal of signals) process.on(signal, interrupted);
  return takeBack;
}

/** Lets something use a folder that is gone afterwards, however it ends. */
export async function inTemporary<Result>(
  name: string,
  use: (folder: string) => Result | Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const takeBack = onInterrupt(remove);
  try {
    return await use(folder);
  } finally {
    takeBack();
    remove();
  }
}

/** A program that was run is told to stop at the same time as this one; that is no fault of anything. */
export function refuseInterrupted(signal: NodeJS.Signals | null): void {
  if (signal !== null) throw new GraderError('interrupted', 'Interrupted. Nothing was changed.');
}
