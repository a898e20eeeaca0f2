import { withDeadline } from '../../course/course';
import { gradeClass, releasedCourse, work } from '../../testing/classes';
import { class30, type Enrolled, moodleFiles, moodleWorksheet, zip } from '../../testing/downloads';
import { fileOf, newFolder, writeFiles } from '../../testing/folders';
import { blankAnswers, notesOf, rightAnswers } from '../../testing/worksheet';
import { questionsIn, wasOf } from '../results/to-decide';

// Hosts are compared one by one. An extension in a host's record counts for the student, its record of what was handed
// in is compared with the work from that host, and answers stay back while anybody's work may still count.

const deadline = { due: '2026-11-10T12:00Z', timezone: 'UTC', late: { until: '2026-11-11T12:00Z' } };
const course = releasedCourse({ deadline, solution: 'after_due', no_submission: 'zero' });
const [ada, bob] = class30.filter(({ points }) => points === 10) as [Enrolled, Enrolled];
const absent = class30.find(({ handedIn }) => !handedIn) as Enrolled;
const students = [ada, bob, absent];
const keyOf = ({ studentId }: Enrolled) => `(${studentId.toLowerCase()})`;

/** Moodle's worksheet with more text in the status of one student. */
const sheetWith = (more: string, student = ada) => {
  const lines = moodleWorksheet(students).split('\r\n');
  const isOf = (line: string) => line.includes(`Participant ${student.participant}`);
  const longer = (line: string) => line.replace(/ - {2}- /, ` - ${more} -  - `);
  return fileOf('w.csv', lines.map((line) => (isOf(line) ? longer(line) : line)).join('\r\n'));
};
const download = (whose = students) => fileOf('d.zip', zip(moodleFiles(whose)));

describe('answers are told', () => {
  const told = async (roster: string, extensions = '') => {
    const tables = { 'extensions.csv': `who,due\n${extensions}` };
    const { stdout } = await gradeClass(course, download(), { roster, feedback: true, tables });
    return /(with|without) the answers[^\n]*/.exec(stdout)?.[0] ?? '';
  };

  test('once the cutoff has passed, and not before that of the last extension, wherever it is written', async () => {
    expect(await told(sheetWith(''))).toMatch(/^with the answers/);
    const granted = sheetWith('Extension granted until: Friday, 1 January 2120, 12:00 PM');
    expect(await told(granted)).toMatch(
      /^without .*, and work counts until .* 2120, 12:00 .*, because of the due date of Jörg Müller in Moodle \(Friday, 1 January 2120/,
    );
    const dueThere = moodleWorksheet(students)
      .replace('"Status"', '"Status","Allow submissions from","Due date","Cut-off date"')
      .replace(/ - {2}- "/g, '$&,"-","Friday, 1 January 2120, 12:00 PM","-"');
    expect(await told(fileOf('w.csv', dueThere))).toMatch(
      /^without .*, because of the due date of most students in Moodle; giving that date as --due would change that/,
    );
    expect(await told(sheetWith(''), `${bob.studentId},2120-01-01T12:00Z\n`)).toMatch(
      /^without .*, because of the extension of .* in extensions\.csv; a line with another date in extensions\.csv would change that/,
    );
  });

  test('not while an extension is not read, until a line answers for its student', async () => {
    const unread = sheetWith('Prolongation : mardi 3 novembre 2026, 23:59');
    expect(await told(unread)).toMatch(
      /^without .*work counts without end, because of the due date of .*mardi/,
    );
    expect(await told(unread, `${ada.studentId},${deadline.due}\n`)).toMatch(/^with the answers/);
  });
});

test('a line of extensions.csv goes before the date of the host, also where that is later', async () => {
  const early = withDeadline(course, { ...deadline, due: '2026-11-01T12:00Z', late: { per_day: 1 } });
  // Everybody handed in on 2 November.
  const granted = sheetWith('Extension granted until: Tuesday, 3 November 2026, 12:00 PM');
  const pointsWith = async (lines: string) => {
    const tables = { 'extensions.csv': `who,due\n${lines}` };
    const { row } = await gradeClass(early, download(), { roster: granted, tables });
    return [row(keyOf(ada)).points, row(keyOf(bob)).points];
  };
  expect(await pointsWith('')).toEqual([10, 9]);
  expect(await pointsWith(`${ada.studentId},2026-11-01T12:00Z\n`)).toEqual([9, 9]);
  expect(await pointsWith(`${bob.studentId},2026-11-02T12:00Z\n`)).toEqual([10, 10]);
});

test('starter files that came after the cutoff are 0 points, as are those that came in time', async () => {
  const past = { due: '2026-10-01T12:00Z', timezone: 'UTC', late: { until: '2026-10-02T12:00Z' } };
  const blank = { ...ada, handedIn: { 'boxes.ts': blankAnswers, 'notes.md': notesOf() } };
  const roster = fileOf('w.csv', moodleWorksheet([blank, bob]));
  const { row } = await gradeClass(withDeadline(course, past), download([blank, bob]), { roster });
  expect(row(keyOf(blank))).toMatchObject({ status: 'not started', points: 0, adjustments: [] });
  expect(row(keyOf(bob)).status).toBe('after cutoff');
});

describe('what a record says was done', () => {
  const folder = newFolder();
  writeFiles(
    folder,
    Object.fromEntries(
      Object.entries(work(rightAnswers)).map(([name, text]) => [`mail/${ada.studentId}/${name}`, text]),
    ),
  );
  const mailed = `${folder}/mail`;

  test('is compared with work from that host, whatever else the student has', async () => {
    const sources = [download([bob]), mailed];
    const { row, codes, stdout } = await gradeClass(course, sources, { roster: sheetWith('') });
    expect(row(keyOf(ada)).status).toBe('graded');
    expect(codes(keyOf(ada))).toContain('download/not-here');
    expect(codes(keyOf(bob))).not.toContain('download/not-here');
    expect(stdout).not.toContain('no download of it was given');
  });

  test('and is not here is not closed by a look while a zero waits for it', async () => {
    const roster = sheetWith('');
    const openAfterLook = async (...sources: readonly string[]) => {
      const { row } = await gradeClass(course, sources, { roster });
      const line = `${ada.studentId},,,looked at,${wasOf(row(keyOf(ada)))}\n`;
      const tables = { 'overrides.csv': `login,total,adjust,reason,was\n${line}` };
      const looked = await gradeClass(course, sources, { roster, tables });
      return questionsIn(looked.row(keyOf(ada))).map(({ code }) => code);
    };
    expect(await openAfterLook(download([bob]))).toEqual(['download/not-here']);
    expect(await openAfterLook(download([bob]), mailed)).toEqual([]);
  });

  test('is one note on the run where no download of that host was given, and zeros wait for it', async () => {
    const { row, codes, stdout } = await gradeClass(course, mailed, { roster: sheetWith('') });
    expect(stdout).toContain('Moodle says that 2 students handed in there, but its download was not given');
    expect([...codes(keyOf(ada)), ...codes(keyOf(bob))]).not.toContain('download/not-here');
    expect([row(keyOf(bob)).points, row(keyOf(absent)).points]).toEqual([null, 0]);
  });
});
