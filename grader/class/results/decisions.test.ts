import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { withDeadline } from '../../course/course';
import { readText } from '../../system/files';
import {
  classOf,
  gradeClass,
  linesIn,
  releasedCourse,
  rosterOf,
  toldOf,
  withoutCodes,
  work,
} from '../../testing/classes';
import { zip } from '../../testing/downloads';
import { fileOf, writeFiles } from '../../testing/folders';
import { gradeHistories } from '../../testing/grade-histories';
import { committed } from '../../testing/history-cases';
import { answersOf, blankAnswers, notesOf, partly, rightAnswers, rubricYaml } from '../../testing/worksheet';
import { statisticsOf } from '../pages/statistics';
import { readingLimit } from './graded-class';
import type { StudentResult } from './student-result.schema';
import { questionsIn, wasOf } from './to-decide';

const course = releasedCourse();
const strict = releasedCourse({ no_submission: 'zero' });
const full = work(rightAnswers, 'a', 'b');
const followUp = (out: string) => readText(out, 'follow-up.html');
const [past, future] = ['2020-01-01T12:00Z', '2120-01-01T12:00Z'];
/** The course at a time when nothing counts any more, so that students get the answers. */
const told = withDeadline(
  { ...course, file: { ...course.file, solution: 'after_due' } },
  { due: past, timezone: 'UTC', late: { until: past } },
);
const extensions = (...lines: string[]) => ({ 'extensions.csv': ['who,due', ...lines, ''].join('\n') });

describe('right answers that slips hide are on the list where they earn two points more', () => {
  const long = `${' '.repeat(30)}/* as we saw in class, where the basket was turned */`;
  const crate = '{ down: 7, across: 13 }';

  test.each([
    ['quotation marks', '{ down: "7", across: "11" }', crate, 'Typo in line 2'],
    ['units', '{ down: 7 apples, across: 11 }', '{ down: 7, across: 13 pears }', 'Typos in lines 2, 3'],
    ['a name and a unit', '{ down: 7 apples, accross: 11 }', crate, 'Typo in line 2'],
    ['one cell, for a point', '{ down: "7", across: 11 }', crate, undefined],
    ['wrong answers', '{ down: "1", across: "2" }', crate, undefined],
    ['a comma', '{ down: 7 across: 11 }', crate, 'Typo in line 2'],
    ['a comma among wrong answers', '{ down: 1 across: 2 }', '{ down: 3, across: 4 }', undefined],
    ['a comma where a row is missing', '{ down: 7 across: 11 }', undefined, 'Typo in line 2'],
    ['a comma in a long line', `{ down: 7 across: 11 }${long}`, crate, 'Typo in line 2'],
  ])('%s', async (_slip, basket, second, proposed) => {
    const answers = second ? answersOf(basket, second) : `export const boxes = {\n  basket: ${basket},\n};\n`;
    const { row, out } = await gradeClass(course, classOf({ ada: work(answers, 'a', 'b') }));
    const { points, corrected } = row('ada');
    const lines = linesIn(followUp(out)).flatMap((block) => block.lines);
    const reason = proposed?.includes(',') ? `"${proposed} corrected"` : `${proposed} corrected`;
    expect(lines.map(withoutCodes)).toEqual(
      proposed === undefined ? [] : [`ada,${corrected?.points},,${reason},${points} …`],
    );
    if (proposed !== undefined) expect(corrected?.points).toBe(second ? 10 : 8);
  });
});

test('decimal commas in quotes are corrected together where a column takes decimals', async () => {
  const yaml = rubricYaml.replace('label: Across }', 'label: Across, kind: decimal, tolerance: 0.5 }');
  const decimals = releasedCourse({}, { 'rubric.yaml': yaml });
  const commas = answersOf('{ down: 7, across: "11,0" }', '{ down: 7, across: "13,2" }');
  const { row } = await gradeClass(decimals, classOf({ ada: work(commas, 'a', 'b') }));
  expect(row('ada')).toMatchObject({ points: 8, corrected: { lines: [2, 3], points: 10 } });
});

test('of two files that differ and are worth the same, one counts and nobody is asked', async () => {
  const reworded = rightAnswers.replace('down: 7', 'down: 3 + 4');
  const both = { ...full, 'boxes (1).ts': reworded };
  const { students } = await gradeClass(
    course,
    classOf({
      ada: both,
      bob: { ...both, 'boxes (1).ts': partly },
      // Both versions earn nothing, but one of them could earn all points.
      cyd: {
        ...full,
        'work/boxes.ts': rightAnswers.replace('across: 13', 'across 13'),
        'boxes (1).ts': answersOf('{ down: 1, across: 1 }', '{ down: 1, across: 1 }'),
      },
    }),
  );
  expect(toldOf(students)).toEqual({
    ada: '10',
    bob: 'undecided class/versions',
    cyd: 'undecided class/versions',
  });
});

