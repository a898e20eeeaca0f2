import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { newCourse, newFolder, removeFolders, writeFiles } from './testing/folders';
import { runInProcess } from './testing/in-process';
import { answersOf, courseFiles, notesOf, rightAnswers, solution } from './testing/worksheet';

let course: string;
beforeAll(() => {
  course = newCourse(courseFiles);
});
afterAll(removeFolders);

const grade = (courseRoot: string, ...args: string[]) => runInProcess(courseRoot, 'grade', ...args);

function submission(answers: string, notes = notesOf()): string {
  const root = newFolder('a student é');
  writeFiles(root, { 'work/boxes.ts': answers, 'work/notes.md': notes });
  return root;
}

test('a folder is graded and its worksheet printed back, whatever the score', async () => {
  const { status, stdout, stderr } = await grade(
    course,
    submission(answersOf('{ down: 7, across: 24 }', 'null'), notesOf('Pears')),
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('4 of 10 points');
  expect(stdout).toContain('Basket of fruit: Only one kind lies in a basket.');
});

test('without a folder the course itself is graded', async () => {
  expect(await grade(course)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Not started yet: 0 of 10 points'),
  });
});

test('a relative path is taken from where the command runs', async () => {
  const root = submission(rightAnswers, notesOf('a', 'b'));
  expect((await grade(course, path.relative(process.cwd(), root))).stdout).toContain('10 of 10 points');
});

test('a link that the caller names is followed', async () => {
  const link = path.join(newFolder(), 'link');
  symlinkSync(submission(rightAnswers, notesOf('a', 'b')), link, 'junction');
  expect((await grade(course, link)).stdout).toContain('10 of 10 points');
});

test('--json prints the Report and nothing else', async () => {
  const { stdout } = await grade(course, '--json', submission(rightAnswers, notesOf('a', 'b')));
  expect(JSON.parse(stdout)).toMatchObject({
    version: 8,
    points: 10,
    possible: 10,
    rows: [expect.objectContaining({ id: 'basket', cells: expect.any(Array) }), expect.anything()],
  });
});

test('what solution/ says of a row that the rubric does not have is passed over', async () => {
  const wider = newCourse({
    ...courseFiles,
    'solution/index.ts': (courseFiles['solution/index.ts'] ?? '')
      .replaceAll('crate: {', 'box: { down: 1, across: 1 }, crate: {')
      .replace('"row":"crate"', '"row":"box"'),
  });
  const { stdout } = await grade(wider, submission(rightAnswers, notesOf('a', 'b')));
  expect(stdout).toContain('10 of 10 points');
});

test('a report names neither the folder nor the machine', async () => {
  const [one, two] = [submission(rightAnswers), submission(rightAnswers)];
  expect((await grade(course, '--json', one)).stdout).toBe((await grade(course, '--json', two)).stdout);
});

describe('the worked example', () => {
  const withExample: Readonly<Record<string, string>> = {
    ...courseFiles,
    'rubric.yaml': `${courseFiles['rubric.yaml']}example: { apples: 3 }\n`,
  };
  const sized = (courseFiles['solution/index.ts'] ?? '').replace(
    'derive = () => table',
    'derive = ({ apples }) => apples === 7 ? table : { basket: { down: 3, across: 5 }, crate: { down: 3, across: 70 } }',
  );
  let sizedCourse: string;
  beforeAll(() => {
    sizedCourse = newCourse({ ...withExample, 'solution/index.ts': sized });
  });
  const example = (answers: string, ...row: string[]) =>
    grade(sizedCourse, submission(answers), '--example', ...row);

  const head = ['The same worksheet with apples = 3 and brand = Sunny:', ''];
  const crate = [
    'Crate                                       down 3, across 70',
    '',
    '70          how many seeds an apple has',
  ];
  const foot = ['', 'How do you get each of these numbers? You get yours the same way.'];

  test.each([
    ['right', '{ down: 7, across: 13 }'],
    ['a misconception', '{ down: 5, across: 24 }'],
    ['a misconception in one cell, and right in the other', '{ down: 7, across: 99 }'],
    ['a quantity, and right in the other cell', '{ down: 7, across: 70 }'],
  ])('shows a row that is %s, whatever the others are', async (_name, row) => {
    const { status, stdout } = await example(answersOf('null', row), 'crate');
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([...head, ...crate, ...foot]);
  });

  test('shows each row of a table that is transposed throughout', async () => {
    const turned = answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }');
    expect((await example(turned, 'basket')).stdout).toContain('down 3, across 5');
  });

  test.each([
    ['1 and 1', '{ down: 1, across: 1 }', 'Crate · down is neither right nor a known mistake.'],
    ['half right', '{ down: 7, across: 1 }', 'Crate · across is neither right nor a known mistake.'],
    ['half filled in', '{ down: 7, across: null }', 'Crate · across is not filled in.'],
    ['not read', '{ down: 7, across: "x" }', 'Crate · across cannot be read.'],
  ])(
    'asks for a considered answer where a row is %s, also where all others are right',
    async (_name, row, says) => {
      expect(await example(answersOf('{ down: 7, across: 11 }', row), 'crate')).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining(`Give Crate your best try first: ${says}`),
      });
    },
  );

  test('shows all rows once all are right, and else says how to ask for one', async () => {
    expect((await example(rightAnswers)).stdout.trimEnd().split('\n')).toEqual([
      ...head,
      'Basket of fruit                             down 3, across 5',
      ...crate,
      ...foot,
    ]);
    const known = answersOf('{ down: 7, across: 11 }', '{ down: 5, across: 24 }');
    expect(await example(known)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('npm run grade -- --example basket. The rows are basket, crate.'),
    });
  });

  test('lists the rows where there is none of that name', async () => {
    expect(await example(rightAnswers, 'barrel')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'There is no row barrel. The rows are basket, crate.\n',
    });
  });

  test('is not there where the rubric has none', async () => {
    expect(await grade(course, submission(rightAnswers), '--example')).toMatchObject({
      status: 2,
      code: 'no-example',
    });
  });

  test('is not there in a copy that checks form only, whatever is filled in', async () => {
    const { 'solution/index.ts': _, ...files } = withExample;
    const copy = newCourse({ ...files, 'rubric.yaml': `self_check: form\n${files['rubric.yaml']}` });
    for (const row of [[], ['crate']])
      expect(await grade(copy, submission(rightAnswers), '--example', ...row)).toMatchObject({
        status: 2,
        code: 'no-example',
      });
  });

  test('has to state what the worksheet states', async () => {
    const faulty = (example: string) =>
      grade(
        newCourse({
          ...courseFiles,
          'rubric.yaml': `${courseFiles['rubric.yaml']}example: ${example}\n`,
        }),
      );
    expect((await faulty('{ pears: 3 }')).code).toBe('yaml-faults');
  });
});

