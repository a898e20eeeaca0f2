import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { classOf, gradeClass, releasedCourse, rosterOf, runClass, work } from '../testing/classes';
import {
  canvasFiles,
  canvasGradebook,
  class30,
  moodleFiles,
  moodleWorksheet,
  zip,
} from '../testing/downloads';
import { fileOf } from '../testing/folders';
import { gradeHistories } from '../testing/grade-histories';
import { gradeDescribed } from '../testing/model/build';
import {
  anyClass,
  type DescribedClass,
  days,
  hours,
  isDated,
  isGraded,
  type Run,
} from '../testing/model/described';
import { partly, rightAnswers } from '../testing/worksheet';
import { sectionPages } from './pages/layout';
import type { StudentResult } from './results/student-result.schema';

// A run is the whole class. Sections are facts of students, which tables and pages may name; a list may be that of a part.

const due = '2020-01-01T12:00';
const late = { per_day: 1, at_most: 5, until: '2020-01-03T12:00' };
const course = releasedCourse({ deadline: { due, timezone: 'UTC', late } });
const plain = releasedCourse();
const full = work(rightAnswers, 'a', 'b');

const pushed = (time: string) => ({ commits: { only: { time: Date.parse(time), files: full } } });
const clones = {
  ada: pushed('2020-01-02T10:00Z'),
  bob: pushed('2020-01-02T10:00Z'),
  cyd: pushed('2020-01-02T10:00Z'),
};

describe('a line of extensions.csv', () => {
  const roster = 'login,section,group\nada,Do\u00a0Nachmittag,5\nbob,"Mo, do  nachmittag",6\ncyd,Mo,7\n';
  const extendedBy = async (...lines: string[]) => {
    const tables = { 'extensions.csv': `who,due\n${lines.join('\n')}\n` };
    const { students, notes } = await gradeHistories(course, clones, { roster, tables });
    return { dues: students.map(({ extension = '' }) => extension.slice(0, 10)), notes: notes.join('\n') };
  };

  test('names a section or a group, whatever its case, kinds of spaces and forms of letters', async () => {
    const { dues } = await extendedBy('SECTION\u00a0 do nachmittag,2020-01-02T12:00');
    expect(dues).toEqual(['2020-01-02', '2020-01-02', '']);
    expect((await extendedBy('Group 6,2020-01-02T12:00')).dues).toEqual(['', '2020-01-02', '']);
  });

  test('of a student counts before that of the group, and that before the section’s; of two sections, the later', async () => {
    const ofBoth = ['section mo,2020-01-03T12:00', 'section do nachmittag,2020-01-02T12:00'];
    expect((await extendedBy(...ofBoth)).dues).toEqual(['2020-01-02', '2020-01-03', '2020-01-03']);
    const { dues } = await extendedBy(...ofBoth, 'group 6,2020-01-02T12:00', 'cyd,2020-01-04T12:00');
    expect(dues).toEqual(['2020-01-02', '2020-01-02', '2020-01-04']);
  });

  test('for a section that nobody is in is kept and named', async () => {
    const { dues, notes } = await extendedBy('section Friday,2020-01-02T12:00');
    expect(dues).toEqual(['', '', '']);
    expect(notes).toContain(
      'extensions.csv, line 2: nobody in this class is in section Friday. The line is kept, and changes nothing now.',
    );
  });

  test('for a group that two sections have is refused with what to write', async () => {
    const two = 'login,section,group\nada,A,5\nbob,B,5\ncyd,B,\n';
    const tables = { 'extensions.csv': 'who,due\ngroup 5,2020-01-02T12:00\n' };
    await expect(gradeHistories(course, clones, { roster: two, tables })).rejects.toThrow(
      'the group 5 is in the sections A and B. Write a line for each of its members.',
    );
  });
});

test('the option --section is refused with what to use in its place', async () => {
  const { status, stderr } = await runClass(plain.root, 'x', '--section', 'Thursday');
  expect(status).toBe(2);
  expect(stderr).toContain('There is no option --section: a run is the whole class.');
  expect(stderr).toContain('write a line “section Thursday” in extensions.csv');
});

