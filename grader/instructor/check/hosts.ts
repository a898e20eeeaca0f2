import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { GraderError } from '../../error';
import { gradeFolder } from '../../grade';
import type { Rubric } from '../../rubric/rubric';
import type { Course } from '../course';
import { at, filesBelow, readBytes, readFile, writeFile } from '../files';
import { refuseInterrupted } from '../interrupt';
import { writeHosts } from '../release/hosts';
import { parts } from '../release/place';
import { withTempDir } from '../temp-dir';
import { bug, type Check, type Finding } from './check';
import { leaks } from './leaks';

export const hosts: Check = {
  promise: 'The bundles for other hosts grade by themselves, and hold no answer where anybody can read',
  find: (course, copy) =>
    withTempDir(async (folder) => {
      await writeHosts(course, copy, folder);
      const bundle = path.join(folder, parts.classroom50, 'bundle');
      const { points: here } = await gradeFolder(
        at(course.root, 'solution/reference'),
        course.rubric,
        course.key,
      );
      return [
        ...leaks(course, bundle, filesBelow(bundle)),
        ...expectSame('Classroom 50', course.rubric, classroom50(course, folder), here),
        ...expectSame('Gradescope', course.rubric, gradescope(course, folder), here),
      ];
    }),
};

/** What the reference earns in a checkout, as Classroom 50 grades it. */
function classroom50({ root }: Course, folder: string): unknown {
  const checkout = path.join(folder, 'checkout');
  cpSync(at(root, 'solution/reference'), checkout, { recursive: true });
  const variables = {
    CLASSROOM: 'c',
    ASSIGNMENT: 'a',
    OWNER: 'o',
    SUBMISSION_TAG: 'submit/1',
    COMMIT_URL: 'https://example.org/c',
    RELEASE_URL: 'https://example.org/r',
  };
  grade(path.join(folder, parts.classroom50, 'bundle'), 'classroom50', checkout, variables);
  return JSON.parse(readFile(checkout, 'result.json')).score;
}

/** The same, uploaded to Gradescope. */
function gradescope({ root }: Course, folder: string): unknown {
  const place = path.join(folder, 'autograder');
  const archive = unzipSync(readBytes(folder, `${parts.gradescope}/autograder.zip`));
  for (const [file, bytes] of Object.entries(archive)) writeFile(place, `source/${file}`, bytes);
  cpSync(at(root, 'solution/reference'), path.join(place, 'submission'), { recursive: true });
  mkdirSync(path.join(place, 'results'));
  grade(path.join(place, 'source'), 'gradescope', place);
  return JSON.parse(readFile(place, 'results/results.json')).score;
}

/** @throws {GraderError} where the bundle does not grade. */
function grade(bundle: string, host: string, cwd: string, variables: NodeJS.ProcessEnv = {}): void {
  const { status, signal, stderr } = spawnSync(process.execPath, [path.join(bundle, 'grade.js'), host], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...variables },
  });
  refuseInterrupted(signal);
  if (status === 0) return;
  throw new GraderError(
    'folder',
    `The bundle for ${host} does not grade: ${stderr.trim().split('\n')[0]}`,
    'If nothing in it is of this course, that is a bug of the grader: report it with this line.',
  );
}

/** Whether the reference is right is another check's business. */
function expectSame(host: string, { possible }: Rubric, score: unknown, here: number | null): Finding[] {
  return score === here
    ? []
    : [bug(`On ${host} solution/reference would earn ${score} of ${possible}, and here it earns ${here}.`)];
}
