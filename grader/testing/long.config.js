const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const all = require('./all.config.js');

const root = path.join(__dirname, '..', '..');

/** The test files of a folder that try something many times. @param {string} folder @returns {string[]} */
const properties = (folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(root, folder, file))
    .filter((file) => file.endsWith('.test.ts') && readFileSync(file, 'utf8').includes("testing/long'"));

/**
 * Only the property tests, each with all its tries, which `npm run test:all` has no time for.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  ...all,
  testRegex: ['grader', 'solution', 'examples']
    .flatMap(properties)
    .map((file) => `${file.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`),
  testTimeout: 600_000,
  globals: { part: 1 },
};
