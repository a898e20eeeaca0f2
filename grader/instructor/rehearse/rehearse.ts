import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { listInside, openInside } from '../../submission/inside';
import { loadCourse, studentFiles } from '../course';
import { at, readFile, writeFile } from '../files';
import { writeCopy } from '../release/copy';
import { keyForStudents } from '../release/seal';
import { withTempDir } from '../temp-dir';
import { runStep, type Step } from './runner';

/** What the grading reporter posts, or undefined where it does not run. */
export interface Posted {
  readonly totalPoints: number;
  readonly maxPoints: number;
}

export interface Rehearsal {
  readonly step: Step;
  readonly posted?: Posted;
  /** What would stand in the pull request for feedback, where the course has one. */
  readonly comment?: string;
}

/**
 * Grades a submission as the workflow of a students' copy would: the copy is made, the two files are
 * put into it, and autograde runs as a step. No network, and nothing of the student's but these files.
 *
 * @throws {GraderError} where the course itself cannot be used.
 */
export function rehearse(courseRoot: string, submission: string): Promise<Rehearsal> {
  return withTempDir(async (copy) => {
    const course = loadCourse(courseRoot, false);
    writeCopy(course, copy, await keyForStudents(course));
    const files = studentFiles(course.rubric);
    for (const file of files) {
      rmSync(at(copy, file));
      const opened = openInside(submission, file);
      if (opened.is === 'file') writeFile(copy, file, opened.bytes);
      // Anything else in its place cannot be read there either.
      if (opened.is === 'refused') mkdirSync(at(copy, file), { recursive: true });
    }
    // What lies beside them may be named, as a file that was probably meant, and is never read.
    for (const folder of new Set(['', 'src', ...files.map((file) => path.posix.dirname(file))])) {
      for (const name of listInside(submission, folder)) {
        const file = path.posix.join(folder, name);
        if (!existsSync(at(copy, file)) && !files.includes(file)) writeFile(copy, file, '');
      }
    }
    symlinkSync(path.join(courseRoot, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
    const jest = path.join('node_modules', 'jest', 'bin', 'jest.js');
    const step = runStep(copy, [jest, '--config', path.join('grader', 'jest', 'jest.config.js')]);
    const posted = postedOf(step);
    const comment = step.outputs.get('comment');
    return { step, ...(posted && { posted }), ...(comment && { comment: readFile(copy, comment) }) };
  });
}

/** Adds up as the reporter does: it runs where there are runners, whatever became of the step. */
function postedOf({ outputs }: Step): Posted | undefined {
  const runners = (outputs.get('runners') ?? '').split(',').filter(Boolean);
  if (runners.length === 0) return undefined;
  const results = runners.map((id) => {
    const text = Buffer.from(outputs.get(id) ?? '', 'base64').toString();
    return JSON.parse(text) as { max_score: number; tests: { score: number }[] };
  });
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    totalPoints: sum(results.flatMap(({ tests }) => tests.map(({ score }) => score))),
    maxPoints: sum(results.map(({ max_score }) => max_score)),
  };
}
