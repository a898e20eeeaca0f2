import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderAnnotations } from '../report/annotations';
import { commentSource, renderComment } from '../report/comment';
import { type ActionsText, command, type Environment } from '../report/escape/actions';
import { join, markdown, words } from '../report/escape/markdown';
import { lines, plain } from '../report/escape/terminal';
import { renderGithubClassroom } from '../report/github-classroom';
import type { Report } from '../report/report.schema';
import { renderSummary } from '../report/summary';
import type { Rubric } from '../rubric/rubric';

/** The comment for the pull request with feedback, in the folder that the grading is left in. */
const commentName = 'comment.md';

/**
 * Leaves a graded worksheet for GitHub Actions: the summary on the run's page, the comment for a pull
 * request, and the outputs that later steps read. A file that cannot be written costs what would be in
 * it, and nothing else.
 *
 * @param folder where the grading is left, empty of comments and known to be no link.
 * @returns lines for the log: a warning at each cell that is not right, and what could not be left.
 */
export function leaveForActions(
  report: Report,
  rubric: Rubric,
  besideKey: boolean,
  folder: string,
  variables: Environment,
): ActionsText[] {
  const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY } = variables;
  const results = renderGithubClassroom(report, rubric);
  const outputs = [
    `runners=${[...results.keys()].join()}`,
    ...[...results].map(([id, text]) => `${id}=${text}`),
    ...commentOutputs(folder, !report.started),
  ];
  return [
    ...append(GITHUB_STEP_SUMMARY, renderSummary(report, rubric, { besideKey }), 'The summary of this run'),
    ...put(path.join(folder, commentName), renderComment(report, rubric, { besideKey, ...run(variables) })),
    ...append(GITHUB_OUTPUT, outputs.map((line) => `${line}\n`).join(''), 'The points', 'error'),
    ...renderAnnotations(report, rubric),
  ];
}

/**
 * Where the comment is. Before anything is filled in, and where grading failed, none is begun; but one
 * that is there always says what became of the newest commit.
 */
function commentOutputs(folder: string, onlyUpdates: boolean): string[] {
  return [`comment=${path.basename(folder)}/${commentName}`, `comment-only-updates=${onlyUpdates}`];
}

/** Which run of which commit this is. */
function run(variables: Environment): { commit: string; run: string } {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_SHA = 'unknown' } = variables;
  return {
    commit: GITHUB_SHA,
    run: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
  };
}

function put(file: string, text: string): ActionsText[] {
  return orSayWhy('The comment for the pull request', () => writeFileSync(file, text));
}

function append(
  file: string | undefined,
  text: string,
  what: string,
  kind: 'warning' | 'error' = 'warning',
): ActionsText[] {
  return file ? orSayWhy(what, () => appendFileSync(file, text), kind) : [];
}

function orSayWhy(what: string, write: () => void, kind: 'warning' | 'error' = 'warning'): ActionsText[] {
  try {
    write();
    return [];
  } catch (error) {
    const { code = error } = error as NodeJS.ErrnoException;
    const said = plain(`${what} could not be written (${code}). The grade in the log stands all the same.`);
    return [command(kind, { title: 'Not written' }, said)];
  }
}

/**
 * That nothing was graded: an error of its own, said on the run's page and in the comment too, and no
 * points.
 *
 * @param folder as in `leaveForActions`.
 */
export function refusalForActions(
  said: readonly string[],
  folder: string,
  variables: Environment,
): ActionsText[] {
  const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY } = variables;
  const paragraphs = said.filter((line) => line.trim() !== '').map(words);
  const shown = markdown`**${words(notGraded)}**\n\n${join(paragraphs, '\n\n')}\n`;
  const outputs = ['runners=', ...commentOutputs(folder, true)];
  return [
    ...append(GITHUB_STEP_SUMMARY, shown, 'The summary of this run'),
    ...put(path.join(folder, commentName), markdown`${shown}\n${commentSource(run(variables))}\n`),
    ...append(GITHUB_OUTPUT, outputs.map((line) => `${line}\n`).join(''), 'The outputs'),
    command('error', { title: notGraded }, lines(said.map(plain))),
  ];
}

const notGraded = 'Grading failed (this is not a zero)';
