import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Document, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { findingsOf, fixtures, outOfDate, release, telling } from '../grader/authoring/check/check';
import { loadCourse } from '../grader/course';
import { newClone, newFolder, removeFolders } from '../grader/testing/folders';
import { runInProcess } from '../grader/testing/in-process';

afterAll(removeFolders);

/** Other sizes, labels, one more question and a deadline, after which work is worth what it was. */
function changeFacts(rubric: Document): void {
  rubric.setIn(['given', 'tokens'], 50);
  rubric.setIn(['given', 'model'], 'LLaMA-33B');
  rubric.setIn(['tables', 0, 'rows', 1, 'label'], 'What is asked for');
  rubric.setIn(['tables', 0, 'columns', 0, 'label'], 'Height');
  const deadline = { due: '2026-12-01T23:59', timezone: 'America/New_York', late: { per_day: '10%' } };
  rubric.set('deadline', deadline);
  rubric.addIn(['reflection', 'questions'], rubric.createNode({ id: 'tempo', label: 'Was it too fast?' }));
}

/** Other points, one row fewer, and other names of the title, the files and the export. */
function changeForm(rubric: Document): void {
  rubric.setIn(['tables', 0, 'points'], 3);
  rubric.deleteIn(['tables', 0, 'rows', 3]);
  const laws = rubric.get('laws') as YAMLSeq<YAMLMap>;
  laws.items = laws.items.filter((law) => !String(law.get('law')).includes('values.'));
  rubric.set('title', 'Week 3: shapes');
  rubric.setIn(['file'], 'assignment/table.ts');
  rubric.setIn(['reflection', 'file'], 'assignment/thoughts.md');
  rubric.setIn(['tables', 0, 'export'], 'answers');
  rubric.setIn(['tables', 1, 'repeats'], 'answers');
}

test('nothing but rubric.yaml is edited, npm run generate writes the rest, and every check and the tests of this worksheet pass', async () => {
  const root = newClone();
  const file = path.join(root, 'rubric.yaml');
  for (const change of [changeFacts, changeForm]) {
    const rubric = parseDocument(readFileSync(file, 'utf8'));
    change(rubric);
    writeFileSync(file, rubric.toString());
    const { status, stdout, stderr } = await runInProcess(root, 'generate');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('wrote ');
    expect((await runInProcess(root, 'generate')).stdout).toContain('Everything is up to date.');
    const course = loadCourse(root);
    // After the second change the points that a fixture says have to be written again.
    const checks = [outOfDate, telling, change === changeFacts ? fixtures : release];
    for (const check of checks) {
      const found = await findingsOf(() => check(course, newFolder()));
      expect(found.filter(({ kind }) => kind === 'failed')).toEqual([]);
    }
  }

  const jest = path.join('node_modules', 'jest', 'bin', 'jest.js');
  const { status, stderr } = spawnSync(process.execPath, [jest, '--silent', '-i', 'solution'], {
    cwd: root,
    encoding: 'utf8',
    // The folder that npm was called in, as npm sets it.
    env: { ...process.env, FORCE_COLOR: '0', INIT_CWD: root },
  });
  expect(stderr).not.toMatch(/^FAIL/m);
  expect(status).toBe(0);
}, 600_000);
