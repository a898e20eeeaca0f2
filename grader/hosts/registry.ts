import type { Commands } from '../command';
import { type GradingContext, loadSealedKey } from '../grading/context';
import { UnusableKey } from '../key/sealed-key';
import { GraderError } from '../message';
import { escapeTerminal } from '../render/escape/terminal';
import { loadRubric } from '../rubric/load';
import { graderFolder } from '../system/files';
import { classroom50Host } from './classroom50/host';
import { githubHost } from './github/host';
import { gradescopeHost } from './gradescope/host';
import type { BundledHost, Host } from './host';
import { vscode } from './vscode/host';

/** All hosts. To add one, add a folder and a line here. */
export const hosts: readonly Host[] = [githubHost, classroom50Host, gradescopeHost, vscode];

/** The hosts that grade with a bundle. */
export const bundledHosts: readonly (Host & { readonly bundled: BundledHost })[] = hosts.flatMap((host) =>
  host.bundled ? [{ ...host, bundled: host.bundled }] : [],
);

const status = '\nExit status: 0 if it graded, whatever the score; 2 if it could not.';

/** Commands for hosts that run a given bundle and install nothing: rubric and key are beside the grader there. */
export const hostCommands: Commands = Object.fromEntries(
  bundledHosts.map(({ id, title, bundled }) => [
    id,
    {
      description: `Grade one submission for ${title}. It never runs anything the student wrote.`,
      isHidden: true,
      load:
        () =>
        (command, { print }) =>
          command.addHelpText('after', status).action(async () => {
            try {
              const { points, possible } = await bundled.grade(graderFolder, loadContext);
              print(escapeTerminal(`${points} of ${possible} points`));
            } catch (error) {
              throw error instanceof GraderError ? forStaff(error) : error;
            }
          }),
    },
  ]),
);

/** Rewrites an error for staff: they put the bundle there, and the bundle is all that they can fix. */
function forStaff(error: GraderError): GraderError {
  if (error.kind !== 'key' && error.kind !== 'rubric') return error;
  return new GraderError(
    error.kind,
    error.code,
    ...(error instanceof UnusableKey ? [error.problem] : error.lines),
    'Make the bundle again with npm run release and replace this one. The submission is not the cause.',
  );
}

/** Loads rubric and key. A bundle must have a key, no matter how much students' own copies reveal. */
function loadContext(): GradingContext {
  const rubric = loadRubric(graderFolder);
  return { rubric, key: loadSealedKey(graderFolder, rubric) };
}
