import { existsSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { program } from '../../build';
import type { Course, OpenCourse } from '../../course/course';
import { handoutOf, render } from '../../course/handout';
import { pagePart, studentPart } from '../../course/released';
import { worksheetFiles } from '../../course/stub';
import { type BundledHost, type Files, foldersOf } from '../../hosts/host';
import { bundledHosts, hosts } from '../../hosts/registry';
import { type SealedFile, sealedKeyFile } from '../../key/sealed-key';
import { worksheetPage, worksheetPageFile } from '../../page/worksheet-page';
import { jsonFile } from '../../render/escape/json';
import { studentFiles } from '../../rubric/rubric';
import {
  copyFile,
  graderFolder,
  graderRoot,
  listFiles,
  readText,
  resolvePath,
  rootOf,
  writeFile,
} from '../../system/files';
import { graderLock, packageIn, prunedLock } from '../../system/packages';
import { filesIn } from '../generate/generate';
import { templateTexts } from '../template';
import { seal, sealedKeyText } from './sealed-facts';

/** The file of the grader that students and hosts get. */
const graderFile = 'grader/grade.js';
const startFile = 'grader/start.js';
/** The file that it requires before anything else. */
const versionFile = 'grader/node-version.js';

/** The folder of texts for students' copies that are the same in all courses except for some names. */
const template = path.join(graderFolder, 'authoring', 'release', 'template');

/**
 * Makes a release in an empty folder: the students' copy in `student/`, the worksheet as one page in `page/`, and a
 * folder for each host that grades with a bundle. All of them have one sealed key.
 *
 * @throws {GraderError} if a part of the course cannot be copied.
 */
export async function makeRelease(course: Course, folder: string): Promise<void> {
  const copy = path.join(folder, studentPart);
  const key = await seal(course.rubric, course.solution);
  makeCopy(course, copy, key);
  writeFile(path.join(folder, pagePart), worksheetPageFile, await worksheetPage(course, key));
  for (const { id, bundled } of bundledHosts) {
    const bundleFolder = path.join(folder, id);
    const made = bundled.release(course.rubric, bundleFor(bundled, copy, key));
    for (const [file, content] of Object.entries(made)) writeFile(bundleFolder, file, content);
    if (bundled.template === undefined) continue;
    // Such a host grades each submission itself, so another host's workflow would only grade it again.
    for (const file of listFiles(copy))
      if (!hosts.some(({ workflow }) => workflow === file))
        copyFile(copy, path.join(bundleFolder, bundled.template), file);
    writeFile(path.join(bundleFolder, bundled.template), 'README.md', handoutOf(course, '', 'host'));
  }
}

/** The bundle of a host. Hosts need points, so it has a key even if the students' copy has none. */
function bundleFor({ parts }: BundledHost, copy: string, key: SealedFile): Files {
  return {
    ...parts,
    'grade.js': readText(copy, graderFile),
    'rubric.yaml': readText(copy, 'rubric.yaml'),
    [sealedKeyFile]: sealedKeyText(key),
  };
}

/**
 * Makes the students' copy: a complete repository that grades itself. The handout is the only text in it that comes
 * from `solution/`, and the sealed key is the only file that differs each time.
 *
 * @throws {GraderError} if a part of the course cannot be copied.
 */
export function makeCopy(course: Course, folder: string, key: SealedFile): void {
  const { root, rubric } = course;
  const jest = listFiles(graderRoot, 'grader/jest').filter((file) => file.endsWith('.js'));
  for (const file of [startFile, versionFile, ...jest]) copyFile(graderRoot, folder, file);
  const pictures = filesIn(root, 'assignment').filter((file) => /\.(?:png|jpe?g|gif|svg|webp)$/i.test(file));
  for (const file of ['LICENSE', ...pictures])
    if (existsSync(resolvePath(root, file))) copyFile(root, folder, file);
  const ownPackage = packageOf(root);
  const files = studentFiles(rubric);
  const folders = foldersOf(rubric);
  const named = { ...rubric, files, folders };
  const ownText = (file: string) => {
    const ownRoot = rootOf(root, file);
    return existsSync(resolvePath(ownRoot, file)) ? readText(ownRoot, file) : undefined;
  };
  const texts = templateTexts(template).map(([file, text]) => [file, render(text, named, file)]);
  const written: Record<string, string> = {
    ...worksheetFiles(rubric),
    ...Object.assign({}, ...hosts.map(({ studentFiles: ofHost }) => ofHost?.(rubric, ownText))),
    'README.md': handoutOf(course, ''),
    [graderFile]: graderText(course),
    'package.json': jsonFile(ownPackage),
    'package-lock.json': jsonFile(prunedLock(graderLock(), ownPackage)),
    'rubric.yaml': rubricText(course),
    'tsconfig.json': jsonFile({ compilerOptions, include: folders }),
    ...Object.fromEntries(texts),
  };
  if (rubric.selfCheck === 'scored') written[sealedKeyFile] = sealedKeyText(key);
  for (const [file, text] of Object.entries(written)) writeFile(folder, file, text);
}

/** The grader as one file, with a header that says what it was made for and who owns its code. */
function graderText({ root, rubric }: OpenCourse): string {
  const { name, version } = packageIn(root);
  const { code, notices } = program('grade');
  const header = [
    `The grader of ${name} ${version}, with rubric ${rubric.digest.slice(0, 12)}: made by npm run release from many files,`,
    'and not to be edited. It holds no answers. What it contains belongs to:',
    ...notices.split('\n'),
  ];
  return `${header.map((line) => `// ${line.replace(/[\r\n\u2028\u2029]/g, ' ')}`.trimEnd()).join('\n')}\n\n${code}`;
}

/** The compiler options for editors and npm run types, which check the files that students edit, and their types. */
const compilerOptions = { target: 'es2022', module: 'commonjs', strict: true, noEmit: true, types: [] };

/** The rubric without comments and without the fields that only the instructor needs; its digest stays the same. */
function rubricText({ file: written, rubric }: OpenCourse): string {
  const { title, file, tables, laws, reflection, deadline, hand_in } = written;
  const header =
    '# The rows, points and questions of this assignment, as the grader reads them. Leave them as they are.\n';
  // Students read when work is due and what lateness costs, but not about a grace period.
  const shownDeadline = deadline && { due: deadline.due, timezone: deadline.timezone, late: deadline.late };
  const self_check = rubric.selfCheck;
  return (
    header +
    stringify({ title, self_check, file, tables, laws, reflection, deadline: shownDeadline, hand_in })
  );
}

/** The course's package, with only the commands and dependencies that students run; the grader needs none of them. */
function packageOf(root: string) {
  const { name, version, description, license } = packageIn(root);
  const { dependencies, engines, allowScripts } = packageIn(graderRoot);
  const [test, watch, grade] = ['autograde', 'watch', 'grade'].map(
    (command) => `node ${startFile} ${command}`,
  );
  return {
    name,
    version,
    private: true,
    description,
    license,
    engines,
    scripts: { test, watch, autograde: test, grade, types: 'tsc --noEmit' },
    dependencies: { jest: dependencies?.jest, typescript: dependencies?.typescript },
    allowScripts,
  };
}
