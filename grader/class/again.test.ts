import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeRepository, Random } from '../authoring/demo/sample';
import { withAttempts } from '../submission/attempts';
import { readAnswers } from '../submission/cells';
import { againRubric, againYaml, rightFirst, twoTables, type WrittenRow } from '../testing/again';
import { classOf, graded, outputsIn, runClass, tableFile } from '../testing/classes';
import {
  canvasFiles,
  canvasGradebook,
  class30,
  classroom50Zips,
  type Enrolled,
  gradescopeFiles,
  gradescopeRoster,
  loginRoster,
  moodleFiles,
  moodleWorksheet,
  zip,
} from '../testing/downloads';
import { fileOf, newCourse, newFolder, removeFolders } from '../testing/folders';
import { runInProcess } from '../testing/in-process';
import { courseFiles, notesOf, rightAnswers } from '../testing/worksheet';

afterAll(removeFolders);

const courseWith = (rubricYaml: string) =>
  newCourse({
    ...courseFiles,
    'rubric.yaml': rubricYaml,
    'solution/index.ts': `
const sizes = ({ apples }) => ({ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: apples + 6 } });
export const derive = sizes;
export const measure = sizes;
export const misconceptions = ({ apples }) => [
  { id: 'all-fruit', title: 'All the fruit', row: 'basket', values: { down: apples, across: 3 * apples + 3 }, text: 'Only one kind lies in a basket. Which one is asked for?' },
];
export const quantities = () => [];
`,
  });

const course = courseWith(againYaml);

/** The answers of one student: they are known, so the figures are known as well. */
interface Plan {
  readonly basketFirst: WrittenRow;
  readonly crateFirst: WrittenRow;
  /** Missing for a student who leaves the second table blank. */
  readonly again?: { readonly basket: WrittenRow; readonly crate: WrittenRow };
}

const idea = 'All the fruit';

const plans: readonly Plan[] = Array.from({ length: 31 }, (_, index) => ({
  basketFirst: [[7, 11] as const, [7, 24] as const, [7, 25] as const][index % 3] ?? [7, 11],
  crateFirst: index % 2 === 0 ? [7, 13] : [7, 14],
  ...(index % 7 !== 6 && {
    again: {
      basket: index % 4 !== 0 ? [12, 16] : index % 8 === 0 ? [12, 39] : [12, 17],
      crate: index % 5 === 0 ? [12, 1] : [12, 18],
    },
  }),
}));

/** The answers file after each run: a first try, one of the student's own, the right one, and the second table. */
function textsOf({ basketFirst, crateFirst, again }: Plan, index: number): string[] {
  return [
    twoTables({ basket: basketFirst, crate: crateFirst }),
    twoTables({ ...rightFirst, crate: [7, 300 + index] }),
    twoTables(rightFirst),
    ...(again ? [twoTables(rightFirst, again)] : []),
  ];
}

function attemptsOf(texts: readonly string[]): string {
  const keep = (kept: string | undefined, text: string) =>
    withAttempts(kept, readAnswers(text, againRubric), againRubric, '2026-09-28') ?? kept;
  return texts.reduce<string | undefined>(keep, undefined) ?? '';
}

/** The students, each with the last of the texts and the file of attempts. */
const students: readonly Enrolled[] = plans.map((plan, index) => {
  const one = class30[index % class30.length] as Enrolled;
  const isNew = index >= class30.length;
  const texts = textsOf(plan, index);
  return {
    ...one,
    ...(isNew && {
      login: 's-30',
      first: 'Zoë',
      last: 'Last',
      email: 's30@example.org',
      userId: '7777',
      participant: '777',
      studentId: 'A309',
    }),
    handedIn: {
      'boxes.ts': texts.at(-1) ?? '',
      'notes.md': notesOf('a', 'b'),
      'attempts.jsonl': attemptsOf(texts),
    },
  };
});

/** Calculates the four numbers of a row or a misconception from the plans alone. */
function counted(isRight: (plan: Plan, when: 'before' | 'after') => boolean): number[] {
  const four = [0, 0, 0, 0];
  for (const plan of plans.filter(({ again }) => again)) {
    const at = (isRight(plan, 'before') ? 0 : 1) + (isRight(plan, 'after') ? 0 : 2);
    four[at] = (four[at] ?? 0) + 1;
  }
  // right_right, wrong_right, right_wrong, wrong_wrong
  return four;
}

const isRow =
  (row: 'basket' | 'crate', first: number, again: number) => (plan: Plan, when: 'before' | 'after') =>
    when === 'before' ? plan[`${row}First`][1] === first : plan.again?.[row][1] === again;

const expected = {
  'row basket': counted(isRow('basket', 11, 16)),
  'row crate': counted(isRow('crate', 13, 18)),
  'idea all-fruit': counted((plan, when) =>
    when === 'before' ? plan.basketFirst[1] !== 24 : plan.again?.basket[1] !== 39,
  ),
};

