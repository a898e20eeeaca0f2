import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { readRun } from '../grader/class/results/run';
import { loadCourse } from '../grader/course';
import { newFolder, newOwnCourse, removeFolders, writeFiles } from '../grader/testing/folders';
import { runCommand } from '../grader/testing/run';
import { Sampler } from '../grader/testing/sampler';

afterAll(removeFolders);

test('two thousand submissions, right and wrong and spelled in many ways, are graded without one difference', () => {
  const root = newOwnCourse();
  const sampler = new Sampler(loadCourse(root, false), 2026);
  const submissions = newFolder('class');
  const expected = new Map<string, number>();
  for (let index = 0; index < 2000; index++) {
    const { files, points } = sampler.next();
    const login = `student-${String(index).padStart(4, '0')}`;
    mkdirSync(path.join(submissions, login));
    writeFiles(path.join(submissions, login), files);
    expected.set(login, points);
  }
  const out = path.join(newFolder(), 'out');
  const { status, stderr } = runCommand(root, 'grade:class', submissions, '--out', out);
  expect(status).toBe(0);
  expect(stderr.replace(/^\d+ of 2000 graded$\n/gm, '')).toBe('');
  const differing = readRun(out).rows.filter(({ login, points }) => points !== expected.get(login));
  expect(differing.map(({ login, points }) => [login, points, expected.get(login)])).toEqual([]);
  expect(new Set(expected.values()).size).toBeGreaterThan(10);
});

test('the demo ends with a page about its class', () => {
  const place = newFolder();
  const { status, stdout, stderr } = runCommand(newOwnCourse(), 'demo', '--out', place);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { rows } = readRun(path.join(place, 'out'));
  expect(rows).toHaveLength(31);
  expect(stdout).toContain(path.join(place, 'out', 'report.html'));
  expect(new Set(rows.map(({ status: state }) => state))).toEqual(
    new Set(['graded', 'not started', 'no submission', 'after cutoff']),
  );
  expect(rows.some(({ adjustments }) => adjustments.some(({ kind }) => kind === 'late'))).toBe(true);
  expect(rows.filter(({ first }) => first !== undefined).length).toBeGreaterThan(4);
});
