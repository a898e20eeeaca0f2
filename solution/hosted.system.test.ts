import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { makeRelease } from '../grader/authoring/release/make';
import { loadCourse } from '../grader/course';
import { newFolder, newOwnCourse, packageRoot, removeFolders } from '../grader/testing/folders';

/** A release, with the bundle for Classroom 50. */
const made = newFolder();
beforeAll(async () => {
  await makeRelease(loadCourse(newOwnCourse(), false), made);
});
afterAll(removeFolders);

const fixtures = path.join(packageRoot, 'solution', 'fixtures');

test.each(readdirSync(fixtures))(
  'the bundle grades solution/fixtures/%s to the points that it says',
  (name) => {
    const checkout = path.join(newFolder(), 'checkout');
    cpSync(path.join(fixtures, name), checkout, { recursive: true });
    const { status, stderr } = spawnSync(
      process.execPath,
      [path.join(made, 'classroom50', 'bundle', 'grade.js'), 'classroom50'],
      {
        cwd: checkout,
        encoding: 'utf8',
        env: {
          CLASSROOM: 'nlp',
          ASSIGNMENT: 'shapes',
          USERNAME: 'ada',
          SUBMISSION_TAG: 'submit/2026-06-01T14-32-05Z-a1b2c3d',
          COMMIT_URL: 'https://example.org/c',
          RELEASE_URL: 'https://example.org/r',
        },
      },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const expected = parse(readFileSync(path.join(fixtures, name, 'fixture.yaml'), 'utf8'));
    const result = JSON.parse(readFileSync(path.join(checkout, 'result.json'), 'utf8'));
    expect([result.score, result['max-score']]).toEqual([expected.points, 16]);
  },
);
