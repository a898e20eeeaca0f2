import { appendFileSync, writeFileSync } from 'node:fs';
import type { Report } from '../../grading/report.schema';
import { type ActionsText, command, type Environment, gradingFailed } from '../../render/escape/actions';
import { escapeMarkdown, join, markdown } from '../../render/escape/markdown';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import { commentSource, renderComment, renderMarkdown } from '../../render/markdown';
import { renderAnnotations, renderPoints } from './render';

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
 * @param notes shown below the worksheet.
 * @returns lines for the log: the points, a warning at each cell that is not right, and each file that could not be
 *   written.
 */
export function writeOutputs(
  report: Report,
  notes: readonly string[],
  comment: CommentPlace | undefined,
  variables: Environment,
): ActionsText[] {
  const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY } = variables;
  const outputs = commentOutputs(comment, !report.started);
  return [
    ...renderPoints(report),
    ...append(GITHUB_STEP_SUMMARY, renderMarkdown(report, { notes }), 'The summary of this run'),
    ...writeComment(comment, renderComment(report, { notes, ...run(variables) })),
    ...append(GITHUB_OUTPUT, outputs, 'The outputs'),
    ...renderAnnotations(report),
  ];
}

/**
 * The outputs about the comment. No comment is created before anything is filled in or when grading
 * failed, but an existing one is always updated for the newest commit.
 */
function commentOutputs(comment: CommentPlace | undefined, onlyUpdates: boolean): string {
  return `comment=${comment?.output ?? ''}\ncomment-only-updates=${onlyUpdates}\n`;
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

function append(file: string | undefined, text: string, what: string): ActionsText[] {
  return tryToWrite(what, () => {
    if (!file) throw new Error('no path was given');
    appendFileSync(file, text);
  });
}

function tryToWrite(what: string, write: () => void): ActionsText[] {
  try {
    write();
    return [];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const warningText = escapeTerminal(`${what} could not be written (${code ?? message}).`);
    return [command('warning', { title: 'Not written' }, warningText)];
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
  return [
    ...append(GITHUB_STEP_SUMMARY, summaryText, 'The summary of this run'),
    ...writeComment(comment, markdown`${summaryText}\n${commentSource(run(variables))}\n`),
    ...append(GITHUB_OUTPUT, commentOutputs(comment, true), 'The outputs'),
    command('error', { title: gradingFailed }, lines(failureLines.map(escapeTerminal))),
  ];
}
