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

/** What is to be printed, and the tests: for the suite and the reporter, which grade nothing themselves. */
export const runName = 'run.json';
/** The Report; it is missing after a run in which grading could not be done. */
export const reportName = 'report.json';
/** The last Report of answers that could all be read, where those of this run could not. */
export const comparedName = 'compared.json';
/** The comment for a pull request. */
export const commentName = 'comment.md';

/** Where results are left for others, from the root of the course. */
export const resultsName = '.graded';

/** Files that a run puts there. */
const published: readonly string[] = [reportName, comparedName, commentName];

/** A run that was stopped left its folder behind; none takes that long, in milliseconds. */
const maxRun = 60 * 60 * 1000;

/** Longer Reports are of no worksheet, in bytes. */
const maxReport = 4 * 1024 * 1024;

/**
 * Reads what a new run is compared with: the Report that the run before left, or, where its answers could not all be read,
 * the last one whose answers could. To be called before a new run begins.
 */
export function earlierReport(courseRoot: string): Report | undefined {
  const found = [comparedName, reportName].map((name) => reportIn(courseRoot, name));
  return found.find((report) => report && canCompare(report)) ?? found.at(-1);
}

/** The Report that the last run left; none where it could not grade. */
export function publishedReport(courseRoot: string): Report | undefined {
  return reportIn(courseRoot, reportName);
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

/** Where one run works. */
export interface RunFolder {
  readonly folder: string;
  /** Why nothing can be left in the course itself. */
  readonly unwritable?: string;
}

/**
 * A new folder in which one run works, so that two at once never meet: below the course, or among the
 * temporary files where the course cannot be written to. What an earlier run left is taken away.
 */
export function newRunFolder(courseRoot: string): RunFolder {
  const results = path.join(courseRoot, resultsName);
  try {
    // It may have come with the submission, as a link or a file even.
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
 * Puts what a run made in the places where others look for it, each file whole.
 *
 * @param folder one below the course.
 */
export function publish(folder: string): void {
  for (const name of published) {
    const made = path.join(folder, name);
    if (statSync(made, { throwIfNoEntry: false })) renameSync(made, path.join(path.dirname(folder), name));
  }
}
