import { parse } from 'csv-parse/sync';
import { releasedCourse } from '../../testing/classes';
import { canvasFiles, canvasGradebook, class30, type Enrolled } from '../../testing/downloads';
import { gradeHistories } from '../../testing/grade-histories';
import { committed, deadline, started } from '../../testing/history-cases';

// A course on several hosts at once.

const students = class30.filter(({ points }) => points === 10).slice(0, 3);
const [ada, bob, cyd] = students as [Enrolled, Enrolled, Enrolled];

/** Canvas's gradebook with a login for each student. */
const roster = canvasGradebook(students)
  .split('\n')
  .map((line) => {
    const { login = '' } = students.find(({ userId }) => line.includes(`"${userId}"`)) ?? {};
    return `${line},"${line.startsWith('"Student","ID"') ? 'login' : login}"`;
  })
  .join('\n');

const course = releasedCourse({ deadline, no_submission: 'zero' });

test('late takes off for what was late on GitHub alone, and not for what was handed in to Canvas, where it counts in full', async () => {
  const clones = { [ada.login]: committed(20), [bob.login]: committed(20), [cyd.login]: committed(100) };
  const given = { roster, archives: { submissions: canvasFiles([bob]) }, started };
  const { row, text, notes } = await gradeHistories(course, clones, given);
  // Ada is a day late, Bob handed in at both hosts, and Cyd came after the cutoff.
  expect([ada, bob, cyd].map(({ login }) => row(login).points)).toEqual([9, 10, 0]);
  expect(row(bob.login)).toMatchObject({ host: 'canvas', notes: [{ code: 'class/twice' }] });
  expect(notes.join('\n')).toContain('submissions does not say when work was handed in');
  const rows = parse(text('gradebooks/canvas.csv'), { bom: true, columns: true }) as Record<string, string>[];
  const pointsOf = ({ userId }: Enrolled) => rows.find(({ ID }) => ID === userId)?.['Fruit (55)'];
  expect([ada, bob].map(pointsOf)).toEqual(['9', '10']);
});
