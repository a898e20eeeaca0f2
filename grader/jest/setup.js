// JavaScript, so that an old result is gone before anything that has to be compiled can fail.
const { appendFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { randomUUID } = require('node:crypto');
const { stripVTControlCharacters } = require('node:util');
const { begin, commentName, publish, reportName, resultsName, runName } = require('./left');

const failed = 'Grading failed (this is not a zero)';

/**
 * What is said in the log where the grader itself fails. Its TypeScript may be what fails, so GitHub's
 * log is guarded here by hand.
 *
 * @param {string} text
 * @param {string} details
 * @param {string} folder
 */
function logged(text, details, folder) {
  const whole = stripVTControlCharacters(`${text}\n\n${details}`);
  if (process.env.GITHUB_ACTIONS !== 'true') return whole;
  const said = `**${failed}**\n\n${text}\n`;
  try {
    appendFileSync(process.env.GITHUB_STEP_SUMMARY ?? '', said);
    // A comment on an earlier commit would say what no longer holds.
    writeFileSync(path.join(folder, commentName), said);
    const outputs = `comment=${resultsName}/${commentName}\ncomment-only-updates=true\n`;
    appendFileSync(process.env.GITHUB_OUTPUT ?? '', outputs);
  } catch {
    // the log says it all the same
  }
  const token = randomUUID();
  const matchers = ['tsc', 'eslint-stylish', 'eslint-compact'];
  return [
    ...matchers.map((owner) => `::remove-matcher owner=${owner}::`),
    ...[`::stop-commands::${token}`, whole, `::${token}::`, `::error title=${failed}::${text}`],
  ].join('\n');
}

/**
 * Grades once, before Jest starts a single test, in a folder of its own, and leaves the result in
 * `.graded/`.
 *
 * @param {unknown} _
 * @param {import('@jest/types').Config.ProjectConfig} projectConfig
 */
module.exports = async function setup(_, { rootDir }) {
  const { folder, unwritable } = begin(rootDir);
  try {
    await require('./grade').gradeAndLeave(rootDir, folder, unwritable);
  } catch (error) {
    const text =
      'The grader itself failed. This says nothing about the answers; tell whoever runs the course.';
    const failure = logged(text, String(error instanceof Error ? error.stack : error), folder);
    rmSync(path.join(folder, reportName), { force: true });
    const run = {
      text: failure,
      tests: [{ title: 'The worksheet can be graded', failure: text }],
      isTold: false,
    };
    writeFileSync(path.join(folder, runName), JSON.stringify(run));
  }
  if (!unwritable) publish(folder);
};
