import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { fromCaller } from '../../command';
import type { Course } from '../course';
import type { FinishOptions } from './finish';

/** What grading a class and joining its parts can both be told. */
export interface OutputArguments {
  readonly roster?: string;
  readonly out?: string;
  readonly canvasColumn?: string;
  readonly anonymous?: boolean;
  readonly apply?: boolean;
  readonly json?: boolean;
}

export function withOutputOptions(program: Command): Command {
  return program
    .option(
      '--roster <file.csv>',
      "who is in the class: GitHub Classroom's or Classroom 50's, or login,name,email",
    )
    .option('--out <folder>', 'where the results go (default: out/ in this repository)')
    .option(
      '--canvas-column <title>',
      "heading of Canvas's column, as Title (123) (default: the rubric's title)",
    )
    .option('--anonymous', 'leave names, logins and links out of the page')
    .option('--apply', 'replace an earlier run, which is kept beside it')
    .option('--json', 'print what became of it as JSON and nothing else');
}

/** Where results go. A link there is the caller's own, and leads where it leads. */
export function outOf(courseRoot: string, { out }: OutputArguments): string {
  const folder = out === undefined ? path.join(courseRoot, 'out') : fromCaller(out);
  return existsSync(folder) ? realpathSync(folder) : folder;
}

/** What a run is made with, as far as the caller's options decide it. */
export function finishOptions(
  course: Course,
  options: OutputArguments,
): Pick<FinishOptions, 'out' | 'course' | 'isAnonymous' | 'canvasColumn' | 'applies'> {
  return {
    out: outOf(course.root, options),
    course,
    isAnonymous: options.anonymous === true,
    canvasColumn: options.canvasColumn ?? course.rubric.title,
    applies: options.apply === true,
  };
}
