// JavaScript, so that an old result is gone before anything that has to be compiled can fail.
const { appendFileSync, mkdirSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { randomUUID } = require('node:crypto');
const { stripVTControlCharacters } = require('node:util');
const { leftIn, reportName, runName } = require('./left');

/**
 * What is said in the log where the grader itself fails. Its TypeScript may be what fails, so GitHub's
 * log is guarded here by hand.
 *
 * @param {string} text
 * @param {string} details
 */
function logged(text, details) {
  const whole = stripVTControlCharacters(`${text}\n\n${details}`);
  if (process.env.GITHUB_ACTIONS !== 'true') return whole;
  try {
    appendFileSync(process.env.GITHUB_STEP_SUMMARY ?? '', `**Not graded, which is no zero**\n\n${text}\n`);
  } catch {
    // the log says it all the same
  }
  const token = randomUUID();
  return `::stop-commands::${token}\n${whole}\n::${token}::\n::error title=Not graded%2C which is no zero::${text}`;
}

/**
 * Grades once, before Jest starts a single test, and leaves the result in `.graded/`. That folder may
 * have come with the submission, as a link or a file even, so it is always made anew.
 *
 * @param {unknown} _
 * @param {import('@jest/types').Config.ProjectConfig} projectConfig
 */
module.exports = async function setup(_, { rootDir }) {
  const folder = leftIn(rootDir);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    await require('./grade').gradeAndLeave(rootDir, folder);
  } catch (error) {
    const text =
      'The grader itself failed. This says nothing about the answers; tell whoever runs the course.';
    const failure = logged(text, String(error instanceof Error ? error.stack : error));
    rmSync(path.join(folder, reportName), { force: true });
    const run = { text: failure, tests: [{ title: 'The worksheet can be graded', failure: text }] };
    writeFileSync(path.join(folder, runName), JSON.stringify(run));
  }
};
