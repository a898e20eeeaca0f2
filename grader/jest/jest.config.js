const { existsSync } = require('node:fs');
const path = require('node:path');

const courseRoot = path.join(__dirname, '..', '..');

/**
 * Grades `assignment/` through Jest: one test per cell. `setup.js` does the grading.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  rootDir: courseRoot,
  // A folder's name may hold what a glob takes for a pattern, as in "course (1)": no globs. The second
  // root is there to be watched, and there is none where a student has deleted it.
  roots: ['grader/jest', 'assignment']
    .map((folder) => path.join(courseRoot, folder))
    .filter((folder) => existsSync(folder)),
  // Looking for a watcher of another make takes time at each start, and few have one.
  watchman: false,
  moduleFileExtensions: ['ts', 'js', 'json', 'md'],
  testRegex: 'worksheet\\.suite\\.ts$',
  globalSetup: '<rootDir>/grader/jest/setup.js',
  reporters: ['<rootDir>/grader/jest/reporter.js'],
  transform: { '\\.ts$': '<rootDir>/grader/jest/compile.js' },
};
