import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import Ajv from 'ajv';
import { gradeFolder } from '../../grade';
import type { Misconception } from '../../key/hints';
import type { AnswerKey } from '../../key/key';
import { plainKey } from '../../key/plain';
import reportSchema from '../../report/report.schema.json';
import { renderTerminal } from '../../report/terminal';
import { newCourse, newFolder, newOwnCourse, removeFolders, writeFiles } from '../../testing/folders';
import { runCheck } from '../../testing/run';
import { rubricYaml, wholeCourse } from '../../testing/worksheet';
import { type Course, loadCourse } from '../course';
import { at } from '../files';
import type { Check } from './check';
import { contents, grading } from './copy';
import { links, numbers, questions, table } from './handed-out';
import { hosts } from './hosts';
import { leaks } from './leaks';
import { parts } from './parts';
import { checkCount, findingsOf, ofCopy, ofCourse } from './run';
import { fixtures, reference, stub } from './submissions';
import { hints, singleCells } from './table';
import { workflows } from './workflows';

afterAll(removeFolders);

/** What a check finds broken, or notes. */
async function found(check: Check, course: Course, copy = newFolder()): Promise<string[]> {
  return (await findingsOf(check, course, copy)).map(({ is, text }) => `${is}: ${text}`);
}

describe('this package', () => {
  // The stub as it is handed out, so that assignment/ may be filled in while one tries it.
  const root = newOwnCourse();
  const course = loadCourse(root);
  const copy = newFolder();

  test.each([...ofCourse, ...ofCopy].map((check) => [check.promise, check] as const))(
    'keeps its promise: %s',
    async (_promise, check) => {
      expect(await found(check, course, copy)).toEqual([]);
    },
  );

  const submissions = readdirSync(at(root, 'solution/fixtures')).map((name) => `fixtures/${name}`);
  const validate = new Ajv().compile(reportSchema);

  test.each([...submissions, 'reference'])(
    'grades solution/%s to a Report that fits the schema, gives a reason for every lost point and prints within 80 columns',
    async (name) => {
      const report = await gradeFolder(at(root, `solution/${name}`), course.rubric, course.key);
      expect(validate(JSON.parse(JSON.stringify(report)))).toBe(true);
      for (const cell of report.cells) {
        expect(cell.points === cell.possible || cell.why !== undefined).toBe(true);
      }
      const lines = renderTerminal(report, course.rubric, { colour: false }).split('\n');
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
    },
  );
});

