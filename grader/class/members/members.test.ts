import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { type Zippable, zipSync } from 'fflate';
import { manifestOf } from '../../authoring/release/release-json';
import { loadCourse, withDeadline } from '../../course';
import { openArchive } from '../../submission/archive';
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
import { answersOf, blankAnswers, courseFiles, notesOf, rightAnswers, rubric } from '../../testing/worksheet';
import { openClass } from '../grade-class';
import { gradeMember } from '../results/best-version';
import type { StudentResult } from '../results/student-result.schema';
import { matchSubmissions } from './matching';
import { People } from './people';
import { readRoster } from './roster';
import { readSource } from './source';

afterAll(removeFolders);

const answers = rightAnswers;
const partly = answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }');
const notes = notesOf('Pears', 'Lemons');
const both = { 'boxes.ts': answers, 'notes.md': notes };

const course = loadCourse(newCourse(courseFiles), false);
writeFiles(course.root, { 'dist/release.json': JSON.stringify(manifestOf(course, newFolder())) });

const csv = (lines: string) => fileOf('roster.csv', lines.replaceAll('; ', '\n'));

function unpacked(files: Files, name = 'download'): string {
  const root = path.join(newFolder(), name);
  writeFiles(root, files);
  return root;
}

/** Grades a class by everything but the files that a run writes. */
async function graded(
  sources: string | readonly string[],
  roster?: string,
  {
    out = newFolder(),
    from,
    section,
    of = course,
  }: Partial<Record<'out' | 'from' | 'section', string>> & {
    of?: typeof course;
  } = {},
) {
  const options = { roster: roster === undefined ? undefined : readRoster(roster), from, section };
  const { members, run } = await openClass(of, [sources].flat(), out, options);
  const rows = await Promise.all(members.map((member) => gradeMember(member, run)));
  return {
    rows,
    run,
    notes: run.notes.join('\n'),
    told: rows.map((row) => `${row.key} ${toldOf(row)}`).join('; '),
  };
}

/** `9 found/elsewhere`: the points, or why there are none, and the codes of all remarks. */
const toldOf = ({ points, status, warnings }: StudentResult) =>
  [points ?? status, ...warnings.map(({ code }) => code)].join(' ');

/** The cells of a table that is written as text. */
const linesIn = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

describe('whose a submission is', () => {
  /** A class in one source, as a host names it. */
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
    const factOf = (fact: string) =>
      `${fact.includes('@') ? ':email' : /^\d/.test(fact) ? ':sid' : ':name'}: ${fact}`;
    const metadata = names.map(
      (name, index) =>
        `submission_${index}:\n  :submitters:\n  - ${name.split(' + ').map(factOf).join('\n    ')}\n`,
    );
    const table = { 'submission_metadata.yml': metadata.join('') };
    const all = { ...Object.fromEntries(files), ...(form === 'gradescope' && table) };
    return fileOf(`${around}.zip`, zip(all));
  }

  async function whose(host: string, roster: string, names: readonly string[]) {
    const submissions = await readSource(sourceOf(host, names), rubric);
    const members = matchSubmissions(
      submissions,
      roster === '-' ? undefined : readRoster(csv(roster)).students,
    );
    return submissions.map((submission) => {
      const owners = members.filter(({ work }) => work.some((one) => one.submission === submission));
      const known = owners.flatMap(({ student }) => student?.name || student?.login || []);
      const possible = owners[0]?.candidates?.map((one) => one.replace(/ \(.*/, '')).sort();
      return [submission.name, possible ? `${possible.join(' or ')}?` : known.join(' and ')] as const;
    });
  }

  const [, ...sections] = readFileSync(path.join(__dirname, 'fixtures', 'whose.txt'), 'utf8')
    .trim()
    .split('\n\n');

  test.each(sections.map((one) => one.split('\n') as [string, string, ...string[]]))(
    '%s',
    async (...lines) => {
      const [, head, ...classes] = lines;
      const [host = '', roster = ''] = head.split(': ');
      for (const line of classes) {
        const names = (line.split(' => ')[0] ?? '').split(' | ');
        const found = await whose(host, roster, names);
        // A source lists its submissions by name.
        const owners =
          host === 'gradescope'
            ? found.map(([, who]) => who)
            : names.map((name) => found.find(([one]) => one === name)?.[1]);
        expect(`${names.join(' | ')} => ${owners.join(' | ')}`).toBe(line);
      }
    },
  );
});

