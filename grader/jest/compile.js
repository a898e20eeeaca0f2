const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const path = require('node:path');

/** What decides, besides a file itself, what it compiles to: the compiler's settings and its version. */
const settings = () =>
  [
    readFileSync(path.join(__dirname, '..', '..', 'tsconfig.json'), 'utf8'),
    require('ts-jest/package.json').version,
    require('typescript/package.json').version,
  ].join('\0');

/**
 * ts-jest for Jest, loaded only where a file is not in Jest's cache yet. By itself ts-jest loads the
 * whole compiler at every start, which takes longer than grading does.
 *
 * @type {import('@jest/transform').SyncTransformer}
 */
module.exports = {
  getCacheKey(source, file, { configString }) {
    return createHash('sha1').update([source, file, configString, settings()].join('\0')).digest('hex');
  },
  process(source, file, options) {
    /** @type {import('@jest/transform').SyncTransformer} */
    const transformer = require('ts-jest').default.createTransformer();
    return transformer.process(source, file, options);
  },
};
