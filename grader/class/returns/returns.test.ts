import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { graded, runClass, work } from '../../testing/classes';
import {
  canvasFiles,
  canvasGradebook,
  class30,
  type Enrolled,
  moodleFiles,
  moodleWorksheet,
  zip,
} from '../../testing/downloads';
import { fileOf, newCourse, newFolder, removeFolders } from '../../testing/folders';
import { answersOf, courseFiles } from '../../testing/worksheet';

afterAll(removeFolders);

const course = newCourse(courseFiles);

/** Runs a class with feedback, and reads one of the archives that it writes. */
async function returned(download: Buffer, roster: string, archive: string, ...args: string[]) {
  const file = fileOf('download.zip', download);
  const run = await graded(course, file, '--roster', fileOf('roster.csv', roster), '--feedback', ...args);
  const packed = unzipSync(readFileSync(path.join(run.out, 'feedback', archive)));
  const pages = new Map(
    Object.entries(packed).map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]),
  );
  return { ...run, pages };
}

/** The points that count, as a page shows them. */
const pointsOn = (page = '') => /(\d+) of 10 points/.exec(page)?.[1];

const said = ({ points }: Enrolled) => (points === null ? undefined : String(points));

describe('Moodle takes feedback back', () => {
  test('a folder for each participant, with that student’s own page', async () => {
    const { pages, stdout } = await returned(
      zip(moodleFiles(class30)),
      moodleWorksheet(class30),
      'moodle-feedback.zip',
    );
    // Moodle's importer reads a name like this: the number between the first two underscores, then a plugin.
    const byParticipant = new Map(
      [...pages].map(([name, page]) => {
        const [, participant, type, plugin] = (name.split('/')[0] ?? '').split('_');
        expect([type, plugin, name.split('/')[1]]).toEqual(['assignfeedback', 'file', 'feedback.html']);
        return [participant, page];
      }),
    );
    expect(class30.map(({ participant }) => pointsOn(byParticipant.get(participant)))).toEqual(
      class30.map(said),
    );
    expect(byParticipant.size).toBe(class30.length);
    expect(stdout).toContain('Upload multiple feedback files in a zip');
  });

  test.each([
    [false, false],
    [true, false],
    [true, true],
  ])('its worksheet, filled in under its own headings (German: %s, blind: %s)', async (isGerman, isBlind) => {
    const worksheet = moodleWorksheet(class30, { isGerman: isGerman || isBlind, isBlind });
    const { table } = await returned(
      zip(moodleFiles(class30, { isBlind })),
      worksheet,
      'moodle-feedback.zip',
    );
    const [headings = [], ...rows] = table('gradebooks/moodle-worksheet.csv');
    expect(headings.map((heading) => `"${heading}"`).join(',')).toBe(worksheet.slice(1).split('\r\n')[0]);
    const grade = headings.findIndex((heading) => /^(?:Grade|Bewertung)$/.test(heading));
    const comments = headings.length - 1;
    const found = new Map(rows.map((cells) => [/\d+$/.exec(cells[0] ?? '')?.[0], cells]));
    expect(class30.map(({ participant }) => found.get(participant)?.[grade])).toEqual(
      class30.map((student) => said(student) ?? '-'),
    );
    const commentOf = ({ participant }: Enrolled) => found.get(participant)?.[comments] ?? '';
    expect(class30.map((student) => pointsOn(commentOf(student)))).toEqual(class30.map(said));
  });

  test.each([
    ['saved with semicolons', (text: string) => text.replaceAll('","', '";"')],
    ['saved with tabs', (text: string) => text.replaceAll('","', '"\t"')],
    [
      'without numbers and addresses of students',
      (text: string) =>
        text
          .split('\r\n')
          .map((line) => line.replace(/^(\ufeff?"[^"]*","[^"]*"),"[^"]*","[^"]*"/, '$1'))
          .join('\r\n'),
    ],
    [
      'with groups that were added at the end',
      (text: string) =>
        text
          .split('\r\n')
          .map((line, index) => (line === '' ? '' : `${line},"${index === 0 ? 'Group' : `G${index}`}"`))
          .join('\r\n'),
    ],
  ])('its worksheet, %s, is known all the same', async (_name, change) => {
    const worksheet = change(moodleWorksheet(class30, { isGerman: true }));
    const { table, pages, rows } = await returned(
      zip(moodleFiles(class30)),
      worksheet,
      'moodle-feedback.zip',
    );
    const [headings = [], ...filled] = table('gradebooks/moodle-worksheet.csv');
    const [grade, comments] = ['Bewertung', 'Feedback als Kommentar'].map((name) => headings.indexOf(name));
    const of = new Map(filled.map((cells) => [/\d+$/.exec(cells[0] ?? '')?.[0], cells]));
    expect(class30.map(({ participant }) => of.get(participant)?.[grade ?? -1])).toEqual(
      class30.map((student) => said(student) ?? '-'),
    );
    expect(class30.map(({ participant }) => pointsOn(of.get(participant)?.[comments ?? -1]))).toEqual(
      class30.map(said),
    );
    expect([pages.size, rows.length]).toEqual([class30.length, class30.length]);
    expect(table('grades.csv').filter(([, name]) => name === '')).toEqual([]);
  });

  test('what a teacher wrote into a comment stays as it is, and the newest feedback stands below it once', async () => {
    const teachers = ['<p>Well done!</p>', '- see me; =1+1', 'Line one\nLine two', ''];
    // A student may type the words around the feedback, too.
    const ends = 'End of the automatic feedback.';
    const typed = work(answersOf(`{ down: 7, across: "${ends}" }`, '{ down: 7, across: 13 }'));
    const students = class30.slice(0, teachers.length).map((student) => ({
      ...student,
      handedIn: { 'boxes.ts': typed['work/boxes.ts'], 'notes.md': typed['work/notes.md'] },
    }));
    const withComments = (comments: readonly string[]) => {
      const [head, ...lines] = moodleWorksheet(students).split('\r\n');
      const filled = lines.map((line, index) =>
        line.replace(/""$/, () => `"${comments[index]?.replaceAll('"', '""')}"`),
      );
      return [head, ...filled].join('\r\n');
    };
    const commentsAfter = async (comments: readonly string[]) => {
      const run = await returned(zip(moodleFiles(students)), withComments(comments), 'moodle-feedback.zip');
      const byParticipant = new Map(
        run
          .table('gradebooks/moodle-worksheet.csv')
          .map((cells) => [cells[0]?.replace(/\D+/, ''), cells.at(-1) ?? '']),
      );
      return students.map(({ participant }) => byParticipant.get(participant) ?? '');
    };
    const first = await commentsAfter(teachers);
    for (const [index, comment] of first.entries()) {
      expect(comment.startsWith(teachers[index] ?? '?')).toBe(true);
      expect(comment.split(' of 10 points')).toHaveLength(2);
      expect(comment.split(ends).length).toBeGreaterThanOrEqual(2);
    }
    expect(await commentsAfter(first)).toEqual(first);
    // Moodle's editor rewrites tags in its own way, and a teacher adds something at the end.
    const edited = first.map(
      (comment) => `<p>${comment.replaceAll('<br>', '<br />\n')}<br />Seen again.</p>`,
    );
    for (const [index, comment] of (await commentsAfter(edited)).entries()) {
      const [kept = '', ...ours] = comment.split(' of 10 points');
      expect(ours).toHaveLength(1);
      expect(kept.startsWith(`<p>${teachers[index]}`)).toBe(true);
      expect(kept).toContain('Seen again.</p>');
    }
  });

  test('the worksheet of another assignment grades nobody', async () => {
    const others = class30.map((student) => ({
      ...student,
      participant: `${500 + Number(student.participant)}`,
    }));
    const { status, code } = await runClass(
      course,
      ...[fileOf('c.zip', zip(moodleFiles(class30))), '--roster', fileOf('r.csv', moodleWorksheet(others))],
    );
    expect({ status, code }).toEqual({ status: 2, code: 'roster-matches-nobody' });
  });

  test('a team’s feedback goes to each member under the member’s own number', async () => {
    const [ada, bob, ...others] = class30 as readonly [Enrolled, Enrolled, ...Enrolled[]];
    const team = { ...ada, first: 'Team', last: 'One', participant: others[0]?.participant ?? '' };
    const groupOf = (student: Enrolled) => ([ada, bob].includes(student) ? 'Team One' : '');
    const { pages } = await returned(
      zip(moodleFiles([team])),
      moodleWorksheet([ada, bob, ...others.slice(0, 2)], { groupOf }),
      'moodle-feedback.zip',
    );
    const at = (participant: string) => [...pages].find(([name]) => name.includes(`_${participant}_`))?.[1];
    expect([at(ada.participant), at(bob.participant), at(team.participant)].map(pointsOn)).toEqual([
      '10',
      '10',
      undefined,
    ]);
  });

  test('another maximum than the points here is named before grades are uploaded', async () => {
    const worksheet = moodleWorksheet(class30).replaceAll('"10.00"', '"100.00"');
    const { stdout } = await returned(zip(moodleFiles(class30)), worksheet, 'moodle-feedback.zip');
    expect(stdout).toContain('The worksheet in Moodle is worth 100 points there, and there are 10 here');
  });
});

