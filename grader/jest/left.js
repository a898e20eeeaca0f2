// JavaScript, for what Jest loads without the TypeScript transform needs it too.
const path = require('node:path');

/** What is to be printed, and the tests: for the suite and the reporter, which grade nothing themselves. */
const runName = 'run.json';
/** The Report; it is missing after a run in which grading could not be done. */
const reportName = 'report.json';

/**
 * Where the Jest grader of a course leaves these two files.
 *
 * @param {string} courseRoot
 */
function leftIn(courseRoot) {
  return path.join(courseRoot, '.graded');
}

module.exports = { leftIn, reportName, runName };
