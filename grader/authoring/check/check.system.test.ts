import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { type Course, loadCourse } from '../../course';
import { resolvePath } from '../../files';
import { gradeFolder } from '../../grading/context';
import reportSchema from '../../grading/report.schema.json';
import type { Misconception } from '../../key/hints';
import type { AnswerKey } from '../../key/key';
import { plainKey } from '../../key/plain';
import { gradedCells } from '../../render/status';
import { renderTerminal } from '../../render/terminal';
import {
  newCourse,
  newFolder,
  newOwnCourse,
  packageRoot,
  removeFolders,
  writeFiles,
} from '../../testing/folders';
import { runInProcess } from '../../testing/in-process';
import { runCommand } from '../../testing/run';
import { rubricYaml, wholeCourse } from '../../testing/worksheet';
import { pruneLock } from '../release/npm';
import { graderFile } from '../release/students-copy';
import { checkCount, findingsOf, ofCopy, ofCourse } from './check';
import { contentsCheck, gradingCheck, hostsCheck, partsCheck } from './copy';
import type { Check } from './finding';
import { generatedCheck, linksCheck, referenceCheck } from './generated';
import { hintsCheck, singleCellsCheck } from './key';
import { leaks } from './leaks';
import { remembered } from './memory';
import { workflowsCheck } from './workflows';

const runCheck = (courseRoot: string, ...args: string[]) => runCommand(courseRoot, 'check', ...args);

afterAll(removeFolders);

/** The kinds and codes of the findings of a check. */
async function found(check: Check, course: Course, copy = newFolder()): Promise<string[]> {
  return (await findingsOf(check, course, copy)).map(({ kind, code }) => `${kind}: ${code}`);
}

/**
 * Notes that even a complete course gets: what copying across laws earns, how many answers get a reason, that
 * a vote has no sizes, and that the invented course has no notice.
 */
const usual = [
  'note: laws-copied',
  'note: reasons-explained',
  'note: vote-without-sizes',
  'note: notice-without-duration',
];
const isUnusual = (finding: string) => !usual.includes(finding);

describe('this package', () => {
  // The stub as it is handed out, so that assignment/ may be filled in while someone tries it.
  const root = newOwnCourse();
  const course = loadCourse(root);
  const copy = newFolder();

  test.each([...ofCourse, ...ofCopy].map((check) => [check.claim, check] as const))(
    'keeps its promise: %s',
    async (_promise, check) => {
      expect((await found(check, course, copy)).filter(isUnusual)).toEqual([]);
    },
  );

  const submissions = readdirSync(resolvePath(root, 'solution/fixtures')).map((name) => `fixtures/${name}`);
  const validate = new Ajv().compile(reportSchema);

  test.each([...submissions, 'reference'])(
    'grades solution/%s to a Report that fits the schema, gives a reason for every lost point and prints within 80 columns',
    async (name) => {
      const report = await gradeFolder(resolvePath(root, `solution/${name}`), course.rubric, course.key);
      expect(validate(JSON.parse(JSON.stringify(report)))).toBe(true);
      for (const cell of gradedCells(report)) {
        const isTold = cell.outcome === 'blank' || cell.reason !== undefined;
        expect(cell.points === cell.possible || isTold).toBe(true);
      }
      const lines = renderTerminal(report, { hasColors: false }).split('\n');
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
    },
  );
});