test('--all tells of every row that is wrong', async () => {
  const wrong = submission(answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 1000 }'));
  expect((await grade(course, '--all', wrong)).stdout).toContain('Crate · across');
});

test('nothing of a submission is run', async () => {
  const root = submission(
    `import { writeFileSync } from 'node:fs';\nwriteFileSync('ran.txt', '');\nprocess.exit(7);\n${rightAnswers}`,
  );
  const { status, stdout } = await grade(course, root);
  expect(status).toBe(0);
  expect(stdout).toContain('This line is program code');
});

test('an empty folder is graded: zero points, with the reasons', async () => {
  const { status, stdout } = await grade(course, newFolder());
  expect(status).toBe(0);
  expect(stdout).toContain('work/boxes.ts is missing');
  expect(stdout).toContain('work/notes.md is missing');
});

test('--help says what it does, what it takes and what its exit status means', async () => {
  const { status, stdout } = await grade(course, '--help');
  expect(status).toBe(0);
  for (const part of ['Usage: npm run grade', '[folder]', '--json', '--verify', 'Exit status'])
    expect(stdout).toContain(part);
});

describe('what cannot be graded ends with status 2 and one plain message', () => {
  const broken = (file: string, content: string) => newCourse({ ...courseFiles, [file]: content });
  const solution = courseFiles['solution/index.ts'] ?? '';
  const rubric = courseFiles['rubric.yaml'] ?? '';

  test.each<[name: string, root: () => string, args: string[], code: string | undefined]>([
    ['no such folder', () => course, ['nowhere'], 'no-folder'],
    ['a file for a folder', () => course, ['package.json'], 'no-folder'],
    ['a path through a file', () => course, ['package.json/x'], 'no-folder'],
    ['a folder without a name', () => course, [''], 'no-folder'],
    ['an unknown option', () => course, ['--jsno'], undefined],
    ['two folders', () => course, ['.', '.'], undefined],
    [
      'a bad rubric',
      () => broken('rubric.yaml', rubric.replace('possible: 10', 'possible: 11')),
      [],
      'yaml-faults',
    ],
    [
      'a solution that does not load',
      () => broken('solution/index.ts', 'export const ='),
      [],
      'solution-not-loaded',
    ],
    [
      'a solution without derive',
      () => broken('solution/index.ts', solution.replace('derive', 'derived')),
      [],
      'solution-faults',
    ],
    [
      'a solution without a row',
      () => broken('solution/index.ts', solution.replace('crate: {', 'box: {')),
      [],
      'solution-faults',
    ],
    [
      'a solution that refuses',
      () =>
        broken(
          'solution/index.ts',
          solution.replace('() => table', '() => { throw new Error("7 apples are too few") }'),
        ),
      [],
      'solution-faults',
    ],
    [
      'a hint with a digit',
      () => broken('solution/index.ts', solution.replace('Nothing was sliced.', 'It is 13.')),
      [],
      'solution-faults',
    ],
    [
      'two derivations that differ',
      () =>
        broken(
          'solution/index.ts',
          solution.replace(
            'measure = () => table',
            'measure = () => ({ ...table, crate: { down: 13, across: 7 } })',
          ),
        ),
      ['--verify'],
      'solution-faults',
    ],
  ])('%s', async (_name, root, args, expected) => {
    const { status, stdout, stderr, code } = await grade(root(), ...args);
    expect(code).toBe(expected);
    expect(stderr).not.toBe('');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

test('--verify grades where the two derivations agree', async () => {
  expect((await grade(course, '--verify')).status).toBe(0);
});

test('a copy whose rubric says form checks form only, and has no key to verify', async () => {
  const { 'solution/index.ts': _, ...files } = courseFiles;
  const copy = newCourse({ ...files, 'rubric.yaml': `self_check: form\n${files['rubric.yaml']}` });
  const { status, stdout } = await grade(copy, submission(rightAnswers));
  expect(await grade(copy, '--verify')).toMatchObject({
    status: 2,
    code: 'nothing-to-verify',
  });
  expect(status).toBe(0);
  expect(stdout).toContain('Checked for form only');
});

test('an instructor can read why each row is as it is', async () => {
  const { status, stdout } = await runInProcess(newCourse(courseFiles), 'grade', '--explain');
  expect(status).toBe(0);
  expect(stdout).toBe(
    `Basket of fruit: (solution/ says nothing of it)\nCrate: ${solution.explanations.crate}\n`,
  );
  const { 'solution/index.ts': _, ...copy } = courseFiles;
  expect(await runInProcess(newCourse(copy), 'grade', '--explain')).toMatchObject({
    status: 2,
    code: 'no-explanations',
  });
});
