import { loadCourse } from '../../course';
import { newCourse, removeFolders } from '../../testing/folders';
import { courseFiles, rubricYaml } from '../../testing/worksheet';
import { findingsOf } from './check';
import { toldCheck } from './told';

afterAll(removeFolders);

test.each([
  ['', []],
  ['deadline: { due: 2026-12-01T23:59-05:00 }\n', ['deadline-without-timezone']],
  ['deadline: { due: 2026-12-01T23:59-05:00, timezone: America/New_York }\n', []],
])('with %j a time zone is asked for where it is missing', async (settings, codes) => {
  const course = loadCourse(
    newCourse({ ...courseFiles, 'rubric.yaml': `${rubricYaml}attempts: off\n${settings}` }),
  );
  expect((await findingsOf(toldCheck, course, '')).map(({ code }) => code)).toEqual(codes);
});

test('a time zone that there is not is refused', () => {
  const text = `${rubricYaml}deadline: { due: 2026-12-01T23:59-05:00, timezone: America/Atlantis }\n`;
  expect(() => loadCourse(newCourse({ ...courseFiles, 'rubric.yaml': text }))).toThrow('America/Atlantis');
});

test.each([
  ['no notice', '', ['notice-without-duration']],
  ['a notice of who reads it alone', '  notice: We read this.\n', ['notice-without-duration']],
  ['a notice that tells how long', '  notice: We read this, and keep it until May.\n', []],
])('with %s, how long things are kept is asked for where it is missing', async (_name, notice, codes) => {
  const text = rubricYaml.replace('  choose: 2\n', `  choose: 2\n${notice}`);
  const course = loadCourse(newCourse({ ...courseFiles, 'rubric.yaml': text }));
  expect((await findingsOf(toldCheck, course, '')).map(({ code }) => code)).toEqual(codes);
});
