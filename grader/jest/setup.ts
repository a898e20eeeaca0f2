import type { Config } from 'jest';
import { GraderError } from '../error';
import { gradeFolder } from '../grade';
import { chooseKey } from '../key/choose';
import { coloursShow } from '../report/colour';
import { json } from '../report/escape/json';
import { lines, plain } from '../report/escape/terminal';
import { renderTerminal } from '../report/terminal';
import { testsOf } from '../report/tests';
import { loadRubric } from '../rubric/load';
import { clearRun, type Run, reportFile, runFile, writeWhole } from './run';

/** Grades once, before Jest starts a single test, and leaves the result for the suite and the reporter. */
export default async function setup(
  _: unknown,
  { rootDir }: Required<Pick<Config, 'rootDir'>>,
): Promise<void> {
  clearRun(rootDir);
  const run = await grade(rootDir);
  writeWhole(runFile(rootDir), JSON.stringify(run));
}

async function grade(root: string): Promise<Run> {
  try {
    const rubric = loadRubric(root);
    const report = await gradeFolder(root, rubric, chooseKey(root, rubric));
    writeWhole(reportFile(root), `${json(report)}\n`);
    return {
      text: renderTerminal(report, rubric, { colour: coloursShow() }),
      tests: testsOf(report, rubric),
    };
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    const text = lines(error.message.split('\n').map(plain));
    return { text, tests: [{ title: 'The worksheet can be graded', failure: text }] };
  }
}