describe('a class of thirty gets the points that its work is worth, from', () => {
  const pairs = Array.from({ length: 15 }, (_, index) => class30.slice(2 * index, 2 * index + 2));
  const handedIn = class30.filter((student) => student.handedIn);
  const filesOf = ({ login, handedIn: files = {} }: Enrolled) =>
    Object.entries(files).map(([file, content]) => [`fruit-${login}/work/${file}`, content]);
  const groupOf = ({ login }: Enrolled) => `Team ${Math.floor(Number(login.slice(2)) / 2)}`;
  // Its number is also that of a participant, by chance.
  const teams = pairs.flatMap(([first]) =>
    first ? { ...first, first: 'Team', last: groupOf(first).slice(5), participant: '107' } : [],
  );
  // Moodle gives every member the time when the team handed in.
  const members = pairs.flatMap((pair) => pair.map((one) => ({ ...one, handedIn: pair[0]?.handedIn })));
  const gradescope = gradescopeRoster(class30);
  const sources: Record<string, readonly [files: Files, roster: string]> = {
    canvas: [canvasFiles(class30), canvasGradebook(class30)],
    late: [canvasFiles(class30, { isLate: () => true }), canvasGradebook(class30)],
    moodle: [moodleFiles(class30), moodleWorksheet(class30)],
    older: [moodleFiles(class30, { after: '_' }), moodleWorksheet(class30)],
    flat: [moodleFiles(class30, { isFlat: true }), moodleWorksheet(class30)],
    blind: [
      moodleFiles(class30, { isBlind: true }),
      moodleWorksheet(class30, { isBlind: true, isGerman: true }),
    ],
    groups: [moodleFiles(teams), moodleWorksheet(members, { groupOf })],
    gradescope: [gradescopeFiles(handedIn.map((one) => [one])), gradescope],
    pairs: [gradescopeFiles(pairs.filter(([one]) => one?.handedIn)), gradescope],
    zips: [classroom50Zips(class30), loginRoster(class30)],
    clones: [Object.fromEntries(class30.flatMap(filesOf)), loginRoster(class30)],
  };

  test.each(
    linesIn(`
      Canvas | canvas | user id | is a Canvas
      Canvas, where all are late | late | user id | is a Canvas
      Moodle | moodle | participant | is a Moodle
      an older Moodle | older | participant | is a Moodle
      Moodle without folders | flat | participant | is a Moodle
      Moodle’s blind marking | blind | participant | is a Moodle
      Moodle’s teams | groups | group | is a Moodle
      Gradescope | gradescope | student id | is a Gradescope
      Gradescope’s teams | pairs | student id | is a Gradescope
      Classroom 50 | zips | login |
      clones | clones | login |`),
  )('%s, zipped or not', async (name = '', source = '', matched = '', said = '') => {
    const [files, roster] = sources[source] ?? [{}, ''];
    const expected = class30.map((student, index) => {
      const { handedIn: work, points } = (/teams/.test(name) && pairs[Math.floor(index / 2)]?.[0]) || student;
      return [student.email, points, work ? matched : undefined];
    });
    for (const place of [fileOf('all.zip', zip(files)), unpacked(files)]) {
      const { rows, notes } = await graded(place, fileOf('roster.csv', roster));
      const found = class30.map(({ email, participant }) => {
        const row = rows.find(
          ({ student }) => student?.email === email || student?.participant === participant,
        );
        return [email, row?.points, row?.matched];
      });
      expect(found).toEqual(expected);
      // Rows of a roster that are no students are left out.
      expect(rows).toHaveLength(class30.length);
      expect(notes).toContain(said);
      expect(notes).not.toContain('Nobody’s');
      expect(notes.includes('cher@example.org is Instructor')).toBe(roster === gradescope);
    }
  });
});

