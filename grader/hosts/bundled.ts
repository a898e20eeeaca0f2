import path from 'node:path';
import { Argument } from 'commander';
import { type Context, command, main } from '../command';
import type { Criteria } from '../criteria';
import { GraderError } from '../error';
import { loadSealedKey } from '../key/sealed';
import { UnusableKey } from '../key/sealed-file';
import { plain } from '../report/escape/terminal';
import { loadRubric } from '../rubric/load';
import { clearResults, gradeForClassroom50 } from './classroom50';
import { gradeForGradescope } from './gradescope';
import { hasPlainKey, loadPlainKey } from './plain-key';

// The grader as one file, for hosts that run what they are given and install nothing. Its rubric and
// its key lie beside that file.

const hosts = {
  classroom50: () => {
    // First of all: what cannot be graded is to leave no result, and nobody's own either.
    clearResults(process.cwd());
    return gradeForClassroom50(process.cwd(), criteria(__dirname), process.env, new Date());
  },
  gradescope: () => gradeForGradescope(path.dirname(__dirname), criteria(__dirname)),
} as const;

main(({ print }: Context) =>
  command('grade.js', 'Grade one submission for a host. Nothing of the student is run.')
    .addArgument(new Argument('<host>', 'who runs this').choices(Object.keys(hosts)))
    .addHelpText('after', '\nExit status: 0 when it graded, whatever the score; 2 when it could not.')
    .action(async (host: keyof typeof hosts) => {
      try {
        print(plain(await hosts[host]()));
      } catch (error) {
        throw error instanceof GraderError ? forStaff(error) : error;
      }
    }),
);

/** Whoever reads the log of a bundle put it there, and the bundle is all that they can mend. */
function forStaff(error: GraderError): GraderError {
  if (error.code !== 'key' && error.code !== 'rubric') return error;
  return new GraderError(
    error.code,
    ...(error instanceof UnusableKey ? [error.problem] : error.lines),
    'Make the bundle again with npm run release, and put it in the place of this one. The submission is not the cause.',
  );
}

/** Whatever students' own copies can tell: here there has to be a key. */
function criteria(folder: string): Criteria {
  const rubric = loadRubric(folder);
  return {
    rubric,
    key: hasPlainKey(folder) ? loadPlainKey(folder, rubric) : loadSealedKey(folder, rubric),
  };
}
