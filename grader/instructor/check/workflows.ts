import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { GraderError } from '../../error';
import { runnerIds } from '../../report/github-classroom';
import type { Course } from '../course';
import { at, readFile } from '../files';
import { broken, type Check, type Finding } from './check';

const folder = '.github/workflows';
const grading = `${folder}/classroom.yml`;
const reporter = 'classroom-resources/autograding-grading-reporter@';

/** A workflow, as far as it is looked at. */
interface Workflow {
  readonly name?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs?: Readonly<Record<string, Job>>;
}

interface Job {
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const workflows: Check = {
  promise: 'The workflows pass their linter, and lose no points silently',
  find(course) {
    const names = existsSync(at(course.root, folder)) ? readdirSync(at(course.root, folder)).sort() : [];
    const files = names
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => ({ file: `${folder}/${name}`, text: readFile(course.root, `${folder}/${name}`) }));
    const faults = lint(files);
    const sound = files.filter(({ file }) => !faults.some((fault) => fault.file === file));
    return [
      ...faults.map(({ file, line, column, message }) => broken(`${file}:${line}:${column}: ${message}`)),
      ...sound.flatMap(({ file, text }) => {
        const workflow = (parse(text) ?? {}) as Workflow;
        const own = file === grading ? traps(workflow, course) : second(file, text);
        return [...unpinned(file, workflow), ...own];
      }),
    ];
  },
};

interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** @throws {GraderError} where the linter itself does not run. */
function lint(files: readonly { file: string; text: string }[]): Fault[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(__dirname, 'lint.js')], {
    input: JSON.stringify(files),
    encoding: 'utf8',
  });
  if (status === 0) return JSON.parse(stdout) as Fault[];
  const [reason] = /^\w*Error.*$/m.exec(stderr) ?? [`status ${status}`];
  throw new GraderError(
    'folder',
    `The linter for workflows does not run: ${reason}. Run npm ci, and try again.`,
  );
}

function stepsOf({ jobs = {} }: Workflow): Step[] {
  return Object.values(jobs).flatMap(({ steps = [] }) => steps);
}

/** An action under a tag is whatever its owner makes of the tag later. */
function unpinned(file: string, workflow: Workflow): Finding[] {
  const used = stepsOf(workflow).flatMap(({ uses = [] }) => uses);
  return used
    .filter((name) => !name.startsWith('./') && !/@[0-9a-f]{40}$/.test(name))
    .map((name) => broken(`${file}: ${name} is not pinned to a commit. Write its full SHA after the @.`));
}

/** What GitHub Classroom and those who follow it go by, and do not tell when it is otherwise. */
function traps(workflow: Workflow, { rubric }: Course): Finding[] {
  const { name, permissions = {}, jobs = {} } = workflow;
  const job = jobs['run-autograding-tests'];
  const onlyIf = "github.actor != 'github-classroom[bot]'";
  const rights = [permissions, ...Object.values(jobs).map((each) => each.permissions ?? {})];
  const isModest =
    Object.keys(permissions).length > 0 && rights.every((each) => Object.entries(each).every(isReading));
  const post = stepsOf(workflow).find(({ uses }) => uses?.startsWith(reporter));
  const wanted = runnerIds.filter((id) => id !== 'reflection' || rubric.reflection);
  const faults = [
    name !== 'Autograding Tests' && 'should have the name Autograding Tests; points are read from no other.',
    (!job || Object.keys(jobs).length !== 1) &&
      'should have one job, run-autograding-tests; points are read from no other.',
    job && job.if !== onlyIf && `should run only if: ${onlyIf}`,
    !isModest && 'should have no more rights than contents: read.',
    !stepsOf(workflow).some(({ run }) => run?.trim() === 'npm run autograde') &&
      'does not run npm run autograde.',
    ...(post
      ? wanted.map((id) => {
          const key = `${id.toUpperCase()}_RESULTS`;
          return !post.env?.[key] && `has no ${key} in the env of the grading reporter; it would stop there.`;
        })
      : []),
  ];
  return faults.flatMap((fault) => (fault ? broken(`${grading} ${fault}`) : []));
}

function isReading([right, level]: [string, string]): boolean {
  return right === 'contents' && level === 'read';
}

function second(file: string, text: string): Finding[] {
  return text.includes(reporter) || text.includes('npm run autograde')
    ? [broken(`${file} grades as well, so points would be posted twice. Take the grading out of it.`)]
    : [];
}
