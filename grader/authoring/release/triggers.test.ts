import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../testing/folders';
import { rubric } from '../../testing/worksheet';
import { workflowFor } from './make';

const source = readFileSync(path.join(packageRoot, '.github', 'workflows', 'classroom.yml'), 'utf8');

test('students’ copies are graded at pushes to what students edit, and nothing else of the workflow changes', () => {
  const text = workflowFor(source, rubric);
  const before = parse(source);
  expect(parse(text)).toEqual({ ...before, on: { ...before.on, push: { paths: ['work/**'] } } });
  // Its comments stay, too.
  const comments = (of: string) => of.match(/#.*$/gm);
  expect(comments(text)).toEqual(comments(source));
});

test.each(['on: push\n', 'on:\n  push: { tags: ["submit*"] } # my own\n', 'on:\n  workflow_dispatch:\n', ''])(
  'a workflow whose author chose another start is left as it is: %j',
  (text) => {
    expect(workflowFor(text, rubric)).toBe(text);
  },
);
