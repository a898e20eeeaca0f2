// JavaScript, for what Jest loads without the TypeScript transform needs it too.
const { lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

/** What is to be printed, and the tests: for the suite and the reporter, which grade nothing themselves. */
const runName = 'run.json';
/** The Report; it is missing after a run in which grading could not be done. */
const reportName = 'report.json';
/** The comment for a pull request. */
const commentName = 'comment.md';

/** Where results are left for others, from the root of the course. */
const resultsName = '.graded';

/** The variable that tells the suite and the reporter where this run works. */
const runVariable = 'GRADED_RUN_FOLDER';

/** A run that was stopped left its folder behind; none takes that long. */
const longestRun = 60 * 60 * 1000;

/**
 * A new folder in which one run works, so that two at once never meet: below the course, or among the
 * temporary files where the course cannot be written to. What an earlier run left is taken away.
 *
 * @param {string} courseRoot
 * @returns {{ folder: string, unwritable?: string }} the folder, and why nothing can be left in the course.
 */
function begin(courseRoot) {
  const results = path.join(courseRoot, resultsName);
  const made = newFolder(results);
  process.env[runVariable] = made.folder;
  return made;
}

/**
 * @param {string} results
 * @returns {{ folder: string, unwritable?: string }}
 */
function newFolder(results) {
  try {
    // It may have come with the submission, as a link or a file even.
    if (!lstatSync(results, { throwIfNoEntry: false })?.isDirectory()) rmSync(results, { force: true });
    mkdirSync(results, { recursive: true });
    for (const name of readdirSync(results)) {
      const place = path.join(results, name);
      const isOther =
        /^run-\w+$/.test(name) &&
        Date.now() - (lstatSync(place, { throwIfNoEntry: false })?.mtimeMs ?? 0) < longestRun;
      if (!isOther) rmSync(place, { recursive: true, force: true });
    }
    return { folder: mkdtempSync(path.join(results, 'run-')) };
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    return { folder: mkdtempSync(path.join(tmpdir(), 'graded-')), unwritable: code ?? String(error) };
  }
}

/** Where this run works. */
function currentFolder() {
  return process.env[runVariable] ?? '';
}

/**
 * Puts what a run made in the places where others look for it, each file whole.
 *
 * @param {string} folder as `begin` gave it, below the course
 */
function publish(folder) {
  for (const name of [reportName, commentName]) {
    const made = path.join(folder, name);
    if (statSync(made, { throwIfNoEntry: false })) renameSync(made, path.join(path.dirname(folder), name));
  }
}

/** Takes this run's folder away. */
function end() {
  if (currentFolder()) rmSync(currentFolder(), { recursive: true, force: true });
}

module.exports = {
  begin,
  runVariable,
  commentName,
  currentFolder,
  end,
  publish,
  reportName,
  resultsName,
  runName,
};
