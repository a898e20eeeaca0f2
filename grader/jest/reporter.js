// JavaScript, for Jest loads reporters without the TypeScript transform.
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { leftIn, reportName, runName } = require('./left');

/**
 * Prints the graded worksheet in place of Jest's own output. Where grading could not be done it says
 * why, and the exit status is not zero whatever Jest was told about failing tests.
 */
class WorksheetReporter {
  /** @param {import('@jest/types').Config.GlobalConfig} globalConfig */
  constructor(globalConfig) {
    this.folder = leftIn(globalConfig.rootDir);
  }

  onRunStart() {
    // Jest has written a line of its own to a terminal and left the cursor in it.
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }

  /**
   * @param {Set<unknown>} _
   * @param {import('@jest/test-result').AggregatedResult} results
   */
  onRunComplete(_, results) {
    const run = path.join(this.folder, runName);
    if (existsSync(run)) console.log(JSON.parse(readFileSync(run, 'utf8')).text);
    const crashes = results.testResults.filter(({ testExecError }) => testExecError);
    for (const { failureMessage } of crashes) console.error(failureMessage);
    if (crashes.length > 0 || !existsSync(path.join(this.folder, reportName))) exitWith(2);
  }
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
