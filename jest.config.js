/**
 * The package's own tests. The student's worksheet is graded by `grader/jest/jest.config.js`.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  roots: ['<rootDir>/bench', '<rootDir>/grader', '<rootDir>/solution'],
  testRegex: '\\.test\\.ts$',
  // Many tests run whole processes and wait for them, so a worker a core pays.
  maxWorkers: '100%',
  testTimeout: 60_000,
  transform: { '\\.ts$': 'ts-jest' },
};
