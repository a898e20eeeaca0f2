import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { isPacked } from '../../build';
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
import { graderName, npmCli, type PackageFile, packageIn } from '../../system/packages';
import { fixturesOf, writeGenerated } from '../generate/generate';
import { packGrader } from '../pack/pack';
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
    .option('--pack', 'put the grader into the course, as one file, so that no clone has to stay beside it')
    .addHelpText('after', '\nExit status: 0 when it is made; 2 when it could not be.')
    .action((named: string, options: NewOptions) => makeCourse(context, fromCaller(named), options));

interface NewOptions {
  readonly from?: string;
  readonly pack?: boolean;
}

async function makeCourse(context: Context, folder: string, { from, pack }: NewOptions): Promise<void> {
  const print = (...texts: string[]) => context.print(lines(texts.map(escapeTerminal)));
  assertUnused(folder);
  // Refuse a course that cannot be copied before writing anything.
  const sources = from === undefined ? undefined : sourcesOf(from);
  for (const [file, text] of templateTexts(template))
    if (!sources || !isWorksheet(file)) writeFile(folder, file, text);
  if (sources) {
    for (const file of sources.files) copyFile(sources.root, folder, file);
    writeFile(folder, rubricFile, sources.rubric);
  }
  const made = realpathSync(folder);
  // A grader that came as a package has no clone to link to.
  const grader = pack || isPacked ? await packGrader(made) : linkFrom(made);
  writeFile(made, 'package.json', jsonFile(packageFile(made, grader, sources)));
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

/** @throws {GraderError} if there is anything in the way, except an empty repository. */
function assertUnused(folder: string): void {
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
}

const rubricFile = 'rubric.yaml';
const isWorksheet = (file: string) => file === rubricFile || file.startsWith('solution/');

/**
 * Everything that a new course takes from another: the whole solution except its tests, the files that sizes name, its
 * rubric and description, and the packages that the solution imports, with their versions.
 *
 * @throws {GraderError} if it is not a course, or one of its files cannot be copied.
 */
function sourcesOf(root: string) {
  if (!existsSync(resolvePath(root, rubricFile)))
    throw new GraderError('folder', 'no-course', `--from ${root} is not a course: it has no ${rubricFile}.`);
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
    throw new GraderError('folder', 'not-copied', `${odd} is not a plain file in ${root}. Put one there.`);
  const texts = files.filter((file) => file.endsWith('.ts')).map((file) => readText(root, file));
  // The package of each import, without the path inside it.
  const imports = [
    ...texts.join('\n').matchAll(/\b(?:from|import|require)\b[ (]*['"]((?:@[^/'"]+\/)?[^/'"]+)/g),
  ].map(([, name]) => name);
  const ownPackage: Partial<PackageFile> = isFile('package.json') ? packageIn(root) : {};
  const packages = Object.entries({ ...ownPackage.dependencies, ...ownPackage.devDependencies });
  return {
    root,
    files,
    // Point the editor to the schema of the linked grader.
    rubric: readText(root, rubricFile).replace(
      '$schema=grader/',
      `$schema=node_modules/${graderName}/grader/`,
    ),
    description: ownPackage.description,
    packages: Object.fromEntries(packages.filter(([name]) => imports.includes(name))),
  };
}

/** The path from a course to this repository. */
function linkFrom(folder: string): string {
  return path.relative(folder, realpathSync(graderRoot)).split(path.sep).join('/');
}

/**
 * The package.json of a course.
 *
 * @param grader the path from its folder to its grader: a folder that npm links, or a file.
 */
function packageFile(
  folder: string,
  grader: string,
  { description, packages }: Partial<ReturnType<typeof sourcesOf>> = {},
) {
  const words = path
    .basename(folder)
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ['worksheet'];
  const { engines, allowScripts } = packageIn(graderRoot);
  const ownPackage = packageIn(template);
  return {
    name: words.join('-'),
    ...ownPackage,
    description: description || ownPackage.description,
    engines,
    allowScripts,
    devDependencies: { ...packages, [graderName]: `file:${grader}` },
  };
}
