import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../../command';
import type { Course } from '../../course';
import { GraderError } from '../../error';
import { listFiles } from '../../files';
import { bundledHosts } from '../../hosts/registry';
import { pageHasKey, worksheetPageFile, writePage } from '../../page/page';
import { escapeTerminal, lines, type TerminalText } from '../../render/escape/terminal';
import { runAndPrint } from '../check/check';
import { graderRepoPart, writeGraderRepo } from './grader-repo';
import { writeHosts } from './hosts';
import {
  changesSince,
  correctionsSince,
  type Manifest,
  manifestName,
  manifestOf,
  otherThanPublished,
  pagePart,
  readManifest,
  studentPart,
} from './manifest';
import { commitRelease, releaseParts, startReleaseDraft } from './staging';
import { makeCopy, sealedKeyIn, writeWorkflow } from './students-copy';
import { costOf, costOfRun } from './triggers';

export const configureRelease: Configure = (command, context) =>
  command
    .option(
      '--out <folder>',
      `where to make ${releaseParts.map((part) => `${part}/`).join(', ')} (default: dist/ in this repository)`,
    )
    .option('--replace', 'replace a release that had another answer key or other points')
    .option(
      '--earlier <folder>',
      'the folder with the release.json that students started from, if not that of --out',
    )
    .addHelpText(
      'after',
      '\nExit status: 0 when it released; 1 when a check failed; 2 when it could not. Unless it is 0, nothing was changed.',
    )
    .action((options: ReleaseOptions) => release(context, options));

interface ReleaseOptions {
  readonly out?: string;
  readonly replace?: boolean;
  readonly earlier?: string;
}

async function release(context: Context, { replace = false, ...options }: ReleaseOptions): Promise<void> {
  const { courseRoot, print } = context;
  const out = options.out === undefined ? path.join(courseRoot, 'dist') : fromCaller(options.out);
  assertOutsideCourse(courseRoot, out);
  const named = options.earlier === undefined ? undefined : earlierRelease(options.earlier);
  const draft = startReleaseDraft(out);
  try {
    // Do not read this earlier: startReleaseDraft first recovers from a release that was killed.
    const last = readManifest(out);
    const earlier = named ?? last;
    const copy = path.join(draft.folder, studentPart);
    const course = await runAndPrint(context, copy);
    if (!course) {
      print(escapeTerminal('Nothing is released. Fix what failed, and run this again.'));
      context.status = 1;
      return;
    }
    if (last && !replace) assertSameGrades(course, out, last);
    // Checks that passed before are not run again, and then there is no copy yet.
    if (listFiles(copy).length === 0) await makeCopy(course, copy);
    const date = new Date().toISOString().slice(0, 10);
    const otherGrades = earlier ? otherThanPublished(earlier, course) : [];
    const isSuccessor = earlier?.lineage !== undefined && otherGrades.length === 0;
    const lineage = isSuccessor ? earlier.lineage : randomBytes(16).toString('hex');
    // The last published release may have corrections that the release of the students does not have.
    const published = last?.lineage === lineage ? last : earlier;
    const corrections = isSuccessor && published ? correctionsSince(published, course, date) : [];
    writeWorkflow(course, copy, lineage);
    await Promise.all([
      writeHosts(course, copy, draft.folder),
      writePage(course, path.join(draft.folder, pagePart), sealedKeyIn(course, copy)),
    ]);
    if (otherGrades.length === 0)
      writeGraderRepo(course, copy, path.join(draft.folder, graderRepoPart), { date, corrections, lineage });
    const manifest = manifestOf(course, draft.folder, { corrections, lineage });
    commitRelease(out, draft, manifest);
    const pageSize = statSync(path.join(out, pagePart, worksheetPageFile)).size;
    print(made(out, manifest, course, pageSize, otherGrades, isSuccessor));
  } finally {
    draft.discard();
  }
}

/**
 * Reads the release that students have, if it is not in the output folder of this one.
 *
 * @throws {GraderError} if there is none.
 */
