import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { makeRepository } from '../grader/authoring/demo/demo';
import { loadCourse } from '../grader/course';
import { Sampler } from '../grader/testing/sampler';
import { measure } from './measure';

const clones = 200;
const versions = 10;
const day = 24 * 60 * 60 * 1000;

/**
 * Measures grading clones with histories, in elapsed time, and compares it with what git alone needs to read all their
 * versions, one clone after the other.
 */
export async function benchHistories(root: string, folder: string): Promise<void> {
  const sampler = new Sampler(loadCourse(root, false), 2);
  const submissions = path.join(folder, 'submissions');
  for (let index = 0; index < clones; index++) {
    const commits = Array.from({ length: versions }, (_, at) => ({
      time: (1 + at) * day,
      message: `version ${at}`,
      files: sampler.next().files,
    }));
    await makeRepository(path.join(submissions, `student-${index}`), 'student', commits);
  }
  const grade = (out: string) =>
    measure({
      name: 'grade:class',
      args: [
        ...[path.join(root, 'grader', 'run.js'), 'grade:class', submissions],
        ...['--out', path.join(folder, out)],
      ],
      cwd: root,
    }).wall;
  // The first run builds the program.
  grade('first');
  const begin = process.hrtime.bigint();
  for (const name of readdirSync(submissions)) readAll(path.join(submissions, name));
  const alone = Number(process.hrtime.bigint() - begin) / 1e9;
  const graded = grade('second');
  console.log(`\n${clones} clones with ${versions} versions each`);
  console.log(`  git alone reads all versions                         ${alone.toFixed(2)} s`);
  console.log(
    `  npm run grade:class                                  ${graded.toFixed(2)} s, ${(graded / alone).toFixed(1)} times`,
  );
}

/** Reads every content in the history of a clone, as three processes of git. */
function readAll(clone: string): void {
  const git = (args: readonly string[], input = '') =>
    execFileSync('git', [`--git-dir=${path.join(clone, '.git')}`, ...args], { input, encoding: 'latin1' });
  const commits = git(['rev-list', '--all']);
  const changes = git(['diff-tree', '--stdin', '-r', '-m', '--root', '--raw', '--no-abbrev'], commits);
  const ids = [...changes.matchAll(/^:\d+ \d+ \w+ (\w+) [AM]/gm)].map(([, id]) => id);
  git(['cat-file', '--batch'], ids.join('\n'));
}
