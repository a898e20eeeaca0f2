import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memoryFile } from '../grader/instructor/authoring/check/memory';
import { writeHosts } from '../grader/instructor/authoring/release/hosts';
import { npmCli } from '../grader/instructor/authoring/release/npm';
import { seal } from '../grader/instructor/authoring/release/seal';
import { makeCopy } from '../grader/instructor/authoring/release/students-copy';
import { type Course, handoutFile, loadCourse } from '../grader/instructor/course';
import { loadRubric } from '../grader/rubric/load';
import { cellsOf } from '../grader/rubric/rubric';
import { readAnswers } from '../grader/submission/cells';
import { largestFile } from '../grader/submission/decode';
import { readReflection } from '../grader/submission/reflection';
import { guess, hmacTarget, numbersIn, sealedTarget, sha1Target, type Target } from './attack';
import { benchClass, usualClass } from './class';
import { benchPage } from './page';

/**
 * Speed, measured side by side in one run: machines differ and are noisy, so read the ratios.
 */
const rounds = Number(process.argv[2] ?? 7);
/** Students in the large class. */
const size = Number(process.argv[3] ?? 10_000);
const root = path.join(__dirname, '..');
const typical = path.join('solution', 'fixtures', 'typical');
const viaTsx = ['--require', 'tsx/cjs'];
const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');

/** A project with nothing but Jest, ts-jest and one test that adds two numbers. */
function bareJest(folder: string): Command {
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  writeFileSync(path.join(folder, 'package.json'), '{}');
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    '{ "compilerOptions": { "isolatedModules": true, "rootDir": "." } }',
  );
  writeFileSync(
    path.join(folder, 'jest.config.js'),
    "module.exports = { transform: { '\\\\.ts$': 'ts-jest' } };",
  );
  writeFileSync(path.join(folder, 'sum.test.ts'), "test('a sum', () => { expect(1 + 1).toBe(2); });");
  return { name: 'bare Jest with one trivial test', args: [jest], cwd: folder };
}

