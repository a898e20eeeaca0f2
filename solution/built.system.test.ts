import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeCopy } from '../grader/authoring/release/make';
import { seal } from '../grader/authoring/release/seal';
import { loadCourse } from '../grader/course';
import { gradeForJest, reportFile } from '../grader/jest/grade';
import { newFolder, newOwnCourse, packageRoot, removeFolders, writeFiles } from '../grader/testing/folders';

afterAll(removeFolders);

/** Collects the results of one grading: the Report, the printed text, the tests, and the files for GitHub. */
async function left(grade: typeof gradeForJest, courseRoot: string) {
  const folder = newFolder();
  const files = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary' };
  writeFiles(folder, Object.fromEntries(Object.values(files).map((name) => [name, ''])));
  const variables = Object.entries(files).map(([name, file]) => [name, path.join(folder, file)] as const);
  Object.assign(process.env, { GITHUB_ACTIONS: 'true', ...Object.fromEntries(variables) });
  const run = await grade(courseRoot);
  const read = (...names: string[]) => readFileSync(path.join(...names), 'utf8');
  // Each run has a token of its own.
  const text = run.text.replaceAll(/[0-9a-f]{8}-[-0-9a-f]{27}/g, 'token');
  const report = JSON.parse(read(courseRoot, reportFile));
  return { ...run, text, report, output: read(folder, 'output'), summary: read(folder, 'summary') };
}

const course = newOwnCourse();
const copy = newFolder();
let built: typeof gradeForJest;
const { env } = process;
beforeAll(async () => {
  process.env = { ...env };
  const loaded = loadCourse(course, false);
  makeCopy(loaded, copy, await seal(loaded.rubric, loaded.solution));
  built = (require(path.join(copy, 'grader', 'grade.js')) as { gradeForJest: typeof gradeForJest })
    .gradeForJest;
});
afterAll(() => {
  process.env = env;
});

/** Names that come neither from a fixture nor from a run. */
const parts = [...readdirSync(course), 'grader', 'tsconfig.json', 'package-lock.json'];

const fixtures = readdirSync(path.join(packageRoot, 'solution', 'fixtures')).map(
  (name) => `fixtures/${name}`,
);

test.each([...fixtures, 'reference'])(
  'the built grader of a students’ copy leaves of solution/%s what the sources leave, and what this repository does',
  async (name) => {
    for (const root of [course, copy]) {
      for (const left of readdirSync(root).filter(
        (entry) => entry === 'assignment' || !parts.includes(entry),
      ))
        rmSync(path.join(root, left), { recursive: true });
      cpSync(path.join(packageRoot, 'solution', name), root, { recursive: true });
    }
    const ofCopy = await left(built, copy);
    expect(ofCopy).toEqual(await left(gradeForJest, copy));
    const { report, summary, text, ...others } = await left(gradeForJest, course);
    expect({ ...ofCopy.report, key: report.key }).toEqual(report);
    expect(ofCopy).toMatchObject(others);
    // The course holds the key, so its output also warns that the key can be read.
    for (const [ofCourse, own] of [
      [summary, ofCopy.summary],
      [text, ofCopy.text],
    ] as const)
      for (const line of own.split('\n')) expect(ofCourse).toContain(line);
  },
);