test('whoever has a version chosen for them is graded by it, and counted on the class page', async () => {
  const root = classOf({ ada: { ...full, 'boxes (1).ts': partly }, bob: full });
  const first = await gradeClass(course, root);
  const [other, best] = first.row('ada').choices?.toSorted((one, two) => one.points - two.points) ?? [];
  const chosen = `${other?.points},Counts: ${other?.files.join(' and ')}`;
  const tables = { 'overrides.csv': `login,total,reason\nada,${chosen}\n` };
  const { row, students } = await gradeClass(course, root, { tables });
  expect(row('ada')).toMatchObject({ status: 'graded', points: other?.points, report: other?.report });
  expect(best?.report).not.toEqual(other?.report);
  expect(statisticsOf(course.rubric, students).students.map(({ key }) => key)).toEqual(['ada', 'bob']);
  // Points that no version has do not choose a version.
  const given = { 'overrides.csv': 'login,total,reason\nada,1,Both seen\n' };
  expect((await gradeClass(course, root, { tables: given })).row('ada').status).toBe('undecided');
});

test('of more versions than a person can compare none is proposed', async () => {
  const versions = Array.from({ length: 11 }, (_, index) => [
    [`boxes (${index}).ts`, rightAnswers.replace('across: 11', `across: ${index}`)],
    [`notes (${index}).md`, notesOf(`Pears ${index}`, 'Lemons')],
  ]);
  const { students } = await gradeClass(course, classOf({ ada: Object.fromEntries(versions.flat()) }));
  expect(toldOf(students)).toEqual({ ada: 'undecided class/versions' });
  expect(JSON.stringify(students)).not.toContain('"choices":[{');
});

test('answers outside of their table are no silent zero: they are listed as not read, with their place', async () => {
  const outside = `${blankAnswers}// basket 7 11\n// crate 7 13\n`;
  const { students, out } = await gradeClass(
    course,
    classOf({
      ada: work(outside, 'a', 'b'),
      bob: work(blankAnswers, 'a', 'b'),
      cyd: { ...work(blankAnswers), 'README.md': '# Fruit\n\n| Basket of fruit | 7 | 11 |\n' },
      dan: work(`${blankAnswers}\nCrate: 7 x 13\n`, 'a', 'b'),
      eve: work(blankAnswers, '', 'Basket: 7 x 11\n\nCrate: 7 x 13'),
      // A page that has numbers of its own shows no work by others.
      fay: {
        ...work(answersOf('{ down: 7, across: 11 }', '{ down: null, across: null }'), 'a', 'b'),
        'README.md': '| Basket of fruit | 7 | 11 |\n\n7, 13\n',
      },
    }),
  );
  expect(toldOf(students)).toEqual({
    ada: '6 class/elsewhere',
    bob: '6',
    cyd: '0 class/elsewhere',
    dan: '6 class/slip class/elsewhere',
    eve: '3 class/elsewhere',
    fay: '8',
  });
  expect(new Set(students.map(({ status }) => status))).toEqual(new Set(['graded']));
  const page = readText(out, 'follow-up.html');
  expect(page).toContain('Not fetched or not read');
  for (const place of ['line 5 of work/boxes.ts', 'line 3 of README.md', 'line 11 of work/notes.md'])
    expect(page).toContain(`There are answers outside of their table, from ${place} on`);
});

test.each([
  ['whole', full, '10 found/beside'],
  ['without a reflection', work(rightAnswers), '4 class/instead'],
  ['not begun', work(blankAnswers), 'not readable class/instead'],
  ['with an empty file', { ...full, 'work/boxes.ts': '' }, '6 class/instead file/empty'],
])(
  'a document beside work is named to the student and to staff, whatever it is called: %s',
  async (_name, files, told) => {
    const names =
      'boxes.pdf sheet.pdf Boxes.docx notes.odt mine.rtf boxes.pages work/boxes.png photo.jpg'.split(' ');
    const students = names.map((name, index) => [`s${index}`, { ...files, [name]: '%PDF' }]);
    const { rows, out } = await gradeClass(course, classOf(Object.fromEntries(students)), { feedback: true });
    expect(new Set(Object.values(toldOf(rows)))).toEqual(new Set([told]));
    for (const [index, name] of names.entries())
      for (const file of ['follow-up.html', `feedback/s${index}.txt`])
        expect([file, readText(out, file)]).toEqual([file, expect.stringContaining(name)]);
  },
);

