import path from 'node:path';
import { type DryRun, dryRun } from '../grader/authoring/dry-run/dry-run';
import { packageRoot } from '../grader/testing/folders';

const submission = (name: string) => dryRun(packageRoot, path.join(packageRoot, 'solution', name));

/** Returns the points that each output shows. */
function told({ step, points, comment }: DryRun) {
  return {
    log: /^(\d+) of \d+ points$/m.exec(step.log)?.[1],
    summary: /^\*\*(\d+) of \d+ points\*\*$/m.exec(step.summary)?.[1],
    comment: /^\*\*(\d+) of \d+ points\*\*$/m.exec(comment ?? '')?.[1],
    posted: points && String(points.totalPoints),
    isGreen: step.status === 0,
  };
}

test.each([
  ['reference', '16', true],
  ['fixtures/typical', '9', false],
  ['fixtures/hostile', '2', false],
  ['fixtures/malformed', '2', false],
])('on GitHub every output says of solution/%s that it has %s points', async (name, points, isGreen) => {
  const shown = await submission(name);
  expect(told(shown)).toEqual({ log: points, summary: points, comment: points, posted: points, isGreen });
  const warnings = shown.step.annotations.filter(({ name: kind }) => kind !== 'notice');
  expect(warnings.length === 0).toBe(isGreen);
  expect(warnings.length).toBeLessThanOrEqual(10);
  for (const { name: kind, properties } of warnings) {
    expect([kind, properties.file]).toEqual(['warning', 'assignment/answers.ts']);
  }
});

test('on GitHub the stub is green, says how to begin, and posts no points', async () => {
  const { step, points, comment } = await submission('fixtures/blank');
  expect({ status: step.status, annotations: step.annotations, points }).toEqual({
    status: 0,
    annotations: [],
    points: undefined,
  });
  expect(step.outputs.get('comment-only-updates')).toBe('true');
  expect(comment).toContain('Not started yet');
  expect(step.summary).toContain('Not started yet');
});
