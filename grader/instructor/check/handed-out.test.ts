import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gradeFolder } from '../../grade';
import { noKey } from '../../key/key';
import { loadRubric } from '../../rubric/load';
import { readAnswers } from '../../submission/answers/read';
import { packageRoot } from '../../testing/folders';

/** What students are handed says the same as the rubric: rows, labels, questions and given values. */
const rubric = loadRubric(packageRoot);
const { rows, columns } = rubric.table;
const read = (...parts: string[]) => readFileSync(path.join(packageRoot, ...parts), 'utf8');
const handout = read('assignment', 'README.md');
// The stub has a second copy among the fixtures, so that assignment/ may be filled in while one tries it.
const stubFile = (file: string) => read('solution', 'fixtures', 'blank', ...file.split('/'));
const stub = stubFile(rubric.table.file);
/** The file that the stub takes its types from. */
const types = read('assignment', `${/from '\.\/([\w-]+)'/.exec(stub)?.[1]}.ts`);

test('while assignment/ is not begun, its files are those of solution/fixtures/blank to the letter', async () => {
  const { started } = await gradeFolder(packageRoot, rubric, noKey);
  const files = [rubric.table.file, ...(rubric.reflection ? [rubric.reflection.file] : [])];
  const handedOut = started ? files.map(stubFile) : files.map((file) => read(...file.split('/')));
  expect(handedOut).toEqual(files.map(stubFile));
});

test('the stub has every cell, in order, and each holds null', () => {
  const { cells, problems } = readAnswers(stub, rubric.table);
  expect(problems).toEqual([]);
  expect([...cells.values()].every((cell) => cell.is === 'blank' && cell.at !== undefined)).toBe(true);
  const found = [...stub.matchAll(/^ {2}(\w+): \{/gm)].map((match) => match[1]);
  expect(found).toEqual(rows.map(({ id }) => id));
});

test('the stub names each row as the worksheet words it, and says in one TODO what to do', () => {
  expect([...stub.matchAll(/^ {2}\/\/ (.+)$/gm)].map((match) => match[1])).toEqual(
    rows.map(({ label }) => label),
  );
  expect(stub.match(/TODO/g)).toHaveLength(1);
});

test('the types list the same rows and columns', () => {
  const names = [...types.matchAll(/^\s+(\w+): \w+;/gm)].map((match) => match[1]);
  for (const { id } of [...rows, ...columns]) expect(names).toContain(id);
});

test('the handout shows the table with every row in order, and no cell filled in', () => {
  const row = new RegExp(`^\\| ([^|]+?) +\\|(?: +\\|){${columns.length}}$`, 'gm');
  expect([...handout.matchAll(row)].map((match) => match[1])).toEqual(rows.map(({ label }) => label));
});

test('the handout states every given value, in bold, and the title names the model', () => {
  for (const [name, value] of Object.entries(rubric.given)) {
    const words = typeof value === 'string' ? value.replace('-', ' ') : `${value} ${name}`;
    expect(handout).toContain(`**${words}**`);
    if (typeof value === 'string') expect(rubric.title).toContain(words);
  }
});

test('the handout and the reflection’s file put every question, in order', () => {
  const { questions, file } = rubric.reflection ?? { questions: [], file: rubric.table.file };
  const headings = [...stubFile(file).matchAll(/^## (\d+)\. (.+)$/gm)].map((match) => [match[1], match[2]]);
  expect(headings).toEqual(questions.map(({ label }, index) => [String(index + 1), label]));
  for (const [index, { label }] of questions.entries()) expect(handout).toContain(`${index + 1}. ${label}`);
});

test('the picture of the handout, if there is one, shows no number', () => {
  for (const [, picture] of handout.matchAll(/```mermaid\n([\s\S]*?)```/g)) expect(picture).not.toMatch(/\d/);
});
