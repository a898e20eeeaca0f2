import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadCriteria } from '../criteria';
import { GraderError } from '../error';
import { gradeFolder } from '../grade';
import { hasSolution } from '../key/solution';
import { reportName, runName } from './left';
import type { Run } from './run';

/**
 * Grades the course's own `assignment/` and leaves two files in an empty folder: the Report, and what
 * the suite and the reporter show. Where grading cannot be done there is no Report.
 *
 * @param unwritable why nothing can be left in the course itself.
 */
export async function gradeAndLeave(
  courseRoot: string,
  folder: string,
  unwritable: string | undefined,
): Promise<void> {
  const leave = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  const leaveRun = (run: Run) => leave(runName, JSON.stringify(run));
  try {
    const { rubric, key } = loadCriteria(courseRoot);
    const grading = gradeFolder(courseRoot, rubric, key);
    // A sealed key is opened in other threads. Meanwhile there is time to load what shows the result.
    const show = loadShow();
    const report = await grading;
    const besideKey = hasSolution(courseRoot);
    const run = show.run(report, rubric, { besideKey, unwritable });
    leave(reportName, show.report(report));
    leaveRun(run);
    // Last, so that no host is told of points that a failure above would take back.
    leaveRun(show.withHosts(run, report, rubric, { besideKey, folder, unwritable }));
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    leaveRun(loadShow().refusal(error, { folder, unwritable }));
  }
}

function loadShow(): typeof import('./show') {
  return require('./show');
}
