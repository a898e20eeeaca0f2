import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../testing/folders';
import { compiled } from './compiled';

const entry = 'grader/instructor/class/worker.ts';

/** Where the program lies; it is made here if it was not. */
function program(): string {
  const file = compiled(entry);
  if (file === undefined) throw new Error('it cannot be compiled');
  return file;
}

test('a program is compiled once, and anew where a source of it changed', () => {
  const file = program();
  writeFileSync(file, '// another');
  expect(readFileSync(program(), 'utf8')).toBe('// another');
  const source = path.join(packageRoot, 'grader', 'message.ts');
  const { atime, mtime } = statSync(source);
  utimesSync(source, atime, new Date(mtime.getTime() + 1000));
  try {
    expect(readFileSync(program(), 'utf8')).toContain('parentPort');
  } finally {
    utimesSync(source, atime, mtime);
  }
});

test('what a program was made of is all that it is made of', () => {
  const inputs = Object.keys(JSON.parse(readFileSync(`${program()}on`, 'utf8')));
  expect(inputs).toEqual(
    expect.arrayContaining([entry, 'grader/message.ts', 'node_modules/.package-lock.json']),
  );
});

test('what cannot be compiled is left to whoever runs the sources', () => {
  expect(compiled('grader/instructor/no-such-file.ts')).toBeUndefined();
});
