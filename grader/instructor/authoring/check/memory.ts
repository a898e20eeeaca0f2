import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { loadRubric } from '../../../rubric/load';
import { jsonFile, resolvePath, sha256, toolRoot, writeFile } from '../../files';
import type { Result } from './finding';

/** Where a course remembers what passed. */
export const memoryFile = '.graded/checked.json';

/** What npm says is installed. */
const installed = 'node_modules/.package-lock.json';

/** What a course elsewhere has of the repository of its grader. */
const linked = [
  '.github',
  'grader',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  installed,
];

/** What is made anew, or is no part of the course. */
const skipped = ['.git', '.graded', 'node_modules', 'dist', 'out', 'coverage'];

/**
 * SHA-256 of the whole course, for `solution/` may read any part of it, and of the versions of Node.js
 * and npm; undefined where there is no usable rubric, or something cannot be read.
 */
export function memoryDigest(root: string): string | undefined {
  return digestOf(root, sha256);
}

/** The same by when the system last saw each file change, which is known without reading it. */
export function stateDigest(root: string): string | undefined {
  return digestOf(root, (place, name) => {
    const { size, mtimeMs, ctimeMs } = statSync(resolvePath(place, name));
    return `${size} ${mtimeMs} ${ctimeMs}`;
  });
}

/** @param of what tells one state of a file from another. */
function digestOf(root: string, of: (place: string, name: string) => string): string | undefined {
  try {
    loadRubric(root);
    const hash = createHash('sha256').update(`${process.version} ${process.env.npm_config_user_agent}`);
    for (const name of ['', installed]) addTo(hash, root, name, of);
    const tools = toolRoot(root);
    if (tools !== root) for (const name of linked) addTo(hash, tools, name, of);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

/** Adds a file, or a folder with all that is in it. What is not there adds nothing. */
function addTo(hash: Hash, root: string, name: string, of: (place: string, name: string) => string): void {
  const place = resolvePath(root, name);
  if (!existsSync(place)) return;
  if (!statSync(place).isDirectory()) {
    hash.update(`\n${name} ${of(root, name)}`);
    return;
  }
  // An empty folder may be what is wrong.
  hash.update(`\n${name}/`);
  // An output folder of the course may have any name that begins so.
  const isOutput = (entry: string) => name === '' && entry.startsWith('out.');
  for (const entry of readdirSync(place).sort())
    if (!skipped.includes(entry) && !isOutput(entry)) addTo(hash, root, path.posix.join(name, entry), of);
}

/** The results of the last checks, where all passed and nothing that they read has changed since. */
export function remembered(root: string, now = memoryDigest(root)): Result[] | undefined {
  const file = resolvePath(root, memoryFile);
  if (!existsSync(file)) return undefined;
  try {
    const { digest, results } = JSON.parse(readFileSync(file, 'utf8'));
    return digest !== undefined && digest === now ? results : undefined;
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
