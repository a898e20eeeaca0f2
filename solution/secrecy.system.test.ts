import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { graderFile, makeCopy } from '../grader/authoring/release/make';
import { seal } from '../grader/authoring/release/seal';
import { program } from '../grader/build';
import { loadCourse } from '../grader/course';
import { listFiles, readText } from '../grader/system/files';
import { gradeFolder } from '../grader/grading/context';
import type { Report } from '../grader/grading/report.schema';
import { score } from '../grader/grading/score';
import { type AnswerKey, plainKey } from '../grader/key/key';
import { sealedKey } from '../grader/key/sealed';
import { loadSolution } from '../grader/key/solution';
import type { Answer } from '../grader/kinds/kind';
import { type PageData, worksheetPageFile, writePage } from '../grader/page/page';
import { indentedJson } from '../grader/render/escape/json';
import { gradedCells } from '../grader/render/status';
import { renderTerminal } from '../grader/render/terminal';
import { testsOf } from '../grader/render/tests';
import { loadRubric } from '../grader/rubric/load';
import { allRowsOf, cellsOf, type Rubric, rowsOf } from '../grader/rubric/rubric';
import { readSubmission } from '../grader/submission/submission';
import { newFolder, newOwnCourse, packageRoot, removeFolders, writeFiles } from '../grader/testing/folders';
import { asFoundFiles } from '../grader/testing/grade';
import { type Finished, runGrade, runJest } from '../grader/testing/run';

/**
 * No output reveals the expected value of a cell. The sizes of the worksheet are primes here, so that
 * an expected value cannot hide among the other numbers: it can only appear as one of these.
 */
const tokens = 1999;
const nHeads = 1009;
const dHead = 1013;
const dModel = nHeads * dHead;
const secrets = [tokens, nHeads, dHead, dModel];

let course: string;
beforeAll(() => {
  const read = (file: string) => readFileSync(path.join(packageRoot, ...file.split('/')), 'utf8');
  course = newOwnCourse();
  const card = `Prime: { ...llama, dModel: ${dModel}, nHeads: ${nHeads}, nLayers: 1, dFeedForward: 1 },`;
  writeFiles(course, {
    'rubric.yaml': read('rubric.yaml')
      .replace(/model: .*/, 'model: Prime')
      .replace(/tokens: \d+/, `tokens: ${tokens}`),
    'solution/model.ts': read('solution/model.ts').replace("'LLaMA-7B':", `${card}\n  'LLaMA-7B':`),
  });
});
afterAll(removeFolders);

/** Returns the secrets that a text shows, other than those that the student wrote. */
function told(text: string, written: readonly Answer[] = []): number[] {
  return secrets.filter(
    (secret) =>
      !written.includes(secret) &&
      new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(text.replaceAll(/[,_](?=\d{3})/g, '')),
  );
}

/** Grades the text of an answers file, without a reflection. */
function gradeSource(rubric: Rubric, source: string, key: AnswerKey): Promise<Report> {
  return score(rubric, readSubmission(asFoundFiles({ [rubric.file]: source }), rubric), key);
}

/** Renders a report for the terminal, as JSON and as tests. */
function shown(report: Report): string {
  const tests = JSON.stringify(testsOf(report));
  return [renderTerminal(report, { hasColors: false }), indentedJson(report), tests].join('\n');
}

const printed = ({ stdout, stderr }: Finished) => `${stdout}\n${stderr}`;

test('the course really is set in primes: its own numbers are right, and the old ones wrong', () => {
  writeFiles(course, {
    'assignment/answers.ts': `export const shapes = { input: { rows: ${tokens}, columns: ${dModel} }, queries: { rows: 100, columns: ${dHead} } };`,
  });
  const { stdout } = runGrade(course, '--json');
  const report = JSON.parse(stdout) as Report;
  expect(gradedCells(report).filter(({ outcome }) => outcome === 'correct')).toHaveLength(3);
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
  const key = plainKey(rubric, loadSolution(course, rubric, false));
  for (const name of readdirSync(path.join(course, 'solution', 'fixtures'))) {
    const report = await gradeFolder(path.join(course, 'solution', 'fixtures', name), rubric, key);
    expect(told(shown(report))).toEqual([]);
  }
});

