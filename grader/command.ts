import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { GraderError } from './message';
import { quietened } from './render/escape/actions';
import type { PrintedText } from './render/escape/safe';
import { escapeTerminal, lines, showsColors } from './render/escape/terminal';
import { cleanUp } from './system/lock';

/** Where a command runs and where it prints. Tests pass their own context and run the command in their own process. */
export interface Context {
  readonly courseRoot: string;
  readonly print: (text: PrintedText) => void;
  /** @param code the code of the error, if it was an expected one. */
  readonly printError: (text: PrintedText, code?: string) => void;
  /** Whether the output may have colors. */
  readonly hasColors: boolean;
  /** The exit status of a command that ends with a result, if it is not 0. */
  status: number;
}

/** Gives a command its arguments, its options and its action. */
export type Configure = (command: Command, context: Context) => Command;

/** The commands of a program, by name. Only the requested one is loaded. */
export type Commands = Readonly<
  Record<
    string,
    {
      readonly description: string;
      /** Whether the list of commands omits it. */
      readonly isHidden?: boolean;
      readonly load: () => Configure | Promise<Configure>;
    }
  >
>;

/**
 * Runs one of the given commands. Reports any failure in a single message.
 *
 * @param args the command's name, followed by the arguments that the caller typed.
 * @param given the settings that differ from those of this process and its course.
 * @returns the exit status: 2 if there is no result.
 */
export async function runCommand(
  commands: Commands,
  args: readonly string[],
  given: Partial<Context> = {},
): Promise<number> {
  const context: Context = {
    // npm runs a script in its course's folder.
    courseRoot: process.cwd(),
    print: (text) => console.log(text),
    printError: (text) => console.error(text),
    hasColors: showsColors(),
    ...given,
    status: 0,
  };
  const { print, printError } = context;
  try {
    // Commands inherit how the program ends and prints.
    const program = new Command('npm run')
      .usage('<command> -- [options]')
      .version(version)
      .exitOverride()
      .configureOutput({
        writeOut: (text) => print(ownText(text)),
        writeErr: (text) => printError(ownText(text)),
      });
    for (const [name, { description, isHidden = false, load }] of Object.entries(commands)) {
      const command = program.command(name, { hidden: isHidden }).description(description);
      command.helpCommand(false).showHelpAfterError(`(npm run ${name} -- --help says what it takes)`);
      if (name !== args[0]) continue;
      (await load())(command, context);
      command.usage(`-- ${command.usage()}`);
    }
    await program.parseAsync(args, { from: 'user' });
    return context.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const code = error instanceof GraderError ? error.code : undefined;
    printError(lines(failureLines(error).map(escapeTerminal)), code);
    return 2;
  }
}

/** Commander's text about a command, which may quote what was typed. */
function ownText(text: string): PrintedText {
  return lines(text.trimEnd().split('\n').map(escapeTerminal));
}

/** The message for an error: its own or, if nobody expected the error, one about a refusal by the system or a bug. */
export function failureLines(error: unknown): readonly string[] {
  if (error instanceof GraderError) return error.lines;
  const { code, syscall, path: file = 'a file' } = error as NodeJS.ErrnoException;
  if (code && syscall)
    return [
      `${file}: the system refused ${syscall} (${code}). Look at that file or folder, and run this again.`,
    ];
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [first = '', ...where] = details.split('\n');
  const isBug =
    'The grader itself failed. That is a bug in the grader, and says nothing about any submission.';
  return process.env.DEBUG
    ? [isBug, first, ...where]
    : [isBug, first, 'To report it, set the variable DEBUG to 1, run this again, and send what is printed.'];
}

/** Runs one of the given commands as this process. */
export function runProcess(commands: Commands, args: readonly string[]): void {
  // The output of a command may quote a student, and a host may scan its log for problems.
  for (const line of quietened(process.env)) console.error(line);

  // A solution's code may end the process, which also ends by itself when nothing is left to wait for.
  const unfinished = () => {
    cleanUp();
    console.error('The command ended before it had a result, and nothing was changed. Run it again.');
    process.exitCode = 2;
  };
  process.once('exit', unfinished);
  const finish = (status: number) => {
    process.off('exit', unfinished);
    process.exitCode = status;
  };

  // A program that reads the output, such as head, may stop early.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    finish(error.code === 'EPIPE' ? 0 : 2);
    process.exit();
  });

  void runCommand(commands, args).then(finish);
}

/**
 * Resolves a path from the caller's point of view. npm runs scripts in the package's folder, and sets INIT_CWD to the
 * folder that it was called from.
 */
export function fromCaller(named: string): string {
  return path.resolve(process.env.INIT_CWD ?? '', named);
}