test('an archive that cannot be opened takes nothing of the work beside it, and is no zero where it is all', async () => {
  const photos = { 'photos.zip': 'PK\x03\x04' };
  const { students } = await gradeClass(
    strict,
    classOf({ ada: { ...work(rightAnswers), ...photos }, bob: { ...work(blankAnswers), ...photos } }),
  );
  expect(toldOf(students)).toEqual({ ada: '4 file/archive', bob: 'not readable file/archive file/archive' });
});

test('lines to copy have the separator of the table that is there', async () => {
  const root = classOf({ ada: full, zoe: full, yan: { ...full, 'boxes (1).ts': partly } });
  const tables = {
    'matches.csv': 'submission;login;candidates\r\n',
    'overrides.csv': 'login;total;adjust;reason;was\nada;9;;Late on paper;10\n',
  };
  const roster = rosterOf('login', 'ada', 'yan');
  const { out, row } = await gradeClass(course, root, { roster, tables });
  expect(row('ada').points).toBe(9);
  expect(linesIn(followUp(out)).flatMap(({ lines }) => lines)).toEqual([
    `yan;10;;Counts: work/boxes.ts;${wasOf(row('yan'))}`,
    'zoe;;',
  ]);
  expect(readText(out, 'matches.csv')).toBe(`${tables['matches.csv']}zoe;;\r\n`);
});

test('two lines for a submission, one of which says that it is nobody’s, are refused', async () => {
  const tables = { 'matches.csv': 'submission,login\nzoe,ada\nzoe,-\n' };
  const graded = gradeClass(course, classOf({ zoe: full }), { roster: rosterOf('login', 'ada'), tables });
  await expect(graded).rejects.toThrow(
    'line 3: zoe belongs to nobody in one line and to somebody in another.',
  );
});

test('two of one name are told apart wherever they are listed', async () => {
  const roster = rosterOf('name,id', 'Ada Lee,1', 'Ada Lee,2', 'Bob Ross,3');
  const download = fileOf(
    'c.zip',
    zip({ rossbob_3_11_boxes: rightAnswers, 'rossbob_3_12_boxes.ts': rightAnswers }),
  );
  const { stdout, out } = await gradeClass(strict, download, { roster });
  expect(stdout).toContain('Ada Lee (1), Ada Lee (2).');
  expect(followUp(out)).toContain('Ada Lee (1)');
});

test('a column more or less in the roster makes nobody new, and nobody gone', async () => {
  const files = { 'lovelaceada_1_9_boxes.ts': rightAnswers, 'rossbob_2_10_boxes.ts': partly };
  const source = fileOf('s.zip', zip(files));
  const { out } = await gradeClass(course, source, {
    roster: rosterOf('name,id', 'Ada Lovelace,1', 'Bob Ross,2'),
  });
  const roster = rosterOf('name,id,login', 'Ada Lovelace,1,ada', 'Bob Ross,2,bob');
  const rerun = await gradeClass(course, source, { roster, out, apply: true });
  expect(rerun.stdout).toContain('Grades that differ from the earlier run: none.');
  // One number with two logins means two students.
  const other = rosterOf('name,id,login', 'Ada Lovelace,1,adb', 'Bob Ross,2,bob');
  const changed = await gradeClass(course, source, { roster: other, out });
  expect(changed.stdout).toMatch(/adb.*was not in an earlier run/);
  // Nor does a missing column make anybody new, and an earlier extension still keeps the answers back.
  const fewer = rosterOf('name,id', 'Ada Lovelace,1', 'Bob Ross,2');
  const held = await gradeClass(told, source, { roster, tables: extensions(`ada,${future}`) });
  const now = await gradeClass(told, source, {
    ...{ roster: fewer, out: held.out, apply: true, feedback: true },
    tables: extensions(),
  });
  expect(now.stdout).toContain('Grades that differ from the earlier run: none.');
  expect(now.stdout).toContain('because of an extension of Ada Lovelace in an earlier run');
  expect(now.stdout).toContain('without the answers');
});

test('the student for tests of Canvas is named as that, and is no question', async () => {
  const files = { 'lovelaceada_1_9_boxes.ts': rightAnswers, 'studenttest_99_10_boxes.ts': partly };
  const source = fileOf('s.zip', zip(files));
  const { stdout, students } = await gradeClass(strict, source, {
    roster: rosterOf('name,id', 'Ada Lovelace,1', 'Bob Ross,2'),
  });
  expect(stdout).toContain('the host’s own test student: studenttest_99.');
  expect(stdout).not.toContain('Not matched to a student');
  expect(students.map(({ points }) => points)).toEqual([4, 0]);
});

