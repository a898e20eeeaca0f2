import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { withDeadline } from '../../course/course';
import { openArchive } from '../../submission/archive';
import { releasedCourse, rosterOf, toldOf } from '../../testing/classes';
import {
  canvasFiles,
  canvasGradebook,
  class30,
  type Enrolled,
  type Files,
  gradescopeFiles,
  gradescopeRoster,
  loginRoster,
  moodleFiles,
  moodleWorksheet,
  zip,
} from '../../testing/downloads';
import { fileOf, newFolder, writeFiles } from '../../testing/folders';
import { rightAnswers as answers, notesOf, partly, rubric, rubricYaml } from '../../testing/worksheet';
import { gradeClass } from '../class-run';
import { openSources, tableAt } from '../disk';
import { classHosts } from '../downloads/class-hosts';
import { classInput } from '../grade-class';
import { gradesTable } from '../returns/grades-table';
import { matchSubmissions } from './matching';
import { People } from './people';
import { readRoster, withGroups } from './roster';
import { readSource } from './source';

const notes = notesOf('Pears', 'Lemons');
const course = releasedCourse();

const rosterAt = (file: string) => readRoster(tableAt(file), classHosts);

describe('whose a submission is', () => {
  /** A class in one source, with names as a host writes them. */
  function sourceOf(host: string, names: readonly string[]): string {
    const [form, around = 'x'] = host.split(' in ');
    const files = names.map((name, index): [string, string] => [
      {
        canvas: `${name}_9${index}_boxes.ts`,
        moodle: `${name}_assignsubmission_file/boxes.ts`,
        folders: `${name}/work/boxes.ts`,
      }[form ?? ''] ?? `submission_${index}/boxes.ts`,
      answers,
    ]);
    const factOf = (fact: string) => {
      const other = /^\d/.test(fact) ? ':sid' : ':name';
      return `${fact.includes('@') ? ':email' : other}: ${fact}`;
    };
    const metadata = names.map(
      (name, index) =>
        `submission_${index}:\n  :submitters:\n  - ${name.split(' + ').map(factOf).join('\n    ')}\n`,
    );
    const table = { 'submission_metadata.yml': metadata.join('') };
    const all = { ...Object.fromEntries(files), ...(form === 'gradescope' && table) };
    return fileOf(`${around}.zip`, zip(all));
  }

  async function whose(host: string, roster: string, names: readonly string[]) {
    const [given] = await openSources([sourceOf(host, names)], newFolder());
    if (!given) throw new Error('no source');
    const submissions = await readSource(given, rubric, {
      hosts: classHosts,
      timezone: 'UTC',
      isSomebody: () => true,
    });
    const { matched, unmatched } = matchSubmissions(
      submissions,
      roster === '-' ? undefined : rosterAt(rosterOf(...roster.split('; '))).students,
    );
    return submissions.map((submission) => {
      const owners = matched.filter(({ matches }) =>
        matches.some((match) => match.submission === submission),
      );
      const known = owners.map(({ student }) => student.name || student.login);
      const nobodys = unmatched.find((open) => open.submission === submission);
      const possible = nobodys?.candidates.map(({ name, login }) => name || login).sort();
      return [submission.name, possible ? `${possible.join(' or ')}?` : known.join(' and ')] as const;
    });
  }

  const text = readFileSync(path.join(__dirname, 'fixtures', 'whose.txt'), 'utf8');
  const [, ...sections] = text.trim().split('\n\n');

  test.each(sections.map((one) => one.split('\n')))('%s', async (_name, head = '', ...classes) => {
    const [host = '', roster = ''] = head.split(': ');
    for (const line of classes) {
      const names = (line.split(' => ')[0] ?? '').split(' | ');
      const found = await whose(host, roster, names);
      // A source lists its submissions by name.
      const owners = names.map((name, at) =>
        host === 'gradescope' ? found[at]?.[1] : found.find(([one]) => one === name)?.[1],
      );
      expect(`${names.join(' | ')} => ${owners.join(' | ')}`).toBe(line);
    }
  });
});

