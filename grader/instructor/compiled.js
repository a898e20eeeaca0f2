// JavaScript, for it runs before anything can read TypeScript.

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
/** As deep in the repository as this folder: what a program finds from its own place it finds from there. */
const usual = path.join(root, '.graded', 'programs');

/**
 * A file of TypeScript and all that it imports as one file of JavaScript, which starts in less than half
 * of the time. It is kept, and made anew when one of its sources has changed.
 *
 * @param {string} entry path from the root of the repository.
 * @param {string} [folder] where it is kept.
 * @returns {string | undefined} where it lies; nothing where it cannot be made or kept.
 */
function compiled(entry, folder = usual) {
  const file = path.join(folder, `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.js`);
  if (isCurrent(file)) return file;
  try {
    const started = Date.now();
    const { build } = require('./build');
    const { code, inputs } = build(root, entry, {
      external: ['esbuild', 'typescript'],
      minifyWhitespace: true,
    });
    const seen = [...inputs, 'node_modules/.package-lock.json'].map((input) => [input, stateOf(input)]);
    // What changed just now may have been read before or after that.
    const isSettled = inputs.every((input) => fs.statSync(path.join(root, input)).ctimeMs < started - 100);
    const record = isSettled ? JSON.stringify({ digest: digestOf(code), inputs: seen }) : '{}';
    fs.mkdirSync(folder, { recursive: true });
    const made = `${file}.${process.pid}`;
    fs.writeFileSync(made, `${mark}${record}\n${code}`);
    fs.renameSync(made, file);
    return file;
  } catch {
    // Whoever cannot compile or write here runs the sources; what is wrong with them is said there.
    return undefined;
  }
}

/** What a program begins with: what it was made of, and what it has to be. */
const mark = '// ';

/** @param {string} file */
function isCurrent(file) {
  try {
    const text = fs.readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    /** @type {{ digest: string, inputs: [string, string][] }} */
    const { digest, inputs } = JSON.parse(text.slice(mark.length, end));
    return (
      digest === digestOf(text.slice(end + 1)) && inputs.every(([input, state]) => stateOf(input) === state)
    );
  } catch {
    return false;
  }
}

/** @param {string} input path from the root. @returns {string} how the system last saw it change. */
function stateOf(input) {
  const stats = fs.statSync(path.join(root, input));
  return `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
}

/** @param {string} code */
function digestOf(code) {
  return createHash('sha1').update(code).digest('hex');
}

module.exports = { compiled };
