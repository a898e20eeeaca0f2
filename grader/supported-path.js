// Loaded before every command, so that a path on which they cannot work is said in one sentence.
const path = require('node:path');

const root = path.join(__dirname, '..');
const where = JSON.stringify(root);

// Module paths end at a ? for Jest and for what compiles TypeScript, and Node.js refuses a backslash in the
// path of a package. On Windows no name can hold either.
if (root.includes('?') || (path.sep === '/' && root.includes('\\'))) {
  refuse(
    `No folder on the way to this one may have a ? or a \\ in its name. Rename it, or move everything: ${where}`,
  );
}

// Node.js does not look for packages below such a folder.
if (path.basename(root) === 'node_modules')
  refuse(`This folder cannot be called node_modules. Rename it: ${where}`);

/** @param {string} text */
function refuse(text) {
  console.error(text);
  process.exit(2);
}
