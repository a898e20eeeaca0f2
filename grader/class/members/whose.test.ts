import path from 'node:path';
import { loadCourse } from '../../course';
import { openArchive } from '../../submission/archive';
import { classOf, graded, runClass, tableFile, work } from '../../testing/classes';
import {
  class30,
  classroom50Zips,
  loginRoster,
  moodleFiles,
  moodleWorksheet,
  zip,
} from '../../testing/downloads';
import { fileOf, newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { courseFiles, rightAnswers } from '../../testing/worksheet';
import { readExtensions, withTables } from '../results/by-hand';
import { formats, type Owner } from './formats';
import { matchSubmissions, readMatches } from './matching';
import { People } from './people';
import { readRoster } from './roster';
import type { Submission } from './source';

afterAll(removeFolders);

const rosterOf = (...lines: string[]) => readRoster(tableFile('roster.csv', lines));

/** Returns the submissions that the names of a download give, read in a host's format. */
function handed(host: string, paths: readonly string[], metadata = ''): Handed {
  const { table, entryOf } = formats.find(({ id }) => id === host) as (typeof formats)[number];
  const named = paths.flatMap((name) => {
    const [top = '', ...below] = name.split('/');
    const entry = entryOf(top, host !== 'folders' && below.length === 0);
    return entry ? { name: entry.name, owners: [entry.owner] } : [];
  });
  return table ? [...table.read(metadata)].map(([name, about]) => ({ name, ...about })) : named;
}

type Handed = readonly {
  readonly name: string;
  readonly owners: readonly Owner[];
  readonly submittedAt?: number;
}[];

const sourceOf = (root: string) => ({
  ...{ name: root, hasTimes: false, strays: [] },
  format: formats.find(({ id }) => id === 'folders') as (typeof formats)[number],
});

/** Submissions of one source, of which nothing but the names matters. */
function submissionsOf(all: Handed, root = 'x'): Submission[] {
  const source = sourceOf(root);
  return all.map(({ name, owners }) => ({ name, owners, source, files: () => [], remarks: [] }));
}

/** Returns the owner of each submission, `Ann`, or its possible owners, `Ann or Bob?`. */
function whose(
  submissions: Handed,
  { students }: Pick<ReturnType<typeof readRoster>, 'students'>,
  root = 'x',
): Readonly<Record<string, string>> {
  const members = matchSubmissions(submissionsOf(submissions, root), students);
  const owned = members.flatMap(({ student, candidates, work: done }) =>
    done.map(({ submission }) => {
      const who = student ? student.name || student.login : undefined;
      const maybe =
        candidates &&
        `${candidates
          .map((one) => one.replace(/ \(.*/, ''))
          .sort()
          .join(' or ')}?`;
      return [submission.name, who ?? maybe ?? ''] as const;
    }),
  );
  return Object.fromEntries(
    submissions.map(({ name }) => [
      name,
      owned
        .filter(([submission]) => submission === name)
        .map(([, who]) => who)
        .join(' and '),
    ]),
  );
}

const folders = (...names: string[]) => handed('folders', names);
const one = (owner: Owner) => [{ name: 'one', owners: [owner] }];
const worksheet = (...rows: (readonly [id: number, name: string, group: string, time: string])[]) =>
  readRoster(
    tableFile('w.csv', [
      'Identifier,Full name,Email address,Status,Group,Grade,Maximum grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments',
      ...rows.map(
        ([id, name, group, time]) =>
          `Participant ${id},${name},p${id}@x.org,Submitted,${group},-,10.00,Yes,"${time}",-,`,
      ),
    ]),
  );
const monday = 'Monday, 2 November 2026, 9:14 AM';

describe('all that is known of a submission has to agree', () => {
  const roster = rosterOf('name,sid,email', 'Ann Lee,0899,ann@x.org', 'Bob Ross,12,bob@x.org');

  test.each<[string, Owner, string]>([
    ['everything', { studentId: '0899', email: 'ann@x.org', name: 'Ann Lee' }, 'Ann Lee'],
    ['a number and an address, in other letters', { studentId: '0899', email: 'Ann@X.org' }, 'Ann Lee'],
    [
      'a number of one with an address and a name of another',
      { studentId: '0899', email: 'bob@x.org', name: 'Bob Ross' },
      'Ann Lee or Bob Ross?',
    ],
    ['a number with another name', { studentId: '0899', name: 'Zoe Who' }, 'Ann Lee?'],
    ['a name with another number', { studentId: '7', name: 'Ann Lee' }, 'Ann Lee?'],
    ['a number that is written otherwise', { studentId: '899' }, '?'],
    ['a number with a middle name', { studentId: '0899', name: 'Ann B. Lee' }, 'Ann Lee?'],
    ['a middle name alone', { name: 'Ann B. Lee' }, '?'],
    ['a name alone, in another order', { name: 'Lee, Ann' }, 'Ann Lee'],
  ])('%s', (_name, owner, expected) => {
    expect(whose(one(owner), roster)).toEqual({ one: expected });
  });

  test('a number in Gradescope’s table is a text', () => {
    const metadata =
      'submission_1:\n  :submitters:\n  - :name: Ann Lee\n    :sid: 0899\n    :email: ann@x.org\n  :created_at: 2026-10-01 12:00:00.1 Z\n';
    const [found] = handed('gradescope', ['submission_1/boxes.ts'], metadata);
    expect(found?.owners).toEqual([{ name: 'Ann Lee', studentId: '0899', email: 'ann@x.org' }]);
    expect(found?.submittedAt).toBe(Date.parse('2026-10-01T12:00:00.1Z'));
    expect(whose(handed('gradescope', [], metadata), roster)).toEqual({ submission_1: 'Ann Lee' });
  });

  test('a name that two who handed in have is nobody’s, both times', () => {
    const files = [77, 78].map((id) => `Ann Lee_${id}_assignsubmission_file/boxes.ts`);
    expect(whose(handed('moodle', files), roster)).toEqual({
      'Ann Lee_77': 'Ann Lee?',
      'Ann Lee_78': 'Ann Lee?',
    });
    expect(whose(handed('moodle', files.slice(1)), roster)).toEqual({ 'Ann Lee_78': 'Ann Lee' });
    const sheet = worksheet([77, 'Ann Lee', '', monday]);
    expect(whose(handed('moodle', files), sheet)).toEqual({
      'Ann Lee_77': 'Ann Lee',
      'Ann Lee_78': 'Ann Lee?',
    });
  });
});

test.each([
  ['moodle', 'Priya D/O Raman', 'Priya DO Raman_77_assignsubmission_file/boxes.ts'],
  ['moodle', "Siobhán O'Brien", 'Siobhan OBrien_77_assignsubmission_file/boxes.ts'],
  ['moodle', 'Jordan_7 Lee', 'Jordan 7 Lee_77_assignsubmission_file/boxes.ts'],
  ['canvas', 'Jordan_7 Lee', 'jordan_7lee_77_901_boxes.ts'],
  ['canvas', '"Lee, Jordan _7_ X"', 'leejordan7x_77_901_boxes.ts'],
  ['canvas', '"van der Berg_2, Anna"', 'vanderberg_2anna_77_901_boxes.ts'],
])('what %s drops of %s does not contradict a number that agrees', (host, name, file) => {
  const roster =
    host === 'moodle'
      ? worksheet([77, name, '', monday], [78, 'Bob Ross', '', '-'])
      : rosterOf('name,id', `${name},77`, 'Bob Ross,2');
  const [found] = handed(host, [file]);
  expect(whose(found ? [found] : [], roster)).toEqual({ [found?.name ?? '']: name.replaceAll('"', '') });
});

describe('a group’s submission', () => {
  const lines = ['Ann Lee,1,Team X', 'Bob Ross,2,Team X', 'Cyd Moe,3,'];
  const roster = (...more: string[]) => rosterOf('name,id,group', ...lines, ...more);
  const canvas = (...names: string[]) =>
    handed(
      'canvas',
      names.map((name) => `${name}_901_boxes.ts`),
    );

  test('is that of all, whoever uploaded it, and never of somebody outside', () => {
    expect(whose(canvas('teamx_1'), roster())).toEqual({ teamx_1: 'Ann Lee and Bob Ross' });
    expect(whose(canvas('teamx_3'), roster())).toEqual({
      teamx_3: 'Ann Lee or Bob Ross or Cyd Moe?',
    });
  });

  test('whose name is also that of a student outside is its own where a number says so, else nobody’s', () => {
    const namesake = roster('Team X,9,');
    expect(whose(canvas('teamx_1'), namesake)).toEqual({ teamx_1: 'Ann Lee and Bob Ross' });
    const logins = rosterOf('login,group', 'ada,bob', 'bob,', 'cyd,cyd', 'dan,cyd');
    expect(whose(folders('hw-bob', 'hw-cyd'), logins)).toEqual({
      'hw-bob': 'ada or bob?',
      'hw-cyd': 'cyd and dan',
    });
  });
});

describe('folders and archives', () => {
  test.each([
    ['an e-mail address', 'email', ['ada@x.org', 'ben-l@x.org'], ['ada@x.org', 'ben-l@x.org']],
    ['an id', 'id', ['A07', 'b08'], ['A07', 'b08']],
    ['a student number after a prefix', 'sid', ['007', '107'], ['hw1-007', 'hw1-107']],
  ])('are found by %s', (_name, heading, texts, names) => {
    const roster = rosterOf(`name,${heading}`, ...texts.map((text, index) => `${'AB'[index]},${text}`));
    const [first = '', second = ''] = names;
    expect(whose(folders(...names), roster)).toEqual({ [first]: 'A', [second]: 'B' });
  });

  test('an id in another case may be somebody else’s', () => {
    expect(whose(folders('ab1', 'c2'), rosterOf('name,id', 'Bob,AB1', 'Cyd,c2'))).toEqual({
      ab1: '?',
      c2: 'Cyd',
    });
  });

  test('that may mean two students are nobody’s', () => {
    const roster = rosterOf('login,name,id', 'bob,Bob,1', 'ann,Ann,bob', 'cyd,Cyd,3');
    expect(whose(folders('hw-bob', 'hw-ann', 'hw-cyd'), roster)).toEqual({
      'hw-bob': 'Ann or Bob?',
      'hw-ann': 'Ann',
      'hw-cyd': 'Cyd',
    });
  });

  test('whose name only ends as a login does are nobody’s where the others are called by the login', () => {
    const roster = rosterOf('login', 'lee', 'bob', 'cyd');
    expect(whose(folders('ann-lee', 'bob', 'cyd'), roster)).toEqual({
      'ann-lee': '?',
      bob: 'bob',
      cyd: 'cyd',
    });
  });

  test('of teams are no students whose ids are as the teams’ numbers', () => {
    const roster = rosterOf('login,id', 'ada,1', 'bob,2');
    expect(whose(folders('c-fruit-group-1', 'c-fruit-group-2'), roster)).toEqual({
      'c-fruit-group-1': '?',
      'c-fruit-group-2': '?',
    });
  });
});

/** The logins of a class of folders, each with the names of its folders. */
function enrolled(root: string, names: readonly string[], logins?: readonly string[]) {
  const submissions = submissionsOf(folders(...[...names].sort()), root);
  return matchSubmissions(submissions, logins && rosterOf('login', ...logins).students).map(
    ({ login, work: done }) => [login, ...done.map(({ submission }) => submission.name)],
  );
}

test.each([
  ['the whole name, where nothing says otherwise', 'x', ['ada'], undefined, [['ada', 'ada']]],
  [
    'what follows the slug of the folder around it',
    'shapes-submissions',
    ['shapes-ada-l'],
    undefined,
    [['ada-l', 'shapes-ada-l']],
  ],
  [
    'what stands before the same names for all',
    'x',
    ['nlp-shapes-ada-l', 'nlp-shapes-bob'],
    ['ada-l', 'bob'],
    [
      ['ada-l', 'nlp-shapes-ada-l'],
      ['bob', 'nlp-shapes-bob'],
    ],
  ],
  [
    'the longest end that the roster knows',
    'x',
    ['shapes-ada-l'],
    ['l', 'ada-l'],
    [['ada-l', 'shapes-ada-l'], ['l']],
  ],
  [
    'what stands before the names, where the slug of the folder around is another',
    'final-submissions',
    ['shapes-ada', 'shapes-bob'],
    ['ada', 'bob'],
    [
      ['ada', 'shapes-ada'],
      ['bob', 'shapes-bob'],
    ],
  ],
  ['as the roster spells it', 'x', ['Shapes-ADA-L'], ['Ada-L'], [['Ada-L', 'Shapes-ADA-L']]],
  [
    'nobody whom the roster does not know',
    'x',
    ['a-zoe', 'a-ada'],
    ['ada'],
    [
      ['a-zoe', 'a-zoe'],
      ['ada', 'a-ada'],
    ],
  ],
  [
    'nobody else, though the roster knows the end of a name',
    'ws-submissions',
    ['ws-anna-smith', 'ws-smith'],
    ['smith'],
    [
      ['ws-anna-smith', 'ws-anna-smith'],
      ['smith', 'ws-smith'],
    ],
  ],
  [
    'nobody else, where most begin otherwise',
    'x',
    ['ws-anna-smith', 'ws-smith', 'ws-bob'],
    ['smith', 'bob'],
    [
      ['ws-anna-smith', 'ws-anna-smith'],
      ['bob', 'ws-bob'],
      ['smith', 'ws-smith'],
    ],
  ],
] as const)('a folder names %s', (_name, root, folders, logins, expected) => {
  expect(enrolled(root, folders, logins)).toEqual(expected);
});

const candidatesOf = (names: readonly string[], logins: readonly string[], root = 'x') =>
  matchSubmissions(submissionsOf(folders(...names), root), rosterOf('login', ...logins).students)
    .filter(({ candidates }) => candidates)
    .map(({ login, student, candidates }) => [
      login,
      student,
      candidates?.map((one) => one.replace(/ \(.*/, '')),
    ]);

test('a folder whose name can be read in two ways is nobody’s, and both are named', () => {
  for (const root of ['x', 'lab-submissions'])
    expect(candidatesOf(['lab-x', 'lab-a', 'lab-b'], ['x', 'lab-x', 'a', 'b'], root)).toEqual([
      ['lab-x', undefined, ['lab-x', 'x']],
    ]);
});

test('two folders of one student are one student', () => {
  expect(enrolled('x', ['ada', 'b-ada', 'B-ADA'], ['ada'])).toEqual([['ada', 'B-ADA', 'ada', 'b-ada']]);
});

describe('nobody’s submission changes hands', () => {
  const logins = ['ada-l', 'lee', 'bob', 'x-y', 'cyd'];
  const names = (prefix: string) => logins.map((login) => `${prefix}${login}`);
  const found = (prefix: string, lines: readonly string[], root?: string) =>
    Object.values(whose(folders(...names(prefix)), rosterOf('login,name,email', ...lines), root));
  const lines = logins.map((login) => `${login},Name of ${login},${login}@x.org`);
  const expected = logins.map((login) => `Name of ${login}`);

  test.each([
    ['for another prefix', 'lab-2-', lines, 'x'],
    ['for none', '', lines, 'x'],
    ['for that of the folder around', 'lab-', lines, 'lab-submissions'],
    ['when the roster is in another order', 'hw-', [...lines].reverse(), 'x'],
    ['when somebody else is on the roster', 'hw-', [...lines, 'zoe,Zoe,z@x.org', ',Yan,y@x.org'], 'x'],
  ])('%s', (_name, prefix, all, root) => {
    expect(found(prefix, all, root)).toEqual(expected);
  });

  test('when a class of Moodle’s is in another order or has one more', () => {
    const submissions = handed('moodle', Object.keys(moodleFiles(class30)));
    const more = class30
      .slice(0, 1)
      .map((one) => ({ ...one, last: 'Neu', participant: '999', studentId: 'new', email: 'new@x.org' }));
    const rosters = [class30, [...class30].reverse(), [...class30, ...more]].map((students) =>
      readRoster(fileOf('w.csv', moodleWorksheet(students))),
    );
    const [first, ...others] = rosters.map((roster) => whose(submissions, roster));
    expect(Object.values(first ?? {}).some((who) => who.endsWith('?'))).toBe(false);
    for (const other of others) expect(other).toEqual(first);
  });
});

describe('what is filled in by hand', () => {
  const lines = [
    'login,name,email,id',
    'bob,Bob Ross,b@x.org,1',
    'ann,Ann Lee,a@x.org,bob',
    ',Cyd Moe,,',
    ',Wei Li,,',
    ',Wei Li,,',
  ];
  const { students } = rosterOf(...lines);
  const people = new People(students.map((student) => ({ key: student.key, student })));
  const file = (text: string) => tableFile('t.csv', [text]);
  const folderWith = (name: string, text: string) => path.dirname(tableFile(name, [text]));
  const deadline = { due: '2026-10-01T12:00Z' };
  const course = loadCourse(newCourse(courseFiles));
  const facts = {
    course,
    people,
    roster: undefined,
    digest: '',
    openUntil: undefined,
    started: new Date(),
    notes: [],
  };
  const tablesIn = (name: string, text: string) => withTables(facts, [], folderWith(name, text));
  const read = {
    overrides: (who: string) =>
      tablesIn('overrides.csv', `login,total,adjust,reason\n"${who}",1,,x`).overrides,
    comments: (who: string) => tablesIn('comments.csv', `login,text\n"${who}",x`).comments,
    extensions: (who: string) =>
      readExtensions(folderWith('extensions.csv', `who,due\n"${who}",2026-10-02T12:00Z`), deadline, people),
    matches: (who: string) =>
      new Map(
        (
          readMatches(file(`submission,login\nx,"${who}"`), submissionsOf(folders('x')), students).get('x') ??
          []
        ).map(({ key }) => [key, 1]),
      ),
  };

  describe.each(Object.entries(read))('in %s', (_name, keysOf) => {
    test.each([
      ['ANN', 'ann'],
      ['a@x.org', 'ann'],
      ['1', 'bob'],
      ['Ann  Lee', 'ann'],
      ['cyd moe', '(cyd moe)'],
      ['(cyd moe)', '(cyd moe)'],
    ])('%s is found', (word, key) => {
      expect([...keysOf(word).keys()]).toEqual([key]);
    });

    test.each([
      ['bob', 'bob may be Bob Ross (login bob, user id 1, email b@x.org) or Ann Lee (login ann,'],
      [
        'wei li',
        'wei li may be Wei Li (line 5) or Wei Li (line 6). Write what only one of them is known by.',
      ],
      ['zoe', 'nobody'],
    ])('%s stops the run with what to write', (word, says) => {
      expect(() => keysOf(word)).toThrow(says);
    });
  });
});

test('two students are known by a line too where they have only the same name, and refused where they have one number', () => {
  const { students } = rosterOf('name,id,email', 'Ann Lee,,', 'X,aB,', 'Wei Li,,', 'Wei Li,,');
  expect(students.map(({ key }) => key)).toEqual([
    ...['(ann lee)', '(ab)', '(wei li, line 4)', '(wei li, line 5)'],
  ]);
  expect(() => rosterOf('name,id,email', 'V,7,v@x.org', 'W,7,w@x.org')).toThrow('7 is in line 2 already.');
});

describe('in the program', () => {
  const course = newCourse(courseFiles);
  const full = work(rightAnswers, 'Pears', 'Lemons');

  test('a line without a login has its row, which says why it has no points', async () => {
    const roster = tableFile('roster.csv', ['login,name', 'ada,Ada', ',Cyd Moe']);
    const { row } = await graded(course, classOf({ 'fruit-ada': full }), '--roster', roster);
    expect(row('(cyd moe)')).toMatchObject({ status: 'no login', points: null });
    expect(row('(cyd moe)').warnings.map(({ code }) => code)).toEqual(['class/no-login']);
  });

  test('folders that are called by e-mail addresses are graded', async () => {
    const roster = tableFile('roster.csv', ['name,email', 'Ada,ada@x.org', 'Ben,ben@x.org']);
    const { row } = await graded(course, classOf({ 'ada@x.org': full }), '--roster', roster);
    expect(row('(ada@x.org)')).toMatchObject({ points: 10, matched: 'email' });
    expect(row('(ben@x.org)').status).toBe('no submission');
    const none = classOf({ ada: full });
    const { code } = await runClass(course, none, '--roster', roster);
    expect(code).toBe('roster-matches-nobody');
  });

  test('names in a Mac’s zip are UTF-8, and those of old systems are not', async () => {
    const mac = await openArchive(unflagged(Buffer.from('Zo\u0308')));
    expect(mac.map(({ path: name }) => name)).toEqual(['Zo\u0308']);
    const dos = await openArchive(unflagged(Buffer.from([0x5a, 0x6f, 0x89])));
    expect(dos.map(({ path: name }) => name)).toEqual(['Zo\u00eb']);
  });
});

/** Makes a zip of one file that does not declare the encoding of its name. */
function unflagged(name: Buffer): Buffer {
  const letters = 'x'.repeat(name.length);
  const packed = zip({ [letters]: '' });
  for (let at = packed.indexOf(letters); at !== -1; at = packed.indexOf(letters, at)) name.copy(packed, at);
  return packed;
}

describe('Classroom 50’s teams', () => {
  const course = newCourse(courseFiles);
  const slug = (number: number) => `classroom50-group-86471e6c42321c77-${number}`;
  const teams = (...assignments: string[]) =>
    JSON.stringify({
      schema: 'classroom50/teams/v1',
      assignments: Object.fromEntries(
        assignments.map((name) => [
          name,
          {
            teams: [
              { slug: slug(1), members: ['s-00', 's-01'] },
              { slug: slug(2), members: ['s-02'] },
            ],
          },
        ]),
      ),
    });
  const roster = () => fileOf('roster.csv', loginRoster(class30.slice(0, 4)));
  const packed = Object.values(classroom50Zips(class30.slice(0, 1)))[0] ?? '';
  const groupsIn = async (name: string, files: Record<string, string | Buffer>, ...args: string[]) => {
    const { rows } = await graded(course, fileOf(name, zip(files)), '--roster', roster(), ...args);
    return rows.map(({ key, folder }) => [key, folder]);
  };
  const expected = (...names: string[]) => [
    ...[
      ['s-00', names[0]],
      ['s-01', names[0]],
      ['s-02', names[1]],
      ['s-03', undefined],
    ],
  ];

  test.each([
    ['repositories', 'course-fruit-group-1', 'course-fruit-group-2'],
    ['teams', slug(1), slug(2)],
  ])('are found in a zip of zips that are called as their %s', async (_name, first, second) => {
    const files = { 'teams.json': teams('fruit'), [`${first}.zip`]: packed, [`${second}.zip`]: packed };
    expect(await groupsIn('all.zip', files)).toEqual(expected(`${first}.zip`, `${second}.zip`));
  });

  test('may lie beside the archive', async () => {
    const files = { 'course-fruit-group-1.zip': packed, 'course-fruit-group-2.zip': packed };
    const beside = newFolder();
    writeFiles(beside, { 'all.zip': zip(files), 'teams.json': teams('fruit') });
    const { rows } = await graded(course, path.join(beside, 'all.zip'), '--roster', roster());
    expect(rows.map(({ key, folder }) => [key, folder])).toEqual(expected(...Object.keys(files)));
  });

  test.each([
    ['hw10, and never hw1', ['hw1', 'hw10'], 'cs-hw10-group-'],
    ['hw-2, and never hw', ['hw', 'hw-2'], 'cs-hw-2-group-'],
  ])('are those of the assignment that is graded: %s', async (_name, assignments, prefix) => {
    const files = {
      'teams.json': teams(...assignments),
      [`${prefix}1.zip`]: packed,
      [`${prefix}2.zip`]: packed,
    };
    const { rows } = await graded(course, fileOf('all.zip', zip(files)), '--roster', roster());
    expect(rows.map(({ key, folder }) => [key, folder])).toEqual(
      expected(`${prefix}1.zip`, `${prefix}2.zip`),
    );
  });

  test('of another assignment stop the run', async () => {
    const files = {
      'teams.json': teams('hw1'),
      'cs-hw10-group-1.zip': packed,
      'cs-hw10-group-2.zip': packed,
    };
    const { status, stderr } = await runClass(course, fileOf('all.zip', zip(files)), '--roster', roster());
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('hw1'),
    });
  });
});

test('a line for the overrides names a student by what nobody else is known by, so that the next run takes it', () => {
  const { students } = rosterOf('login,name,id', 'lee1,Kim Lee,7', 'park,Lee Park,lee1');
  const people = new People(students.map((student) => ({ key: student.key, student })));
  for (const student of students) {
    const word = people.wordFor({ key: student.key, student });
    expect([word, people.resolve(word, 'nobody')]).toEqual([word, expect.objectContaining({ student })]);
  }
});
