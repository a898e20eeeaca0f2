import { GraderError } from '../../message';
import type { Environment } from '../../render/escape/actions';
import { indentedJson } from '../../render/escape/json';
import type { Safe } from '../../render/escape/safe';
import { cellTests, reflectionTests, type ScoredTest } from '../../render/tests';
import { renderMarkdown } from '../../render/view-markdown';
import { type Rubric, studentFiles } from '../../rubric/rubric';
import { type BundledHost, type Host, resultsOf, type ScoredReport, titled } from '../host';

const node = { node: '24' };

/** The variables that the host sets for a submission, with made-up values. */
const sampleVariables = {
  CLASSROOM: 'c',
  ASSIGNMENT: 'a',
  OWNER: 'o',
  SUBMISSION_TAG: 'submit/1',
  COMMIT_URL: 'https://example.org/c',
  RELEASE_URL: 'https://example.org/r',
};

const shim = `"""Grades one submission: runs grade.js, which lies beside this file, in the student's checkout.

Nothing of the student's is run. Ends with 0 when it graded, whatever the score.
"""

import pathlib
import shutil
import subprocess
import sys

node = shutil.which("node")
if node is None:
    pathlib.Path("result.json").unlink(missing_ok=True)
    sys.exit('Node.js is missing. Give the assignment the runtime of runtime.json: ${JSON.stringify(node)}.')
program = pathlib.Path(__file__).resolve().parent / "grade.js"
sys.exit(subprocess.run([node, str(program), "classroom50"], check=False).returncode)
`;

/** In the student's checkout. */
const results: BundledHost['results'] = {
  'result.json': (report, variables) => renderClassroom50(report, variables, new Date()),
  'release-body.md': (report) => renderMarkdown(report, []),
};

/** Classroom 50 runs a bundle in the student's checkout. */
export const classroom50Host: Host = {
  id: 'classroom50',
  preview: (report) => titled(resultsOf({ results }, report, sampleVariables)),
  handIn: {
    title: 'Classroom 50',
    steps: (files) => [
      `Put ${files.join(' and ')} into your clone of the repository, replacing the files there.`,
      'Commit, push, and submit as your course has told you.',
    ],
  },
  bundled: {
    title: 'Classroom 50',
    submissionFolder: () => process.cwd(),
    results,
    parts: { 'autograder.py': shim },
    release: (rubric, bundle) => ({
      'README.md': steps(rubric),
      'runtime.json': `${JSON.stringify(node)}\n`,
      ...Object.fromEntries(Object.entries(bundle).map(([file, text]) => [`bundle/${file}`, text])),
    }),
    template: 'template',
    releaseSummary: (selfCheck) =>
      selfCheck === 'form'
        ? 'for Classroom 50. Students can read its bundle, and a script that guesses can open the key in it.'
        : 'for Classroom 50, with the steps in its README.md.',
  },
};

/**
 * Renders `result.json` for Classroom 50, in its format v1 (`schemas/result-v1.schema.json` there, 6e593c79b8).
 *
 * @param variables with which the host describes the submission.
 * @param now when it is graded.
 * @throws {GraderError} if a variable is missing; the host then records an error and no score.
 */
export function renderClassroom50(report: ScoredReport, variables: Environment, now: Date): Safe<'json'> {
  const needed = (name: string) => {
    const value = variables[name];
    if (value) return value;
    throw new GraderError(
      'folder',
      'variable-missing',
      `The variable ${name} is not set. Classroom 50 sets it; anywhere else, run npm run grade.`,
    );
  };
  const commit = needed('COMMIT_URL');
  const gradedAt = `${now.toISOString().slice(0, 19)}Z`;
  return indentedJson({
    schema: 'classroom50/result/v1',
    classroom: needed('CLASSROOM'),
    assignment: needed('ASSIGNMENT'),
    // Classroom 50's runner overwrites these, the times and who submitted, whatever we write.
    assignment_type: variables.ASSIGNMENT_TYPE || 'individual',
    owner: variables.USERNAME || needed('OWNER'),
    submission: needed('SUBMISSION_TAG'),
    commit,
    release: needed('RELEASE_URL'),
    review: variables.REVIEW_URL || commit,
    datetime: gradedAt,
    graded_at: gradedAt,
    score: report.points,
    'max-score': report.possible,
    tests: [...cellTests(report), ...reflectionTests(report)].map(resultTest),
  });
}

function resultTest({ title, failure, points, possible }: ScoredTest) {
  return {
    'test-name': title,
    passed: failure === undefined,
    score: points,
    'max-score': possible,
    message: failure,
  };
}

function steps(rubric: Rubric): string {
  const files = studentFiles(rubric)
    .map((file) => `\`${file}\``)
    .join(' and ');
  return `# ${rubric.title}: Classroom 50

In this folder, \`bundle/\` grades a submission, students start from \`template/\`, and \`runtime.json\` requests
Node.js, the one thing that the bundle needs. Replace ORG, CLASSROOM and ASSIGNMENT with your own names.

1. Copy \`template/\` to a folder of its own, make that a repository (\`git init\`, commit), push it to
   \`ORG/ASSIGNMENT-template\`, and mark it as a template in its settings. It holds no workflow: Classroom 50 puts its own
   there, which grades what is submitted. To show students their worksheet at each push as well, in a second run that is
   billed, copy \`.github/\` and \`README.md\` of \`../student/\` into it.
2. Add the assignment, from this folder. With \`--submission-mode tag\` a run is started by what students submit, not by each
   push:

   \`\`\`sh
   gh teacher assignment add ORG CLASSROOM ASSIGNMENT --name "${rubric.title.replaceAll('"', "'")}" \\
     --template ORG/ASSIGNMENT-template --runtime runtime.json --submission-mode tag
   \`\`\`

3. In a clone of \`ORG/classroom50\`, copy everything in \`bundle/\` to \`CLASSROOM/autograders/ASSIGNMENT/\`, commit, and push.
4. Accept the assignment once yourself and submit the template as it is: its release says “Not started yet”,
   with 0 of ${rubric.possible} points.

The grader reads ${files} of a submission as data and runs nothing. The bundle of a protected classroom can be read by its
students, any other by anybody who knows its address: so the key in it is sealed, but a script that guesses can still open it.
To correct grades, release again, copy the new bundle over the old one, and regrade.
`;
}