describe('what is broken is found, and the line says what to mend', () => {
  const root = newCourse(wholeCourse);
  const course = loadCourse(root);
  const copy = newFolder();

  test('in a course that is whole there is nothing to find', async () => {
    for (const check of [...ofCourse, ...ofCopy]) expect(await found(check, course, copy)).toEqual([]);
  });

  test('rows with names of one letter and sizes of one digit are no reason to find an answer anywhere', async () => {
    const short = (text: string) =>
      text
        .replaceAll('basket', 'q')
        .replaceAll('Basket of fruit', 'Query')
        .replaceAll(/\bcrate\b/g, 'k')
        .replaceAll(/\bCrate\b/g, 'Key');
    const files = Object.entries(wholeCourse).map(([file, text]) => {
      const hasSizes = /^solution\/(?:index|reference)/.test(file);
      const small = hasSizes ? text.replaceAll('11', '2').replaceAll('13', '3').replaceAll('7', '1') : text;
      return [file, short(small)];
    });
    const one = loadCourse(newCourse(Object.fromEntries(files)));
    const made = newFolder();
    for (const check of [contents, parts, hosts])
      expect((await found(check, one, made)).filter((finding) => finding.startsWith('broken'))).toEqual([]);
    writeFiles(made, { 'grader/debug.ts': 'export const right = { q: [1, 2], k: [1, 3] };' });
    expect(leaks(one, made, ['grader/debug.ts']).map(({ is }) => is)).toEqual(['broken', 'broken']);
  });

  /** What a file is to say in place of what it says; null stands for no file at all. */
  type Change = (text: string) => string | null;
  const put =
    (from: string | RegExp, to: string): Change =>
    (text) =>
      text.replace(from, to);
  const set = (text: string | null) => () => text;

  /** Finds what a check says with one file changed, and puts the file back. */
  async function foundWith(check: Check, file: string, change: Change): Promise<string> {
    const before = existsSync(at(root, file)) ? readFileSync(at(root, file), 'utf8') : undefined;
    const after = change(before ?? '');
    expect(after).not.toBe(before);
    try {
      if (after === null) rmSync(at(root, file));
      else writeFiles(root, { [file]: after });
      const made = check === contents || check === parts ? newFolder() : copy;
      if (check === parts) await found(contents, course, made);
      return (await found(check, course, made)).join('\n');
    } finally {
      if (before === undefined) rmSync(at(root, file));
      else writeFiles(root, { [file]: before });
    }
  }

  const [boxes, notes, page] = ['work/boxes.ts', 'work/notes.md', 'assignment/README.md'];
  const [solved, expected] = ['solution/reference/work/', 'solution/fixtures/blank/expected.yaml'];
  const cases: [name: string, check: Check, file: string, change: Change, says: string][] = [
    [
      'a bundle that cannot be made',
      hosts,
      'grader/hosts/scored.ts',
      set('export const = ;'),
      'The grader cannot be put into one file',
    ],
    [
      'a bundle that gives other points',
      hosts,
      'grader/hosts/scored.ts',
      put('{ ...report, points }', '{ ...report, points: 1 }'),
      'On Classroom 50 solution/reference would earn 1 of 10, and here it earns 10. That is a bug',
    ],
    ['answers in the stub', stub, boxes, put('null', '3'), 'work/boxes.ts is begun'],
    [
      'a response in the stub',
      stub,
      notes,
      put('<!-- Type here. -->', 'Pears.'),
      'work/notes.md is begun, and would be handed out so',
    ],
    ['a stub unlike its fixture', stub, boxes, put('Crate', 'Crates'), 'fixtures/blank/work/boxes.ts differ'],
    ['a stub that is missing', stub, boxes, set(null), 'work/boxes.ts is missing. The course needs it'],
    [
      'a wrong reference',
      reference,
      `${solved}boxes.ts`,
      put('13', '12'),
      'earns 9 of 10: Crate · across is wrong (work/boxes.ts:3:29)',
    ],
    ['a short reference', reference, `${solved}notes.md`, put('Lemons, of course.', ''), 'earns 7 of 10'],
    [
      'points of a fixture',
      fixtures,
      expected,
      put('points: 0', 'points: 1'),
      'points should say 0, and says 1. If the course has changed',
    ],
    [
      'outcomes of a fixture',
      fixtures,
      expected,
      put('blank', 'wrong'),
      'cells.basket should say [blank, blank], and says [wrong, blank].',
    ],
    [
      'a fixture that asks for what there is not',
      fixtures,
      expected,
      put('started', 'begun: 1\nstarted'),
      'begun should say nothing, and says 1.',
    ],
    ['a fixture without expectations', fixtures, expected, set(null), 'expected.yaml is missing'],
    ['expectations that are no YAML', fixtures, expected, set('points: ['), 'is no list of names and values'],
    ['expectations that are a sentence', fixtures, expected, set('All.'), 'is no list of names and values'],
    [
      'labels exchanged in the stub',
      table,
      boxes,
      put(/Basket of fruit([\s\S]*)Crate/, 'Crate$1Basket of fruit'),
      'does not say Crate in its place',
    ],
    [
      'columns exchanged in the handout',
      table,
      page,
      put('| Down | Across |', '| Across | Down |'),
      'the table should have the columns Down · Across',
    ],
    [
      'a placeholder in the wrong place',
      questions,
      notes,
      (text) => text.replace('<!-- Type here. -->', '').replace('<!-- Type here. -->', '$&\n\n$&'),
      'should hold the placeholder once under Which fruit was the sweetest?',
    ],
    [
      'a link in HTML',
      links,
      page,
      put('# Fruit', '<img src="fruit.png">\n\n# Fruit'),
      'links in HTML, which cannot be followed or moved: <img src="fruit.png">',
    ],
    [
      'a right answer in the stub',
      contents,
      boxes,
      put('// Crate', '// Crate (perhaps 7 down and 13 across)'),
      'which is right for Crate',
    ],
    [
      'a right answer at the end of a sentence',
      contents,
      page,
      put('**4 cells**', 'A crate is 7 x 13.\n\n**4 cells**'),
      'which is right for Crate',
    ],
    [
      'a right answer with its columns first',
      contents,
      boxes,
      put('// Crate', '// Crate (13 across, 7 down)'),
      'which is right for Crate',
    ],
    [
      'a file that does not compile',
      parts,
      'grader/extra.ts',
      set('export const = 1;\n'),
      'grader/extra.ts:1 does not compile',
    ],
    [
      'a right answer in a second table',
      contents,
      page,
      put('**4 cells**', '| crate |\n| --- |\n| 7 |\n| 13 |\n\n**4 cells**'),
      ', which is right for Crate. Take it out.',
    ],
    [
      'the right table in the grader',
      contents,
      'grader/report/table.ts',
      set('export const table = {"basket":[7,11],"crate":[7,13]};'),
      'grader/report/table.ts in the copy says “basket',
    ],
    [
      'a script that is missing',
      parts,
      'package.json',
      put('"autograde":', '"autograded":'),
      'The copy has no npm run test. Put the script autograde into package.json.',
    ],
    [
      'a package that only the instructor installs',
      parts,
      'package.json',
      (text) => {
        const { dependencies, devDependencies, ...rest } = JSON.parse(text);
        const { yaml, ...others } = dependencies;
        return JSON.stringify({
          ...rest,
          dependencies: others,
          devDependencies: { ...devDependencies, yaml },
        });
      },
      'imports yaml. List it under dependencies in package.json.',
    ],
    [
      'a part of the grader that is not handed out',
      parts,
      'grader/score.ts',
      put('import', "import './instructor/files';\nimport"),
      'grader/score.ts imports grader/instructor/files.ts, which is not handed out',
    ],
    [
      'a cell that the stub lacks',
      table,
      boxes,
      put('down: null, ', ''),
      'work/boxes.ts has no cell basket, down.',
    ],
    [
      'cells in another order',
      table,
      boxes,
      put('down: null, across: null', 'across: null, down: null'),
      'in another order',
    ],
    [
      'a label in other words',
      table,
      boxes,
      put('// Basket of fruit', '// Basket'),
      'does not say Basket of fruit in its place',
    ],
    ['a stub without its TODO', table, boxes, put('TODO: ', ''), 'should say in one TODO what to do'],
    [
      'a row too many',
      table,
      boxes,
      put('};', '  barrel: null,\n};'),
      'gives rows as basket, crate, barrel; rubric.yaml has basket, crate.',
    ],
    [
      'a column too many',
      table,
      boxes,
      put('across: null', 'across: null, up: null'),
      'gives the columns of basket as down, across, up',
    ],
    [
      'a stub that does not compile',
      table,
      boxes,
      put('boxes =', 'boxes: Boxes ='),
      "does not compile: Cannot find name 'Boxes'.",
    ],
    ['an export of another name', table, boxes, put('const boxes', 'const cases'), 'does not export boxes'],
    [
      'a row in other words in the handout',
      table,
      page,
      put('| Crate ', '| Box '),
      'has no table with the rows',
    ],
    [
      'a cell filled in in the handout',
      table,
      page,
      put('| Crate           |      |', '| Crate | 7 |'),
      'the row Crate should have empty cells',
    ],
    [
      'a question in other words',
      questions,
      notes,
      put('## 1. Which', '## 1. What'),
      'work/notes.md should have these headings',
    ],
    [
      'a question without its placeholder',
      questions,
      notes,
      put('<!-- Type here. -->', ''),
      'should hold the placeholder once under each of the 3 questions, and holds it 2 times',
    ],
    [
      'text above the questions that the rubric does not know',
      questions,
      notes,
      put('Pick two.', 'Write about whatever you found hard.'),
      'work/notes.md:3: this would count as a response',
    ],
    [
      'questions in another order',
      questions,
      page,
      put(/1\. (.*)\n2\. (.*)/, '1. $2\n2. $1'),
      'has no numbered list of the questions',
    ],
    ['another given value', numbers, page, put('7 apples', '8 apples'), 'says **8 apples**'],
    ['a given value that is not stated', numbers, page, put('**Sunny**', 'Sunny'), 'should state **Sunny**'],
    ['another sum of points', numbers, page, put('10 points', '12 points'), 'says **12 points**'],
    [
      'an example with another value',
      numbers,
      boxes,
      put('TODO', 'apples = 8'),
      'says apples = 8, and rubric.yaml gives 7',
    ],
    [
      'a picture with a number',
      numbers,
      page,
      put('1. Which', '```mermaid\nflowchart LR\n  a[7] --> b\n```\n\n1. Which'),
      'the picture shows a number',
    ],
    [
      'a link to the solution',
      links,
      page,
      put('../work/notes.md', '../solution/index.ts'),
      'links to solution/index.ts, which is not handed out',
    ],
    [
      'a badge without its workflow',
      links,
      page,
      put('# Fruit', '![](../../../actions/workflows/other.yml/badge.svg)\n# Fruit'),
      'links to .github/workflows/other.yml',
    ],
    [
      'a link that cannot be moved',
      contents,
      page,
      put('(../work/notes.md)', '(..&#x2f;work/notes.md)'),
      'the link to ../work/notes.md cannot be moved',
    ],
    ['a handout that is missing', contents, page, set(null), 'assignment/README.md is missing'],
    ...[
      [
        'a workflow that its linter refuses',
        'on: push',
        'on: pusch',
        'classroom.yml:2:5: unknown Webhook event "pusch"',
      ],
      ['a workflow of another name', 'Autograding Tests', 'Tests', 'should have the name Autograding Tests'],
      [
        'a job of another name',
        'run-autograding-tests',
        'grade',
        'should have one job, run-autograding-tests',
      ],
      [
        'a job for everybody',
        / {4}if: .*\n/,
        '',
        "should run only if: github.actor != 'github-classroom[bot]'",
      ],
      ['an action that may change', /@[0-9a-f]{40}/, '@v1', 'is not pinned to a commit'],
      [
        'a runner without its results',
        'REFLECTION_RESULTS',
        'REFLECTIONS',
        'should have env: REFLECTION_RESULTS: $',
      ],
      [
        'rights that are not needed',
        'contents: read',
        'contents: write',
        'should have these rights and no others: contents: read.',
      ],
      [
        'a job with a name of its own',
        'runs-on:',
        'name: Grading\n    runs-on:',
        'should have no name for its job',
      ],
      [
        'a shell that does nothing',
        'jobs:',
        "defaults:\n  run:\n    shell: bash -c 'exit 0' {0}\njobs:",
        'should have no defaults, shell',
      ],
      ['another trigger', 'on: push', 'on: [push, pull_request_target]', 'and on nothing else'],
      [
        'a grading that runs twice',
        'run: npm run autograde',
        'run: npm run autograde\n      - run: npm ci; npm run autograde',
        'should run npm run autograde once',
      ],
      [
        'a reporter of another case without its condition',
        / {6}- if: \$.*\n {8}uses: classroom/,
        '      - uses: Classroom',
        'should have if: $',
      ],
      [
        'an output of another name',
        'outputs.shapes }}',
        'outputs.reflection }}',
        'should have env: SHAPES_RESULTS: $',
      ],
      [
        'a posting step without its condition',
        / {6}- if: \$.*\n {8}uses/,
        '      - uses',
        'should have if: $',
      ],
      [
        'runners that are fixed',
        'runners: $',
        'runners: shapes,reflection # $',
        'should have with: runners: $',
      ],
      [
        'a push of some branches',
        'on: push',
        'on:\n  push:\n    branches: [main]',
        'should run on every push',
      ],
      [
        'a grading that may fail',
        'run: npm run autograde',
        '$&\n        continue-on-error: true',
        'neither strategy nor continue-on-error',
      ],
      [
        'a grading that may be left out',
        'run: npm run autograde',
        '$&\n        if: false',
        'in a step without if',
      ],
      [
        'rights for comments where none is written',
        'contents: read',
        'contents: read\n  pull-requests: write',
        'should have these rights and no others: contents: read.',
      ],
      [
        'rights for everything',
        /permissions:\n.*\n/,
        'permissions: write-all\n',
        'should have these rights and no others: contents: read.',
      ],
    ].map(
      ([name = '', from = '', to = '', says = '']) =>
        [
          name,
          workflows,
          '.github/workflows/classroom.yml',
          put(from, `${to}`),
          `${says}`,
        ] as (typeof cases)[number],
    ),
    [
      'a second workflow that grades',
      workflows,
      '.github/workflows/second.yml',
      set(`${wholeCourse['.github/workflows/classroom.yml']}`),
      'second.yml grades as well',
    ],
    [
      'a package that the lock does not know',
      contents,
      'package.json',
      put('"ajv"', '"no-such-package-of-ours": "^1.0.0", "ajv"'),
      'npm ends with ENOTCACHED. Run npm install',
    ],
    [
      'words of the solution',
      contents,
      'grader/score.ts',
      put('/**', '/** Turn it round, text: Only one kind lies in a basket. '),
      'grader/score.ts in the copy says',
    ],
    [
      'a file of the solution',
      contents,
      'grader/report/table.ts',
      set(readFileSync(at(root, 'solution/index.ts'), 'utf8')),
      'grader/report/table.ts in the copy is solution/index.ts',
    ],
    [
      'a file that has no place there',
      contents,
      page,
      put('../work/notes.md', 'README.md'),
      'The copy would hold assignment/README.md, which the stub imports or the handout links to.',
    ],
  ];

  test.each(cases)('%s', async (_name, check, file, change, says) => {
    const told = await foundWith(check, file, change);
    expect(told).toContain('broken: ');
    expect(told).toContain(says);
  });

  const knowing = (...misconceptions: Misconception[]): Course => ({
    ...course,
    solution: { ...course.solution, misconceptions },
  });
  const cause = (id: string, shape: Record<string, number>): Misconception => ({
    id,
    row: 'crate',
    shape,
    text: `About ${id}.`,
  });

  test('a known wrong answer that is right at these sizes is dropped, with a note', async () => {
    expect(await found(hints, knowing(cause('odd', { down: 7, across: 13 })))).toEqual([
      'note: odd for crate (down 7, across 13) is right at these sizes, so it gives no hint.',
    ]);
  });

  test('a number with two causes gives no hint, with a note', async () => {
    const known = [cause('wide', { across: 50 }), cause('deep', { across: 50 })];
    expect((await found(hints, knowing(...known))).join('\n')).toContain(
      'note: wide for crate (across 50) has more than one cause',
    );
  });

  test('a known wrong answer that the key does not know gets no hint, and that is broken', async () => {
    expect(await found(hints, knowing(cause('new', { down: 1, across: 2 })))).toEqual([
      'broken: new for crate (down 1, across 2) should give the hint new, and gives none. Correct solution/misconceptions.',
    ]);
  });

  test('rows that do not all know that they are transposed are found', async () => {
    const misconceptions = course.solution.misconceptions.filter(
      ({ id, row }) => id !== 'transposed' || row === 'basket',
    );
    const solution = { ...course.solution, misconceptions };
    expect((await found(hints, { ...course, solution, key: plainKey(solution) })).join('\n')).toContain(
      'A table that is transposed throughout should give one hint for the whole.',
    );
  });

  test('the code of the solution is found in the stub’s types too', async () => {
    const types = `// ${wholeCourse['solution/index.ts']?.replaceAll('\n', '\n// ')}\nexport type Box = null;\n`;
    const boxesWithTypes = `import type { Box } from './types';\nexport type { Box };\n${wholeCourse[boxes]}`;
    const whole = newCourse({ ...wholeCourse, 'work/types.ts': types, [boxes]: boxesWithTypes });
    expect((await found(contents, loadCourse(whole))).join('\n')).toContain('work/types.ts in the copy says');
  });

  test('a course without the workflow that grades is noted', async () => {
    const { '.github/workflows/classroom.yml': _, ...files } = wholeCourse;
    expect(await found(contents, loadCourse(newCourse(files)))).toEqual([
      expect.stringContaining('note: There is no .github/workflows/classroom.yml'),
    ]);
  });

  test('a solved table beside the stub, which the handout links to, is found', async () => {
    const whole = newCourse({
      ...wholeCourse,
      'assignment/example.ts': `// An example.\n${wholeCourse['solution/reference/work/boxes.ts']}`,
      'assignment/README.md': `${wholeCourse['assignment/README.md']}\n[Example](example.ts)\n`,
    });
    expect((await found(contents, loadCourse(whole))).join('\n')).toContain(
      'assignment/example.ts in the copy says',
    );
  });

  test('a key that takes a wrong cell for right is broken', async () => {
    const blind: AnswerKey = {
      digest: 'plain:blind',
      judge: async (_row, values) => ({
        cells: new Map([...values.keys()].map((column) => [column, 'right'])),
        hints: [],
      }),
    };
    expect((await found(singleCells, { ...course, key: blind })).join('\n')).toContain(
      'With only Basket of fruit · down changed to 8, what counts as wrong is: no cell.',
    );
  });

  test('a division of numbers that are not stated is found, where some are', async () => {
    const stated = ['12', '4'];
    const solution = { ...course.solution, stated };
    writeFiles(root, { [boxes]: `${wholeCourse[boxes]}// 12 / 4 and 12/5\n` });
    const told = await found(numbers, { ...course, solution });
    writeFiles(root, { [boxes]: wholeCourse[boxes] ?? '' });
    expect(told.join('\n')).toContain('work/boxes.ts says 12/5; stated of these are only 12, 4.');
    expect(told.join('\n')).not.toContain('12 / 4;');
  });

  test('a copy that was made from another key is broken', async () => {
    const other = plainKey({ ...course.solution, misconceptions: [] });
    expect((await found(grading, { ...course, key: other }, copy)).join('\n')).toContain(
      'The sealed key judges basket as 11 x 7 otherwise than the plain one.',
    );
  });

  test('a copy whose course says form, and that holds a key, is broken', async () => {
    const form: Course = { ...course, rubric: { ...course.rubric, selfCheck: 'form' } };
    expect((await found(grading, form, copy)).join('\n')).toContain(
      'self_check is form, and the copy holds a key.',
    );
    expect(await found(contents, form)).toEqual([]);
  });
});

