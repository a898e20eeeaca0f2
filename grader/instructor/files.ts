import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import { json } from '../report/escape/json';

/** A path below a folder, written with forward slashes on every system. */
export function at(root: string, file: string): string {
  return path.join(root, ...file.split('/'));
}

/** Every file below a folder, sorted, with forward slashes; a link counts as a file. */
export function filesBelow(root: string, folder = ''): string[] {
  return readdirSync(at(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(root, file) : [file];
    })
    .sort();
}

/**
 * The text of a file of the course.
 *
 * @throws {GraderError} that names the file, where it is missing or cannot be read.
 */
export function readFile(root: string, file: string): string {
  return orSayWhy(file, () => readFileSync(at(root, file), 'utf8'));
}

export function readBytes(root: string, file: string): Buffer {
  return orSayWhy(file, () => readFileSync(at(root, file)));
}

export function writeFile(root: string, file: string, text: string | Uint8Array): void {
  mkdirSync(path.dirname(at(root, file)), { recursive: true });
  writeFileSync(at(root, file), text);
}

/**
 * Copies one file to the same place below another folder.
 *
 * @throws {GraderError} as `readFile` does.
 */
export function copyFile(from: string, to: string, file: string): void {
  mkdirSync(path.dirname(at(to, file)), { recursive: true });
  orSayWhy(file, () => copyFileSync(at(from, file), at(to, file)));
}

/** A value as the text of a file. */
export function jsonFile(value: unknown): string {
  return `${json(value)}\n`;
}

export function sha256(root: string, file: string): string {
  return createHash('sha256')
    .update(readFileSync(at(root, file)))
    .digest('hex');
}

function orSayWhy<Result>(file: string, open: () => Result): Result {
  try {
    return open();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
    throw new GraderError('folder', `${file} ${reason}. The course needs it; put it back.`);
  }
}
