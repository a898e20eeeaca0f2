// Required first by every program, so that an old Node.js gets a message before it loads something it cannot run. This
// file, and the files that require it, therefore use only syntax that versions before 14 can read. If somebody rewrote
// package.json, it may name no versions.
const { engines = { node: '>=0' } } = require('../package.json');

/**
 * Says which versions of Node.js can run this, according to package.json, if the given one cannot.
 *
 * @param {string} version such as `18.19.0`.
 * @returns {string | undefined}
 */
function problemWith(version) {
  const numbers = (/** @type {string} */ text) => text.split('.').map(Number);
  const [major = 0, minor = 0] = numbers(version);
  const known = engines.node.split('||').map((range) => {
    const [, sign = '', least = ''] = /(\^|>=)([\d.]+)/.exec(range) || [];
    const [first = 0, second = 0] = numbers(least);
    return { isOpen: sign === '>=', first, second };
  });
  const isKnown = known.some(
    ({ isOpen, first, second }) => (major === first && minor >= second) || (isOpen && major > first),
  );
  if (isKnown) return undefined;
  const names = known.map(({ first, second }) => (second > 0 ? `${first}.${second}` : String(first)));
  return `Node.js ${version} does not run this; use ${names.join(', ')} or newer, from https://nodejs.org. The worksheet as a page in a browser needs none.`;
}

exports.problemWith = problemWith;

const problem = problemWith(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(2);
}
