/**
 * ts-jest for Jest, loaded only where a file is not in Jest's cache yet. By itself ts-jest loads the
 * whole compiler at every start, which takes longer than grading does.
 *
 * @type {import('@jest/transform').SyncTransformer}
 */
module.exports = {
  process(source, file, options) {
    /** @type {import('@jest/transform').SyncTransformer} */
    const transformer = require('ts-jest').default.createTransformer();
    return transformer.process(source, file, options);
  },
};