test('a line that is proposed is accepted as it is, whatever the names and the columns that the table has', async () => {
  const root = classOf({ '-zoe': { ...full, 'boxes (1).ts': partly }, '=yan': full, ada: full });
  const roster = rosterOf('login', '-zoe', 'ada');
  const tables = { 'matches.csv': 'login,submission\nada,ada\n' };
  const first = await gradeClass(course, root, { roster, tables });
  expect(first.row('-zoe').status).toBe('undecided');
  const [line = '', ...others] = linesIn(followUp(first.out))
    .filter(({ file }) => file === 'overrides.csv')
    .flatMap(({ lines }) => lines);
  expect(others).toEqual([]);
  appendFileSync(path.join(first.out, 'overrides.csv'), `${line}\n`);
  const rerunOptions = { roster, out: first.out, apply: true };
  const second = await gradeClass(course, root, rerunOptions);
  expect(second.row('-zoe').points).toBe(10);
  expect(readText(first.out, 'matches.csv')).toBe("login,submission\nada,ada\n,'=yan\r\n");
});

test('without a roster, too, a submission can be said to be nobody’s', async () => {
  const tables = { 'matches.csv': 'submission,login\nbob,-\n' };
  const { students, unmatched } = await gradeClass(course, classOf({ ada: full, bob: full }), { tables });
  expect(toldOf(students)).toEqual({ ada: '10' });
  expect(unmatched).toMatchObject([{ login: 'bob', isOpen: false }]);
});

test('the line of each button beside an unmatched submission is taken as it is', async () => {
  const [root, roster] = [
    classOf({ 'ada lee': full, bob: full }),
    rosterOf('login,name', 'ada,Ada Lee', 'bob,Bob'),
  ];
  const { out } = await gradeClass(course, root, { roster });
  const buttons = [...followUp(out).matchAll(/data-lines="([^"]*)"[^>]*>([^<]*)/g)];
  const open = buttons.map(
    ([, lines = '', label]) => [label, JSON.parse(decodeURIComponent(lines))] as const,
  );
  expect(open.map(([label]) => label)).toContain('Nobody’s');
  for (const [label, lines] of open.filter(([, [[table]]]) => table === 'matches.csv')) {
    const tables = {
      'matches.csv': `submission,login,candidates\n${lines.map(([, line]: string[]) => line).join('\n')}\n`,
    };
    const { unmatched } = await gradeClass(course, root, { roster, tables });
    expect([label, unmatched.filter(({ isOpen }) => isOpen)]).toEqual([label, []]);
  }
});

test('a class whose logins nobody knows names nine candidates of each submission, and how many more there are', async () => {
  const students = Array.from({ length: 40 }, (_, index) => `Student ${index}`);
  const logins = Array.from({ length: 40 }, (_, index) => [`login-${index}`, full]);
  const root = classOf({ ada: full, ...Object.fromEntries(logins) });
  const roster = rosterOf('name,login', 'Ada,ada', ...students.map((name) => `${name},`));
  const { out, unmatched } = await gradeClass(course, root, { roster });
  expect(unmatched).toHaveLength(40);
  expect(unmatched[0]?.candidates).toHaveLength(9);
  expect(followUp(out)).toContain('and 31 more');
});

test('a repository that was not fetched is never a zero', async () => {
  const root = classOf({ ada: full });
  writeFiles(root, { 'not-fetched.json': '["bob"]' });
  const { row } = await gradeClass(strict, root, { roster: rosterOf('login', 'ada', 'bob') });
  expect(row('bob')).toMatchObject({ status: 'not fetched', points: null, adjustments: [] });
});

test('whoever is on the roster and no student is named to staff, and on no page for the lecture', async () => {
  const roster = rosterOf('login,role', 'ada,Student', 'tim,TA');
  const { out } = await gradeClass(course, classOf({ ada: full }), { roster });
  expect(followUp(out)).toContain('tim is TA and is left out');
  expect(readText(out, 'report.html')).not.toContain('tim');
});

test('of versions with the points of a line, none is taken unless its reason names one', async () => {
  const turned = rightAnswers.replace('down: 7, across: 13', 'down: 7, across: 7');
  const root = classOf({ ada: { ...full, 'boxes (1).ts': partly, 'boxes (2).ts': turned } });
  const decidedBy = async (reason: string) => {
    const tables = { 'overrides.csv': `login,total,reason\nada,9,${reason}\n` };
    return (await gradeClass(course, root, { tables })).row('ada').status;
  };
  expect(await decidedBy('Seen')).toBe('undecided');
  expect(await decidedBy('Counts: boxes (2).ts')).toBe('graded');
});

