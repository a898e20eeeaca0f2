// Required first by whatever starts: an old Node.js is named before anything that it cannot load. So this file, and
// those that require it, keep to what versions before 14 can read.
// A package.json that somebody wrote anew may name none.
const { engines = { node: '>=0' } } = require('../package.json');

/**
 * Says which versions run this, as package.json has it, where one does not.
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