describe('what is broken is found, and the line says what to do', () => {
  const root = newCourse(wholeCourse);
  const course = loadCourse(root);
  const copy = newFolder();

  test('in a course that is whole there is nothing to find', async () => {
    for (const check of [...ofCourse, ...ofCopy])
      expect((await found(check, course, copy)).filter(isUnusual)).toEqual([]);
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
    for (const check of [contentsCheck, partsCheck, hostsCheck])
      expect((await found(check, one, made)).filter((finding) => finding.startsWith('failed'))).toEqual([]);
    writeFiles(made, { 'grader/debug.ts': 'export const right = { q: [1, 2], k: [1, 3] };' });
    expect(leaks(one, made, ['grader/debug.ts']).map(({ kind }) => kind)).toEqual(['failed', 'failed']);
  });

  /** Returns the new text of a file, or null to remove the file. */
  type Change = (text: string) => string | null;
  const put =
    (from: string | RegExp, to: string): Change =>
    (text) =>
      text.replace(from, to);
  const set = (text: string | null) => () => text;

  /** Returns the findings of a check with one file changed, and restores the file. */
  async function foundWith(check: Check, file: string, change: Change): Promise<string[]> {
    const before = existsSync(resolvePath(root, file))
      ? readFileSync(resolvePath(root, file), 'utf8')
      : undefined;
    const after = change(before ?? '');
    expect(after).not.toBe(before);
    try {
      if (after === null) rmSync(resolvePath(root, file));
      else writeFiles(root, { [file]: after });
      const made = [contentsCheck, partsCheck, linksCheck].includes(check) ? newFolder() : copy;
      if (check === partsCheck || check === linksCheck) await found(contentsCheck, course, made);
      return await found(check, course, made);
    } finally {
      if (before === undefined) rmSync(resolvePath(root, file));
      else writeFiles(root, { [file]: before });
    }
  }

  const page = 'assignment/README.md';
  const [template, solved] = ['solution/handout.md', 'solution/reference/work/boxes.ts'];
  const cases: [name: string, check: Check, file: string, change: Change, code: string][] = [
    [
      'a handout that was changed by hand',
      generatedCheck,
      page,
      put('7 apples', '8 apples'),
      'generated-out-of-date',
    ],
    ['a handout that is missing', generatedCheck, page, set(null), 'generated-out-of-date'],
    [
      'types of another row',
      generatedCheck,
      'work/worksheet.ts',
      put('crate: Row', 'barrel: Row'),
      'generated-out-of-date',
    ],
    [
      'a fixture that was changed by hand',
      generatedCheck,
      'solution/fixtures/blank/work/boxes.ts',
      put('null', '7'),
      'generated-out-of-date',
    ],
    [
      'what a fixture earns, changed by hand',
      generatedCheck,
      'solution/reference/expected.yaml',
      put('points: 10', 'points: 9'),
      'generated-out-of-date',
    ],
    [
      'a file that a fixture no longer has',
      generatedCheck,
      'solution/fixtures/blank/work/extra.ts',
      set('export {};'),
      'generated-out-of-date',
    ],
    [
      'a number that somebody typed into the handout',
      generatedCheck,
      template,
      (text) => `${text}\nEach basket takes 77 pears.\n`,
      'handout-number-by-hand',
    ],
    [
      'a template that refers to what there is not',
      generatedCheck,
      template,
      put('{{ apples', '{{ pears'),
      'unknown-fact',
    ],
    [
      'a fixture with a field that there is not',
      generatedCheck,
      'solution/fixtures/blank/fixture.yaml',
      set('about: The stub.\nstarts: stub\n'),
      'yaml-faults',
    ],
    [
      'a fixture without its description',
      generatedCheck,
      'solution/fixtures/blank/fixture.yaml',
      set(null),
      'fixture-without-file',
    ],
    ['a wrong reference', referenceCheck, solved, put('13', '12'), 'reference-short'],
    [
      'a short reference',
      referenceCheck,
      'solution/reference/work/notes.md',
      put('Lemons, of course.', ''),
      'reference-short',
    ],
    [
      'a right answer at the end of a sentence',
      contentsCheck,
      template,
      put('{{ table }}', 'A crate is 7 x 13.\n\n{{ table }}'),
      'answer-in-copy',
    ],
    [
      'a right answer with its columns first',
      contentsCheck,
      template,
      put('{{ table }}', 'A crate (13 across, 7 down).\n\n{{ table }}'),
      'answer-in-copy',
    ],
    [
      'a right answer in a second table',
      contentsCheck,
      template,
      put('{{ table }}', '| crate |\n| --- |\n| 7 |\n| 13 |\n\n{{ table }}'),
      'answer-in-copy',
    ],
    [
      'a link to the solution',
      linksCheck,
      template,
      put('{{ reflection.link }}', 'solution/index.ts'),
      'handout-link',
    ],
    [
      'a badge without its workflow',
      linksCheck,
      template,
      put('# {{', '![]({{ actions }}/workflows/other.yml/badge.svg)\n# {{'),
      'handout-link',
    ],
    ...[
      ['a workflow that is no YAML', 'on: push', 'on: [push', 'workflow-unreadable'],
      ['a workflow of another form', 'steps:', 'steps: 5\n    others:', 'workflow-foreign'],
      ['a trigger that there is not', 'on: push', 'on: pusch', 'workflow-trigger'],
      ['a workflow of another name', 'Autograding Tests', 'Tests', 'workflow-name'],
      ['a job of another name', 'run-autograding-tests', 'grade', 'workflow-job'],
      [
        'an action that may change',
        'steps:',
        'steps:\n      - uses: actions/checkout@v7',
        'workflow-action-not-pinned',
      ],
      ['rights that are not needed', 'contents: read', 'contents: write', 'workflow-rights'],
      ['a job with a name of its own', 'runs-on:', 'name: Grading\n    runs-on:', 'workflow-job-name'],
      [
        'a shell that does nothing',
        'jobs:',
        "defaults:\n  run:\n    shell: bash -c 'exit 0' {0}\njobs:",
        'workflow-defaults',
      ],
      ['another trigger', 'on: push', 'on: [push, pull_request_target]', 'workflow-trigger'],
      [
        'a grading that runs twice',
        'run: npm run autograde',
        'run: npm run autograde\n      - run: npm ci; npm run autograde',
        'workflow-grading-step',
      ],
      ['a push of some branches', 'on: push', 'on:\n  push:\n    branches: [main]', 'workflow-trigger'],
      [
        'a grading that may fail',
        'run: npm run autograde',
        '$&\n        continue-on-error: true',
        'workflow-strategy',
      ],
      [
        'a grading that may be left out',
        'run: npm run autograde',
        '$&\n        if: false',
        'workflow-grading-step',
      ],
      [
        'rights for comments where none is written',
        'contents: read',
        'contents: read\n  pull-requests: write',
        'workflow-rights',
      ],
      ['rights for everything', /permissions:\n.*\n/, 'permissions: write-all\n', 'workflow-rights'],
    ].map(
      ([name = '', from = '', to = '', code = '']) =>
        [
          name,
          workflowsCheck,
          '.github/workflows/classroom.yml',
          put(from, `${to}`),
          `${code}`,
        ] as (typeof cases)[number],
    ),
    [
      'a second workflow that grades',
      workflowsCheck,
      '.github/workflows/second.yml',
      set(`${wholeCourse['.github/workflows/classroom.yml']}`),
      'workflow-second-grading',
    ],
  ];

  test.each(cases)('%s', async (_name, check, file, change, code) => {
    expect(await foundWith(check, file, change)).toContain(`failed: ${code}`);
  });

  /** Makes a copy with a change in the grader's own code. */
  async function withGrader(from: string, to: string): Promise<string> {
    const changed = newFolder();
    await found(contentsCheck, course, changed);
    const text = readFileSync(resolvePath(changed, graderFile), 'utf8');
    expect(text).toContain(from);
    writeFiles(changed, { [graderFile]: text.replace(from, () => to) });
    return changed;
  }

  test('a bundle that gives other points is broken', async () => {
    const changed = await withGrader('{ ...report, points }', '{ ...report, points: 1 }');
    expect(await found(hostsCheck, course, changed)).toContain('failed: bundle-grades-otherwise');
  });

  test.each([
    ['the right table', 'const table = {"basket":[7,11],"crate":[7,13]};', 'answer-in-copy'],
    [
      'words of the solution',
      '// Turn it round, text: Only one kind lies in a basket.',
      'solution-words-in-copy',
    ],
  ])('%s in the grader is found', async (_name, text, code) => {
    const place = '// grader/cli.ts\n';
    const changed = await withGrader(place, `${place}${text}\n`);
    const [found] = leaks(course, changed, [graderFile]);
    expect(found).toMatchObject({ kind: 'failed', code });
  });

  test('what a finding quotes stands in the file and the line that it names', async () => {
    const made = newFolder();
    const files = {
      'work/a.md': 'One.\n\n| Crate |\n| 7 |\n|    13 |\n',
      'work/b.md': 'Two.\n\nTurn It round — text:\nOnly one kind lies in a basket.\n',
    };
    writeFiles(made, files);
    // A part of a larger number is not an answer.
    writeFiles(made, { 'work/c.md': 'Crate: 7,100 and 13\n', 'work/d.md': 'Crate: 7 and 13,500\n' });
    expect(leaks(course, made, ['work/c.md', 'work/d.md'])).toEqual([]);
    const findings = leaks(course, made, Object.keys(files));
    expect(findings.map(({ code }) => code)).toEqual(['solution-words-in-copy', 'answer-in-copy']);
    for (const { text } of findings) {
      const [, file = '', line, quote = ''] = /^(\S+):(\d+) .*?“(.*?)”/.exec(text) ?? [];
      const lines = readFileSync(resolvePath(made, file), 'utf8').split('\n');
      const rest = lines
        .slice(Number(line) - 1)
        .join(' ')
        .replace(/\s+/g, ' ');
      expect(rest).toContain(quote);
      expect(lines[Number(line) - 1]).toContain(quote.split(' ')[0]);
    }
  });

  test('a file of the solution in the copy is found, whatever it is called', async () => {
    const solution = readFileSync(resolvePath(root, 'solution/index.ts'), 'utf8');
    const made = newFolder();
    writeFiles(made, { 'work/table.txt': solution });
    expect(leaks(course, made, ['work/table.txt']).map(({ code }) => code)).toEqual([
      'solution-file-in-copy',
    ]);
  });

  test('a package that the lock does not know is told with what to run', async () => {
    const folder = newFolder();
    cpSync(path.join(packageRoot, 'package-lock.json'), path.join(folder, 'package-lock.json'));
    writeFiles(folder, { 'package.json': '{ "dependencies": { "no-such-package-of-ours": "^1.0.0" } }' });
    await expect(pruneLock(folder)).rejects.toThrow(expect.objectContaining({ code: 'lock-not-pruned' }));
  });

  const knowing = (...misconceptions: Misconception[]): Course => ({
    ...course,
    solution: { ...course.solution, misconceptions },
  });
  const cause = (id: string, values: Record<string, number>): Misconception => ({
    id,
    row: 'crate',
    values,
    text: `About ${id}.`,
  });

  test('a known wrong answer that is right at these sizes is dropped, with a note', async () => {
    expect(await found(hintsCheck, knowing(cause('odd', { down: 7, across: 13 })))).toEqual([
      'note: misconception-right',
    ]);
  });

  test('a number with two causes gives no hint, with a note', async () => {
    const known = [cause('wide', { across: 50 }), cause('deep', { across: 50 })];
    expect(await found(hintsCheck, knowing(...known))).toContain('note: misconception-ambiguous');
  });

  test('a known wrong answer that the key does not know gets no hint, and that is broken', async () => {
    expect(await found(hintsCheck, knowing(cause('new', { down: 1, across: 2 })))).toEqual([
      'failed: misconception-not-hinted',
    ]);
  });

  test('rows that do not all know that they are transposed are found', async () => {
    const misconceptions = course.solution.misconceptions.filter(
      ({ id, row }) => id !== 'transposed' || row === 'basket',
    );
    const solution = { ...course.solution, misconceptions };
    const key = plainKey(course.rubric, solution);
    expect(await found(hintsCheck, { ...course, solution, key })).toContain(
      'failed: transposed-table-not-whole',
    );
  });

  test('a key that takes a wrong cell for right is broken', async () => {
    const blind: AnswerKey = {
      digest: 'plain:blind',
      judge: async ({ cells }) => cells.map((cell) => ({ ...cell, verdict: 'right' })),
    };
    expect(await found(singleCellsCheck, { ...course, key: blind })).toContain(
      'failed: wrong-cell-not-alone',
    );
  });

  test('a copy that was made from another key is broken', async () => {
    const other = plainKey(course.rubric, { ...course.solution, misconceptions: [] });
    expect(await found(gradingCheck, { ...course, key: other }, copy)).toContain(
      'failed: copy-judges-otherwise',
    );
  });

  test('a reflection that counts as answered before anybody wrote is the course’s fault', async () => {
    const rubric = rubricYaml.replace('    Pick two.\n', '    Pick two.\n    <img src="fruit.png">\n');
    const odd = loadCourse(newCourse({ ...wholeCourse, 'rubric.yaml': rubric }));
    const made = newFolder();
    await found(contentsCheck, odd, made);
    expect(await found(gradingCheck, odd, made)).toContain('failed: copy-reflection-answered');
  });

  test('a copy whose course says form, and that holds a key, is broken', async () => {
    const form: Course = { ...course, rubric: { ...course.rubric, selfCheck: 'form' } };
    expect(await found(gradingCheck, form, copy)).toContain('failed: copy-holds-key');
    expect(await found(contentsCheck, form)).toEqual([]);
  });
});

