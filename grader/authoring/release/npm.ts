import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { graderRoot, readText, writeFile } from '../../files';
import { stateOf } from '../../key/course-module';
import { sha256 } from '../../platform';
import { runScript } from '../../program';

const lockFile = 'package-lock.json';

/**
 * Prunes the lock in a folder to the dependencies of the package.json beside it, without network access.
 *
 * @throws {GraderError} if npm is not found, or cannot produce a lock for this package.json.
 */
export async function pruneLock(folder: string): Promise<void> {
  const asked = [readText(folder, 'package.json'), readText(folder, lockFile), stateOf(npmCli())];
  const kept = path.join(graderRoot, '.graded', 'locks', sha256(asked.join('\n')));
  let lock: string;
  try {
    lock = readFileSync(kept, 'utf8');
  } catch {
    lock = await prunedLock(folder);
    keep(kept, lock);
  }
  writeFile(folder, lockFile, lock);
}

/** Keeps a lock, since npm takes seconds to prune one. Limits how many are kept. */
function keep(file: string, lock: string): void {
  const folder = path.dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).slice(maxKept)) rmSync(path.join(folder, name), { force: true });
    writeFileSync(`${file}.${process.pid}`, lock);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Without a kept lock, npm runs each time.
  }
}

const maxKept = 40;

async function prunedLock(folder: string): Promise<string> {
  const args = [npmCli(), 'install', '--package-lock-only', '--offline', '--ignore-scripts', '--no-audit'];
  const { status, stderr } = await runScript(args, { cwd: folder, env: environment() });
  if (status === 0) return readText(folder, lockFile);
  const [code = `status ${status}`] = /(?<=^npm error code )\S+/m.exec(stderr) ?? [];
  throw new GraderError(
    'folder',
    'lock-not-pruned',
    `package-lock.json cannot be reduced to the students' packages: npm ended with ${code}. Run npm install to bring it up to date with package.json, and try again.`,
  );
}

/** The environment without the settings of an outer npm, such as --ignore-scripts. Keeps its cache and config files. */
function environment(): NodeJS.ProcessEnv {
  const kept = /^npm_config_(?:cache|userconfig|globalconfig)$/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => kept.test(name) || !/^npm_config_/i.test(name)),
  );
}

/**
 * Finds the npm script, to be run by Node.js. On Windows, the npm command would need a shell.
 *
 * @throws {GraderError} if there is none.
 */
export function npmCli(): string {
  const beside = path.dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath ?? '',
    path.join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const found = candidates.find((file) => path.basename(file) === 'npm-cli.js' && existsSync(file));
  if (found) return found;
  throw new GraderError('folder', 'npm-missing', 'npm was not found. Run this through npm: npm run release');
}