test('an odd entry of an archive costs nobody else anything, and is not followed', async () => {
  const ok = Buffer.from(answers);
  const large = Buffer.alloc(100 * 1024, 'x');
  const five = [1, 2, 3, 4].reduce((inner) => zip({ 'b.zip': inner }), zip({ 'boxes.ts': answers }));
  const entries: Zippable = {
    'ada_1_9_boxes.ts': ok,
    'bob_2_9_boxes.ts': ok,
    'cyd_3_9_boxes.ts': [Buffer.from('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }],
    'dan_4_9_boxes.ts': ok,
    '../eve_5_9_boxes.ts': ok,
    // Storing without compression takes no time.
    'fay_6_9_boxes.ts': [large, { level: 0 }],
    'gil_7_9_mine.zip': [zip({ 'boxes.ts': large, 'notes.md': notes }), { level: 0 }],
    'hal_8_text.html': Buffer.from('<p>7 &amp; <b>&lt;11</b></p>'),
    'ida_9_9_mine.zip': five,
    'jon_10_9_mine.zip': Buffer.from('PK\x03\x04'),
    'kim_11_9_boxes.ts': large,
    'lea_12_9_../../boxes.ts': ok,
    'readme.txt': ok,
  };
  const packed = Buffer.from(zipSync(entries));
  // Ada’s is encrypted, as both of its headers say, Dan’s is damaged, and Kim’s declares a smaller size than it has.
  const [ada, dan, kim] = ['ada_1_9_boxes.ts', 'dan_4_9_boxes.ts', 'kim_11_9_boxes.ts'];
  for (const at of [packed.indexOf(ada) - 30 + 6, packed.lastIndexOf(ada) - 46 + 8])
    packed.writeUInt16LE(packed.readUInt16LE(at) | 1, at);
  for (const at of [packed.indexOf(kim) - 30 + 22, packed.lastIndexOf(kim) - 46 + 24])
    packed.writeUInt32LE(5000, at);
  packed.fill(0xff, packed.indexOf(dan) + dan.length + 10, packed.indexOf(dan) + dan.length + 30);
  const roster = rosterOf(
    'name,id',
    'Ada,1',
    'Bob,2',
    'Cyd,3',
    'Dan,4',
    'Eve,5',
    'Fay,6',
    'Gil,7',
    'Hal,8',
    'Ida,9',
    'Jon,10',
    'Kim,11',
    'Lea,12',
  );
  const { rows, told, notes: said } = await graded(fileOf('s.zip', packed), roster);
  expect(told).toEqual({
    '(1)': 'not readable download/attempt file/unread file/missing',
    '(10)': 'not readable file/archive file/archive',
    '(11)': 'not readable download/attempt file/unread file/missing',
    '(12)': 'not readable download/attempt file/path file/missing',
    '(2)': '4 download/attempt file/missing',
    '(3)': 'not readable download/attempt file/link file/missing',
    '(4)': 'not readable download/attempt file/unread file/missing',
    '(5)': 'not readable download/attempt file/path file/missing',
    '(6)': 'not readable download/attempt file/too-large file/missing',
    '(7)': '6 file/too-large',
    '(8)': 'not readable download/typed class/instead file/missing file/missing',
    '(9)': 'not readable file/archive file/archive',
  });
  expect(JSON.stringify(rows[0]?.notes)).toContain('it is encrypted');
  expect(JSON.stringify(rows)).toContain('7 & <11');
  expect(said).toContain('and were not read: readme.txt.');
});

test('where no reflection is asked for, one file of a download is all of the work', async () => {
  const of = releasedCourse({}, { 'rubric.yaml': rubricYaml.replace(/^reflection:.*/ms, '') });
  const download = fileOf('s.zip', zip({ 'ada_1_9_boxes.ts': answers }));
  const { told, run } = await graded(download, rosterOf('name,id', 'Ada,1'), { of });
  expect(told).toEqual({ '(1)': '4' });
  // A student without a login is named by the word that means them in tables.
  expect(gradesTable({ ...run, comments: new Map() })).toMatch(/\r\n1,Ada,/);
});

test('a person or a team whose name begins with a full stop is there, and what programs leave behind is nobody’s', async () => {
  const left = { '.DS_Store': '', '__MACOSX/x': '', '.vscode/settings.json': '{}', '.git/HEAD': '' };
  const moodle = zip({
    '. Sukarnoputri_25_assignsubmission_file/boxes.ts': answers,
    'Ada_26_assignsubmission_file/boxes.ts': answers,
    // Students in no group hand in as the default group, which has no number.
    'Default group_assignsubmission_file/boxes.ts': answers,
    ...left,
  });
  const people = rosterOf('name,email', '. Sukarnoputri,s@x.org', 'Ada,a@x.org');
  expect((await graded(fileOf('m.zip', moodle), people)).told).toEqual({
    '(a@x.org)': '4 file/missing',
    '(s@x.org)': '4 file/missing',
    '(submission default group)': 'unmatched class/unknown file/missing',
  });
  const folders = { '.net/work/boxes.ts': answers, 'ada/work/boxes.ts': answers, ...left };
  for (const source of [fileOf('c.zip', zip(folders)), unpacked(folders)]) {
    const { told, notes: said } = await graded(source, rosterOf('login', '.net', 'ada'));
    expect(told).toEqual({ '.net': '4 file/missing', ada: '4 file/missing' });
    expect(said).toContain('not read: .vscode');
  }
});

test('names in a Mac’s zip are UTF-8, and those of old systems are not', async () => {
  for (const [bytes, name] of [
    [Buffer.from('Zo\u0308'), 'Zo\u0308'],
    [Buffer.from([0x5a, 0x6f, 0x89]), 'Zo\u00eb'],
  ] as const) {
    // A zip that does not declare the encoding of its names.
    const packed = zip({ ['x'.repeat(bytes.length)]: '' });
    for (let at = packed.indexOf('xxx'); at !== -1; at = packed.indexOf('xxx', at)) bytes.copy(packed, at);
    expect((await openArchive(packed)).map(({ path: found }) => found)).toEqual([name]);
  }
});

describe('a submission of nobody’s', () => {
  const twins = rosterOf(
    'login,name,email',
    'ada,Ada Lovelace,a@x.org',
    'eve,Lovelace Ada,e@x.org',
    'bob,Bob Ross,b@x.org',
  );
  const download = fileOf(
    'c.zip',
    zip({
      'Ada Lovelace_77_assignsubmission_file/boxes.ts': answers,
      'Bob Ross_78_assignsubmission_file/boxes.ts': partly,
      'Zoe Who_79_assignsubmission_file/boxes.ts': partly,
    }),
  );
  const filledIn = (lines: string) => ({ tables: { 'matches.csv': lines } });

  test('is listed with whose it may be, and a line of matches.csv says whose it is', async () => {
    const { told, notes: said, run } = await graded(download, twins);
    expect(told).toEqual({
      '(submission ada lovelace_77)': 'unmatched class/ambiguous file/missing',
      '(submission zoe who_79)': 'unmatched class/unknown file/missing',
      ada: 'no submission',
      bob: '3 file/missing',
      eve: 'no submission',
    });
    expect(said).toContain('Not matched to a student: Ada Lovelace_77, Zoe Who_79.');
    expect(run.matches).toMatch(/^Ada Lovelace_77,,.*login ada.* or .*login eve.*\r\nZoe Who_79,,/m);
    const lines = (run.matches ?? '').replace('77,,', '77,e@x.org,').replace('79,,', '79,-,');
    const rerun = await graded(download, twins, filledIn(lines));
    expect(rerun.told).toEqual({
      '(submission zoe who_79)': 'unmatched',
      ada: 'no submission',
      bob: '3 file/missing',
      eve: '4 file/missing',
    });
    expect(rerun.notes).not.toContain('Not matched');
    expect(rerun.run.matches).toBe(lines);
  });

  test('is a person’s to give away, also where its name is a login', async () => {
    const clones = unpacked({ 'cs-ada/work/boxes.ts': answers, 'cs-bob/work/boxes.ts': partly });
    const lines = 'submission,login\ncs-ada,carl\ncs-bob,-\n';
    const { rows } = await graded(clones, rosterOf('login', 'ada', 'bob', 'carl'), filledIn(lines));
    const found = rows.map(({ key, points }) => `${key} ${points}`);
    expect(found).toEqual(['(submission cs-bob) null', 'ada null', 'bob null', 'carl 4']);
  });

  test('is told where a line of matches.csv names nobody or nothing here, and stops the run where all are nobody’s', async () => {
    const lines = 'submission,login\nAda Lovelace_77,carl\nAda L,eve\n';
    const { notes: said, run } = await graded(download, twins, filledIn(lines));
    expect(said).toMatch(/matches\.csv, line 2: .*carl.*\n.*line 3: .*Ada L/);
    expect(run.matches.startsWith(lines)).toBe(true);
    const [few, others] = [class30.slice(0, 3), class30.slice(3, 6)];
    for (const [files, table] of [
      [moodleFiles(few), moodleWorksheet(others)],
      [canvasFiles(few), canvasGradebook(others)],
      [{ 'ada/work/boxes.ts': answers }, 'name,email\nAda,ada@x.org'],
    ] as const) {
      const [download, roster] = [fileOf('all.zip', zip(files)), fileOf('roster.csv', table)];
      await expect(graded(download, roster)).rejects.toMatchObject({ code: 'roster-matches-nobody' });
    }
  });
});

test('a line with another separator than its table is told as that, with both signs', async () => {
  for (const [table, signs] of [
    ['login;name\nada,Ada\n', 'line 2: it is separated by “,”, but the table by “;”.'],
    ['login,name\nada,Ada\nbob\tBob\n', 'line 3: it is separated by a tab, but the table by “,”.'],
  ] as const)
    expect(() => rosterAt(fileOf('roster.csv', table))).toThrow(signs);
});

test('a student whom a line names is found by every fact that is of one alone, and else told what to write', () => {
  const { students } = rosterAt(
    rosterOf(
      'login,name,email,id',
      'bob,Bob Ross,b@x.org,1',
      'ann,Ann Lee,a@x.org,bob',
      ',Cyd Moe,,',
      ',Wei Li,,',
      ',Wei Li,,',
    ),
  );
  const people = new People(students);
  const found = (word: string) => {
    const one = people.resolve(word, 'nobody');
    return typeof one === 'string' ? one : one.key;
  };
  for (const word of ['ANN', 'a@x.org', 'Ann  Lee']) expect([word, found(word)]).toEqual([word, 'ann']);
  for (const word of ['cyd moe', '(cyd moe)']) expect([word, found(word)]).toEqual([word, '(cyd moe)']);
  for (const word of ['zoe', '']) expect([word, found(word)]).toEqual([word, 'nobody']);
  expect(found('1')).toBe('bob');
  expect(found('bob')).toMatch(
    /^bob may be Bob Ross \(login bob, user id 1, email b@x.org\) or Ann Lee \(login ann,/,
  );
  for (const word of ['wei li', 'wei li, line 5'])
    expect(found(word)).toBe(
      `${word} may be Wei Li (line 5) or Wei Li (line 6). Nothing in the roster tells them apart: give each a number or an e-mail address there, and write that.`,
    );
});

test('two of one name are known by their sections or groups, in whatever order their rows are', () => {
  const rows = [',Wei Li,A,5', ',Wei Li,B,6', ',Ann Lee,,', ',Ann Lee,B,7'];
  const keysOf = (lines: readonly string[]) => {
    const { students } = rosterAt(rosterOf('login,name,section,points so far', ...lines));
    const people = new People(students);
    const found = students.map(({ key }) => people.resolve(key.slice(1, -1), ''));
    expect(found).toEqual(students);
    return students.map(({ key }) => key).sort();
  };
  expect(keysOf(rows)).toEqual([
    '(ann lee, section b)',
    '(ann lee, section none)',
    '(wei li, section a)',
    '(wei li, section b)',
  ]);
  expect(keysOf(rows.toReversed())).toEqual(keysOf(rows));
});

test('a number that may have lost its zero in a spreadsheet names nobody where two are called so', () => {
  const { students } = rosterAt(rosterOf('name,sid', 'Ann,101', 'Bob,0101', 'Cyd,0202', 'Dan,0303'));
  const people = new People(students);
  expect(people.resolve('0101', '')).toMatchObject({ name: 'Bob' });
  expect(people.resolve('101', '')).toBe(
    '101 may be Ann (student id 101) or Bob (student id 0101). Write something that only one of them has.',
  );
  // A number in another form is a different number.
  expect(people.resolve('202', 'nobody')).toBe('nobody');
  expect(students.map((student) => people.wordFor(student))).toEqual(['Ann', '0101', '0202', '0303']);
});

describe('a roster', () => {
  test('is read as GitHub Classroom, Classroom 50 and spreadsheets write it', () => {
    for (const text of [
      '"identifier","github_username","github_id","name"\n"s-1","Ada-L","7","Ada, Countess"\n',
      'username,first_name,last_name,email,section,github_id,student_id,name\nAda-L,A,L,a@b.c,A,7,s-1,"Ada, Countess"\n',
      '\ufeffLogin;Name;Identifier\r\nAda-L;Ada, Countess;s-1\r\n',
      'login\tname\tidentifier\nAda-L\tAda, Countess\ts-1\n',
      'login,name,identifier,,\r\nAda-L,"Ada, Countess",s-1,,\r\n,,,,\r\n',
    ]) {
      const { students, notes: said } = rosterAt(fileOf('roster.csv', text));
      expect(students).toMatchObject([{ login: 'Ada-L', name: 'Ada, Countess', studentId: 's-1' }]);
      expect(said).toEqual([]);
    }
  });

  test('has names and addresses under whichever of their usual headings', () => {
    for (const text of [
      'login,First name,Last name,E-Mail\nann,Ann,Lee,a@x.org\n',
      'login,Given name,Surname,Email address\nann,Ann,Lee,a@x.org\n',
    ])
      expect(rosterAt(fileOf('roster.csv', text)).students).toMatchObject([
        { name: 'Ann Lee', email: 'a@x.org' },
      ]);
    expect(rosterAt(fileOf('roster.csv', 'Name,E-mail\nAnn,a@x.org\n')).students).toMatchObject([
      { key: '(a@x.org)' },
    ]);
  });

  test('has one student a line, whatever they are called and whatever is not known of them', () => {
    const file = rosterOf(
      'login,name,id,email',
      ',Wei Li,,',
      ',Wei Li,,',
      ',Bobby,bob,',
      'bob,Bob,s2,',
      ',,,x@x.org',
      '__proto__,=1+1,,',
    );
    const keys = rosterAt(file).students.map(({ key }) => key);
    expect(keys).toEqual(['(wei li, line 2)', '(wei li, line 3)', '(bob)', 'bob', '(x@x.org)', '__proto__']);
  });

  test('has groups from a table of Canvas’s, and may have a number that is another’s participant number', async () => {
    const gradebook = fileOf('gradebook.csv', canvasGradebook(class30));
    const [ada, bob] = class30 as [Enrolled, Enrolled];
    const set = [
      'name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id',
      `${ada.first},${ada.userId},${ada.studentId},${ada.email},Section 1,Red,1`,
      `${bob.first},${bob.userId},${bob.studentId},${bob.email},Section 1,,`,
    ];
    const groups = rosterAt(fileOf('groups.csv', set.join('\n')));
    const { students } = withGroups(rosterAt(gradebook), groups);
    expect(students.filter(({ group }) => group).map(({ userId, group }) => [userId, group])).toEqual([
      [ada.userId, 'Red'],
    ]);
    expect(() => withGroups(rosterAt(rosterOf('name,id', 'Eve,1')), groups)).toThrow(
      /^No user in the table of groups is on the roster/,
    );
    const crossed = [
      { ...ada, studentId: bob.participant },
      { ...bob, studentId: '' },
    ];
    const sheet = rosterAt(fileOf('worksheet.csv', moodleWorksheet(crossed)));
    expect(new Set(sheet.students.map(({ key }) => key)).size).toBe(2);
  });

  test('of Moodle’s has addresses beside user names that look like some, and names, though two have one name', () => {
    const [ada, bob] = class30 as [Enrolled, Enrolled];
    const namesakes = [ada, { ...bob, first: ada.first, last: ada.last }];
    const sheet = moodleWorksheet(namesakes)
      .replace('"Email address"', '"Username","Email address"')
      .replace(/"(s\d\d)@example\.org"/g, '"$1@users.example.org",$&');
    const { students } = rosterAt(fileOf('worksheet.csv', sheet));
    expect(students.map(({ name, email }) => [name, email])).toEqual(
      namesakes.map(({ first, last, email }) => [`${first} ${last}`, email]),
    );
  });

  test.each([
    [['surname,mark', 'x,1'], 'has the headings surname, mark. Its first line has to name a column github_'],
    [['name,login', 'Lovelace, Ada,ada'], 'line 2: there are 3 cells, but 2 headings'],
    [['name,login,email', 'Lovelace, Ada,ada'], 'line 2: “ada” is not an e-mail address.'],
    [['name,login,login', 'ada,Ada,ada'], 'line 1: two columns are called login'],
    [['login,name,email', 'ada,Ada'], 'line 2: there are 2 cells, but 3 headings'],
    [['name,login', '"Ada,ada', 'Cyd "C",cyd'], 'Invalid Closing Quote: got "C" at line 3'],
    [['name,login', 'Ada,ada', 'Ada,ADA'], 'line 3: ADA is in line 2'],
    [['name,id', 'V,7', 'W,7'], '7 is in line 2 already.'],
  ])('that may be meant in two ways is refused with its line and what to write: %j', (lines, says) => {
    expect(() => rosterAt(rosterOf(...lines))).toThrow(says);
  });

  test('that cannot be read is refused with what to save it as', () => {
    expect(() => rosterAt(fileOf('roster.csv', ''))).toThrow('has the headings (none).');
    expect(() => rosterAt(fileOf('roster.csv', Buffer.from('login\nZo\xeb\n', 'latin1')))).toThrow(
      'not valid for encoding utf-8. Save it as “CSV UTF-8”, with quotes around a cell that holds a separator.',
    );
  });
});

describe('a group', () => {
  const full = { 'work/boxes.ts': answers, 'work/notes.md': notes };

  const slug = (number: number) => `classroom50-group-86471e6c42321c77-${number}`;
  const teams = [
    { slug: slug(1), members: ['s-00', 'S-02'] },
    { slug: slug(2), members: ['s-01', 'gone', 's-02'] },
  ];
  const tableOf = (assignments: readonly string[], of = teams) =>
    JSON.stringify({
      schema: 'classroom50/teams/v1',
      assignments: Object.fromEntries(assignments.map((name) => [name, { teams: of }])),
    });
  const students = fileOf('roster.csv', loginRoster(class30.slice(0, 4)));
  /** Archives as GitHub packs repositories: everything is in one folder. */
  const zips = (nameOf: (team: number) => string, repository = 'course-fruit') => {
    const packed = (team: number, files: Files) => {
      const around = `org-${repository}-group-${team}-abc1234`;
      return zip(
        Object.fromEntries(Object.entries(files).map(([name, text]) => [`${around}/${name}`, text])),
      );
    };
    return {
      [`${nameOf(1)}.zip`]: packed(1, full),
      [`${nameOf(2)}.zip`]: packed(2, { ...full, 'work/boxes.ts': partly }),
    };
  };
  const ofFruit = (team: number) => `course-fruit-group-${team}`;

  test('of Classroom 50 is known by its own table, in or beside the archive, by repository or team', async () => {
    for (const [assignments, files] of [
      [['fruit'], zips(ofFruit)],
      [['fruit'], zips(slug)],
      [['hw1', 'hw10'], zips((team) => `cs-hw10-group-${team}`)],
      [['hw', 'hw-2'], zips((team) => `cs-hw-2-group-${team}`)],
      // If a whole class is downloaded in the web app, the archives have the same names in all assignments.
      [['hw1', 'hw10'], zips((team) => `group-${team}`, 'cs-hw10')],
    ] as const) {
      const table = { 'teams.json': tableOf(assignments) };
      const inside = fileOf('all.zip', zip({ ...files, ...table }));
      const beside = path.join(unpacked({ 'all.zip': zip(files), ...table }), 'all.zip');
      for (const place of [inside, beside])
        expect((await graded(place, students)).told).toEqual({
          's-00': '10',
          's-01': '9 download/unknown',
          's-02': '10 class/twice',
          's-03': 'no submission',
        });
    }
    for (const unclear of [
      // Two assignments have a team with this name.
      { ...zips(slug), 'teams.json': tableOf(['hw1', 'hw10']) },
      // The table has no teams for this assignment yet.
      { ...zips((team) => `group-${team}`, 'cs-hw3'), 'teams.json': tableOf(['hw1']) },
    ])
      await expect(graded(unpacked(unclear), students)).rejects.toMatchObject({
        code: 'roster-matches-nobody',
      });
  });

  test('of one classroom is not that of another with its number, whichever is named first', async () => {
    const place = newFolder();
    const both = { 'monday/class': teams, 'friday/class': [{ slug: slug(1), members: ['s-03'] }] };
    for (const [folder, of] of Object.entries(both))
      writeFiles(path.join(place, folder), { ...zips(ofFruit), 'teams.json': tableOf(['fruit'], of) });
    const places = Object.keys(both).map((folder) => path.join(place, folder));
    const names: unknown[][] = [];
    for (const given of [places, places.toReversed()]) {
      const { rows } = await graded(given, students);
      expect(rows.map(({ key, source }) => `${key.split('#')[0]} ${source}`)).toEqual([
        '(submission course-fruit-group-2.zip friday/class',
        's-00 monday/class',
        's-01 monday/class',
        's-02 monday/class',
        's-03 friday/class',
      ]);
      names.push(rows.map(({ folder }) => folder));
    }
    expect(names[0]).toEqual(names[1]);
    expect(new Set(names[0]).size).toBe(4);
    const twice = graded([places[0] ?? '', places[0] ?? ''], students);
    await expect(twice).rejects.toMatchObject({ code: 'sources-alike' });
    await expect(twice).rejects.toThrow('rename one of them');
  });
});

describe('a folder', () => {
  const classIn = (...before: string[]) =>
    Object.fromEntries(
      ['ada', 'ben'].map((name) => [[...before, `fruit-${name}`, 'work/boxes.ts'].join('/'), answers]),
    );

  test('that is not the class grades nobody, and the message says what to give', async () => {
    for (const [files, below] of [
      [{ 'Work/boxes.ts': answers }, ''],
      [classIn(), 'fruit-ada'],
      [classIn(), 'fruit-ada/work'],
      [{ ...classIn('one'), ...classIn('two') }, ''],
      [{ 'essay.md': 'Mine.' }, ''],
    ] as const)
      await expect(graded(path.join(unpacked(files), below))).rejects.toMatchObject({
        code: 'not-the-class',
        message: expect.stringContaining('Give the folder'),
      });
  });

  test('around nothing but the class is that class, and one student’s in a zip is theirs', async () => {
    const around = await graded(unpacked(classIn('a', 'fruit-submissions')));
    expect(around.told).toEqual({ ada: '4 file/missing', ben: '4 file/missing' });
    const own = fileOf('one.zip', zip({ 'hw-ada/work/boxes.ts': answers }));
    expect((await graded(own, rosterOf('login', 'ada'))).told).toEqual({ ada: '4 file/missing' });
  });

  test('of one name in two archives is told by its content, whatever the archives are called', async () => {
    const answersIn = (more: Files) => zip({ 'submissions/hw-ada/work/boxes.ts': answers, ...more });
    const both = answersIn({ 'submissions/hw-bob/work/boxes.ts': answers });
    const one = zip({ 'submissions/hw-ada/work/boxes.ts': partly });
    const gradedAs = async (...names: readonly string[]) => {
      const root = newFolder();
      const contents = names.map((name, index) => [name, Buffer.from(index === 0 ? both : one)]);
      writeFiles(root, Object.fromEntries(contents));
      const sources = names.map((name) => path.join(root, name));
      return graded(sources, rosterOf('login', 'ada', 'bob'));
    };
    const { told, students } = await gradedAs('a.zip', 'b.zip');
    expect(told).toEqual({ ada: '4 class/twice file/missing file/missing', bob: '4 file/missing' });
    const named = students.map(({ folder, submissions = [folder] }) => submissions);
    expect(named.flat().map((name) => name?.replace(/#.*/, '#'))).toEqual(['hw-ada#', 'hw-ada#', 'hw-bob']);
    expect(new Set(named.flat()).size).toBe(named.flat().length);
    const again = await gradedAs('z.zip', 'y.zip');
    expect(again.students[0]?.submissions).toEqual(students[0]?.submissions);
  });

  test('of archives is read as --from says, where their names do not tell', async () => {
    const own = zip({ 'boxes.ts': answers, 'notes.md': notes });
    const root = unpacked({ 'ada/mine.zip': own, 'bob/mine.zip': own });
    const roster = rosterOf('login', 'ada', 'bob', 'cyd', 'dan', 'eve');
    const { told, run } = await graded(root, roster, { from: 'folders' });
    expect(told).toMatchObject({ ada: '10', bob: '10', cyd: 'no submission' });
    expect(run.notes[0]?.text).toBe(
      'Only 2 of the 5 students on the roster have a submission. Is this the right roster?',
    );
    await expect(graded(root, roster, { from: 'moodle' })).rejects.toMatchObject({ code: 'not-the-class' });
  });
});

test('a download that is cut off, or whose table cannot be read, stops the run', async () => {
  const packed = zip(canvasFiles(class30));
  for (const [file, code] of [
    [packed.subarray(0, packed.length / 2), 'source-unusable'],
    [zip({ 'ada.zip': zip({ 'boxes.ts': answers }), 'teams.json': '{"teams":[]}' }), 'table-unusable'],
    [zip({ 'submission_metadata.yml': 'a: [', 'submission_1/boxes.ts': answers }), 'table-unusable'],
  ] as const)
    await expect(graded(fileOf('s.zip', file))).rejects.toMatchObject({ code });
});

test('a submission of which Gradescope’s table has another form is nobody’s, and all others are as they were', async () => {
  const table = [
    'submission_1:\n  :submitters:\n  - :email: ada@example.org\n',
    'submission_2: !ruby/object:Submission\n  :submitters:\n  - :email: !ruby/object:Email { at: 1 }\n',
  ];
  const files = {
    'submission_metadata.yml': table.join(''),
    'submission_1/boxes.ts': answers,
    'submission_2/boxes.ts': answers,
  };
  const roster = fileOf('r.csv', 'email\nada@example.org\nbob@example.org\n');
  const { told } = await graded(fileOf('s.zip', zip(files)), roster);
  expect(told).toEqual({
    '(ada@example.org)': '4 file/missing',
    '(bob@example.org)': 'no submission',
    '(submission submission_2)': 'unmatched class/unknown file/missing',
  });
});

test('lateness is counted by the time that Gradescope says, and its staff are no students', async () => {
  const of = withDeadline(course, {
    due: '2026-10-01T12:00:30Z',
    timezone: 'UTC',
    late: { per_day: 1, until: '2026-10-04T12:00Z' },
  });
  const students = class30.filter(({ points }) => points === 10).slice(0, 5);
  const file = fileOf('e.zip', zip(gradescopeFiles(students.map((student) => [student]))));
  const { rows, notes: said } = await graded(file, fileOf('r.csv', gradescopeRoster(students)), { of });
  expect(rows.map(({ points, status }) => points ?? status)).toEqual([10, 9, 8, 7, 'after cutoff']);
  expect(rows[0]?.matched).toBe('student id');
  expect(said).toMatch(/is a Gradescope download\..*cher@example\.org is Instructor/s);
});

test('a time that Gradescope writes without a zone is one of the course’s, and the run says so', async () => {
  const of = withDeadline(course, {
    due: '2026-10-01T12:00',
    timezone: 'America/New_York',
    late: { per_day: 1 },
  });
  const students = class30.filter(({ points }) => points === 10).slice(0, 2);
  const times = ['2026-10-01 12:00:20.123456000', '2026-10-01 12:01:00'];
  const files = gradescopeFiles(
    students.map((student) => [student]),
    (index) => ({ id: `${index}`, createdAt: times[index] ?? '' }),
  );
  const { rows, notes: said } = await graded(
    fileOf('e.zip', zip(files)),
    fileOf('r.csv', gradescopeRoster(students)),
    { of },
  );
  expect(rows.map(({ points }) => points)).toEqual([10, 9]);
  expect(said).toContain(
    'Times in e have no time zone: they are read as times in the course’s, America/New_York.',
  );
});

function unpacked(files: Files): string {
  const root = path.join(newFolder(), 'download');
  writeFiles(root, files);
  return root;
}

/** Grades a class with some tables filled in, but makes none of the files that a run writes. */
async function graded(
  sources: string | readonly string[],
  roster?: string,
  given: { from?: string; tables?: Files; of?: typeof course } = {},
) {
  const { of = course, tables = {}, ...options } = given;
  const all = { ...options, roster: roster === undefined ? undefined : rosterAt(roster) };
  const byHand = Object.entries(tables).map(
    ([name, text]) => [name, { name, bytes: Buffer.from(text) }] as const,
  );
  const before = { place: newFolder(), tables: new Map(byHand), decisions: [], earlier: undefined };
  const input = await classInput(of, [sources].flat(), all, before);
  const run = await gradeClass(of, input, { atOnce: 1 });
  const rows = [...run.students, ...run.unmatched].sort((one, other) => (one.key < other.key ? -1 : 1));
  return {
    rows,
    students: run.students,
    run,
    notes: run.notes.map(({ text }) => text).join('\n'),
    told: toldOf(rows),
  };
}
