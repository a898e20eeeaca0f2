import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { type Configure, fromCaller } from '../grader/command';
import { memoryFile } from '../grader/authoring/check/memory';
import { writeHosts } from '../grader/authoring/release/hosts';
import { npmCli } from '../grader/authoring/release/npm';
import { seal } from '../grader/authoring/release/seal';
import { makeCopy } from '../grader/authoring/release/students-copy';
import { handoutFile, loadCourse } from '../grader/course';
import { graderFolder } from '../grader/place';
import { loadRubric } from '../grader/rubric/load';
import { cellsOf } from '../grader/rubric/rubric';
import { readAnswers } from '../grader/submission/cells';
import { maxFile } from '../grader/submission/decode';
import { readReflection } from '../grader/submission/reflection';
import { guess, hmacTarget, numbersIn, sealedTarget, sha1Target, type Target } from './attack';
import { benchChange } from './change';
import { benchClass, usualClass } from './class';
import { type Command, compare } from './measure';
import { benchPage } from './page';

const root = path.join(graderFolder, '..');
const typical = path.join('solution', 'fixtures', 'typical');
const nothing = { name: 'node -e 0', args: ['-e', '0'], cwd: root };

interface Options {
  readonly rounds: number;
  readonly students: number;
  readonly beside?: string;
  readonly only?: string;
}

function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It has to be a whole number from 1.');
  return Number(text);
}

export const configureBench: Configure = (command) =>
  command
    .option('--rounds <n>', 'how often processes take turns', count, 7)
    .option('--students <n>', 'how large the large class is', count, 10_000)
    .option(
      '--beside <folder>',
      'another clone of this package, with its packages installed, to grade that class in turn',
    )
    .addOption(new Option('--only <part>', 'one part').choices(Object.keys(parts)))
    .addHelpText('after', '\nAll of it takes some ten minutes; nothing else should run meanwhile.')
    .action(async (options: Options) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
      try {
        for (const [name, run] of Object.entries(parts)) {
          if (options.only !== undefined && options.only !== name) continue;
          const place = path.join(folder, name);
          mkdirSync(place);
          await run(place, options);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

/** The parts of the benchmark, each in an empty folder. */
const parts: Readonly<Record<string, (folder: string, options: Options) => void | Promise<void>>> = {
  grade: async (folder, { rounds }) => {
    const copy = await studentsCopy(folder, 'scored');
    compare('One grading as a whole process', rounds, [
      nothing,
      { name: "grade in a students' copy", args: [path.join('grader', 'grade.js'), 'grade'], cwd: copy },
      { name: 'grade here', args: [path.join('grader', 'grade.js'), 'grade', typical], cwd: root },
      {
        name: 'the same with --verify, which runs a real head',
        args: [path.join('grader', 'grade.js'), 'grade', '--verify', typical],
        cwd: root,
      },
    ]);
  },
  jest: async (folder, { rounds }) => {
    const bare = path.join(folder, 'bare');
    mkdirSync(bare);
    symlinkSync(path.join(root, 'node_modules'), path.join(bare, 'node_modules'), 'junction');
    writeFileSync(path.join(bare, 'package.json'), '{ "scripts": { "test": "jest" } }');
    writeFileSync(path.join(bare, 'sum.test.js'), "test('a sum', () => { expect(1 + 1).toBe(2); });");
    const [scored, form] = [await studentsCopy(folder, 'scored'), await studentsCopy(folder, 'form')];
    const temporary = path.join(folder, 'temporary');
    const jest = (name: string, cwd: string, isFirst: boolean): Command => ({
      name,
      args: [npmCli(), 'test'],
      cwd,
      // Jest keeps its cache there.
      env: { TMPDIR: temporary, TEMP: temporary },
      prepare: () => {
        if (isFirst) rmSync(temporary, { recursive: true, force: true });
        mkdirSync(temporary, { recursive: true });
      },
    });
    for (const isFirst of [true, false]) {
      compare(isFirst ? 'The first npm test after npm ci' : 'Each later npm test', rounds, [
        jest('Jest with one trivial test in JavaScript', bare, isFirst),
        jest("a students' copy, self_check: scored", scored, isFirst),
        jest("a students' copy, self_check: form", form, isFirst),
      ]);
    }
  },
  change: () => benchChange(),
  instructor: (folder, { rounds }) => {
    const run = (...args: string[]) => ({ args: [path.join('grader', 'run.js'), ...args], cwd: root });
    const release = run('release', '--out', path.join(folder, 'released'));
    const prepare = () => rmSync(path.join(root, memoryFile), { force: true });
    compare('What an instructor runs', rounds, [
      nothing,
      { name: 'npm run check, after a change', ...run('check'), prepare },
      { name: 'npm run check, with nothing changed', ...run('check') },
      { name: 'npm run release, after a change', ...release, prepare },
      { name: 'npm run release, with nothing changed', ...release },
    ]);
  },
  hosts: async (folder, { rounds }) => compare('Hosts, from a push to points', rounds, await onHosts(folder)),
  usual: (folder, { rounds }) => compare('A usual class', rounds, usualClass(root, folder)),
  class: (folder, { students, beside }) =>
    benchClass(root, folder, students, beside === undefined ? undefined : fromCaller(beside)),
  page: (folder) => benchPage(root, folder),
  readings: worstReadings,
  keys: attacks,
};

/** A students' copy with every cell filled in. */
async function studentsCopy(folder: string, selfCheck: 'scored' | 'form'): Promise<string> {
  const course = loadCourse(root);
  const copy = path.join(folder, selfCheck);
  mkdirSync(copy);
  await makeCopy({ ...course, rubric: { ...course.rubric, selfCheck } }, copy);
  cpSync(path.join(root, 'solution', 'reference'), copy, { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  return copy;
}

async function onHosts(folder: string): Promise<Command[]> {
  const course = loadCourse(root);
  const [copy, made] = [path.join(folder, 'copy'), path.join(folder, 'made')];
  for (const each of [copy, made]) mkdirSync(each);
  await makeCopy(course, copy);
  await writeHosts(course, copy, made);
  cpSync(path.join(root, 'solution', 'reference'), copy, { recursive: true });
  const npm = [npmCli(), 'ci', '--prefer-offline', '--no-audit', '--no-fund'];
  return [
    nothing,
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

/** Measures how long a key withstands a script, on one core. */
async function attacks(): Promise<void> {
  const { rubric, solution: all } = loadCourse(root);
  // The table at other sizes needs no guessing: its sizes are stated beside it.
  const { again: _, ...solution } = all;
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

/** Times the slowest readings of files of the maximum size, each made of one thing repeated. */
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
  const sources = units.map((unit) => unit.repeat(Math.ceil(maxFile / unit.length)).slice(0, maxFile));
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
