// Otherwise each test file that builds something leaves a thread of esbuild in its worker until that ends. Ending them
// takes longer than the half second that Jest waits on a busy machine.
process.env.ESBUILD_WORKER_THREADS ??= '0';

/**
 * The package's own tests that need only Node and npm and start no other process.
 * `grader/testing/all.config.js` adds the rest. The student's worksheet is graded by
 * `grader/jest/jest.config.js`.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  roots: ['<rootDir>/bench', '<rootDir>/examples', '<rootDir>/grader', '<rootDir>/solution'],
  testRegex: '\\.test\\.ts$',
  testPathIgnorePatterns: ['/node_modules/', '\\.system\\.test\\.ts$'],
  maxWorkers: '100%',
  testTimeout: 60_000,
  transform: { '\\.ts$': 'ts-jest' },
  setupFilesAfterEnv: ['<rootDir>/grader/testing/asserts.js'],
};