/** The students' copy with every cell filled in, graded as `npm test` does there. */
async function studentsCopy(folder: string, selfCheck: 'scored' | 'form'): Promise<Command> {
  const course: Course = loadCourse(root);
  const cwd = path.join(folder, selfCheck);
  mkdirSync(cwd);
  const asked = { ...course, rubric: { ...course.rubric, selfCheck } };
  await makeCopy(asked, cwd);
  cpSync(path.join(root, 'solution', 'reference'), cwd, { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(cwd, 'node_modules'), 'junction');
  const args = [jest, '--config', 'grader/jest/jest.config.js'];
  return { name: `npm test in a students' copy, self_check: ${selfCheck}`, args, cwd };
}

/** Proofs and a release of this course. */
function instructor(folder: string): Command[] {
  const run = (...args: string[]) => ({
    args: ['--require', './grader/preload.js', path.join('grader', 'instructor', 'cli.ts'), ...args],
    cwd: root,
  });
  const release = run('release', '--out', path.join(folder, 'released'));
  const prepare = () => rmSync(path.join(root, memoryFile), { force: true });
  return [
    { name: 'node -e 0', args: ['-e', '0'], cwd: root },
    { name: 'npm run check, after a change', ...run('check'), prepare },
    { name: 'npm run check, with nothing changed', ...run('check') },
    { name: 'npm run release, after a change', ...release, prepare },
    { name: 'npm run release, with nothing changed', ...release },
  ];
}

/** From a push to points: what hosts do once the files are there. */
async function onHosts(folder: string): Promise<Command[]> {
  const course = loadCourse(root);
  const [copy, made] = [path.join(folder, 'copy'), path.join(folder, 'made')];
  for (const each of [copy, made]) mkdirSync(each);
  await makeCopy(course, copy);
  await writeHosts(course, copy, made);
  cpSync(path.join(root, 'solution', 'reference'), copy, { recursive: true });
  const npm = [npmCli(), 'ci', '--prefer-offline', '--no-audit', '--no-fund'];
  return [
    { name: 'node -e 0', args: ['-e', '0'], cwd: root },
    {
      name: 'Classroom 50: the bundle, without Python',
      args: [path.join(made, 'classroom50', 'bundle', 'grade.js'), 'classroom50'],
      cwd: copy,
      env: {
        CLASSROOM: 'c',
        ASSIGNMENT: 'a',
        USERNAME: 'u',
        SUBMISSION_TAG: 'submit/1',
        COMMIT_URL: 'https://example.org/c',
        RELEASE_URL: 'https://example.org/r',
      },
    },
    { name: 'GitHub: npm ci in a students’ copy, from npm’s cache', args: npm, cwd: copy },
    {
      name: 'GitHub: and then npm run autograde there',
      args: [npmCli(), 'run', 'autograde'],
      cwd: copy,
      env: {
        GITHUB_ACTIONS: 'true',
        GITHUB_OUTPUT: path.join(folder, 'output'),
        GITHUB_STEP_SUMMARY: path.join(folder, 'summary'),
      },
    },
  ];
}

/** How long a key withstands a script, on one core. */
async function attacks(): Promise<void> {
  const { rubric, solution } = loadCourse(root);
  const handout = numbersIn(readFileSync(path.join(root, handoutFile), 'utf8'));
  const right = cellsOf({ rows: solution.expected }).map(({ value }) => Number(value));
  const counted = (isShared?: true) =>
    isShared ? Math.max(...right) : right.reduce((sum, value) => sum + value, 0);
  console.log(`\nA script against a key of ${right.length} cells`);
  console.log(`  ${''.padEnd(46)} guesses a second   the handout's numbers   counting from 1`);
  for (const target of [
    sealedTarget(await seal(rubric, solution)),
    hmacTarget(solution.expected),
    sha1Target(solution.expected),
  ]) {
    const rate = guessesPerSecond(target);
    const start = performance.now();
    const { guesses, found } = guess(target, handout);
    const time = (performance.now() - start) / 1000;
    if (found.size !== right.length) throw new Error(`the handout's numbers open only ${found.size} cells`);
    const columns = [
      target.name.padEnd(46),
      Math.round(rate).toLocaleString('en').padStart(16),
      `${guesses} in ${time.toPrecision(2)} s`.padStart(23),
      `${Number((counted(target.isShared) / rate).toPrecision(2))} s`.padStart(17),
    ];
    console.log(`  ${columns.join('')}`);
  }
}

function guessesPerSecond({ cells: [cell = ''], isRight }: Target): number {
  let guesses = 0;
  const start = performance.now();
  while (performance.now() - start < 2000) isRight(cell, 1_000_000 + guesses++);
  return (guesses * 1000) / (performance.now() - start);
}

/** The slowest readings of files as large as they may be, made of one thing over and over. */
function worstReadings(): void {
  const rubric = loadRubric(root);
  const { tables, reflection } = rubric;
  const units = [
    '(',
    '[',
    '{a:',
    '-',
    '`${',
    'a?b:',
    'f(',
    '1+',
    'a.',
    'as A<',
    'const a=1;',
    '"',
    '/*',
    '٧',
    '0_',
    '>',
    '*a_',
    '![](',
    '<!--',
    '&',
    '# ',
    '|a',
  ];
  const sources = units.map((unit) =>
    unit.repeat(Math.ceil(largestFile / unit.length)).slice(0, largestFile),
  );
  const slowest = (read: (source: string) => unknown) =>
    sources
      .map((source, index) => {
        const start = performance.now();
        read(source);
        return { unit: units[index], time: performance.now() - start };
      })
      .sort((a, b) => b.time - a.time)[0];
  console.log('\n64 KiB of one thing, the slowest of', units.length);
  const answers = slowest((source) => readAnswers(`export const ${tables[0]?.export} = ${source}`, rubric));
  console.log(`  answers     ${answers?.time.toFixed(1)} ms  (${JSON.stringify(answers?.unit)})`);
  if (!reflection) return;
  const [question] = reflection.questions;
  const notes = slowest((source) => readReflection(`## ${question?.label}\n\n${source}`, reflection));
  console.log(`  reflection  ${notes?.time.toFixed(1)} ms  (${JSON.stringify(notes?.unit)})`);
}

async function main(folder: string): Promise<void> {
  writeFileSync(path.join(folder, 'empty.ts'), 'export {};\n');
  compare('One grading as a whole process', rounds, [
    { name: 'node -e 0', args: ['-e', '0'], cwd: root },
    { name: 'an empty TypeScript script', args: [...viaTsx, path.join(folder, 'empty.ts')], cwd: root },
    {
      name: 'grade solution/fixtures/typical',
      args: [...viaTsx, path.join('grader', 'cli.ts'), 'grade', typical],
      cwd: root,
    },
    {
      name: 'the same with --verify, which runs a real head',
      args: [...viaTsx, path.join('grader', 'cli.ts'), 'grade', '--verify', typical],
      cwd: root,
    },
  ]);
  mkdirSync(path.join(folder, 'bare'));
  compare('The Jest grader, without npm', rounds, [
    bareJest(path.join(folder, 'bare')),
    await studentsCopy(folder, 'scored'),
    await studentsCopy(folder, 'form'),
    {
      name: 'npm run autograde here, on the stub',
      args: [jest, '--config', 'grader/jest/jest.config.js'],
      cwd: root,
    },
  ]);
  compare('What an instructor runs', rounds, instructor(folder));
  mkdirSync(path.join(folder, 'hosts'));
  compare('Hosts', rounds, await onHosts(path.join(folder, 'hosts')));
  mkdirSync(path.join(folder, 'usual'));
  compare('A usual class', rounds, usualClass(root, path.join(folder, 'usual')));
  mkdirSync(path.join(folder, 'class'));
  await benchPage(root, path.join(folder, 'page'));
  await benchClass(root, path.join(folder, 'class'), size);
  worstReadings();
  await attacks();
}

const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
main(folder)
  .finally(() => rmSync(folder, { recursive: true, force: true }))
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });

/** A whole process: Node.js with arguments, in a folder. */
export interface Command {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is done before each round, and takes no part of its time. */
  readonly prepare?: () => void;
}

export function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function seconds({ args, cwd, env, prepare }: Command): number {
  prepare?.();
  const start = process.hrtime.bigint();
  const { error, status } = spawnSync(process.execPath, args, {
    cwd,
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  if (error || status !== 0) throw error ?? new Error(`node ${args.join(' ')} ended with status ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** Whole processes take turns, one after the other in every round, after a round that is not counted. */
export function compare(title: string, rounds: number, commands: readonly Command[]): void {
  const times = commands.map(() => [] as number[]);
  for (let round = 0; round <= rounds; round++) {
    commands.forEach((command, index) => {
      const time = seconds(command);
      if (round > 0) times[index]?.push(time);
    });
  }
  const base = median(times[0] ?? []);
  console.log(`\n${title} (median of ${rounds}, and how many times the first row)`);
  commands.forEach(({ name }, index) => {
    const time = median(times[index] ?? []);
    console.log(`  ${name.padEnd(58)} ${time.toFixed(3)} s  ${(time / base).toFixed(2)}`);
  });
}
