import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../../grading/report.schema';
import { gradingFailed, messageOf } from '../../message';
import {
  type ActionsText,
  command,
  type Environment,
  guarded,
  isOnActions,
} from '../../render/escape/actions';
import {
  escapeMarkdown,
  join,
  type MarkdownText,
  markdown,
  markdownLink,
} from '../../render/escape/markdown';
import { escapeTerminal, lines } from '../../render/escape/terminal';
import { failuresOf } from '../../render/tests';
import { renderMarkdown } from '../../render/view-markdown';
import { type Files, type Host, type HostRun, titled } from '../host';

/** The workflow that grades: from the course itself, or from the repository of its grader. */
const workflowFile = '.github/workflows/classroom.yml';

/** Any repository with the workflow of a students' copy. It grades itself. */
export const githubHost: Host = {
  id: 'github',
  preview: (report) =>
    titled({
      'The log': [...renderPoints(report), ...renderAnnotations(report)].join('\n'),
      'The summary on the page of the run, in Markdown': renderMarkdown(report, []),
      'The comment in the pull request Feedback, if one is open': renderComment(report, [], {
        commit: 'COMMIT',
        run: 'RUN',
      }),
    }),
  handIn: {
    title: 'GitHub, in its web editor',
    steps: (files) => [
      ...files.map(
        (file) =>
          `Above, open “More ways to save” and press Copy ${path.posix.basename(file)}. In your repository on GitHub, open ${file}, click the pencil, select everything, paste, and click Commit changes.`,
      ),
      'A minute later, the newest run under the Actions tab shows your worksheet.',
    ],
  },
  workflow: workflowFile,
  studentFiles: (_, ownText): Files => {
    const text = ownText(workflowFile);
    return text === undefined ? {} : { [workflowFile]: text };
  },
  isRunning: isOnActions,
  isFresh: true,
  begin: ({ folder }) => rmSync(path.join(folder, commentFile), { recursive: true, force: true }),
  publish: publishOnActions,
  fail: failOnActions,
  guard: guarded,
};

/**
 * The points of a run, in the two lines that readers of such runs look for (`src/notify-classroom.js` of
 * `autograding-grading-reporter` v1). Empty if there are no points: before the work is begun, or without a key.
 */
export function renderPoints({ started, points, possible }: Report): ActionsText[] {
  if (!started || points === null || possible === 0) return [];
  const notice = (title: string, text: string) => command('notice', { title }, escapeTerminal(text));
  return [
    notice('Autograding complete', `Points ${points}/${possible}`),
    notice('Autograding report', JSON.stringify({ totalPoints: points, maxPoints: possible })),
  ];
}

/** GitHub shows at most this many annotations of one kind. The summary has everything that is not right. */
const maxCount = 10;

/** A warning at each of the first cells that are not right, as workflow commands. */
export function renderAnnotations(report: Report): ActionsText[] {
  const shown = failuresOf(report).slice(0, maxCount);
  return shown.map(({ text, file, line, column, title }) => {
    const properties = {
      file,
      ...(line !== undefined && { line }),
      ...(column !== undefined && { col: column }),
    };
    return command('warning', { ...properties, title }, text);
  });
}

/** The commit and the run that a comment on a pull request is about, as GitHub reports them. */
interface CommentSource {
  readonly commit: string;
  /** The address of the run that graded it. */
  readonly run: string;
}

/** Renders the worksheet for a course's feedback pull request, with the run that it comes from. */
export function renderComment(report: Report, notes: readonly string[], source: CommentSource): MarkdownText {
  return markdown`${renderMarkdown(report, notes)}\n${commentSource(source)}\n`;
}

/** The commit that a comment is about, and a link to the run that it comes from. */
function commentSource({ commit, run }: CommentSource): MarkdownText {
  return markdown`${escapeMarkdown(`Commit ${commit.slice(0, 7)}, graded by `)}${markdownLink('this run', run)}`;
}

/** Where a run leaves the comment for a pull request, below the course. A later step posts it. */
const commentFile = '.graded/comment.md';

/**
 * Writes a graded worksheet for GitHub Actions: the points, the summary on the run's page, the comment for
 * a pull request, and the outputs that later steps read.
 *
 * @returns lines for the log: the points, what could not be written, and a warning at each cell that is not right.
 */
function publishOnActions(report: Report, { folder, variables, notes }: HostRun): ActionsText[] {
  const summary = renderMarkdown(report, notes);
  const comment = renderComment(report, notes, sourceOf(variables));
  return [
    ...renderPoints(report),
    ...write({ summary, comment, onlyUpdates: !report.started }, folder, variables),
    ...renderAnnotations(report),
  ];
}

/**
 * Reports that nothing was graded: as an error in the log, on the run's page and in the comment. Gives no
 * points.
 */
function failOnActions(reasons: readonly string[], { folder, variables }: HostRun): ActionsText[] {
  const paragraphs = reasons.filter((line) => line.trim() !== '').map(escapeMarkdown);
  const summary = markdown`**${escapeMarkdown(gradingFailed)}**\n\n${join(paragraphs, '\n\n')}\n`;
  const comment = markdown`${summary}\n${commentSource(sourceOf(variables))}\n`;
  return [
    ...write({ summary, comment, onlyUpdates: true }, folder, variables),
    command('error', { title: gradingFailed }, lines(reasons.map(escapeTerminal))),
  ];
}

/** The outputs of a run that GitHub shows beside its log. */
interface Outputs {
  readonly summary: MarkdownText;
  readonly comment: MarkdownText;
  /**
   * No comment is begun before anything is filled in or when grading failed, but an existing one is always updated for
   * the newest commit.
   */
  readonly onlyUpdates: boolean;
}

/** @returns a warning if something could not be written. That costs no points, because the log has them. */
function write(
  { summary, comment, onlyUpdates }: Outputs,
  root: string,
  variables: Environment,
): ActionsText[] {
  const { GITHUB_OUTPUT = '', GITHUB_STEP_SUMMARY = '' } = variables;
  try {
    writeFileSync(path.join(root, commentFile), comment);
    appendFileSync(GITHUB_OUTPUT, `comment=${commentFile}\ncomment-only-updates=${onlyUpdates}\n`);
    // Last: nothing else depends on it.
    appendFileSync(GITHUB_STEP_SUMMARY, summary);
    return [];
  } catch (error) {
    const text = `The summary, the comment or the outputs of this run could not be written: ${messageOf(error)}`;
    return [command('warning', { title: 'Not written' }, escapeTerminal(text))];
  }
}

/** The current commit and the URL of the current run. */
function sourceOf(variables: Environment): CommentSource {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_SHA = 'unknown' } = variables;
  return {
    commit: GITHUB_SHA,
    run: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
  };
}