test('no wrong answer, known or not, makes any rendering tell a value that was not written', async () => {
  const rubric = loadRubric(course);
  const solution = loadSolution(course, rubric, false);
  const key = plainKey(rubric, solution);
  const answers = rowsOf(rubric).flatMap(({ id: row, cells }) => [
    ...solution.misconceptions.filter((entry) => entry.row === row).map(({ values }) => ({ row, values })),
    ...[1, 2, 77_777, ...secrets].map((value) => ({
      row,
      values: Object.fromEntries(cells.map(({ id }) => [id, value])),
    })),
  ]);
  for (const { row, values } of answers) {
    const source = `export const ${rubric.tables[0]?.export} = ${JSON.stringify({ [row]: values })};`;
    const report = await gradeSource(rubric, source, key);
    expect(told(shown(report), Object.values(values))).toEqual([]);
  }
});

test('a table that is right but for every cell of one value does not tell that value', async () => {
  const rubric = loadRubric(course);
  const solution = loadSolution(course, rubric, false);
  for (const secret of [tokens, dHead, dModel]) {
    const hidden = solution.expected.map((row) => [
      row.id,
      Object.fromEntries(row.cells.map(({ id, value }) => [id, value === secret ? 5 : value])),
    ]);
    const source = `export const ${rubric.tables[0]?.export} = ${JSON.stringify(Object.fromEntries(hidden))};`;
    const report = await gradeSource(rubric, source, plainKey(rubric, solution));
    expect(told(shown(report))).not.toContain(secret);
  }
});

test('the page that needs no install holds no expected value in any way of writing it, but where it gives the sizes', async () => {
  const loaded = loadCourse(course, false);
  const folder = newFolder();
  await writePage(loaded, folder, await seal(loaded.rubric, loaded.solution));
  const page = readText(folder, worksheetPageFile);
  // The handout and the names in it give the sizes, but not where they belong.
  const [, data = ''] = /id="data">(.*?)<\/script>/s.exec(page) ?? [];
  const { facts, ...rest } = JSON.parse(data) as PageData;
  expect(Object.keys(facts).sort()).toEqual(['dHead', 'dModel', 'nHeads', 'tokens', 'vocabulary']);
  const random = /"[A-Za-z0-9+/]{16,}={0,2}"|"[0-9a-f]{64}"/g;
  const elsewhere = [
    JSON.stringify(rest).replace(random, ''),
    page
      .replace(/<details class="handout"[\s\S]*?<div id="worksheet"/, '')
      // The name of HTML's namespace has a year in it.
      .replaceAll('http://www.w3.org/1999/', '')
      .replace(/<script type[^>]*>.*?<\/script>/gs, ''),
  ].join('\n');
  expect(elsewhere).toContain('Self-Attention Scores');
  expect(told(elsewhere)).toEqual([]);
  for (const secret of secrets) {
    const ways = [16, 8, 2].map((base) => secret.toString(base)).filter((way) => way.length > 3);
    const encoded = [String(secret), ...ways].map((way) =>
      Buffer.from(way).toString('base64').replace(/=+$/, ''),
    );
    for (const way of ways)
      expect(elsewhere).not.toMatch(new RegExp(`(?<![\\w])(?:0[xob])?${way}(?![\\w])`, 'i'));
    for (const way of encoded) expect(elsewhere).not.toContain(`"${way}`);
  }
});

/** The numbers that a text states, and then those that two of them make, in the order in which a script would try them. */
function guessesFrom(text: string): number[] {
  const stated = [...text.matchAll(/\d[\d,]*/g)].map(([number]) => Number(number.replaceAll(',', '')));
  const made = stated.flatMap((one) => stated.flatMap((two) => [one / two, one * two, one + two, one - two]));
  return [...new Set([...stated, ...made])].filter((number) => Number.isSafeInteger(number) && number > 0);
}

