import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../../error';
import { bundledHosts } from '../../../hosts/registry';
import { jsonFile, listFiles, named, sha256 } from '../../files';
import { onInterrupt } from '../../interrupt';
import { holdLock } from '../../lock';
import { type Manifest, manifestName, pagePart, readManifest, studentPart } from './manifest';

/** What a release leaves, a folder each, below its output folder. */
export const parts: readonly string[] = [studentPart, pagePart, ...bundledHosts.map(({ id }) => id)];

/** What installing, grading and looking leave in a copy; a new release may throw it away. */
const leftovers = /(?:^|\/)(?:(?:node_modules|\.graded)\/|(?:\.DS_Store|Thumbs\.db)$)/;

/** What lies in an output folder while a release is made: one at a time, and never half in its place. */
const lockName = '.release.lock';
const stagingName = '.release-staging';
/** Where the parts that are replaced wait until all new ones are in place; in the staging folder. */
const earlierName = 'earlier';

/** A release in the making, in a folder that nobody takes for finished. */
export interface Staging {
  readonly folder: string;
  /** Whether no other release has taken over meanwhile. */
  isHeld(): boolean;
  /** Removes the draft and whatever of it is of no use to anybody. */
  discard(): void;
}

/**
 * Starts a release in an output folder, with an empty folder for each part.
 *
 * @throws {GraderError} where another release is under way there, something is in the way that no release
 *   made, or nothing can be written.
 */
export async function startStaging(out: string): Promise<Staging> {
  assertFolder(out);
  try {
    const made = makeFolder(out);
    const lock = await holdLock(path.join(out, lockName), `Another release is made in ${out}`);
    const folder = path.join(out, stagingName);
    const remove = () => {
      if (lock.isHeld()) rmSync(folder, { recursive: true, force: true });
      lock.release();
      for (const parent of made)
        if (existsSync(parent) && readdirSync(parent).length === 0) rmdirSync(parent);
    };
    const off = onInterrupt(remove);
    const discard = () => {
      off();
      remove();
    };
    try {
      recover(out);
      for (const part of parts) assertReleased(out, part, path.join(out, part));
      for (const part of parts) mkdirSync(path.join(folder, part), { recursive: true });
      return { folder, discard, isHeld: lock.isHeld };
    } catch (error) {
      discard();
      throw error;
    }
  } catch (error) {
    throw error instanceof GraderError ? error : unwritable(out, error);
  }
}

/**
 * Puts right what a release left that was killed. Its list of files is put in place last: where that is
 * still to come, everything goes back to where it was.
 */
function recover(out: string): void {
  const staging = path.join(out, stagingName);
  if (existsSync(path.join(staging, earlierName)) && existsSync(path.join(staging, manifestName)))
    goBack(out);
  rmSync(staging, { recursive: true, force: true });
}

/** Takes back the parts that were put in place, and puts back those that they replaced. */
function goBack(out: string): void {
  const staging = path.join(out, stagingName);
  for (const part of parts) {
    const [target, made, earlier] = [
      path.join(out, part),
      path.join(staging, part),
      path.join(staging, earlierName, part),
    ];
    if (existsSync(target) && !existsSync(made)) renameSync(target, made);
    if (existsSync(earlier)) renameSync(earlier, target);
  }
}

/** What a folder is to be made at, and everything above it, has to be a folder where it is there. */
function assertFolder(folder: string): void {
  let above = folder;
  while (!existsSync(above) && above !== path.dirname(above)) above = path.dirname(above);
  if (existsSync(above) && !statSync(above).isDirectory()) throw conflict(above, 'is no folder');
}

/** Makes a folder and what is missing above it; what was made, the innermost first. */
function makeFolder(folder: string): string[] {
  if (existsSync(folder)) return [];
  const above = makeFolder(path.dirname(folder));
  mkdirSync(folder);
  return [folder, ...above];
}

/**
 * Puts a finished draft in its place, and takes away what an earlier release left there. Where that
 * fails, or somebody has worked there meanwhile, everything is as it was.
 *
 * @throws {GraderError} as `startStaging` does.
 */
export function commit(out: string, { folder, isHeld }: Staging, manifest: Manifest): void {
  if (!isHeld())
    throw new GraderError('folder', `Another release has taken over ${out}. This one changed nothing.`);
  const earlier = path.join(folder, earlierName);
  try {
    writeFileSync(path.join(folder, manifestName), jsonFile(manifest));
    mkdirSync(earlier);
    for (const part of parts) {
      const target = path.join(out, part);
      if (existsSync(target)) {
        renameSync(target, path.join(earlier, part));
        assertReleased(out, part, path.join(earlier, part));
      }
      renameSync(path.join(folder, part), target);
    }
    renameSync(path.join(folder, manifestName), path.join(out, manifestName));
  } catch (error) {
    goBack(out);
    throw error instanceof GraderError ? error : unwritable(out, error);
  }
}

/**
 * Refuses to replace anything that is not exactly as an earlier release left it.
 *
 * @param part which part of a release it is.
 * @param found where it lies now; messages name the place that it belongs to.
 */
function assertReleased(out: string, part: string, found: string): void {
  const target = path.join(out, part);
  const manifest = readManifest(out);
  const manifestFile = path.join(out, manifestName);
  const hasFile = lstatSync(manifestFile, { throwIfNoEntry: false });
  if (hasFile && !(manifest && hasFile.isFile())) throw conflict(manifestFile, 'was not made by a release');

  const stats = lstatSync(found, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isDirectory()) throw conflict(target, 'is no folder');
  const entries = readdirSync(found);
  if (entries.length === 0) return;
  if (!manifest) throw conflict(target, `was not made by a release: there is no ${manifestName} beside it`);
  const files = listFiles(found).filter((file) => !leftovers.test(file));
  if (entries.includes('.git')) throw conflict(target, 'has become a repository of its own');
  const digestOf = (file: string) => manifest.files[`${part}/${file}`]?.sha256;
  const isKnown = (file: string) => digestOf(file) && lstatSync(path.join(found, file)).isFile();
  const foreign = files.filter((file) => !isKnown(file));
  if (foreign.length > 0) throw conflict(target, `holds ${named(foreign, 1)}, which no release put there`);
  const changed = files.filter((file) => digestOf(file) !== sha256(found, file));
  if (changed.length > 0) throw conflict(target, `was worked on after it was released: ${named(changed, 1)}`);
}

function conflict(target: string, reason: string): GraderError {
  return new GraderError(
    'folder',
    `${target} ${reason}. It is left as it is. Move it away, or choose another folder: npm run release -- --out <folder>`,
  );
}

function unwritable(out: string, error: unknown): GraderError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new GraderError(
    'folder',
    `Nothing can be written to ${out} (${reason}). Choose another folder: npm run release -- --out <folder>`,
  );
}
