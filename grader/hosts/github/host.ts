import path from 'node:path';
import { renderComment, renderMarkdown } from '../../render/markdown';
import { type Host, titled } from '../host';
import { renderAnnotations, renderPoints } from './render';

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
