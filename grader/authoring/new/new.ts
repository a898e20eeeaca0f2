import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../../command';
import { GraderError } from '../../error';
import { copyFile, graderRoot, jsonFile, listFiles, readText, writeFile } from '../../files';
import { graderFolder } from '../../place';
import { runScript } from '../../program';
import { escapeTerminal } from '../../render/escape/terminal';
import { writeGenerated } from '../generate/generate';
import { npmCli } from '../release/npm';

/** The package name that a course elsewhere uses for this repository, which its `node_modules/` links to. */
const linkName = 'worksheet-grader';

const template = path.join(graderFolder, 'authoring', 'new', 'template');

export const configureNew: Configure = (command, context) =>
  command
    .argument('<folder>', 'where to make it: a new folder, or an empty one')
    .addHelpText('after', '\nExit status: 0 when it is made; 2 when it could not be.')
    .action((named: string) => makeCourse(context, fromCaller(named)));

async function makeCourse(context: Context, folder: string): Promise<void> {
  const { print } = context;
  const say = (text: string) => print(escapeTerminal(text));
  assertFree(folder);
  const name = packageName(path.basename(folder));
  for (const file of listFiles(template)) {
    // The template has no dot in this name: npm and git would apply a .gitignore to this repository itself.
    if (file === 'gitignore') writeFile(folder, '.gitignore', readText(template, file));
    else copyFile(template, folder, file);
  }
  writeFile(folder, 'package.json', jsonFile(packageFile(name, realpathSync(folder))));
  say(`Made ${folder}. Installing its packages ...`);
  const { status, stderr } = await runScript([npmCli(), 'install', '--no-audit', '--no-fund'], {
    cwd: folder,
  });
  if (status !== 0)
    throw new GraderError(
      'folder',
      'install-failed',
      `npm install in ${folder} ended with status ${status}: ${stderr.trim().split('\n')[0]}`,
      'The files are there. Run npm install there, and then npm run generate.',
    );
  await writeGenerated({ ...context, courseRoot: folder, print: () => {} });
  const here = path.relative(process.env.INIT_CWD ?? '', folder) || '.';
  for (const line of [
    '',
    'Next:',
    `    1. cd ${quoted(here)}`,
    '    2. npm test, npm run check and npm run release pass as it is: try them.',
    '    3. Change rubric.yaml and solution/; README.md there says what belongs where. Then: npm run generate',
  ])
    say(line);
}

/** @throws {GraderError} if the folder is in use, or would be part of this repository. */
function assertFree(folder: string): void {
  const refuse = (code: string, reason: string) => {
    throw new GraderError('folder', code, `${folder} ${reason}, and is left as it is. Choose a new folder.`);
  };
  const [first] = path.relative(realpathSync(graderRoot), real(folder)).split(path.sep);
  if (first !== '..' && !path.isAbsolute(first ?? '') && first !== 'examples')
    refuse('new-in-this-repository', 'is a part of this repository');
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) refuse('new-is-a-file', 'is a file');
  const taken = readdirSync(folder).find((file) => file !== '.git');
  if (taken !== undefined) refuse('new-folder-in-use', `holds ${taken} already`);
}

/** The real path of a folder that may not exist yet. */
function real(folder: string): string {
  return existsSync(folder)
    ? realpathSync(folder)
    : path.join(real(path.dirname(folder)), path.basename(folder));
}

/** Turns the name of a folder into a valid npm package name. */
function packageName(folder: string): string {
  return (
    folder
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'worksheet'
  );
}

/** Quotes a path for the command line, if it needs quotes. */
function quoted(place: string): string {
  return /^[\w./\\:-]+$/.test(place) ? place : JSON.stringify(place);
}

interface PackageFile {
  readonly scripts: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** The commands of a course, which this repository runs. */
const commands = [
  ...['check', 'generate', 'hints', 'release', 'demo', 'grade', 'watch', 'autograde'],
  ...['grade:class', 'feedback:post', 'grade:merge'],
];

function packageFile(name: string, folder: string) {
  const { engines } = JSON.parse(readText(graderRoot, 'package.json')) as PackageFile;
  const link = path.relative(folder, realpathSync(graderRoot)).split(path.sep).join('/');
  return {
    name,
    version: '1.0.0',
    private: true,
    description: 'Describe this course assignment in one line; students get this line too.',
    engines,
    scripts: {
      test: 'worksheet autograde',
      ...Object.fromEntries(commands.map((command) => [command, `worksheet ${command}`])),
    },
    devDependencies: { [linkName]: `file:${link}` },
  };
}
