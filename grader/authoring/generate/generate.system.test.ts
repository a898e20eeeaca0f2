import { existsSync, readFileSync } from 'node:fs';
import { resolvePath } from '../../system/files';
import { newCourse, removeFolders, writeFiles } from '../../testing/folders';
import { runCommand } from '../../testing/run';
import { notesOf, rightAnswers, rubricYaml, wholeCourse } from '../../testing/worksheet';

afterAll(removeFolders);

const read = (root: string, file: string) => readFileSync(resolvePath(root, file), 'utf8');

/** Changes some files of a course, then runs `npm run generate` in it. */
function generated(changes: Readonly<Record<string, string>>) {
  const root = newCourse(wholeCourse);
  writeFiles(root, changes);
  const { status, stdout, stderr } = runCommand(root, 'generate');
  return { root, status, stdout, stderr };
}

test('answers and a reflection that somebody filled in stay as they are, with a note, and the rest is written', () => {
  const filled = { 'work/boxes.ts': rightAnswers, 'work/notes.md': notesOf('a', 'b') };
  const { root, status, stdout } = generated({
    ...filled,
    'rubric.yaml': rubricYaml.replace('label: Crate', 'label: Big crate'),
  });
  expect(status).toBe(0);
  for (const [file, text] of Object.entries(filled)) {
    expect(stdout).toContain(`${file} is filled in, so it is left as it is.`);
    expect(read(root, file)).toBe(text);
  }
  expect(read(root, 'work/worksheet.ts')).toContain('crate: {');
  expect(read(root, 'solution/fixtures/blank/work/boxes.ts')).toContain('Big crate');
  expect(runCommand(root, 'check').stdout).not.toMatch(/^failed/m);
});

test('where a file gets another name, it is made there, and the old one is the author’s to delete', () => {
  const renamed = { 'rubric.yaml': rubricYaml.replace('work/boxes.ts', 'task/boxes.ts') };
  const { root } = generated(renamed);
  expect(existsSync(resolvePath(root, 'task/boxes.ts'))).toBe(true);
  expect(existsSync(resolvePath(root, 'task/worksheet.ts'))).toBe(true);
  expect(read(root, 'work/boxes.ts')).toBe(wholeCourse['work/boxes.ts']);
  expect(existsSync(resolvePath(root, 'solution/fixtures/blank/work/boxes.ts'))).toBe(false);
});

test('a file of answers with the name of the types is refused, and nothing is written', () => {
  const { root, status, stderr } = generated({
    'rubric.yaml': rubricYaml.replace('work/boxes.ts', 'work/worksheet.ts'),
  });
  expect(status).toBe(2);
  expect(stderr).toContain('work/worksheet.ts is where the types of the stub go. Choose another name');
  expect(read(root, 'work/worksheet.ts')).toBe(wholeCourse['work/worksheet.ts']);
});
