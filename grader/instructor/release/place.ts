import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { filesBelow, json, sha256 } from '../files';
import { onInterrupt } from '../interrupt';
import { type Manifest, manifestName, readManifest } from './manifest';

/** What a release leaves, a folder each, below its output folder. */
export const parts = { student: 'student', classroom50: 'classroom50', gradescope: 'gradescope' } as const;

/** What installing, grading and looking leave in a copy; a new release may throw it away. */
const leftovers = /(?:^|\/)(?:(?:node_modules|\.graded)\/|(?:\.DS_Store|Thumbs\.db)$)/;

/** Where a part that is to be replaced waits, in the draft, until it is known to be of a release. */
const aside = 'earlier';

/** A release in the making, in a folder that nobody takes for finished. */
export interface Draft {
  readonly folder: string;
  /** Removes the draft and whatever of it is of no use to anybody. */
  discard(): void;
}

/**
 * Starts a release in an output folder, with an empty folder for each part.
 *
 * @throws {GraderError} where something is in the way that no release made, or nothing can be written.
 */
export function startDraft(out: string): Draft {
  refuseFile(out);
  for (const part of Object.values(parts)) refuseForeign(out, part, path.join(out, part));
  try {
    const made = makeFolder(out);
    const folder = mkdtempSync(path.join(out, '.release-'));
    for (const part of Object.values(parts)) mkdirSync(path.join(folder, part));
    return { folder, discard: discardAlways(folder, made) };
  } catch (error) {
    throw unwritable(out, error);
  }
}

/** What a folder is to be made at, and everything above it, has to be a folder where it is there. */
function refuseFile(folder: string): void {
  let above = folder;
  while (!existsSync(above) && above !== path.dirname(above)) above = path.dirname(above);
  if (existsSync(above) && !statSync(above).isDirectory()) throw inTheWay(above, 'is no folder');
}

/** Makes a folder and what is missing above it; what was made, the innermost first. */
function makeFolder(folder: string): string[] {
  if (existsSync(folder)) return [];
  const above = makeFolder(path.dirname(folder));
  mkdirSync(folder);
  return [folder, ...above];
}

/** Discards a draft when it is called, and also where the process is interrupted before. */
function discardAlways(folder: string, made: readonly string[]): () => void {
  const remove = () => {
    if (existsSync(path.join(folder, aside))) return; // somebody's, and it could not be put back
    rmSync(folder, { recursive: true, force: true });
    for (const parent of made) if (readdirSync(parent).length === 0) rmdirSync(parent);
  };
  const takeBack = onInterrupt(remove);
  return () => {
    takeBack();
    remove();
  };
}

/**
 * Puts a finished draft in its place, and takes away what an earlier release left there. Where that
 * fails, or somebody has worked there meanwhile, everything is as it was.
 *
 * @throws {GraderError} as `startDraft` does.
 */
export function putInPlace(out: string, { folder }: Draft, manifest: Manifest): void {
  const earlier = path.join(folder, aside);
  const undo: (() => void)[] = [];
  const move = (from: string, to: string) => {
    renameSync(from, to);
    undo.unshift(() => renameSync(to, from));
  };
  try {
    writeFileSync(path.join(folder, manifestName), json(manifest));
    mkdirSync(earlier);
    undo.unshift(() => rmdirSync(earlier));
    for (const part of Object.values(parts)) {
      const target = path.join(out, part);
      if (existsSync(target)) {
        move(target, path.join(earlier, part));
        refuseForeign(out, part, path.join(earlier, part));
      }
      move(path.join(folder, part), target);
    }
    renameSync(path.join(folder, manifestName), path.join(out, manifestName));
    renameSync(earlier, path.join(folder, 'replaced'));
  } catch (error) {
    for (const step of undo) step();
    throw error instanceof GraderError ? error : unwritable(out, error);
  }
}

/**
 * Refuses to replace anything that is not exactly as an earlier release left it.
 *
 * @param part which part of a release it is.
 * @param found where it lies now; messages name the place that it belongs to.
 */
function refuseForeign(out: string, part: string, found: string): void {
  const target = path.join(out, part);
  const manifest = readManifest(out);
  const manifestFile = path.join(out, manifestName);
  const hasFile = lstatSync(manifestFile, { throwIfNoEntry: false });
  if (hasFile && !(manifest && hasFile.isFile())) throw inTheWay(manifestFile, 'was not made by a release');

  const stats = lstatSync(found, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isDirectory()) throw inTheWay(target, 'is no folder');
  const entries = readdirSync(found);
  if (entries.length === 0) return;
  if (!manifest) throw inTheWay(target, `was not made by a release: there is no ${manifestName} beside it`);
  const files = filesBelow(found).filter((file) => !leftovers.test(file));
  if (entries.includes('.git')) throw inTheWay(target, 'has become a repository of its own');
  const digestOf = (file: string) => manifest.files[`${part}/${file}`];
  const isKnown = (file: string) => digestOf(file) && lstatSync(path.join(found, file)).isFile();
  const foreign = files.filter((file) => !isKnown(file));
  if (foreign.length > 0) throw inTheWay(target, `holds ${some(foreign)}, which no release put there`);
  const changed = files.filter((file) => digestOf(file) !== sha256(found, file));
  if (changed.length > 0) throw inTheWay(target, `was worked on after it was released: ${some(changed)}`);
}

function some([first, ...rest]: string[]): string {
  return rest.length === 0 ? `${first}` : `${first} and ${rest.length} more`;
}

function inTheWay(target: string, reason: string): GraderError {
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
