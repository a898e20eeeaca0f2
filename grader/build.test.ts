import { statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { program } from './build';
import { problemWith } from './node-version';
import { newClone, newFolder } from './testing/folders';

/** The smallest program. */
const name = 'style';

test('each version of Node.js that does not run this is told which do', () => {
  for (const version of ['12.22.12', '18.19.0', '20.18.3', '21.7.0', '23.1.0'])
    expect(problemWith(version)).toContain(`Node.js ${version} does not run this; use `);
  for (const version of ['20.19.0', '22.0.0', '24.0.0', '26.1.0'])
    expect(problemWith(version)).toBeUndefined();
});

test('a program is built once, and anew where a source of it changed, whatever time the source claims', () => {
  const clone = newClone();
  const folder = newFolder();
  const ofClone: typeof program = require(path.join(clone, 'grader', 'build.js')).program;
  const builtAt = () => {
    ofClone(name, folder);
    return statSync(path.join(folder, `${name}.js`)).ino;
  };
  // A build right after a change may have missed it, so the next run builds again.
  let [before, first] = [builtAt(), builtAt()];
  while (before !== first) [before, first] = [first, builtAt()];
  utimesSync(path.join(clone, 'grader', 'page', 'style.css'), 0, 0);
  expect(builtAt()).not.toBe(first);
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