test('a student’s files are found where it is certain which are meant; else the remark says what to look at', async () => {
  const stub = blankAnswers;
  const five = [1, 2, 3, 4].reduce((inner) => zip({ 'b.zip': inner }), zip({ 'boxes.ts': answers }));
  const mac = { 'fruit/work/boxes.ts': answers, 'fruit/work/notes.md': notes, '__MACOSX/._boxes.ts': 'x' };
  const cases: Record<string, [files: Files, told: string, mark?: string]> = {
    'under their own names': [both, '10'],
    'marked as late': [both, '10 download/late', 'LATE_'],
    'as Canvas renames what is handed in again': [{ 'boxes-1.ts': answers, 'notes-2.md': notes }, '10'],
    'with the mark of a second download': [
      { 'boxes (1).ts': answers, 'notes.md': notes },
      '10 found/elsewhere',
    ],
    'as a text whose end was hidden': [{ 'boxes.ts.txt': answers, 'notes.md': notes }, '10 found/elsewhere'],
    'in a zip': [{ 'mine.zip': zip(mac) }, '10'],
    'in a zip in a zip': [{ 'mine.zip': zip({ 'a.zip': zip(both) }) }, '10'],
    'twice, and the same': [{ 'boxes.ts': answers, 'mine.zip': zip(both) }, '10'],
    'beside another archive': [{ ...both, 'more.rar': 'Rar!' }, '10 file/archive'],
    'without the notes': [{ 'boxes.ts': answers }, '4 download/attempt file/missing'],
    'beside the stub': [
      { 'boxes.ts': stub, 'boxes (1).ts': answers, 'notes.md': notes },
      '10 found/elsewhere',
    ],
    'a document instead': [{ 'boxes.ts': answers, 'notes.docx': 'PK' }, '4 download/attempt class/instead'],
    'typed in': [{ 'text.html': '<p>7</p>' }, 'failed class/instead file/missing file/missing'],
    'in two archives': [
      { 'a.zip': zip(both), 'b.zip': zip({ 'boxes.ts': partly }) },
      'undecided class/versions',
    ],
    'under two names': [{ 'boxes (1).ts': partly, ...both }, 'undecided class/versions'],
    'in a bomb': [
      { 'mine.zip': zip({ 'boxes.ts': Buffer.alloc(8 * 1024 * 1024) }) },
      'failed download/attempt file/too-large file/missing',
    ],
    'in a zip that is none': [{ 'mine.zip': 'PK\x03\x04' }, 'failed file/archive file/archive'],
    'in another kind of archive': [{ 'mine.rar': 'Rar!' }, 'failed file/archive file/archive'],
    'in five archives in each other': [{ 'mine.zip': five }, 'failed file/archive file/archive'],
    'outside of their archive': [
      { 'mine.zip': zip({ '../../boxes.ts': answers }) },
      'failed download/attempt file/path file/missing',
    ],
  };
  const files = Object.values(cases).flatMap(([own, , mark = ''], id) =>
    Object.entries(own).map(([name, content], at) => {
      const attachment = name === 'text.html' ? '' : `${at}_`;
      return [`x_${mark}${id}_${attachment}${name}`, content] as const;
    }),
  );
  const roster = csv(['name,id', ...Object.keys(cases).map((_, id) => `X,${id}`)].join('\n'));
  const { rows } = await graded(fileOf('s.zip', zip(Object.fromEntries(files))), roster);
  const told = Object.keys(cases).map((name, id) => {
    const row = rows.find(({ student }) => student?.userId === String(id));
    return [name, row && toldOf(row)];
  });
  expect(told).toEqual(Object.entries(cases).map(([name, [, wanted]]) => [name, wanted]));
});

