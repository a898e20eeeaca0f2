import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import { gradeFolder } from '../grade';
import { chooseKey } from '../key/choose';
import { hasSolution } from '../key/solution';
import { coloursShow } from '../report/colour';
import { json } from '../report/escape/json';
import { lines, plain, type TerminalText } from '../report/escape/terminal';
import { renderTerminal } from '../report/terminal';
import { testsOf } from '../report/tests';
import { loadRubric } from '../rubric/load';
import { reportName, runName } from './left';
import type { Run } from './run';

/**
 * Grades the course's own `assignment/` and leaves two files in an empty folder: the Report, and what
 * the suite and the reporter show. Where grading cannot be done there is no Report.
 */
export async function gradeAndLeave(courseRoot: string, folder: string): Promise<void> {
  const leave = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  try {
    const rubric = loadRubric(courseRoot);
    const report = await gradeFolder(courseRoot, rubric, chooseKey(courseRoot, rubric));
    const sheet = renderTerminal(report, rubric, { colour: coloursShow() });
    const text = hasSolution(courseRoot) && report.started ? lines([sheet, keyIsOpen, plain('')]) : sheet;
    leave(runName, JSON.stringify({ text, tests: testsOf(report, rubric) } satisfies Run));
    leave(reportName, `${json(report)}\n`);
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    const text = lines(error.message.split('\n').map(plain));
    leave(
      runName,
      JSON.stringify({
        text,
        tests: [{ title: 'The worksheet can be graded', failure: text }],
      } satisfies Run),
    );
  }
}

/** Said where somebody works on answers beside the key, as in a repository made of the instructor's own. */
const keyIsOpen: TerminalText = lines(
  [
    'Beware: this repository holds solution/, so whoever works in it can read the',
    'answer key. Students get the copy that npm run release makes.',
  ].map(plain),
);
