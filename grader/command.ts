import path from 'node:path';
import { Command } from 'commander';
import { GraderError } from './error';
import { lines, plain } from './report/escape/terminal';

/** The root of the course that this grader belongs to. */
export const courseRoot = path.join(__dirname, '..');

/** A command that tells how it is used, and exits with 2 where the call itself is wrong. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .showHelpAfterError(
      '(--help says what it takes; npm passes on what follows --, as in: npm run grade -- --help)',
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
}

/** Runs a command. What cannot be done is said in one message, and the exit status is 2. */
export function run(program: Command): void {
  // Whoever reads the output may stop early, as head does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

  program.parseAsync().catch((error: unknown) => {
    if (!(error instanceof GraderError)) {
      console.error('The grader itself failed, for no reason that lies with the submission:', error);
      process.exit(2);
    }
    console.error(lines(error.message.split('\n').map(plain)));
    process.exitCode = 2;
  });
}

/**
 * A path as the caller means it. npm runs scripts in the package's folder, and tells in INIT_CWD
 * where it was called.
 */
export function fromCaller(named: string): string {
  return path.resolve(process.env.INIT_CWD ?? '', named);
}
