import path from 'node:path';
import type { Report } from '../../grading/report.schema';
import { type ActionsText, command } from '../../render/escape/actions';
import { escapeTerminal, lines, terminal } from '../../render/escape/terminal';
import { renderComment, renderMarkdown } from '../../render/markdown';
import { type Annotation, annotationsOf } from '../../render/tests';
import { type Host, titled } from '../host';

/** Any repository with the workflow of a students' copy. It grades itself. */
export const githubHost: Host = {
  id: 'github',
  title: 'GitHub',
  preview: (report) =>
    titled({
      'The log': [...renderPoints(report), ...renderAnnotations(report)].join('\n'),
      'The summary on the page of the run, in Markdown': renderMarkdown(report, { notes: [] }),
      'The comment in the pull request Feedback, if one is open': renderComment(report, {
        notes: [],
        commit: 'COMMIT',
        run: 'RUN',
      }),
    }),
  handIn: {
    title: 'GitHub, in its web editor',
    steps: (files) => [
      ...files.map(
        (file) =>
          `Press Copy ${path.posix.basename(file)} above. In your repository on GitHub, open ${file}, click the pencil, select everything, paste, and click Commit changes.`,
      ),
      'A minute later, the newest run under the Actions tab shows your worksheet.',
    ],
  },
};

/**
 * The points of a run, in the two lines that readers of such runs look for. Empty if there are
 * no points: before the work is begun, or without a key to judge it.
 */
export function renderPoints({ started, points, possible }: Report): ActionsText[] {
  if (!started || points === null || possible === 0) return [];
  const notice = (title: string, text: string) => command('notice', { title }, escapeTerminal(text));
  return [
    notice('Autograding complete', `Points ${points}/${possible}`),
    notice('Autograding report', JSON.stringify({ totalPoints: points, maxPoints: possible })),
  ];
}

/** GitHub shows no more annotations of one kind. */
const maxCount = 10;

/**
 * A warning at each cell that is not right, as workflow commands. If there are more than ten, the tenth lists
 * the rest.
 */
export function renderAnnotations(report: Report): ActionsText[] {
  const remarks = annotationsOf(report);
  const listed =
    remarks.length > maxCount
      ? [...remarks.slice(0, maxCount - 1), foldedRemark(remarks.slice(maxCount - 1))]
      : remarks;
  return listed.map(({ text, file, line, column, title }) => {
    const place = { file, ...(line !== undefined && { line }), ...(column !== undefined && { col: column }) };
    return command('warning', { ...place, title }, text);
  });
}

function foldedRemark([first, ...rest]: readonly Annotation[]): Annotation {
  const others = lines(rest.map(({ title, text }) => terminal`${escapeTerminal(title)}: ${text}`));
  const text = terminal`${first?.text ?? escapeTerminal('')}\n${escapeTerminal(`And ${rest.length} more:`)}\n${others}`;
  return { file: '', title: '', ...first, text };
}
