import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorksheetTest } from '../report/tests';

/** What a grading leaves for the suite and the reporter, which grade nothing themselves. */
export interface Run {
  /** The worksheet as it is to be printed, or why there is none. */
  readonly text: string;
  readonly tests: readonly WorksheetTest[];
}

const folderOf = (root: string) => path.join(root, '.graded');

/** The Report; it is missing after a run in which grading could not be done. */
export function reportFile(root: string): string {
  return path.join(folderOf(root), 'report.json');
}

export function runFile(root: string): string {
  return path.join(folderOf(root), 'run.json');
}

/** Takes away what an earlier run left, so that nothing old is ever taken for new. */
export function clearRun(root: string): void {
  for (const file of [reportFile(root), runFile(root)]) rmSync(file, { force: true });
}

/** Writes a file whole or not at all. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}

export function readRun(root: string): Run {
  return JSON.parse(readFileSync(runFile(root), 'utf8')) as Run;
}