/** Reads the counts of a run from its table. */
function countsIn(out: string): Record<string, number[]> {
  const [, ...lines] = outputsIn(out).table('again-counts.csv');
  return Object.fromEntries(lines.map((line) => [`${line[0]} ${line[1]}`, line.slice(6, 10).map(Number)]));
}

const at = (minutes: number) => Date.parse('2026-09-28T10:00:00Z') + minutes * 60_000;

async function clones(): Promise<string> {
  const root = path.join(newFolder(), 'fruit-submissions');
  for (const [index, plan] of plans.entries()) {
    const { login } = students[index] as Enrolled;
    const commits = textsOf(plan, index).map((text, order) => ({
      time: at(order * 10),
      message: String(order),
      files: { 'work/boxes.ts': text, 'work/notes.md': notesOf('a', 'b') },
    }));
    await makeRepository(path.join(root, `fruit-${login}`), login, commits);
  }
  return root;
}

let ofClones: ReturnType<typeof graded> | undefined;

/** The class as clones, graded once: making thirty histories takes longer than everything else. */
async function gradedClones() {
  ofClones ??= graded(
    course,
    await clones(),
    '--roster',
    tableFile('roster.csv', loginRoster(students).split('\n')),
  );
  return ofClones;
}

const zipOf = (name: string, files: Readonly<Record<string, string | Buffer>>) => fileOf(name, zip(files));

describe('a class of 31 with known attempts gives the same figures', () => {
  test('as clones with histories', async () => {
    const { out, rows } = await gradedClones();
    expect(new Set(rows.map(({ points }) => points))).toEqual(new Set([10]));
    expect(countsIn(out)).toEqual(expected);
  }, 30_000);

  test.each<[string, () => string | Promise<string>, string | undefined]>([
    [
      'as folders without a history, by the file that keeps attempts',
      () =>
        classOf(
          Object.fromEntries(
            students.map(({ login, handedIn = {} }) => [
              `fruit-${login}`,
              Object.fromEntries(Object.entries(handedIn).map(([file, text]) => [`work/${file}`, text])),
            ]),
          ),
        ),
      loginRoster(students),
    ],
    ['as Classroom 50 has them', () => zipOf('fruit.zip', classroom50Zips(students)), loginRoster(students)],
    [
      'as Gradescope exports them',
      () => zipOf('export.zip', gradescopeFiles(students.map((student) => [student]))),
      gradescopeRoster(students),
    ],
    [
      'as Canvas renames them',
      () => zipOf('submissions.zip', canvasFiles(students)),
      canvasGradebook(students),
    ],
    ['as Moodle lays them out', () => zipOf('moodle.zip', moodleFiles(students)), moodleWorksheet(students)],
    [
      'as zips that the page made, through Canvas',
      () =>
        zipOf(
          'pages.zip',
          canvasFiles(
            students.map((student) => ({
              ...student,
              handedIn: {
                'fruit-in-boxes.zip': zip(
                  Object.fromEntries(
                    Object.entries(student.handedIn ?? {}).map(([file, text]) => [`work/${file}`, text]),
                  ),
                ) as unknown as string,
              },
            })),
          ),
        ),
      canvasGradebook(students),
    ],
  ])(
    '%s',
    async (_name, made, list) => {
      const roster = list === undefined ? [] : ['--roster', tableFile('roster.csv', list.split(/\r?\n/))];
      const { out, rows } = await graded(course, await made(), ...roster);
      expect(rows).toHaveLength(31);
      expect(new Set(rows.map(({ points }) => points))).toEqual(new Set([10]));
      expect(countsIn(out)).toEqual(expected);
    },
    30_000,
  );
});

test('the page says for whom a change is, and names nobody', async () => {
  const { out, page } = await gradedClones();
  const [both, right] = [
    expected['row basket'].reduce((sum, count) => sum + count, 0),
    expected['row basket'],
  ];
  expect(page).toContain(`${both} of 31 did both`);
  expect(page).toContain(`Of these ${both}, most had at first: ${idea}`);
  expect(page).toContain(`Right at first ${(right[0] ?? 0) + (right[2] ?? 0)} of ${both}`);
  expect(page).not.toMatch(/learned|cop(?:y|ied)|cheat|honest/i);
  const followUp = readFileSync(path.join(out, 'follow-up.html'), 'utf8');
  expect(followUp).toContain('May want another look');
  expect(followUp).toContain('the same idea again, All the fruit (Basket of fruit: down 12, across 39');
});

