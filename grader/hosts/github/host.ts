import path from 'node:path';
import type { Host } from '../host';

/** Any repository with the workflow of a students' copy, in the style of GitHub Classroom. It grades itself. */
export const githubHost: Host = {
  id: 'github',
  title: 'GitHub',
  handIn: {
    title: 'GitHub, in its web editor',
    steps: (files, attempts) => [
      ...files.map(
        (file) =>
          `Press Copy ${path.posix.basename(file)} above. In your repository on GitHub, open ${file}, click the pencil, select everything, paste, and click Commit changes.`,
      ),
      ...(attempts === undefined
        ? []
        : [
            `If you like, also press Save ${path.posix.basename(attempts)} and upload the file to the folder ${path.posix.dirname(attempts)} with Add file, Upload files.`,
          ]),
      'A minute later, the newest run under the Actions tab shows your worksheet.',
    ],
  },
};
