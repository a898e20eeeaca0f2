import { statSync } from 'node:fs';
import { readText, resolvePath } from '../../files';
import { gradeFolder } from '../../grading/context';
import type { Report } from '../../grading/report.schema';
import { gradedCells, locationText, outcomes } from '../../render/status';
import { makeFixtures, referenceFolder } from '../generate/fixtures';
import { blankFolder, type Difference, differences, generate } from '../generate/generate';
import { handoutTemplate, numbersByHand } from '../generate/template';
import { filesLinkedFrom, workflowsLinkedFrom } from '../release/students-copy';
import { type Check, type Finding, failed, note } from './finding';

export const generatedCheck: Check = {
  claim: 'Stub, handout, fixtures and schemas are what rubric.yaml and solution/ give',
  async find(course) {
    const { files, notes } = await generate(course);
    const blankFile = `${blankFolder}/fixture.yaml`;
    const hasBlank = statSync(resolvePath(course.root, blankFile), quiet) !== undefined;
    return [
      ...(hasBlank
        ? []
        : [
            failed(
              'blank-fixture-missing',
              `${blankFile} is missing. Write it with the line start: stub, because students get that stub.`,
            ),
          ]),
      ...outOfDate(course.root, differences(course.root, files)),
      ...numbersByHand(readText(course.root, handoutTemplate)).map(({ line, column, number }) =>
        failed(
          'handout-number-by-hand',
          `${handoutTemplate}:${line}:${column}: ${number} is typed by hand. Refer to it by name, as in {{ name }}: see docs/write-a-worksheet.md.`,
        ),
      ),
      ...notes.map((text) => note('generator-note', text)),
    ];
  },
};

const quiet = { throwIfNoEntry: false } as const;

/** Reports the first few out-of-date files in one finding. */
function outOfDate(root: string, found: readonly Difference[]): Finding[] {
  if (found.length === 0) return [];
  const listed = found.slice(0, 3).map(({ file, line }) => {
    const isThere = statSync(resolvePath(root, file), quiet) !== undefined;
    const what = !isThere ? 'is missing' : line === undefined ? 'is left over' : 'differs';
    const where = line === undefined ? '' : ` from what rubric.yaml and solution/ give (line ${line})`;
    return `${file} ${what}${where}.`;
  });
  const more = found.length - listed.length;
  const lines = [
    ...listed,
    ...(more > 0 ? [`${more} more ${more === 1 ? 'file is' : 'files are'} out of date.`] : []),
  ];
  return [failed('generated-out-of-date', `${lines.join('\n')} Run npm run generate.`)];
}

export const referenceCheck: Check = {
  claim: 'The reference earns every point',
  async find(course) {
    const { root, rubric, key } = course;
    const report = await gradeFolder(resolvePath(root, referenceFolder), rubric, key);
    if (report.points === rubric.possible) return [];
    const { files } = await makeFixtures(course);
    const own = Object.entries(files).filter(([file]) => file.startsWith(`${referenceFolder}/`));
    const made = new Map(own.map(([file, content]) => [file, Buffer.from(content)]));
    const advice =
      differences(root, made).length > 0
        ? 'Its files are out of date, so run npm run generate first.'
        : 'Correct its fixture.yaml, or the key, if that is what is wrong.';
    const earned = `${referenceFolder} earns ${report.points} of ${rubric.possible}`;
    return [failed('reference-short', `${earned}: ${lost(report)} ${advice}`)];
  },
};

/** The first reason why a report does not earn full points. */
function lost(report: Report): string {
  const { problems, reflection } = report;
  const cell = gradedCells(report).find(({ outcome }) => outcome !== 'correct');
  const reason = problems[0]?.reason ?? (cell ? undefined : reflection?.reason);
  if (reason) return reason.text;
  if (!cell) return 'the reflection.';
  const place = cell.location ? ` (${locationText(cell.location)})` : '';
  return `${cell.label} is ${outcomes[cell.outcome].word}${place}.`;
}

export const linksCheck: Check = {
  claim: "The students' copy has every file that the handout links to",
  find(_course, copy) {
    const handout = readText(copy, 'README.md');
    const workflows = workflowsLinkedFrom(handout).map((name) => `.github/workflows/${name}`);
    return [...filesLinkedFrom(handout), ...workflows]
      .filter((file) => !statSync(resolvePath(copy, file), quiet)?.isFile())
      .map((file) =>
        failed(
          'handout-link',
          `${handoutTemplate} links to ${file}, which students do not get. Remove the link, or put the file into assignment/.`,
        ),
      );
  },
};
