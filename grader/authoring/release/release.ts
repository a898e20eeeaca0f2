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
import { writeHosts } from './hosts';
import {
  changesSince,
  type Manifest,
  manifestName,
  manifestOf,
  pagePart,
  readManifest,
  studentPart,
} from './manifest';
import { commitRelease, releaseParts, startReleaseDraft } from './staging';
import { makeCopy, sealedKeyIn } from './students-copy';
import { costOf } from './triggers';

export const configureRelease: Configure = (command, context) =>
  command
    .option(
      '--out <folder>',
      `where to make ${releaseParts.map((part) => `${part}/`).join(', ')} (default: dist/ in this repository)`,
    )
    .option('--replace', 'replace a release that had another answer key or other points')
    .addHelpText(
      'after',
      '\nExit status: 0 when it released; 1 when a check failed; 2 when it could not. Unless it is 0, nothing was changed.',
    )
    .action((options: ReleaseOptions) => release(context, options));

interface ReleaseOptions {
  readonly out?: string;
  readonly replace?: boolean;
}

async function release(context: Context, { replace = false, ...options }: ReleaseOptions): Promise<void> {
  const { courseRoot, print } = context;
  const out = options.out === undefined ? path.join(courseRoot, 'dist') : fromCaller(options.out);
  assertOutsideCourse(courseRoot, out);
  const draft = startReleaseDraft(out);
  try {
    // Do not read this earlier: startReleaseDraft first recovers from a release that was killed.
    const last = readManifest(out);
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
    await Promise.all([
      writeHosts(course, copy, draft.folder),
      writePage(course, path.join(draft.folder, pagePart), sealedKeyIn(course, copy)),
    ]);
    const manifest = manifestOf(course, draft.folder);
    commitRelease(out, draft, manifest);
    const pageSize = statSync(path.join(out, pagePart, worksheetPageFile)).size;
    print(made(out, manifest, course, pageSize));
  } finally {
    draft.discard();
  }
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

function made(out: string, { files, selfCheck }: Manifest, course: Course, pageSize: number): TerminalText {
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
    `Made ${displayPath(path.join(pagePart, worksheetPageFile))}: the worksheet as one page, ${Math.round(pageSize / 1000)} kB, for students who install nothing.`,
    `    ${pageHasKey(course) ? 'It marks every cell, by the same sealed key' : 'It has no key: it tells what is missing, malformed or does not fit together, and marks nothing'}.`,
    ...bundledHosts.flatMap(({ id, bundled }) => {
      const [first, ...more] = bundled.releaseSummary(selfCheck);
      return [`Made ${displayPath(id)}: ${first}`, ...more.map((line) => `    ${line}`)];
    }),
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
