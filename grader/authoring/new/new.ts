import { spawnSync } from 'node:child_process';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../../command';
import { GraderError } from '../../message';
import { jsonFile } from '../../render/escape/json';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import { copyFile, graderFolder, graderRoot, listFiles, readText, writeFile } from '../../system/files';
import { npmCli } from '../../system/packages';
import { writeGenerated } from '../generate/generate';

const template = path.join(graderFolder, 'authoring', 'new', 'template');

export const configureNew: Configure = (command, context) =>
  command
    .argument('<folder>', 'where to make it: a new folder, or an empty one')
    .addHelpText('after', '\nExit status: 0 when it is made; 2 when it could not be.')
    .action((named: string) => makeCourse(context, fromCaller(named)));

async function makeCourse(context: Context, folder: string): Promise<void> {
  const print = (...texts: string[]) => context.print(lines(texts.map(escapeTerminal)));
  const found = statSync(folder, { throwIfNoEntry: false });
  const taken = found?.isDirectory()
    ? readdirSync(folder).find((name) => name !== '.git')
    : found && 'it is a file';
  if (taken !== undefined)
    throw new GraderError(
      'folder',
      'new-folder-in-use',
      `${folder} is in use (${taken}), and is left as it is. Choose a new folder.`,
    );
  for (const file of listFiles(template)) copyFile(template, folder, file);
  writeFile(folder, 'package.json', jsonFile(packageFile(realpathSync(folder))));
  print(`Made ${folder}. Installing its packages ...`);
  const args = [npmCli(), 'install', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0)
    throw new GraderError(
      'folder',
      'install-failed',
      `npm install in ${folder} ended with status ${status}: ${stderr.trim().split('\n')[0]}`,
      'The files are there. Run npm install there, and then npm run generate.',
    );
  await writeGenerated({ ...context, courseRoot: folder, print: () => {} });
  print(
    '',
    'Next:',
    `    1. cd "${path.relative(process.env.INIT_CWD ?? '', folder) || '.'}"`,
    '    2. npm test, npm run check and npm run release pass as it is: try them.',
    '    3. Change rubric.yaml and solution/; README.md there says what belongs where. Then: npm run generate',
  );
}

/** The package of a course, whose `node_modules/` links to this repository. */
function packageFile(folder: string) {
  const words = path
    .basename(folder)
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ['worksheet'];
  const { engines } = JSON.parse(readText(graderRoot, 'package.json')) as { engines: unknown };
  const link = path.relative(folder, realpathSync(graderRoot)).split(path.sep).join('/');
  return {
    name: words.join('-'),
    ...JSON.parse(readText(template, 'package.json')),
    engines,
    devDependencies: { 'worksheet-grader': `file:${link}` },
  };
}