test('each section has a class page with its own students, which says whose it is', async () => {
  const roster = rosterOf('login,section', 'ada,Thursday', 'bob,Mon/1', 'cyd,"Thursday and Mon/1"');
  const root = classOf({ ada: full, bob: work(partly), cyd: full });
  const { out, stdout } = await gradeClass(plain, root, { roster });
  expect(stdout).toContain('of each section: report-mon-1.html, report-thursday.html');
  const { text } = await gradeHistories(plain, clones, {
    roster: 'login,section\nada,Thursday\nbob,Mon/1\ncyd,"Thursday and Mon/1"\n',
  });
  expect(text('report-thursday.html')).toContain('<h1>Fruit in boxes: Thursday</h1>');
  expect(text('report-thursday.html')).toContain('2 of 2 counted');
  expect(text('report.html')).toContain('3 of 3 counted');
  expect(out).not.toBe('');
});

test('the names of the pages of sections are safe and different, whatever the sections are called', () => {
  expect([...sectionPages(['Section 2', 'Übung/1', '日本', '中国', 'ubung 1']).values()]).toEqual([
    'report-section-2.html',
    'report-ubung-1.html',
    'report-section.html',
    'report-section-3.html',
    'report-ubung-1-2.html',
  ]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 9 }), (names) => {
      const files = [...sectionPages(names).values()];
      expect(new Set(files).size).toBe(names.length);
      for (const file of files) expect(file).toMatch(/^report-[a-z0-9-]{1,50}\.html$/);
    }),
  );
});

describe('a list of a part, given where the whole class was graded', () => {
  const students = class30.slice(0, 10);
  const some = students.slice(0, 6);
  const sources = {
    Moodle: [fileOf('m.zip', zip(moodleFiles(students))), moodleWorksheet] as const,
    Canvas: [fileOf('c.zip', zip(canvasFiles(students))), canvasGradebook] as const,
    'plain folders': [
      classOf(Object.fromEntries(students.map(({ login }, at) => [login, at % 2 ? full : work(partly)]))),
      (of: typeof students) => ['login', ...of.map(({ login }) => login), ''].join('\n'),
    ] as const,
  };
  /** What a run leaves, without its times. */
  const left = ({ students: rows, table }: Awaited<ReturnType<typeof gradeClass>>) => ({
    rows,
    grades: table('grades.csv'),
  });

  test.each(Object.entries(sources))(
    'changes nothing for the whole class once its list is back: %s',
    async (host, [source, listOf]) => {
      const grade = (of: typeof students, given: object) =>
        gradeClass(plain, source, {
          roster: fileOf('r.csv', listOf(of)),
          feedback: true,
          apply: true,
          ...given,
        });
      const whole = await grade(students, {});
      const tables = { 'comments.csv': `login,text\n${students[8]?.email},Well done\n` };
      const again = await grade(students, { out: whole.out });
      const part = await grade(some, { out: whole.out, tables: host === 'plain folders' ? {} : tables });
      expect(part.run.students).toBe(some.length);
      expect(part.stdout).toContain('4 students of the run of');
      expect(part.stdout).toContain('are not in this list, for example');
      expect(part.stdout).toContain('give the whole list or another --out');
      expect(part.stdout).not.toMatch(/no longer in the class|delete them there/);
      // It is said once.
      const twice = await grade(some, { out: whole.out });
      expect(twice.stdout).not.toContain('are not in this list');
      const back = await grade(students, { out: whole.out, tables: { 'comments.csv': 'login,text\n' } });
      expect(left(back)).toEqual(left(again));
      expect(back.stdout).toContain('Grades that differ from the earlier run: none.');
      expect(back.stdout).not.toContain('-changed.zip');
    },
  );

  test('that lacks more than half stops the run, unless --part says that it is meant', async () => {
    const [source, listOf] = sources['plain folders'];
    const whole = await gradeClass(plain, source, { roster: fileOf('r.csv', listOf(students)) });
    const few = { roster: fileOf('r.csv', listOf(students.slice(0, 4))), out: whole.out, apply: true };
    await expect(gradeClass(plain, source, few)).rejects.toMatchObject({ code: 'list-of-a-part' });
    await expect(gradeClass(plain, source, few)).rejects.toThrow('To grade without them, add --part.');
    const { table } = await gradeClass(plain, source, { ...few, part: true });
    expect(table('grades.csv').filter(([, , , , status]) => status !== 'unmatched').length).toBe(5);
  });

  test('forgets no date that could not be read', async () => {
    const dated = releasedCourse({ deadline: { due, timezone: 'UTC', late } });
    const [source] = sources.Moodle;
    const granted = moodleWorksheet(students).split('\n');
    const at = granted.findIndex((line) => line.includes(students[8]?.email ?? '?'));
    granted[at] = (granted[at] ?? '').replace(
      /"?(No submission|Submitted for grading) - {2}- "?/,
      '"$1 - Prolongation : mardi 3 novembre 2099, 23:59 -  - "',
    );
    const whole = await gradeClass(dated, source, { roster: fileOf('r.csv', granted.join('\n')) });
    expect(Object.values(whole.run.extensions)).toEqual(['not read']);
    const part = { roster: fileOf('r.csv', moodleWorksheet(some)), out: whole.out, apply: true };
    const { run } = await gradeClass(dated, source, part);
    expect([run.openUntil, Object.values(run.extensions)]).toEqual([undefined, ['not read']]);
  });
});

