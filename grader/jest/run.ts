import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { WorksheetTest } from '../report/tests';
import { leftIn, runName } from './left';

/** What a grading leaves for the suite and the reporter, which grade nothing themselves. */
export interface Run {
  /** The worksheet as it is to be printed, or why there is none. */
  readonly text: string;
  readonly tests: readonly WorksheetTest[];
}

export function readRun(courseRoot: string): Run {
  return JSON.parse(readFileSync(path.join(leftIn(courseRoot), runName), 'utf8')) as Run;
}
