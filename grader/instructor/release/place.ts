import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { filesBelow, sha256 } from '../files';
import { type Manifest, manifestName, readManifest } from './manifest';

/** Where a release leaves the students' copy, below its output folder. */
export const studentName = 'student';

/** What installing and grading leave in a copy; a new release may throw it away. */
const leftovers = ['node_modules', '.graded'];

/**
 * An output folder, ready for a release: what is there now may be replaced, and a new copy can be made
 * beside it, in a folder that nobody takes for finished.
 *
 * @throws {GraderError} where something is in the way that no release made, or nothing can be written.
 */
export function prepare(out: string): { draft: string; discard: () => void } {
  const place = statSync(out, { throwIfNoEntry: false });
  if (place?.isDirectory() === false) throw inTheWay(out, 'is no folder');
  refuseForeign(out);
  try {
    if (!place) mkdirSync(out);
    const draft = mkdtempSync(path.join(out, '.release-'));
    mkdirSync(path.join(draft, studentName));
    return { draft, discard: discardAlways(draft) };
  } catch (error) {
    throw unwritable(out, error);
  }
}

/** Removes a draft when it is called, and also where the process is interrupted before. */
function discardAlways(draft: string): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const discard = () => {
    for (const signal of signals) process.off(signal, interrupted);
    rmSync(draft, { recursive: true, force: true });
  };
  const interrupted = (signal: NodeJS.Signals) => {
    discard();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, interrupted);
  return discard;
}

/**
 * Puts a finished draft in its place, and takes away what an earlier release left there. If that
 * fails, the earlier release stays.
 */
export function putInPlace(out: string, draft: string, manifest: Manifest): void {
  const target = path.join(out, studentName);
  const earlier = path.join(draft, 'earlier');
  try {
    writeFileSync(path.join(draft, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    if (existsSync(target)) renameSync(target, earlier);
    try {
      renameSync(path.join(draft, studentName), target);
      renameSync(path.join(draft, manifestName), path.join(out, manifestName));
    } catch (error) {
      rmSync(target, { recursive: true, force: true });
      if (existsSync(earlier)) renameSync(earlier, target);
      throw error;
    }
  } catch (error) {
    throw unwritable(out, error);
  }
}

/** Refuses to replace anything that is not exactly as an earlier release left it. */
function refuseForeign(out: string): void {
  const target = path.join(out, studentName);
  const found = lstatSync(target, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isDirectory()) throw inTheWay(target, 'is no folder');
  const entries = readdirSync(target).filter((name) => !leftovers.includes(name));
  if (entries.length === 0) return;
  const manifest = readManifest(out);
  if (!manifest) throw inTheWay(target, `was not made by a release: there is no ${manifestName} beside it`);
  const files = entries.flatMap((name) =>
    lstatSync(path.join(target, name)).isDirectory() ? filesBelow(target, name) : [name],
  );
  const foreign = files.filter((file) => !(file in manifest.files));
  if (foreign.length > 0) throw inTheWay(target, `holds ${some(foreign)}, which no release put there`);
  const changed = files.filter((file) => manifest.files[file] !== sha256(target, file));
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
