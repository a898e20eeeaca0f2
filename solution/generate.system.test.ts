import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Document, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { findingsOf } from '../grader/authoring/check/check';
import { generatedCheck, referenceCheck } from '../grader/authoring/check/generated';
import { hintsCheck, kindsOfAnswersCheck, singleCellsCheck } from '../grader/authoring/check/key';
import { loadCourse } from '../grader/course';
import { newClone, removeFolders } from '../grader/testing/folders';
import { runInProcess } from '../grader/testing/in-process';
import { runCommand } from '../grader/testing/run';

afterAll(removeFolders);

/** A change to `rubric.yaml`, the only file that is edited. */
type Change = (rubric: Document) => void;

const changes: Readonly<Record<string, Change>> = {
  'other points for each cell, and another count of tokens': (rubric) => {
    rubric.setIn(['tables', 0, 'points'], 3);
    rubric.setIn(['given', 'tokens'], 48);
  },
  'another model': (rubric) => rubric.setIn(['given', 'model'], 'LLaMA-33B'),
  'other labels of a row and a column': (rubric) => {
    rubric.setIn(['tables', 0, 'rows', 1, 'label'], 'What is asked for');
    rubric.setIn(['tables', 0, 'columns', 0, 'label'], 'Height');
  },
  'one more question': (rubric) =>
    rubric.addIn(['reflection', 'questions'], rubric.createNode({ id: 'tempo', label: 'Was it too fast?' })),
  'one row fewer, and its law with it': (rubric) => {
    rubric.deleteIn(['tables', 0, 'rows', 3]);
    const laws = rubric.get('laws') as YAMLSeq<YAMLMap>;
    laws.items = laws.items.filter((law) => !String(law.get('law')).includes('values.'));
  },
  'another title, other names of files and another name of the export': (rubric) => {
    rubric.set('title', 'Week 3: shapes');
    rubric.setIn(['file'], 'assignment/table.ts');
    rubric.setIn(['reflection', 'file'], 'assignment/thoughts.md');
    rubric.setIn(['tables', 0, 'export'], 'answers');
    rubric.setIn(['tables', 1, 'repeats'], 'answers');
  },
};

/** Copies this package, changes its `rubric.yaml` and runs `npm run generate`. */
async function changed(...made: Change[]): Promise<string> {
  const root = newClone();
  // A test in the copy runs as another user, who needs access to it.
  chmodSync(root, 0o755);
  const file = path.join(root, 'rubric.yaml');
  const rubric = parseDocument(readFileSync(file, 'utf8'));
  for (const change of made) change(rubric);
  writeFileSync(file, rubric.toString());
  const { status, stdout, stderr } = await runInProcess(root, 'generate');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('wrote ');
  return root;
}

/** The checks of the course itself. Its copies are checked once, below. */
const checks = [generatedCheck, referenceCheck, singleCellsCheck, hintsCheck, kindsOfAnswersCheck];

describe('nothing but rubric.yaml is edited, npm run generate writes the rest, and every check passes', () => {
  test.each(Object.entries(changes))('%s', async (_name, change) => {
    const root = await changed(change);
    const course = loadCourse(root);
    for (const check of checks) {
      const found = await findingsOf(check, course, '');
      expect(found.filter(({ kind }) => kind === 'failed')).toEqual([]);
    }
    expect((await runInProcess(root, 'generate')).stdout).toContain('Everything is up to date.');
  });

  test('all of that at once, with the tests of this worksheet', async () => {
    const root = await changed(...Object.values(changes));
    const { status: checked, stdout } = runCommand(root, 'check');
    expect(stdout).not.toMatch(/^failed/m);
    expect(checked).toBe(0);
    const jest = path.join('node_modules', 'jest', 'bin', 'jest.js');
    const { status, stderr } = spawnSync(process.execPath, [jest, '--silent', 'solution', 'bench'], {
      cwd: root,
      encoding: 'utf8',
      // The folder that npm was called in, as npm sets it.
      env: { ...process.env, FORCE_COLOR: '0', INIT_CWD: root },
    });
    expect(stderr).not.toMatch(/^FAIL/m);
    expect(status).toBe(0);
  }, 300_000);
});
