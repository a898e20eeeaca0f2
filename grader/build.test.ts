import { appendFileSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { program } from './build';
import { newFolder, packageRoot, removeFolders } from './testing/folders';

afterAll(removeFolders);

const folder = newFolder();
/** The smallest program. */
const name = 'style';
const source = path.join(packageRoot, 'grader', 'page', 'style.css');

/** When the cached program was built. */
const builtAt = () => statSync(program(name, folder).file).mtimeMs;

/** Makes a source look changed, by its timestamps. */
function touch(): void {
  const { atime, mtime } = statSync(source);
  utimesSync(source, atime, mtime);
}

/** Waits until what changed is no longer so recent that a build may not have read it. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 150));

test('a program is built once, and anew where a source of it or the program itself changed', async () => {
  const first = builtAt();
  expect(builtAt()).toBe(first);
  appendFileSync(program(name, folder).file, '/* another */');
  expect(program(name, folder).code).not.toContain('another');
  const { file } = program(name, folder);
  expect(readFileSync(file, 'utf8')).not.toContain('another');
  const second = builtAt();
  touch();
  await settled();
  expect(builtAt()).toBeGreaterThan(second);
});

test('a program is not kept whose source changed as it was built', async () => {
  const before = builtAt();
  touch();
  const { code, file } = program(name, folder);
  expect(code).not.toBe('');
  expect(statSync(file).mtimeMs).toBe(before);
});

test('a program knows all that it was made of', () => {
  expect(program(name, folder).inputs).toEqual([
    'grader/page/style.css',
    'grader/build.js',
    'package.json',
    'tsconfig.json',
    'node_modules/.package-lock.json',
  ]);
  expect(program('grade').inputs).toEqual(
    expect.arrayContaining([
      'grader/cli.ts',
      'grader/rubric/rubric.schema.json',
      'node_modules/ajv/dist/ajv.js',
    ]),
  );
});

test('where its folder cannot be written, a program is kept among the temporary files', async () => {
  await settled();
  const file = path.join(newFolder(), 'file');
  writeFileSync(file, '');
  const place = path.join(file, 'build');
  const first = program(name, place);
  expect(path.relative(place, first.file)).toMatch(/^\.\./);
  expect(program(name, place)).toEqual(first);
});
