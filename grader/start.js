// npm runs the students' commands through this file. If the grader is damaged, it tells what to put back.
require('./supported-path');
const { rmSync } = require('node:fs');
const path = require('node:path');

/** @returns {typeof import('./cli') | undefined} */
function loadGrader() {
  try {
    // @ts-expect-error: what it exports is built.
    return require('./grade');
  } catch (error) {
    const [cause] = String(error).split('\n');
    // Only when the grader is built from its sources.
    const isBuild = error instanceof Error && error.name === 'BuildError';
    const text = isBuild
      ? error.message
      : `The grader itself cannot be loaded. This says nothing about the answers. Put the folder grader back as it came with the assignment. The cause: ${cause}`;
    const isOnActions = process.env.GITHUB_ACTIONS === 'true';
    console.error(isOnActions ? `::error title=Grading failed (this is not a zero)::${text}` : text);
    // Otherwise an earlier Report would be taken for this run's.
    rmSync(path.join('.graded', 'report.json'), { force: true });
    process.exitCode = 2;
    return undefined;
  }
}

loadGrader()?.main();
