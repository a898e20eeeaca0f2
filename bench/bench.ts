import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { makeCopy } from '../grader/authoring/release/make';
import { npmCli } from '../grader/system/packages';
import { seal } from '../grader/authoring/release/seal';
import { type Configure, fromCaller } from '../grader/command';
import { loadCourse } from '../grader/course';
import { graderFolder } from '../grader/system/files';
import { benchClass } from './class';
import { benchHistories } from './histories';
import { type Command, compare } from './measure';

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
    .addHelpText('after', '\nAll of it takes some minutes; nothing else should run meanwhile.')
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
  class: (folder, { students, beside }) =>
    benchClass(root, folder, students, beside === undefined ? undefined : fromCaller(beside)),
  histories: (folder) => benchHistories(root, folder),
};

/** A students' copy with every cell filled in. */
async function studentsCopy(folder: string, selfCheck: 'scored' | 'form'): Promise<string> {
  const course = loadCourse(root);
  const copy = path.join(folder, selfCheck);
  mkdirSync(copy);
  const key = await seal(course.rubric, course.solution);
  makeCopy({ ...course, rubric: { ...course.rubric, selfCheck } }, copy, key);
  cpSync(path.join(root, 'solution', 'reference'), copy, { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  return copy;
}
