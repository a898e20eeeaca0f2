// npm runs the students' commands through this file. It says in one sentence what keeps the grader from working.
require('./node-version');
const { rmSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const root = path.join(__dirname, '..');

/** Why no command can work in this folder, if none can. */
function problemWithPath() {
  const where = JSON.stringify(root);
  // Jest and the TypeScript compiler step end a module path at a ?, and Node.js refuses a backslash in the path of a
  // package. On Windows, no name can contain either.
  if (root.includes('?') || (path.sep === '/' && root.includes('\\')))
    return `No folder on the way to this one may have a ? or a \\ in its name. Rename it, or move everything: ${where}`;
  // Node.js does not look for packages inside a folder of this name.
  if (path.basename(root) === 'node_modules')
    return `This folder cannot be called node_modules. Rename it: ${where}`;
  return undefined;
}

/** @param {string} text why nothing was graded. @returns {undefined} */
function fail(text) {
  const isOnActions = process.env.GITHUB_ACTIONS === 'true';
  console.error(isOnActions ? `::error title=Grading failed (this is not a zero)::${text}` : text);
  // Otherwise an earlier Report would be taken for this run's.
  rmSync(path.join('.graded', 'report.json'), { force: true });
  process.exitCode = 2;
}

/** @returns {typeof import('./cli') | undefined} */
function loadGrader() {
  const problem = problemWithPath();
  if (problem) return fail(problem);
  // @ts-expect-error: since Node.js 22. It keeps what V8 compiled, which saves a fifth of a short command.
  if (Module.enableCompileCache) Module.enableCompileCache();
  try {
    // @ts-expect-error: what it exports is built.
    return require('./grade');
  } catch (error) {
    // Only when the grader is built from its sources.
    if (error instanceof Error && error.name === 'BuildError') return fail(error.message);
    const [cause] = String(error).split('\n');
    return fail(
      `The grader itself cannot be loaded. This says nothing about the answers. Put the folder grader back as it came with the assignment. The cause: ${cause}`,
    );
  }
}

const grader = loadGrader();
if (grader) grader.main();
