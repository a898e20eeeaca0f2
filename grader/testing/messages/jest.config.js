const path = require('node:path');
const fast = require('../../../jest.config.js');

/**
 * The tests that raise messages in their own process. Every message is recorded.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  ...fast,
  rootDir: path.join(__dirname, '..', '..', '..'),
  // Tests that start programs raise no messages in this process.
  testPathIgnorePatterns: [
    '/node_modules/',
    '/(?:solution|hosts|jest|pages|dry-run)/.*\\.system\\.test\\.ts$',
    '/(?:added|build|command|fairness|history|interrupt|new|pool|regrade|whole-class|workflows)\\.system\\.test\\.ts$',
  ],
  testTimeout: 300_000,
  setupFilesAfterEnv: [path.join(__dirname, 'record.ts')],
  reporters: [],
};
