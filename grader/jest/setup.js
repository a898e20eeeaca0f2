// JavaScript, so that an old result is gone before anything that has to be compiled can fail.
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { leftIn, reportName, runName } = require('./left');

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
    const failure = `${text}\n\n${error instanceof Error ? error.stack : error}`;
    rmSync(path.join(folder, reportName), { force: true });
    const run = { text: failure, tests: [{ title: 'The worksheet can be graded', failure: text }] };
    writeFileSync(path.join(folder, runName), JSON.stringify(run));
  }
};
