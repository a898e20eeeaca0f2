import { rmSync } from 'node:fs';
import type { Commands } from '../command';
import { gradeFolder, loadSealedKey } from '../grading/context';
import { UnusableKey } from '../key/sealed-key';
import { GraderError } from '../message';
import type { PrintedText } from '../render/escape/safe';
import { escapeTerminal } from '../render/escape/terminal';
import { loadRubric } from '../rubric/load';
import { graderFolder, resolvePath, writeFile } from '../system/files';
import { classroom50Host } from './classroom50/host';
import { githubHost } from './github/host';
import { gradescopeHost } from './gradescope/host';
import { type BundledHost, type Host, resultsOf } from './host';
import { vscode } from './vscode/host';

/**
 * All hosts. To add one, add a folder and a line here. If two are active at once, the first in the list prints first.
 */
export const hosts: readonly Host[] = [vscode, githubHost, classroom50Host, gradescopeHost];

/** The hosts that grade with a bundle. */
export const bundledHosts: readonly (Host & { readonly bundled: BundledHost })[] = hosts.flatMap((host) =>
  host.bundled ? [{ ...host, bundled: host.bundled }] : [],
);

const status = '\nExit status: 0 if it graded, whatever the score; 2 if it could not.';

/** Commands for hosts that run a given bundle and install nothing: rubric and key are beside the grader there. */
export const hostCommands: Commands = Object.fromEntries(
  bundledHosts.map(({ id, bundled }) => [
    id,
    {
      description: `Grade one submission for ${bundled.title}. It never runs anything the student wrote.`,
      isHidden: true,
      load:
        () =>
        (command, { print }) =>
          command.addHelpText('after', status).action(async () => {
            try {
              print(await gradeAt(bundled));
            } catch (error) {
              throw error instanceof GraderError ? forStaff(error) : error;
            }
          }),
    },
  ]),
);

/** Grades the submission that this process was started for, and leaves the result for the host; none if that fails. */
async function gradeAt(bundled: BundledHost): Promise<PrintedText> {
  const folder = bundled.submissionFolder(graderFolder);
  // Remove these first, so that nothing that a student put there is taken for the result.
  for (const file of Object.keys(bundled.results))
    rmSync(resolvePath(folder, file), { recursive: true, force: true });
  const rubric = loadRubric(graderFolder);
  // A bundle must have a key, no matter how much students' own copies reveal.
  const key = loadSealedKey(graderFolder, rubric);
  const report = await gradeFolder(folder, rubric, key);
  for (const [file, text] of Object.entries(resultsOf(bundled, report, process.env)))
    writeFile(folder, file, text);
  return escapeTerminal(`${report.points} of ${report.possible} points`);
}

/** Rewrites an error for staff: they put the bundle there, and it is the only thing that they can fix. */
function forStaff(error: GraderError): GraderError {
  if (error.kind !== 'key' && error.kind !== 'rubric') return error;
  return new GraderError(
    error.kind,
    error.code,
    ...(error instanceof UnusableKey ? [error.problem] : error.lines),
    'Make the bundle again with npm run release and replace this one. The submission is not the cause.',
  );
}
