import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileDigest } from '../../system/files';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { openRelease } from './release';

afterAll(removeFolders);

const files = ['student/a.txt', 'page/b.html'];

/** Writes a release of two files. */
function release(out: string, text: string): void {
  writeFiles(out, Object.fromEntries(files.map((file) => [file, text])));
  const digests = Object.fromEntries(files.map((file) => [file, fileDigest(out, file)]));
  writeFiles(out, { 'release.json': JSON.stringify({ version: 5, files: digests }) });
}

/** Where a release goes, where it is made, and where the earlier one waits until it is in place. */
function placesIn(folder: string) {
  const out = path.join(folder, 'dist');
  return {
    out,
    made: path.join(folder, 'dist.new', 'release'),
    earlier: path.join(folder, 'dist.new', 'earlier'),
  };
}

const textsIn = (out: string) => files.map((file) => readFileSync(path.join(out, file), 'utf8'));

test.each([true, false])(
  'a release that was killed between any two renames is the old one or the new one, whole (over an earlier one: %s)',
  (hasEarlier) => {
    const renames = hasEarlier ? 2 : 1;
    for (let done = 0; done <= renames; done++) {
      const folder = newFolder();
      const { out, made, earlier } = placesIn(folder);
      if (hasEarlier) release(out, 'old');
      release(made, 'new');
      const steps = [...(hasEarlier ? [[out, earlier] as const] : []), [made, out] as const];
      for (const [from, to] of steps.slice(0, done)) renameSync(from, to);

      openRelease(out).discard();
      const expected = done === renames ? 'new' : 'old';
      expect(existsSync(out)).toBe(hasEarlier || expected === 'new');
      if (existsSync(out)) expect(textsIn(out)).toEqual(files.map(() => expected));
      expect(readdirSync(folder).filter((name) => name !== 'dist')).toEqual([]);
    }
  },
);

test('a release replaces an earlier one as a whole, and what installing, grading and browsing left in it', () => {
  const folder = newFolder();
  const { out } = placesIn(folder);
  release(out, 'old');
  writeFiles(out, {
    'student/node_modules/a/index.js': '',
    'student/.graded/run.json': '{}',
    '.DS_Store': '',
  });
  const opened = openRelease(out);
  release(opened.folder, 'new');
  opened.commit();
  opened.discard();
  expect(readdirSync(folder)).toEqual(['dist']);
  expect(readdirSync(out).sort()).toEqual(['page', 'release.json', 'student']);
  expect(textsIn(out)).toEqual(['new', 'new']);
});

test('a release that somebody worked in while the next was made stays as it is, whole', () => {
  const folder = newFolder();
  const { out } = placesIn(folder);
  release(out, 'old');
  const opened = openRelease(out);
  release(opened.folder, 'new');
  writeFiles(out, { 'student/essay.md': 'Mine.' });
  expect(() => opened.commit()).toThrow(expect.objectContaining({ code: 'release-holds-other-files' }));
  opened.discard();
  expect(textsIn(out)).toEqual(['old', 'old']);
  expect(readFileSync(path.join(out, 'student', 'essay.md'), 'utf8')).toBe('Mine.');
});

test('a release that cannot be put in place leaves the earlier one', () => {
  const folder = newFolder();
  const { out } = placesIn(folder);
  release(out, 'old');
  const opened = openRelease(out);
  rmSync(opened.folder, { recursive: true });
  expect(() => opened.commit()).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  opened.discard();
  expect(textsIn(out)).toEqual(['old', 'old']);
});

test('two releases into one folder do not meet: the second is told which folder to delete if the first was killed', () => {
  const { out } = placesIn(newFolder());
  const first = openRelease(out);
  expect(() => openRelease(out)).toThrow(`delete ${out}.lock`);
  first.discard();
  openRelease(out).discard();
  expect(existsSync(out)).toBe(false);
});

test('an empty folder is filled, and a copy that is a repository is not replaced', () => {
  const { out } = placesIn(newFolder());
  mkdirSync(out);
  const opened = openRelease(out);
  release(opened.folder, 'new');
  opened.commit();
  opened.discard();
  const repository = newFolder();
  cpSync(out, repository, { recursive: true });
  writeFiles(repository, { 'student/.git/HEAD': 'ref: refs/heads/main\n' });
  expect(() => openRelease(repository)).toThrow(`${repository} holds student/.git/HEAD`);
});
