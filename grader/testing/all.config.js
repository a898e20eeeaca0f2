const path = require('node:path');
const fast = require('../../jest.config.js');

/**
 * Every test: those of `npm test`, and those that start processes, a browser, Python or git (`*.system.test.ts`).
 * Missing tools are listed at the end.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  ...fast,
  rootDir: path.join(__dirname, '..', '..'),
  testPathIgnorePatterns: ['/node_modules/'],
  // `grader/testing/long.ts` reads this. Without `temporary`, folders are on disk, because these tests install packages.
  globals: { part: process.env.EVERY_TRY ? 1 : 1 / 5 },
  testSequencer: path.join(__dirname, 'sequencer.js'),
  reporters: ['default', path.join(__dirname, 'missing-tools.js')],
};
