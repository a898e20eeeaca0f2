import type { Commands } from '../../command';

/** What an instructor runs about a class that has handed in. */
export const classCommands: Commands = {
  'grade:class': {
    description:
      "Grade what a class handed in: the grade of record, gradebooks, feedback, and a page that shows what to teach next. Nothing of the students' is run.",
    load: () => (require('./command') as typeof import('./command')).configureGradeClass,
  },
  'feedback:post': {
    description:
      'Post the feedback of a graded class to the pull requests “Feedback” of its repositories. Says what it would do, until --yes.',
    load: () =>
      (require('./returns/feedback/post') as typeof import('./returns/feedback/post')).configureFeedbackPost,
  },
  'grade:merge': {
    description:
      'Join the parts of a class that were graded with --shard into what one run would have written.',
    load: () => (require('./merge') as typeof import('./merge')).configureMerge,
  },
};
