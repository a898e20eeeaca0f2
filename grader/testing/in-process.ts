import { run } from '../instructor/cli';
import type { Finished } from './run';

/** Runs a command in this process, for a course in any folder. */
export async function runInProcess(courseRoot: string, ...args: string[]): Promise<Finished> {
  const [out, err]: [string[], string[]] = [[], []];
  const status = await run(args, {
    courseRoot,
    print: (text) => out.push(`${text}\n`),
    printError: (text) => err.push(`${text}\n`),
    hasColors: false,
  });
  return { status, stdout: out.join(''), stderr: err.join('') };
}
