import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { resolvePath } from '../system/files';
import { newClone, removeFolders, writeFiles } from '../testing/folders';
import { runCommand, runGrade } from '../testing/run';
import { courseFiles, rubricYaml, wholeCourse } from '../testing/worksheet';

afterAll(removeFolders);

const booleanKind = `
import { message } from '../message';
import { exact, type Kind, type KindDefinition } from './kind';

const kind: Kind = {
  ...exact,
  type: 'boolean | null',
  valueKind: 'boolean',
  takes: 'true or false',
  width: 6,
  parse(written, sourceText) {
    if (written.kind === 'boolean') return { value: String(written.value) };
    const text = '{written} is neither true nor false. Write one of the two.';
    return { reason: message('cell/not-boolean', text, { written: sourceText }) };
  },
  answerOf: (value) => (typeof value === 'boolean' ? String(value) : undefined),
  sourceText: String,
};

export const boolean: KindDefinition = { id: 'boolean', settings: {}, required: [], create: () => kind };
`;

test('a kind for booleans, added as CONTRIBUTING.md says, takes true and false however they are written', () => {
  const root = newClone();
  for (const part of ['assignment', 'solution']) rmSync(path.join(root, part), { recursive: true });
  writeFiles(root, wholeCourse);
  const registry = readFileSync(resolvePath(root, 'grader/kinds/registry.ts'), 'utf8');
  writeFiles(root, {
    'grader/kinds/boolean.ts': booleanKind,
    'grader/kinds/registry.ts': `import { boolean } from './boolean';\n${registry.replace('choiceKind, textKind]', 'choiceKind, textKind, boolean]')}`,
  });
  expect(runCommand(root, 'generate').stdout).toContain('Run npm run generate again.');

  const basket = '{ id: basket, label: Basket of fruit';
  writeFiles(root, {
    'rubric.yaml': rubricYaml.replace(basket, `${basket}, cells: { down: { kind: boolean } }`),
    'solution/index.ts': (courseFiles['solution/index.ts'] ?? '')
      .replace('{ down: 7, across: 11 }', '{ down: true, across: 11 }')
      .replace(/misconceptions = .*/, 'misconceptions = () => [];'),
  });
  expect(runCommand(root, 'generate')).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(resolvePath(root, 'work/boxes.ts'), 'utf8')).toContain(
    'Where yes or no is asked: true or false.',
  );
  expect(runCommand(root, 'check').stdout).not.toMatch(/^failed/m);

  const outcomeOf = (down: string) => {
    const answers = `const yes = true;\nconst no = false;\nexport const boxes = { basket: { down: ${down}, across: 11 }, crate: {} };\n`;
    writeFiles(root, { 'work/boxes.ts': answers });
    return JSON.parse(runGrade(root, '--json').stdout).rows[0].cells[0].outcome;
  };
  expect(['yes', 'no', "'true'"].map(outcomeOf)).toEqual(['correct', 'wrong', 'invalid']);
}, 120_000);
