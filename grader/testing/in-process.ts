import { type Context, type MakeCommand, runCommand } from '../command';
import type { Finished } from './run';

/** Runs a command in this process, for a course in any folder. */
export async function runInProcess(
  make: MakeCommand,
  courseRoot: string,
  ...args: string[]
): Promise<Finished> {
  const [out, err]: [string[], string[]] = [[], []];
  const context: Context = {
    courseRoot,
    print: (text) => out.push(`${text}\n`),
    printError: (text) => err.push(`${text}\n`),
    hasColours: false,
    status: 0,
  };
  const status = await runCommand(make, args, context);
  return { status, stdout: out.join(''), stderr: err.join('') };
}
