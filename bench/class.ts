import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { makeRepository } from '../grader/authoring/demo/demo';
import { npmCli } from '../grader/system/packages';
import { loadCourse } from '../grader/course';
import { writeFile } from '../grader/system/files';
import { type Sample, Sampler } from '../grader/testing/sampler';
import { compare, type Measured, measure } from './measure';

/** The number of different submissions. Larger classes repeat them under other names. */
const different = 500;
const byJest = 5;
const withHistory = 300;

/**
 * Measures grading a whole class, from a folder of submissions to the page and the gradebooks. Compares it with
 * the usual way today: a Jest process for each submission, which imports the answers.
 *
 * @param size the number of students.
 * @param beside another clone of this package, which takes turns grading the same class.
 */
export async function benchClass(
  root: string,
  folder: string,
  size: number,
  beside: string | undefined,
): Promise<void> {
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
  console.log('\nA class: results, pages and gradebooks');
  const each = perJest(root, folder, samples);
  let runs = 0;
  const grade = (from: string, ...more: string[]) => {
    const out = path.join(folder, `out-${runs++}`);
    const args = [path.join(root, 'grader', 'run.js'), 'grade:class', from, '--out', out, ...more];
    return measure({ name: 'grade:class', args, cwd: root });
  };
  // The first run builds the program and runs the real head; later runs find both done.
  grade(submissions);
  report(`one Jest process a submission, ${byJest} of them`, byJest, each);
  report(`npm run grade:class, ${counted(size)} submissions`, size, grade(submissions), each);
  report('the same with feedback for everybody', size, grade(submissions, '--feedback'), each);
  report(`the same with histories, ${withHistory} submissions`, withHistory, grade(histories), each);
  if (beside === undefined) return;
  const inTurn = (name: string, cwd: string) => ({
    name,
    args: [npmCli(), 'run', '--silent', 'grade:class', '--', submissions, '--out', path.join(folder, 'out')],
    cwd,
    prepare: () => rmSync(path.join(folder, 'out'), { recursive: true, force: true }),
  });
  compare(`${counted(size)} submissions, in turn`, turns, [
    inTurn('the other clone', beside),
    inTurn('this one', root),
  ]);
}

/** How many times each of two clones grades a large class. */
const turns = 3;

function counted(number: number): string {
  return number.toLocaleString('en');
}

function report(
  name: string,
  count: number,
  { wall, memory }: Measured,
  base?: Measured & { readonly count: number },
): void {
  const rate = count / wall;
  const times = base
    ? `${Math.round(rate / (base.count / base.wall)).toLocaleString('en')} times as many a second`
    : '';
  console.log(
    `  ${name.padEnd(52)} ${wall.toFixed(2)} s  ${rate.toFixed(rate < 10 ? 1 : 0).padStart(6)} a second  ${times}  ${Math.round(memory)} MB at most`,
  );
}

/** Measures Jest in a typical course project, where the test imports the student's answers. */
function perJest(root: string, folder: string, samples: readonly Sample[]) {
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
    return measure({ name: 'Jest', args: [jest, '--testFailureExitCode', '0'], cwd: project });
  };
  grade(samples[0]);
  const all = samples.slice(1, 1 + byJest).map(grade);
  const sum = (unit: keyof Measured) => all.reduce((total, one) => total + one[unit], 0);
  return {
    cpu: sum('cpu'),
    wall: sum('wall'),
    memory: Math.max(...all.map(({ memory }) => memory)),
    count: byJest,
  };
}
