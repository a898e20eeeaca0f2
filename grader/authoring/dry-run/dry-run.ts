import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { callersFolder, submissionArgument } from '../../cli';
import type { Configure } from '../../command';
import { type Course, loadCourse } from '../../course';
import { copyFile, graderRoot, listFiles, readText, resolvePath, writeFile } from '../../files';
import { gradedByInput } from '../../hosts/github/action';
import { escapeTerminal, lines, type TerminalText } from '../../render/escape/terminal';
import { studentFiles } from '../../rubric/rubric';
import { fileNames, readFile } from '../../submission/sandboxed-fs';
import { withTempDir } from '../../temp-dir';
import { isLeftover } from '../release/staging';
import { makeCopy, workflowFile } from '../release/students-copy';
import { type RunnerAnnotation, type RunnerStep, runStep } from './runner';

/** The points of a run, as tools find them in its output; see `renderPoints`. */
export interface Points {
  readonly totalPoints: number;
  readonly maxPoints: number;
}

export interface DryRun {
  readonly step: RunnerStep;
  readonly points?: Points | undefined;
  /** The comment for the feedback pull request, if the course has one. */
  readonly comment?: string;
}

export interface DryRunOptions {
  /** An existing students' copy, used in place of a new one. */
  readonly copy?: string | undefined;
  /** The grader that the organization has published, used in place of the copy's own. */
  readonly grader?: string | undefined;
}

/**
 * Grades a submission as the workflow of a students' copy would: makes the copy, puts the two files into it,
 * and runs the step that grades. Uses no network, and nothing of the student's but these files.
 *
 * @throws {GraderError} if the course itself cannot be used.
 */
export function dryRun(
  courseRoot: string,
  submission: string,
  { copy: made, grader }: DryRunOptions = {},
): Promise<DryRun> {
  return withTempDir(async (copy) => {
    const course = loadCourse(courseRoot, false);
    if (made === undefined) await makeCopy(course, copy);
    else for (const file of listFiles(made)) if (!isLeftover(file)) copyFile(made, copy, file);
    const files = studentFiles(course.rubric);
    for (const file of files) {
      rmSync(resolvePath(copy, file));
      const opened = readFile(submission, file);
      if (opened.kind === 'file') writeFile(copy, file, opened.bytes);
      // Anything else in its place cannot be read on the host either.
      if (opened.kind === 'refused') mkdirSync(resolvePath(copy, file), { recursive: true });
    }
    // Files beside them may be named, as a file that was probably meant, but are never read.
    for (const folder of new Set(['', 'src', ...files.map((file) => path.posix.dirname(file))])) {
      for (const name of fileNames(submission, folder)) {
        const file = path.posix.join(folder, name);
        if (!existsSync(resolvePath(copy, file)) && !files.includes(file)) writeFile(copy, file, '');
      }
    }
    const step = grader === undefined ? autograde(copy) : publishedGrader(course, copy, grader);
    const comment = step.outputs.get('comment');
    return { step, points: pointsOf(step), ...(comment && { comment: readText(copy, comment) }) };
  });
}

/** Runs the step in which the copy grades itself. */
function autograde(copy: string): RunnerStep {
  symlinkSync(path.join(graderRoot, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  return runStep(copy, [path.join('grader', 'start.js'), 'autograde']);
}

/** Runs the step in which an action grades, with the inputs from the copy's workflow. */
function publishedGrader({ file }: Course, copy: string, grader: string): RunnerStep {
  const workflow = parse(readText(copy, workflowFile));
  const steps = Object.values<{ steps?: { with?: Record<string, string> }[] }>(workflow.jobs);
  const { with: inputs = {} } =
    steps.flatMap((job) => job.steps ?? []).find((step) => step.with?.[gradedByInput]) ?? {};
  const [repository = '', ref = ''] = (file.github?.grader ?? 'org/grader@main').split('@');
  return runStep(copy, [path.join(grader, 'grade.js')], {
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]),
    ),
    GITHUB_ACTION_REPOSITORY: repository,
    GITHUB_ACTION_REF: ref,
  });
}

/**
 * The points in the notices of a step, or else the sum that GitHub Classroom's reporter would compute from
 * its outputs.
 */
function pointsOf({ annotations, outputs }: RunnerStep): Points | undefined {
  const report = annotations.find(({ properties: { title } }) => title === 'Autograding report');
  if (report) return JSON.parse(report.message) as Points;
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

export const configureDryRun: Configure = (command, { courseRoot, print }) =>
  command
    .addArgument(submissionArgument(courseRoot))
    .option('--public', 'as in a public repository, where no comment is written')
    .option(
      '--copy <folder>',
      "a students' copy that was released, such as dist/student (default: a new one)",
    )
    .option('--grader <folder>', 'grade by an action, such as dist/grader-repo, and not by the copy itself')
    .addHelpText(
      'after',
      '\nNothing is sent anywhere. Exit status: 0 when the grading ran, whatever came of it; 2 when it could not.',
    )
    .action(async (named: string, options: DryRunOptions & { public?: boolean }) => {
      const [copy, grader] = [options.copy, options.grader].map((folder) => folder && callersFolder(folder));
      print(
        renderDryRun(
          await dryRun(courseRoot, callersFolder(named), { copy, grader }),
          options.public === true,
          grader === undefined ? 'npm run autograde' : 'that uses the published grader',
        ),
      );
    });

function renderDryRun({ step, points, comment }: DryRun, isPublic: boolean, stepName: string): TerminalText {
  const { status, log, annotations, summary } = step;
  const colour = status === 0 ? 'green' : 'red';
  return lines([
    ...section(`The log of the step ${stepName}`, log),
    ...section('The summary on the page of the run, in Markdown', summary),
    ...section('Beside the files', annotations.map(annotation).join('\n') || 'No warning.'),
    ...section(
      step.outputs.get('comment-only-updates') === 'true'
        ? 'The comment in the pull request Feedback, if it has one already'
        : 'The comment in the pull request Feedback, if one is open',
      isPublic
        ? 'None is written: the repository is public, and everybody could read the grade in it. (The log and the summary above are public there, too.)'
        : (comment ?? 'None is written.'),
    ),
    ...section('The run', `It is ${colour}: the step ends with status ${status}.`),
    ...section(
      'The points',
      points ? `Points ${points.totalPoints}/${points.maxPoints}` : 'None are posted.',
    ),
  ]);
}

function section(title: string, text: string): TerminalText[] {
  return [
    escapeTerminal(`--- ${title}`),
    escapeTerminal(''),
    ...text.trimEnd().split('\n').map(escapeTerminal),
    escapeTerminal(''),
  ];
}

function annotation({ name, properties: { file, line, col, title }, message }: RunnerAnnotation): string {
  const place = file === undefined ? '' : `${[file, line, col].filter(Boolean).join(':')} `;
  return `${name} ${place}${title ?? ''}: ${message.replaceAll('\n', ' ')}`;
}
