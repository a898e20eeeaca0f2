const { TestEnvironment } = require('jest-environment-node');

/** Node with the windows of happy-dom, an ES module that Jest cannot load inside a test. */
module.exports = class extends TestEnvironment {
  /** @override */
  async setup() {
    await super.setup();
    const { Window } = await import('happy-dom');
    Object.assign(this.global, { Window });
  }
};