describe('a zero waits', () => {
  test('until work is not taken any more, and the run says for how many and why', async () => {
    const open = withDeadline(strict, { due: past, timezone: 'UTC', late: { until: future } });
    const roster = rosterOf('login', 'ada', 'cyd');
    const { row, stdout } = await gradeClass(open, classOf({ ada: full }), { roster });
    expect(row('cyd').points).toBeNull();
    expect(stdout).toContain(
      'No zero yet for 1 student without work that counts, while their work is not due yet.',
    );
    // Each student has their own times.
    const over = withDeadline(strict, { due: past, timezone: 'UTC', late: { until: past } });
    const tables = { 'extensions.csv': `who,due\ncyd,${future}\n` };
    const all = rosterOf('login', 'ada', 'cyd', 'dan');
    const extended = await gradeClass(over, classOf({ ada: full }), { roster: all, tables });
    expect(['cyd', 'dan'].map((login) => extended.row(login).points)).toEqual([null, 0]);
  });

  test('until the grace has passed where no day is the last', async () => {
    const late = { due: '2026-10-01T12:00Z', timezone: 'UTC', grace_minutes: 15 };
    const pointsAt = async (time: string) => {
      const { row } = await gradeHistories(
        withDeadline(strict, late),
        { ada: committed(-1) },
        { roster: 'login\nada\ncyd\n', started: new Date(time) },
      );
      return row('cyd').points;
    };
    expect(await pointsAt('2026-10-01T12:15Z')).toBeNull();
    expect(await pointsAt('2026-10-01T12:16Z')).toBe(0);
  });

  test('while others of a group that stands in the cell handed in, in any section, and has lines for all of them', async () => {
    const students = ['Ada,1,A,red', 'Bob,2,A,red', 'Cyd,3,B,red', 'Dan,4,B,"red, blue"', 'Eve,5,B,blue'];
    const roster = rosterOf('name,id,section,group', ...students);
    const download = fileOf(
      'c.zip',
      zip({ 'red_1_11_boxes.ts': rightAnswers, 'red_1_12_notes.md': full['work/notes.md'] }),
    );
    const { students: results, out } = await gradeClass(strict, download, { roster });
    expect(toldOf(results)).toEqual({
      '(1)': '10',
      '(2)': '10',
      '(3)': 'no submission class/partner',
      '(4)': 'no submission class/partner',
      '(5)': '0',
    });
    const lines = linesIn(followUp(out)).flatMap((block) => block.lines);
    expect(lines).toEqual(['red_1,1,', 'red_1,2,', 'red_1,3,', 'red_1,4,']);
    appendFileSync(path.join(out, 'matches.csv'), 'red_1,1,\nred_1,2,\n');
    const decided = await gradeClass(strict, download, { roster, out, apply: true });
    expect(toldOf(decided.students)).toMatchObject({ '(3)': '0', '(4)': '0' });
  });

  test('also where a line says who had a part in the only work of another team, and where something unread was handed in', async () => {
    const roster = rosterOf(
      'name,id,group',
      'Ada,1,kiwi',
      'Abe,2,kiwi',
      'Bob,3,fig',
      'Bea,4,fig',
      'Cyd,5,fig',
    );
    const download = fileOf(
      'c.zip',
      zip({
        kiwi_1_11_boxes: '',
        'kiwi_1_11_boxes.ts': rightAnswers,
        'bob_3_12_boxes.ts': rightAnswers,
        'bea_4_13_photo.txt': 'see my photo',
      }),
    );
    const tables = { 'matches.csv': 'submission,login\nkiwi_1,1\n' };
    const { students } = await gradeClass(strict, download, { roster, tables });
    expect(toldOf(students, 'class/partner')).toMatchObject({
      '(3)': '4',
      '(4)': 'no submission class/partner',
      '(5)': 'no submission class/partner',
    });
  });
});

