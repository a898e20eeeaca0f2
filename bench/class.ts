import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { makeRepository, type Sample, Sampler } from '../grader/instructor/authoring/demo/sample';
import { npmCli } from '../grader/instructor/authoring/release/npm';
import { loadCourse } from '../grader/instructor/course';
import { writeFile } from '../grader/instructor/files';
import type { Command } from './bench';

/** Submissions that differ, made once and written again and again under other names. */
const different = 500;
const byJest = 5;
const withHistory = 300;

/**
 * A whole class, from a folder of submissions to the page and the gradebooks; and the way it is mostly
 * done today: a Jest process for each submission, which imports the answers.
 *
 * @param size how many students.
 */
export async function benchClass(root: string, folder: string, size: number): Promise<void> {
  const course = loadCourse(root, false);
  const sampler = new Sampler(course, 1);
  const samples = Array.from({ length: Math.min(size, different) }, () => sampler.next());
  const submissions = path.join(folder, 'submissions');
  for (let index = 0; index < size; index++) {
    const { files } = samples[index % samples.length] as Sample;
    for (const [file, text] of Object.entries(files))
      writeFile(submissions, `student-${index}/${file}`, text);
  }
  const histories = path.join(folder, 'histories');
  for (const [index, { files, firstAnswers }] of samples.slice(0, withHistory).entries()) {
    const first = firstAnswers === undefined ? files : { [course.rubric.file]: firstAnswers };
    await makeRepository(path.join(histories, `student-${index}`), 'student', [
      { time: 1_000_000, message: 'first', files: first },
      { time: 2_000_000, message: 'last', files },
    ]);
  }
  console.log('\nA class: results, pages and gradebooks (each row is a run of its own)');
  const each = perJest(root, folder, samples);
  const grade = (from: string, ...more: string[]) => run(root, folder, from, ...more);
  // The first run compiles the program and runs the real head; what follows finds both done.
  grade(submissions);
  report(`one Jest process a submission, ${byJest} of them`, byJest, each);
  report(`npm run grade:class, ${counted(size)} submissions`, size, grade(submissions), each);
  report('the same with feedback for everybody', size, grade(submissions, '--feedback'), each);
  report(`the same with histories, ${withHistory} submissions`, withHistory, grade(histories), each);
}

/** Students of a usual class. */
const usual = 200;

/** A usual class from the command line, for `compare`. */
export function usualClass(root: string, folder: string): Command[] {
  const sampler = new Sampler(loadCourse(root, false), 1);
  const [submissions, out] = [path.join(folder, 'submissions'), path.join(folder, 'out')];
  for (let index = 0; index < usual; index++)
    for (const [file, text] of Object.entries(sampler.next().files))
      writeFile(submissions, `student-${index}/${file}`, text);
  const nothing = path.join(folder, 'nothing');
  writeFile(nothing, 'package.json', JSON.stringify({ scripts: { nothing: 'node -e 0' } }));
  const npm = [npmCli(), 'run', '--silent'];
  return [
    { name: 'an npm script that does nothing', args: [...npm, 'nothing'], cwd: nothing },
    {
      name: `npm run grade:class, ${usual} submissions`,
      args: [...npm, 'grade:class', '--', submissions, '--out', out],
      cwd: root,
      prepare: () => rmSync(out, { recursive: true, force: true }),
    },
  ];
}

function counted(number: number): string {
  return number.toLocaleString('en');
}

interface Measured {
  readonly seconds: number;
  readonly count: number;
  /** In MB. */
  readonly memory?: number;
}

function report(
  name: string,
  count: number,
  { seconds, memory }: Omit<Measured, 'count'>,
  base?: Measured,
): void {
  const rate = count / seconds;
  const times = base
    ? `${Math.round(rate / (base.count / base.seconds)).toLocaleString('en')} times as many a second`
    : '';
  const peak = memory === undefined ? '' : `${Math.round(memory)} MB at most`;
  console.log(
    `  ${name.padEnd(52)} ${seconds.toFixed(2)} s  ${rate.toFixed(rate < 10 ? 1 : 0).padStart(6)} a second  ${times}  ${peak}`,
  );
}

let runs = 0;

function run(root: string, folder: string, submissions: string, ...more: string[]): Measured {
  const out = path.join(folder, `out-${runs++}`);
  const args = [
    ...['--require', path.join(__dirname, 'memory.js'), path.join('grader', 'instructor', 'start.js')],
    ...['grade:class', submissions, '--out', out, ...more],
  ];
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(stderr);
  const [, kilobytes = ''] = /peak memory: (\d+) kB/.exec(stderr) ?? [];
  return { seconds, count: 0, memory: Number(kilobytes) / 1024 };
}

/** A project as courses have it: the test imports what the student wrote. */
function perJest(root: string, folder: string, samples: readonly Sample[]): Measured {
  const project = path.join(folder, 'jest');
  mkdirSync(project);
  symlinkSync(path.join(root, 'node_modules'), path.join(project, 'node_modules'), 'junction');
  cpSync(path.join(root, 'assignment'), path.join(project, 'assignment'), { recursive: true });
  writeFile(project, 'package.json', '{}');
  writeFile(project, 'tsconfig.json', '{ "compilerOptions": { "isolatedModules": true, "rootDir": "." } }');
  writeFile(project, 'jest.config.js', "module.exports = { transform: { '\\\\.ts$': 'ts-jest' } };");
  writeFile(
    project,
    'answers.test.ts',
    "import * as answers from './assignment/answers';\ntest('there are answers', () => { expect(answers).toBeDefined(); });",
  );
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const grade = (sample: Sample | undefined) => {
    for (const [file, text] of Object.entries(sample?.files ?? {})) writeFile(project, file, text);
    spawnSync(process.execPath, [jest], { cwd: project, stdio: 'ignore' });
  };
  grade(samples[0]);
  const start = process.hrtime.bigint();
  for (const sample of samples.slice(1, 1 + byJest)) grade(sample);
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, count: byJest };
}
