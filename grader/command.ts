import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { GraderError } from './error';
import { coloursShow } from './report/colour';
import { isOnActions, removeMatchers } from './report/escape/actions';
import { lines, plain } from './report/escape/terminal';

/** Where a command runs and where it prints. Tests give their own, and run it in their own process. */
export interface Context {
  /** The root of the course that is graded. */
  readonly courseRoot: string;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** Whether what is printed may have colours. */
  readonly hasColours: boolean;
  /** The exit status, where the command ends with its result and still not with 0. */
  status: number;
}

/** What makes a command for a context: `main` gives it the process's own. */
export type MakeCommand = (context: Context) => Command;

/** The course that this grader belongs to, and the process's own output. */
export function processContext(): Context {
  return {
    courseRoot: path.join(__dirname, '..'),
    print: (text) => console.log(text),
    printError: (text) => console.error(text),
    hasColours: coloursShow(),
    status: 0,
  };
}

/** A command that says how it is used, and ends with 2 where the call itself is wrong. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .showHelpAfterError(
      `(--help says what it takes; npm passes on what follows --, as in: npm run ${name} -- --help)`,
    )
    .exitOverride();
}

/**
 * Runs a command. What cannot be done is said in one message.
 *
 * @param args what the caller typed after the command's name.
 * @returns the exit status: 2 where there is no result.
 */
export async function runCommand(
  make: MakeCommand,
  args: readonly string[],
  context: Context,
): Promise<number> {
  const { print, printError } = context;
  const program = make(context).configureOutput({
    writeOut: (text) => print(text.trimEnd()),
    writeErr: (text) => printError(text.trimEnd()),
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return context.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof GraderError) printError(lines(error.lines.map(plain)));
    else printError(lines(failure(error).map(plain)));
    return 2;
  }
}

/** What is said of an error that nobody foresaw: what the system refused, or a bug. */
function failure(error: unknown): string[] {
  const { code, syscall, path: place = 'a file' } = error as NodeJS.ErrnoException;
  if (code && syscall)
    return [
      `${place}: the system refused ${syscall} (${code}). Look at that file or folder, and run this again.`,
    ];
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [first = '', ...where] = details.split('\n');
  const isBug =
    'The grader itself failed. That is a bug of the grader, and says nothing about any submission.';
  return process.env.DEBUG
    ? [isBug, first, ...where]
    : [isBug, first, 'To report it, set the variable DEBUG to 1, run this again, and send what is printed.'];
}

/** Runs a command as this process. */
export function main(make: MakeCommand): void {
  // What a command prints may quote a student, and the log of GitHub Actions is read for problems.
  if (isOnActions(process.env)) for (const line of removeMatchers()) console.error(line);

  // Whoever reads the output may stop early, as head does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

  // A process ends as soon as nothing is left to wait for, also where a result was still to come.
  const unfinished = () => {
    console.error('The command ended before it had a result, and nothing was changed. Run it again.');
    process.exitCode = 2;
  };
  process.once('beforeExit', unfinished);
  void runCommand(make, process.argv.slice(2), processContext()).then((status) => {
    process.off('beforeExit', unfinished);
    process.exitCode = status;
  });
}

/**
 * A path as the caller means it. npm runs scripts in the package's folder, and tells in INIT_CWD
 * where it was called.
 */
export function fromCaller(named: string): string {
  return path.resolve(process.env.INIT_CWD ?? '', named);
}
