import { existsSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { compareWithRelease } from '../../class/grade-class';
import { type Configure, type Context, fromCaller } from '../../command';
import type { Course } from '../../course/course';
import {
  differencesFrom,
  manifestName,
  manifestOf,
  pagePart,
  readManifest,
  studentPart,
} from '../../course/released';
import { gradingPageFile, writeGradingPage } from '../../grading-page/grading-page';
import { bundledHosts } from '../../hosts/registry';
import { GraderError } from '../../message';
import { worksheetPageFile } from '../../page/worksheet-page';
import { jsonFile } from '../../render/escape/json';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import { fileDigest, listFiles, systemFiles, writeFile } from '../../system/files';
import { joinNames } from '../../system/lists';
import { removeFolder, rename, startDraft, unwritable } from '../../system/lock';
import { runAndPrint } from '../check/check';

export const configureRelease: Configure = (command, context) =>
  command
    .option('--out <folder>', 'where to make the release (default: dist/ in this repository)')
    .option('--replace', 'replace a release that had another answer key or other points')
    .addHelpText(
      'after',
      '\nExit status: 0 when it released; 1 when a check failed; 2 when it could not. With 1, nothing was changed.',
    )
    .action(({ out, replace = false }: { out?: string; replace?: boolean }) => {
      const named = out === undefined ? path.join(context.courseRoot, 'dist') : fromCaller(out);
      return release(context, existsSync(named) ? realpathSync(named) : named, replace);
    });

async function release(context: Context, out: string, mayReplace: boolean): Promise<void> {
  const { print } = context;
  let draft: ReturnType<typeof openRelease> | undefined;
  try {
    draft = openRelease(out);
    const course = await runAndPrint(context, draft.folder);
    if (!course) {
      context.status = 1;
      return print(escapeTerminal('Nothing is released. Fix what failed, and run this again.'));
    }
    if (!mayReplace) assertSameGrades(course, out);
    writeFile(draft.folder, manifestName, jsonFile(manifestOf(course, draft.folder)));
    draft.commit();
    writeGradingPage(course, instructorFolder(out), compareWithRelease(course, { release: out }));
    const made = summary(path.relative('', out), course);
    print(lines(['', ...made].map(escapeTerminal)));
  } catch (error) {
    throw unwritable(out, error);
  } finally {
    draft?.discard();
  }
}

/** The folder beside a release for files that contain the whole key. */
export const instructorFolder = (out: string) => `${out}-instructor`;

/** Says what was made, and what to do with it. */
function summary(out: string, { rubric: { selfCheck } }: Course): string[] {
  const marks = selfCheck === 'scored' ? 'marks every cell' : 'says what is missing, and marks nothing';
  return [
    `Released to ${out}:`,
    `    ${studentPart}/: the repository for students. Its npm test ${marks}.`,
    `    ${pagePart}/${worksheetPageFile}: the worksheet for students who install nothing.`,
    ...bundledHosts.map(({ id, bundled }) => `    ${id}/: ${bundled.releaseSummary(selfCheck)}`),
    `Beside it, for you alone: ${path.join(instructorFolder(out), gradingPageFile)}, a page to grade a class in without Node.js. It holds every answer.`,
    `Keep ${path.join(out, manifestName)}: grade:class compares with it.`,
    `Next, for Canvas and Moodle: open ${path.join(out, pagePart, worksheetPageFile)}, see what students see, and add it to your course.`,
    `For GitHub: run npm ci and npm test in ${path.join(out, studentPart)}, then copy it, without node_modules, push that, and make it a template.`,
  ];
}

/** Refuses to change grades: students who have the earlier release can only be graded with its `release.json`. */
function assertSameGrades(course: Course, out: string): void {
  const last = readManifest(out);
  const changes = last ? differencesFrom(last, course).grades : [];
  if (changes.length === 0) return;
  throw new GraderError(
    'folder',
    'other-grades-released',
    `The release in ${out} would give other grades than this one:`,
    ...changes.map((change) => `    ${change}`),
    'If students have it, keep it: npm run release -- --out <folder>. If nobody has it, add --replace. Nothing was changed.',
  );
}

/**
 * Starts a release beside its final place, which holds the earlier release or the new one, never half of either. Puts
 * back the earlier release if a killed run moved it away, and deletes the rest of what that run left.
 *
 * @returns an empty folder to make it in. `commit` puts that in its place, unless somebody has worked there meanwhile;
 *   `discard` removes what is not in place.
 * @throws {GraderError} if another release is running there, something is in the way that no release made, or nothing
 *   can be written.
 */
export function openRelease(out: string) {
  const [made, earlier] = [path.join(`${out}.new`, 'release'), path.join(`${out}.new`, 'earlier')];
  const draft = startDraft(out, `Another release is made in ${out}`, (folder) => {
    if (!existsSync(out) && existsSync(earlier)) rename(earlier, out);
    removeFolder(folder);
    assertReleased(out, out);
    mkdirSync(made, { recursive: true });
  });
  const commit = () => draft.commit(made, earlier, () => assertReleased(out, earlier));
  return { folder: made, commit, discard: draft.discard };
}

/** Whether a file in a release is left over from installing, grading or browsing; a new release may delete it. */
const isLeftover = (file: string) =>
  /(?:^|\/)(?:node_modules|\.graded)(?:\/|$)/.test(file) || systemFiles.includes(path.posix.basename(file));

/**
 * Refuses to replace anything except an empty folder, or one that is exactly as a release left it.
 *
 * @param folder where it is now; messages name the place where it belongs.
 */
function assertReleased(out: string, folder: string): void {
  if (!existsSync(folder)) return;
  const released = readManifest(folder)?.files;
  const otherFiles = listFiles(folder).filter(
    (file) =>
      file !== manifestName &&
      !isLeftover(file) &&
      !(lstatSync(path.join(folder, file)).isFile() && released?.[file] === fileDigest(folder, file)),
  );
  if (otherFiles.length === 0) return;
  throw new GraderError(
    'folder',
    'release-holds-other-files',
    `${out} holds ${joinNames(otherFiles, 1)}, which is not as a release made it. It was not changed. Move it away, or choose another folder: npm run release -- --out <folder>`,
  );
}