test('a script that tries every number of the handout learns what the grader tells of it, as soon as docs/security.md says', async () => {
  const { rubric, solution, key: plain } = loadCourse(packageRoot, false);
  const key = sealedKey(await seal(rubric, solution), rubric);
  const cells = allRowsOf(rubric).flatMap((row) => row.cells.map(({ id }) => ({ row: row.id, id })));
  const left = { asked: cellsOf({ rows: rowsOf(rubric) }).length, all: cells.length };
  const needed: Partial<typeof left> = {};
  const guesses = guessesFrom(readText(packageRoot, 'assignment/README.md'));
  for (const [index, value] of guesses.entries()) {
    for (const { row, id } of cells) {
      const guess = { id: row, cells: [{ id, value }] };
      const told = await key.judge(guess);
      expect(told).toEqual(await plain.judge(guess));
      if (told[0]?.verdict !== 'right') continue;
      left.all--;
      if (rowsOf(rubric).some((one) => one.id === row)) left.asked--;
    }
    if (left.asked === 0) needed.asked ??= index + 1;
    if (left.all === 0) needed.all ??= index + 1;
  }
  expect(guesses.length).toBeGreaterThan(500);
  const docs = readText(packageRoot, 'docs/security.md').replaceAll('\n', ' ');
  const [, asked, all] =
    /fewer than (\d+) guesses for the first table and fewer than (\d+) for all cells/.exec(docs) ?? [];
  // The handout's words change these a little.
  for (const [count, most] of [
    [needed.asked, Number(asked)],
    [needed.all, Number(all)],
  ] as const) {
    expect(count).toBeLessThan(most);
    expect(count).toBeGreaterThan(most / 2);
  }
});

describe('the students’ copy', () => {
  let copy: string;
  beforeAll(async () => {
    copy = newFolder();
    // Not verified, because a real head of these sizes would exhaust the memory.
    const loaded = loadCourse(course, false);
    makeCopy(loaded, copy, await seal(loaded.rubric, loaded.solution));
  });

  /** Returns the text of a file without random-looking strings, which may contain any word by chance. */
  const readable = (file: string) =>
    readText(copy, file).replace(
      /"(?:salt|digest|rubric|integrity)": "[^"]*"|"[A-Za-z0-9+/]{60,}={0,2}"/g,
      '',
    );

  /** The handout gives the sizes, but not where they belong. */
  const handout = 'README.md';

  test('holds no expected value, in any file but the handout, which gives the sizes', () => {
    const found = listFiles(copy).filter((file) => file !== handout && told(readable(file)).length > 0);
    expect(found).toEqual([]);
  });

  test('has a grader that was built of nothing in solution/, and that every course gets', () => {
    const { code, inputs } = program('grade');
    expect(inputs.filter((file) => !/^(?:grader|node_modules)\//.test(file))).toEqual([
      'package.json',
      'tsconfig.json',
    ]);
    const text = readText(copy, graderFile);
    expect(text.endsWith(`\n\n${code}`)).toBe(true);
    const header = text.slice(0, -code.length);
    expect(header.trim()).toMatch(/^(?:\/\/.*\n?)+$/);
    expect(told(header)).toEqual([]);
  });

  test('holds no word that only solution/ has, in any other file', () => {
    const wordsIn = (text: string) => text.match(/[\p{L}\p{N}_]+/gu) ?? [];
    const elsewhere = ['assignment', 'grader', 'bench', '.github'].flatMap((folder) =>
      listFiles(packageRoot, folder),
    );
    const known = new Set(
      [
        ...elsewhere,
        'README.md',
        'LICENSE',
        'rubric.yaml',
        'package.json',
        'package-lock.json',
        'tsconfig.json',
      ].flatMap((file) => wordsIn(readText(packageRoot, file))),
    );
    const secret = new Set(
      listFiles(packageRoot, 'solution')
        .filter((file) => !file.includes('/fixtures/'))
        .flatMap((file) => wordsIn(readText(packageRoot, file)))
        .filter((word) => !known.has(word)),
    );
    expect(secret.size).toBeGreaterThan(100);
    const given = new Set(wordsIn(readable(handout)));
    const others = listFiles(copy).filter((file) => file !== graderFile);
    const found = others.flatMap((file) =>
      wordsIn(readable(file)).filter((word) => secret.has(word) && !given.has(word)),
    );
    expect(found).toEqual([]);
  });
});