test('an odd entry of an archive costs nobody else anything, and is not followed', async () => {
  const ok = Buffer.from(answers);
  const large = Buffer.alloc(3 * 1024 * 1024, 'x');
  const entries: Zippable = {
    'ada_1_9_boxes.ts': ok,
    'bob_2_9_boxes.ts': ok,
    'cyd_3_9_boxes.ts': [Buffer.from('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }],
    'dan_4_9_boxes.ts': ok,
    '../eve_5_9_boxes.ts': ok,
    'fay_6_9_boxes.ts': large,
    'gil_7_9_mine.zip': zip({ 'boxes.ts': large, 'notes.md': notes }),
    'readme.txt': ok,
  };
  const packed = Buffer.from(zipSync(entries));
  // Ada’s is encrypted, as both of its headers say, and Dan’s is damaged.
  const [ada, dan] = ['ada_1_9_boxes.ts', 'dan_4_9_boxes.ts'];
  for (const at of [packed.indexOf(ada) - 30 + 6, packed.lastIndexOf(ada) - 46 + 8])
    packed.writeUInt16LE(packed.readUInt16LE(at) | 1, at);
  packed.fill(0xff, packed.indexOf(dan) + dan.length + 10, packed.indexOf(dan) + dan.length + 30);
  const roster = csv('name,id; Ada,1; Bob,2; Cyd,3; Dan,4; Eve,5; Fay,6; Gil,7');
  const { rows, told, notes: said } = await graded(fileOf('s.zip', packed), roster);
  expect(told.split('; ')).toEqual([
    '(1) failed download/attempt file/unread file/missing',
    '(2) 4 download/attempt file/missing',
    '(3) failed download/attempt file/link file/missing',
    '(4) failed download/attempt file/unread file/missing',
    '(5) failed download/attempt file/path file/missing',
    '(6) failed download/attempt file/too-large file/missing',
    '(7) 6 file/too-large',
  ]);
  expect(JSON.stringify(rows[0]?.warnings)).toContain('it is encrypted');
  expect(said).toContain('and not read: readme.txt.');
});

test('names in a Mac’s zip are UTF-8, and those of old systems are not', async () => {
  for (const [bytes, name] of [
    [Buffer.from('Zo\u0308'), 'Zo\u0308'],
    [Buffer.from([0x5a, 0x6f, 0x89]), 'Zo\u00eb'],
  ] as const) {
    // A zip that does not declare how its names are written.
    const packed = zip({ ['x'.repeat(bytes.length)]: '' });
    for (let at = packed.indexOf('xxx'); at !== -1; at = packed.indexOf('xxx', at)) bytes.copy(packed, at);
    expect((await openArchive(packed)).map(({ path: found }) => found)).toEqual([name]);
  }
});

describe('a submission of nobody’s', () => {
  const twins = csv(
    'login,name,email; ada,Ada Lovelace,a@x.org; eve,Lovelace Ada,e@x.org; bob,Bob Ross,b@x.org',
  );
  const download = fileOf(
    'c.zip',
    zip({
      'Ada Lovelace_77_assignsubmission_file/boxes.ts': answers,
      'Bob Ross_78_assignsubmission_file/boxes.ts': partly,
      'Zoe Who_79_assignsubmission_file/boxes.ts': partly,
    }),
  );
  const filledIn = (lines: string) => {
    const out = newFolder();
    writeFiles(out, { 'matches.csv': lines });
    return { out };
  };

  test('is listed with whose it may be, and a line of matches.csv says whose it is', async () => {
    const { told, notes: said, run } = await graded(download, twins);
    expect(told).toBe(
      '(submission ada lovelace_77) 4 class/ambiguous file/missing; (submission zoe who_79) 3 class/unknown file/missing; ada no submission; bob 3 file/missing; eve no submission',
    );
    expect(said).toContain('Not matched to a student: Ada Lovelace_77, Zoe Who_79.');
    const [heads, ada, zoe] = parse(run.matches ?? '', { record_delimiter: '\r\n' });
    expect(heads).toEqual(['submission', 'login', 'candidates']);
    expect(ada).toEqual(['Ada Lovelace_77', '', expect.stringMatching(/login ada.* or .*login eve/)]);
    expect(zoe).toEqual(['Zoe Who_79', '', '']);
    const lines = (run.matches ?? '').replace('77,,', '77,e@x.org,').replace('79,,', '79,-,');
    const again = await graded(download, twins, filledIn(lines));
    expect(again.told).toBe(
      '(submission zoe who_79) 3 class/unknown file/missing; ada no submission; bob 3 file/missing; eve 4 file/missing',
    );
    expect(again.notes).not.toContain('Not matched');
    expect(again.run.matches).toBe(lines);
  });

  test('is a person’s to give away, also where its name is a login', async () => {
    const clones = unpacked({ 'cs-ada/work/boxes.ts': answers, 'cs-bob/work/boxes.ts': partly });
    const lines = 'submission,login\ncs-ada,carl\ncs-bob,-\n';
    const { rows } = await graded(clones, csv('login; ada; bob; carl'), filledIn(lines));
    const found = rows.map(({ key, points }) => `${key} ${points}`);
    expect(found).toEqual(['(submission cs-bob) 3', 'ada null', 'bob null', 'carl 4']);
  });

  test('stops the run where a line of matches.csv names nobody or nothing, or where all are nobody’s', async () => {
    const lines = 'submission,login\nAda Lovelace_77,carl\nAda L,eve\n';
    await expect(graded(download, twins, filledIn(lines))).rejects.toThrow(
      /line 2: .*carl.*line 3: .*Ada L/s,
    );
    const others = [
      class30.map((one) => ({ ...one, userId: `${one.userId}1`, participant: `${one.participant}1` })),
    ];
    for (const [files, roster] of [
      [moodleFiles(class30), moodleWorksheet(others.flat())],
      [canvasFiles(class30), canvasGradebook(others.flat())],
      [{ 'ada/work/boxes.ts': answers }, 'name,email\nAda,ada@x.org'],
    ] as const)
      await expect(graded(unpacked(files), fileOf('roster.csv', roster))).rejects.toMatchObject({
        code: 'roster-matches-nobody',
      });
  });
});

describe('a student whom a line names', () => {
  const { students } = readRoster(
    csv(
      'login,name,email,id; bob,Bob Ross,b@x.org,1; ann,Ann Lee,a@x.org,bob; ,Cyd Moe,,; ,Wei Li,,; ,Wei Li,,',
    ),
  );
  const people = new People(students.map((student) => ({ key: student.key, student })));

  test('is found by every fact that is of one alone, and else the message says what to write', () => {
    const found = (word: string) => {
      const one = people.resolve(word, 'nobody');
      return typeof one === 'string' ? one : one.key;
    };
    expect(['ANN', 'a@x.org', '1', 'Ann  Lee', 'cyd moe', '(cyd moe)', 'zoe', ''].map(found)).toEqual([
      ...['ann', 'ann', 'bob', 'ann', '(cyd moe)', '(cyd moe)', 'nobody', 'nobody'],
    ]);
    expect(found('bob')).toMatch(
      /^bob may be Bob Ross \(login bob, user id 1, email b@x.org\) or Ann Lee \(login ann,/,
    );
    expect(found('wei li')).toBe(
      'wei li may be Wei Li (line 5) or Wei Li (line 6). Write what only one of them is known by.',
    );
  });
});

describe('a roster', () => {
  const read = (content: string | Buffer) => readRoster(fileOf('roster.csv', content));

  test('is read as GitHub Classroom, Classroom 50 and spreadsheets write it', () => {
    for (const text of [
      '"identifier","github_username","github_id","name"\n"s-1","Ada-L","7","Ada, Countess"\n',
      'username,first_name,last_name,email,section,github_id,student_id,name\nAda-L,A,L,a@b.c,A,7,s-1,"Ada, Countess"\n',
      '\ufeffLogin;Name;Identifier\r\nAda-L;Ada, Countess;s-1\r\n',
      'login\tname\tidentifier\nAda-L\tAda, Countess\ts-1\n',
      'login,name,identifier,,\r\nAda-L,"Ada, Countess",s-1,,\r\n,,,,\r\n',
    ]) {
      const { students, notes: said } = read(text);
      expect(students).toEqual([
        expect.objectContaining({ login: 'Ada-L', name: 'Ada, Countess', studentId: 's-1' }),
      ]);
      expect(said).toEqual([]);
    }
  });

  test('has one student a line, whatever they are called and whatever is not known of them', () => {
    const lines =
      'login,name,id,email; ,Wei Li,,; ,Wei Li,,; ,Bobby,bob,; bob,Bob,s2,; ,,,x@x.org; __proto__,=1+1,,';
    const { students } = read(lines.replaceAll('; ', '\n'));
    expect(students.map(({ key }) => key).join(' | ')).toBe(
      '(wei li, line 2) | (wei li, line 3) | (bob) | bob | (x@x.org) | __proto__',
    );
  });

  const refused = `
    names nobody | surname,mark; x,1 | has the headings surname, mark. Its first line has to name a column github_
    is empty | | has the headings (none). Its first line has to name
    has a comma in a name | name,login; Lovelace, Ada,ada | expect 2, got 3 on line 2
    has that, and a cell too few | name,login,email; Lovelace, Ada,ada | line 2: “ada” is not an e-mail address.
    has two columns of one name | login,name,login; ada,Ada,ada | line 1: two columns are called login
    has too few cells | login,name,email; ada,Ada | expect 3, got 2 on line 2
    has an open quote | name,login; "Ada,ada; Cyd "C",cyd | Invalid Closing Quote: got "C" at line 3
    has one login twice | name,login; Ada,ada; Bob,ada; Ada,ADA | line 3: ada is in line 2
    has it in other letters | name,login; Ada,ada; Ada,ADA | line 3: ADA is in line 2
    has one number twice | name,id; V,7; W,7 | 7 is in line 2 already.`;

  test.each(linesIn(refused))(
    'that %s is refused with its line and what to write',
    (_name, lines = '', said = '') => {
      expect(() => readRoster(csv(lines))).toThrow(said);
    },
  );

  test('in another encoding is refused with what to save it as', () => {
    expect(() => read(Buffer.from('login\nZo\xeb\n', 'latin1'))).toThrow(
      'not valid for encoding utf-8. Save it as “CSV UTF-8”, with quotes around a cell that holds a separator.',
    );
  });

  test('gives its students without a login a row that says why there are no points, where folders are logins', async () => {
    const roster = csv('login,name; ada,Ada; ,Cyd Moe');
    const { told } = await graded(unpacked({ 'hw-ada/work/boxes.ts': answers }), roster);
    expect(told).toBe('(cyd moe) no login class/no-login; ada 4 file/missing');
  });
});

describe('a group', () => {
  const roster = (...lines: string[]) => csv(['login,name,section,group', ...lines].join('\n'));
  const full = { 'work/boxes.ts': answers, 'work/notes.md': notes };
  const inFolders = (students: Readonly<Record<string, Files>>) =>
    unpacked(
      Object.fromEntries(
        Object.entries(students).flatMap(([name, files]) =>
          Object.entries(files).map(([file, content]) => [`${name}/${file}`, content]),
        ),
      ),
    );

  test('of the roster has a row for each member, and who handed in alone as well has the better work', async () => {
    const root = inFolders({
      'fruit-group-1': { ...full, 'work/boxes.ts': partly },
      'fruit-ada': full,
      'fruit-cyd': full,
    });
    const { rows, told } = await graded(
      root,
      roster('ada,Ada,,group-1', 'bob,Bob,,group-1', 'cyd,Cyd,,', 'dan,Dan,,group-2'),
    );
    expect(told).toBe('ada 10 class/twice; bob 9; cyd 10; dan no submission');
    expect(rows.map(({ group, folder, shared }) => `${group} ${folder} ${shared}`)).toEqual([
      'group-1 fruit-ada undefined',
      'group-1 fruit-group-1 true',
      'undefined fruit-cyd undefined',
      'group-2 undefined undefined',
    ]);
  });

  test('of a section is graded with it, however the roster lists the sections', async () => {
    const sections = {
      ada: 'Section A',
      bob: 'Section A and Section B',
      cyd: '"Section A, Section B, and C"',
      dan: 'Section B',
      eve: 'Reading and Writing',
    };
    const root = inFolders(Object.fromEntries(Object.keys(sections).map((login) => [login, full])));
    const list = roster(...Object.entries(sections).map(([login, names]) => `${login},,${names},`));
    for (const [section, wanted] of [
      ['section b', 'bob cyd dan'],
      ['Section A', 'ada bob cyd'],
      ['C', 'cyd'],
      ['Reading and Writing', 'eve'],
    ] as const) {
      const { rows, notes: said } = await graded(root, list, { section });
      expect(rows.map(({ key }) => key).join(' ')).toBe(wanted);
      expect(said).toContain(`Only section ${section}: ${rows.length} of 5 students.`);
    }
    for (const table of [list, undefined])
      await expect(graded(root, table, { section: 'Sunday' })).rejects.toMatchObject({
        code: 'unknown-section',
      });
  });

  const slug = (number: number) => `classroom50-group-86471e6c42321c77-${number}`;
  const teamsOf = (...assignments: string[]) => ({
    schema: 'classroom50/teams/v1',
    assignments: Object.fromEntries(
      assignments.map((name) => [
        name,
        {
          teams: [
            ['s-00', 'S-02'],
            ['s-01', 'gone', 's-02'],
          ].map((members, at) => ({ slug: slug(at + 1), members })),
        },
      ]),
    ),
  });
  const students = fileOf('roster.csv', loginRoster(class30.slice(0, 4)));
  const classWith = (teams: unknown, nameOf: (team: number) => string) => ({
    'teams.json': JSON.stringify(teams),
    [`${nameOf(1)}.zip`]: zip(full),
    [`${nameOf(2)}.zip`]: zip({ ...full, 'work/boxes.ts': partly }),
  });

  test('of Classroom 50 is known by its own table, in or beside the archive, by repository or team', async () => {
    for (const [assignments, nameOf] of [
      [['fruit'], (team: number) => `course-fruit-group-${team}`],
      [['fruit'], slug],
      [['hw1', 'hw10'], (team: number) => `cs-hw10-group-${team}`],
      [['hw', 'hw-2'], (team: number) => `cs-hw-2-group-${team}`],
    ] as const) {
      const files = classWith(teamsOf(...assignments), nameOf);
      const beside = unpacked({ 'all.zip': zip(files), 'teams.json': files['teams.json'] ?? '' });
      const { 'teams.json': _, ...others } = files;
      const outside = unpacked({ 'all.zip': zip(others), 'teams.json': files['teams.json'] ?? '' });
      for (const place of [path.join(beside, 'all.zip'), path.join(outside, 'all.zip'), unpacked(files)])
        expect((await graded(place, students)).told).toBe(
          's-00 10; s-01 9 download/unknown; s-02 10 class/twice; s-03 no submission',
        );
    }
  });

  test.each([
    ['another table', { teams: [] }, 'table-unusable'],
    ['the teams of another assignment', teamsOf('hw1'), 'roster-matches-nobody'],
  ])('of nobody’s stops the run: %s', async (_name, teams, code) => {
    const files = classWith(teams, (team) => `cs-hw10-group-${team}`);
    await expect(graded(unpacked(files), students)).rejects.toMatchObject({ code });
  });

  test('of one classroom is not that of another with its number', async () => {
    const nameOf = (team: number) => `course-fruit-group-${team}`;
    const two = {
      schema: 'classroom50/teams/v1',
      assignments: { fruit: { teams: [{ slug: slug(1), members: ['s-03'] }] } },
    };
    const places = [classWith(teamsOf('fruit'), nameOf), classWith(two, nameOf)].map((files) =>
      unpacked(files),
    );
    const { rows } = await graded(places, students);
    expect(rows.map(({ key, source, folder }) => `${key} ${source} ${folder}`)).toEqual([
      '(submission download-2/course-fruit-group-2.zip) download-2 download-2/course-fruit-group-2.zip',
      's-00 download download/course-fruit-group-1.zip',
      's-01 download download/course-fruit-group-2.zip',
      's-02 download download/course-fruit-group-1.zip',
      's-03 download-2 download-2/course-fruit-group-1.zip',
    ]);
  });
});

describe('a folder', () => {
  const classIn = (...before: string[]) =>
    Object.fromEntries(
      ['ada', 'ben'].map((name) => [[...before, `fruit-${name}`, 'work/boxes.ts'].join('/'), answers]),
    );

  test.each<[string, Files, string]>([
    ['a single submission', { 'Work/boxes.ts': answers }, ''],
    ['a single student’s', classIn(), 'fruit-ada'],
    ['inside a submission', classIn(), 'fruit-ada/work'],
    ['around two classes', { ...classIn('one'), ...classIn('two') }, ''],
    ['of nothing', { 'essay.md': 'Mine.' }, ''],
  ])('%s grades nobody, and says what to give', async (_name, files, below) => {
    for (const roster of [undefined, csv('login; ada; ben')])
      await expect(graded(path.join(unpacked(files), below), roster)).rejects.toMatchObject({
        code: 'not-the-class',
        message: expect.stringContaining('Give the folder'),
      });
  });

  test('around nothing but the class is that class, and one student’s in a zip is theirs', async () => {
    const around = await graded(unpacked(classIn('a', 'fruit-submissions')));
    expect(around.told).toBe('ada 4 file/missing; ben 4 file/missing');
    const own = fileOf('one.zip', zip({ 'hw-ada/work/boxes.ts': answers }));
    expect((await graded(own, csv('login; ada'))).told).toBe('ada 4 file/missing');
  });

  test('of archives is read as --from says, where their names do not tell', async () => {
    const root = unpacked({ 'ada/mine.zip': zip(both), 'bob/mine.zip': zip(both) });
    const roster = csv('login; ada; bob; cyd; dan; eve');
    const { told, run } = await graded(root, roster, { from: 'folders' });
    expect(told).toMatch(/^ada 10; bob 10; cyd no submission; /);
    expect(run.notes[0]).toBe(
      'Only 2 of the 5 students on the roster have a submission. Is this the right one?',
    );
    await expect(graded(root, roster, { from: 'moodle' })).rejects.toMatchObject({ code: 'not-the-class' });
  });
});

test('a download that is cut off, or whose table cannot be read, stops the run', async () => {
  const packed = zip(canvasFiles(class30));
  for (const [file, code] of [
    [packed.subarray(0, packed.length / 2), 'source-unusable'],
    [zip({ 'submission_metadata.yml': 'a: [', 'submission_1/boxes.ts': answers }), 'table-unusable'],
  ] as const)
    await expect(graded(fileOf('s.zip', file))).rejects.toMatchObject({ code });
});

test('lateness is counted by the time that Gradescope says', async () => {
  const of = withDeadline(course, {
    due: '2026-10-01T12:00:30Z',
    timezone: 'UTC',
    late: { per_day: 1, until: '2026-10-04T12:00Z' },
  });
  const students = class30.filter(({ points }) => points === 10).slice(0, 5);
  const file = fileOf('e.zip', zip(gradescopeFiles(students.map((student) => [student]))));
  const { rows } = await graded(file, undefined, { of });
  expect(rows.map(({ points, status }) => points ?? status)).toEqual([10, 9, 8, 7, 'after cutoff']);
});
