/**
 * Grades once, before Jest starts any test. The suite finds the run among its globals, and the reporter in the same
 * configuration.
 *
 * @param {unknown} _
 * @param {import('@jest/types').Config.ProjectConfig} projectConfig its cwd is the course; a grader may be elsewhere.
 */
module.exports = async function setup(_, { cwd: courseRoot, globals }) {
  /** @type {typeof import('../cli')} */
  // @ts-expect-error: what it exports is built.
  const { gradeForJest } = require('../grade');
  globals.worksheet = await gradeForJest(courseRoot);
};
