// Loaded before every command that npm runs: Node.js 20 cannot read TypeScript by itself.
require('./supported-path');
// @ts-expect-error: it has no types, and nothing of it is used here.
require('tsx/cjs');
