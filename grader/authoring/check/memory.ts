import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileDigest, graderRoot, jsonFile, resolvePath, writeFile } from '../../files';
import { isCurrent, stateOf } from '../../key/course-module';
import { solutionFiles } from '../../key/solution';
import { loadRubric } from '../../rubric/load';
import type { Result } from './finding';

/** The file in which a course remembers the checks that passed. */
export const memoryFile = '.graded/checked.json';

/** npm's list of the installed packages. */
const installed = 'node_modules/.package-lock.json';

/** The parts of the grader's repository that a course elsewhere uses. */
const linked = [
  '.github',
  'grader',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  installed,
];

/** Entries at the root that are generated, or are not part of the course. */
const skipped = /^(?:\.git|dist|out(?:\..*)?|coverage)$/;
/** Entries that are skipped in any folder. */
const kept = ['.graded', 'node_modules'];

/**
 * SHA-256 of the whole course, because `solution/` may read any part of it, and of the versions of Node.js
 * and npm; undefined if there is no usable rubric, or something cannot be read.
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

/** Adds a file, or a folder with everything in it. A missing one adds nothing. */
function addTo(hash: Hash, root: string, name: string): void {
  const place = resolvePath(root, name);
  if (!existsSync(place)) return;
  if (!statSync(place).isDirectory()) {
    hash.update(`\n${name} ${fileDigest(root, name)}`);
    return;
  }
  // An empty folder may be the fault.
  hash.update(`\n${name}/`);
  for (const entry of readdirSync(place).sort())
    if (!kept.includes(entry) && !(name === '' && skipped.test(entry)))
      addTo(hash, root, path.posix.join(name, entry));
}

/** SHA-256 of a file of any name; for a folder, the system's record of its last change. */
function contentOf(file: string): string {
  const isFile = statSync(file, { throwIfNoEntry: false })?.isFile();
  return isFile ? fileDigest(path.dirname(file), path.basename(file)) : stateOf(file);
}

interface Memory {
  readonly digest: string;
  /** The content of each file that the solution came from or has read, by full path, in any folder. */
  readonly solution: Readonly<Record<string, string>>;
  readonly results: Result[];
}

/** The results of the last checks, if all passed and nothing that they read has changed since. */
export function remembered(root: string, now = memoryDigest(root)): Result[] | undefined {
  const file = resolvePath(root, memoryFile);
  if (!existsSync(file)) return undefined;
  try {
    const { digest, solution, results } = JSON.parse(readFileSync(file, 'utf8')) as Memory;
    const isSame = Object.entries(solution).every(([name, content]) => contentOf(name) === content);
    return digest === now && isSame ? results : undefined;
  } catch {
    // The file is damaged, so everything is checked again.
    return undefined;
  }
}

/** Remembers that everything passed with these files, and forgets what passed before. */
export function remember(root: string, digest: string | undefined, results: readonly Result[]): void {
  try {
    const files = solutionFiles(root);
    if (digest === undefined || files === undefined) return;
    const solution = Object.fromEntries([...files.keys()].map((name) => [name, contentOf(name)]));
    // A file that changed after it was loaded is not the one that passed.
    if (isCurrent(files)) writeFile(root, memoryFile, jsonFile({ digest, solution, results }));
  } catch {
    // A course that cannot be written to remembers nothing.
    rmSync(resolvePath(root, memoryFile), { force: true });
  }
}
