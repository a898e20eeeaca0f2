import { existsSync, lstatSync, mkdirSync, readdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Draft, goBack, type Replacement, removeFolder, startDraft } from '../../atomic-folder';
import { GraderError } from '../../error';
import { fileDigest, joinNames, jsonFile, listFiles } from '../../files';
import { bundledHosts } from '../../hosts/registry';
import { type Manifest, manifestName, pagePart, readManifest, studentPart } from './manifest';

/** The parts of a release, each a folder below its output folder. */
export const releaseParts: readonly string[] = [studentPart, pagePart, ...bundledHosts.map(({ id }) => id)];

/** Whether a file in a copy is left over from installing, grading or browsing; a new release may delete it. */
function isLeftover(file: string): boolean {
  return /(?:^|\/)(?:(?:node_modules|\.graded)\/|(?:\.DS_Store|Thumbs\.db)$)/.test(file);
}

/**
 * The files and folders that a release replaces, its manifest last. Until then, the new ones are in a folder that
 * nobody mistakes for a finished release.
 */
function replacementsIn(out: string): readonly Replacement[] {
  const staging = path.join(out, '.release-staging');
  return [...releaseParts, manifestName].map((name) => ({
    target: path.join(out, name),
    made: path.join(staging, name),
    earlier: path.join(staging, 'earlier', name),
  }));
}

/**
 * Starts a release in an output folder, with an empty folder for each part.
 *
 * @throws {GraderError} if another release is running there, something is in the way that no release made, or nothing
 *   can be written.
 */
export function startReleaseDraft(out: string): Draft {
  assertPartFolder(out);
  try {
    const made = makeFolder(out);
    return startDraft({
      another: 'Another release',
      does: 'is made in',
      place: out,
      lock: path.join(out, '.release.lock'),
      folder: path.join(out, '.release-staging'),
      prepare: (folder) => {
        recover(out, folder);
        for (const part of releaseParts) assertReleased(out, part, path.join(out, part));
        for (const part of releaseParts) mkdirSync(path.join(folder, part), { recursive: true });
      },
      clean: () => {
        for (const folder of made)
          if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
      },
    });
  } catch (error) {
    throw error instanceof GraderError ? error : releaseUnwritable(out, error);
  }
}

/**
 * Recovers from a release that was killed. Its manifest is put in place last: if that has not happened, everything
 * goes back to where it was.
 */
function recover(out: string, staging: string): void {
  const isUnfinished = ['earlier', manifestName].every((name) => existsSync(path.join(staging, name)));
  if (isUnfinished) goBack(replacementsIn(out));
  removeFolder(staging);
}

/** Refuses a folder if its path, or the closest path above it that exists, is not a folder. */
function assertPartFolder(folder: string): void {
  let above = folder;
  while (!existsSync(above) && above !== path.dirname(above)) above = path.dirname(above);
  if (existsSync(above) && !statSync(above).isDirectory())
    throw releaseConflict('release-not-in-a-folder', above, 'is no folder');
}

/**
 * Makes a folder and any that are missing above it. The recursive mkdir of Node.js never ends if nothing can be made.
 *
 * @returns the folders that were made, the innermost first.
 */
function makeFolder(folder: string): string[] {
  if (existsSync(folder)) return [];
  const above = makeFolder(path.dirname(folder));
  mkdirSync(folder);
  return [folder, ...above];
}

/**
 * Puts a finished draft in its place, and removes the earlier release there. If that fails, or if somebody has worked
 * there meanwhile, everything is as it was.
 *
 * @throws {GraderError} as `startReleaseDraft` does.
 */
export function commitRelease(out: string, draft: Draft, manifest: Manifest): void {
  try {
    writeFileSync(path.join(draft.folder, manifestName), jsonFile(manifest));
    mkdirSync(path.join(draft.folder, 'earlier'));
    draft.commit(replacementsIn(out), ({ target, earlier }) => {
      const part = path.basename(target);
      if (part !== manifestName) assertReleased(out, part, earlier);
    });
  } catch (error) {
    throw error instanceof GraderError ? error : releaseUnwritable(out, error);
  }
}

/**
 * Refuses to replace anything that is not exactly as an earlier release left it.
 *
 * @param part the part of the release.
 * @param found where the part is now; messages name the place where it belongs.
 */
function assertReleased(out: string, part: string, found: string): void {
  const target = path.join(out, part);
  const manifest = readManifest(out);
  const manifestFile = path.join(out, manifestName);
  const hasFile = lstatSync(manifestFile, { throwIfNoEntry: false });
  if (hasFile && !(manifest && hasFile.isFile()))
    throw releaseConflict('release-manifest-foreign', manifestFile, 'was not made by a release');

  const stats = lstatSync(found, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isDirectory()) throw releaseConflict('release-part-not-a-folder', target, 'is no folder');
  const entries = readdirSync(found);
  if (entries.length === 0) return;
  if (!manifest)
    throw releaseConflict(
      'release-part-foreign',
      target,
      `was not made by a release: there is no ${manifestName} beside it`,
    );
  const files = listFiles(found).filter((file) => !isLeftover(file));
  if (entries.includes('.git'))
    throw releaseConflict('release-part-repository', target, 'has become a repository of its own');
  const digestOf = (file: string) => manifest.files[`${part}/${file}`]?.sha256;
  const isKnown = (file: string) => digestOf(file) && lstatSync(path.join(found, file)).isFile();
  const foreign = files.filter((file) => !isKnown(file));
  if (foreign.length > 0)
    throw releaseConflict(
      'release-part-holds-other-files',
      target,
      `holds ${joinNames(foreign, 1)}, which no release put there`,
    );
  const changed = files.filter((file) => digestOf(file) !== fileDigest(found, file));
  if (changed.length > 0)
    throw releaseConflict(
      'release-part-worked-on',
      target,
      `was worked on after it was released: ${joinNames(changed, 1)}`,
    );
}

function releaseConflict(code: string, target: string, reason: string): GraderError {
  return new GraderError(
    'folder',
    code,
    `${target} ${reason}. It was not changed. Move it away, or choose another folder: npm run release -- --out <folder>`,
  );
}

function releaseUnwritable(out: string, error: unknown): GraderError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new GraderError(
    'folder',
    'release-unwritable',
    `Nothing can be written to ${out} (${reason}). Choose another folder: npm run release -- --out <folder>`,
  );
}
