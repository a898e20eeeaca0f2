// JavaScript, because Jest loads reporters without the TypeScript transform.

/** Lists the tools whose tests were skipped, each with the command that installs it; see `needs.ts`. */
class MissingTools {
  /** @param {import('@jest/types').Config.GlobalConfig} config */
  constructor({ testNamePattern }) {
    // Tests that do not have the wanted name are pending, too.
    this.isSilent = Boolean(testNamePattern);
  }

  /**
   * @param {unknown} _
   * @param {import('@jest/test-result').AggregatedResult} results
   */
  onRunComplete(_, results) {
    if (this.isSilent) return;
    /** @type {Map<string, number>} */
    const missing = new Map();
    for (const { testResults } of results.testResults) {
      for (const { status, ancestorTitles } of testResults) {
        const title = ancestorTitles.find((name) => name.startsWith('needs '));
        if (status === 'pending' && title) missing.set(title, (missing.get(title) ?? 0) + 1);
      }
    }
    for (const [title, count] of missing) console.error(`Skipped ${count}: this machine ${title}.`);
  }
}

module.exports = MissingTools;
