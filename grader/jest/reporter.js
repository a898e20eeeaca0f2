/**
 * Prints the graded worksheet in place of Jest's own output. If grading failed, the exit status is nonzero, regardless of
 * Jest's options for failing tests.
 */
module.exports = class WorksheetReporter {
  onRunStart() {
    // On a terminal, Jest has written a line of its own and left the cursor on it.
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }

  /**
   * @param {Set<import('@jest/test-result').TestContext>} contexts
   * @param {import('@jest/test-result').AggregatedResult} results
   */
  onRunComplete(contexts, { testResults }) {
    const [context] = contexts;
    const run = /** @type {import('./autograde').JestRun | undefined} */ (context?.config.globals.worksheet);
    if (run) console.log(run.text);
    const crashes = testResults.filter(({ testExecError }) => testExecError);
    for (const { failureMessage } of crashes) console.error(withoutStack(failureMessage ?? ''));
    if (crashes.length > 0 || !run?.isGraded) exitWith(2);
  }
};

/** @param {string} text */
function withoutStack(text) {
  const lines = text.split('\n');
  return (process.env.DEBUG ? lines : lines.filter((line) => !/^\s+at /.test(line))).join('\n');
}

/** Sets the exit status after Jest, which sets its own as the process exits. @param {number} status */
function exitWith(status) {
  process.once('beforeExit', () => {
    process.once('exit', () => {
      process.exitCode = status;
    });
  });
}
