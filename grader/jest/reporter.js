// JavaScript, for Jest loads reporters without the TypeScript transform.
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { currentFolder, runName } = require('./artifacts');

/**
 * Prints the graded worksheet in place of Jest's own output. Where grading could not be done, or a host
 * was not told the points, the exit status is not zero whatever Jest was told about failing tests.
 */
class WorksheetReporter {
  onRunStart() {
    // Jest has written a line of its own to a terminal and left the cursor in it.
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }

  /**
   * @param {Set<unknown>} _
   * @param {import('@jest/test-result').AggregatedResult} results
   */
  onRunComplete(_, results) {
    const folder = currentFolder();
    const file = path.join(folder, runName);
    /** @type {import('./grade').Run | undefined} */
    const run = folder && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    if (run) console.log(run.text);
    const crashes = results.testResults.filter(({ testExecError }) => testExecError);
    // What stopped the grading stops the suite too, and was said already.
    if (run?.isTold !== false)
      for (const crash of crashes) console.error(withoutStack(crash.failureMessage ?? ''));
    if (crashes.length > 0 || !run?.isTold) exitWith(2);
  }
}

/** @param {string} text */
function withoutStack(text) {
  const lines = text.split('\n');
  return (process.env.DEBUG ? lines : lines.filter((line) => !/^\s+at /.test(line))).join('\n');
}

/**
 * Jest sets its own status as the process exits, so this one is set after it.
 *
 * @param {number} status
 */
function exitWith(status) {
  process.once('beforeExit', () => {
    process.once('exit', () => {
      process.exitCode = status;
    });
  });
}

module.exports = WorksheetReporter;
