const path = require('node:path');
const fast = require('../../jest.config.js');

/**
 * Every test: those of `npm test`, and those that start processes, a browser, Python or git
 * (`*.system.test.ts`). What is missing here is listed at the end.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  ...fast,
  rootDir: path.join(__dirname, '..', '..'),
  testPathIgnorePatterns: ['/node_modules/'],
  // What `grader/testing/long.ts` goes by.
  globals: { isLong: true },
  reporters: ['default', path.join(__dirname, 'missing-tools.js')],
};
