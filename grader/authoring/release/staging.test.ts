import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { fileDigest } from '../../files';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import type { Manifest } from './manifest';
import { releaseParts, startReleaseDraft } from './staging';

afterAll(removeFolders);

/** Writes a release with one file in each part. */
function release(out: string, text: string): void {
  const files = Object.fromEntries(releaseParts.map((part) => [`${part}/a.txt`, text]));
  writeFiles(out, files);
  const manifest: Manifest = {
    about: '',
    version: 4,
    rubric: 'x',
    key: 'x',
    selfCheck: 'scored',
    edited: [],
    files: Object.fromEntries(Object.keys(files).map((file) => [file, { sha256: fileDigest(out, file) }])),
  };
  writeFiles(out, { 'release.json': JSON.stringify(manifest) });
}

/** Makes a release in the staging folder, optionally over an earlier one. */
function made(hasEarlier: boolean): { out: string; staging: string } {
  const out = newFolder();
  const staging = path.join(out, '.release-staging');
  if (hasEarlier) release(out, 'old');
  release(staging, 'new');
  mkdirSync(path.join(staging, 'earlier'));
  return { out, staging };
}

/** Leaves the state of a release killed after some renames: each part in turn is moved away and replaced. */
function killAfter(renames: number, { out, staging }: { out: string; staging: string }, hasEarlier: boolean) {
  const steps = releaseParts.flatMap((part) => [
    ...(hasEarlier ? [[path.join(out, part), path.join(staging, 'earlier', part)] as const] : []),
    [path.join(staging, part), path.join(out, part)] as const,
  ]);
  const all = [...steps, [path.join(staging, 'release.json'), path.join(out, 'release.json')] as const];
  for (const [from, to] of all.slice(0, renames)) renameSync(from, to);
  return all.length;
}

test.each([true, false])(
  'a release that was killed between any two renames is the old one or the new one, whole (over an earlier one: %s)',
  async (hasEarlier) => {
    const count = killAfter(0, made(hasEarlier), hasEarlier);
    for (let renames = 0; renames <= count; renames++) {
      const place = made(hasEarlier);
      killAfter(renames, place, hasEarlier);
      const draft = await startReleaseDraft(place.out);
      draft.discard();
      const isNew = renames === count;
      const texts = releaseParts.flatMap((part) => {
        if (!readdirSync(place.out).includes(part)) return [];
        return readFileSync(path.join(place.out, part, 'a.txt'), 'utf8');
      });
      const expected = isNew ? 'new' : 'old';
      expect(texts).toEqual(isNew || hasEarlier ? releaseParts.map(() => expected) : []);
      expect(readdirSync(place.out).filter((name) => name.startsWith('.'))).toEqual([]);
    }
  },
);
