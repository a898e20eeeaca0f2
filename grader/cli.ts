import { realpathSync, statSync } from 'node:fs';
import { Argument } from 'commander';
import { type Context, command, fromCaller, main } from './command';
import { loadCriteria } from './criteria';
import { GraderError } from './error';
import { gradeFolder } from './grade';
import { json } from './report/escape/json';
import { plain } from './report/escape/terminal';
import { renderTerminal } from './report/terminal';

interface Options {
  readonly json?: boolean;
  readonly prove?: boolean;
}

/** `npm run grade` */
export const gradeCommand = ({ courseRoot, print, hasColours }: Context) =>
  command(
    'grade',
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
    .action(async (folder: string, options: Options) => {
      const root = folderOf(folder);
      const { rubric, key } = loadCriteria(courseRoot, options.prove);
      const report = await gradeFolder(root, rubric, key);
      if (options.prove && !options.json)
        print(plain('The answer key is proved: what it derives was observed as well.\n'));
      print(options.json ? json(report) : renderTerminal(report, rubric, { colour: hasColours }));
    });

/** The folder that was named. A link that the caller named is the caller's own, and is followed. */
function folderOf(named: string): string {
  try {
    const folder = realpathSync(fromCaller(named));
    if (named !== '' && statSync(folder).isDirectory()) return folder;
  } catch {
    // told below
  }
  throw new GraderError(
    'folder',
    `There is no folder ${named || 'without a name'}. Give the root of a submission, the folder that holds assignment/.`,
  );
}

if (require.main === module) main(gradeCommand);
