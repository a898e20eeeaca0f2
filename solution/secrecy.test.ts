import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gradeFolder } from '../grader/grade';
import { plainKey } from '../grader/key/plain';
import { loadSolution } from '../grader/key/solution';
import { json } from '../grader/report/escape/json';
import type { Report } from '../grader/report/report.schema';
import { renderTerminal } from '../grader/report/terminal';
import { testsOf } from '../grader/report/tests';
import { loadRubric } from '../grader/rubric/load';
import type { Rubric } from '../grader/rubric/rubric';
import { score } from '../grader/score';
import { readAnswers } from '../grader/submission/answers/read';
import { newCourse, packageRoot, removeFolders, writeFiles } from '../grader/testing/folders';
import { type Finished, runGrade, runJest } from '../grader/testing/run';

/**
 * No output tells what a cell should hold. The worksheet is set in primes here, so that an expected
 * value cannot hide among the numbers that the handout gives: these are the only ways to see one.
 */
const tokens = 1999;
const nHeads = 1009;
const dHead = 1013;
const dModel = nHeads * dHead;
const secrets = [tokens, nHeads, dHead, dModel];

let course: string;
beforeAll(() => {
  const read = (file: string) => readFileSync(path.join(packageRoot, ...file.split('/')), 'utf8');
  course = newCourse({});
  cpSync(path.join(packageRoot, 'solution'), path.join(course, 'solution'), { recursive: true });
  const blank = path.join(packageRoot, 'solution', 'fixtures', 'blank', 'assignment');
  cpSync(blank, path.join(course, 'assignment'), { recursive: true });
  const card = `['Prime', { dModel: ${dModel}, nHeads: ${nHeads}, nLayers: 1, context, vocabulary }],`;
  writeFiles(course, {
    'rubric.yaml': read('rubric.yaml')
      .replace(/model: .*/, 'model: Prime')
      .replace(/tokens: \d+/, `tokens: ${tokens}`),
    'solution/model-card.ts': read('solution/model-card.ts').replace(
      "['LLaMA-7B',",
      `${card}\n  ['LLaMA-7B',`,
    ),
  });
});
afterAll(removeFolders);

/** The secrets that a text shows, other than those that were typed. */
function told(text: string, typed: readonly number[] = []): number[] {
  return secrets.filter(
    (secret) =>
      !typed.includes(secret) &&
      new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(text.replaceAll(/[,_](?=\d{3})/g, '')),
  );
}

/** A Report in every rendering there is. */
function shown(report: Report, rubric: Rubric): string {
  const tests = JSON.stringify(testsOf(report, rubric));
  return [renderTerminal(report, rubric, { colour: false }), json(report), tests].join('\n');
}

const printed = ({ stdout, stderr }: Finished) => `${stdout}\n${stderr}`;

test('the course really is set in primes: its own numbers are right, and the old ones wrong', () => {
  writeFiles(course, {
    'assignment/answers.ts': `export const shapes = { input: { rows: ${tokens}, columns: ${dModel} }, queries: { rows: 100, columns: ${dHead} } };`,
  });
  const { stdout } = runGrade(course, '--json');
  const { cells } = JSON.parse(stdout) as Report;
  expect(cells.filter(({ outcome }) => outcome === 'correct')).toHaveLength(3);
  expect(told(stdout)).toHaveLength(3);
});

const telling = ['typical', 'transposed', 'malformed', 'blank'];

test('the command line and its JSON tell no value', () => {
  for (const name of telling) {
    for (const args of [[], ['--json']]) {
      expect(told(printed(runGrade(course, ...args, `solution/fixtures/${name}`)))).toEqual([]);
    }
  }
});

test('the Jest grader tells no value, in its own words, in Jest’s or in what it leaves behind', () => {
  for (const name of telling) {
    const fixture = path.join(course, 'solution', 'fixtures', name, 'assignment');
    cpSync(fixture, path.join(course, 'assignment'), { recursive: true });
    for (const args of [[], ['--reporters=default', '--verbose', '--expand']]) {
      expect(told(printed(runJest(course, ...args)))).toEqual([]);
    }
    const left = readdirSync(path.join(course, '.graded'));
    expect(
      told(left.map((file) => readFileSync(path.join(course, '.graded', file), 'utf8')).join('\n')),
    ).toEqual([]);
  }
});

test('no fixture makes any rendering tell a value', async () => {
  const rubric = loadRubric(course);
  const key = plainKey(loadSolution(course, rubric, false));
  for (const name of readdirSync(path.join(course, 'solution', 'fixtures'))) {
    const report = await gradeFolder(path.join(course, 'solution', 'fixtures', name), rubric, key);
    expect(told(shown(report, rubric))).toEqual([]);
  }
});

test('no wrong answer, known or not, makes any rendering tell a value that was not typed', async () => {
  const rubric = loadRubric(course);
  const solution = loadSolution(course, rubric, false);
  const key = plainKey(solution);
  const { columns, rows } = rubric.table;
  const shapes = rows.flatMap(({ id: row }) => [
    ...solution.misconceptions.filter((entry) => entry.row === row).map(({ shape }) => ({ row, shape })),
    ...[1, 2, 77_777, ...secrets].map((value) => ({
      row,
      shape: Object.fromEntries(columns.map(({ id }) => [id, value])),
    })),
  ]);
  for (const { row, shape } of shapes) {
    const source = `export const ${rubric.table.export} = ${JSON.stringify({ [row]: shape })};`;
    const report = await score(rubric, { answers: readAnswers(source, rubric.table) }, key);
    expect(told(shown(report, rubric), Object.values(shape))).toEqual([]);
  }
});

test('a table that is right but for every cell of one value does not tell that value', async () => {
  const rubric = loadRubric(course);
  const solution = loadSolution(course, rubric, false);
  for (const secret of [tokens, dHead, dModel]) {
    const hidden = [...solution.expected].map(([row, cells]) => [
      row,
      Object.fromEntries([...cells].map(([column, value]) => [column, value === secret ? 5 : value])),
    ]);
    const source = `export const ${rubric.table.export} = ${JSON.stringify(Object.fromEntries(hidden))};`;
    const report = await score(rubric, { answers: readAnswers(source, rubric.table) }, plainKey(solution));
    expect(told(shown(report, rubric))).not.toContain(secret);
  }
});
