import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { gradeAll } from '../../class/command';
import { hasGit } from '../../class/histories/git';
import { readRoster } from '../../class/members/roster';
import { openClass } from '../../class/open-class';
import { writeResults } from '../../class/outputs';
import { overridesFile, withTables } from '../../class/results/by-hand';
import { type Configure, type Context, fromCaller } from '../../command';
import { loadCourse, withDeadline } from '../../course';
import { GraderError } from '../../error';
import { writeFile } from '../../files';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import { due, writeClass } from './sample';

export const configureDemo: Configure = (command, context) =>
  command
    .option('--out <folder>', 'where to make it (default: demo/ in this repository)')
    .action(async ({ out }: { out?: string }) => {
      const folder = out === undefined ? path.join(context.courseRoot, 'demo') : fromCaller(out);
      takeFolder(folder);
      await makeDemo(context, folder);
    });

/** Makes a class in an empty folder and grades it. */
async function makeDemo(context: Context, folder: string): Promise<void> {
  const isGitThere = hasGit();
  const course = withDeadline(loadCourse(context.courseRoot), isGitThere ? due : undefined);
  const { root, roster, overrides } = writeClass(course, folder, isGitThere);
  const out = path.join(folder, 'out');
  writeFile(out, overridesFile, overrides);
  await writeResults(context, course, { out }, async (place) => {
    const { members, run } = await openClass(course, [root], place, { roster: readRoster(roster) });
    // This class was given no release, so there is none to compare with.
    return withTables({ ...run, notes: [] }, await gradeAll(members, run), place);
  });
  const next = [
    isGitThere
      ? `This class had to hand in by ${due.due} (${due.timezone}). Grade your own, with a deadline in rubric.yaml if you like:`
      : 'git is not installed, so this class has no histories: no lateness and no first answers. Grade your own:',
    '    npm run grade:class -- <folder with one folder per student> --roster <roster.csv>',
  ];
  context.print(lines(['', ...next].map(escapeTerminal)));
}

/** The file that marks a folder as the demo's own, so that it may be made anew. */
const markFile = 'demo.json';

/** @throws {GraderError} if the folder holds anything and no demo made it. */
function takeFolder(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const text = `${folder} holds files that no demo put there. It was not changed. Choose another folder: npm run demo -- --out <folder>`;
  if (names.length > 0 && !names.includes(markFile))
    throw new GraderError('folder', 'demo-holds-other-files', text);
  rmSync(folder, { recursive: true, force: true });
  const about = 'A sample class. npm run demo makes this folder anew, with all that is in it.';
  writeFile(folder, markFile, `${JSON.stringify({ about })}\n`);
}
