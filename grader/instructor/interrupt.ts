const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What is to be done where the process is interrupted, the newest last. */
const cleanups: (() => void)[] = [];

/**
 * Has something done where the process is interrupted, before it ends as it would have. What was begun
 * last is undone first.
 *
 * @returns what takes that back.
 */
export function onInterrupt(act: () => void): () => void {
  if (cleanups.length === 0) for (const signal of signals) process.on(signal, interrupted);
  cleanups.push(act);
  return () => {
    const index = cleanups.indexOf(act);
    if (index >= 0) cleanups.splice(index, 1);
    if (cleanups.length === 0) for (const signal of signals) process.off(signal, interrupted);
  };
}

function interrupted(signal: NodeJS.Signals): void {
  for (const act of cleanups.splice(0).reverse()) {
    try {
      act();
    } catch {
      // What cannot be undone here is found by the next run.
    }
  }
  for (const each of signals) process.off(each, interrupted);
  process.kill(process.pid, signal);
}