describe('npm run check', () => {
  test('prints a line for each promise, and exits with 0 where all hold', () => {
    const { status, stdout, stderr } = runCheck(newCourse(wholeCourse));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.match(/^ok {6}/gm)).toHaveLength(checkCount);
    expect(stdout).toContain('16 checks, and all hold.');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('says under a broken promise what to mend, goes on with the others, and exits with 1', () => {
    const broken = { ...wholeCourse, 'assignment/README.md': '# Fruit\n' };
    const { status, stdout } = runCheck(newCourse(broken));
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^broken {2}Reflection and handout put the questions of the rubric\n {8}assignment\/README\.md has no numbered list/m,
    );
    expect(stdout).toContain('ok      The reference earns every point');
    expect(stdout).toMatch(/16 checks, \d broken\./);
  });

  test.each([
    [
      'a fault in the rubric',
      { 'rubric.yaml': rubricYaml.replace('points: 3', 'points: -3') },
      'reflection.points is -3',
    ],
    [
      'derivations that differ',
      {
        'solution/index.ts': `${wholeCourse['solution/index.ts']}`.replace(
          'observe = () => table',
          'observe = () => ({ ...table, crate: { down: 7, across: 14 } })',
        ),
      },
      'derive gives crate as 7 x 13, and observe as 7 x 14',
    ],
    [
      'a hint with a digit',
      { 'solution/index.ts': `${wholeCourse['solution/index.ts']}`.replace('Turn it round.', 'It is ７.') },
      'The hint transposed for basket, of misconceptions in solution/, holds a digit',
    ],
  ])('stops at %s, for nothing else can be told then', (_name, files, says) => {
    const { status, stdout } = runCheck(newCourse({ ...wholeCourse, ...files }));
    expect(status).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toContain(says);
    expect(stdout).toMatch(/[12] checks?, 1 broken\./);
    expect(stdout).toContain('The checks after that one have nothing to look at yet.');
  });
});