describe('who is counted', () => {
  const files = (texts: readonly string[], kept = attemptsOf(texts)) => ({
    'work/boxes.ts': texts.at(-1) ?? '',
    'work/notes.md': notesOf('a', 'b'),
    'work/attempts.jsonl': kept,
  });
  const both = (index: number) =>
    textsOf(
      { basketFirst: [7, 24], crateFirst: [7, 13], again: { basket: [12, 16], crate: [12, 18] } },
      index,
    );

  /** How many of the submissions did both, as the page says it: `2 of 3 did both`. */
  async function didBoth(
    work: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ): Promise<string | undefined> {
    const { page } = await graded(course, classOf(work));
    return /[^.>]*did both[^.<]*/.exec(page)?.[0].trim();
  }

  test('those whose attempts are the same line by line count once', async () => {
    expect(await didBoth({ ada: files(both(1)), ben: files(both(1)), eve: files(both(2)) })).toBe(
      '2 did both',
    );
  });

  test('whoever has all of it right, or makes the mistakes of a known idea, has it as others do', async () => {
    const right = textsOf({ basketFirst: [7, 11], crateFirst: [7, 13] }, 1).slice(2);
    const texts = [...right, twoTables(rightFirst, { basket: [12, 16], crate: [12, 18] })];
    const known = [twoTables({ basket: [7, 24], crate: [7, 13] }), ...texts];
    expect(
      await didBoth({ ada: files(texts), ben: files(texts), eve: files(known), joe: files(known) }),
    ).toBe('4 did both');
  });

  test('a second table that was complete before the first had marks is not counted', async () => {
    const early = [
      twoTables({ basket: [7, 24], crate: [7, 13] }, { basket: [12, 39], crate: [12, 18] }),
      ...both(3),
    ];
    expect(await didBoth({ ada: files(early), ben: files(both(1)) })).toBe(
      '1 of 2 did both; of the 1 other 1 had one of these rows wrong at first',
    );
  });

  test('neither is one of days later', async () => {
    const kept = attemptsOf(both(1)).replaceAll(
      /"day":"2026-09-28","row":"again/g,
      '"day":"2026-10-05","row":"again',
    );
    expect(await didBoth({ ada: files(both(1), kept), ben: files(both(2)) })).toContain('1 of 2 did both');
  });
});

test('what a file says that is somebody else’s is left out and counted, and its own student keeps the grade', async () => {
  const texts = textsOf(plans[1] as Plan, 1);
  const other = attemptsOf([twoTables({ basket: [1, 2], crate: [3, 4] })]);
  const { row } = await graded(
    course,
    classOf({
      ada: {
        'work/boxes.ts': texts.at(-1) ?? '',
        'work/notes.md': notesOf('a', 'b'),
        'work/attempts.jsonl': other,
      },
    }),
  );
  expect(row('ada')).toMatchObject({ points: 10, attempts: { from: 'file', leftOut: 2 } });
  expect(row('ada').first).toBeUndefined();
});

test('the history is used where it says as much, and then no line of the file', async () => {
  const root = path.join(newFolder(), 'fruit-submissions');
  const [first = '', second = ''] = [twoTables({ basket: [7, 24] }), twoTables(rightFirst)];
  const commits = [first, second].map((text, order) => ({
    time: at(order),
    message: 'x',
    files: {
      'work/boxes.ts': text,
      'work/notes.md': notesOf('a', 'b'),
      'work/attempts.jsonl': attemptsOf([second]),
    },
  }));
  await makeRepository(path.join(root, 'fruit-ada'), 'ada', commits);
  await makeRepository(path.join(root, 'fruit-ben'), 'ben', [
    {
      ...(commits[1] as (typeof commits)[number]),
      files: {
        'work/boxes.ts': second,
        'work/notes.md': notesOf('a', 'b'),
        'work/attempts.jsonl': attemptsOf([first, second]),
      },
    },
  ]);
  const { row } = await graded(course, root);
  expect([row('ada').attempts?.from, row('ben').attempts?.from]).toEqual(['history', 'file']);
  const basket = (login: string) => row(login).first?.rows.find(({ id }) => id === 'basket')?.cells[1]?.value;
  expect([basket('ada'), basket('ben')]).toEqual([24, 24]);
});

