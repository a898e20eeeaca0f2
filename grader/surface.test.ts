import { createHash } from 'node:crypto';
import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { classHosts } from './class/downloads/class-hosts';
import { postsFile } from './class/downloads/github';
import { responsesFile } from './class/output-files';
import { followUpFile, pageFile } from './class/pages/layout';
import { resultsFile, runFile, runVersion, unmatchedFile } from './class/results/graded-class';
import { statuses } from './class/results/student-result.schema';
import resultsSchema from './class/results/student-result.schema.json';
import { headingsByHand } from './class/results/tables-by-hand';
import { byHandFolder, changedName, feedbackFolder } from './class/returns/feedback-files';
import { gradesColumns, gradesFile } from './class/returns/grades-table';
import type { Context } from './command';
import reportSchema from './grading/report.schema.json';
import { hosts } from './hosts/registry';
import { instructorCommands } from './instructor';
import { kinds } from './kinds/registry';
import { RubricFileSchema } from './rubric/file.schema';
import { readText } from './system/files';
import { newCourse, newFolder, packageRoot, writeFiles } from './testing/folders';
import { runInProcess } from './testing/in-process';
import { answersOf, courseFiles, notesOf, rightAnswers } from './testing/worksheet';

// Lists everything that people see of the program, so that a change shows what it adds.
test('the snapshot lists every command, option, setting, status, kind, host, file and column that there is', async () => {
  const nowhere = { print: () => {}, printError: () => {}, hasColors: false, status: 0 };
  const context = { ...nowhere, courseRoot: packageRoot };
  expect(`\n${await surfaceOf(context)}`).toMatchSnapshot();
});

test('npm run check -- --version says which version of the grader it is', async () => {
  const { version } = JSON.parse(readText(packageRoot, 'package.json')) as { version: string };
  expect(await runInProcess(packageRoot, '--version')).toEqual({
    status: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
});

const course = newCourse(courseFiles);

test.each(Object.keys(instructorCommands))(
  'npm run %s says with --help what it is for, and with an option that it does not have where that is said',
  async (name) => {
    const help = await runInProcess(course, name, '--help');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`^Usage: npm run ${name} -- .*\\n\\n\\S`));
    // The options of autograde go to Jest.
    if (name === 'autograde') return;
    const { status, stdout, stderr } = await runInProcess(course, name, '--jsno');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: (?:unknown|required) option '--/);
    expect(stderr).toContain(`npm run ${name} -- --help says what it takes`);
  },
);

const grade = (root: string, ...args: string[]) => runInProcess(root, 'grade', ...args);

function submission(answers: string, notes = notesOf('a', 'b')): string {
  const root = newFolder('a student é');
  writeFiles(root, { 'work/boxes.ts': answers, 'work/notes.md': notes });
  return root;
}

describe('npm run grade', () => {
  const right = submission(rightAnswers);
  const wrong = submission(
    answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 1000 }'),
    notesOf('Pears'),
  );

  test('prints a worksheet back, whatever the score, and with --all tells of every wrong row', async () => {
    const { status, stdout, stderr } = await grade(course, wrong);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('5 of 10 points');
    expect(stdout).toContain('Basket of fruit: Only one kind lies in a basket.');
    expect((await grade(course, '--all', wrong)).stdout).toContain('Crate · across');
  });

  test('prints with --json the Report and nothing else, which names neither folder nor machine', async () => {
    const { stdout } = await grade(course, '--json', right);
    expect(JSON.parse(stdout)).toMatchObject({
      points: 10,
      possible: 10,
      rows: [{ id: 'basket' }, { id: 'crate' }],
    });
    const link = path.join(newFolder(), 'link');
    symlinkSync(submission(rightAnswers), link, 'junction');
    expect((await grade(course, '--json', link)).stdout).toBe(stdout);
  });

  test('prints with --as what a host would show or be given', async () => {
    for (const [host, part] of [
      ['github', 'notice title=Autograding complete'],
      ['gradescope', '"max_score": 1'],
      ['classroom50', '"max-score":'],
    ] as const)
      expect(await grade(course, '--as', host, wrong)).toMatchObject({
        status: 0,
        stdout: expect.stringContaining(part),
      });
  });

  test('runs nothing of a submission, and grades an empty one', async () => {
    const file = path.join(newFolder(), 'ran');
    const runs = `require('node:fs').writeFileSync(${JSON.stringify(file)}, '');\nprocess.exit(7);\n${rightAnswers}`;
    expect((await grade(course, submission(runs))).stdout).toContain('6 of 10 points');
    expect(existsSync(file)).toBe(false);
    const { status, stdout } = await grade(course, newFolder());
    expect(status).toBe(0);
    for (const name of ['work/boxes.ts', 'work/notes.md']) expect(stdout).toContain(`${name} is missing`);
  });

  test.each<[what: string, changes: object, args: string[], says: string]>([
    ['no such folder', {}, ['nowhere'], 'There is no folder or zip nowhere.'],
    ['a folder without a name', {}, [''], 'There is no folder or zip without a name.'],
    ['a host that there is not', {}, ['--as', 'blackboard'], 'github, classroom50, gradescope'],
    ['two forms at once', {}, ['--json', '--plain'], 'cannot be used with'],
    ['a bad rubric', { 'rubric.yaml': 'title: A' }, [], 'rubric.yaml:1:1: '],
    ['a solution without derive', { 'solution/index.ts': '' }, [], 'does not export derive'],
  ])(
    'ends with 2, no result and one plain message where it is given %s',
    async (_what, changes, args, says) => {
      const root = Object.keys(changes).length > 0 ? newCourse({ ...courseFiles, ...changes }) : course;
      const { status, stdout, stderr } = await grade(root, ...args);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(says);
      expect(stderr).not.toMatch(/\n {4}at /);
    },
  );
});

