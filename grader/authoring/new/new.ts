import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Configure, type Context, fromCaller } from '../../command';
import { givenAgain } from '../../course/ask-again';
import { loadCourse } from '../../course/course';
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
import { npmCli, type PackageFile, packageIn } from '../../system/packages';
import { fixturesOf, writeGenerated } from '../generate/generate';
import { templateTexts } from '../template';

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
  const existing = statSync(folder, { throwIfNoEntry: false });
  const taken = existing?.isDirectory()
    ? readdirSync(folder).find((name) => name !== '.git')
    : existing && 'it is a file';
  if (taken !== undefined)
    throw new GraderError(
      'folder',
      'new-folder-in-use',
      `${folder} is in use (${taken}), and is left as it is. Choose a new folder.`,
    );
  // A course that cannot be copied is refused before anything is written.
  const sources = from === undefined ? undefined : sourcesOf(from);
  for (const [file, text] of templateTexts(template))
    if (!sources || !isWorksheet(file)) writeFile(folder, file, text);
  if (sources) {
    for (const file of sources.files) copyFile(sources.root, folder, file);
    writeFile(folder, rubricFile, sources.rubric);
  }
  writeFile(folder, 'package.json', jsonFile(packageFile(realpathSync(folder), sources)));
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
    '    2. Try npm test, npm run check and npm run release.',
    '    3. Change rubric.yaml and solution/; README.md there says what belongs where. Then: npm run generate',
  );
}

const rubricFile = 'rubric.yaml';
const isWorksheet = (file: string) => file === rubricFile || file.startsWith('solution/');

/**
 * Sources that a new course takes from another: all of the solution but its tests, the files that sizes name, its
 * rubric and description, and the packages that the solution imports, with their versions.
 *
 * @throws {GraderError} if it is no course, or a file of it cannot be copied.
 */
function sourcesOf(root: string) {
  if (!existsSync(resolvePath(root, rubricFile)))
    throw new GraderError('folder', 'no-course', `--from ${root} is no course: it has no ${rubricFile}.`);
  const course = loadCourse(root, false);
  const isFile = (file: string) =>
    statSync(resolvePath(root, file), { throwIfNoEntry: false })?.isFile() === true;
  const sizes = [course.rubric.given, givenAgain(course), ...fixturesOf(course).map(({ given }) => given)];
  const given = sizes.flatMap((values = {}) => Object.values(values));
  const named = given.flatMap((value) =>
    typeof value === 'string' && isFile(value) ? path.posix.normalize(value) : [],
  );
  const solution = listFiles(root, 'solution').filter(
    (file) => !/\.test\.ts$|^solution\/testing\//.test(file),
  );
  const files = [...solution, ...named];
  const odd = files.find((file) => !isFile(file) || file.startsWith('..'));
  if (odd !== undefined)
    throw new GraderError('folder', 'not-copied', `${odd} is no plain file in ${root}. Put one there.`);
  const texts = files.filter((file) => file.endsWith('.ts')).map((file) => readText(root, file));
  // The package of each import, without the path of a file in it.
  const imports = [
    ...texts.join('\n').matchAll(/\b(?:from|import|require)\b[ (]*['"]((?:@[^/'"]+\/)?[^/'"]+)/g),
  ].map(([, name]) => name);
  const ownPackage: Partial<PackageFile> = isFile('package.json') ? packageIn(root) : {};
  const packages = Object.entries({ ...ownPackage.dependencies, ...ownPackage.devDependencies });
  return {
    root,
    files,
    // An editor finds the schema where the grader is.
    rubric: readText(root, rubricFile).replace(
      '$schema=grader/',
      '$schema=node_modules/worksheet-grader/grader/',
    ),
    description: ownPackage.description,
    packages: Object.fromEntries(packages.filter(([name]) => imports.includes(name))),
  };
}

/** The package of a course, whose `node_modules/` links to this repository. */
function packageFile(folder: string, { description, packages }: Partial<ReturnType<typeof sourcesOf>> = {}) {
  const words = path
    .basename(folder)
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ['worksheet'];
  const { engines, allowScripts } = packageIn(graderRoot);
  const ownPackage = packageIn(template);
  const link = path.relative(folder, realpathSync(graderRoot)).split(path.sep).join('/');
  return {
    name: words.join('-'),
    ...ownPackage,
    description: description || ownPackage.description,
    engines,
    allowScripts,
    devDependencies: { ...packages, 'worksheet-grader': `file:${link}` },
  };
}
