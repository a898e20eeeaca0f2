const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The actions to run if the process is interrupted, newest last. */
const cleanups: (() => void)[] = [];

/**
 * Runs an action if the process is interrupted, before the process ends as it would have. The newest action runs
 * first.
 *
 * @returns a function that takes this back.
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
      // The next run finds anything that cannot be undone here.
    }
  }
  for (const each of signals) process.off(each, interrupted);
  process.kill(process.pid, signal);
}
