import path from 'node:path';
import { listFiles, readText } from '../../system/files';
import { classOf, gradeClass, releasedCourse, rosterOf, work } from '../../testing/classes';
import { canvasFiles, canvasGradebook, class30, zip } from '../../testing/downloads';
import { fileOf } from '../../testing/folders';
import { rightAnswers } from '../../testing/worksheet';
import type { ClassHost } from '../returns/class-host';
import { keyCell, pointsCell } from '../returns/class-host';
import { classHosts } from './class-hosts';

/** A made-up host, complete as its own file would define it. */
const sakai: ClassHost = {
  id: 'sakai',
  title: 'Sakai',
  rowsOf: ({ titles, rows }) => (titles.join() === 'Student ID,Name,Score' ? rows : undefined),
  gradebooks: {
    'gradebooks/sakai.csv': () => ({
      columns: [
        ['Student ID', keyCell(({ studentId }) => studentId)],
        ['Name', ({ student }) => student.name],
        ['Score', pointsCell],
      ],
    }),
  },
};

test('a host is one file and one line of the list of hosts, and the run of another host changes by no byte', async () => {
  const course = releasedCourse();
  const students = class30.slice(0, 5);
  const download = fileOf('c.zip', zip(canvasFiles(students)));
  const roster = fileOf('r.csv', canvasGradebook(students));
  const run = async () => {
    const { out } = await gradeClass(course, download, { roster, feedback: true });
    const files = listFiles(out).filter((file) => file !== 'run.json');
    return files.map((file) => [file, readText(out, file)]);
  };
  const before = await run();
  (classHosts as ClassHost[]).push(sakai);
  try {
    expect(await run()).toEqual(before);
    const root = classOf({ a1: work(rightAnswers, 'a', 'b') });
    const { out } = await gradeClass(course, root, {
      roster: rosterOf('Student ID,Name,Score', 'a1,Ada,', 'b2,Bob,'),
    });
    expect(listFiles(path.join(out, 'gradebooks'))).toEqual(['sakai.csv']);
    const table = readText(out, 'gradebooks/sakai.csv');
    expect(table).toBe('Student ID,Name,Score\r\na1,Ada,10\r\n');
  } finally {
    (classHosts as ClassHost[]).pop();
  }
});
