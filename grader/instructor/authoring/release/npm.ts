import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../../error';
import { stateOf } from '../../../key/course-module';
import { sha256 } from '../../../platform';
import { graderRoot, readText, writeFile } from '../../files';
import { runScript } from '../../program';

const lockFile = 'package-lock.json';

/**
 * Prunes the lock in a folder to what the package.json beside it asks for, without any network.
 *
 * @throws {GraderError} where npm is not found, or what it says is no lock for this package.json.
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

/** npm is asked once for what it takes seconds to say. Few locks are kept. */
function keep(file: string, lock: string): void {
  const folder = path.dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).slice(maxKept)) rmSync(path.join(folder, name), { force: true });
    writeFileSync(`${file}.${process.pid}`, lock);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // It is asked each time.
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

/** Without the settings that an npm around this one was called with, such as --dry-run; its cache stays. */
function environment(): NodeJS.ProcessEnv {
  const kept = /^npm_config_(?:cache|userconfig|globalconfig)$/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => kept.test(name) || !/^npm_config_/i.test(name)),
  );
}

/**
 * The script that npm is, for Node.js to run; on Windows the command beside it needs a shell.
 *
 * @throws {GraderError} where there is none.
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
