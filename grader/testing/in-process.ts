import { runInstructorCommand } from '../instructor';
import type { Finished } from './run';

/** Runs a command in this process, for a course in any folder. */
export async function runInProcess(courseRoot: string, ...args: string[]): Promise<Finished> {
  const [out, err]: [string[], string[]] = [[], []];
  let code: string | undefined;
  const status = await runInstructorCommand(args, {
    courseRoot,
    print: (text) => out.push(`${text}\n`),
    printError: (text, errorCode) => {
      err.push(`${text}\n`);
      code = errorCode;
    },
    hasColors: false,
  });
  return { status, stdout: out.join(''), stderr: err.join(''), ...(code && { code }) };
}
