import { stringify } from 'yaml';
import type { Course } from '../../course';
import { jsonFile, writeFile } from '../../files';
import { actionFile, gradedByInput, type ReleasedGrader, releasedFile } from '../../hosts/github/action';
import { graderParts, packageNameOf } from './students-copy';

/** The release part with the grader as an action, for a repository of the course's organization. */
export const graderRepoPart = 'grader-repo';

/**
 * Writes the grader as a GitHub action: the single file that students have too, with rubric and key beside
 * it. Anyone who can use the action can read its content.
 *
 * @param copy the students' copy.
 */
export function writeGraderRepo(
  course: Course,
  copy: string,
  folder: string,
  release: Pick<ReleasedGrader, 'date' | 'corrections' | 'lineage'>,
): void {
  const released: ReleasedGrader = { name: packageNameOf(course), ...release };
  const parts = {
    ...graderParts(course, copy),
    [actionFile]: actionText(course),
    [releasedFile]: jsonFile(released),
    'README.md': readme(course),
  };
  for (const [file, text] of Object.entries(parts)) writeFile(folder, file, text);
}

function actionText({ rubric }: Course): string {
  const output = (description: string) => ({ description });
  return stringify(
    {
      name: `Grade ${rubric.title}`,
      description: 'Grades the worksheet in the checkout. Nothing of it is run.',
      inputs: {
        [gradedByInput]: {
          description: 'The release that the repository was made for; the release writes it',
          required: true,
        },
      },
      outputs: {
        runners: output('What a grading reporter is given: which of the next two there are'),
        worksheet: output('The result of the worksheet'),
        reflection: output('The result of the reflection'),
        comment: output('The file of the comment for a pull request'),
        'comment-only-updates': output('Whether only a comment that is there is to be written'),
      },
      runs: { using: 'node24', main: 'grade.js' },
    },
    { lineWidth: 0 },
  );
}

function readme({ rubric, file }: Course): string {
  const named = file.github?.grader ?? 'ORG/REPOSITORY@BRANCH';
  return `# ${rubric.title}: the grader

An action that grades students' repositories of this course: \`grade.js\`, its rubric${rubric.selfCheck === 'scored' ? ' and its sealed key' : ''}. A release makes it;
do not edit it. Copies that say \`uses: ${named}\` fetch it at each run, so a correction here reaches every later push.

Anyone who can push to this repository runs code in every student's repository. Protect the branch, or pin a tag.
`;
}
