// JavaScript, for it runs before anything can read TypeScript.

const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
/** As deep in the repository as this folder: what a program finds from its own place it finds from there. */
const folder = path.join(root, '.graded', 'programs');

/**
 * A file of TypeScript and all that it imports as one file of JavaScript, which starts in less than half
 * of the time. It is kept, and made anew when one of its sources has changed.
 *
 * @param {string} entry path from the root of the repository.
 * @returns {string | undefined} where it lies; nothing where it cannot be made or kept.
 */
function compiled(entry) {
  const file = path.join(folder, `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.js`);
  if (isCurrent(`${file}on`) && fs.existsSync(file)) return file;
  try {
    const { build } = require('./build');
    const { code, inputs } = build(root, entry, {
      external: ['esbuild', 'typescript'],
      minifyWhitespace: true,
    });
    const seen = Object.fromEntries(
      [...inputs, 'node_modules/.package-lock.json'].map((input) => [input, stateOf(input)]),
    );
    fs.mkdirSync(folder, { recursive: true });
    put(file, code);
    put(`${file}on`, JSON.stringify(seen));
    return file;
  } catch {
    // Whoever cannot compile or write here runs the sources; what is wrong with them is said there.
    return undefined;
  }
}

/** @param {string} record where it says what the program was made of: each file as the system last saw it. */
function isCurrent(record) {
  try {
    /** @type {Record<string, string>} */
    const inputs = JSON.parse(fs.readFileSync(record, 'utf8'));
    return Object.entries(inputs).every(([input, state]) => stateOf(input) === state);
  } catch {
    return false;
  }
}

/** @param {string} input path from the root. */
function stateOf(input) {
  const stats = fs.statSync(path.join(root, input));
  return `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
}

/**
 * Another run may do the same at this moment, and sees the whole file or none.
 *
 * @param {string} file
 * @param {string} content
 */
function put(file, content) {
  const made = `${file}.${process.pid}`;
  fs.writeFileSync(made, content);
  fs.renameSync(made, file);
}

module.exports = { compiled };