describe('npm run check', () => {
  test('prints a line for each promise, and exits with 0 where all hold', () => {
    const { status, stdout, stderr } = runCheck(newCourse(wholeCourse));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.match(/^ok {6}/gm)).toHaveLength(checkCount);
    expect(stdout).toContain(`${checkCount} checks passed.`);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('does not repeat what passed, until something that it reads is another', () => {
    const root = newCourse(wholeCourse);
    const again = 'checks passed, and nothing has changed since.';
    expect(runCheck(root).stdout).not.toContain(again);
    const { status, stdout } = runCheck(root);
    expect(status).toBe(0);
    expect(stdout.match(/^ok {6}/gm)).toHaveLength(checkCount);
    expect(stdout).toContain(again);
    const released = runCommand(root, 'release');
    expect(released).toMatchObject({ status: 0, stderr: '' });
    expect(released.stdout).toContain(again);
    expect(existsSync(resolvePath(root, 'dist/student/grader/sealed-key.json'))).toBe(true);
    for (const [file, from, to] of [
      ['solution/index.ts', 'Turn it round.', 'Turn it.'],
      ['rubric.yaml', 'Crate', 'Crates'],
      ['work/boxes.ts', 'null', '7'],
      ['.github/workflows/classroom.yml', 'push', 'pull_request'],
    ] as const) {
      const before = readFileSync(resolvePath(root, file), 'utf8');
      expect(remembered(root)).toHaveLength(checkCount);
      writeFiles(root, { [file]: before.replace(from, to) });
      expect(remembered(root)).toBeUndefined();
      writeFiles(root, { [file]: before });
    }
    writeFiles(root, { '.graded/checked.json': '{' });
    expect(remembered(root)).toBeUndefined();
  });

  test('says under a broken promise what to do, goes on with the others, and exits with 1', async () => {
    const broken = { ...wholeCourse, 'assignment/README.md': '# Fruit\n' };
    const root = newCourse(broken);
    const { status, stdout } = await runInProcess(root, 'check');
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^failed {2}Stub, handout, fixtures and schemas are what .*\n.*give\n {8}assignment\/README\.md differs/m,
    );
    expect(stdout).toContain('ok      The reference earns every point');
    expect(stdout).toMatch(/\d+ checks, \d failed\./);
    expect(remembered(root)).toBeUndefined();
  });

  test('goes on with the others where the copy cannot be made, and leaves nothing of a release', () => {
    const root = newCourse(wholeCourse);
    rmSync(resolvePath(root, 'package.json'));
    for (const command of ['check', 'release']) {
      const { status, stdout, stderr } = runCommand(root, command);
      expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
      expect(stdout).toContain('package.json is missing');
      expect(stdout).toContain('ok      The workflows lose no points silently');
    }
    expect(existsSync(resolvePath(root, 'dist')) ? readdirSync(resolvePath(root, 'dist')) : []).toEqual([]);
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
          'measure = () => table',
          'measure = () => ({ ...table, crate: { down: 7, across: 14 } })',
        ),
      },
      'at row crate, column across: derive gives 13, and measure 14.',
    ],
    [
      'a hint with a digit',
      { 'solution/index.ts': `${wholeCourse['solution/index.ts']}`.replace('Turn it round.', 'It is ７.') },
      'The hint of misconception transposed of row basket holds a digit',
    ],
  ])('stops at %s, for nothing else can be told then', async (_name, files, says) => {
    const { status, stdout } = await runInProcess(newCourse({ ...wholeCourse, ...files }), 'check');
    expect(status).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toContain(says);
    expect(stdout).toMatch(/[12] checks?, 1 failed\./);
    expect(stdout).toContain('The other checks need this one to pass first.');
  });
});
