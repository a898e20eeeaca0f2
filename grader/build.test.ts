import { statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { program } from './build';
import { problemWith } from './node-version';
import { newFolder, packageRoot } from './testing/folders';

/** The smallest program. */
const name = 'style';
const source = path.join(packageRoot, 'grader', 'page', 'style.css');

test('each version of Node.js that does not run this is told which do', () => {
  for (const version of ['12.22.12', '18.19.0', '20.18.3', '21.7.0', '23.1.0'])
    expect(problemWith(version)).toContain(`Node.js ${version} does not run this; use `);
  for (const version of ['20.19.0', '22.0.0', '24.0.0', '26.1.0'])
    expect(problemWith(version)).toBeUndefined();
});

test('a program is built once, and anew where a source of it changed, whatever time the source claims', async () => {
  const folder = newFolder();
  const builtAt = () => {
    program(name, folder);
    return statSync(path.join(folder, `${name}.js`)).ino;
  };
  const { mtime } = statSync(source);
  utimesSync(source, mtime, mtime);
  // A build so soon after a change may not have read it, so the next one does.
  const soon = builtAt();
  await setTimeout(150);
  const first = builtAt();
  expect(first).not.toBe(soon);
  expect(builtAt()).toBe(first);
  utimesSync(source, 0, 0);
  expect(builtAt()).not.toBe(first);
  utimesSync(source, mtime, mtime);
});

test('what is kept is used, unless an input of it is gone', () => {
  const folder = newFolder();
  const built = program(name, folder);
  const kept = path.join(folder, `${name}.js`);
  const soon = new Date(Date.now() + 60_000);
  const keep = (inputs: readonly string[]) => {
    writeFileSync(kept, `kept\n// Made of ${JSON.stringify({ ...built, inputs })}`);
    utimesSync(kept, soon, soon);
    return program(name, folder);
  };
  expect(keep(built.inputs)).toEqual({ ...built, code: 'kept' });
  expect(keep([...built.inputs, 'grader/gone.ts'])).toEqual(built);
  writeFileSync(kept, '/* cut short');
  expect(program(name, folder)).toEqual(built);
});