test('npm run hints prints the table of rows, and a line with its place for each hint', async () => {
  const source = String(courseFiles['solution/index.ts']).split('\n');
  const place = `solution/index.ts:${source.findIndex((line) => line.includes('Turn it round.')) + 1}`;
  const { status, stdout } = await runInProcess(course, 'hints');
  expect({ status, lines: stdout.trimEnd().split('\n') }).toEqual({
    status: 0,
    lines: [
      'Row     Hints',
      'basket  2      Basket of fruit',
      'crate   3      Crate',
      '',
      'Basket of fruit',
      `${place}: Turn it round.`,
      `${place}: Only one kind lies in a basket.`,
      '',
      'Crate',
      `${place}: Turn it round.`,
      `${place}: Either: Nothing was peeled. Or: Nothing was sliced.`,
      `${place}: Nothing was peeled.`,
    ],
  });
  expect((await runInProcess(course, 'hints', 'bascet')).stderr).toContain('The rows are basket, crate.');
});

test('npm run hints prints a hint alone whose text and id the solution puts together', async () => {
  const index = String(courseFiles['solution/index.ts']);
  const joined = index.replaceAll('"Turn it', '"Turn " + "it').replaceAll('"transposed', '"trans" + "posed');
  const root = newCourse({ ...courseFiles, 'solution/index.ts': joined });
  const { stdout } = await runInProcess(root, 'hints', 'basket');
  expect(stdout).toMatch(/^Basket of fruit\nTurn it round\.\n/);
});

test('npm run hints with --all prints for every wrong answer of a row what a student reads', async () => {
  const { stdout } = await runInProcess(course, 'hints', 'basket', '--all');
  expect(
    stdout
      .replaceAll(/:\d+\)/g, ')')
      .trimEnd()
      .split('\n'),
  ).toEqual([
    'Basket of fruit',
    'down 11, across 7 (solution/index.ts)',
    '    Turn it round.',
    'down 7, across 24 (solution/index.ts)',
    '    Only one kind lies in a basket.',
    'down 70; across 70',
    '    70 could be how many seeds an apple has, or how many leaves a twig has.',
    '    Which did you mean?',
    'across 7',
    '    7 is how many apples there are.',
  ]);
});

test('the number of a format goes up with its fields', () => {
  // The description of a field is not part of its form.
  const digestOf = (schema: object) =>
    createHash('sha256')
      .update(JSON.stringify(schema, (name, value) => (name === 'description' ? undefined : value)))
      .digest('hex')
      .slice(0, 16);
  // If a digest changes, raise the number of that format, and write both here.
  expect({
    report: [reportSchema.properties.version.const, digestOf(reportSchema)],
    results: [runVersion, digestOf(resultsSchema)],
  }).toEqual({
    report: [12, 'a63ebdb1bcdd5cad'],
    results: [22, 'c2d7051ba4252f79'],
  });
});

/** Lists the commands, options, settings, statuses, kinds, hosts, files that a run writes, and columns of grades.csv. */
async function surfaceOf(context: Context): Promise<string> {
  const { scripts } = JSON.parse(readText(context.courseRoot, 'package.json')) as { scripts: object };
  const options = await Promise.all(
    Object.entries(instructorCommands).map(async ([name, { load }]) => {
      const configure = await load();
      const names = configure(new Command(name), context).options.flatMap(({ long, hidden }) =>
        long && !hidden ? [long] : [],
      );
      return [`options of ${name}`, names] as const;
    }),
  );
  const parts: Record<string, readonly string[]> = {
    command: Object.keys(scripts).filter((name) => !name.startsWith('post')),
    ...Object.fromEntries(options.filter(([, names]) => names.length > 0)),
    setting: [...new Set(settingsIn(RubricFileSchema))],
    status: [...statuses, 'unmatched'],
    kind: kinds.map(({ id }) => id),
    host: hosts.map(({ id }) => id),
    file: [
      ...[pageFile, followUpFile, resultsFile, unmatchedFile, runFile, responsesFile],
      ...Object.keys(headingsByHand),
      gradesFile,
      ...classHosts.flatMap((host) => Object.keys(host.gradebooks ?? {})),
      ...[...classHosts.flatMap(archivesOf), postsFile, `${byHandFolder}/`].map(
        (file) => `${feedbackFolder}/${file}`,
      ),
    ],
    column: gradesColumns.map(([heading]) => heading),
  };
  return Object.entries(parts)
    .map(([part, names]) => `${part}: ${names.join(', ')}\n`)
    .join('');
}

/** The archives of feedback for a host. */
const archivesOf = ({ archive }: (typeof classHosts)[number]) =>
  archive ? [archive, changedName(archive)] : [];

/** `tables.rows.id`, for each property that a JSON Schema has at any depth. */
function settingsIn(schema: object, above = ''): string[] {
  return Object.entries(schema).flatMap(([name, part]: [string, unknown]) => {
    if (typeof part !== 'object' || part === null) return [];
    if (name !== 'properties') return settingsIn(part, above);
    return Object.entries(part).flatMap(([own, below]) => [
      above + own,
      ...settingsIn(below, `${above}${own}.`),
    ]);
  });
}
