import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../message';

/** Files that operating systems create in folders by themselves. */
export const systemFiles: readonly string[] = ['.DS_Store', 'Thumbs.db', 'desktop.ini'];

/** The system's path of a file below a folder; `file` has forward slashes on every system. */
export function resolvePath(root: string, file: string): string {
  return path.join(root, ...file.split('/'));
}

/** The folder of the grader's programs, which is also a host's bundle; in tests, the sources are one level below. */
export const graderFolder = path.extname(__filename) === '.ts' ? path.dirname(__dirname) : __dirname;

/** The root of the grader's own repository. */
export const graderRoot = path.join(graderFolder, '..');

/** The root of the course if it has this file or folder, else the root of the grader's repository. */
export function rootOf(courseRoot: string, file: string): string {
  return existsSync(resolvePath(courseRoot, file)) ? courseRoot : graderRoot;
}

/** Every file below a folder, sorted, with forward slashes; a link counts as a file. */
export function listFiles(root: string, folder = ''): string[] {
  return readdirSync(resolvePath(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      return entry.isDirectory() ? listFiles(root, file) : [file];
    })
    .sort();
}

/**
 * Reads the text of a course file.
 *
 * @throws {GraderError} that names the file, if it is missing or cannot be read.
 */
export function readText(root: string, file: string): string {
  return withFileError(file, () => readFileSync(resolvePath(root, file), 'utf8'));
}

/** The place of the first line that `fits` accepts, such as `rubric.yaml:12`; the first line of the file if none does. */
export function placeIn(root: string, file: string, fits: (line: string) => boolean): string {
  const index = readText(root, file).split('\n').findIndex(fits);
  return `${file}:${Math.max(index, 0) + 1}`;
}

export function writeFile(root: string, file: string, text: string | Uint8Array): void {
  mkdirSync(path.dirname(resolvePath(root, file)), { recursive: true });
  writeFileSync(resolvePath(root, file), text);
}

/**
 * Copies one file to the same place below another folder.
 *
 * @throws {GraderError} as `readText` does.
 */
export function copyFile(from: string, to: string, file: string): void {
  mkdirSync(path.dirname(resolvePath(to, file)), { recursive: true });
  withFileError(file, () => copyFileSync(resolvePath(from, file), resolvePath(to, file)));
}

/** The line of the first conflict marker that git left after a merge. */
export function conflictLine(text: string): number | undefined {
  const line = text.split('\n').findIndex((one) => /^<{7} /.test(one)) + 1;
  return line > 0 && /^>{7} /m.test(text) ? line : undefined;
}

/** @throws {GraderError} if a file that a person wrote still contains the two versions of a merge conflict. */
export function assertMerged(file: string, text: string): void {
  const line = conflictLine(text);
  if (line === undefined) return;
  const advice =
    'Git left two versions here. Keep the right one, and delete the marks (<<<<<<<, ======= and >>>>>>>).';
  throw new GraderError('folder', 'merge-conflict', `${file}:${line}: ${advice}`);
}

export function fileDigest(root: string, file: string): string {
  return createHash('sha256')
    .update(readFileSync(resolvePath(root, file)))
    .digest('hex');
}

function withFileError<Result>(file: string, open: () => Result): Result {
  try {
    return open();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
    throw new GraderError(
      'folder',
      'course-file-missing',
      `${file} ${reason}. The course needs it, so put it back.`,
    );
  }
}
