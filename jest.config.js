require('./grader/node-version');
const { existsSync } = require('node:fs');

// The processes that run test files get the options of this one. Short-lived objects need more room than usual.
process.execArgv.push('--max-semi-space-size=64');

/** Where Linux keeps files in memory. Thousands of small ones on a disk cost seconds of processor time. */
const memory = '/dev/shm';

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
  // `grader/testing/folders.ts` reads this; TMPDIR names another place.
  globals: { temporary: process.env.TMPDIR === undefined && existsSync(memory) ? memory : undefined },
  transform: { '\\.ts$': 'ts-jest' },
  setupFilesAfterEnv: ['<rootDir>/grader/testing/setup.js'],
};
