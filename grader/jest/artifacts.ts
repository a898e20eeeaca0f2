import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Report } from '../grading/report.schema';
import schema from '../grading/report.schema.json';
import { canCompare } from '../render/changes';
import { isValid } from '../validate';

/** The text to print and the tests, for the suite and the reporter, which do not grade. */
export const runName = 'run.json';
/** The report. It is missing after a run that could not grade. */
export const reportName = 'report.json';
/** The last report of answers that could all be read, kept if some in this run could not. */
export const comparedName = 'compared.json';
/** The comment for a pull request. */
export const commentName = 'comment.md';

/** The folder for results that others read, relative to the root of the course. */
export const resultsName = '.graded';

/** The files that a run puts into that folder. */
const published: readonly string[] = [reportName, comparedName, commentName];

/** Longer than any run takes, in milliseconds. An older folder was left behind by a run that was stopped. */
const maxRun = 60 * 60 * 1000;

/** Larger than the report of any worksheet, in bytes. */
const maxReport = 4 * 1024 * 1024;

/**
 * Reads the report to compare a new run with: that of the previous run or, if not all of its answers could be read, the
 * last one whose answers could. Call it before the new run begins.
 */
export function earlierReport(courseRoot: string): Report | undefined {
  const found = [comparedName, reportName].map((name) => reportIn(courseRoot, name));
  return found.find((report) => report && canCompare(report)) ?? found.at(-1);
}

function reportIn(courseRoot: string, name: string): Report | undefined {
  const results = path.join(courseRoot, resultsName);
  try {
    const file = path.join(results, name);
    const stats = lstatSync(file);
    if (!lstatSync(results).isDirectory() || !stats.isFile() || stats.size > maxReport) return undefined;
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isValid<Report>(schema, found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The working folder of one run. */
export interface RunFolder {
  readonly folder: string;
  /** Why no results can be written to the course itself. */
  readonly unwritable?: string;
}

/**
 * Creates a working folder for one run, so that two runs at once never collide: below the course, or among the
 * temporary files if the course cannot be written to. Removes the results of earlier runs.
 */
export function newRunFolder(courseRoot: string): RunFolder {
  const results = path.join(courseRoot, resultsName);
  try {
    // The submission may have brought one, even as a link or a file.
    if (!lstatSync(results, { throwIfNoEntry: false })?.isDirectory()) rmSync(results, { force: true });
    mkdirSync(results, { recursive: true });
    for (const name of readdirSync(results)) {
      const place = path.join(results, name);
      const since = Date.now() - (lstatSync(place, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      const isLeft = /^run-\w+$/.test(name) && since > maxRun;
      if (isLeft || published.includes(name)) rmSync(place, { recursive: true, force: true });
    }
    return { folder: mkdtempSync(path.join(results, 'run-')) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { folder: mkdtempSync(path.join(tmpdir(), 'graded-')), unwritable: code ?? String(error) };
  }
}

/**
 * Moves the files of a run to the places where others look for them, each in one step.
 *
 * @param folder the folder of the run, which is below the course.
 */
export function publish(folder: string): void {
  for (const name of published) {
    const made = path.join(folder, name);
    if (statSync(made, { throwIfNoEntry: false })) renameSync(made, path.join(path.dirname(folder), name));
  }
}
