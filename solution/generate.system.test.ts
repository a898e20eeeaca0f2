import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Document, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { findingsOf, fixtures, outOfDate, telling } from '../grader/authoring/check/check';
import { loadCourse } from '../grader/course';
import { newClone, removeFolders } from '../grader/testing/folders';
import { runInProcess } from '../grader/testing/in-process';
import { runCommand } from '../grader/testing/run';

afterAll(removeFolders);

/** A change to `rubric.yaml`, the only file that is edited. */
type Change = (rubric: Document) => void;

/** Changes after which work is worth what it was. */
const kept: Readonly<Record<string, Change>> = {
  'another count of tokens': (rubric) => rubric.setIn(['given', 'tokens'], 50),
  'another model': (rubric) => rubric.setIn(['given', 'model'], 'LLaMA-33B'),
  'other labels of a row and a column': (rubric) => {
    rubric.setIn(['tables', 0, 'rows', 1, 'label'], 'What is asked for');
    rubric.setIn(['tables', 0, 'columns', 0, 'label'], 'Height');
  },
  'one more question': (rubric) =>
    rubric.addIn(['reflection', 'questions'], rubric.createNode({ id: 'tempo', label: 'Was it too fast?' })),
};

/** Changes after which the points that a fixture says have to be written again. */
const others: Readonly<Record<string, Change>> = {
  'other points for each cell': (rubric) => rubric.setIn(['tables', 0, 'points'], 3),
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

const changes = { ...kept, ...others };

describe('nothing but rubric.yaml is edited, npm run generate writes the rest, and every check passes', () => {
  test.each(Object.keys(changes))('%s', async (change) => {
    const root = await changed(changes[change as keyof typeof changes] as Change);
    const course = loadCourse(root);
    const checks = [outOfDate, telling, ...(change in others ? [] : [fixtures])];
    for (const check of checks) {
      const found = await findingsOf(() => check(course));
      expect(found.filter(({ kind }) => kind === 'failed')).toEqual([]);
    }
    expect((await runInProcess(root, 'generate')).stdout).toContain('Everything is up to date.');
  });

  test('all of that at once, with the tests of this worksheet', async () => {
    const root = await changed(...Object.values(changes));
    const { stdout } = runCommand(root, 'check');
    expect(stdout).not.toMatch(/^failed {2}(?!Each fixture gives)/m);
    expect(stdout).toMatch(/^ {8}solution\/fixtures\/typical\/fixture\.yaml:2: /m);
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
