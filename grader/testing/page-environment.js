const { TestEnvironment } = require('jest-environment-node');

/** Node with the windows of happy-dom, which is a module of a kind that Jest cannot load inside of a test. */
module.exports = class extends TestEnvironment {
  /** @override */
  async setup() {
    await super.setup();
    const { Window } = await import('happy-dom');
    Object.assign(this.global, { Window });
  }
};
