import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { callersFolder, submissionArgument } from '../../../cli';
import type { Configure } from '../../../command';
import { escapeTerminal, lines, type TerminalText } from '../../../render/escape/terminal';
import { studentFiles } from '../../../rubric/rubric';
import { fileNames, readFile } from '../../../submission/sandboxed-fs';
import { loadCourse } from '../../course';
import { graderRoot, readText, resolvePath, writeFile } from '../../files';
import { withTempDir } from '../../temp-dir';
import { makeCopy } from '../release/students-copy';
import { type RunnerAnnotation, type RunnerStep, runStep } from './runner';

/** What the grading reporter posts, or undefined where it does not run. */
export interface Posted {
  readonly totalPoints: number;
  readonly maxPoints: number;
}

export interface DryRun {
  readonly step: RunnerStep;
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
export function dryRun(courseRoot: string, submission: string): Promise<DryRun> {
  return withTempDir(async (copy) => {
    const course = loadCourse(courseRoot, false);
    await makeCopy(course, copy);
    const files = studentFiles(course.rubric);
    for (const file of files) {
      rmSync(resolvePath(copy, file));
      const opened = readFile(submission, file);
      if (opened.kind === 'file') writeFile(copy, file, opened.bytes);
      // Anything else in its place cannot be read there either.
      if (opened.kind === 'refused') mkdirSync(resolvePath(copy, file), { recursive: true });
    }
    // What lies beside them may be named, as a file that was probably meant, and is never read.
    for (const folder of new Set(['', 'src', ...files.map((file) => path.posix.dirname(file))])) {
      for (const name of fileNames(submission, folder)) {
        const file = path.posix.join(folder, name);
        if (!existsSync(resolvePath(copy, file)) && !files.includes(file)) writeFile(copy, file, '');
      }
    }
    symlinkSync(path.join(graderRoot, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
    const step = runStep(copy, [path.join('grader', 'start.js'), 'autograde']);
    const posted = postedOf(step);
    const comment = step.outputs.get('comment');
    return { step, ...(posted && { posted }), ...(comment && { comment: readText(copy, comment) }) };
  });
}

/** Adds up as the reporter does: it runs where there are runners, whatever became of the step. */
function postedOf({ outputs }: RunnerStep): Posted | undefined {
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
    .addHelpText(
      'after',
      '\nNothing is sent anywhere. Exit status: 0 when the grading ran, whatever came of it; 2 when it could not.',
    )
    .action(async (named: string, options: { public?: boolean }) => {
      print(renderDryRun(await dryRun(courseRoot, callersFolder(named)), options.public === true));
    });

function renderDryRun({ step, posted, comment }: DryRun, isPublic: boolean): TerminalText {
  const { status, log, annotations, summary } = step;
  const colour = status === 0 ? 'green' : 'red';
  return lines([
    ...section('The log of the step npm run autograde', log),
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
    ...section('The run', `It is ${colour}: autograde ends with status ${status}.`),
    ...section(
      'The points',
      posted ? `Points ${posted.totalPoints}/${posted.maxPoints}` : 'None are posted.',
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
