import { existsSync } from 'node:fs';
import { readText, resolvePath } from '../../system/files';
import { newCourse, writeFiles } from '../../testing/folders';
import { runInProcess } from '../../testing/in-process';
import { rubricYaml, wholeCourse } from '../../testing/worksheet';

test('npm run check says under a broken promise what to do, and goes on with the others', async () => {
  const handout = `${wholeCourse['solution/handout.md']}\nA crate is 7 by 13.\n`;
  const root = newCourse({ ...wholeCourse, 'solution/handout.md': handout });
  const { status, stdout } = await runInProcess(root, 'check');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^failed {2}Each generated file .*\n {8}assignment\/README\.md:\d+: not what/m);
  expect(stdout).toMatch(/^failed {2}A release holds .*\n {8}student\/README\.md:\d+: it says “Crate … /m);
  expect(stdout.match(/^ok {6}/gm)).toHaveLength(4);
  expect(stdout).toContain('Failed: 2.');
});

test('npm run check stops where the course cannot be loaded, for nothing else can be told then', async () => {
  const rubric = rubricYaml.replace('points: 3', 'points: -3');
  const root = newCourse({ ...wholeCourse, 'rubric.yaml': rubric });
  const { status, stdout } = await runInProcess(root, 'check');
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^failed {2}.*\n[\s\S]*points is -3[\s\S]*The other checks need this one to pass first\./,
  );
  expect(stdout.match(/^(?:ok|failed) /gm)).toHaveLength(1);
});

test('npm run generate makes a file under its new name, and leaves the old one to its author', async () => {
  const root = newCourse(wholeCourse);
  writeFiles(root, { 'rubric.yaml': rubricYaml.replace('work/boxes.ts', 'task/boxes.ts') });
  await runInProcess(root, 'generate');
  for (const file of ['task/boxes.ts', 'task/worksheet.ts'])
    expect(existsSync(resolvePath(root, file))).toBe(true);
  expect(readText(root, 'work/boxes.ts')).toBe(wholeCourse['work/boxes.ts']);
  expect(existsSync(resolvePath(root, 'solution/fixtures/blank/work/boxes.ts'))).toBe(false);
});