function earlierRelease(named: string): Manifest {
  const folder = fromCaller(named).replace(/[\\/]release\.json$/, '');
  const earlier = readManifest(folder);
  if (earlier) return earlier;
  throw new GraderError(
    'folder',
    'no-earlier-release',
    `${folder} holds no release.json that can be read. Give the folder of the release that students have.`,
  );
}

/** Refuses to change grades: students who have the earlier release can only be graded by its `release.json`. */
function assertSameGrades(course: Course, out: string, last: Manifest): void {
  const changes = changesSince(last, course).grades;
  if (changes.length === 0) return;
  throw new GraderError(
    'folder',
    'other-grades-released',
    `The release in ${out} would give other grades than this one:`,
    ...changes.map((change) => `    ${change}`),
    'If students have it, keep it: npm run release -- --out <folder>. If nobody has it, add --replace. Nothing was changed.',
  );
}

/** Refuses an output folder inside the course, other than dist/ or out/: a release would be in the way there. */
function assertOutsideCourse(courseRoot: string, out: string): void {
  const real = (folder: string) => (existsSync(folder) ? realpathSync(folder) : folder);
  const steps = path.relative(real(courseRoot), real(out)).split(path.sep);
  const isInside = steps[0] !== '..' && !path.isAbsolute(steps.join(path.sep));
  if (isInside && !['dist', 'out'].includes(steps[0] ?? '')) {
    throw new GraderError(
      'folder',
      'out-in-course',
      `${out} is part of the course. Choose dist, out, or a folder elsewhere: npm run release -- --out <folder>`,
    );
  }
}

function made(
  out: string,
  { files, selfCheck, corrections = [] }: Manifest,
  course: Course,
  pageSize: number,
  otherGrades: readonly string[],
  isSuccessor: boolean,
): TerminalText {
  const displayPath = (name: string) => path.join(path.relative('', out) || '.', name);
  const student = displayPath(studentPart);
  const count = Object.keys(files).filter((file) => file.startsWith(`${studentPart}/`)).length;
  const modes = {
    scored: 'scored. npm test there marks every cell; its key shows nothing, but can be guessed',
    form: 'form. npm test there shows what is missing or malformed, and marks nothing',
  };
  const text = [
    '',
    `Made ${student}: the students' copy, ${count} files.`,
    `    self_check: ${modes[selfCheck]}.`,
    `    ${costOf(course)}`,
    `    ${costOfRun(course)}`,
    `Made ${displayPath(path.join(pagePart, worksheetPageFile))}: the worksheet as one page, ${Math.round(pageSize / 1000)} kB, for students who install nothing.`,
    `    ${pageHasKey(course) ? 'It marks every cell, by the same sealed key' : 'It has no key: it tells what is missing, malformed or does not fit together, and marks nothing'}.`,
    ...bundledHosts.flatMap(({ id, bundled }) => {
      const [first, ...more] = bundled.releaseSummary(selfCheck);
      return [`Made ${displayPath(id)}: ${first}`, ...more.map((line) => `    ${line}`)];
    }),
    ...(otherGrades.length === 0
      ? [
          `Made ${displayPath(graderRepoPart)}: the grader as an action, for a repository of your organization.`,
          isSuccessor
            ? '    Copies of the earlier release accept it.'
            : '    Only copies of this release accept it. If students have an earlier one, give its folder with --earlier.',
          ...(corrections.length > 0 ? ['    It tells students which hints were corrected, and when.'] : []),
        ]
      : [
          `No ${displayPath(graderRepoPart)}, for students who have the earlier release would get other grades:`,
          ...otherGrades.map((change) => `    ${change}`),
        ]),
    `Made ${displayPath(manifestName)}: what all this was made of. It stays with you.`,
    '',
    'Next:',
    `    1. See what students see: in ${student}, run npm ci and npm test.`,
    '    2. Copy it to a folder of its own, without node_modules; there git init, commit, push.',
    '    3. Mark that repository as a template, or give it to your host as starter code.',
    `    4. Keep ${displayPath(manifestName)}: grading compares with it.`,
    `    5. For students who install nothing, upload ${displayPath(path.join(pagePart, worksheetPageFile))} where they find it.`,
  ];
  return lines(text.map(escapeTerminal));
}
