import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { WorksheetTest } from '../report/tests';
import { currentFolder, runName } from './left';

/** What a grading leaves for the suite and the reporter, which grade nothing themselves. */
export interface Run {
  /** The worksheet as it is to be printed, or why there is none. */
  readonly text: string;
  readonly tests: readonly WorksheetTest[];
  /** Whether every host that is there was told the points. */
  readonly isTold: boolean;
}

/** The run that this process, or the one that started it, is at. */
export function readRun(): Run {
  return JSON.parse(readFileSync(path.join(currentFolder(), runName), 'utf8')) as Run;
}
