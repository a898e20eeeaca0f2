import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { graded, outputsIn, partly, runClass, tableFile, work } from '../../testing/classes';
import {
  canvasFiles,
  canvasGradebook,
  class30,
  classroom50Zips,
  type Enrolled,
  type Files,
  gradescopeFiles,
  gradescopeRoster,
  loginRoster,
  moodleFiles,
  moodleWorksheet,
  zip,
} from '../../testing/downloads';
import { fileOf, newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { blankAnswers, courseFiles, rightAnswers } from '../../testing/worksheet';

afterAll(removeFolders);

const course = newCourse(courseFiles);

function unpacked(files: Files, name = 'download'): string {
  const root = path.join(newFolder(), name);
  writeFiles(root, files);
  return root;
}

/** Grades a download, and finds the points of each student by the identifier that the roster uses. */
async function pointsIn(download: string, roster: string, by: (student: Enrolled) => string) {
  const { rows, ...rest } = await graded(course, download, '--roster', fileOf('roster.csv', roster));
  const found = class30.map((student) => {
    const row = rows.find(({ key }) => key === by(student));
    return [student.login, row?.points, row?.status === 'no submission'];
  });
  return { found, rows, ...rest };
}

const expected = class30.map(({ login, points }) => [login, points, points === null]);
const pairs = Array.from({ length: 15 }, (_, index) => class30.slice(2 * index, 2 * index + 2));

describe('a class of thirty gets the points that its work is worth', () => {
  const rosters = {
    canvas: [canvasGradebook(class30), ({ userId }: Enrolled) => `(${userId})`],
    moodle: [moodleWorksheet(class30), ({ studentId }: Enrolled) => `(${studentId.toLowerCase()})`],
    blind: [
      moodleWorksheet(class30, { isBlind: true, isGerman: true }),
      ({ participant }: Enrolled) => `(${participant})`,
    ],
    login: [loginRoster(class30), ({ login }: Enrolled) => login],
    gradescope: [gradescopeRoster(class30), ({ studentId }: Enrolled) => `(${studentId.toLowerCase()})`],
  } as const;
  const zipballs = classroom50Zips(class30);
  const single = class30.filter(({ handedIn }) => handedIn).map((student) => [student]);
  const handedIn = class30.filter((student) => student.handedIn);
  const clones = Object.fromEntries(
    handedIn.flatMap(({ login, handedIn: files = {} }) =>
      Object.entries(files).map(([file, content]) => [`fruit-${login}/work/${file}`, content]),
    ),
  );
  const downloads: [string, () => string | Promise<string>, keyof typeof rosters, string][] = [
    ['Canvas’s zip', () => fileOf('subs.zip', zip(canvasFiles(class30))), 'canvas', 'Canvas'],
    ['Canvas’s zip, unpacked', () => unpacked(canvasFiles(class30)), 'canvas', 'Canvas'],
    [
      'Canvas’s zip in which all are late',
      () => fileOf('subs.zip', zip(canvasFiles(class30, { isLate: () => true }))),
      'canvas',
      'Canvas',
    ],
    ['Moodle’s folders', () => fileOf('c-1.zip', zip(moodleFiles(class30))), 'moodle', 'Moodle'],
    [
      'Moodle’s older folders',
      () => fileOf('c-1.zip', zip(moodleFiles(class30, { after: '_' }))),
      'moodle',
      'Moodle',
    ],
    [
      'Moodle’s flat files',
      () => fileOf('c.zip', zip(moodleFiles(class30, { isFlat: true }))),
      'moodle',
      'Moodle',
    ],
    ['Moodle’s folders, unpacked', () => unpacked(moodleFiles(class30)), 'moodle', 'Moodle'],
    ['Moodle, blind', () => fileOf('c.zip', zip(moodleFiles(class30, { isBlind: true }))), 'blind', 'Moodle'],
    ['Gradescope’s export', () => fileOf('e.zip', zip(gradescopeFiles(single))), 'gradescope', 'Gradescope'],
    [
      'Gradescope’s export, unpacked',
      () => path.join(unpacked(gradescopeFiles(single)), 'assignment_12_export'),
      'gradescope',
      'Gradescope',
    ],
    ['Classroom 50’s zip of zips', () => fileOf('all.zip', zip(zipballs)), 'login', ''],
    ['Classroom 50’s folder of zips', () => unpacked(zipballs), 'login', ''],
    ['a zip of clones', () => fileOf('fruit-submissions.zip', zip(clones)), 'login', ''],
  ];
  test.each(downloads)('%s', async (_name, make, roster, title) => {
    const [table, by] = rosters[roster];
    const { found, rows, stdout, run } = await pointsIn(await make(), table, by);
    expect(found).toEqual(expected);
    expect(rows).toHaveLength(class30.length);
    const told = title === '' ? '' : ` is a ${title} download.`;
    expect(stdout).toContain(told);
    expect(run.notes.join()).not.toContain('Nobody’s');
  });

  test('Gradescope’s teams, each of whom has a row', async () => {
    const file = fileOf('e.zip', zip(gradescopeFiles(pairs)));
    const { found, rows, page } = await pointsIn(file, ...rosters.gradescope);
    // A text that a team wrote together counts once.
    const texts = rows.filter(({ responses }) => responses.length > 0).length / 2;
    expect(page).toContain(`<p>Pears</p><p class="who">${texts} students`);
    expect(found.map(([, points]) => points)).toEqual(
      pairs.flatMap(([first]) => [first?.points, first?.points]),
    );
  });

  test('Moodle’s teams, whose numbers are of other participants by chance', async () => {
    const groupOf = ({ login }: Enrolled) => `Team ${Math.floor(Number(login.slice(2)) / 2)}`;
    const teams = pairs.flatMap(([first]) =>
      first ? [{ ...first, first: 'Team', last: groupOf(first).slice(5), participant: `${107}` }] : [],
    );
    const file = fileOf('c.zip', zip(moodleFiles(teams)));
    // Moodle gives every member the time when the team handed in.
    const members = pairs.flatMap((pair) => pair.map((one) => ({ ...one, handedIn: pair[0]?.handedIn })));
    const worksheet = moodleWorksheet(members, { groupOf });
    const { found, rows } = await pointsIn(file, worksheet, rosters.moodle[1]);
    expect(found.map(([, points]) => points)).toEqual(
      pairs.flatMap(([first]) => [first?.points, first?.points]),
    );
    expect(new Set(rows.map(({ matched }) => matched))).toEqual(new Set(['group', undefined]));
  });
});

const full = work(rightAnswers, 'Pears', 'Lemons');
const [answers, notes] = [full['work/boxes.ts'], full['work/notes.md']];
const roster = () =>
  tableFile('roster.csv', [
    'login,name,email,id,identifier',
    'ada,Ada Lovelace,ada@x.org,1,n1',
    'bob,Bob Ross,bob@x.org,2,n2',
  ]);

/** Grades files that Ada handed in through Canvas, and returns her status, points and warning codes. */
async function adaWith(files: Files) {
  const all = Object.fromEntries(
    Object.entries(files).map(([name, content], index) => [`lovelaceada_1_${index + 1}_${name}`, content]),
  );
  const file = fileOf('subs.zip', zip({ ...all, 'rossbob_2_99_boxes.ts': answers }));
  const { row, codes } = await graded(course, file, '--roster', roster());
  return { status: row('ada').status, points: row('ada').points, codes: codes('ada') };
}

describe('a student’s files are found where it is certain which are meant, and that is reported', () => {
  const cases: [string, Files, Awaited<ReturnType<typeof adaWith>>][] = [
    ['under their own names', { 'boxes.ts': answers, 'notes.md': notes }, of(10)],
    ['as Canvas renames what is handed in again', { 'boxes-1.ts': answers, 'notes-2.md': notes }, of(10)],
    [
      'with the mark of a second download',
      { 'boxes (1).ts': answers, 'notes.md': notes },
      of(10, 'found/elsewhere'),
    ],
    [
      'as a text that a system hid the end of',
      { 'boxes.ts.txt': answers, 'notes.md': notes },
      of(10, 'found/elsewhere'),
    ],
    [
      'in a zip of their own',
      {
        'mine.zip': zip({
          'fruit/work/boxes.ts': answers,
          'fruit/work/notes.md': notes,
          '__MACOSX/._boxes.ts': 'x',
        }),
      },
      of(10),
    ],
    [
      'in a zip in a zip',
      { 'mine.zip': zip({ 'a.zip': zip({ 'boxes.ts': answers, 'notes.md': notes }) }) },
      of(10),
    ],
    [
      'twice, and the same',
      { 'boxes.ts': answers, 'mine.zip': zip({ 'boxes.ts': answers, 'notes.md': notes }) },
      of(10),
    ],
    [
      'beside an archive of another kind',
      { 'boxes.ts': answers, 'notes.md': notes, 'more.rar': 'Rar!' },
      of(10, 'file/archive'),
    ],
    ['only one of the two', { 'boxes.ts': answers }, of(4, 'download/attempt', 'file/missing')],
    [
      'filled in beside the stub',
      { 'boxes.ts': blankAnswers, 'boxes (1).ts': answers, 'notes.md': notes },
      of(10, 'found/elsewhere'),
    ],
    [
      'a Word document beside the answers',
      { 'boxes.ts': answers, 'notes.docx': 'PK' },
      of(4, 'download/attempt', 'class/instead'),
    ],
  ];
  test.each(cases)('%s', async (_name, files, result) => {
    expect(await adaWith(files)).toEqual(result);
  });

  test.each([
    ['in two archives', { 'a.zip': zip({ 'boxes.ts': answers }), 'b.zip': zip({ 'boxes.ts': partly }) }],
    ['under two names', { 'boxes.ts': answers, 'boxes (1).ts': partly }],
  ])('two that may be meant, %s, are not chosen from: a person has to look', async (_name, files) => {
    expect(await adaWith({ ...files, 'notes.md': notes })).toEqual({
      status: 'undecided',
      points: null,
      codes: ['class/versions'],
    });
  });

  test('what was typed in or linked cannot be read as the worksheet, and that is said', async () => {
    const file = fileOf(
      's.zip',
      zip({ 'lovelaceada_1_text.html': '<p>7</p>', 'rossbob_2_9_boxes.ts': answers }),
    );
    const { row, codes } = await graded(course, file, '--roster', roster());
    expect([row('ada').status, codes('ada')]).toEqual(['failed', expect.arrayContaining(['class/instead'])]);
  });
});

function of(points: number, ...codes: string[]) {
  return { status: 'graded' as const, points, codes };
}

describe('whose a submission is, is never guessed', () => {
  const twins = () =>
    tableFile('roster.csv', [
      'login,name,email',
      'ada,Ada Lovelace,a@x.org',
      'eve,Lovelace Ada,e@x.org',
      'bob,Bob Ross,b@x.org',
    ]);
  const download = () =>
    fileOf(
      'c.zip',
      zip({
        'Ada Lovelace_77_assignsubmission_file/boxes.ts': answers,
        'Bob Ross_78_assignsubmission_file/boxes.ts': partly,
        'Zoe Who_79_assignsubmission_file/boxes.ts': partly,
      }),
    );

  test('two of one name are listed, and a person says whose it is', async () => {
    const file = download();
    const { out, rows, stdout, table } = await graded(course, file, '--roster', twins());
    expect(rows.map(({ key, points, matched }) => [key, points, matched])).toEqual([
      ['(submission ada lovelace_77)', 4, undefined],
      ['(submission zoe who_79)', 3, undefined],
      ['ada', null, undefined],
      ['bob', 3, 'name'],
      ['eve', null, undefined],
    ]);
    expect(stdout).toContain('Not matched to a student: Ada Lovelace_77, Zoe Who_79.');
    expect(table('matches.csv')).toEqual([
      ['submission', 'login', 'candidates'],
      ['Ada Lovelace_77', '', expect.stringMatching(/login ada.* or .*login eve/)],
      ['Zoe Who_79', '', ''],
    ]);
    writeFileSync(
      path.join(out, 'matches.csv'),
      'submission,login,candidates\r\nAda Lovelace_77,eve,ada or eve\r\nZoe Who_79,-,\r\n',
    );
    const again = await runClass(course, file, '--roster', twins(), '--out', out, '--apply');
    expect({ status: again.status, stderr: again.stderr }).toEqual({ status: 0, stderr: '' });
    expect(again.stdout).toContain('eve: - to 4');
    expect(again.stdout).not.toContain('Not matched to a student');
  });

  test('a line of matches.csv that names nobody stops the run', async () => {
    const out = path.join(newFolder(), 'out');
    writeFiles(out, { 'matches.csv': 'submission,login\nAda Lovelace_77,carl\nAda L,eve\n' });
    const { status, stderr, code } = await runClass(course, download(), '--roster', twins(), '--out', out);
    expect(status).toBe(2);
    expect(code).toBe('table-problems');
    expect(stderr).toMatch(/line 2: .*carl.*line 3: .*Ada L/s);
  });

  test('a roster of another course grades nobody', async () => {
    const other = tableFile('roster.csv', ['name,email', 'Yan,y@x.org']);
    expect(await runClass(course, download(), '--roster', other)).toMatchObject({
      status: 2,
      code: 'roster-matches-nobody',
    });
  });
});

describe('a name does not overrule a number, nor chance a name', () => {
  const roster = (...lines: string[]) => tableFile('roster.csv', ['name,id', ...lines]);
  const canvas = (...names: string[]) =>
    fileOf(
      's.zip',
      zip(Object.fromEntries(names.map((name, index) => [`${name}_${index}_boxes.ts`, answers]))),
    );

  test.each([
    ['of another number', ['"Li, Wei",11', '"Ross, Bob",2'], ['liwei_99', 'rossbob_2'], '(11)'],
    ['of a team', ['"Li, Wei",11', '"Ross, Bob",2'], ['teamx_11', 'rossbob_2'], '(11)'],
  ])('what is %s is nobody’s until a person says so', async (_name, lines, names, key) => {
    const { row } = await graded(course, canvas(...names), '--roster', roster(...lines));
    expect([row(key).points, row('(2)').points]).toEqual([null, 4]);
  });

  test('words in another place are another name', async () => {
    const file = fileOf(
      'c.zip',
      zip({
        'Ann Alee_77_assignsubmission_file/boxes.ts': answers,
        'Bob Ross_78_assignsubmission_file/boxes.ts': answers,
      }),
    );
    const { row } = await graded(course, file, '--roster', roster('Anna Lee,1', 'Bob Ross,2'));
    expect([row('(1)').points, row('(2)').points]).toEqual([null, 4]);
  });

  test('a team of Moodle’s is not the participant whose number it has, though marking is blind', async () => {
    const [ada, bob] = class30 as unknown as [Enrolled, Enrolled];
    const team = { ...ada, first: 'Team', last: 'One', participant: bob.participant };
    const { rows } = await graded(
      course,
      ...[
        fileOf(
          'c.zip',
          zip(
            moodleFiles([team, { ...bob, participant: ada.participant, first: 'Teilnehmer/in', last: '' }]),
          ),
        ),
        '--roster',
      ],
      fileOf('w.csv', moodleWorksheet([ada, bob], { isBlind: true, isGerman: true })),
    );
    expect(rows.find(({ key }) => key === `(${bob.participant})`)?.points).toBeNull();
  });

  test('what is written into matches.csv overrules a login in a name, as in a class of folders', async () => {
    const file = fileOf(
      'cs-hw1.zip',
      zip({ 'cs-ada/work/boxes.ts': answers, 'cs-bob/work/boxes.ts': partly }),
    );
    const list = tableFile('roster.csv', ['login', 'ada', 'bob', 'carl']);
    const out = path.join(newFolder(), 'out');
    writeFiles(out, { 'matches.csv': 'submission,login\ncs-ada,carl\ncs-bob,-\n' });
    const { status } = await runClass(course, file, '--roster', list, '--out', out);
    expect(status).toBe(0);
    const { row } = outputsIn(out);
    expect([row('carl').points, row('ada').points, row('bob').points]).toEqual([4, null, null]);
  });

  test('a name that may be two logins is nobody’s in an archive either', async () => {
    const files = { 'hw-smith.zip': zip(full), 'hw-ada.zip': zip(full), 'hw-bob.zip': zip(full) };
    const list = tableFile('roster.csv', ['login', 'smith', 'hw-smith', 'ada', 'bob']);
    const { row, stdout } = await graded(course, fileOf('all.zip', zip(files)), '--roster', list);
    expect([row('ada').points, row('smith').points, row('hw-smith').points]).toEqual([10, null, null]);
    expect(stdout).toContain('Not matched to a student: hw-smith.zip.');
  });
});

describe('an odd archive costs nobody else anything', () => {
  test('a large file in it, or in a student’s own archive, ends nothing', async () => {
    const large = 'x'.repeat(3 * 1024 * 1024);
    const own = zip({ 'boxes.ts': large, 'notes.md': notes });
    const file = fileOf(
      's.zip',
      zip({
        'lovelaceada_1_5_boxes.ts': large,
        'rossbob_2_8_mine.zip': own,
        'rossbob_2_9_notes.md': notes,
      }),
    );
    const { row, codes } = await graded(course, file, '--roster', roster());
    expect([row('ada').points, row('ada').status, row('bob').points]).toEqual([null, 'failed', 6]);
    expect(codes('bob')).toContain('file/too-large');
  });

  test('metadata that cannot be read stops the run with its reason', async () => {
    const file = fileOf(
      'e.zip',
      zip({ 'submission_metadata.yml': 'a: [', 'submission_1/boxes.ts': answers }),
    );
    expect(await runClass(course, file)).toMatchObject({ status: 2, code: 'table-unusable' });
  });

  test('a single student’s folder in a zip is that student’s', async () => {
    const file = fileOf('one.zip', zip({ 'hw-ada/work/boxes.ts': answers, 'hw-ada/work/notes.md': notes }));
    const { row } = await graded(course, file, '--roster', roster());
    expect(row('ada').points).toBe(10);
  });

  test('what cannot be read fails with its reason, and the others are graded', async () => {
    const packed = zip({ 'lovelaceada_1_5_boxes.ts': answers, 'rossbob_2_9_boxes.ts': answers });
    // Set the encryption flag of an entry in both places where an archive has it.
    const at = [packed.indexOf('PK\x03\x04'), packed.indexOf('PK\x01\x02')];
    packed.writeUInt16LE(packed.readUInt16LE((at[0] ?? 0) + 6) | 1, (at[0] ?? 0) + 6);
    packed.writeUInt16LE(packed.readUInt16LE((at[1] ?? 0) + 8) | 1, (at[1] ?? 0) + 8);
    const { out, row } = await graded(course, fileOf('s.zip', packed), '--roster', roster());
    expect([row('ada').status, row('ada').points, row('bob').points]).toEqual(['failed', null, 4]);
    expect(readFileSync(path.join(out, 'follow-up.html'), 'utf8')).toContain('it is encrypted');
  });

  test('a link in an archive is never followed', async () => {
    const link = ['lovelaceada_1_5_boxes.ts', { mode: 0o120777 }] as const;
    const packed = Buffer.from(
      zipSync({
        [link[0]]: [Buffer.from('/etc/passwd'), { os: 3, attrs: link[1].mode << 16 }],
        'rossbob_2_9_boxes.ts': Buffer.from(answers),
      }),
    );
    const { row, codes } = await graded(course, fileOf('s.zip', packed), '--roster', roster());
    expect([row('ada').status, codes('ada')]).toEqual(['failed', expect.arrayContaining(['file/link'])]);
  });

  test('damaged bytes fail with a reason', async () => {
    const packed = zip({ 'lovelaceada_1_5_boxes.ts': answers, 'rossbob_2_9_boxes.ts': answers });
    packed.fill(0xff, 40 + 'lovelaceada_1_5_boxes.ts'.length, 60 + 'lovelaceada_1_5_boxes.ts'.length);
    const { row } = await graded(course, fileOf('s.zip', packed), '--roster', roster());
    expect([row('ada').status, row('bob').points]).toEqual(['failed', 4]);
  });

  test('an entry that is nobody’s is named, and one that leads out of the archive is not read', async () => {
    const files = {
      '../lovelaceada_1_5_boxes.ts': answers,
      'readme.txt': 'x',
      'rossbob_2_9_boxes.ts': answers,
    };
    const { stdout, codes } = await graded(course, fileOf('s.zip', zip(files)), '--roster', roster());
    expect(stdout).toContain('and not read: readme.txt.');
    expect(codes('ada')).toContain('file/path');
  });

  test.each([
    ['a bomb', { 'mine.zip': zip({ 'boxes.ts': Buffer.alloc(8 * 1024 * 1024) }) }, ['file/too-large']],
    ['a zip that is none', { 'mine.zip': 'PK\x03\x04' }, ['file/archive']],
    ['another kind of archive', { 'mine.rar': 'Rar!' }, ['file/archive']],
    [
      'five archives in each other',
      { 'a.zip': [1, 2, 3, 4].reduce((inner) => zip({ 'b.zip': inner }), zip({ 'boxes.ts': answers })) },
      ['file/archive'],
    ],
    ['a way out of it', { 'mine.zip': zip({ '../../boxes.ts': answers }) }, ['file/path']],
  ])('%s in place of a student’s files has its reason', async (_name, files, codes) => {
    expect(await adaWith(files as Files)).toMatchObject({ codes: expect.arrayContaining(codes) });
  });

  test('a whole archive that is cut off stops the run, and says what to do', async () => {
    const packed = zip(canvasFiles(class30));
    const { status, code } = await runClass(course, fileOf('s.zip', packed.subarray(0, packed.length / 2)));
    expect(status).toBe(2);
    expect(code).toBe('source-unusable');
  });
});

describe('--from', () => {
  test('says what a download is, where its names do not tell', async () => {
    const root = unpacked({ 'ada/mine.zip': zip(full), 'bob/mine.zip': zip(full) });
    const { row } = await graded(course, root, '--from', 'folders', '--roster', roster());
    expect([row('ada').points, row('bob').points]).toEqual([10, 10]);
  });

  test('knows no other hosts, and finds nothing where there is nothing of that kind', async () => {
    const file = fileOf('s.zip', zip(canvasFiles(class30)));
    const unknown = await runClass(course, file, '--from', 'blackboard');
    expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining('canvas') });
    const plain = fileOf('s.zip', zip({ 'ada/boxes.ts': answers, 'bob/boxes.ts': answers }));
    const wrong = await runClass(course, plain, '--from', 'moodle');
    expect(wrong.code).toBe('not-the-class');
  });
});

