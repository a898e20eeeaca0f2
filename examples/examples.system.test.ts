import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleFor, makeCopy } from '../grader/authoring/release/make';
import { seal } from '../grader/authoring/release/seal';
import { loadCourse } from '../grader/course';
import { score } from '../grader/grading/score';
import { bundledHosts } from '../grader/hosts/registry';
import { sealedKey } from '../grader/key/sealed';
import { readSubmission } from '../grader/submission/submission';
import { scoreByBundle } from '../grader/testing/bundles';
import { newClone, newFolder, packageRoot, removeFolders } from '../grader/testing/folders';
import { asFoundFiles } from '../grader/testing/grade';
import { runCommand, runJest } from '../grader/testing/run';
import { Sampler } from '../grader/testing/sampler';

afterAll(removeFolders);

/** A clone of this package whose `rubric.yaml` states another model, with its worksheet regenerated. */
function switched(): string {
  const root = newClone();
  const file = path.join(root, 'rubric.yaml');
  const text = readFileSync(file, 'utf8');
  const [own, other] = ['model: LLaMA-7B', 'model: Qwen2.5-0.5B'];
  writeFileSync(file, text.replace(own, other));
  expect(runCommand(root, 'generate')).toMatchObject({ status: 0, stderr: '' });
  return root;
}

/** The folder of an example course package, in a new clone of this repository, which contains its grader. */
function example(name: string): string {
  return path.join(newClone(), 'examples', name);
}

const examples = readdirSync(path.join(packageRoot, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const courses: Readonly<Record<string, () => string>> = {
  'the worksheet of this package, about Qwen2.5': switched,
  ...Object.fromEntries(examples.map((name) => [`examples/${name}`, () => example(name)])),
};

describe.each(Object.entries(courses))('%s', (_name, make) => {
  let root: string;
  beforeAll(() => {
    root = make();
  });

  test('on every host the reference earns every point, and the stub none', async () => {
    const course = loadCourse(root, false);
    const { possible } = course.rubric;
    const copy = newFolder();
    const sealed = await seal(course.rubric, course.solution);
    makeCopy(course, copy, sealed);
    for (const [folder, points] of [
      ['reference', possible],
      ['fixtures/blank', 0],
    ] as const) {
      const submission = path.join(root, 'solution', ...folder.split('/'));
      const { stdout } = runCommand(root, 'grade', '--as', 'github', submission);
      // If nothing has been started, no points at all are sent to GitHub.
      expect({
        folder,
        posted: stdout.includes(`{"totalPoints":${points},"maxPoints":${possible}}`),
      }).toEqual({
        folder,
        posted: points > 0,
      });
      for (const host of bundledHosts) {
        const earned = await scoreByBundle(
          host,
          bundleFor(host.bundled, copy, sealed),
          submission,
          newFolder(),
        );
        expect({ host: host.id, folder, earned }).toEqual({ host: host.id, folder, earned: points });
      }
    }
  });

  test('submissions that are made up earn what they are worth, by the plain key and by a sealed one', async () => {
    const course = loadCourse(root, false);
    const sealed = sealedKey(await seal(course.rubric, course.solution), course.rubric);
    const sampler = new Sampler(course, 12);
    for (let index = 0; index < 100; index++) {
      const { files, points } = sampler.next();
      for (const key of [course.key, sealed]) {
        const report = await score(course.rubric, readSubmission(asFoundFiles(files), course.rubric), key);
        expect({ files, points: report.points }).toEqual({ files, points });
      }
    }
  });
});

describe.each(examples)('examples/%s', (name) => {
  const root = example(name);

  test('everything is up to date, every check passes, and the students’ copy works by itself', () => {
    expect(runCommand(root, 'generate').stdout).toContain('Everything is up to date.');
    const out = newFolder();
    expect(runCommand(root, 'release', '--out', out)).toMatchObject({ status: 0, stderr: '' });
    const copy = path.join(out, 'student');
    symlinkSync(path.join(packageRoot, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
    const { possible } = loadCourse(root, false).rubric;
    expect(runJest(copy)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`0 of ${possible} points`),
    });
    cpSync(path.join(root, 'solution', 'reference'), copy, { recursive: true });
    expect(runJest(copy)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`${possible} of ${possible} points`),
    });
  });

  test('a class of it is graded, with a page that has each table', () => {
    const made = path.join(newFolder(), 'demo');
    const { status, stdout, stderr } = runCommand(root, 'demo', '--out', made);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^31 students: 2\d graded/m);
    expect(readFileSync(path.join(made, 'out', 'grades.csv'), 'utf8')).toMatch(/,\d of 3,/);
    const page = readFileSync(path.join(made, 'out', 'report.html'), 'utf8');
    for (const { label, marks } of loadCourse(root, false).rubric.tables)
      if (label !== undefined && !marks) expect(page).toContain(label);
  });
});
