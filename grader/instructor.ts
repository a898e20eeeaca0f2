import { studentCommands } from './cli';
import { type Commands, type Context, runCommand, runProcess } from './command';

/** All of an instructor's commands, including those of students. */
export const instructorCommands: Commands = {
  ...studentCommands,
  check: {
    description: 'Check this course: rubric, answer key, stub, handout, fixtures and the students’ copy.',
    load: async () => (await import('./authoring/check/check')).configureCheck,
  },
  new: {
    description:
      'Make another course package in a folder of its own, which uses this repository as its grader.',
    load: async () => (await import('./authoring/new/new')).configureNew,
  },
  'pack:grader': {
    description:
      'Make the grader one file that npm can install, for a course that has no clone of this repository beside it.',
    load: async () => (await import('./authoring/pack/pack')).configurePack,
  },
  generate: {
    description: 'Write everything that repeats rubric.yaml and solution/: stub, handout, fixtures, schemas.',
    load: async () => (await import('./authoring/generate/generate')).configureGenerate,
  },
  hints: {
    description:
      'Print the hints of each row, with their places; --all adds the wrong answers that get them, and whole texts.',
    load: async () => (await import('./authoring/print-hints')).configureHints,
  },
  release: {
    description:
      'Make the students’ repository, with no line of solution/ and no readable answer in it, and the bundles for other hosts. Checks run first, and nothing is released if one fails.',
    load: async () => (await import('./authoring/release/release')).configureRelease,
  },
  demo: {
    description:
      'Make a sample class (30 submissions, and one student who handed in nothing), grade it, and show where its page is.',
    load: async () => (await import('./authoring/demo/demo')).configureDemo,
  },
  'grade:class': {
    description:
      'Grade a class: official grades, gradebooks, feedback, and a page that shows what to teach next. Nothing that students wrote is run.',
    load: async () => (await import('./class/grade-class')).configureGradeClass,
  },
  'grading:page': {
    description:
      'Make the page in which staff grade a class without Node.js. It holds every answer, so it is for them alone.',
    load: async () => (await import('./grading-page/grading-page')).configureGradingPage,
  },
  'fetch:class': {
    description:
      'Fetch the repositories of an assignment from an organization on GitHub, into a folder that grade:class grades.',
    load: async () => (await import('./class/fetch')).configureFetchClass,
  },
  'feedback:post': {
    description:
      'Post a graded class’s feedback to the “Feedback” pull request or issue of each repository. Without --yes, only show what would be posted.',
    load: async () => (await import('./class/post')).configureFeedbackPost,
  },
};

/** Runs one of the instructor's commands; see `runCommand`. */
export function runInstructorCommand(args: readonly string[], context?: Partial<Context>): Promise<number> {
  return runCommand(instructorCommands, args, context);
}

/** The entry point that Node.js runs. */
export function main(): void {
  runProcess(instructorCommands, process.argv.slice(2));
}
