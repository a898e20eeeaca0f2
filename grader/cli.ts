import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { Argument, Command } from 'commander';
import { GraderError } from './error';
import { gradeFolder } from './grade';
import { chooseKey } from './key/choose';
import { coloursShow } from './report/colour';
import { json } from './report/escape/json';
import { lines, plain } from './report/escape/terminal';
import { renderTerminal } from './report/terminal';
import { loadRubric } from './rubric/load';

const courseRoot = path.join(__dirname, '..');

interface Options {
  readonly json?: boolean;
  readonly prove?: boolean;
}

const program = new Command('grade')
  .description(
    "Grade one submission: print its worksheet back with marks, points, reasons and hints. Nothing of the student's is run.",
  )
  .addArgument(
    new Argument('[folder]', "the submission's root, which holds assignment/").default(
      courseRoot,
      'this repository',
    ),
  )
  .option('--json', 'print the Report and nothing else')
  .option('--prove', 'first run the real computation, and stop if the answer key disagrees with it')
  .addHelpText('after', '\nExit status: 0 when it graded, whatever the score; 2 when it could not.')
  .showHelpAfterError('(add --help for what it takes)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async (folder: string, options: Options) => {
    const root = folderOf(folder);
    const rubric = loadRubric(courseRoot);
    const report = await gradeFolder(root, rubric, chooseKey(courseRoot, rubric, options.prove));
    console.log(options.json ? json(report) : renderTerminal(report, rubric, { colour: coloursShow() }));
  });

/**
 * The folder that was named. npm runs scripts in the package's folder and tells in INIT_CWD where it
 * was called; a link that the caller named is the caller's own, and is followed.
 */
function folderOf(named: string): string {
  try {
    const folder = realpathSync(path.resolve(process.env.INIT_CWD ?? '', named));
    if (named !== '' && statSync(folder).isDirectory()) return folder;
  } catch {
    // told below
  }
  throw new GraderError(
    'folder',
    `There is no folder ${named || 'without a name'}. Give the root of a submission, the folder that holds assignment/.`,
  );
}

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
