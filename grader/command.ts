import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { GraderError } from './error';
import { isOnActions, removeMatchers } from './render/escape/actions';
import { showsColors } from './render/escape/colors';
import { escapeTerminal, lines } from './render/escape/terminal';

/** Where a command runs and where it prints. Tests give their own, and run it in their own process. */
export interface Context {
  /** The root of the course. */
  readonly courseRoot: string;
  readonly print: (text: string) => void;
  /** @param code of the error that is told, where it was foreseen. */
  readonly printError: (text: string, code?: string) => void;
  /** Whether what is printed may have colors. */
  readonly hasColors: boolean;
  /** The exit status, where the command ends with its result and still not with 0. */
  status: number;
}

/** Gives a command its arguments, its options and what it does. */
export type Configure = (command: Command, context: Context) => Command;

/** The commands of a program, by name. Only the one that is called is loaded. */
export type Commands = Readonly<
  Record<
    string,
    {
      readonly description: string;
      /** Whether it is left out of the list of commands. */
      readonly isHidden?: boolean;
      readonly load: () => Configure;
    }
  >
>;

/** The course whose script npm runs, in its folder, and the process's own output. */
function processContext(): Omit<Context, 'status'> {
  return {
    courseRoot: process.cwd(),
    print: (text) => console.log(text),
    printError: (text) => console.error(text),
    hasColors: showsColors(),
  };
}

/**
 * Runs one of some commands. What cannot be done is said in one message.
 *
 * @param args the command's name, and what the caller typed after it.
 * @param given what differs from this process and the course that it belongs to.
 * @returns the exit status: 2 where there is no result.
 */
export async function runCommand(
  commands: Commands,
  args: readonly string[],
  given: Partial<Context> = {},
): Promise<number> {
  const context: Context = { ...processContext(), ...given, status: 0 };
  const { print, printError } = context;
  try {
    const program = new Command('npm run').usage('<command> -- [options]');
    for (const [name, { description, isHidden = false, load }] of Object.entries(commands)) {
      const command = program.command(name, { hidden: isHidden }).description(description);
      command.helpCommand(false).showHelpAfterError(`(npm run ${name} -- --help says what it takes)`);
      if (name !== args[0]) continue;
      load()(command, context);
      command.usage(`-- ${command.usage()}`);
    }
    for (const command of [program, ...program.commands])
      command.exitOverride().configureOutput({
        writeOut: (text) => print(text.trimEnd()),
        writeErr: (text) => printError(text.trimEnd()),
      });
    await program.parseAsync(args, { from: 'user' });
    return context.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const errorLines = error instanceof GraderError ? error.lines : failure(error);
    printError(lines(errorLines.map(escapeTerminal)), error instanceof GraderError ? error.code : undefined);
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

/** Runs one of some commands as this process. */
export function runProcess(commands: Commands, args: readonly string[]): void {
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
  void runCommand(commands, args).then((status) => {
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
