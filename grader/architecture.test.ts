import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { preProcessFile } from 'typescript';
import { packageRoot } from './testing/folders';

/** The files beside the folders that every folder may build on. */
const base = ['grader/message', 'grader/message.schema', 'grader/error', 'grader/fits'];

/** Which folders of `grader/`, and which files beside them, each folder may import besides itself. */
const allowed: Record<string, string[]> = {
  rubric: [],
  answers: ['rubric'],
  submission: ['rubric', 'answers'],
  key: ['rubric'],
  report: ['rubric', 'key'],
  actions: ['rubric', 'report'],
  hosts: [
    'rubric',
    'answers',
    'submission',
    'key',
    'report',
    'grader/grade',
    'grader/score',
    'grader/criteria',
    'grader/command',
  ],
  jest: ['actions', 'rubric', 'key', 'report', 'grader/grade', 'grader/criteria'],
  instructor: [
    'rubric',
    'answers',
    'submission',
    'key',
    'report',
    'hosts',
    'jest',
    'grader/grade',
    'grader/score',
    'grader/command',
  ],
  '': [
    'rubric',
    'answers',
    'submission',
    'key',
    'report',
    'grader/grade',
    'grader/score',
    'grader/judge',
    'grader/command',
    'grader/criteria',
  ],
};

const files = (folder: string) =>
  readdirSync(path.join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')))
    .filter((file) => file.endsWith('.ts') && !file.includes('/fixtures/'));
const isTest = (file: string) => file.endsWith('.test.ts') || file.startsWith('grader/testing/');
const read = (file: string) => readFileSync(path.join(packageRoot, ...file.split('/')), 'utf8');

/** What a file imports of this repository, as paths from its root. */
const imports = (file: string) =>
  preProcessFile(read(file))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => path.posix.join(path.posix.dirname(file), name));

const folderOf = (file: string) => {
  const [, folder, ...rest] = file.split('/');
  return rest.length > 0 ? (folder ?? '') : '';
};

const source = files('grader').filter((file) => !isTest(file));

test.each(source)('%s imports only what its folder may know', (file) => {
  const from = folderOf(file);
  for (const imported of imports(file)) {
    expect(imported.startsWith('grader/')).toBe(true);
    const to = folderOf(imported) || imported;
    expect([from, ...base, ...(allowed[from] ?? [])]).toContain(to);
  }
});

test('what the rest builds on builds on nothing of the rest', () => {
  for (const file of base.map((name) => `${name}.ts`)) {
    expect(imports(file).filter((name) => !name.startsWith('grader/message'))).toEqual([]);
  }
});

test.each([...files('solution'), ...files('assignment')].filter((file) => !isTest(file)))(
  '%s imports nothing of the grader',
  (file) => {
    expect(imports(file).filter((name) => name.startsWith('grader'))).toEqual([]);
  },
);

test('only the files of report/escape make text safe', () => {
  const makers = source.filter((file) =>
    /\bas (?:Safe<|TerminalText|MarkdownText|ActionsText|Base64)/.test(read(file)),
  );
  expect(makers.every((file) => file.startsWith('grader/report/escape/'))).toBe(true);
  expect(makers.length).toBeGreaterThan(0);
});

test('only the wiring of commands ends the process', () => {
  expect(source.filter((file) => /\bprocess\.exit\(/.test(read(file)))).toEqual(['grader/command.ts']);
});

test('the grader names no matrix, model or dimension of this worksheet', () => {
  const names = /\b(?:queries|scores|weights|llama|attention|embedding|softmax|dModel|nHeads|dHead)\b/i;
  const told = files('grader').filter(
    (file) => file !== 'grader/architecture.test.ts' && names.test(read(file)),
  );
  expect(told).toEqual([]);
});
