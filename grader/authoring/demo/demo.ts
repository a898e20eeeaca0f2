import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gradeAll } from '../../class/command';
import { hasGit } from '../../class/histories/git';
import { openClass } from '../../class/open-class';
import { overridesFile, withOverrides } from '../../class/results/by-hand';
import { writeResults } from '../../class/write-results';
import { type Configure, type Context, fromCaller } from '../../command';
import { loadCourse, withDeadline } from '../../course';
import { GraderError } from '../../error';
import { writeFile } from '../../files';
import { holdLock } from '../../lock';
import { worksheetPageFile, writePage } from '../../page/page';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import { pagePart } from '../release/manifest';
import { keyForStudents } from '../release/seal';
import { due, writeClass } from './sample';

export const configureDemo: Configure = (command, context) =>
  command
    .option('--out <folder>', 'where to make it (default: dist/demo/ in this repository)')
    .action(async ({ out }: { out?: string }) => {
      const folder = out === undefined ? path.join(context.courseRoot, 'dist', 'demo') : fromCaller(out);
      mkdirSync(path.dirname(folder), { recursive: true });
      const lock = holdLock(`${folder}.lock`, `Another demo is made in ${folder}`);
      try {
        takeFolder(folder);
        await makeDemo(context, folder);
      } finally {
        lock.release();
      }
    });

/** Makes a class in an empty folder and grades it. */
async function makeDemo(context: Context, folder: string): Promise<void> {
  const started = new Date();
  const isGitThere = await hasGit();
  const course = withDeadline(loadCourse(context.courseRoot), isGitThere ? due : undefined);
  const { root, roster, overrides } = writeClass(course, folder, isGitThere);
  const out = path.join(folder, 'out');
  const page = path.join(folder, pagePart);
  await writePage(course, page, await keyForStudents(course));
  writeFile(out, overridesFile, overrides);
  await writeResults(context, course, { out }, async (place) => {
    const { members, people, run, ...opened } = await openClass(course, [root], place, { roster });
    const computed = await gradeAll(members, run);
    const set = withOverrides(computed, place, people, course.rubric.possible);
    // This class was given no release, so there is none to compare with.
    return { ...opened, ...set, people, notes: [], comments: new Map(), started };
  });
  const here = (file: string) => path.join(path.relative('', file) || '.');
  const next = [
    '',
    `The page for students who install nothing: ${here(path.join(page, worksheetPageFile))}`,
    '',
    isGitThere
      ? `This class had to hand in by ${due.due} (${due.timezone}). Grade your own, with a deadline in rubric.yaml if you like:`
      : 'git is not installed, so this class has no histories: no lateness and no first answers. Grade your own:',
    '    npm run grade:class -- <folder with one folder per student> --roster <roster.csv>',
  ];
  context.print(lines(next.map(escapeTerminal)));
}

/** The file that marks a folder as the demo's own, so that it may be made anew. */
const markFile = 'demo.json';

const ours = /^(?:demo\.json|worksheet-submissions|page|roster\.csv|out(?:\..+)?|\.DS_Store|Thumbs\.db)$/;

/** @throws {GraderError} if the folder holds anything that no demo put there. */
function takeFolder(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const isOurs = names.length === 0 || (names.includes(markFile) && names.every((name) => ours.test(name)));
  if (!isOurs)
    throw new GraderError(
      'folder',
      'demo-holds-other-files',
      `${folder} holds files that no demo put there. It was not changed. Choose another folder: npm run demo -- --out <folder>`,
    );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(
    path.join(folder, markFile),
    `${JSON.stringify({ about: 'A sample class. npm run demo makes this folder anew.' })}\n`,
  );
}
