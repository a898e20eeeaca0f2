import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { isCurrent, stateOf } from '../../../key/course-module';
import { solutionFiles } from '../../../key/solution';
import { loadRubric } from '../../../rubric/load';
import { fileDigest, graderRoot, jsonFile, resolvePath, writeFile } from '../../files';
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

/** What is made anew, or is no part of the course, at its root. */
const skipped = /^(?:\.git|dist|out(?:\..*)?|coverage)$/;
/** And anywhere. */
const kept = ['.graded', 'node_modules'];

/**
 * SHA-256 of the whole course, for `solution/` may read any part of it, and of the versions of Node.js
 * and npm; undefined where there is no usable rubric, or something cannot be read.
 */
export function memoryDigest(root: string): string | undefined {
  try {
    loadRubric(root);
    const hash = createHash('sha256').update(`${process.version} ${process.env.npm_config_user_agent}`);
    for (const name of ['', installed]) addTo(hash, root, name);
    if (graderRoot !== root) for (const name of linked) addTo(hash, graderRoot, name);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

/** Adds a file, or a folder with all that is in it. What is not there adds nothing. */
function addTo(hash: Hash, root: string, name: string): void {
  const place = resolvePath(root, name);
  if (!existsSync(place)) return;
  if (!statSync(place).isDirectory()) {
    hash.update(`\n${name} ${fileDigest(root, name)}`);
    return;
  }
  // An empty folder may be what is wrong.
  hash.update(`\n${name}/`);
  for (const entry of readdirSync(place).sort())
    if (!kept.includes(entry) && !(name === '' && skipped.test(entry)))
      addTo(hash, root, path.posix.join(name, entry));
}

/** SHA-256 of a file, whatever it is called; of a folder, how the system last saw it change. */
function contentOf(file: string): string {
  const isFile = statSync(file, { throwIfNoEntry: false })?.isFile();
  return isFile ? fileDigest(path.dirname(file), path.basename(file)) : stateOf(file);
}

interface Memory {
  readonly digest: string;
  /** The content of each file that the solution came from or has read, by full path, wherever it lies. */
  readonly solution: Readonly<Record<string, string>>;
  readonly results: Result[];
}

/** The results of the last checks, where all passed and nothing that they read has changed since. */
export function remembered(root: string, now = memoryDigest(root)): Result[] | undefined {
  const file = resolvePath(root, memoryFile);
  if (!existsSync(file)) return undefined;
  try {
    const { digest, solution, results } = JSON.parse(readFileSync(file, 'utf8')) as Memory;
    const isSame = Object.entries(solution).every(([name, content]) => contentOf(name) === content);
    return digest === now && isSame ? results : undefined;
  } catch {
    // It is damaged: everything is checked again.
    return undefined;
  }
}

/** Remembers that everything passed with these files, in place of what passed before. */
export function remember(root: string, digest: string | undefined, results: readonly Result[]): void {
  try {
    const files = solutionFiles(root);
    if (digest === undefined || files === undefined) return;
    const solution = Object.fromEntries([...files.keys()].map((name) => [name, contentOf(name)]));
    // A file that has changed since it was loaded is not the one that passed.
    if (isCurrent(files)) writeFile(root, memoryFile, jsonFile({ digest, solution, results }));
  } catch {
    // A course that cannot be written to remembers nothing.
    rmSync(resolvePath(root, memoryFile), { force: true });
  }
}
