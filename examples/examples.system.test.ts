import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeCopy } from '../grader/authoring/release/contents';
import { seal } from '../grader/authoring/release/sealed-facts';
import { loadCourse } from '../grader/course/course';
import { score } from '../grader/grading/score';
import { sealedKey } from '../grader/key/sealed-key';
import { readSubmission } from '../grader/submission/submission';
import { newClone, newFolder, packageRoot } from '../grader/testing/folders';
import { asFoundFiles } from '../grader/testing/grade';
import { runCommand, runJest } from '../grader/testing/run';
import { Sampler } from '../grader/testing/sampler';

const clone = newClone();
/** A course package in this repository, which also contains its grader. */
const example = path.join(packageRoot, 'examples', 'grouped-query-attention');

test('everything of an example is up to date, and so is this worksheet for another model', () => {
  const file = path.join(clone, 'rubric.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('model: LLaMA-7B', 'model: Qwen2.5-0.5B'));
  const { status, stdout } = runCommand(clone, 'generate');
  expect(status).toBe(0);
  expect(stdout).toContain('wrote assignment/README.md');
  expect(stdout).not.toContain('examples/');
});

const release = newFolder();

/** The students’ copy of the example, from its release. */
function releasedExample(): string {
  const released = { status: 0, stderr: '', stdout: expect.stringContaining('All 6 checks passed.') };
  expect(runCommand(example, 'release', '--out', release)).toEqual(released);
  return path.join(release, 'student');
}

/** The students’ copy of this worksheet, for another model. */
async function ownCopy(): Promise<string> {
  const [course, copy] = [loadCourse(clone, false), newFolder()];
  makeCopy(course, copy, await seal(course.rubric, course.solution));
  return copy;
}

test.each([
  ['this worksheet, of another model,', clone, ownCopy],
  ['an example', example, releasedExample],
])(
  '%s gives its points in its copy, by the plain key and by a sealed one',
  async (_name, root, make) => {
    const course = loadCourse(root, false);
    const { possible } = course.rubric;
    const copy = await make();
    const sealed = JSON.parse(readFileSync(path.join(copy, 'grader', 'sealed-key.json'), 'utf8'));
    const sampler = new Sampler(course, 12);
    for (let index = 0; index < 5; index++) {
      const { files, points } = sampler.next();
      for (const key of [course.key, sealedKey(sealed, course.rubric)]) {
        const report = await score(course.rubric, readSubmission(asFoundFiles(files), course.rubric), key);
        expect({ files, points: report.points }).toEqual({ files, points });
      }
    }
    symlinkSync(path.join(packageRoot, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
    cpSync(path.join(root, 'solution', 'reference'), copy, { recursive: true });
    const points = expect.stringContaining(`${possible} of ${possible} points`);
    expect(runJest(copy)).toMatchObject({ status: 0, stdout: points });
  },
  180_000,
);

test('a class of an example is graded, with a page that has each table', () => {
  const [submissions, out] = [newFolder(), path.join(newFolder(), 'out')];
  for (const [name, folder] of [
    ['ada', 'reference'],
    ['bob', 'fixtures/blank'],
  ] as const)
    cpSync(path.join(example, 'solution', folder), path.join(submissions, name), { recursive: true });
  expect(runCommand(example, 'grade:class', submissions, '--out', out, '--release', release).status).toBe(0);
  const page = readFileSync(path.join(out, 'report.html'), 'utf8');
  for (const { label } of loadCourse(example, false).rubric.tables)
    if (label !== undefined) expect(page).toContain(label);
});
