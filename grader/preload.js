// Loaded before every command that npm runs: Node.js 20 cannot read TypeScript by itself.
require('./supported-path');

try {
  // @ts-expect-error: it has no types, and nothing of it is used here.
  require('tsx/cjs');
} catch (error) {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'MODULE_NOT_FOUND') throw error;
  console.error('The packages that this needs are not installed. Run npm ci, and then this again.');
  process.exit(2);
}
