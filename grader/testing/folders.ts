import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const packageRoot = path.join(__dirname, '..', '..');

const made: string[] = [];

/** A new empty folder; `removeFolders` takes it away again. */
export function newFolder(name = 'grader test é'): string {
  const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
  made.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A file in a new folder. */
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

/** A copy of this package with its own worksheet, as it is handed out: not begun. */
export function newOwnCourse(): string {
  const root = newCourse({});
  for (const part of ['LICENSE', 'rubric.yaml', '.github', 'assignment', 'solution']) {
    cpSync(path.join(packageRoot, part), path.join(root, part), { recursive: true });
  }
  putStub(root);
  return root;
}

/** This package whole, as somebody has it who has cloned it and installed its packages. */
export function newClone(): string {
  const root = newFolder('a clone (1) [é]');
  const skipped = /^(?:node_modules|dist|out(?:\..*)?|coverage|\.git|\.graded)$/;
  const filter = (file: string) => !skipped.test(path.relative(packageRoot, file));
  cpSync(packageRoot, root, { recursive: true, filter });
  symlinkSync(path.join(packageRoot, 'node_modules'), path.join(root, 'node_modules'), 'junction');
  putStub(root);
  return root;
}

/** The stub as it is handed out, for somebody may try the worksheet in this package. */
function putStub(root: string): void {
  const blank = path.join(root, 'solution', 'fixtures', 'blank', 'assignment');
  cpSync(blank, path.join(root, 'assignment'), { recursive: true });
}

/** A course without a grader of its own: for commands that run in the test's process. */
export function newPlainCourse(files: Readonly<Record<string, string | Buffer>>): string {
  const root = newFolder('a course (1) [é]');
  writeFiles(root, files);
  return root;
}

/** A copy of this package whose worksheet is replaced by `files`: a course of its own, to run for real. */
export function newCourse(files: Readonly<Record<string, string | Buffer>>): string {
  return fillCourse(newFolder('a course (1) [é]'), files);
}

/**
 * The same in the place of one made earlier, which nothing uses any more: Jest has compiled the grader
 * for that place already.
 */
export function renewCourse(root: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const name of readdirSync(root)) rmSync(path.join(root, name), { recursive: true, force: true });
  return fillCourse(root, files);
}

function fillCourse(root: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const part of ['package.json', 'package-lock.json', 'tsconfig.json', 'jest.config.js', 'grader']) {
    cpSync(path.join(packageRoot, part), path.join(root, part), { recursive: true });
  }
  symlinkSync(path.join(packageRoot, 'node_modules'), path.join(root, 'node_modules'), 'junction');
  writeFiles(root, files);
  return root;
}
