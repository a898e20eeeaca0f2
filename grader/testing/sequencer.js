const { default: Sequencer } = require('@jest/test-sequencer');

/** The longest tests: they run Windows programs, a browser, other versions of Node.js, or every command in the docs. */
const longest = /\/(?:windows|worksheet-page|docs|generate|histories|released)\.system\.test\.ts$/;

/**
 * Starts the longest tests first, so that no core waits for one at the end. In a new clone, Jest has no recorded times
 * and would sort by file size.
 */
module.exports = class extends Sequencer {
  /** @override @param {import('@jest/test-result').Test[]} tests */
  async sort(tests) {
    const rank = (/** @type {import('@jest/test-result').Test} */ { path }) => {
      if (longest.test(path)) return 0;
      return path.includes('.system.') ? 1 : 2;
    };
    const sorted = await super.sort(tests);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
};
