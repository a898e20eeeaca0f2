/**
 * The package's own tests. The student's worksheet is graded by `grader/jest/jest.config.js`.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  testMatch: ['<rootDir>/(grader|solution)/**/*.test.ts'],
  // Many tests run whole processes and wait for them, so a worker a core pays.
  maxWorkers: '100%',
  transform: { '\\.ts$': 'ts-jest' },
  modulePathIgnorePatterns: ['<rootDir>/(dist|out|\\.graded)/'],
};
