const { default: Sequencer } = require('@jest/test-sequencer');

/** They take longest: a whole Windows, a whole browser, other versions of Node.js. */
const longest = /\/(?:windows|worksheet-page|versions)\.system\.test\.ts$/;

/**
 * Starts the longest tests first, so that no core waits for one at the end. In a new clone Jest knows no times, and would
 * go by the size of a file.
 */
module.exports = class extends Sequencer {
  /** @override @param {import('@jest/test-result').Test[]} tests */
  async sort(tests) {
    const rank = (/** @type {import('@jest/test-result').Test} */ { path }) =>
      longest.test(path) ? 0 : path.includes('.system.') ? 1 : 2;
    const sorted = await super.sort(tests);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
};
