/**
 * Grades `assignment/` through Jest: one test per cell. `setup.js` does the grading.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  rootDir: '../..',
  // Only this folder: Jest runs tests, takes mocks and reads package.json in every folder it searches, and
  // assignment/ contains the student's files. No globs: a folder's name may contain characters that a glob
  // reads as a pattern, as in "course (1)".
  roots: ['<rootDir>/grader/jest'],
  // Looking for Watchman takes time at each start, and few people have it.
  watchman: false,
  testRegex: 'worksheet\\.suite\\.js$',
  // The course itself may be below a folder named node_modules.
  testPathIgnorePatterns: [],
  haste: { retainAllFiles: true },
  globalSetup: '<rootDir>/grader/jest/setup.js',
  reporters: ['<rootDir>/grader/jest/reporter.js'],
  // The grader is already built.
  transform: {},
};