test('without a roster everybody who handed in has a row, and Canvas’s gradebook finds them', async () => {
  const file = fileOf('s.zip', zip(canvasFiles(class30)));
  const { rows, table } = await graded(course, file);
  expect(rows).toHaveLength(class30.filter(({ handedIn }) => handedIn).length);
  const ids = table('gradebooks/canvas.csv')
    .slice(2)
    .map(([, id]) => id);
  expect(ids).toEqual(class30.filter(({ handedIn }) => handedIn).map(({ userId }) => userId));
});

test('what Gradescope says of the time is what lateness is counted by', async () => {
  const late = newCourse({
    ...courseFiles,
    'rubric.yaml': `${courseFiles['rubric.yaml']}deadline: { due: 2026-10-01T12:00:30Z, late: { per_day: 1, until: 2026-10-04T12:00Z } }\n`,
  });
  const students = class30.filter(({ points }) => points === 10).slice(0, 5);
  const file = fileOf('e.zip', zip(gradescopeFiles(students.map((student) => [student]))));
  const { rows } = await graded(late, file);
  expect(rows.map(({ points, status }) => [points, status])).toEqual([
    [10, 'graded'],
    [9, 'graded'],
    [8, 'graded'],
    [7, 'graded'],
    [null, 'after cutoff'],
  ]);
});
