/**
 * Grades once, before Jest starts any test. The suite and the reporter only read the saved run.
 *
 * @param {unknown} _
 * @param {import('@jest/types').Config.ProjectConfig} projectConfig its cwd is the course; a grader may be elsewhere.
 */
module.exports = async function setup(_, { cwd: courseRoot }) {
  /** @type {typeof import('../cli')} */
  // @ts-expect-error: what it exports is built.
  const { gradeForJest } = require('../grade');
  process.env.GRADED_RUN = await gradeForJest(courseRoot);
};
