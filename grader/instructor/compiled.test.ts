import { appendFileSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { newFolder, packageRoot, removeFolders } from '../testing/folders';
import { compiled } from './compiled';

afterAll(removeFolders);

const entry = 'grader/instructor/class/teams.ts';
const folder = newFolder();

/** Where the program lies; it is made here if it was not. */
function program(): string {
  const file = compiled(entry, folder);
  if (file === undefined) throw new Error('it cannot be compiled');
  return file;
}

/** When it was made. */
const made = () => statSync(program()).mtimeMs;

test('a program is compiled once, and anew where a source of it or the program changed', () => {
  expect(made()).toBe(made());
  appendFileSync(program(), '// another');
  expect(readFileSync(program(), 'utf8')).not.toContain('// another');
  const before = made();
  const source = path.join(packageRoot, entry);
  const { atime, mtime } = statSync(source);
  utimesSync(source, atime, mtime);
  expect(made()).toBeGreaterThan(before);
});

test('a source that changes while it is compiled is not taken for what was compiled', () => {
  const source = path.join(packageRoot, entry);
  const { atime, mtime } = statSync(source);
  utimesSync(source, atime, mtime);
  expect(made()).toBeLessThan(made());
});

test('what cannot be compiled is left to whoever runs the sources', () => {
  expect(compiled('grader/instructor/no-such-file.ts', folder)).toBeUndefined();
});
