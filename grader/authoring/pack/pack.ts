import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isPacked, noticesOf, program, programsFolder } from '../../build';
import type { Configure } from '../../command';
import { render } from '../../course/handout';
import { GraderError } from '../../message';
import { jsonFile } from '../../render/escape/json';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import { copyFile, graderFolder, graderRoot, listFiles, readText, writeFile } from '../../system/files';
import { withTempDir } from '../../system/lock';
import {
  graderLock,
  graderName,
  npmCli,
  type PackageFile,
  packageIn,
  packedLock,
  prunedLock,
} from '../../system/packages';

/** `npm run pack:grader` */
export const configurePack: Configure = (command, { courseRoot, print }) =>
  command
    .addHelpText('after', '\nExit status: 0 when it is made; 2 when it could not be.')
    .action(async () => {
      const file = await packGrader(courseRoot);
      const megabytes = (statSync(path.join(courseRoot, file)).size / 1e6).toFixed(1);
      const made = [
        `Made ${file} (${megabytes} MB): the grader without any course, and so without answers.`,
        `To begin a course with it: npx ./${file} new my-course`,
      ];
      print(lines(made.map(escapeTerminal)));
    });

/**
 * Packs the grader in the form that npm installs, for a course that has no clone beside it.
 *
 * @param folder where to put the file.
 * @returns its name.
 * @throws {GraderError} if npm cannot make it.
 */
export function packGrader(folder: string): Promise<string> {
  // A grader that was itself installed from a pack is packed again unchanged.
  if (isPacked) return packFolder(graderRoot, folder);
  return withTempDir((draft) => {
    writePackage(draft);
    return packFolder(draft, folder);
  });
}

async function packFolder(packed: string, folder: string): Promise<string> {
  const args = [npmCli(), 'pack', packed, '--pack-destination', folder, '--ignore-scripts', '--silent'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const [file] = stdout.trim().split('\n').slice(-1);
  if (status === 0 && file) return file;
  throw new GraderError('folder', 'pack-failed', `npm pack ended with status ${status}: ${stderr.trim()}`);
}

/** Files that go into a pack unchanged. Pictures in `docs/` show the answers of this repository's worksheet. */
const kept = [
  /^(?:CHANGELOG\.md|LICENSE|tsconfig\.json|\.github\/workflows\/classroom\.yml)$/,
  /^docs\/[^/]+\.md$/,
  /^grader\/(?:[^/]+\.js|jest\/[^/]+\.js|page\/mermaid\.mjs|.*\.schema\.json)$/,
  /^grader\/authoring\/\w+\/template\//,
];

const programs = ['grade', 'instructor', 'page', 'style', 'gradingPage'] as const;
const programsFile = path.relative(graderRoot, programsFolder);

/** The packages that the grader's programs load at run time, because they are not bundled into any of them. */
const loaded = ['beautiful-mermaid', 'esbuild', 'jest', 'typescript'];

function writePackage(folder: string): void {
  const own = readdirSync(graderRoot, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? entry.name : [],
  );
  const below = ['.github', 'docs', 'grader'].flatMap((part) => listFiles(graderRoot, part));
  for (const file of [...own, ...below])
    if (kept.some((pattern) => pattern.test(file))) copyFile(graderRoot, folder, file);
  const { version, license, engines, allowScripts, ...packages } = packageIn(graderRoot);
  const versions = { ...packages.dependencies, ...packages.devDependencies };
  const packageFile: PackageFile = {
    name: graderName,
    version,
    description: 'Grades the worksheets of a course: cell by cell for students, and a class on a laptop.',
    license,
    engines,
    bin: { [graderName]: 'grader/run.js' },
    dependencies: Object.fromEntries(loaded.map((name) => [name, versions[name]])),
    allowScripts,
  };
  const inputs = programs.flatMap((name) => program(name, path.join(folder, programsFile)).inputs);
  writeFile(folder, 'NOTICES.txt', noticesOf(inputs));
  writeFile(folder, 'package.json', jsonFile(packageFile));
  writeFile(folder, packedLock, jsonFile(prunedLock(graderLock(), packageFile)));
  const readme = readText(graderFolder, 'authoring/pack/README.md');
  writeFile(folder, 'README.md', render(readme, { tarball: `${graderName}-${version}.tgz` }, 'README.md'));
}
