import { statSync } from 'node:fs';
import { gradeFolder } from '../../../grading/context';
import type { Report } from '../../../grading/report.schema';
import { gradedCells, locationText, outcomes } from '../../../render/status';
import { readText, resolvePath } from '../../files';
import { referenceFolder } from '../generate/fixtures';
import { differences, generate, handoutTemplate } from '../generate/generate';
import { linkedFiles, linkedWorkflows } from '../release/copy';
import { type Check, failed, note } from './finding';

export const generated: Check = {
  promise: 'Stub, handout, fixtures and schemas are what rubric.yaml and solution/ give',
  async find(course) {
    const { files, notes } = await generate(course);
    return [
      ...differences(course.root, files).map(({ file, line }) => {
        const isThere = statSync(resolvePath(course.root, file), quiet) !== undefined;
        const what = !isThere ? 'is missing' : line === undefined ? 'is left over' : 'differs';
        const where = line === undefined ? '' : ` from what rubric.yaml and solution/ give (line ${line})`;
        return failed(`${file} ${what}${where}. Run npm run generate.`);
      }),
      ...notes.map(note),
    ];
  },
};

const quiet = { throwIfNoEntry: false } as const;

export const reference: Check = {
  promise: 'The reference earns every point',
  async find({ root, rubric, key }) {
    const report = await gradeFolder(resolvePath(root, referenceFolder), rubric, key);
    if (report.points === rubric.possible) return [];
    const earned = `${referenceFolder} earns ${report.points} of ${rubric.possible}`;
    return [
      failed(`${earned}: ${lost(report)}. Correct its fixture.yaml, or the key, if that is what is wrong.`),
    ];
  },
};

/** The first reason why a report is not full. */
function lost(report: Report): string {
  const { problems, reflection } = report;
  const cell = gradedCells(report).find(({ outcome }) => outcome !== 'correct');
  const reason = problems[0]?.reason ?? (cell ? undefined : reflection?.reason);
  if (reason) return reason.text.replace(/\.$/, '');
  if (!cell) return 'the reflection';
  const place = cell.location ? ` (${locationText(cell.location)})` : '';
  return `${cell.label} is ${outcomes[cell.outcome].word}${place}`;
}

export const links: Check = {
  promise: "The students' copy has every file that the handout links to",
  find(_course, copy) {
    const handout = readText(copy, 'README.md');
    const workflows = linkedWorkflows(handout).map((name) => `.github/workflows/${name}`);
    return [...linkedFiles(handout), ...workflows]
      .filter((file) => !statSync(resolvePath(copy, file), quiet)?.isFile())
      .map((file) =>
        failed(
          `${handoutTemplate} links to ${file}, which students do not get. Remove the link, or put the file into assignment/.`,
        ),
      );
  },
};
