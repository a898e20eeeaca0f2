import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../../command';
import { type Course, loadCourse } from '../../course';
import { GraderError } from '../../message';
import { jsonFile } from '../../render/escape/json';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import {
  copyFile,
  graderFolder,
  graderRoot,
  listFiles,
  readText,
  resolvePath,
  writeFile,
} from '../../system/files';
import { npmCli } from '../../system/packages';
import { sizesOf } from '../check/fair-sizes';
import { fixturesOf, writeGenerated } from '../generate/generate';

const template = path.join(graderFolder, 'authoring', 'new', 'template');

export const configureNew: Configure = (command, context) =>
  command
    .argument('<folder>', 'where to make it: a new folder, or an empty one')
    .option(
      '--from <course>',
      'the course whose worksheet it begins with, such as . for this one',
      fromCaller,
    )
    .addHelpText('after', '\nExit status: 0 when it is made; 2 when it could not be.')
    .action((named: string, { from }: { from?: string }) => makeCourse(context, fromCaller(named), from));

async function makeCourse(context: Context, folder: string, from?: string): Promise<void> {
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
  // A faulty course is refused before anything is written.
  const course = from === undefined ? undefined : loadCourse(from, false);
  for (const file of listFiles(template)) if (!course || !isWorksheet(file)) copyFile(template, folder, file);
  const packages = course ? copyWorksheet(course, folder) : {};
  writeFile(folder, 'package.json', jsonFile(packageFile(realpathSync(folder), packages)));
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

const isWorksheet = (file: string) => file === 'rubric.yaml' || file.startsWith('solution/');

/**
 * Copies the sources of a worksheet: all but what is generated and the tests.
 *
 * @returns the packages that they import, with their versions.
 */
function copyWorksheet(course: Course, folder: string): Record<string, string> {
  const { root } = course;
  const given = [...sizesOf(course), ...fixturesOf(course)].flatMap((sizes) =>
    Object.values(sizes.given ?? {}),
  );
  const named = given.filter((value) => typeof value === 'string' && existsSync(resolvePath(root, value)));
  const solution = listFiles(root, 'solution').filter((file) => !file.endsWith('.test.ts'));
  const files = [...solution, ...(named as string[])];
  for (const file of files) copyFile(root, folder, file);
  // An editor finds the schema where the grader is.
  const rubric = readText(root, 'rubric.yaml').replace(
    '$schema=grader/',
    '$schema=node_modules/worksheet-grader/grader/',
  );
  writeFile(folder, 'rubric.yaml', rubric);
  const texts = files.filter((file) => file.endsWith('.ts')).map((file) => readText(root, file));
  const imports = texts.flatMap((text) =>
    Array.from(text.matchAll(/\bfrom ['"]([^'"]+)['"]/g), ([, name]) => name),
  );
  const { dependencies, devDependencies } = JSON.parse(readText(root, 'package.json'));
  const packages: [string, string][] = Object.entries({ ...dependencies, ...devDependencies });
  return Object.fromEntries(packages.filter(([name]) => imports.includes(name)));
}

/** The package of a course, whose `node_modules/` links to this repository. */
function packageFile(folder: string, packages: Readonly<Record<string, string>>) {
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
    devDependencies: { ...packages, 'worksheet-grader': `file:${link}` },
  };
}
