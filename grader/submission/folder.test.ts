import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { newFolder, removeFolders, writeFiles } from '../testing/folders';
import { maxFile } from './decode';
import { listFolder, readFile } from './folder';

afterAll(removeFolders);

const file = 'work/boxes.ts';

function codeOf(root: string, name = file): string {
  const read = readFile(root, name);
  return read === undefined ? 'missing' : 'kind' in read ? read.reason.code : 'file';
}

/** A folder outside the submission that holds a file worth stealing. */
function elsewhere(): string {
  const folder = newFolder('elsewhere');
  writeFiles(folder, { 'boxes.ts': 'secret' });
  return folder;
}

test('a plain file is read, byte for byte', () => {
  const root = newFolder();
  writeFiles(root, { [file]: Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a]) });
  expect(readFile(root, file)).toEqual(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a]));
});

test('a missing file, and a missing folder, are missing', () => {
  const root = newFolder();
  expect(codeOf(root)).toBe('missing');
  mkdirSync(path.join(root, 'work'));
  expect(codeOf(root)).toBe('missing');
  expect(codeOf(path.join(root, 'nowhere'))).toBe('missing');
});

test('a file that is a link is refused, wherever it leads', () => {
  const root = newFolder();
  writeFiles(root, { 'real.ts': 'x', 'work/other.ts': 'x' });
  symlinkSync(path.join(elsewhere(), 'boxes.ts'), path.join(root, file));
  expect(codeOf(root)).toBe('file/link');
  symlinkSync(path.join(root, 'real.ts'), path.join(root, 'work', 'inner.ts'));
  expect(codeOf(root, 'work/inner.ts')).toBe('file/link');
});

test('a folder on the way that is a link is refused', () => {
  const root = newFolder();
  symlinkSync(elsewhere(), path.join(root, 'work'), 'junction');
  expect(codeOf(root)).toBe('file/link');
});

test('a root below a linked folder is read, for the way to the root is the reader’s own', () => {
  const [real, root] = [newFolder(), newFolder()];
  writeFiles(real, { [`student/${file}`]: 'x' });
  symlinkSync(real, path.join(root, 'link'), 'junction');
  expect(codeOf(path.join(root, 'link', 'student'))).toBe('file');
});

test('a folder in the place of a file, and a file in the place of a folder, are no files', () => {
  const root = newFolder();
  mkdirSync(path.join(root, 'work', 'boxes.ts'), { recursive: true });
  writeFiles(root, { flat: 'x' });
  expect([codeOf(root), codeOf(root, 'flat/boxes.ts')]).toEqual(['missing', 'missing']);
});

test('a file of the largest size is read, and one of a byte more is refused', () => {
  const root = newFolder();
  writeFiles(root, { [file]: 'x'.repeat(maxFile), 'more.ts': 'x'.repeat(maxFile + 1) });
  expect(codeOf(root)).toBe('file');
  expect(codeOf(root, 'more.ts')).toBe('file/too-large');
});

// Windows keeps its pipes outside the file system, where no path below a folder leads.
if (process.platform !== 'win32') {
  test('a named pipe is refused, and nothing waits for it', () => {
    const root = newFolder();
    mkdirSync(path.join(root, 'work'));
    execFileSync('mkfifo', [path.join(root, file)]);
    expect(codeOf(root)).toBe('file/special');
  });
}

test('files and links are listed in order, without what is hidden and what is below a link', () => {
  const root = newFolder();
  writeFiles(root, { 'b.ts': '', 'a.ts': '', 'folder/c.ts': '', '.git/x': '', 'node_modules/y': '' });
  symlinkSync(path.join(elsewhere(), 'boxes.ts'), path.join(root, 'link.ts'));
  symlinkSync(elsewhere(), path.join(root, 'way'), 'junction');
  expect(listFolder(root).map((one) => one.path)).toEqual(['a.ts', 'b.ts', 'folder/c.ts', 'link.ts', 'way']);
  expect(listFolder(path.join(root, 'nowhere'))).toEqual([]);
});
