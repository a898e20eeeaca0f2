import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { makeRepository } from '../grader/authoring/demo/demo';
import { makeCopy } from '../grader/authoring/release/contents';
import { seal } from '../grader/authoring/release/sealed-facts';
import { type Configure, fromCaller } from '../grader/command';
import { loadCourse } from '../grader/course/course';
import { graderRoot, writeFile } from '../grader/system/files';
import { npmCli } from '../grader/system/packages';
import { Sampler } from '../grader/testing/sampler';
import { compare, node, timed } from './measure';

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
    .option('--rounds <n>', 'how often all take turns', count, 3)
    .option('--students <n>', 'how large the large class is', count, 10_000)
    .option(
      '--beside <folder>',
      'another clone of this package, with its packages installed, to grade that class in turn',
    )
    .addOption(new Option('--only <part>', 'one part').choices(Object.keys(parts)))
    .addHelpText('after', '\nAll of it takes some minutes; nothing else should run meanwhile.')
    .action(async (options: Options) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
      try {
        for (const [name, run] of Object.entries(parts))
          if (options.only === undefined || options.only === name)
            await run(path.join(folder, name), options);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

/** The parts of the benchmark, each in a folder that it makes. */
const parts: Readonly<Record<string, (folder: string, options: Options) => Promise<void>>> = {
  grade: async (folder, { rounds }) => {
    const copy = await studentsCopy(folder, 'scored');
    const grade = ['grader/grade.js', 'grade'];
    compare('One grading as a whole process', rounds, [
      { name: 'node -e 0', run: () => node(['-e', '0'], graderRoot) },
      { name: "grade in a students' copy", run: () => node(grade, copy) },
      { name: 'grade here', run: () => node([...grade, 'solution/fixtures/typical'], graderRoot) },
    ]);
  },

  jest: async (folder, { rounds }) => {
    const projects = {
      'Jest with one trivial test in JavaScript': newProject(path.join(folder, 'bare'), {
        'package.json': '{ "scripts": { "test": "jest" } }',
        'sum.test.js': "test('a sum', () => { expect(1 + 1).toBe(2); });",
      }),
      "a students' copy, self_check: scored": await studentsCopy(folder, 'scored'),
      "a students' copy, self_check: form": await studentsCopy(folder, 'form'),
    };
    // Jest keeps its cache there.
    const temporary = path.join(folder, 'temporary');
    const npmTest = (project: string, isFirst: boolean) => {
      if (isFirst) rmSync(temporary, { recursive: true, force: true });
      mkdirSync(temporary, { recursive: true });
      return node([npmCli(), 'test'], project, { TMPDIR: temporary, TEMP: temporary });
    };
    for (const isFirst of [true, false])
      compare(
        isFirst ? 'The first npm test after npm ci' : 'Each later npm test',
        rounds,
        Object.entries(projects).map(([name, project]) => ({ name, run: () => npmTest(project, isFirst) })),
      );
  },

  class: async (folder, { rounds, students, beside }) => {
    const samples = madeUp(students);
    const submissions = path.join(folder, 'submissions');
    for (const [index, files] of samples.entries())
      writeAll(path.join(submissions, `student-${index}`), files);
    const way = (name: string, clone: string, ...options: string[]) => ({
      ...grading(submissions, name, clone, ...options),
      submissions: students,
    });

    // The usual way today: a test that imports the answers.
    const usual = newProject(path.join(folder, 'usual'), {
      'package.json': '{ "jest": { "transform": { "\\\\.ts$": "ts-jest" } } }',
      'tsconfig.json': '{ "compilerOptions": { "isolatedModules": true, "rootDir": "." } }',
      'answers.test.ts': `import * as answers from './assignment/answers';
        test('there are answers', () => { expect(answers).toBeDefined(); });`,
    });
    cpSync(path.join(graderRoot, 'assignment'), path.join(usual, 'assignment'), { recursive: true });
    let graded = 0;
    const runJest = () => {
      writeAll(usual, samples[graded++] ?? {});
      return node(['node_modules/jest/bin/jest.js', '--testFailureExitCode', '0'], usual);
    };

    const ways = [way('npm run grade:class', graderRoot)];
    if (beside !== undefined) ways.push(way('the same in the other clone', fromCaller(beside)));
    // Two files for each student, which takes longer than all else.
    if (students <= mostWithFeedback)
      ways.push(way('the same with feedback for everybody', graderRoot, '--feedback'));
    compare(`A class of ${students.toLocaleString('en')}, for each submission`, rounds, [
      ...ways,
      { name: 'a Jest process for each submission', run: runJest },
    ]);
  },

  histories: async (folder, { rounds }) => {
    const commits = madeUp(clones * versions).map((files, index) => {
      const version = index % versions;
      return { time: (1 + version) * 24 * 60 * 60 * 1000, message: `version ${version}`, files };
    });
    const folders = Array.from({ length: clones }, (_, index) => path.join(folder, `student-${index}`));
    for (const [index, clone] of folders.entries())
      makeRepository(clone, 'student', commits.slice(index * versions, (index + 1) * versions));
    const git = (clone: string, args: readonly string[], input = '') =>
      execFileSync('git', args, { cwd: clone, input, encoding: 'latin1' });
    const readAll = (clone: string) => {
      const changes = git(clone, ['log', '--all', '--root', '--raw', '--no-abbrev', '--format=%H %cI']);
      const ids = [...changes.matchAll(/^:\d+ \d+ \w+ (\w+)/gm)].map(([, id]) => id);
      git(clone, ['cat-file', '--batch'], ids.join('\n'));
    };
    compare(`${clones} clones with ${versions} versions each`, rounds, [
      { name: 'git alone reads them all', run: () => timed(() => folders.forEach(readAll)) },
      grading(folder, 'npm run grade:class', graderRoot),
    ]);
  },
};

const clones = 200;
const versions = 10;

/** The largest class whose feedback is timed. */
const mostWithFeedback = 10_000;

/** Made-up submissions to the worksheet. */
function madeUp(howMany: number): Files[] {
  const sampler = new Sampler(loadCourse(graderRoot, false), 1);
  return Array.from({ length: howMany }, () => sampler.next().files);
}

/** A contender: the command of a clone, which grades a class from a folder of submissions to the page and the gradebooks. */
function grading(from: string, name: string, clone: string, ...options: string[]) {
  const [out, release] = [`${from}-out`, path.join(mkdtempSync(`${from}-release-`), 'dist')];
  const npmRun = (...args: string[]) => node([npmCli(), 'run', '--silent', ...args], clone);
  // As in every course, students started from a release.
  npmRun('release', '--', '--out', release);
  const run = () => {
    rmSync(out, { recursive: true, force: true });
    return npmRun('grade:class', '--', from, '--out', out, '--release', release, ...options);
  };
  return { name, run };
}

/** A students' copy with every cell filled in. */
async function studentsCopy(folder: string, selfCheck: 'scored' | 'form'): Promise<string> {
  const course = loadCourse(graderRoot);
  const copy = newProject(path.join(folder, selfCheck), {});
  const key = await seal(course.rubric, course.solution);
  makeCopy({ ...course, rubric: { ...course.rubric, selfCheck } }, copy, key);
  cpSync(path.join(graderRoot, 'solution', 'reference'), copy, { recursive: true });
  return copy;
}

type Files = Readonly<Record<string, string>>;

/** A folder with some files and the packages of this one. */
function newProject(folder: string, files: Files): string {
  mkdirSync(folder, { recursive: true });
  symlinkSync(path.join(graderRoot, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  writeAll(folder, files);
  return folder;
}

function writeAll(folder: string, files: Files): void {
  for (const [file, text] of Object.entries(files)) writeFile(folder, file, text);
}