describe('in a class by chance', () => {
  /** Whether a name means one person, whoever is in the list. */
  const isTold = ({ areNamesakes }: DescribedClass) => !areNamesakes;

  const nothingWritten = { gradesWritten: [], pages: {} };
  /** `ben 4` and `ben canvas-feedback.zip`. */
  const writtenIn = (rows: readonly StudentResult[]) =>
    rows.flatMap(({ key, gradesWritten = [], pages = {} }) =>
      [...gradesWritten, ...Object.keys(pages)].map((what) => `${key} ${what}`),
    );

  test('a run with the list of a part in between is as if it had not been', async () => {
    const once = (run: Run): Run => ({ ...run, decided: run.decided.filter(isByItself) });
    // Before the first run, there is nothing that such a line could refer to.
    const isByItself = ({ was, codes }: Run['decided'][number]) =>
      was !== 'as before' && codes !== 'as before';
    await fc.assert(
      fc.asyncProperty(
        anyClass.filter(isTold),
        fc.subarray(['Ada', 'Ben', 'Cyd'], { maxLength: 2 }),
        async (described, unlisted) => {
          const [first] = described.runs.map(once);
          if (!first) return;
          const whole = { ...first, unlisted: [] };
          const part = { ...first, unlisted };
          fc.pre(isGraded({ ...described, runs: [part] }));
          const expected = (await gradeDescribed({ ...described, runs: [whole, whole] })).at(-1);
          const [, between, back] = await gradeDescribed({ ...described, runs: [whole, part, whole] });
          const rowsOf = (made: typeof back) => made?.asEarlier?.students ?? [];
          const kept = rowsOf(between).flatMap(({ key, lastListed }) => (lastListed ? [key] : []));
          const [rows, expectedRows] = [rowsOf(back), rowsOf(expected)].map((some) =>
            some.map((row) => (kept.includes(row.key) ? row : { ...row, ...nothingWritten })),
          );
          expect(rows).toEqual(expectedRows);
          // What was written about the others before is still known, and so is what the run in between wrote.
          expect(writtenIn(rowsOf(back))).toEqual(expect.arrayContaining(writtenIn(rowsOf(expected))));
          for (const name of ['gradebooks/canvas.csv', 'gradebooks/moodle-worksheet.csv', 'grades.csv'])
            expect([name, back?.text(name)]).toEqual([name, expected?.text(name)]);
        },
      ),
      { numRuns: 60 },
    );
  });

  /** Two sections, each with its name in several Unicode forms. In a plain roster, a group is of one section. */
  const spellings = [
    ['Tué', 'TUE\u0301', 'tué'],
    ['Do\u00a0spät', 'do  spa\u0308t', 'ＤＯ spät'],
  ];
  const inSections = (described: DescribedClass): DescribedClass => ({
    ...described,
    students: described.students.map((student, at) => {
      const names = spellings[student.team === '' ? at % 2 : 0] ?? [];
      return { ...student, section: names[at % names.length] ?? '' };
    }),
    runs: described.runs.map((run) => ({
      ...run,
      extensions: run.extensions.filter(({ who }) => !who.startsWith('section')),
    })),
  });
  const withoutSections = (described: DescribedClass): DescribedClass => ({
    ...described,
    students: described.students.map((student) => ({ ...student, section: '' })),
  });

  /** All that a run made, without what only a class in sections has. */
  const plainly = (made: Awaited<ReturnType<typeof gradeDescribed>>[number]) => {
    const names = made.fileNames.filter((name) => !/^report-|\.jsonl?$/.test(name));
    const isOther = (field: string) => !['section', 'groupSection', 'sections', 'sectionsOf'].includes(field);
    const earlier = JSON.stringify(made.asEarlier, (field, value) => (isOther(field) ? value : undefined));
    return {
      earlier: JSON.parse(earlier),
      files: names.map((name) => [
        name,
        name.endsWith('.csv') ? withoutColumn(made.text(name)) : unfiltered(made.text(name)),
      ]),
      summary: made.summary.map((line) => line.replace(/; of each section: .*/, '')),
    };
  };
  const withoutColumn = (table: string) => {
    const [headings = [], ...rows]: string[][] = parse(table, { bom: true });
    const at = headings.findIndex((heading) => heading.toLowerCase() === 'section');
    return at < 0 ? [headings, ...rows] : [headings, ...rows].map((cells) => cells.toSpliced(at, 1));
  };
  /** A page without its filter by section. */
  const unfiltered = (page: string) =>
    page.replace(/<p id="sections".*?<\/p>\n/s, '').replaceAll(/<span data-in="[\d ]*">(.*?)<\/span>/g, '$1');

  /** A group's work and a student's own from a host, both late. */
  const classAt = (from: (typeof hosts)[number]): DescribedClass => {
    const at = isDated(from) ? days(1) : Number.NEGATIVE_INFINITY;
    const by = (who: string) => ({ by: who, from, commits: [{ at, work: 'all right' as const }] });
    const student = { section: '', hostGrade: 7 as const, isShut: false, extendedTo: undefined };
    const extension = { who: 'group Red', by: hours(12) };
    return inSections({
      rules: {
        deadline: { grace: 0, late: { perDay: 1 }, clocksGoBack: false },
        noSubmission: 'zero',
        solution: 'after_due',
      },
      roster: from === 'Canvas' || from === 'Moodle' ? from : 'nobody',
      students: [
        { ...student, name: 'Ada', team: 'Red' },
        { ...student, name: 'Ben', team: 'Red' },
        { ...student, name: 'Cyd', team: '' },
        { ...student, name: 'Dov', team: '' },
      ],
      areNamesakes: false,
      handedIn: [by('Red'), by('Cyd')],
      runs: [{ at: days(3), unlisted: [], extensions: [extension], decided: [], matched: [] }],
    });
  };
  const hosts = ['GitHub', 'folders', 'Canvas', 'Moodle', 'Gradescope'] as const;

  test('a run with the column "section" is the run without it, but for that column and its pages', async () => {
    const isPlain = (described: DescribedClass) => isGraded(withoutSections(described));
    await fc.assert(
      fc.asyncProperty(anyClass.map(inSections).filter(isPlain), async (described) => {
        const [inThem, without] = [
          await gradeDescribed(described),
          await gradeDescribed(withoutSections(described)),
        ];
        expect(inThem.map(plainly)).toEqual(without.map(plainly));
      }),
      { numRuns: 60, examples: hosts.map((from) => [classAt(from)] as const) },
    );
  });
});
