import { loadCourse } from '../../course';
import { newCourse, removeFolders } from '../../testing/folders';
import { courseFiles, rubricYaml } from '../../testing/worksheet';
import { findingsOf, toldCheck } from './check';

afterAll(removeFolders);

test.each([
  ['', []],
  ['deadline: { due: 2026-12-01T23:59-05:00 }\n', ['deadline-without-timezone']],
  ['deadline: { due: 2026-12-01T23:59-05:00, timezone: America/New_York }\n', []],
])('with %j a time zone is asked for where it is missing', async (settings, codes) => {
  const course = loadCourse(newCourse({ ...courseFiles, 'rubric.yaml': `${rubricYaml}${settings}` }));
  expect((await findingsOf(toldCheck, course, '')).map(({ code }) => code)).toEqual(codes);
});

test('a time zone that there is not is refused', () => {
  const text = `${rubricYaml}deadline: { due: 2026-12-01T23:59-05:00, timezone: America/Atlantis }\n`;
  expect(() => loadCourse(newCourse({ ...courseFiles, 'rubric.yaml': text }))).toThrow('America/Atlantis');
});
