import { loadCourse, withDeadline } from '../../course/course';
import { readText } from '../../system/files';
import { askingCourse } from '../../testing/asking-course';
import { releasedCourse } from '../../testing/classes';
import { newCourse, newFolder, writeFiles } from '../../testing/folders';
import { gradeHistories } from '../../testing/grade-histories';
import { runInProcess } from '../../testing/in-process';
import { wholeCourse } from '../../testing/worksheet';
import { due, sampleClass } from './demo';

/** The graded students of the sample class, in a course whose reflection counts `choose` responses. */
async function gradedSample(choose: number) {
  const texts = { ...wholeCourse, ...askingCourse };
  const rubric = String(texts['rubric.yaml']).replace('choose: 2', `choose: ${choose}`);
  const course = withDeadline(loadCourse(newCourse({ ...texts, 'rubric.yaml': rubric }), false), due);
  const clones = sampleClass(course).map(({ login, commits }) => {
    let files: Readonly<Record<string, string>> = {};
    const made = commits.map((commit, index) => {
      files = { ...files, ...(commit.files as typeof files) };
      return [`c${index}`, { time: commit.time, files }] as const;
    });
    return [login, { commits: Object.fromEntries(made) }] as const;
  });
  return (await gradeHistories(course, Object.fromEntries(clones))).students;
}

// Update with: npx jest authoring/demo -u
test('the sample class has students who are right, wrong, late, not started, in a hurry, hostile and missing', async () => {
  const students = await gradedSample(2);
  const listed = students.map(({ key, status, points, submitted, adjustments, report, responses }) => {
    const values = report?.rows.map(({ cells }) => cells.map(({ value }) => value ?? '-').join(' x '));
    const costs = adjustments.map(({ reason }) => reason);
    return [
      key,
      status,
      points,
      submitted,
      ...(values ?? []),
      ...costs,
      `${responses.length} responses`,
    ].join(', ');
  });
  expect(`\n${listed.join('\n')}\n`).toMatchSnapshot();
});

test('where three responses count, the students of the sample class write as many, each in other words', async () => {
  const counts = (await gradedSample(3)).map(
    ({ responses }) => new Set(responses.map(({ text }) => text)).size,
  );
  expect([...new Set(counts)].sort()).toEqual([0, 1, 3]);
});

test('a worksheet that was changed since its release has a sample class, too', async () => {
  const { root } = releasedCourse();
  const rubric = readText(root, 'rubric.yaml');
  writeFiles(root, { 'rubric.yaml': rubric.replace('points: 1', 'points: 3') });
  const { status, stderr } = await runInProcess(root, 'demo', '--out', newFolder());
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('a folder that holds files of somebody else is left as it was', async () => {
  const folder = newFolder();
  writeFiles(folder, { 'mine.txt': 'Mine.' });
  expect(await runInProcess(newCourse(wholeCourse), 'demo', '--out', folder)).toMatchObject({
    status: 2,
    code: 'demo-holds-other-files',
  });
  expect(readText(folder, 'mine.txt')).toBe('Mine.');
});
