import { studentCommands } from '../cli';
import { type Commands, type Context, runCommand, runProcess } from '../command';

// Commands are loaded by require, which waits for nothing.

/** What an instructor runs about a class that has handed in. */
const classCommands: Commands = {
  'grade:class': {
    description:
      "Grade what a class handed in: the grade of record, gradebooks, feedback, and a page that shows what to teach next. Nothing of the students' is run.",
    load: () => (require('./class/command') as typeof import('./class/command')).configureGradeClass,
  },
  'fetch:class': {
    description:
      'Fetch the repositories of an assignment from an organization on GitHub, into a folder that grade:class grades.',
    load: () => (require('./class/fetch') as typeof import('./class/fetch')).configureFetchClass,
  },
  'feedback:post': {
    description:
      'Post the feedback of a graded class to the pull requests or issues “Feedback” of its repositories. Says what it would do, until --yes.',
    load: () =>
      (require('./class/returns/feedback/post') as typeof import('./class/returns/feedback/post'))
        .configureFeedbackPost,
  },
  'grade:merge': {
    description:
      'Join the parts of a class that were graded with --shard into what one run would have written.',
    load: () => (require('./class/merge') as typeof import('./class/merge')).configureMerge,
  },
};

/** What is counted over several terms. */
const countCommands: Commands = {
  again: {
    description:
      'Add up what became right at other sizes, over the tables again-counts.csv of several terms.',
    load: () => (require('./class/again-counts') as typeof import('./class/again-counts')).configureAgain,
  },
};

/** What an instructor can run, beside what students can. */
export const instructorCommands: Commands = {
  ...studentCommands,
  check: {
    description:
      'Check this course: rubric, answer key, stub, handout, fixtures, and the copy that students get.',
    load: () =>
      (require('./authoring/check/check') as typeof import('./authoring/check/check')).configureCheck,
  },
  new: {
    description:
      'Make another course package in a folder of its own, which uses this repository as its grader.',
    load: () => (require('./authoring/new/new') as typeof import('./authoring/new/new')).configureNew,
  },
  generate: {
    description:
      'Write everything that repeats rubric.yaml and solution/: stub, handout, fixtures, schemas, figures in pages.',
    load: () =>
      (require('./authoring/generate/generate') as typeof import('./authoring/generate/generate'))
        .configureGenerate,
  },
  hints: {
    description: 'Print every wrong answer that solution/ knows, and what a student reads who writes it.',
    load: () => (require('./authoring/hints') as typeof import('./authoring/hints')).configureHints,
  },
  'dry-run': {
    description:
      "Show what GitHub will show of a submission: the workflow's one grading runs here as a step of it.",
    load: () =>
      (require('./authoring/dry-run/dry-run') as typeof import('./authoring/dry-run/dry-run'))
        .configureDryRun,
  },
  release: {
    description:
      'Make the repository that students get, with no line of solution/ in it and no answer that can be read, and what other hosts grade it by. First everything is checked; what fails is not released.',
    load: () =>
      (require('./authoring/release/release') as typeof import('./authoring/release/release'))
        .configureRelease,
  },
  demo: {
    description:
      'Make a sample class (30 submissions, and one student who handed in nothing), grade it, and show where its page is.',
    load: () => (require('./authoring/demo/demo') as typeof import('./authoring/demo/demo')).configureDemo,
  },
  ...classCommands,
  ...countCommands,
};

/** Runs one of the instructor's commands; see `runCommand`. */
export function runInstructorCommand(args: readonly string[], context?: Partial<Context>): Promise<number> {
  return runCommand(instructorCommands, args, context);
}

/** What Node.js runs. */
export function main(): void {
  runProcess(instructorCommands, process.argv.slice(2));
}