test('500 hostile files of attempts change no grade and no other row', async () => {
  const random = new Random(500);
  const parts = [
    '{"row":"basket",',
    '"values":[7,24],',
    '"values":[1e308,"x"],',
    '"run":1,',
    '"run":99999999999,',
    '"day":"2026-09-28"}',
    '"day":"9999-99-99"}',
    '\n',
    '\u0000',
    'off',
    '"row":"again.crate",',
    '[[[[',
    '\ud800',
    '<script>',
    '{"about":',
    '=1+1',
    '../',
    '"__proto__":{}',
  ];
  const hostile = () => Array.from({ length: 1 + random.below(60) }, () => random.pick(parts, '')).join('');
  const texts = textsOf(plans[4] as Plan, 4);
  const own = { 'work/boxes.ts': texts.at(-1) ?? '', 'work/notes.md': notesOf('a', 'b') };
  const honest = { ada: { ...own, 'work/attempts.jsonl': attemptsOf(texts) } };
  const others = Array.from({ length: 500 }, (_, index) => `mallory-${String(index).padStart(3, '0')}`);
  const alone = await graded(
    course,
    classOf({ ...honest, ...Object.fromEntries(others.map((name) => [name, own])) }),
  );
  const beside = await graded(
    course,
    classOf({
      ...honest,
      ...Object.fromEntries(others.map((name) => [name, { ...own, 'work/attempts.jsonl': hostile() }])),
    }),
  );
  const gradesOf = ({ rows }: typeof alone) =>
    rows.map(({ key, points, report, warnings }) => [key, points, report, warnings]);
  expect(gradesOf(beside)).toEqual(gradesOf(alone));
  expect(beside.row('ada')).toEqual(alone.row('ada'));
}, 60_000);

test('a hand-in that is such a file alone is no work, and nothing that was handed in instead', async () => {
  const { row } = await graded(
    course,
    classOf({
      ada: { 'work/attempts.jsonl': attemptsOf([twoTables(rightFirst)]) },
      ben: { 'work/boxes.ts': rightAnswers, 'work/notes.md': notesOf('a', 'b') },
    }),
  );
  expect(row('ada')).toMatchObject({ status: 'no submission', points: null });
  expect(row('ada').warnings).toEqual(row('ada').warnings.filter(({ topic }) => topic !== 'instead'));
  expect(row('ben').warnings).toEqual([]);
});

describe('a follow-up', () => {
  const later = courseWith(againYaml.replace(/again:\n.*\n.*\n/, '').replace('apples: 7', 'apples: 20'));
  const answers = (basket: number, crate: number) => ({
    'work/boxes.ts': `export const boxes = { basket: { down: 20, across: ${basket} }, crate: { down: 20, across: ${crate} } };`,
    'work/notes.md': notesOf('a', 'b'),
  });

  test('says what is still right of those who are in both, and how many are not', async () => {
    const before = await graded(
      course,
      classOf({
        ada: { 'work/boxes.ts': rightAnswers, 'work/notes.md': notesOf() },
        ben: { 'work/boxes.ts': twoTables({ basket: [7, 24], crate: [7, 13] }), 'work/notes.md': notesOf() },
        eve: { 'work/boxes.ts': rightAnswers, 'work/notes.md': notesOf() },
      }),
    );
    const now = classOf({ ada: answers(24, 26), ben: answers(63, 26), mia: answers(24, 26) });
    const { page } = await graded(later, now, '--before', before.out);
    expect(page).toContain('Still right the same day');
    expect(page).toContain('2 answered both. 1 answered only the worksheet, 1 only this.');
    expect(page).toMatch(/Right in the end 1 of 2, [^"]* 1 of 2/);
  });

  test('refuses results of another worksheet', async () => {
    const other = newCourse({
      ...courseFiles,
      'rubric.yaml': againYaml.replaceAll('basket', 'bag'),
      'solution/index.ts': `
export const derive = () => ({ bag: { down: 7, across: 11 }, crate: { down: 7, across: 13 } });
export const measure = derive;
export const misconceptions = () => [];
`,
    });
    const before = await graded(
      other,
      classOf({
        ada: {
          'work/boxes.ts': 'export const boxes = { bag: { down: 7, across: 11 } };',
          'work/notes.md': notesOf(),
        },
      }),
    );
    const { code } = await runClass(
      later,
      classOf({ ada: answers(24, 26) }),
      '--out',
      path.join(newFolder(), 'out'),
      '--before',
      before.out,
    );
    expect(code).toBe('before-other-rows');
  });
});

test('several terms are added up, and one of fewer than ten students has no line', async () => {
  const { out } = await gradedClones();
  const table = path.join(out, 'again-counts.csv');
  const other = fileOf(
    'again-counts.csv',
    readFileSync(table, 'utf8').replaceAll(/,20\d\d-\d\d,/g, ',2031-05,'),
  );
  const { status, stdout } = await runInProcess(course, 'again', out, other);
  expect((await runInProcess(course, 'again', table, out)).code).toBe('again-table-twice');
  const [rightRight = 0, wrongRight = 0, rightWrong = 0, wrongWrong = 0] = expected['row crate'];
  const both = 2 * (rightRight + wrongRight + rightWrong + wrongWrong);
  expect(status).toBe(0);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    `Crate: ${both} did both. Right at first: ${2 * (rightRight + rightWrong)}.`,
  );
  const few = await graded(
    course,
    classOf({ ada: { 'work/boxes.ts': rightAnswers, 'work/notes.md': notesOf() } }),
  );
  expect(few.table('again-counts.csv')).toHaveLength(1);
});
