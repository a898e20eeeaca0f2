import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { OpenCourse } from '../../course';
import { parseRubric } from '../../rubric/load';
import { packageRoot } from '../../testing/folders';
import { rubricYaml } from '../../testing/worksheet';
import { workflowFor } from './make';

const source = readFileSync(path.join(packageRoot, '.github', 'workflows', 'classroom.yml'), 'utf8');
const others = { workflow_dispatch: null, repository_dispatch: null };

function courseOf(more: string): OpenCourse {
  const text = `${rubricYaml}${more}`;
  return { root: '', file: parse(text), rubric: parseRubric(text) };
}

test.each([
  ['', { push: { paths: ['work/**'] }, ...others }],
  ['grade_on: push\n', { push: { paths: ['work/**'] }, ...others }],
  ['grade_on: tag\n', { push: { tags: ['submit*'] }, ...others }],
  ['grade_on: manual\n', others],
])('with %j students’ copies are graded by that, and nothing else of the workflow changes', (more, on) => {
  const text = workflowFor(source, courseOf(more));
  const { on: found, ...rest } = parse(text);
  const { on: _, ...before } = parse(source);
  expect(found).toEqual(on);
  expect(rest).toEqual(before);
  // Its comments stay, too.
  const comments = (of: string) => of.match(/#.*$/gm);
  expect(comments(text)).toEqual(comments(source));
});

test('a workflow of another form is left as it is', () => {
  expect(workflowFor('on: push\n', courseOf(''))).toBe('on: push\n');
});

test('another word is refused, with those that there are', () => {
  expect(() => parseRubric(`${rubricYaml}grade_on: commit\n`)).toThrow('grade_on is "commit"; write push');
});
