import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { loadRubric } from '../../../rubric/load';
import { studentFiles } from '../../../rubric/rubric';
import { jsonFile, listFiles, resolvePath, sha256, writeFile } from '../../files';
import type { Result } from './finding';

/** Where a course remembers what passed. */
export const memoryFile = '.graded/checked.json';

/** What the checks read: files and folders of the course, and what npm says is installed. */
const inputs = [
  '.github',
  'assignment',
  'docs',
  'grader',
  'solution',
  'LICENSE',
  'README.md',
  'package.json',
  'package-lock.json',
  'rubric.yaml',
  'tsconfig.json',
  'node_modules/.package-lock.json',
];

/** SHA-256 of everything that the checks read, and the version of Node.js; undefined without a usable rubric. */
export function memoryDigest(root: string): string | undefined {
  let folders: string[];
  try {
    folders = studentFiles(loadRubric(root)).map((file) => path.posix.dirname(file));
  } catch {
    return undefined;
  }
  const hash = createHash('sha256').update(process.version);
  for (const name of new Set([...inputs, ...folders])) {
    const place = resolvePath(root, name);
    if (!existsSync(place)) continue;
    for (const file of statSync(place).isDirectory() ? listFiles(root, name) : [name])
      hash.update(`\n${file} ${sha256(root, file)}`);
  }
  return hash.digest('hex');
}

/** The results of the last checks, where all passed and nothing that they read has changed since. */
export function remembered(root: string): Result[] | undefined {
  const file = resolvePath(root, memoryFile);
  if (!existsSync(file)) return undefined;
  try {
    const { digest, results } = JSON.parse(readFileSync(file, 'utf8'));
    return digest !== undefined && digest === memoryDigest(root) ? results : undefined;
  } catch {
    // It is damaged: everything is checked again.
    return undefined;
  }
}

/** Remembers that everything passed with these files, in place of what passed before. */
export function remember(root: string, digest: string | undefined, results: readonly Result[]): void {
  try {
    writeFile(root, memoryFile, jsonFile({ digest, results }));
  } catch {
    // A course that cannot be written to remembers nothing.
    rmSync(resolvePath(root, memoryFile), { force: true });
  }
}