describe('Canvas takes feedback back', () => {
  test('under the names of its download, each with that student’s own page', async () => {
    const files = canvasFiles(class30);
    const { pages, stdout } = await returned(zip(files), canvasGradebook(class30), 'canvas-feedback.zip');
    // Canvas reads a name like this: the number of a user and that of an existing attachment.
    const attachments = new Set(Object.keys(files).map((name) => /_(\d+_\d+)_/.exec(name)?.[1]));
    const byUser = new Map(
      [...pages].map(([name, page]) => {
        const [, user, attachment] = /_(\d+)_(\d+)_feedback\.html$/.exec(name) ?? [];
        expect(attachments).toContain(`${user}_${attachment}`);
        return [user, page];
      }),
    );
    expect(class30.map(({ userId }) => pointsOn(byUser.get(userId)))).toEqual(class30.map(said));
    expect(stdout).toContain('A second upload adds a second comment.');
  });

  test('what a person gave to somebody other than its uploader does not go back under the uploader’s name', async () => {
    const [ada, bob, carl, ...others] = class30.filter(({ points }) => points !== null) as unknown as [
      ...[Enrolled, Enrolled, Enrolled],
      ...Enrolled[],
    ];
    // Ada and Bob uploaded each other’s work. Carl uploaded his own, and a person said so.
    const files = canvasFiles([ada, bob, carl, ...others.slice(0, 3)]);
    const out = path.join(newFolder(), 'out');
    const nameOf = ({ userId }: Enrolled) =>
      Object.keys(files)
        .find((file) => file.includes(`_${userId}_`))
        ?.replace(new RegExp(`(_${userId})_.*`), '$1');
    const lines = [
      [ada, bob],
      [bob, ada],
      [carl, carl],
    ] as const;
    mkdirSync(out);
    writeFileSync(
      path.join(out, 'matches.csv'),
      ['submission,login', ...lines.map(([of, to]) => `${nameOf(of)},${to.email}`), ''].join('\n'),
    );
    const { status, stdout } = await runClass(
      course,
      ...[fileOf('s.zip', zip(files)), '--roster', fileOf('r.csv', canvasGradebook(class30))],
      ...['--feedback', '--out', out],
    );
    expect(status).toBe(0);
    const packed = unzipSync(readFileSync(path.join(out, 'feedback', 'canvas-feedback.zip')));
    const readers = Object.keys(packed).map((name) => /_(\d+)_\d+_feedback\.html$/.exec(name)?.[1]);
    expect(readers.sort()).toEqual([carl, ...others.slice(0, 3)].map(({ userId }) => userId).sort());
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /No host gives [^:]* their pages, with your comment or on work that others uploaded/,
    );
    for (const { userId } of [ada, bob]) expect(stdout).toContain(userId);
  });

  test('a gradebook of other numbers grades nobody', async () => {
    const others = class30.map((student) => ({ ...student, userId: `${Number(student.userId) + 1}` }));
    const { status, code } = await runClass(
      course,
      ...[fileOf('s.zip', zip(canvasFiles(class30))), '--roster', fileOf('r.csv', canvasGradebook(others))],
    );
    expect({ status, code }).toEqual({ status: 2, code: 'roster-matches-nobody' });
  });

  test('its gradebook has the column that Canvas knows, and what it is worth is compared', async () => {
    const file = fileOf('s.zip', zip(canvasFiles(class30)));
    const { table, stdout } = await graded(
      course,
      ...[file, '--roster', fileOf('r.csv', canvasGradebook(class30))],
    );
    expect(table('gradebooks/canvas.csv')[0]?.at(-1)).toBe('Fruit (55)');
    const worth = canvasGradebook(class30).replace('"10"', '"100"');
    const other = await graded(course, file, '--roster', fileOf('r.csv', worth));
    expect(stdout).not.toContain('Fruit (55)');
    expect(other.stdout).toContain('Fruit (55) in Canvas is worth 100 points there, and there are 10 here');
    const named = await graded(
      course,
      ...[file, '--roster', fileOf('r.csv', worth), '--canvas-column', 'Nope (99)'],
    );
    expect(named.table('gradebooks/canvas.csv')[0]?.at(-1)).toBe('Nope (99)');
  });

  test('a group reads nothing of one member’s alone', async () => {
    const [ada, bob, carl] = class30 as unknown as [Enrolled, Enrolled, Enrolled];
    const groups = [
      'name,id,email,group',
      `"${ada.last}, ${ada.first}",${ada.userId},a@x.org,Group X`,
      `"${bob.last}, ${bob.first}",${bob.userId},b@x.org,Group X`,
      `"${carl.last}, ${carl.first}",${carl.userId},c@x.org,`,
    ].join('\n');
    const file = fileOf('s.zip', zip(canvasFiles([{ ...ada, first: 'X', last: 'Group' }])));
    const first = await graded(course, file, '--roster', fileOf('r.csv', groups));
    expect(first.rows.filter(({ points }) => points === 10)).toHaveLength(2);
    writeFileSync(path.join(first.out, 'comments.csv'), `login,text\n${bob.userId},For Bob alone\n`);
    writeFileSync(
      path.join(first.out, 'overrides.csv'),
      `login,total,adjust,reason\n${ada.userId},,-1,Only Ada\n`,
    );
    const { status, stdout } = await runClass(
      course,
      ...[file, '--roster', fileOf('r.csv', groups), '--feedback', '--apply', '--out', first.out],
    );
    expect(status).toBe(0);
    const packed = unzipSync(readFileSync(path.join(first.out, 'feedback', 'canvas-feedback.zip')));
    const [page = '', ...more] = Object.values(packed).map((bytes) => Buffer.from(bytes).toString('utf8'));
    expect(more).toEqual([]);
    // This also holds where only one of them is graded.
    const sections = groups
      .split('\n')
      .map((line, index) => `${line},${index === 0 ? 'section' : `S${index}`}`);
    const only = await graded(
      course,
      ...[file, '--roster', fileOf('r.csv', sections.join('\n')), '--section', 'S1'],
      '--feedback',
    );
    const alone = unzipSync(readFileSync(path.join(only.out, 'feedback', 'canvas-feedback.zip')));
    expect(Buffer.from(Object.values(alone)[0] ?? '').toString('utf8')).not.toContain('by hand');
    expect(page).not.toMatch(/For Bob|Only Ada|by hand/);
    expect(stdout).toContain(`No host gives ${bob.userId} their pages, with your comment`);
    expect(page).toContain('Your grade: see your own');
  });
});
