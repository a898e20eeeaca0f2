import { appendFileSync, writeFileSync } from 'node:fs';
import type { Report } from '../../grading/report.schema';
import { type ActionsText, command, type Environment, gradingFailed } from '../../render/escape/actions';
import { escapeMarkdown, join, markdown } from '../../render/escape/markdown';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import { commentSource, renderComment, renderMarkdown } from '../../render/markdown';
import type { Rubric } from '../../rubric/rubric';
import { renderAnnotations, renderGithubClassroom, renderPoints } from './render';

/** Where the comment for a pull request is written, and the value by which later steps find it. */
export interface CommentPlace {
  readonly file: string;
  readonly output: string;
}

/**
 * Writes a graded worksheet for GitHub Actions: the points, the summary on the run's page, the comment for
 * a pull request, and the outputs that later steps read. If a file cannot be written, only its content is
 * lost.
 *
 * @param pointsBy whether the grader's own notices report the points, or a later step does.
 * @param notes shown below the worksheet.
 * @returns lines for the log: the points, a warning at each cell that is not right, and each file that could
 *   not be written. `hostNotified` is false if the points could not be passed to a later step.
 */
export function writeOutputs(
  report: Report,
  pointsBy: Rubric['pointsBy'],
  notes: readonly string[],
  comment: CommentPlace | undefined,
  variables: Environment,
): { log: ActionsText[]; hostNotified: boolean } {
  const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY } = variables;
  const results = renderGithubClassroom(report);
  const outputs = [
    `runners=${[...results.keys()].join()}`,
    ...[...results].map(([id, text]) => `${id}=${text}`),
    ...commentOutputs(comment, !report.started),
  ];
  const others = [
    ...append(GITHUB_STEP_SUMMARY, renderMarkdown(report, { notes }), 'The summary of this run'),
    ...writeComment(comment, renderComment(report, { notes, ...run(variables) })),
  ];
  const outputText = outputs.map((line) => `${line}\n`).join('');
  if (pointsBy === 'notices')
    return {
      log: [
        ...renderPoints(report),
        ...others,
        ...append(GITHUB_OUTPUT, outputText, 'The outputs'),
        ...renderAnnotations(report),
      ],
      hostNotified: true,
    };
  const untold = append(GITHUB_OUTPUT, outputText, 'The points', 'error');
  return { log: [...others, ...untold, ...renderAnnotations(report)], hostNotified: untold.length === 0 };
}

/**
 * The outputs about the comment. No comment is created before anything is filled in or when grading
 * failed, but an existing one is always updated for the newest commit.
 */
function commentOutputs(comment: CommentPlace | undefined, onlyUpdates: boolean): string[] {
  return [`comment=${comment?.output ?? ''}`, `comment-only-updates=${onlyUpdates}`];
}

/** The current commit and the URL of the current run. */
function run(variables: Environment): { commit: string; run: string } {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_SHA = 'unknown' } = variables;
  return {
    commit: GITHUB_SHA,
    run: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
  };
}

function writeComment(comment: CommentPlace | undefined, text: string): ActionsText[] {
  return comment
    ? tryToWrite('The comment for the pull request', () => writeFileSync(comment.file, text))
    : [];
}

function append(
  file: string | undefined,
  text: string,
  what: string,
  kind: 'warning' | 'error' = 'warning',
): ActionsText[] {
  return tryToWrite(
    what,
    () => {
      if (!file) throw new Error('no path was given');
      appendFileSync(file, text);
    },
    kind,
  );
}

function tryToWrite(what: string, write: () => void, kind: 'warning' | 'error' = 'warning'): ActionsText[] {
  try {
    write();
    return [];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const advice =
      kind === 'error'
        ? ' The grade in the log is valid, but no points were posted. Run the workflow again.'
        : '';
    const warningText = escapeTerminal(`${what} could not be written (${code ?? message}).${advice}`);
    return [command(kind, { title: 'Not written' }, warningText)];
  }
}

/**
 * Reports that nothing was graded: as an error in the log, on the run's page and in the comment. Gives no
 * points.
 */
export function writeFailure(
  failureLines: readonly string[],
  comment: CommentPlace | undefined,
  variables: Environment,
): ActionsText[] {
  const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY } = variables;
  const paragraphs = failureLines.filter((line) => line.trim() !== '').map(escapeMarkdown);
  const summaryText = markdown`**${escapeMarkdown(gradingFailed)}**\n\n${join(paragraphs, '\n\n')}\n`;
  const outputs = ['runners=', ...commentOutputs(comment, true)];
  return [
    ...append(GITHUB_STEP_SUMMARY, summaryText, 'The summary of this run'),
    ...writeComment(comment, markdown`${summaryText}\n${commentSource(run(variables))}\n`),
    ...append(GITHUB_OUTPUT, outputs.map((line) => `${line}\n`).join(''), 'The outputs'),
    command('error', { title: gradingFailed }, lines(failureLines.map(escapeTerminal))),
  ];
}
