import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { WorksheetTest } from '../report/tests';

/** What a grading leaves for the suite and the reporter, which grade nothing themselves. */
export interface Run {
  /** The worksheet as it is to be printed, or why there is none. */
  readonly text: string;
  readonly tests: readonly WorksheetTest[];
}

export const runName = 'run.json';
/** The Report's file; it is missing after a run in which grading could not be done. */
export const reportName = 'report.json';

/** Where the Jest grader of a course leaves its files. */
export function leftIn(courseRoot: string): string {
  return path.join(courseRoot, '.graded');
}

export function readRun(courseRoot: string): Run {
  return JSON.parse(readFileSync(path.join(leftIn(courseRoot), runName), 'utf8')) as Run;
}
