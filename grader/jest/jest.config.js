/**
 * Grades `assignment/` through Jest: one test per cell. `setup.ts` does the grading.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  rootDir: '../..',
  testMatch: ['<rootDir>/grader/jest/worksheet.suite.ts'],
  globalSetup: '<rootDir>/grader/jest/setup.ts',
  reporters: ['<rootDir>/grader/jest/reporter.js'],
  transform: { '\\.ts$': 'ts-jest' },
  modulePathIgnorePatterns: ['<rootDir>/(dist|out|\\.graded)/'],
  watchPathIgnorePatterns: ['<rootDir>/\\.graded/'],
  // Markdown counts as a module only so that watching notices the reflection.
  moduleFileExtensions: ['ts', 'js', 'json', 'node', 'md'],
};
