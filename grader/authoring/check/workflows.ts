import { existsSync, readdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parse, type YAMLParseError } from 'yaml';
import type { Course } from '../../course';
import { readText, resolvePath, rootOf } from '../../files';
import { isValid } from '../../validate';
import { type Check, type Finding, failed } from './finding';

const folder = '.github/workflows';
const gradingFile = `${folder}/classroom.yml`;
const commenter = 'marocchino/sticky-pull-request-comment@';

/** The parts of a workflow that are checked. */
interface Workflow {
  readonly name?: string;
  readonly on?: unknown;
  readonly permissions?: unknown;
  readonly defaults?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

interface Job extends Flow {
  readonly name?: unknown;
  readonly defaults?: unknown;
  readonly container?: unknown;
  readonly services?: unknown;
  readonly permissions?: unknown;
  readonly strategy?: unknown;
  readonly steps?: readonly WorkflowStep[];
}

interface WorkflowStep extends Flow {
  readonly id?: string;
  readonly run?: string;
  readonly shell?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Flow {
  readonly if?: string;
  readonly uses?: string;
  readonly 'continue-on-error'?: unknown;
}

interface WorkflowFile {
  readonly file: string;
  readonly text: string;
}

/** The form that the checks need; whether GitHub accepts the workflow, GitHub itself reports. */
const workflowSchema = (() => {
  const flow = { type: 'object', properties: { if: {}, uses: { type: 'string' }, run: { type: 'string' } } };
  const job = {
    ...flow,
    properties: { ...flow.properties, steps: { type: 'array', items: flow } },
  };
  return {
    type: 'object',
    required: ['jobs'],
    properties: { jobs: { type: 'object', additionalProperties: job } },
  };
})();

export const workflowsCheck: Check = {
  claim: 'The workflows lose no points silently',
  find: (course) => workflowFiles(course).flatMap(lostPoints),
};

/** The course's own workflows, and the one that students get. */
function workflowFiles({ root }: Pick<Course, 'root'>): WorkflowFile[] {
  const own = resolvePath(root, folder);
  const names = existsSync(own) ? readdirSync(own).filter((name) => /\.ya?ml$/.test(name)) : [];
  return [...new Set([...names.map((name) => `${folder}/${name}`), gradingFile])]
    .sort()
    .map((file) => ({ file, place: rootOf(root, file) }))
    .filter(({ file, place }) => existsSync(resolvePath(place, file)))
    .map(({ file, place }) => ({ file, text: readText(place, file) }));
}

/** Finds ways in which a workflow would lose points, or give somebody rights. */
function lostPoints({ file, text }: WorkflowFile): Finding[] {
  let workflow: unknown;
  try {
    workflow = parse(text);
  } catch (error) {
    const { message, linePos: [{ line, col }] = [{ line: 1, col: 1 }] } = error as YAMLParseError;
    return [failed('workflow-unreadable', `${file}:${line}:${col}: ${message.split(' at line ')[0]}.`)];
  }
  if (!isValid<Workflow>(workflowSchema, workflow))
    return [
      failed('workflow-foreign', `${file} is not a workflow: it needs jobs, each with a list of steps.`),
    ];
  const own = file === gradingFile ? traps(workflow) : secondGrading(file, workflow);
  return [...unpinned(file, workflow), ...own];
}

function stepsOf({ jobs = {} }: Workflow): WorkflowStep[] {
  return Object.values(jobs).flatMap(({ steps = [] }) => steps);
}

/** Finds actions that are not pinned, because the owner of an action can move its tag later. */
function unpinned(file: string, workflow: Workflow): Finding[] {
  const used = [...Object.values(workflow.jobs ?? {}), ...stepsOf(workflow)].flatMap(({ uses = [] }) => uses);
  return used
    .filter((name) => !/@[0-9a-f]{40}$/.test(name))
    .map((name) =>
      failed(
        'workflow-action-not-pinned',
        `${file}: ${name} is not pinned to a commit. Write its full SHA after the @.`,
      ),
    );
}

/** Finds departures from the details that readers of the points rely on but do not report. */
function traps(workflow: Workflow): Finding[] {
  const jobs = Object.values(workflow.jobs ?? {});
  const [job] = jobs;
  const steps = stepsOf(workflow);
  const grades = steps.filter(({ run = '' }) => isGrading(run));
  const isNamed = workflow.jobs?.['run-autograding-tests'] !== undefined && jobs.length === 1;
  const rights = [workflow.permissions, ...jobs.flatMap(({ permissions }) => permissions ?? [])];
  const comments = steps.some(({ uses }) => isOf(uses, commenter));
  const needed = { contents: 'read', ...(comments && { 'pull-requests': 'write' }) };
  const isModest = rights.every((right) => isDeepStrictEqual(right, needed));
  // A comment that cannot be written is no reason to fail the run; anything else is.
  const flows = [...jobs, ...steps.filter(({ uses }) => !isOf(uses, commenter))];
  const bends = flows.some((flow) => flow['continue-on-error'] !== undefined);
  const faults = [
    [
      workflow.name !== 'Autograding Tests',
      'workflow-name',
      'should have the name Autograding Tests; points are read only from that.',
    ],
    [!isNamed, 'workflow-job', 'should have one job, run-autograding-tests; points are read only from that.'],
    [
      job?.name !== undefined,
      'workflow-job-name',
      'should have no name for its job: what is read are the points of run-autograding-tests.',
    ],
    [
      [workflow.defaults, job?.defaults, job?.container, job?.services].some((part) => part !== undefined) ||
        steps.some(({ shell }) => shell !== undefined),
      'workflow-defaults',
      'should have no defaults, shell, container or services of its own.',
    ],
    [
      !isEveryPush(workflow.on),
      'workflow-trigger',
      'should run on every push: write on: push, without branches or paths; it may also run on workflow_dispatch and repository_dispatch, and on nothing else.',
    ],
    [!isModest, 'workflow-rights', `should have these rights and no others: ${rightsText(needed)}.`],
    [
      job?.strategy !== undefined || bends,
      'workflow-strategy',
      'should have neither strategy nor continue-on-error: points are posted once.',
    ],
    [
      grades.length !== 1 || grades[0]?.run?.trim() !== 'npm run autograde' || grades[0].if !== undefined,
      'workflow-grading-step',
      'should run npm run autograde once, in a step without if.',
    ],
  ] as const;
  return faults.flatMap(([isSo, code, text]) => (isSo ? failed(code, `${gradingFile} ${text}`) : []));
}

function rightsText(rights: Readonly<Record<string, string>>): string {
  return Object.entries(rights)
    .map(([name, right]) => `${name}: ${right}`)
    .join(', ');
}

function isEveryPush(on: unknown): boolean {
  const triggers =
    typeof on === 'string'
      ? { [on]: null }
      : Array.isArray(on)
        ? Object.fromEntries(on.map((name) => [name, null]))
        : on;
  if (typeof triggers !== 'object' || triggers === null || !('push' in triggers) || triggers.push !== null)
    return false;
  return Object.keys(triggers).every((name) =>
    ['push', 'workflow_dispatch', 'repository_dispatch'].includes(name),
  );
}

/** Compares names of actions, which ignore case. */
function isOf(uses: string | undefined, action: string): boolean {
  return uses?.toLowerCase().startsWith(action) === true;
}

function isGrading(run: string): boolean {
  return /\bautograde\b|grader\/jest/.test(run.replace(/^\s*#.*$/gm, ''));
}

/** Finds another workflow that grades, because it would post points twice, or different ones. */
function secondGrading(file: string, workflow: Workflow): Finding[] {
  const grades =
    workflow.name === 'Autograding Tests' ||
    workflow.jobs?.['run-autograding-tests'] !== undefined ||
    stepsOf(workflow).some(({ run = '' }) => isGrading(run));
  return grades
    ? [
        failed(
          'workflow-second-grading',
          `${file} grades too, so points would be posted twice. Remove the grading from it.`,
        ),
      ]
    : [];
}
