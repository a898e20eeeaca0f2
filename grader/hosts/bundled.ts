import type { Commands } from '../command';
import { GraderError } from '../error';
import type { GradingContext } from '../grading/context';
import { UnusableKey } from '../key/sealed';
import { loadSealedKey } from '../key/sealed-file';
import { graderFolder } from '../place';
import { escapeTerminal } from '../render/escape/terminal';
import { loadRubric } from '../rubric/load';
import { bundledHosts } from './registry';

const status = '\nExit status: 0 when it graded, whatever the score; 2 when it could not.';

/** For hosts that run what they are given and install nothing: rubric and key lie beside the grader there. */
export const hostCommands: Commands = Object.fromEntries(
  bundledHosts.map(({ id, title, bundled }) => [
    id,
    {
      description: `Grade one submission for ${title}. Nothing of the student is run.`,
      isHidden: true,
      load:
        () =>
        (command, { print }) =>
          command.addHelpText('after', status).action(async () => {
            try {
              // First of all: what cannot be graded is to leave no result, and nobody's own either.
              bundled.clearOldResults?.();
              print(escapeTerminal(await bundled.grade(graderFolder, () => loadContext(graderFolder))));
            } catch (error) {
              throw error instanceof GraderError ? forStaff(error) : error;
            }
          }),
    },
  ]),
);

/** Whoever reads the log of a bundle put it there, and the bundle is all that they can fix. */
function forStaff(error: GraderError): GraderError {
  if (error.kind !== 'key' && error.kind !== 'rubric') return error;
  return new GraderError(
    error.kind,
    error.code,
    ...(error instanceof UnusableKey ? [error.problem] : error.lines),
    'Make the bundle again with npm run release, and put it in the place of this one. The submission is not the cause.',
  );
}

/** Whatever students' own copies can tell: here there has to be a key. */
function loadContext(folder: string): GradingContext {
  const rubric = loadRubric(folder);
  return { rubric, key: loadSealedKey(folder, rubric) };
}