describe('a decision is about what was looked at', () => {
  const head = 'login,total,adjust,reason,was';
  const overrides = (...lines: string[]) => ({ 'overrides.csv': [head, ...lines, ''].join('\n') });
  const slip = rightAnswers.replace('across: 13', 'across 13');
  const openIn = (row: StudentResult) => questionsIn(row).map(({ code }) => code);
  /** A remark needs no decision if the student has all points. */
  const nearly = work(partly, 'a', 'b');
  const withPdf = (text: string) => classOf({ ada: { ...nearly, 'sheet.pdf': text }, bob: full });
  /** A student's buttons, each with its lines. */
  const buttonsIn = (out: string, who = 'ada') =>
    Object.fromEntries(
      [...followUp(out).matchAll(/data-lines="([^"]*)"[^>]*>([^<]*)<span class="unseen"> for ([^<]*)/g)]
        .filter(([, , , name]) => name === who)
        .map(([, lines = '', label = '']) => [label, JSON.parse(decodeURIComponent(lines)) as string[][]]),
    );
  const lineIn = (button: string[][] = []) => button[0]?.[1] ?? '';

  test('a line closes what was open when it was written, and what is new asks about the student again, whose points stand', async () => {
    const { row } = await gradeClass(course, withPdf('%PDF'));
    expect(openIn(row('ada'))).toEqual(['found/beside']);
    const tables = overrides(`ada,8,,Seen,${wasOf(row('ada')).toUpperCase()}`);
    const decided = await gradeClass(course, withPdf('%PDF'), { tables });
    expect([decided.row('ada').points, openIn(decided.row('ada'))]).toEqual([8, []]);
    const changed = await gradeClass(course, withPdf('%PDF-1.7, and more'), { tables });
    expect([changed.row('ada').points, openIn(changed.row('ada'))]).toEqual([8, ['found/beside']]);
    // The proposed line replaces the line that is there, and the next run accepts it.
    const [block] = linesIn(followUp(changed.out));
    expect(followUp(changed.out)).toContain('1 line for overrides.csv; add it in place of line 2');
    const line = `ada,8,,Seen,${wasOf(changed.row('ada'))}`;
    expect([block?.lines, Object.keys(buttonsIn(changed.out))]).toEqual([[line], ['Looked at']]);
    const again = await gradeClass(course, withPdf('%PDF-1.7, and more'), { tables: overrides(line) });
    expect(openIn(again.row('ada'))).toEqual([]);
  });

  test('a line for 101 counts only where its points and codes fit that student alone, and not 0101', async () => {
    const root = classOf({ '101': full, '0101': nearly });
    const roster = rosterOf('name,sid', 'Ann,101', 'Bob,0101');
    const pointsWith = async (line: string) =>
      (await gradeClass(course, root, { roster, tables: overrides(line) })).row('(101)').points;
    expect(await pointsWith('101,7,,Seen,10')).toBe(7);
    for (const was of ['9', '8', '10 k4fxwp', ''])
      await expect(pointsWith(`101,7,,Seen,${was}`)).rejects.toThrow(
        'line 2: 101 may be Ann (student id 101) or Bob (student id 0101).',
      );
  });

  test('of two whom nothing tells apart, neither is decided about by the line in the roster', async () => {
    const alike = ['name,email', 'Wei Li,', 'Wei Li,', 'Bob Ross,b@x.org'];
    const decided = gradeClass(course, classOf({ 'b@x.org': full }), {
      roster: rosterOf(...alike),
      tables: overrides('"wei li, line 2",7,,Seen,none'),
    });
    await expect(decided).rejects.toThrow('Nothing in the roster tells them apart: give each a number');
  });

  test('a remark beside all points, and a right file in a wrong place, need no decision', async () => {
    const { row, out, stdout } = await gradeClass(
      course,
      classOf({
        ada: { ...full, 'sheet.pdf': '%PDF' },
        bob: { 'mine/boxes.ts': partly, 'mine/notes.md': notesOf('a', 'b') },
        cyd: full,
      }),
    );
    expect(['ada', 'bob'].map((login) => [row(login).notes.length > 0, openIn(row(login))])).toEqual([
      [true, []],
      [true, []],
    ]);
    expect(stdout).not.toContain('to decide');
    expect(followUp(out)).toContain('Nothing to do (2)');
  });

  test('what goes away asks nothing', async () => {
    const { row } = await gradeClass(course, withPdf('%PDF'));
    const tables = overrides(`ada,8,,Seen,${wasOf(row('ada'))}`);
    const gone = await gradeClass(course, classOf({ ada: nearly }), { tables });
    expect([gone.row('ada').points, openIn(gone.row('ada'))]).toEqual([8, []]);
  });

  test.each([
    ['ada,8,,Seen,3', 'Give 8 again', 8],
    ['ada,,-2,Seen,3', 'Adjust by -2 again', 7],
    ['ada,,,Seen,3 k4fxwp', 'Looked at', 9],
  ])(
    'where the grader computes other points than %s was written for, the student comes first, and one button decides so again',
    async (before, label, points) => {
      const root = classOf({
        bob: { ...nearly, 'sheet.pdf': '%PDF' },
        ada: { ...nearly, 'sheet.pdf': '%PDF' },
      });
      const { row, out, stdout } = await gradeClass(course, root, { tables: overrides(before) });
      expect(row('ada').points).toBe(9);
      expect(openIn(row('ada'))).toEqual(['class/lapsed', 'found/beside']);
      expect(stdout).toContain('overrides.csv, line 2, does not count');
      expect(followUp(out)).toMatch(/<h3 id="lapsed".*<h3 id="others"/s);
      const buttons = buttonsIn(out);
      expect(Object.keys(buttons)).toEqual([label, 'Keep 9']);
      expect(buttons[label]?.[0]?.[2]).toBe('ada');
      for (const [name, given] of [
        [label, points],
        ['Keep 9', 9],
      ] as const) {
        const decided = await gradeClass(course, root, { tables: overrides(lineIn(buttons[name])) });
        expect([decided.row('ada').points, openIn(decided.row('ada'))]).toEqual([given, []]);
      }
    },
  );

  test('nothing is added to no points a second time, and what can be given stays offered', async () => {
    const root = classOf({ ada: { ...full, 'boxes (1).ts': partly } });
    const { out, row } = await gradeClass(course, root, { tables: overrides('ada,,+2,Seen,3') });
    expect(openIn(row('ada'))).toEqual(['class/lapsed', 'class/versions']);
    const labels = Object.keys(buttonsIn(out));
    expect(labels).toEqual(['Take work/boxes.ts: 10', 'Take boxes (1).ts: 9', 'Looked at']);
    for (const [[, line = '', replaces] = []] of Object.values(buttonsIn(out))) {
      expect(replaces).toBe('ada');
      const decided = await gradeClass(course, root, { tables: overrides(line) });
      expect(openIn(decided.row('ada'))).toEqual([]);
    }
  });

  test('a zero for missing work is no computed point: a line from before it still counts', async () => {
    const roster = rosterOf('login', 'ada', 'bob');
    const tables = overrides('bob,7,,On paper,none');
    for (const one of [course, strict]) {
      const { row } = await gradeClass(one, classOf({ ada: full }), { roster, tables });
      expect([row('bob').points, openIn(row('bob')), wasOf(row('bob'))]).toEqual([7, [], 'none']);
    }
  });

  test('where a correction is worth other points than in the earlier run, the student is open until that was looked at', async () => {
    const dearer = releasedCourse({}, { 'rubric.yaml': rubricYaml.replace('  points: 1', '  points: 2') });
    const root = classOf({ ada: work(slip, 'a', 'b') });
    const first = await gradeClass(course, root);
    const given = { out: first.out, apply: true };
    const tables = overrides(`ada,6,,File looked at,${wasOf(first.row('ada'))}`);
    const decided = await gradeClass(course, root, { ...given, tables });
    expect(openIn(decided.row('ada'))).toEqual([]);
    for (let times = 0; times < 2; times++) {
      const changed = await gradeClass(dearer, root, given);
      expect([changed.row('ada').points, openIn(changed.row('ada'))]).toEqual([6, ['class/other-worth']]);
    }
    const line = lineIn(buttonsIn(first.out)['Looked at']);
    const again = await gradeClass(dearer, root, { ...given, tables: overrides(line) });
    expect([again.row('ada').points, openIn(again.row('ada'))]).toEqual([6, []]);
    // A student who was not decided on yet is asked about, too. One line closes both notes.
    const open = await gradeClass(dearer, root, { out: (await gradeClass(course, root)).out, apply: true });
    expect(openIn(open.row('ada'))).toEqual(['class/slip', 'class/other-worth']);
    const kept = overrides(lineIn(buttonsIn(open.out)['Keep 6']));
    const closed = await gradeClass(dearer, root, { out: open.out, apply: true, tables: kept });
    expect(openIn(closed.row('ada'))).toEqual([]);
    // A new typo has no earlier worth to differ from.
    const { out } = await gradeClass(course, classOf({ ada: full }));
    expect(openIn((await gradeClass(course, root, { out, apply: true })).row('ada'))).toEqual(['class/slip']);
  });

  test('a line without codes sets points and closes nothing; that all such are looked at is one button, with their names', async () => {
    const pdf = { ...full, 'sheet.pdf': '%PDF' };
    const root = classOf({ ada: pdf, bob: pdf, cyd: full });
    const tables = {
      'overrides.csv': 'login,total,reason\r\nADA,9,"Spoke, twice"\r\nbob,8,Seen\r\ncyd,7,Seen\r\n',
    };
    const { out, row, stdout } = await gradeClass(course, root, { tables });
    expect(['ada', 'bob', 'cyd'].map((login) => [row(login).points, openIn(row(login))])).toEqual([
      [9, ['found/beside']],
      [8, ['found/beside']],
      [7, []],
    ]);
    expect(stdout).toContain('The first line of overrides.csv lacks was');
    const [all] = linesIn(followUp(out));
    const was = wasOf(row('ada'));
    expect(all?.lines).toEqual([`ada,9,"Spoke, twice",${was}`, `bob,8,Seen,${was}`]);
    expect(followUp(out)).toContain('add them in place of line 2, 3');
    expect(buttonsIn(out, '2 students')['Looked at each']).toEqual([
      ['overrides.csv', all?.lines[0], 'ADA'],
      ['overrides.csv', all?.lines[1], 'bob'],
    ]);
    expect(followUp(out)).toMatch(/Set by hand, but still open \(2\).*?ada, bob/s);
    const looked = await gradeClass(course, root, {
      tables: { 'overrides.csv': ['login,total,reason,was', ...(all?.lines ?? []), ''].join('\n') },
    });
    expect(['ada', 'bob'].map((login) => openIn(looked.row(login)))).toEqual([[], []]);
  });

  test('a line with neither points nor codes is refused, and one with codes leaves the points as they are', async () => {
    const { row } = await gradeClass(course, withPdf('%PDF'));
    const was = wasOf(row('ada'));
    const decided = await gradeClass(course, withPdf('%PDF'), {
      tables: overrides(`ada,,,looked at,${was}`),
    });
    expect(decided.row('ada')).toMatchObject({ points: 9, adjustments: [] });
    expect(decided.row('ada').override).toBeUndefined();
    expect(openIn(decided.row('ada'))).toEqual([]);
    expect(followUp(decided.out)).toContain('Left as it is: looked at.');
    for (const line of ['ada,,,looked at,10', 'ada,,,looked at,', `ada,9,+1,looked at,${was}`])
      await expect(gradeClass(course, withPdf('%PDF'), { tables: overrides(line) })).rejects.toThrow(
        'line 2: write either total or adjust.',
      );
    for (const cell of ['k4fxwp', '10 1e1000', '10 k4fxwp,p7dmqh'])
      await expect(
        gradeClass(course, withPdf('%PDF'), { tables: overrides(`ada,,,looked at,"${cell}"`) }),
      ).rejects.toThrow('codes of what was looked at');
  });

  test('a zero that waits is not ended by a look: whoever had no part in the work is said so for the others', async () => {
    const download = fileOf(
      'c.zip',
      zip({ 'red_1_11_boxes.ts': rightAnswers, 'red_1_12_notes.md': full['work/notes.md'] }),
    );
    const roster = rosterOf('name,id,section,group', 'Ada,1,A,red', 'Bob,2,A,red', 'Cyd,3,B,red');
    const { row, out } = await gradeClass(strict, download, { roster });
    expect(openIn(row('(3)'))).toEqual(['class/partner']);
    expect(Object.keys(buttonsIn(out, 'Cyd'))).toEqual(['Count it', 'No part in it']);
    const tables = overrides(`3,,,looked at,${wasOf(row('(3)'))}`);
    const looked = await gradeClass(strict, download, { roster, tables });
    expect(openIn(looked.row('(3)'))).toEqual(['class/partner']);
    const lines = buttonsIn(out, 'Cyd')['No part in it']?.map(([, line]) => line);
    expect(lines).toEqual(['red_1,1,', 'red_1,2,']);
    appendFileSync(path.join(out, 'matches.csv'), `${lines?.join('\n')}\n`);
    const decided = await gradeClass(strict, download, { roster, out, apply: true });
    expect([decided.row('(3)').points, decided.row('(1)').points]).toEqual([0, 10]);
    // If no zero waits, having looked is an answer.
    const lenient = await gradeClass(course, download, { roster, tables });
    expect(openIn(lenient.row('(3)'))).toEqual([]);
  });

  test('a student is one case, and a team that shares a submission is one row', async () => {
    const roster = rosterOf('name,id,group', 'Ada,1,red', 'Bob,2,red', 'Cyd,3,', 'Dov,4,');
    const filesOf = (before: string) => ({
      [`${before}1_boxes.ts`]: slip,
      [`${before}2_notes.md`]: notesOf('a', 'b'),
      [`${before}3_sheet.pdf`]: '%PDF',
    });
    const files = { ...filesOf('red_1_1'), ...filesOf('dov_4_2'), 'cyd_3_34_boxes.ts': rightAnswers };
    const download = fileOf('c.zip', zip(files));
    const tables = overrides('1,6,,Seen,', '2,6,,Seen,');
    for (const given of [{ roster }, { roster, tables }]) {
      const { out, row } = await gradeClass(course, download, given);
      expect(openIn(row('(1)')).sort()).toEqual(['class/slip', 'found/beside']);
      const [, body = ''] = followUp(out).split('id="typos"');
      const names = [...body.matchAll(/<th scope="row">([^<]*)/g)].map(([, name]) => name);
      expect(names.slice(0, 2)).toEqual(['Ada, Bob', 'Dov']);
    }
  });
});

test('what all archives of a class unpack to has a limit, and reaching it names the largest', () => {
  const mebibyte = 1024 ** 2;
  const onRead = readingLimit();
  for (let student = 0; student < 100; student++) onRead(`honest ${student}`, 6 * mebibyte);
  const readBombs = () => {
    for (let file = 0; file < 120; file++) {
      onRead('the largest', 60 * mebibyte);
      onRead('a smaller one', 10 * mebibyte);
    }
  };
  expect(readBombs).toThrow(/work of this class unpacks to more than 8 GiB; the largest alone to 6\d{3} MiB/);
});
