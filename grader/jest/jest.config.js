/**
 * Grades `assignment/` through Jest: one test per cell. `setup.js` does the grading.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  rootDir: '../..',
  // A folder's name may hold what a glob takes for a pattern, as in "course (1)": no globs, and one root.
  roots: ['<rootDir>/grader/jest'],
  testRegex: 'worksheet\\.suite\\.ts$',
  globalSetup: '<rootDir>/grader/jest/setup.js',
  reporters: ['<rootDir>/grader/jest/reporter.js'],
  transform: { '\\.ts$': 'ts-jest' },
};
