/**
 * Grades `assignment/` through Jest: one test per cell. `setup.js` does the grading.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  rootDir: '../..',
  // Nothing but this folder: Jest runs tests, takes mocks and reads package.json wherever it looks, and
  // what lies in assignment/ is the student's. And no globs: a folder's name may hold what one takes
  // for a pattern, as in "course (1)".
  roots: ['<rootDir>/grader/jest'],
  // Looking for a watcher of another make takes time at each start, and few have one.
  watchman: false,
  testRegex: 'worksheet\\.suite\\.js$',
  // The course may itself lie below a folder that is called node_modules.
  testPathIgnorePatterns: [],
  haste: { retainAllFiles: true },
  globalSetup: '<rootDir>/grader/jest/setup.js',
  reporters: ['<rootDir>/grader/jest/reporter.js'],
  // The grader is built already.
  transform: {},
};
