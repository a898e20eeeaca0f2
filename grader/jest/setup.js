// JavaScript, so that an old result is gone before anything that has to be compiled can fail.
const { appendFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { randomUUID } = require('node:crypto');
const { stripVTControlCharacters } = require('node:util');
const { begin, commentName, publish, reportName, resultsName, runName } = require('./artifacts');
const { gradingFailed, matcherOwners } = require('../render/escape/log');

/**
 * What is said where the grader itself fails. Its TypeScript may be what fails, so GitHub's log is
 * guarded here by hand.
 *
 * @param {readonly string[]} lines
 * @param {string} folder
 */
function logged(lines, folder) {
  const whole = stripVTControlCharacters(lines.join('\n'));
  if (process.env.GITHUB_ACTIONS !== 'true') return whole;
  const said = `**${gradingFailed}**\n\n${lines[0]}\n`;
  const outputs = `comment=${resultsName}/${commentName}\ncomment-only-updates=true\n`;
  for (const write of [
    () => appendFileSync(process.env.GITHUB_STEP_SUMMARY ?? '', said),
    // A comment on an earlier commit would say what no longer holds.
    () => writeFileSync(path.join(folder, commentName), said),
    () => appendFileSync(process.env.GITHUB_OUTPUT ?? '', outputs),
  ]) {
    try {
      write();
    } catch {
      // the log says it all the same
    }
  }
  const token = randomUUID();
  return [
    ...matcherOwners.map((owner) => `::remove-matcher owner=${owner}::`),
    ...[`::stop-commands::${token}`, whole, `::${token}::`, `::error title=${gradingFailed}::${lines[0]}`],
  ].join('\n');
}

/**
 * @param {unknown} error
 * @returns {string[]} what to do first, then what failed
 */
function explained(error) {
  const { code, stack = String(error) } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  const isMissing = code === 'ENOENT' || code === 'MODULE_NOT_FOUND';
  const advice = isMissing
    ? 'Put the files of the original assignment back, but for the two that you edited, and run npm ci.'
    : 'Tell whoever runs the course.';
  const [first = '', ...where] = stack.split('\n');
  return [
    `The grader itself failed. This says nothing about the answers. ${advice}`,
    '',
    first,
    ...(process.env.DEBUG ? where : ['(With the variable DEBUG set to 1 it also says where.)']),
  ];
}

/**
 * Grades once, before Jest starts a single test, in a folder of its own, and leaves the result in
 * `.graded/`.
 *
 * @param {unknown} _
 * @param {import('@jest/types').Config.ProjectConfig} projectConfig its cwd is the course; a grader may be elsewhere.
 */
module.exports = async function setup(_, { cwd: courseRoot }) {
  const { folder, unwritable } = begin(courseRoot);
  try {
    await require('./grade').gradeAndLeave(courseRoot, folder, unwritable);
  } catch (error) {
    const lines = explained(error);
    const failure = logged(lines, folder);
    rmSync(path.join(folder, reportName), { force: true });
    const tests = [{ title: 'The worksheet can be graded', failure: lines[0] }];
    const run = { text: failure, tests, isTold: false };
    writeFileSync(path.join(folder, runName), JSON.stringify(run));
  }
  if (!unwritable) publish(folder);
};
