// npm runs the students' commands through this file. If something keeps the grader from working, it says so in one sentence.
require('./node-version');
const { rmSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const root = path.join(__dirname, '..');

/** Why no command can work in this folder, if that is so. */
function problemWithPath() {
  const where = JSON.stringify(root);
  // Jest and the TypeScript compilation cut a module path at a ?, and Node.js refuses a backslash in the path of a
  // package. On Windows, names can contain neither.
  if (root.includes('?') || (path.sep === '/' && root.includes('\\')))
    return `No folder on the way to this one may have a ? or a \\ in its name. Rename it, or move everything: ${where}`;
  // Node.js does not look for packages inside a folder with this name.
  if (path.basename(root) === 'node_modules')
    return `This folder cannot be called node_modules. Rename it: ${where}`;
  return undefined;
}

/** @param {string} text why nothing was graded. @returns {undefined} */
function fail(text) {
  const isOnActions = process.env.GITHUB_ACTIONS === 'true';
  console.error(isOnActions ? `::error title=Grading failed (this is not a zero)::${text}` : text);
  // Otherwise an earlier Report would be mistaken for this run's.
  rmSync(path.join('.graded', 'report.json'), { force: true });
  process.exitCode = 2;
}

/** @returns {typeof import('./cli') | undefined} */
function loadGrader() {
  const problem = problemWithPath();
  if (problem) return fail(problem);
  // @ts-expect-error: since Node.js 22. It caches what V8 compiled, which saves a fifth of a short command's time.
  if (Module.enableCompileCache) Module.enableCompileCache();
  try {
    // @ts-expect-error: its exports exist only once it is built.
    return require('./grade');
  } catch (error) {
    // This can happen only when the grader is built from its sources.
    if (error instanceof Error && error.name === 'BuildError') return fail(error.message);
    const [cause] = String(error).split('\n');
    return fail(
      `The grader itself cannot be loaded. This says nothing about the answers. Put the folder grader back as it came with the assignment. The cause: ${cause}`,
    );
  }
}

const grader = loadGrader();
if (grader) grader.main();
