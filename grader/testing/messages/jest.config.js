const path = require('node:path');
const fast = require('../../../jest.config.js');

/**
 * The tests that raise messages in their own process, with everything that is said written down.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  ...fast,
  rootDir: path.join(__dirname, '..', '..', '..'),
  testPathIgnorePatterns: ['/node_modules/', '(?<!/check)\\.system\\.test\\.ts$'],
  setupFilesAfterEnv: [path.join(__dirname, 'record.ts')],
  reporters: [],
};
