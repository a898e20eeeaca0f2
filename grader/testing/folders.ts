import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { program } from '../build';
import { graderFolder } from '../system/files';

export const packageRoot = path.join(graderFolder, '..');

const made: string[] = [];

/** Makes a new empty folder. It is removed after the tests of the file, or by `removeFolders`. */
export function newFolder(name = 'grader test é'): string {
  const { temporary = tmpdir() } = globalThis as { temporary?: string };
  const folder = mkdtempSync(path.join(temporary, `${name}-`));
  made.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}
// The script that takes the pictures runs without Jest.
if (typeof afterAll === 'function') afterAll(removeFolders);

/** Writes a file in a new folder and returns its path. */
export function fileOf(name: string, content: string | Buffer): string {
  const file = path.join(newFolder(), name);
  writeFileSync(file, content);
  return file;
}

/** Writes files below a folder, by path with forward slashes. */
export function writeFiles(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [file, content] of Object.entries(files)) {
    const target = path.join(root, ...file.split('/'));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

/** Makes a course in another folder from the worksheet of this package, with the stub that students get. */
export function newOwnCourse(): string {
  const root = newCourse({});
  // One of the JSON files may be the configuration of a model.
  const ofCourse = /^(?:LICENSE|rubric\.yaml|\.github|assignment|solution|.*\.json)$/;
  for (const part of readdirSync(packageRoot).filter((name) => ofCourse.test(name)))
    cpSync(path.join(packageRoot, part), path.join(root, part), { recursive: true });
  return asPackage(root);
}

/** Copies this whole package to a new folder, like a clone with its packages installed. */
export function newClone(): string {
  const root = newFolder('a clone (1) [é]');
  const skipped = /^(?:node_modules|demo|(?:dist|out)(?:\..*)?|coverage|\.git|\.graded)$/;
  const filter = (file: string) => !skipped.test(path.relative(packageRoot, file));
  cpSync(packageRoot, root, { recursive: true, filter });
  return asPackage(root);
}

/** Links packages, and restores the stub, because somebody may have tried the worksheet in this package. */
function asPackage(root: string): string {
  symlinkSync(path.join(packageRoot, 'node_modules'), path.join(root, 'node_modules'), 'junction');
  const blank = path.join(root, 'solution', 'fixtures', 'blank', 'assignment');
  cpSync(blank, path.join(root, 'assignment'), { recursive: true });
  return root;
}

const packageFile = { 'package.json': '{ "name": "fruit", "version": "1.0.0" }\n' };

/** Makes a course in another folder that uses this package as its grader. */
export function newCourse(files: Readonly<Record<string, string | Buffer>>): string {
  const root = newFolder('a course (1) [é]');
  writeFiles(root, { ...packageFile, ...files });
  return root;
}

/** Makes a course that contains the grader, like a students' copy, with this package's `node_modules`. */
export function newCopy(files: Readonly<Record<string, string | Buffer>>): string {
  const root = newFolder('a copy (1) [é]');
  const jest = readdirSync(path.join(packageRoot, 'grader', 'jest')).filter((name) => name.endsWith('.js'));
  for (const name of ['start.js', 'node-version.js', ...jest.map((file) => path.join('jest', file))])
    cpSync(path.join(packageRoot, 'grader', name), path.join(root, 'grader', name));
  symlinkSync(path.join(packageRoot, 'node_modules'), path.join(root, 'node_modules'), 'junction');
  writeFiles(root, { 'grader/grade.js': program('grade').code, ...packageFile, ...files });
  return root;
}
