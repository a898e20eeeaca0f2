import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError } from 'commander';
import { makeRepository } from '../grader/authoring/demo/demo';
import type { Configure } from '../grader/command';
import { loadCourse } from '../grader/course/course';
import { escapeTerminal } from '../grader/render/escape/terminal';
import { graderRoot } from '../grader/system/files';
import { npmCli } from '../grader/system/packages';
import { newFolder, removeFolders, writeFiles } from '../grader/testing/folders';
import { Sampler } from '../grader/testing/sampler';

const versions = 10;

function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It has to be a whole number from 1.');
  return Number(text);
}

/** `npm run bench` */
export const configureBench: Configure = (command, { print }) =>
  command
    .option('--students <n>', 'how large the class is', count, 10_000)
    .addHelpText(
      'after',
      '\nIt takes two minutes, and nothing else should run. For two commits, run it in each.',
    )
    .action(({ students }: { readonly students: number }) => {
      process.on('exit', removeFolders);
      const say = (figure: string, what: string) => print(escapeTerminal(`${figure.padStart(16)}  ${what}`));
      const compare = (what: string, run: () => void, other: () => void, clock = elapsed) =>
        say(`${(fastest(run, clock) / fastest(other, clock)).toFixed(2)} times`, what);
      const dist = path.join(newFolder('release'), 'dist');
      node(['grader/run.js', 'release', '--out', dist], graderRoot);

      const copy = withPackages(path.join(dist, 'student'));
      cpSync(path.join(graderRoot, 'solution', 'reference'), copy, { recursive: true });
      const bare = withPackages(newFolder('bare'));
      writeFiles(bare, {
        'package.json': '{ "scripts": { "test": "jest" } }',
        'sum.test.js': "test('a sum', () => { expect(1 + 1).toBe(2); });",
      });
      const grade = () => node(['grader/grade.js', 'grade'], copy);
      compare('one grading in a students’ copy, beside node -e 0', grade, () => node(['-e', '0'], copy));
      const testFirst = (project: string) => () => {
        // Jest keeps its cache in this folder.
        const temporary = newFolder('jest');
        node([npmCli(), 'test'], project, { TMPDIR: temporary, TEMP: temporary });
      };
      compare('a first npm test, beside one trivial test in Jest', testFirst(copy), testFirst(bare));

      const sampler = new Sampler(loadCourse(graderRoot, false), 1);
      const makeFolders = (many: number, make: (folder: string) => void) => {
        const source = newFolder('class');
        const folders = Array.from({ length: many }, (_, index) => path.join(source, `student-${index}`));
        for (const folder of folders) make(folder);
        return { source, folders };
      };
      const gradeClass = (source: string) => {
        const out = path.join(newFolder('graded'), 'out');
        return node(['grader/run.js', 'grade:class', source, '--out', out, '--release', dist], graderRoot);
      };
      const files = makeFolders(students, (folder) => writeFiles(folder, sampler.next().files));
      let memory = 0;
      const seconds = timed(() => {
        memory = gradeClass(files.source);
      });
      say(`${((1000 * seconds) / students).toFixed(2)} ms`, `for each student of a class of ${students}`);
      say(`${memory.toFixed(0)} MB`, 'of memory for that class');

      const clones = makeFolders(200, (folder) => {
        const times = Array.from({ length: versions }, (_, day) => (1 + day) * 24 * 60 * 60 * 1000);
        const commits = times.map((time) => ({ time, message: 'more', files: sampler.next().files }));
        makeRepository(folder, 'student', commits);
      });
      const readAll = () => clones.folders.forEach(readWithGit);
      const gradeClones = () => gradeClass(clones.source);
      const [clock, what] =
        process.platform === 'linux' ? [usedByOthers, 'processor time'] : [elapsed, 'time'];
      compare(
        `the ${what} of 200 clones of ten versions, beside that of three git commands for each`,
        gradeClones,
        readAll,
        clock,
      );
    });

/** The time on a clock, in seconds. */
const elapsed = () => performance.now() / 1000;

/**
 * The processor time of all processes that this one started and that have ended, and of those that they started, in
 * seconds.
 */
function usedByOthers(): number {
  // Node.js reports only its own. These are the 16th and 17th field (man 5 proc_pid_stat), in hundredths of a second;
  // the second field is the name, which may contain spaces.
  const fields = readFileSync('/proc/self/stat', 'latin1').replace(/.*\) /s, '').split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** How long some work takes by a clock, in seconds. */
function timed(work: () => void, clock = elapsed): number {
  const start = clock();
  work();
  return clock() - start;
}

/** The shortest of three runs: anything else that the machine does only adds time. */
function fastest(run: () => void, clock: () => number): number {
  return Math.min(timed(run, clock), timed(run, clock), timed(run, clock));
}

/** Loaded into a measured process, whose last line is then its peak memory in kilobytes. */
const meter = `data:text/javascript,process.on('exit',()=>console.error(process.resourceUsage().maxRSS))`;

/**
 * Runs Node.js to its end.
 *
 * @returns its peak memory, in MB.
 * @throws if it fails.
 */
function node(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): number {
  const { error, status, stderr } = spawnSync(process.execPath, ['--import', meter, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (error || status !== 0) throw error ?? new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return Number(stderr.trim().split('\n').at(-1)) / 1024;
}

/** Links the packages of this project into another. */
function withPackages(project: string): string {
  symlinkSync(path.join(graderRoot, 'node_modules'), path.join(project, 'node_modules'), 'junction');
  return project;
}

/** Reads every file that any commit of a clone added or changed, after the sizes of all of them. */
function readWithGit(clone: string): void {
  const git = (args: readonly string[], input = '') =>
    execFileSync('git', args, { cwd: clone, input, encoding: 'latin1' });
  const changes = git(['log', '--all', '--root', '--raw', '--no-abbrev', '--format=%H %cI']);
  const ids = [...changes.matchAll(/^:\d+ \d+ \w+ (\w+)/gm)].map(([, id]) => id).join('\n');
  git(['cat-file', '--batch-check'], ids);
  git(['cat-file', '--batch'], ids);
}
