// Loaded before every command, to report in one sentence a path under which commands cannot work.
const path = require('node:path');

const root = path.join(__dirname, '..');
const where = JSON.stringify(root);

// Jest and the TypeScript compiler step end a module path at a ?, and Node.js refuses a backslash in the path
// of a package. On Windows, no name can contain either.
if (root.includes('?') || (path.sep === '/' && root.includes('\\'))) {
  refuse(
    `No folder on the way to this one may have a ? or a \\ in its name. Rename it, or move everything: ${where}`,
  );
}

// Node.js does not look for packages inside a folder of this name.
if (path.basename(root) === 'node_modules')
  refuse(`This folder cannot be called node_modules. Rename it: ${where}`);

/** @param {string} text */
function refuse(text) {
  console.error(text);
  process.exit(2);
}
